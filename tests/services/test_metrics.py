import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

import pytest

from domain import invoice as invoices
from domain.entry import Cause
from domain.money import minor_units
from services.importing import Options
from tests.projections import plain_book, random_book
from tests.projections.plain_book import same
from tests.services.desk import ask_invoice, issue_invoice, record_receipt

AS_OF, FROM = date(2012, 6, 30), date(2012, 4, 1)
HISTORY = "late-payment-histories.csv"
COLUMNS = {
    "customer": "customerID",
    "number": "invoiceNumber",
    "issued_on": "InvoiceDate",
    "due_on": "DueDate",
    "amount": "InvoiceAmount",
    "settled_on": "SettledDate",
    "disputed": "Disputed",
}


class Bill(NamedTuple):
    customer: str
    issued_on: date
    due_on: date
    settled_on: date
    cents: int


@pytest.fixture
def bills(samples):
    with (samples / HISTORY).open(newline="") as file:
        return [
            Bill(
                row["customerID"],
                civil(row["InvoiceDate"]),
                civil(row["DueDate"]),
                civil(row["SettledDate"]),
                int(Decimal(row["InvoiceAmount"]) * 100),
            )
            for row in csv.DictReader(file)
        ]


def civil(text):
    return datetime.strptime(text, "%d/%m/%Y").date()


def receivables(bills, day):
    return sum(bill.cents for bill in bills if bill.issued_on <= day < bill.settled_on)


def not_due(bills, day):
    return sum(bill.cents for bill in bills if bill.issued_on <= day < bill.settled_on and bill.due_on >= day)


def sales(bills, first, last):
    return sum(bill.cents for bill in bills if first <= bill.issued_on <= last)


def days_late(bills, first, last):
    settled = [bill for bill in bills if first <= bill.settled_on <= last]
    weighted = sum(bill.cents * max(0, (bill.settled_on - bill.due_on).days) for bill in settled)
    return weighted, sum(bill.cents for bill in settled)


def countback(bills, as_of):
    """Day by day into the past: each day takes its month's sales spread evenly over the month's days so far."""
    left, days, last = Decimal(receivables(bills, as_of)), Decimal(0), as_of
    while left > 0:
        first = last.replace(day=1)
        sold, length = sales(bills, first, last), (last - first).days + 1
        days += length if left >= sold else length * left / sold
        left, last = left - sold, first - timedelta(1)
    return days


@pytest.fixture
def history(app, samples):
    app.imports.history(samples / HISTORY, Options(columns=COLUMNS, date_format="%d/%m/%Y", currency="USD"))
    return app


def test_the_real_history_gives_the_figures_that_were_worked_out_by_hand(history, bills):
    answer = history.metrics.metrics(AS_OF, FROM)
    assert (answer["as_of"], answer["from"]) == ("2012-06-30", "2012-04-01")
    [usd] = answer["totals"]
    assert usd["currency"] == "USD"
    assert usd["dso"] == {"value": "27.2298", "receivables": "5504.09", "sales": "18192.14", "window_days": 90}
    assert usd["cei"] == {
        "value": "95.4537",
        "begin": "6183.10",
        "sales": "18421.72",
        "end_total": "5504.09",
        "end_not_due": "4594.36",
    }
    assert usd["weighted_average_days_late"]["value"] == "4.0338"


PERIODS = (
    (AS_OF, FROM, 90),
    (date(2012, 6, 29), date(2012, 6, 29), 30),
    (date(2013, 2, 28), date(2012, 3, 1), 365),
    (date(2013, 12, 31), date(2013, 12, 1), 91),
    (date(2014, 2, 10), date(2014, 1, 1), 90),
)


def test_every_figure_of_the_real_history_is_what_plain_python_makes_of_the_file(history, bills):
    for as_of, first, window in PERIODS:
        [usd] = history.metrics.metrics(as_of, first, window)["totals"]
        end, sold = receivables(bills, as_of), sales(bills, as_of - timedelta(window - 1), as_of)
        begin, in_period = receivables(bills, first - timedelta(1)), sales(bills, first, as_of)
        assert same(usd["dso"]["value"], end * window, sold)
        assert same(usd["best_possible_dso"]["value"], not_due(bills, as_of) * window, sold)
        assert same(usd["average_days_delinquent"]["value"], (end - not_due(bills, as_of)) * window, sold)
        assert same(usd["dso_countback"]["value"], countback(bills, as_of), 1)
        assert same(usd["cei"]["value"], (begin + in_period - end) * 100, begin + in_period - not_due(bills, as_of))
        assert same(usd["weighted_average_days_late"]["value"], *days_late(bills, first, as_of))
        over_90 = sum(b.cents for b in bills if b.issued_on <= as_of < b.settled_on and (as_of - b.due_on).days > 90)
        assert same(usd["over_90_share"]["value"], over_90, end)


def test_risk_of_every_customer_of_the_real_history_is_what_plain_python_makes_of_the_file(history, bills):
    rows = history.risk.risk(date(2013, 6, 30))["rows"]
    for row in rows:
        own = [bill for bill in bills if bill.customer == row["customer"]]
        weighted, amount = days_late(own, date(2012, 7, 1), date(2013, 6, 30))
        overdue = [b for b in own if b.issued_on <= date(2013, 6, 30) < b.settled_on and b.due_on < date(2013, 6, 30)]
        weighted += sum(bill.cents * (date(2013, 6, 30) - bill.due_on).days for bill in overdue)
        amount += sum(bill.cents for bill in overdue)
        assert minor_units(row["exposure"], "USD") == receivables(own, date(2013, 6, 30))
        assert minor_units(row["overdue"], "USD") == sum(bill.cents for bill in overdue)
        assert same(row["weighted_average_days_late"], weighted, amount)
    assert sum(minor_units(row["exposure"], "USD") for row in rows) == receivables(bills, date(2013, 6, 30))


def test_before_the_first_invoice_there_is_nothing_to_show(history):
    assert history.metrics.metrics(date(2011, 12, 31))["totals"] == []


def test_without_sales_in_the_window_dso_is_unknown_and_nothing_crashes(app):
    issue(app, "R-1", 1_000_00, date(2026, 1, 1), date(2026, 1, 31))
    [eur] = totals(app, date(2026, 6, 30), date(2026, 6, 1), 30)
    assert [eur[name]["value"] for name in ("dso", "best_possible_dso", "average_days_delinquent")] == [None] * 3
    assert (eur["cei"]["value"], eur["over_90_share"]["value"]) == ("0.0000", "1.0000")
    assert eur["weighted_average_days_late"]["value"] is None
    # Nothing was sold since January, all of which is still owed: the days from the first of January on.
    assert eur["dso_countback"]["value"] == "181.0000"


def test_currencies_are_reported_apart_each_with_its_own_decimals(app):
    issue(app, "R-1", 1_000, date(2026, 6, 1), date(2026, 6, 30), currency="JPY")
    issue(app, "R-2", 1_000, date(2026, 6, 1), date(2026, 6, 30), currency="EUR")
    eur, jpy = totals(app, date(2026, 6, 30), date(2026, 6, 1), 30)
    assert (eur["dso"]["receivables"], jpy["dso"]["receivables"]) == ("10.00", "1000")
    assert eur["dso"]["value"] == jpy["dso"]["value"] == "30.0000"


def test_an_invoice_voided_was_never_a_sale(app):
    issue(app, "R-1", 1_000, date(2026, 6, 1), date(2026, 6, 30))
    issue(app, "R-2", 1_000, date(2026, 6, 1), date(2026, 6, 30))
    ask(app, invoices.void, "R-2", on=date(2026, 6, 2), reason="entered twice")
    [eur] = totals(app, date(2026, 6, 30), date(2026, 6, 1), 30)
    assert eur["dso"]["sales"] == "10.00"


def test_what_is_on_account_lessens_no_receivables(app):
    issue(app, "R-1", 1_000, date(2026, 6, 1), date(2026, 6, 30))
    money = {"amount_minor": 5_000, "currency": "EUR", "value_on": date(2026, 6, 2), "invoices": ("R-1",)}
    record_receipt(app, "B-1", **money, customer="ann", cause=Cause("tester", "c"))
    issue(app, "R-3", 700, date(2026, 6, 1), date(2026, 6, 30))
    [eur] = totals(app, date(2026, 6, 30), date(2026, 6, 1), 30)
    assert eur["dso"]["receivables"] == "7.00"


def test_contacts_per_paid_invoice_counts_all_contacts_on_invoices_paid_in_the_period(app):
    for number in ("R-1", "R-2", "R-3"):
        issue(app, number, 1_000, date(2026, 1, 1), date(2026, 1, 31))
    for day in (date(2026, 2, 10), date(2026, 2, 20)):
        ask(app, invoices.remind, "R-1", on=day, step=str(day), channel="email", document="hash")
    ask(app, invoices.remind, "R-3", on=date(2026, 2, 10), step="first", channel="email", document="hash")
    for number in ("R-1", "R-2"):
        money = {"amount_minor": 1_000, "currency": "EUR", "value_on": date(2026, 6, 2), "invoices": (number,)}
        record_receipt(app, number, **money, cause=Cause("tester", number))
    [eur] = totals(app, date(2026, 6, 30), date(2026, 6, 1), 30)
    assert eur["contacts_per_paid_invoice"] == {"value": "1.0000", "contacts": 2, "invoices": 2}


def test_a_period_that_ends_before_it_begins_and_a_window_of_no_days_are_refused(app, refused):
    with refused("bad_period"):
        app.metrics.metrics(AS_OF, date(2012, 7, 1))
    with refused("bad_window"):
        app.metrics.metrics(AS_OF, FROM, 0)
    with refused("bad_day"):
        app.metrics.metrics(date.min)


@pytest.mark.parametrize("seed", range(10, 14))
def test_metrics_as_of_any_day_as_known_at_any_position_are_what_the_plain_book_gives(app, seed):
    random_book.play(app.ledger, seed)
    app.projector.catch_up()
    assert not any(view.parked for view in app.projector.lag())
    entries = app.ledger.entries(0)
    dice = Random(seed)
    for _ in range(12):
        position = dice.choice((len(entries), dice.randrange(len(entries))))
        as_of = random_book.BEGIN + timedelta(dice.randrange(700))
        first, window = as_of - timedelta(dice.randrange(200)), dice.randrange(1, 200)
        app.metrics._snapshots._position_at = lambda at, known=position: known
        known_at = datetime(2026, 1, 1, tzinfo=UTC)
        found = app.metrics.metrics(as_of, first, window, known_at=known_at)["totals"]
        book = plain_book.items(entries, position)
        by_currency = defaultdict(list)
        for item in book:
            by_currency[item.currency].append(item)
        for total in found:
            _compare(total, by_currency[total["currency"]], as_of, first, window)


def _compare(total, book, as_of, first, window):
    end = sum(item.open_on(as_of) for item in book)
    not_due = sum(item.open_on(as_of) for item in book if item.due_on >= as_of)
    begin = sum(item.open_on(first - timedelta(1)) for item in book)

    credited = Counter[str]()
    for item in book:
        notes = [(on, minor) for on, minor, name in item.moves if name == "invoice.credit_note_applied"]
        credited[item.stream] -= sum(minor for on, minor in notes if on <= as_of)

    def sold(since):
        """What was issued and not voided, less what credit notes took back of each invoice."""
        ended = ((item, item.settled(as_of)) for item in book if item.kind == "principal")
        kept = [item for item, end in ended if not end or end[1] != "invoice.voided"]
        issued = Counter[str]()
        for item in kept:
            issued[item.stream] += item.original if since <= item.issued_on <= as_of else 0
        return sum(minor - min(minor, credited[stream]) for stream, minor in issued.items())

    settled = list(plain_book.settled_between(book, first, as_of))
    assert same(total["dso"]["value"], end * window, sold(as_of - timedelta(window - 1)))
    assert same(total["best_possible_dso"]["value"], not_due * window, sold(as_of - timedelta(window - 1)))
    assert same(total["cei"]["value"], (begin + sold(first) - end) * 100, begin + sold(first) - not_due)
    weighted = sum(item.original * max(0, (day - item.due_on).days) for item, day in settled)
    assert same(total["weighted_average_days_late"]["value"], weighted, sum(item.original for item, _ in settled))
    over_90 = sum(item.open_on(as_of) for item in book if (as_of - item.due_on).days > 90)
    assert same(total["over_90_share"]["value"], over_90, end)


def issue(app, number, minor, issued_on, due_on, currency="EUR"):
    asked = {"customer": "ann", "amount_minor": minor, "currency": currency, "issued_on": issued_on, "due_on": due_on}
    issue_invoice(app, number, **asked, cause=Cause("tester", app.new_id()))


def ask(app, decision, number, *, on, **asked):
    ask_invoice(app, decision, number, on=on, cause=Cause("tester", app.new_id()), **asked)


def totals(app, as_of, first, window):
    app.projector.catch_up()
    return app.metrics.metrics(as_of, first, window)["totals"]


def test_an_invoice_voided_by_mistake_counts_as_sold_again_whatever_else_was_recorded_since(app):
    issue(app, "A", 100_00, date(2026, 1, 1), date(2026, 1, 31))
    cause = Cause("tester", app.new_id(), "mistake")
    app.commands.run("invoice.void", {"number": "A", "on": "2026-01-02"}, cause)
    app.commands.run("invoice.undo_void", {"number": "A"}, Cause("tester", app.new_id(), "mistake"))
    asked = {"number": "A", "amount": "40", "on": "2026-01-01"}
    app.commands.run("invoice.write_off", asked, Cause("tester", app.new_id(), "small"))

    [euro] = totals(app, date(2026, 1, 31), date(2026, 1, 1), 31)
    assert euro["dso"] == {"value": "18.6000", "receivables": "60.00", "sales": "100.00", "window_days": 31}
