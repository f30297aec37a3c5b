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
nobody knows, acme's from Feb 20; R-4 40.00 EUR of acme for what is oldest, gone back on Feb 15. CN-1 is a credit note
of 9.00 EUR on account.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain import customer
from domain import invoice as invoices
from domain.entry import credit_note_stream
from domain.terms import Instalment, Share
from infra.settings import Settings
from projections.open_items import invoice_list, receipt_list
from services import report_sheets
from services.assembly import assemble
from services.catalogue.credit_notes import ISSUE as ISSUE_CREDIT_NOTE
from tests.services.conftest import SetClock, keep_views
from tests.services.desk import Desk, ask_customer, erase_customer, give, set_contact_of

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


def test_until_it_goes_back_money_is_applied(lists):
    assert row(lists.receipts(day(2, 14), status="applied"), "R-4", "receipt")["status"] == "applied"
    assert numbers(lists.receipts(day(2, 14), status="reversed"), "receipt") == []


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


def test_for_what_is_on_account_no_customer_of_whom_only_open_invoices_are_known_is_looked_at(database_url, tmp_path):
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=SetClock(at(1, 20))) as app:
        keep_views(app)
        desk = Desk(app)
        for debtor in ("acme", "bolt", "cole"):
            desk.issue(f"{debtor}-1", 100_00, debtor=debtor)
        desk.receive("R-1", 107_00, value_on=day(1, 10), customer="bolt")
        app.projector.catch_up()
        with app.lists._snapshots.at(None, "open_items") as (_, ask):
            [found, every] = ask(receipt_list.customers_after("", 10), invoice_list.customers_after("", 10))
        assert ([each for (each,) in found], len(every)) == (["bolt"], 3)
        assert numbers(app.lists.receipts(FEB_28), "receipt") == ["R-1"]


@pytest.mark.parametrize("known_at", [None, BEFORE])
@pytest.mark.parametrize("as_of", [day(2, 2), day(2, 10), day(2, 14), day(2, 15), FEB_28])
def test_what_is_unallocated_on_the_list_is_what_aging_has_on_account(app, as_of, known_at):
    listed = app.lists.receipts(as_of, known_at).whole()["totals"]
    aging = app.reports.aging(as_of, known_at)["totals"]
    unapplied = {each["currency"]: each["unapplied"] for each in aging if Decimal(each["unapplied"])}
    assert {each["currency"]: each["unallocated"] for each in listed} == unapplied


def test_a_customer_has_a_row_for_each_currency_they_owe_in_or_have_a_limit_in(app, lists, desk_of_customers):
    rows = {(each["customer"], each["currency"]): each for each in lists.customers(FEB_28).rows}
    assert [*rows] == [("acme", "EUR"), ("acme", "USD"), ("bolt", "USD"), ("calm", None), ("kyoto", "JPY")]
    assert rows["acme", "EUR"] == {
        "customer": "acme",
        "country": "DE",
        "currency": "EUR",
        "open": "705.00",
        "overdue": "405.00",
        "unapplied": "16.00",
        "limit": "700.00",
        "headroom": "-5.00",
        "is_on_hold": True,
        "holds": [{"scope": "orders", "since": "2026-02-14"}],
        "collector": "ann",
        "terms": None,
    }
    assert (rows["acme", "USD"]["open"], rows["acme", "USD"]["limit"]) == ("0.00", "50.00")
    assert (rows["calm", None]["open"], rows["calm", None]["limit"], rows["calm", None]["terms"]) == (
        None,
        None,
        "net 14",
    )


@pytest.fixture(scope="module")
def desk_of_customers(app):
    """What is agreed with customers beside their invoices."""
    desk = Desk(app, "customers")

    def said(decision, number, on, **asked):
        ask_customer(app, decision, number, on=on, cause=desk.cause(), **asked)

    said(customer.register, "calm", day(1, 5))
    said(customer.agree_terms, "calm", day(1, 5), schedule=(Share(14, 10_000),))
    said(customer.set_limit, "acme", day(1, 5), amount_minor=900_00, currency="EUR")
    said(customer.set_limit, "acme", day(2, 1), amount_minor=700_00, currency="EUR")
    said(customer.set_limit, "acme", day(2, 1), amount_minor=50_00, currency="USD", until=day(3, 1))
    said(customer.hold, "acme", day(2, 14), scope="orders")
    said(customer.hold, "bolt", day(2, 14), scope="orders")
    said(customer.release, "bolt", day(2, 20), scope="orders")
    app.projector.catch_up()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"on_hold": True}, {"acme"}),
        ({"over_limit": True}, {"acme"}),
        ({"collector": "bob"}, {"bolt"}),
        ({"country": "DE"}, {"acme"}),
        ({"country": "DE", "collector": "bob"}, set()),
        ({}, {"acme", "bolt", "calm", "kyoto"}),
    ],
)
def test_customers_are_found_by_what_held_of_them(lists, desk_of_customers, asked, expected):
    assert set(numbers(lists.customers(FEB_28, **asked), "customer")) == expected


def test_limits_and_holds_are_those_of_the_day(lists, desk_of_customers):
    def of_acme(as_of, known_at=None):
        rows = [each for each in lists.customers(as_of, known_at).rows if each["customer"] == "acme"]
        return [(each["currency"], each["limit"], each["is_on_hold"]) for each in rows]

    assert of_acme(day(1, 31)) == [("EUR", "900.00", False)]
    assert of_acme(day(2, 13)) == [("EUR", "700.00", False), ("USD", "50.00", False)]
    assert of_acme(day(3, 1)) == [("EUR", "700.00", True), ("USD", "50.00", True)]
    assert of_acme(day(3, 2)) == [("EUR", "700.00", True)]
    assert of_acme(FEB_28, at(2, 21)) == [("EUR", None, False)]
    assert set(numbers(lists.customers(day(2, 19), on_hold=True), "customer")) == {"acme", "bolt"}


def test_what_customers_owe_on_the_list_is_what_aging_says(app, lists, desk_of_customers):
    for as_of, known_at in ((FEB_28, None), (day(1, 31), None), (FEB_28, BEFORE)):
        listed = lists.customers(as_of, known_at).whole()["totals"]
        aging = app.reports.aging(as_of, known_at)["totals"]
        shown = {each["currency"]: (each["open"], each["unapplied"]) for each in aging}
        assert {
            each["currency"]: (each["open"], each["unapplied"]) for each in listed if each["open"] != "0.00"
        } == shown


def test_names_stand_beside_numbers_and_that_they_were_shown_is_on_record_once(app, lists):
    before = len(app.disclosures.select(limit=50))
    found = lists.invoices(FEB_28, names=True).whole()["rows"]
    assert {each["customer"]: each["name"] for each in found} == {
        "acme": "Acme & Co",
        "bolt": "Bolt & Co",
        "kyoto": "",
    }
    assert [*found[0]][:4] == ["number", "entity", "customer", "name"]
    [disclosed, *_] = app.disclosures.select()
    assert len(app.disclosures.select()) == before + 1
    assert (disclosed.purpose, disclosed.data, disclosed.subjects) == ("invoice list", ["contact"], ["acme", "bolt"])


def test_only_of_those_on_the_list_names_are_shown(app, lists):
    [found] = lists.invoices(FEB_28, customer="bolt", names=True).rows
    assert found["name"] == "Bolt & Co"
    assert app.disclosures.select()[0].subjects == ["bolt"]


def test_without_being_asked_for_no_name_is_shown_and_nothing_recorded(app, lists):
    before = app.disclosures.select()
    for listing in (lists.invoices(FEB_28), lists.receipts(FEB_28), lists.customers(FEB_28)):
        assert all("name" not in each for each in listing.rows)
    assert app.disclosures.select() == before


def test_money_of_payers_nobody_knows_has_no_name(lists):
    found = {each["receipt"]: each["name"] for each in lists.receipts(day(2, 14), names=True).rows}
    assert found == {"R-3": "", "CN-1": "Acme & Co", "R-2": "Bolt & Co"}


def test_names_are_put_beside_the_customers_of_any_report(app):
    rows = app.names.beside("aging", app.reports.aging(day(2, 14))["rows"])
    assert [(each["customer"], each["name"]) for each in rows] == [
        (None, ""),
        ("acme", "Acme & Co"),
        ("bolt", "Bolt & Co"),
        ("kyoto", ""),
    ]
    assert [*rows[1]][:3] == ["customer", "name", "currency"]


def test_of_an_erased_customer_it_is_said_that_the_name_is_gone(database_url, tmp_path):
    clock = SetClock(at(1, 5))
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        keep_views(app)
        desk = Desk(app)
        desk.issue("A-1", 100_00, due_on=day(1, 20))
        set_contact_of(app, "acme", {"name": "Acme & Co"}, on=day(1, 5), cause=desk.cause())
        desk.receive("R-1", 100_00, customer="acme", invoices=("A-1",))
        clock.at = datetime(2040, 1, 1, tzinfo=UTC)
        erase_customer(app, "acme", on=date(2040, 1, 1), cause=desk.cause(reason="asked for"))
        [found] = app.lists.invoices(date(2040, 1, 1), status="paid", names=True).rows
        assert found["name"] == "(erased)"


def test_a_report_of_a_day_to_come_says_that_it_assumes_no_payments(app):
    assumed = {"assumes": "no payments after 2026-03-10"}
    for ask in (
        app.reports.aging,
        lambda on: app.reports.items(on, customer="acme"),
        app.risk.risk,
        app.risk.forecast,
        app.risk.provisions,
        app.metrics.metrics,
        lambda on: app.lists.invoices(on).whole(),
        lambda on: app.lists.receipts(on).whole(),
        lambda on: app.lists.customers(on).whole(),
    ):
        assert assumed.items() <= ask(day(3, 11)).items()
        assert "assumes" not in ask(day(3, 10))
    sheet = report_sheets.aging_sheet(app.reports.aging(day(3, 11)))
    assert "Assumes no payments after 2026-03-10." in sheet.notes


def test_a_customer_is_shown_as_they_were_on_a_day(app, desk_of_customers, refused):
    shown = app.customers.show("acme", day(2, 10))
    assert (shown["as_of"], shown["known_at"], shown["collector"], shown["holds"]) == ("2026-02-10", None, "ann", [])
    assert shown["limit"]["amount"] == "50.00"
    assert app.customers.show("acme", day(2, 14))["holds"] == ["orders"]
    [owed] = shown["owed"]
    assert (owed["open"], owed["disputed"], owed["unapplied"], owed["items"]) == ("665.00", "100.00", "9.00", 4)
    known_then = app.customers.show("acme", day(2, 10), at(1, 6))
    assert (known_then["owed"][0]["open"], known_then["limit"]) == ("1000.00", None)
    assert "as_of" not in app.customers.show("acme")
    with refused("not_registered"):
        app.customers.show("nobody", day(2, 10))
    with refused("not_registered"):
        app.customers.show("calm", day(2, 10), at(2, 21))
    with refused("not_yet"):
        app.customers.show("acme", day(2, 10), at(3, 12))


def test_a_contact_that_was_set_later_was_not_there_on_a_day_before(app):
    assert app.customers.show("acme", day(1, 5))["contact"]["name"] == "Acme & Co"
    assert app.customers.show("acme", day(1, 4))["contact"] is None


def test_a_receipt_is_shown_as_it_was_on_a_day(app, refused):
    before, after = (app.receipts.show("R-4", day(2, each)) for each in (14, 15))
    assert [(len(each["allocations"]), each["is_reversed"]) for each in (before, after)] == [(1, False), (0, True)]
    assert (before["as_of"], before["known_at"]) == ("2026-02-14", None)
    identified = [app.receipts.show("R-3", day(2, each))["customer"] for each in (19, 20)]
    assert identified == [None, "acme"]
    assert app.receipts.show("R-2")["allocations"] and "as_of" not in app.receipts.show("R-2")
    for asked in ((day(2, 9), None), (None, BEFORE), (FEB_28, BEFORE)):
        with refused("not_received"):
            app.receipts.show("R-2", *asked)
