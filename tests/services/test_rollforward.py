"""The rollforward of a small book that is known by heart, of any true history, and of the real one."""

import csv
import io
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from domain import invoice as invoices
from domain.entry import Cause
from domain.terms import EarlyDiscount, Instalment
from infra.views.schema import live
from projections.open_items.bookings import BOOKED, BY_FACTOR
from projections.open_items.bookings import COLUMNS as COLUMN_NAMES
from services.answers.journal import WORDS
from services.journal_file import COLUMNS, write_journal
from services.rollforward import DoesNotTieOut
from tests.services.any_history import BEGIN
from tests.services.clerk import recorded
from tests.services.test_import_history import REAL, independently
from tests.services.truth import CREDIT, Truth

JAN, FEB, MAR = ((date(2026, month, 1), date(2026, month, 28)) for month in (1, 2, 3))


def day(month, of_month):
    return date(2026, month, of_month)


def at(month, of_month):
    return datetime(2026, month, of_month, 9, tzinfo=UTC)


def columns(app, period, known_at=None, **narrowed):
    """Of the only line, what is not nothing."""
    [found] = app.rollforwards.rollforward(*period, known_at, **narrowed)["totals"]
    return {name: value for name, value in found.items() if value not in ("0.00", "main", "EUR")}


# Stories


def test_what_was_invoiced_and_paid_leads_from_opening_to_closing(app, desk, clock):
    desk.issue("R-1", 1000_00)
    desk.issue("R-2", 500_00, issued_on=day(2, 3))
    clock.at = at(2, 10)
    desk.receive("P-1", 400_00, value_on=day(2, 10), invoices=("R-1",))
    assert columns(app, JAN) == {"invoiced": "1000.00", "closing": "1000.00"}
    assert columns(app, FEB) == {
        "opening": "1000.00", "invoiced": "500.00", "cash": "400.00", "closing": "1100.00",
    }  # fmt: skip
    assert columns(app, MAR) == {"opening": "1100.00", "closing": "1100.00"}


def test_a_charge_that_is_waived_and_an_invoice_that_is_voided_leave_nothing_in_their_columns(app, desk, clock):
    desk.issue("R-1", 100_00)
    desk.ask(invoices.charge_fee, "R-1", amount_minor=5_00, basis="agreed")
    clock.at = at(2, 10)
    desk.ask(invoices.waive, "R-1", on=day(2, 10), item=2)
    desk.ask(invoices.void, "R-1", on=day(2, 11))
    assert columns(app, JAN) == {"invoiced": "100.00", "charges": "5.00", "closing": "105.00"}
    assert columns(app, FEB) == {"opening": "105.00", "invoiced": "-100.00", "charges": "-5.00"}
    app.commands.run("invoice.undo_void", {"number": "R-1"}, Cause("ann", "undo", "a mistake"))
    assert columns(app, FEB) == {"opening": "105.00", "charges": "-5.00", "closing": "100.00"}


def test_a_recovery_is_neither_cash_nor_a_smaller_loss_and_taking_it_back_is_nothing_either(app, desk, clock):
    desk.issue("R-1", 100_00)
    clock.at = at(2, 20)
    desk.ask(invoices.write_off, "R-1", on=day(2, 1))
    desk.receive("P-1", 30_00, value_on=day(2, 10), invoices=("R-1",))
    assert columns(app, FEB) == {"opening": "100.00", "write_offs": "100.00"}
    desk.do("reverse", "P-1", on=day(2, 12))
    assert columns(app, FEB) == {"opening": "100.00", "write_offs": "100.00"}


def test_money_that_is_taken_back_is_less_cash_on_the_day_of_that(app, desk, clock):
    desk.issue("R-1", 100_00)
    desk.receive("P-1", 100_00, invoices=("R-1",))
    clock.at = at(2, 20)
    desk.do("reverse", "P-1", on=day(2, 12))
    assert columns(app, JAN) == {"invoiced": "100.00", "cash": "100.00"}
    assert columns(app, FEB) == {"cash": "-100.00", "closing": "100.00"}


def test_an_early_payment_discount_and_its_undoing_are_beside_the_cash(app, desk, clock):
    desk.issue("R-1", 100_00, discounts=(EarlyDiscount(15, 200),))
    desk.receive("P-1", 98_00, invoices=("R-1",))
    assert columns(app, JAN) == {"invoiced": "100.00", "cash": "98.00", "discounts": "2.00"}
    clock.at = at(2, 20)
    desk.do("reverse", "P-1", on=day(2, 12))
    assert columns(app, FEB) == {"cash": "-98.00", "discounts": "-2.00", "closing": "100.00"}


def test_what_an_exchange_leaves_and_what_a_factor_was_paid_are_other(app, desk, clock):
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 50_00)
    clock.at = at(2, 20)
    desk.ask(invoices.factor, "R-2", on=day(2, 1), factor="quick", advance_basis_points=9000, fee_basis_points=300)
    desk.ask(invoices.release_reserve, "R-2", on=day(2, 5))
    assert columns(app, FEB) == {"opening": "150.00", "other": "-50.00", "closing": "100.00"}
    accounts = {row["account"] for row in app.rollforwards.journal(*FEB)}
    assert accounts == {"receivables", "factor"}


def test_a_plan_and_money_on_account_move_nothing(app, desk, clock):
    desk.issue("R-1", 100_00)
    clock.at = at(2, 20)
    desk.receive("P-1", 30_00, value_on=day(2, 10))
    plan = {"instalments": (Instalment(day(3, 1), 50_00), Instalment(day(4, 1), 50_00))}
    desk.ask(invoices.agree_plan, "R-1", on=day(2, 11), **plan)
    assert columns(app, FEB) == {"opening": "100.00", "closing": "100.00"}
    assert [*app.rollforwards.journal(*FEB)] == []


def test_what_is_learnt_late_counts_on_its_own_day_and_was_not_known_before(app, desk, clock):
    desk.issue("R-1", 100_00)
    clock.at = at(2, 20)
    desk.ask(invoices.write_off, "R-1", on=day(2, 18))
    before = app.clock()
    clock.at = at(3, 20)
    desk.receive("P-1", 40_00, value_on=day(2, 10), invoices=("R-1",))
    assert columns(app, FEB, before) == {"opening": "100.00", "write_offs": "100.00"}
    assert columns(app, FEB) == {"opening": "100.00", "cash": "40.00", "write_offs": "60.00"}
    assert app.rollforwards.rollforward(*MAR)["totals"] == []


def test_entities_and_currencies_are_lines_of_their_own_and_may_be_asked_for_alone(app, desk):
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 7_00, entity="north", currency="USD")
    found = app.rollforwards.rollforward(*JAN)["totals"]
    assert [(each["entity"], each["currency"], each["closing"]) for each in found] == [
        ("main", "EUR", "100.00"),
        ("north", "USD", "7.00"),
    ]
    assert app.rollforwards.rollforward(*JAN, entity="north")["totals"] == found[1:]
    assert app.rollforwards.rollforward(*JAN, currency="EUR")["totals"] == found[:1]


def test_what_cannot_be_is_refused(app, desk, refused):
    desk.issue("R-1", 100_00)
    for code, asked, narrowed in (
        ("bad_period", (day(2, 1), day(1, 31)), {}),
        ("bad_day", (date(1200, 1, 1), day(1, 31)), {}),
        ("unknown_entity", JAN, {"entity": "nobody"}),
        ("unknown_currency", JAN, {"currency": "XYZ"}),
        ("not_yet", (*JAN, at(12, 1)), {}),
    ):
        for question in (app.rollforwards.rollforward, app.rollforwards.journal):
            with refused(code):
                question(*asked, **narrowed)


def test_agings_that_the_facts_do_not_explain_are_no_rollforward(app, desk):
    """Nothing is ever made to fit: here a row of the view is not as the log has it."""
    desk.issue("R-1", 100_00)
    app.bring_views_up_to_date()
    with app.pool.connection() as conn:
        conn.execute(f"update {live('open_items')}.open_periods set open_minor = 9900".encode())
    for question in (app.rollforwards.rollforward, app.rollforwards.journal):
        with pytest.raises(DoesNotTieOut, match=r"main does not tie out: no fact explains -1\.00 EUR"):
            question(*JAN)


# The journal


def journal(app, period, **how):
    text = io.StringIO()
    write_journal(app.rollforwards.journal(*period, **how), text)
    return list(csv.DictReader(io.StringIO(text.getvalue())))


def test_the_journal_names_both_accounts_the_invoice_and_what_happened(app, desk, clock):
    desk.issue("R-1", 100_00)
    clock.at = at(2, 20)
    desk.receive("=P", 40_00, value_on=day(2, 10), invoices=("R-1",))
    invoice, sale, owed, money = journal(app, (day(1, 1), day(2, 28)))
    assert list(invoice) == list(COLUMNS)
    assert (invoice["account"], invoice["debit"], invoice["credit"]) == ("receivables", "100.00", "")
    assert (sale["account"], sale["debit"], sale["credit"]) == ("sales", "", "100.00")
    assert (owed["account"], owed["debit"], owed["credit"]) == ("receivables", "", "40.00")
    assert (money["account"], money["debit"], money["credit"]) == ("customer_payments", "40.00", "")
    assert {each["text"] for each in (owed, money)} == {"payment"}
    assert (money["day"], money["invoice"], money["customer"], money["document"]) == (
        "2026-02-10",
        "R-1",
        "acme",
        "'=P",
    )


def test_every_booking_has_words():
    assert WORDS.keys() == {each.what for rows in BOOKED.values() for each in rows} | {BY_FACTOR}


def amounts(rows, *by):
    """Debit less credit."""
    found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        found[tuple(row[each] for each in by)] += Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
    return found


# Any true history


@pytest.mark.parametrize("seed", range(4))
def test_between_any_two_days_the_columns_are_those_of_the_history_as_it_truly_was(app, clock, seed):
    random = Random(seed)
    clerk = recorded(app, clock, random)
    truth = _truly(clerk.history)
    days = [BEGIN + timedelta(n) for n in range(-1, (clerk.last_day - BEGIN).days + 1)]
    for _ in range(25):
        first, last = sorted(random.sample(days, 2))
        period = (first + timedelta(1), last)
        found = app.rollforwards.rollforward(*period)["totals"]
        wanted = {name: truth(last)[name] - truth(first)[name] for name in COLUMN_NAMES}
        assert {name: cents(found, name) for name in COLUMN_NAMES} == wanted, period
        rows = journal(app, period)
        assert not any(amounts(rows, "position").values())
        moved = sum(amounts([row for row in rows if row["account"] == "receivables"], "account").values())
        assert moved * 100 == cents(found, "closing") - cents(found, "opening")


def cents(found, name):
    return int(sum(Decimal(each[name]) for each in found) * 100)


def _truly(history):
    """How much of each column there was by the end of a day, counted event by event."""
    truth, told = Truth(), {}
    for event, _ in history.told:
        truth.tell(event)
        sums = Counter[str]()
        sums["invoiced"] = sum(each.minor or 0 for number, each in truth.issued.items() if number not in truth.voided)
        sums["write_offs"] = sum(truth.given_up.values())
        for source, flows in truth.flows.items():
            column = "credit_notes" if truth.came[source].kind == CREDIT else "cash"
            sums[column] += sum(minor for flow in flows for _, minor in flow.parts)
        told[event.day] = sums

    def by(day):
        return told[max(each for each in told if each <= day)] if any(each <= day for each in told) else Counter()

    return by


# The real history


def test_every_month_of_the_real_history_leads_from_one_aging_to_the_next(app, samples):
    path = samples / "late-payment-histories.csv"
    app.imports.history(path, REAL)
    app.bring_views_up_to_date()
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    first, closing = date(2011, 12, 1), "0.00"
    while first < date(2014, 3, 1):
        last = (first.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
        [found] = app.rollforwards.rollforward(first, last)["totals"] or [{"opening": "0.00"}]
        if len(found) > 1:
            assert found["opening"] == closing
            closing = found["closing"]
            assert cents([found], "closing") == independently(path, last)["open"][0]
            assert cents([found], "invoiced") == _of(rows, "InvoiceDate", first, last)
            assert cents([found], "cash") == _of(rows, "SettledDate", first, last)
        first = last + timedelta(1)
    assert closing == "0.00"


def _of(rows, column, first, last):
    """Cents of the rows whose day is in the month."""
    dated = ((datetime.strptime(row[column], "%d/%m/%Y").date(), row["InvoiceAmount"]) for row in rows)
    return sum(int(Decimal(amount) * 100) for day, amount in dated if first <= day <= last)
