"""The reports on a small book that is known by heart.

invoice  customer  entity  total         issued  due             what became of it
A-1      acme      main    1,000.00 EUR  Jan 5   Jan 20          400.00 paid on Jan 20; 100.00 on Feb 1, known on Mar 10
A-2      acme      main      600.00 EUR  Jan 5   Feb 20, Mar 20  in halves
N-1      acme      north     250.00 EUR  Jan 5   Jan 10
B-1      bolt      main      500.00 USD  Jan 5   Jan 31          all of it disputed from Feb 5 to 15
C-1      bolt      main      100.00 USD  Jan 5   Jan 31          130.00 paid on Feb 10
K-1      kyoto     main      84,072 JPY  Jan 5   Jan 15          paid on Feb 10

And on Feb 10 there came 7.00 EUR of which nobody knows from whom.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain import customer
from domain import invoice as invoices
from domain.terms import Instalment
from infra.settings import Settings
from services import report_sheets
from services.assembly import assemble
from services.reports import DIMENSIONS
from tests.services.conftest import SetClock
from tests.services.desk import Desk, ask_customer

FEB_28, MAR_10 = date(2026, 2, 28), date(2026, 3, 10)
BEFORE, AFTER = datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, 9, tzinfo=UTC)

DUE = {
    "A-1": [("EUR", date(2026, 1, 20), 1000)],
    "A-2": [("EUR", date(2026, 2, 20), 300), ("EUR", date(2026, 3, 20), 300)],
    "N-1": [("EUR", date(2026, 1, 10), 250)],
    "B-1": [("USD", date(2026, 1, 31), 500)],
    "C-1": [("USD", date(2026, 1, 31), 100)],
    "K-1": [("JPY", date(2026, 1, 15), 84072)],
}
PAID = [
    ("A-1", date(2026, 1, 20), 400),
    ("A-1", date(2026, 2, 1), 100),
    ("C-1", date(2026, 2, 10), 100),
    ("K-1", date(2026, 2, 10), 84072),
]


def day(month, of_month):
    return date(2026, month, of_month)


def at(month, of_month):
    return datetime(2026, month, of_month, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def app(shared_database_url, tmp_path_factory):
    clock = SetClock(at(1, 5))
    settings = Settings(home=tmp_path_factory.mktemp("reports"))
    with assemble(settings, database_url=shared_database_url, clock=clock) as app:
        _write(Desk(app), clock)
        app.projector.catch_up()
        yield app


@pytest.fixture(scope="module")
def reports(app):
    return app.reports


def _write(desk, clock):
    for debtor, country, collector in (("acme", "DE", "ann"), ("bolt", "US", "bob"), ("kyoto", None, None)):
        asked = {"on": day(1, 5), "cause": desk.cause()}
        ask_customer(desk.app, customer.register, debtor, country=country, **asked)
        if collector:
            ask_customer(
                desk.app, customer.assign_collector, debtor, collector=collector, **asked | {"cause": desk.cause()}
            )
    desk.issue("A-1", 1000_00, due_on=day(1, 20), document_on=day(1, 2))
    desk.issue("A-2", 600_00, instalments=(Instalment(day(2, 20), 300_00), Instalment(day(3, 20), 300_00)))
    desk.issue("N-1", 250_00, entity="north", due_on=day(1, 10))
    desk.issue("B-1", 500_00, debtor="bolt", currency="USD", due_on=day(1, 31))
    desk.issue("C-1", 100_00, debtor="bolt", currency="USD", due_on=day(1, 31))
    desk.issue("K-1", 84072, debtor="kyoto", currency="JPY", due_on=day(1, 15))
    clock.at = at(1, 20)
    desk.receive("P-1", 400_00, invoices=("A-1",))
    clock.at = at(2, 5)
    desk.ask(invoices.dispute, "B-1", on=day(2, 5), reason_code="quality")
    clock.at = at(2, 10)
    desk.receive("P-2", 130_00, currency="USD", value_on=day(2, 10), invoices=("C-1",))
    desk.receive("P-3", 84072, currency="JPY", value_on=day(2, 10), invoices=("K-1",))
    desk.receive("P-4", 7_00, value_on=day(2, 10))
    clock.at = at(2, 15)
    desk.ask(invoices.resolve, "B-1", on=day(2, 15), outcome="rejected")
    clock.at = at(3, 10)
    desk.receive("P-5", 100_00, value_on=day(2, 1), invoices=("A-1",))


def plainly(as_of, paid=PAID):
    """The open items by currency, counted from the table above: what is paid goes to the earliest due."""
    found = defaultdict(list)
    for number, dues in DUE.items() if as_of >= day(1, 5) else ():
        left = sum(amount for named, on, amount in paid if named == number and on <= as_of)
        for currency, _, amount in dues:
            taken = min(left, amount)
            left -= taken
            if amount > taken:
                found[currency].append(amount - taken)
    return found


def total(report, currency):
    [found] = [each for each in report["totals"] if each["currency"] == currency]
    return found


def test_the_json_of_aging_has_the_keys_that_programs_expect(reports):
    report = reports.aging(FEB_28)
    assert list(report) == ["as_of", "known_at", "position", "basis", "by", "buckets", "totals", "rows"]
    assert (report["as_of"], report["basis"], report["position"]) == ("2026-02-28", "due_on", 26)
    assert report["known_at"] == "2026-03-10T09:00:00Z"
    assert total(report, "USD") == {
        "currency": "USD",
        "open": "500.00",
        "items": 1,
        "unapplied": "30.00",
        "disputed": "0.00",
        "factored": "0.00",
        "buckets": [
            {"name": "not_due", "open": "0.00", "items": 0},
            {"name": "1-30", "open": "500.00", "items": 1},
            {"name": "31-60", "open": "0.00", "items": 0},
            {"name": "61-90", "open": "0.00", "items": 0},
            {"name": "over_90", "open": "0.00", "items": 0},
        ],
    }
    assert [row for row in report["rows"] if row["customer"] == "bolt"] == [
        {
            "customer": "bolt",
            "currency": "USD",
            "open": "500.00",
            "items": 1,
            "unapplied": "30.00",
            "disputed": "0.00",
            "factored": "0.00",
            "buckets": ["0.00", "500.00", "0.00", "0.00", "0.00"],
        }
    ]


@pytest.mark.parametrize("by", DIMENSIONS)
def test_by_whatever_it_is_asked_the_rows_add_up_to_the_totals(reports, by):
    report = reports.aging(FEB_28, by=by)
    assert len(report["totals"]) == 2 or by == "currency"
    for each in report["totals"]:
        rows = [row for row in report["rows"] if row["currency"] == each["currency"]]
        assert all(by in row for row in rows)
        for name in ("open", "unapplied", "disputed", "factored"):
            assert sum(Decimal(row[name]) for row in rows) == Decimal(each[name])
        assert sum(row["items"] for row in rows) == each["items"]
        by_bucket = zip(*(map(Decimal, row["buckets"]) for row in rows), strict=True)
        assert [sum(amounts) for amounts in by_bucket] == [Decimal(bucket["open"]) for bucket in each["buckets"]]
        assert sum(Decimal(bucket["open"]) for bucket in each["buckets"]) == Decimal(each["open"])


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("customer", {"acme", "bolt", None}),
        ("entity", {"main", "north"}),
        ("collector", {"ann", "bob", "none"}),
        ("country", {"DE", "US", "none"}),
    ],
)
def test_each_row_is_one_of_what_was_asked_by(reports, by, groups):
    assert {row[by] for row in reports.aging(FEB_28, by=by)["rows"]} == groups


@pytest.mark.parametrize(
    "as_of",
    [day(1, 4), day(1, 5), day(1, 10), day(1, 19), day(1, 20), day(1, 21), day(2, 1), day(2, 10), FEB_28, day(9, 1)],
)
def test_on_any_day_the_totals_are_those_counted_by_hand(reports, as_of):
    expected = {currency: (sum(items), len(items)) for currency, items in plainly(as_of).items()}
    shown = {each["currency"]: (Decimal(each["open"]), each["items"]) for each in reports.aging(as_of)["totals"]}
    assert {currency: each for currency, each in shown.items() if each[1]} == expected


def test_an_item_is_overdue_from_the_day_after_its_due_day(reports):
    open_on_its_day, open_a_day_later = (
        [bucket["open"] for bucket in total(reports.aging(on, entity="north"), "EUR")["buckets"]][:2]
        for on in (day(1, 10), day(1, 11))
    )
    assert (open_on_its_day, open_a_day_later) == (["250.00", "0.00"], ["0.00", "250.00"])


def test_what_was_booked_late_counts_for_its_day_only_since_it_is_known(reports):
    before, after = (reports.aging(FEB_28, known, customer="acme", entity="main") for known in (BEFORE, AFTER))
    assert [total(each, "EUR")["open"] for each in (before, after)] == ["1200.00", "1100.00"]
    assert (before["known_at"], before["position"]) == ("2026-03-09T00:00:00Z", 23)


def test_a_restatement_adds_up_to_the_difference_of_the_two_agings(reports):
    told = reports.restatement(FEB_28, BEFORE, AFTER)
    assert told["totals"] == [{"currency": "EUR", "difference": "-100.00"}]
    [fact] = told["facts"]
    assert (fact["stream"], fact["name"], fact["effective_on"]) == (
        "invoice:main:A-1",
        "invoice.partially_paid",
        "2026-02-01",
    )
    assert (fact["difference"], fact["recorded_at"]) == ("-100.00", "2026-03-10T09:00:00Z")
    opens = [Decimal(total(reports.aging(FEB_28, known), "EUR")["open"]) for known in (BEFORE, AFTER)]
    assert opens[1] - opens[0] == Decimal(told["totals"][0]["difference"])


def test_of_two_instants_the_earlier_is_named_first(reports, refused):
    with refused("bad_period"):
        reports.restatement(FEB_28, AFTER, BEFORE)


def test_nobody_is_told_what_will_be_known_at_an_instant_still_to_come(app, refused):
    soon = AFTER + timedelta(microseconds=1)
    for ask in (
        lambda: app.reports.aging(FEB_28, soon),
        lambda: app.reports.items(FEB_28, soon, customer="acme"),
        lambda: app.reports.restatement(FEB_28, BEFORE, soon),
        lambda: app.risk.risk(FEB_28, soon),
        lambda: app.metrics.metrics(FEB_28, known_at=soon),
        lambda: app.audit.state("A-1", as_of=FEB_28, known_at=soon),
    ):
        with refused("not_yet"):
            ask()


@pytest.mark.parametrize("gap", [timedelta(microseconds=1), timedelta(microseconds=999_999), timedelta(seconds=1)])
def test_asking_again_with_the_printed_instant_gives_the_same_answer(database_url, tmp_path, gap):
    clock = SetClock(at(1, 5) + timedelta(microseconds=250_000))
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        desk, printed = Desk(app), []
        for number in range(4):
            desk.issue(f"A-{number}", 100_00, due_on=day(1, 20))
            app.projector.catch_up()
            printed.append(app.reports.aging(FEB_28))
            clock.at += gap
        assert [total(each, "EUR")["items"] for each in printed] == [1, 2, 3, 4]
        for told in printed:
            assert app.reports.aging(FEB_28, datetime.fromisoformat(told["known_at"])) == told


def test_what_views_have_not_read_yet_was_recorded_after_the_instant_they_answer_for(database_url, tmp_path):
    clock = SetClock(at(1, 5))
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        desk = Desk(app)
        desk.issue("A-1", 100_00, due_on=day(1, 20))
        app.projector.catch_up()
        clock.at = at(1, 6)
        desk.issue("A-2", 100_00, due_on=day(1, 20))
        clock.at = at(1, 7)
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        told = app.reports.aging(FEB_28)
        assert (told["known_at"], told["position"]) == ("2026-01-06T08:59:59.999999Z", 2)
        app.projector.catch_up()
        assert app.reports.aging(FEB_28, datetime.fromisoformat(told["known_at"])) == told


def test_each_instalment_that_a_late_fact_changed_has_a_line_with_its_number(database_url, tmp_path):
    clock = SetClock(at(1, 5))
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        desk = Desk(app)
        desk.issue("A-2", 600_00, instalments=(Instalment(day(2, 20), 300_00), Instalment(day(3, 20), 300_00)))
        known = clock.at = at(3, 10)
        clock.pass_by(days=1)
        desk.receive("P-1", 600_00, value_on=day(2, 1), invoices=("A-2",))
        app.projector.catch_up()
        told = app.reports.restatement(FEB_28, known)
    assert [(fact["item"], fact["difference"]) for fact in told["facts"]] == [(1, "-300.00"), (2, "-300.00")]
    sheet = report_sheets.restatement_sheet(told)
    item = [column.title for column in sheet.columns].index("Item")
    assert [row[item] for row in sheet.rows] == ["1", "2"]


def test_nothing_is_restated_when_nothing_was_learnt(reports):
    told = reports.restatement(day(1, 31), BEFORE, BEFORE)
    assert (told["totals"], told["facts"]) == ([], [])


def test_on_the_ladder_the_days_of_a_dispute_about_all_of_an_item_do_not_count(reports):
    report = reports.items(FEB_28, customer="bolt")
    assert report["items"] == [
        {
            "number": "B-1",
            "item": 1,
            "kind": "principal",
            "entity": "main",
            "currency": "USD",
            "issued_on": "2026-01-05",
            "due_on": "2026-01-31",
            "original": "500.00",
            "open": "500.00",
            "disputed": "0.00",
            "is_factored": False,
            "days_past_due": 28,
            "ladder_age": 18,
        }
    ]
    [disputed] = reports.items(day(2, 10), customer="bolt")["items"]
    assert (disputed["disputed"], disputed["days_past_due"], disputed["ladder_age"]) == ("500.00", 10, 4)


def test_items_are_the_open_ones_of_that_day_with_their_own_due_days(reports):
    items = reports.items(FEB_28, customer="acme", entity="main")["items"]
    assert [(each["number"], each["item"], each["open"], each["days_past_due"]) for each in items] == [
        ("A-1", 1, "500.00", 39),
        ("A-2", 1, "300.00", 8),
        ("A-2", 2, "300.00", 0),
    ]


@pytest.mark.parametrize(
    ("basis", "buckets"),
    [
        ("due_on", ["300.00", "300.00", "500.00", "0.00", "0.00"]),
        ("issued_on", ["0.00", "0.00", "1100.00", "0.00", "0.00"]),
        ("document_on", ["0.00", "0.00", "1100.00", "0.00", "0.00"]),
    ],
)
def test_age_is_counted_from_the_day_that_is_asked_for(reports, basis, buckets):
    report = reports.aging(FEB_28, basis=basis, customer="acme", entity="main")
    assert [row["buckets"] for row in report["rows"]] == [buckets]


def test_one_day_apart_the_day_on_the_document_makes_the_bucket(reports):
    found = [
        reports.aging(day(2, 2), basis=basis, customer="acme", entity="main") for basis in ("issued_on", "document_on")
    ]
    assert [[bucket["open"] for bucket in total(each, "EUR")["buckets"]][1:3] for each in found] == [
        ["1100.00", "0.00"],
        ["600.00", "500.00"],
    ]


def test_a_report_can_be_narrowed_to_an_entity_and_a_currency(reports):
    assert {row["customer"] for row in reports.aging(FEB_28, entity="north")["rows"]} == {"acme"}
    assert [each["currency"] for each in reports.aging(FEB_28, currency="USD")["totals"]] == ["USD"]
    assert reports.aging(FEB_28, currency="SEK")["totals"] == []


def test_a_second_total_takes_dated_rates_and_shows_them(app, tmp_path, shared_database_url):
    rates = tmp_path / "rates.csv"
    rates.write_text("date,from,to,rate\n2026-02-27,USD,EUR,0.8\n2026-03-05,USD,EUR,0.9\n")
    settings = Settings(home=tmp_path, rates_file=rates, reporting_currency="EUR")
    with assemble(settings, database_url=shared_database_url, clock=lambda: at(3, 12)) as other:
        told = other.reports.aging(FEB_28)
        assert told["reporting"] == {
            "currency": "EUR",
            "open": "1750.00",
            "rates": [{"from": "USD", "to": "EUR", "rate": "0.8", "on": "2026-02-27"}],
            "missing_rates": [],
        }
        assert other.reports.aging(day(1, 31))["reporting"]["missing_rates"] == ["JPY", "USD"]
        assert "reporting" not in app.reports.aging(FEB_28)


def test_buckets_are_a_setting(tmp_path, app, shared_database_url):
    settings = Settings(home=tmp_path, buckets=(7, 14))
    with assemble(settings, database_url=shared_database_url, clock=lambda: at(3, 12)) as other:
        report = other.reports.aging(FEB_28, currency="USD")
    assert report["buckets"] == ["not_due", "1-7", "8-14", "over_14"]
    assert report["rows"][0]["buckets"] == ["0.00", "0.00", "0.00", "500.00"]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("unknown_dimension", {"by": "moon"}),
        ("unknown_basis", {"basis": "paid_on"}),
    ],
)
def test_what_no_report_is_about_is_refused(reports, refused, code, asked):
    with refused(code):
        reports.aging(FEB_28, **asked)


@pytest.mark.parametrize(
    ("code", "mistyped"),
    [
        ("not_registered", {"customer": "acne"}),
        ("unknown_currency", {"currency": "XXX"}),
        ("unknown_currency", {"currency": "eur"}),
        ("unknown_entity", {"entity": "nort"}),
    ],
)
def test_a_name_mistyped_is_not_one_that_owes_nothing(app, refused, code, mistyped):
    for ask in (
        lambda: app.reports.aging(FEB_28, **mistyped),
        lambda: app.reports.items(FEB_28, **{"customer": "acme"} | mistyped),
        lambda: app.reports.aging(FEB_28, datetime(2020, 1, 1, tzinfo=UTC), **mistyped),
    ):
        with refused(code):
            ask()
    if "customer" in mistyped:
        with refused(code):
            app.risk.risk(FEB_28, **mistyped)


def test_a_customer_an_entity_and_a_currency_of_which_nothing_is_owed_are_no_mistake(app):
    for named in ({"customer": "kyoto"}, {"entity": "north"}, {"currency": "SEK"}):
        assert app.reports.aging(date(2025, 1, 1), **named)["totals"] == []
    assert app.reports.items(FEB_28, customer="kyoto")["items"] == []
    assert app.risk.risk(date(2025, 1, 1), customer="kyoto")["rows"] == []


def test_a_day_no_ledger_is_about_is_refused(reports, refused):
    for ask in (
        reports.aging,
        lambda on: reports.items(on, customer="acme"),
        lambda on: reports.restatement(on, BEFORE),
    ):
        with refused("bad_day"):
            ask(date(1, 1, 1))


def test_every_sheet_has_a_cell_for_each_column(app):
    sheets = [
        *(report_sheets.aging_sheet(app.reports.aging(FEB_28, by=by)) for by in DIMENSIONS),
        report_sheets.items_sheet(app.reports.items(FEB_28, customer="acme")),
        report_sheets.restatement_sheet(app.reports.restatement(FEB_28, BEFORE)),
        report_sheets.risk_sheet(app.risk.risk(FEB_28)),
        report_sheets.metrics_sheet(app.metrics.metrics(FEB_28)),
        report_sheets.provisions_sheet(app.risk.provisions(FEB_28)),
        report_sheets.forecast_sheet(app.risk.forecast(FEB_28)),
    ]
    for sheet in sheets:
        assert sheet.rows
        assert {len(line) for line in [*sheet.rows, *sheet.totals]} == {len(sheet.columns)}
        assert all(isinstance(cell, str) for line in [*sheet.rows, *sheet.totals] for cell in line)


def test_nothing_is_disputed_promised_or_offered_on_an_invoice_that_was_taken_back(database_url, tmp_path):
    clock = SetClock(at(1, 5))
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        desk = Desk(app)
        desk.issue("A-1", 1000_00, due_on=day(1, 20))
        desk.ask(invoices.promise, "A-1", on=day(1, 21), pay_on=day(2, 15), amount_minor=100_00)
        desk.ask(invoices.dispute, "A-1", on=day(1, 25), reason_code="price", amount_minor=300_00)
        desk.ask(invoices.void, "A-1", on=day(2, 5), reason="issued twice")
        before, after = (app.audit.state("A-1", as_of=on) for on in (day(2, 4), day(2, 5)))
    assert before and before["promise"] and after
    assert (before["status"], len(before["disputes"]), before["promise"]["amount"]) == ("overdue", 1, "100.00")
    assert (after["status"], after["disputes"], after["promise"], after["settlement"]) == ("void", [], None, None)


def test_money_that_nobody_knows_from_whom_it_came_has_a_line_of_its_own(reports):
    sheet = report_sheets.aging_sheet(reports.aging(FEB_28))
    [line] = [row for row in sheet.rows if row[0] == report_sheets.UNIDENTIFIED]
    assert (line[1], line[2], line[-1]) == ("EUR", "0.00", "7.00")


def test_figures_without_a_value_are_left_empty(app):
    sheet = report_sheets.metrics_sheet(app.metrics.metrics(FEB_28))
    promises = {line[0]: line[1:] for line in sheet.rows}["Promises kept, %"]
    assert set(promises) == {""}
