import pytest

from domain import customer
from domain import invoice as invoices
from services.assembly import App
from tests.services.conftest import app, clock, desk, refused, terminal
from tests.services.desk import JAN_12, Desk, ask_customer
from tests.services.terminal import Terminal

__all__ = ["app", "clock", "desk", "refused", "terminal"]


@pytest.fixture
def feeding(terminal: Terminal, kafka: str) -> Terminal:
    """The command line with a broker."""
    terminal.environment["RECEIVABLES_KAFKA"] = kafka
    return terminal


@pytest.fixture
def published(app: App, desk: Desk, feeding: Terminal) -> int:
    """Some business is on Kafka; how many facts it is."""
    ask_customer(app, customer.register, "acme", on=JAN_12, cause=desk.cause())
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 50_00, debtor="other")
    desk.ask(invoices.dispute, "R-1", reason_code="price", amount_minor=10_00)
    desk.receive("B-1", 60_00, invoices=["R-1"])
    return int(feeding.json("feed", "publish", "--once")["published"])
