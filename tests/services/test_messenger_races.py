"""Money racing a message: whatever is recorded first, no message leaves after its invoice was paid."""

from threading import Barrier, Thread
from time import sleep

import pytest

from domain.contact.facts import HandedOver
from domain.invoice.facts import Paid
from infra.clock import seeded
from infra.settings import Settings
from services.assembly import assemble
from tests.services.conftest import keep_views
from tests.services.desk import Desk, set_contact_of
from tests.services.post import DUE, TODAY, PlainWriter, Tray, plan, state_of

ROUNDS = 100


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def house(database_url, tmp_path, clock, tray):
    """Two programs on one ledger: in one the messenger works, in the other money is booked."""
    writer = PlainWriter()
    with (
        assemble(
            Settings(home=tmp_path), database_url=database_url, clock=clock, transport=tray, writer=writer
        ) as messenger,
        assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as bank,
    ):
        writer.app = messenger
        keep_views(messenger)
        yield messenger, bank


@pytest.mark.parametrize("programs", ["two", "one"])
def test_no_message_is_handed_over_after_its_invoice_was_paid(house, tray, programs):
    app, other = house if programs == "two" else (house[0], house[0])
    desk, dice = Desk(app), seeded(7)
    bank = Desk(other, "bank")
    set_up(app, desk)
    delay = 0.01
    for number in range(ROUNDS):
        stream = race(app, bank, number, delay * (0.5 + dice.random()))
        # Who came first begins a little later next time, so that it is close on any machine.
        delay *= 0.8 if state_of(app, stream).handed_over else 1.25
    recorded = app.ledger.entries(0, 100_000)
    paid_at = {entry.stream: entry.position for entry in recorded if isinstance(entry.fact, Paid)}
    handed = [entry for entry in recorded if isinstance(entry.fact, HandedOver)]
    assert len(paid_at) == ROUNDS
    for entry in handed:
        for invoice in entry.fact.invoices:
            assert entry.position < paid_at[invoice], "a message left after the money had come"
    assert len(tray.taken) == len(handed)
    # Or nothing was raced at all.
    assert 0 < len(handed) < ROUNDS


def set_up(app, desk):
    for number in range(ROUNDS):
        desk.issue(f"R-{number}", 50_00, due_on=DUE)
    set_contact_of(app, "acme", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
    app.bring_views_up_to_date()


def race(app, bank, number, delay):
    stream = plan(app, f"R-{number}", nth=number + 1)
    app.bring_views_up_to_date()
    start = Barrier(2)

    def pay():
        start.wait()
        sleep(delay)
        bank.receive(f"B-{number}", 50_00, customer="acme", invoices=[f"R-{number}"])

    def hand_over():
        start.wait()
        app.messenger.run_once(TODAY)

    threads = [Thread(target=pay), Thread(target=hand_over)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return stream
