"""Lists of a small ledger that is known by heart.

invoice  customer  total         issued  due     what became of it
O-1      acme        100.00 EUR  Jan 5   Feb 4   nothing; a fee of 5.00 on Feb 10
O-2      acme        600.00 EUR  Jan 5   Jan 20  and Mar 20, in halves; the first half paid on Feb 1
D-1      acme        300.00 EUR  Jan 5   Jan 31  100.00 disputed from Feb 5 to 15
Q-1      bolt        200.00 USD  Jan 5   Jan 31  promised on Feb 5 for Feb 20, judged broken on Feb 21
P-1      bolt        500.00 USD  Jan 5   Jan 31  paid on Feb 10, known on Mar 10
W-1      bolt         50.00 USD  Jan 5   Jan 31  written off on Feb 12
V-1      kyoto     84,072 JPY    Jan 5   Jan 15  voided on Jan 12
L-1      kyoto     10,000 JPY    Jan 5   Jan 15  promised on Jan 12, a plan instead on Jan 14

R-1 is 300.00 EUR of acme for O-2; R-2 700.00 USD of bolt for P-1, of which 200.00 stay on account; R-3 7.00 EUR of whom
nobody knows, acme's from Feb 20; R-4 40.00 EUR of acme, gone back on Feb 15. CN-1 is a credit note of 9.00 EUR.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain import customer
from domain import invoice as invoices
from domain.entry import credit_note_stream
from domain.terms import Instalment
from infra.settings import Settings
from services.assembly import assemble
from services.catalogue.credit_notes import ISSUE as ISSUE_CREDIT_NOTE
from tests.services.conftest import SetClock
from tests.services.desk import Desk, ask_customer, give, set_contact_of

FEB_28 = date(2026, 2, 28)
BEFORE = datetime(2026, 3, 9, tzinfo=UTC)


def day(month, of_month):
    return date(2026, month, of_month)


def at(month, of_month):
    return datetime(2026, month, of_month, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def app(shared_database_url, tmp_path_factory):
    clock = SetClock(at(1, 5))
    settings = Settings(home=tmp_path_factory.mktemp("lists"))
    with assemble(settings, database_url=shared_database_url, clock=clock) as app:
        _write(Desk(app), clock)
        app.projector.catch_up()
        yield app


@pytest.fixture(scope="module")
def lists(app):
    return app.lists


def _write(desk, clock):
    app = desk.app
    for debtor, country, collector in (("acme", "DE", "ann"), ("bolt", "US", "bob"), ("kyoto", None, None)):
        asked = {"on": day(1, 5)}
        ask_customer(app, customer.register, debtor, country=country, **asked, cause=desk.cause())
        if collector:
            ask_customer(app, customer.assign_collector, debtor, collector=collector, **asked, cause=desk.cause())
    for debtor in ("acme", "bolt"):
        contact = {"name": f"{debtor.title()} & Co", "email": f"{debtor}@example.com"}
        set_contact_of(app, debtor, contact, on=day(1, 5), cause=desk.cause())
    desk.issue("O-1", 100_00, due_on=day(2, 4))
    desk.issue("O-2", 600_00, instalments=(Instalment(day(1, 20), 300_00), Instalment(day(3, 20), 300_00)))
    desk.issue("D-1", 300_00, due_on=day(1, 31))
    for number, minor in (("Q-1", 200_00), ("P-1", 500_00), ("W-1", 50_00)):
        desk.issue(number, minor, debtor="bolt", currency="USD", due_on=day(1, 31))
    desk.issue("V-1", 84072, debtor="kyoto", currency="JPY", due_on=day(1, 15))
    desk.issue("L-1", 10000, debtor="kyoto", currency="JPY", due_on=day(1, 15))
    clock.at = at(1, 14)
    desk.ask(invoices.void, "V-1", on=day(1, 12))
    desk.ask(invoices.promise, "L-1", on=day(1, 12), pay_on=day(1, 30))
    plan = (Instalment(day(3, 1), 4000), Instalment(day(4, 1), 6000))
    desk.ask(invoices.agree_plan, "L-1", on=day(1, 14), instalments=plan)
    clock.at = at(2, 21)
    desk.receive("R-1", 300_00, value_on=day(2, 1), customer="acme", invoices=("O-2",))
    desk.ask(invoices.dispute, "D-1", on=day(2, 5), reason_code="price", amount_minor=100_00)
    desk.ask(invoices.resolve, "D-1", on=day(2, 15), outcome="rejected")
    desk.ask(invoices.promise, "Q-1", on=day(2, 5), pay_on=day(2, 20))
    desk.ask(invoices.review_promise, "Q-1", on=day(2, 21))
    desk.ask(invoices.charge_fee, "O-1", on=day(2, 10), amount_minor=5_00, basis="agreed")
    desk.ask(invoices.write_off, "W-1", on=day(2, 12))
    desk.receive("R-3", 7_00, value_on=day(2, 10))
    desk.do("identify", "R-3", on=day(2, 20), customer="acme")
    desk.receive("R-4", 40_00, value_on=day(2, 10), customer="acme")
    desk.do("reverse", "R-4", on=day(2, 15))
    note = ISSUE_CREDIT_NOTE(customer="acme", amount_minor=9_00, currency="EUR", issued_on=day(2, 3))
    give(app, credit_note_stream("CN-1", "main"), note, on=day(2, 3), cause=desk.cause())
    clock.at = at(3, 10)
    desk.receive("R-2", 700_00, currency="USD", value_on=day(2, 10), customer="bolt", invoices=("P-1",))


def numbers(listing, key="number"):
    return [row[key] for row in listing.rows]


def row(listing, number, key="number"):
    [found] = [each for each in listing.rows if each[key] == number]
    return found


def test_by_default_every_invoice_on_which_something_is_open_is_listed(lists):
    assert numbers(lists.invoices(FEB_28)) == ["D-1", "O-1", "O-2", "Q-1", "L-1"]
