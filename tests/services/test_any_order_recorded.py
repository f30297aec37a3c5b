"""The same as `test_any_order` on a real ledger, and with the reports that people read."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest

from domain.money import minor_units
from projections.ratios import four
from tests.services.any_history import BEGIN
from tests.services.clerk import CURRENCY, recorded
from tests.services.truth import CREDIT, PAYMENT, WRITE_OFF

WINDOW = 30


@pytest.mark.parametrize("seed", range(5))
def test_the_reports_of_a_ledger_are_those_of_the_history_as_it_truly_was(app, clock, seed):
    clerk = recorded(app, clock, Random(seed))
    history = clerk.history
    for number in range(0, (clerk.last_day - BEGIN).days + 1, 2):
        day = BEGIN + timedelta(number)
        truth = history.truth.at(day)
        assert aging(app, day) == true_aging(history, truth), day
        assert days_late(app, day) == true_days_late(history, truth, day), day
        assert sales_outstanding(app, day) == true_sales_outstanding(history, truth, day), day


def aging(app, day):
    rows = app.reports.aging(day)["rows"]
    owed = {row["customer"]: (minor(row["open"]), minor(row["unapplied"])) for row in rows}
    return {customer or "": both for customer, both in owed.items() if any(both)}


def true_aging(history, truth):
    owed: dict[str, list[int]] = {}
    for invoice, minors in truth.open.items():
        owed.setdefault(history.truth.issued[invoice].customer, [0, 0])[0] += sum(minors)
    for money, left in truth.left.items():
        owed.setdefault(truth.whose[money], [0, 0])[1] += left
    return {customer: tuple(both) for customer, both in owed.items() if any(both)}


def days_late(app, day):
    found = app.metrics.metrics(day, window_days=WINDOW)["totals"]
    return next((row["weighted_average_days_late"]["value"] for row in found), None)


def true_days_late(history, truth, day):
    first = day - timedelta(WINDOW - 1)
    late = [
        (history.truth.issued[invoice].due[n], on)
        for (invoice, n), (on, by) in truth.settled.items()
        if first <= on and by in (PAYMENT, WRITE_OFF)
    ]
    if not late:
        return None
    weighted = sum(minor * max(0, (on - due_on).days) for (due_on, minor), on in late)
    return four(Fraction(weighted, sum(minor for (_, minor), _ in late)))


def sales_outstanding(app, day):
    found = app.metrics.metrics(day, window_days=WINDOW)["totals"]
    return next((row["dso"]["value"] for row in found), None)


def true_sales_outstanding(history, truth, day):
    """Sales without what credit notes that name an invoice took back of it."""
    first = day - timedelta(WINDOW - 1)
    credited = Counter[str]()
    for event, _ in history.told:
        if event.kind == CREDIT and event.named and event.day <= day:
            credited[event.named[0][0]] += event.minor
    sold = sum(
        event.minor - min(credited[number], event.minor)
        for number, event in history.truth.issued.items()
        if first <= event.day <= day and number not in truth.voided
    )
    open_minor = sum(map(sum, truth.open.values()))
    return four(Fraction(open_minor * WINDOW, sold)) if sold else None


def minor(text):
    return minor_units(text, CURRENCY)
