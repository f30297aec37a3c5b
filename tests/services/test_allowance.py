from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from domain import invoice as invoices
from domain.entry import Cause
from infra.files.sheets import shown
from infra.unavailable import Unavailable
from projections.credit_risk import outlook, provisions
from services import report_sheets
from tests.projections import plain_book, random_book
from tests.services.desk import ask_invoice, issue_invoice, record_receipt

EDGES = [1, 31, 61, 91]
AS_OF = date(2026, 6, 30)


def bucket(days):
    return sum(days >= edge for edge in EDGES)


@pytest.fixture
def book(app):
    random_book.play(app.ledger, seed=7, invoices=60)
    app.projector.catch_up()
    return app.ledger.entries(0)


def test_month_ends_know_leap_years_and_count_the_day_itself_when_it_ends_a_month():
    assert provisions.month_ends(date(2024, 3, 15), 3) == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]
    assert provisions.month_ends(date(2024, 2, 29), 2) == [date(2024, 1, 31), date(2024, 2, 29)]


def test_what_rolled_was_collected_or_was_lost_between_month_ends_is_what_the_plain_book_says(app, book):
    dice = Random(7)
    for _ in range(6):
        as_of, position = (
            random_book.BEGIN + timedelta(dice.randrange(100, 700)),
            dice.randrange(len(book) // 2, len(book)),
        )
        found: Counter[Any] = Counter()
        seen: Counter[Any] = Counter()
        rows = app.views.ask(provisions.moves(as_of, position, EDGES, 12))
        for currency, this_on, was, became, minor, items in rows:
            found[currency, this_on, was, became] += int(minor)
            seen[currency, this_on, was, became] += items
        assert found == _moves(plain_book.items(book, position), provisions.month_ends(as_of, 13))
        assert all(items > 0 for key, items in seen.items() if found[key])


def _moves(items, ends):
    moves: Counter[Any] = Counter()
    for this_on, next_on in pairwise(ends):
        for item in items:
            was, becomes = item.open_on(this_on), item.open_on(next_on)
            if was <= 0 or (this_on - item.due_on).days > 365:
                continue
            still = min(was, becomes)
            given_up = not becomes and item.settled(next_on)[1] == "invoice.written_off"
            later = provisions.LOST if (next_on - item.due_on).days > 365 else bucket((next_on - item.due_on).days)
            key = item.currency, this_on, bucket((this_on - item.due_on).days)
            moves[*key, later] += still
            moves[*key, provisions.LOST if given_up else provisions.COLLECTED] += was - still
    return +moves


@pytest.mark.parametrize(("days", "moved"), [(364, True), (365, True), (366, False)])
def test_what_is_365_days_past_due_at_a_month_end_may_still_come_and_a_day_later_is_lost(app, days, moved):
    """30 April: so many days past due. A month later it is more than a year late."""
    this_on = date(2026, 4, 30)
    due_on = this_on - timedelta(days)
    _issue(app, "R-1", 100_00, due_on - timedelta(30), due_on)
    app.projector.catch_up()
    rows = app.views.ask(provisions.moves(date(2026, 5, 31), app.ledger.head().position, EDGES, 1))
    assert rows == ([("EUR", this_on, 4, provisions.LOST, 100_00, 1)] if moved else [])


@pytest.mark.parametrize(("days", "became"), [(364, 4), (365, 4), (366, provisions.LOST)])
def test_it_is_lost_once_it_is_more_than_365_days_past_due(app, days, became):
    due_on = date(2026, 5, 31) - timedelta(days)
    _issue(app, "R-1", 100_00, due_on - timedelta(30), due_on)
    app.projector.catch_up()
    [(_, _, was, became_then, _, _)] = app.views.ask(
        provisions.moves(date(2026, 5, 31), app.ledger.head().position, EDGES, 1)
    )
    assert (was, became_then) == (4, became)


def test_open_amounts_by_bucket_and_by_due_day_and_the_ages_seen_are_those_of_the_plain_book(app, book):
    dice = Random(8)
    for _ in range(6):
        as_of, position = random_book.BEGIN + timedelta(dice.randrange(700)), dice.randrange(len(book))
        items = plain_book.items(book, position)
        by_bucket = app.views.ask(provisions.open_by_bucket(as_of, position, EDGES))
        by_day = app.views.ask(outlook.open_by_due_day(as_of, position))
        seen = app.views.ask(outlook.seen(random_book.BEGIN, as_of, position))
        opened = [item for item in items if item.open_on(as_of)]
        expected: Counter[Any] = Counter()
        squares: Counter[Any] = Counter()
        for item in opened:
            expected[item.currency, bucket((as_of - item.due_on).days)] += item.open_on(as_of)
            squares[item.currency, item.due_on] += item.open_on(as_of) ** 2
        assert {(currency, place): minor for currency, place, minor, _ in by_bucket} == expected
        assert {(currency, due_on): square for currency, due_on, _, square in by_day} == squares
        assert {(days, is_paid): count for days, count, is_paid in seen} == _seen(items, as_of)


def _seen(items, as_of):
    seen: Counter[Any] = Counter()
    for item in items:
        if item.kind == "principal" and item.issued_on <= as_of:
            ended = item.settled(as_of)
            is_paid = ended is not None and ended[1] in plain_book.SETTLING - {"invoice.written_off"}
            until = ended[0] if ended and ended[1] != "invoice.written_off" else as_of
            seen[(until - item.due_on).days, is_paid] += 1
    return seen


def test_a_ledger_without_history_takes_the_published_rates_and_says_so(app):
    _issue(app, "R-1", 1_000_00, date(2026, 6, 1), date(2026, 7, 31))
    _issue(app, "R-2", 1_000_00, date(2026, 1, 1), date(2026, 3, 1))
    app.projector.catch_up()
    [eur] = app.risk.provisions(AS_OF)["totals"]
    assert [each["name"] for each in eur["buckets"]] == ["not_due", "1-30", "31-60", "61-90", "over_90"]
    assert [each["allowance"] for each in eur["buckets"]] == ["3.00", "0.00", "0.00", "0.00", "106.00"]
    assert (eur["open"], eur["allowance"]) == ("2000.00", "109.00")
    assert {each["source"] for each in eur["buckets"]} == {"default"}
    assert "history is thin" in eur["buckets"][0]["because"]


def test_rates_decided_by_people_count_for_their_buckets_and_others_stay_as_they_are(app, refused):
    _issue(app, "R-1", 1_000_00, date(2026, 6, 1), date(2026, 7, 31))
    app.projector.catch_up()
    given = {name: Fraction(1, 20) for name in ("not_due", "1-30", "31-60", "61-90", "over_90")}
    [eur] = app.risk.provisions(AS_OF, rates=given)["totals"]
    assert (eur["allowance"], eur["buckets"][0]["source"]) == ("50.00", "given")
    [eur] = app.risk.provisions(AS_OF, rates={"over_90": Fraction(1, 2)})["totals"]
    assert [each["source"] for each in eur["buckets"]] == [*["default"] * 4, "given"]
    assert (eur["allowance"], eur["buckets"][4]["loss_rate"]) == ("3.00", "0.500000")
    for wrong in ({"over_60": Fraction(1, 20)}, {"over_90": Fraction(101, 100)}, {"over_90": Fraction(-1)}):
        with refused("bad_rate"):
            app.risk.provisions(AS_OF, rates=wrong)


OWN = """
[all]
over_90 = 50
"1-30" = "2.5"
[USD]
over_90 = 12.5
"""


def test_a_firms_own_rates_are_kept_in_its_home_by_currency_and_a_question_may_ask_for_others(app):
    for currency in ("EUR", "USD"):
        _issue(app, f"R-{currency}", 1_000_00, date(2026, 1, 1), date(2026, 3, 1), currency)
    app.projector.catch_up()
    (app.settings.home / "provisions.toml").write_text(OWN)
    found = {}
    for asked in ({}, {"over_90": Fraction(1)}):
        for total in app.risk.provisions(AS_OF, rates=asked)["totals"]:
            over = total["buckets"][4]
            found[total["currency"], len(asked)] = over["allowance"], over["source"], over["because"].split(":")[0]
            assert (total["buckets"][1]["loss_rate"], total["buckets"][1]["source"]) == ("0.025000", "given")
    assert found == {
        ("EUR", 0): ("500.00", "given", "given in provisions.toml"),
        ("USD", 0): ("125.00", "given", "given in provisions.toml"),
        ("EUR", 1): ("1000.00", "given", "given with the question"),
        ("USD", 1): ("1000.00", "given", "given with the question"),
    }
    assert any("B5.5.35" in note for note in report_sheets.provisions_sheet(app.risk.provisions(AS_OF)).notes)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("over_90 = 50", "begin each currency with its name"),
        ("[EURO]\nover_90 = 50", "has a table [EURO]"),
        ("[all]\nover_60 = 50", "there are not_due, 1-30, 31-60, 61-90, over_90"),
        ("[all]\nover_90 = 101", "from 0 to 100"),
        ("[EUR]\nover_90 = true", "table [EUR]"),
    ],
)
def test_a_file_of_rates_with_a_fault_says_where_it_is(app, wrong, said):
    (app.settings.home / "provisions.toml").write_text(wrong)
    with pytest.raises(Unavailable) as unavailable:
        app.risk.provisions(AS_OF)
    assert said in str(unavailable.value) and "provisions.toml" in str(unavailable.value)


def test_a_ledger_with_history_takes_its_own_rates(app):
    """Of 30 claims due each month 15 are paid in it, 10 two months later, and 5 are given up then."""
    for month in range(1, 13):
        soon, late = date(2025, month, 25), date(2025, month, 25) + timedelta(60)
        for number in range(30):
            name = f"R-{month}-{number}"
            _issue(app, name, 100_00, date(2025, month, 1), date(2025, month, 20))
            if number < 25:
                _pay(app, name, 100_00, soon if number < 15 else late)
            else:
                ask_invoice(
                    app, invoices.write_off, name, on=late, cause=Cause("tester", app.new_id()), reason="insolvent"
                )
    app.projector.catch_up()
    [eur] = app.risk.provisions(date(2025, 12, 31))["totals"]
    rates = {each["name"]: (each["source"], each["loss_rate"]) for each in eur["buckets"]}
    # All 15 that are open at a month end roll on to the next, and a third of them is lost before the one after.
    assert rates["31-60"] == rates["1-30"] == ("history", "0.333333")
    assert rates["over_90"] == ("default", "0.106000")
    # 15 of December's, 15 of November's.
    assert [(each["open"], each["allowance"]) for each in eur["buckets"][1:3]] == [("1500.00", "500.00")] * 2
    for each in eur["buckets"]:
        counted_again = Decimal(each["open"]) * Decimal(each["loss_rate"])
        assert round(counted_again, 2) == Decimal(each["allowance"])


def test_a_loss_rate_is_read_as_precisely_as_programs_are_given_it(app):
    _issue(app, "R-1", 1_000_000_00, date(2026, 6, 1), date(2026, 7, 31))
    app.projector.catch_up()
    names = ("not_due", "1-30", "31-60", "61-90", "over_90")
    report = app.risk.provisions(AS_OF, rates={name: Fraction(55, 100_000) for name in names})
    sheet = report_sheets.provisions_sheet(report)
    cells = [shown(cell, column.kind) for cell, column in zip(sheet.rows[0], sheet.columns, strict=True)]
    assert cells[1:5] == ["Not due", "1,000,000.00", "0.0550", "550.00"]


def test_a_forecast_adds_up_to_what_is_open_when_all_customers_pay_within_its_weeks(app):
    for number in range(40):
        _issue(app, f"old-{number}", 50_00, date(2026, 1, 1), date(2026, 1, 31))
        _pay(app, f"old-{number}", 50_00, date(2026, 1, 31) + timedelta(number % 20))
    _issue(app, "R-1", 1_000_00, date(2026, 6, 20), date(2026, 6, 30))
    app.projector.catch_up()
    answer = app.risk.forecast(AS_OF, weeks=4)
    [eur] = answer["totals"]
    # Of 40, 38 came later than the due day: over days 1 to 7, 8 to 14, and 15 to 19.
    assert [each["expected"] for each in eur["weeks"]] == ["368.42", "368.42", "263.16", "0.00"]
    assert (eur["weeks"][0]["from"], eur["weeks"][0]["to"]) == ("2026-07-01", "2026-07-07")
    assert answer["note"].startswith("first version")
    assert [each["source"] for each in answer["collection"]] == ["history", *["default"] * 4]


def _issue(app, number, minor, issued_on, due_on, currency="EUR"):
    asked = {"customer": "ann", "amount_minor": minor, "currency": currency, "issued_on": issued_on, "due_on": due_on}
    issue_invoice(app, number, **asked, cause=Cause("tester", app.new_id()))


def _pay(app, number, minor, on):
    asked = {"invoices": [number], "amount_minor": minor, "currency": "EUR", "value_on": on}
    record_receipt(app, f"for {number}", **asked, cause=Cause("tester", app.new_id()))
