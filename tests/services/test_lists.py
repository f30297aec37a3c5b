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
from tests.services.conftest import SetClock, keep_views
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
        keep_views(app)
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
    note = ISSUE_CREDIT_NOTE(customer="acme", amount_minor=9_00, currency="EUR")
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


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("open", ["D-1", "O-1", "O-2", "Q-1", "L-1"]),
        ("overdue", ["D-1", "O-1", "Q-1"]),
        ("disputed", []),
        ("promised", []),
        ("paid", ["P-1"]),
        ("written_off", ["W-1"]),
        ("voided", ["V-1"]),
        ("all", ["D-1", "O-1", "O-2", "P-1", "Q-1", "W-1", "V-1", "L-1"]),
    ],
)
def test_an_invoice_is_listed_under_whatever_is_true_of_it(lists, status, expected):
    assert numbers(lists.invoices(FEB_28, status=status)) == expected


def test_an_overdue_invoice_that_is_disputed_is_listed_as_both(lists):
    for status in ("overdue", "disputed", "open"):
        assert "D-1" in numbers(lists.invoices(day(2, 10), status=status))
    found = row(lists.invoices(day(2, 10)), "D-1")
    assert (found["status"], found["is_disputed"]) == ("disputed", True)
    assert row(lists.invoices(day(2, 15)), "D-1")["status"] == "overdue"


def test_an_invoice_is_promised_until_the_promise_is_judged(lists):
    on = [(2, 4), (2, 5), (2, 20), (2, 21)]
    assert [row(lists.invoices(day(*each)), "Q-1")["status"] for each in on] == [
        "overdue",
        "promised",
        "promised",
        "overdue",
    ]
    assert numbers(lists.invoices(day(2, 10), status="promised")) == ["Q-1"]


def test_a_plan_takes_the_place_of_a_promise(lists):
    assert [row(lists.invoices(day(1, each)), "L-1")["status"] for each in (11, 12, 13, 14)] == [
        "open",
        "promised",
        "promised",
        "open",
    ]


def test_a_row_says_what_was_invoiced_what_is_open_and_how_late_the_earliest_of_it_is(lists):
    assert row(lists.invoices(FEB_28), "O-2") == {
        "number": "O-2",
        "entity": "main",
        "customer": "acme",
        "currency": "EUR",
        "issued_on": "2026-01-05",
        "due_on": "2026-03-20",
        "total": "600.00",
        "open": "300.00",
        "days_past_due": 0,
        "is_disputed": False,
        "status": "open",
    }
    before = row(lists.invoices(day(1, 31)), "O-2")
    assert (before["due_on"], before["open"], before["days_past_due"]) == ("2026-01-20", "600.00", 11)


def test_a_charge_is_open_but_was_not_invoiced(lists):
    found = row(lists.invoices(FEB_28), "O-1")
    assert (found["total"], found["open"]) == ("100.00", "105.00")


def test_an_invoice_is_overdue_from_the_day_after_its_due_day(lists):
    found = [row(lists.invoices(day(2, each)), "O-1") for each in (4, 5)]
    assert [(each["status"], each["days_past_due"]) for each in found] == [("open", 0), ("overdue", 1)]


def test_nothing_is_past_due_of_what_is_settled_and_its_last_due_day_is_shown(lists):
    found = row(lists.invoices(FEB_28, status="all"), "P-1")
    assert (found["due_on"], found["open"], found["days_past_due"], found["status"]) == (
        "2026-01-31",
        "0.00",
        0,
        "paid",
    )


def test_before_it_was_voided_an_invoice_was_open_and_before_its_issue_it_was_not_there(lists):
    assert "V-1" in numbers(lists.invoices(day(1, 11)))
    assert "V-1" in numbers(lists.invoices(day(1, 12), status="voided"))
    assert numbers(lists.invoices(day(1, 4), status="all")) == []


def test_a_payment_that_was_not_known_yet_had_not_paid(lists):
    assert numbers(lists.invoices(FEB_28, BEFORE, status="paid")) == []
    assert row(lists.invoices(FEB_28, BEFORE), "P-1")["open"] == "500.00"


def test_a_list_is_narrowed_as_reports_are(lists, refused):
    assert numbers(lists.invoices(FEB_28, customer="bolt")) == ["Q-1"]
    assert numbers(lists.invoices(FEB_28, currency="JPY")) == ["L-1"]
    assert numbers(lists.invoices(FEB_28, collector="ann")) == ["D-1", "O-1", "O-2"]
    assert numbers(lists.invoices(FEB_28, collector="ann", customer="bolt")) == []
    assert numbers(lists.invoices(FEB_28, entity="main", customer="acme")) == ["D-1", "O-1", "O-2"]
    for code, asked in (
        ("unknown_entity", {"entity": "nirgends"}),
        ("not_registered", {"customer": "nobody"}),
        ("unknown_currency", {"currency": "EURO"}),
        ("unknown_status", {"status": "late"}),
    ):
        with refused(code):
            lists.invoices(FEB_28, **asked)
    with refused("not_yet"):
        lists.invoices(FEB_28, at(3, 10) + timedelta(days=1))


@pytest.mark.parametrize("known_at", [None, BEFORE, at(2, 21)])
@pytest.mark.parametrize("as_of", [day(1, 5), day(1, 12), day(1, 14), day(2, 1), day(2, 10), FEB_28, day(4, 2)])
def test_what_is_open_and_overdue_on_the_list_is_what_aging_says(app, as_of, known_at):
    listing = app.lists.invoices(as_of, known_at)
    opens = sum(Decimal(each["open"]) for each in listing.rows if each["currency"] == "EUR")
    aging = app.reports.aging(as_of, known_at)
    [total] = [each for each in aging["totals"] if each["currency"] == "EUR"]
    [listed] = [each for each in listing.totals.answer() if each["currency"] == "EUR"]
    overdue = sum(Decimal(bucket["open"]) for bucket in total["buckets"][1:])
    assert (opens, listed["open"]) == (Decimal(total["open"]), total["open"])
    assert (Decimal(listed["overdue"]), listed["disputed"]) == (overdue, total["disputed"])
    assert listing.head["position"] == aging["position"]


def test_what_is_recorded_while_a_list_is_read_changes_nothing_on_it(database_url, tmp_path):
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=SetClock(at(1, 5))) as app:
        keep_views(app)
        desk = Desk(app)
        for number in range(30):
            desk.issue(f"A-{number}", 100_00, debtor=f"C{number:02}", due_on=day(1, 20))
        listing = app.lists.invoices(day(2, 1))
        first = next(listing.rows)
        desk.issue("late", 100_00, debtor="C29", due_on=day(1, 20))
        desk.receive("R-1", 100_00, value_on=day(1, 6), customer="C28", invoices=("A-28",))
        assert numbers(listing) == [f"A-{number}" for number in range(1, 30)]
        assert first["number"] == "A-0"
        assert app.lists.invoices(day(2, 1)).whole()["totals"][0]["open"] == "3000.00"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("unapplied", [("CN-1", "unapplied"), ("R-3", "unapplied"), ("R-2", "unapplied")]),
        ("unidentified", []),
        ("applied", [("R-1", "applied")]),
        ("reversed", [("R-4", "reversed")]),
        (
            "all",
            [
                ("R-1", "applied"),
                ("CN-1", "unapplied"),
                ("R-3", "unapplied"),
                ("R-4", "reversed"),
                ("R-2", "unapplied"),
            ],
        ),
    ],
)
def test_a_receipt_is_applied_only_when_nothing_is_left_of_it(lists, status, expected):
    rows = lists.receipts(FEB_28, status=status).rows
    assert [(each["receipt"], each["status"]) for each in rows] == expected


def test_money_is_unidentified_until_the_day_from_which_it_is_somebodys(lists):
    before = lists.receipts(day(2, 19), status="unidentified")
    assert [(each["receipt"], each["customer"]) for each in before.rows] == [("R-3", None)]
    assert numbers(lists.receipts(day(2, 19)), "receipt") == ["R-3", "CN-1", "R-2"]


def test_a_receipt_says_what_came_and_what_is_left(lists):
    assert row(lists.receipts(FEB_28, customer="bolt"), "R-2", "receipt") == {
        "receipt": "R-2",
        "kind": "receipt",
        "entity": "main",
        "customer": "bolt",
        "currency": "USD",
        "value_on": "2026-02-10",
        "amount": "700.00",
        "unallocated": "200.00",
        "status": "unapplied",
    }
    assert row(lists.receipts(FEB_28), "CN-1", "receipt")["kind"] == "credit_note"


@pytest.mark.parametrize("known_at", [None, BEFORE])
@pytest.mark.parametrize("as_of", [day(2, 2), day(2, 10), day(2, 14), day(2, 15), FEB_28])
def test_what_is_unallocated_on_the_list_is_what_aging_has_on_account(app, as_of, known_at):
    listed = app.lists.receipts(as_of, known_at).whole()["totals"]
    aging = app.reports.aging(as_of, known_at)["totals"]
    unapplied = {each["currency"]: each["unapplied"] for each in aging if Decimal(each["unapplied"])}
    assert {each["currency"]: each["unallocated"] for each in listed} == unapplied
