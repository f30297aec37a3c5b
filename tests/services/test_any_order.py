"""One true history, recorded in any order and with mistakes that are put right, gives the figures of the truth."""

import os
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings

from projections.credit_risk.exposure import PAYING, SETTLING
from projections.metrics import figures
from projections.open_items.movements import UNAPPLIED
from projections.open_items.view import Timelines
from tests.services.any_history import BEGIN, History, histories
from tests.services.clerk import Clerk
from tests.services.truth import CREDIT, PAYMENT, VOID, WRITE_OFF

# In the suite the same ones each time; any at all where more are asked for.
IN_THE_SUITE = "ORDER_EXAMPLES" not in os.environ
HISTORIES = int(os.environ.get("ORDER_EXAMPLES", "200"))
STEPS = int(os.environ.get("ORDER_STEPS", "40"))
WINDOWS = (7, 30, 90)
BY = dict.fromkeys(PAYING, PAYMENT) | {
    "invoice.credit_note_applied": CREDIT,
    "invoice.written_off": WRITE_OFF,
    "invoice.voided": VOID,
}
assert {*SETTLING} == {name for name, by in BY.items() if by in (PAYMENT, WRITE_OFF)}


class Shown:
    """Open items as the view has them, once all is recorded."""

    def __init__(self, entries):
        timelines = Timelines()
        for entry in entries:
            timelines.take(entry)
        self.items = [(stream, each) for stream, items in timelines._items.items() for each in items]

    def at(self, day):
        """Each item with its period of that day."""
        for stream, known in self.items:
            for period in known.now:
                if period.valid_from <= day < period.valid_to:
                    yield stream.split(":")[-1], known.item, period


@settings(max_examples=HISTORIES, deadline=None, derandomize=IN_THE_SUITE, suppress_health_check=list(HealthCheck))
@given(histories(STEPS))
def test_figures_of_any_day_are_those_of_the_history_as_it_truly_was_whatever_the_order_of_recording(steps):
    recorded_as_it_was(History(steps))


def recorded_as_it_was(history: History) -> Clerk:
    clerk = Clerk(history)
    clerk.record_all()
    shown = Shown(clerk.ledger.entries)
    for number in range((clerk.last_day - BEGIN).days + 1):
        day = BEGIN + timedelta(number)
        compare_items(history, [*shown.at(day)], day)
        compare_metrics(history, [*shown.at(day)], day)
    return clerk


def compare_items(history, shown, day: date) -> None:
    """What is open of each item, aging and money on account by customer, and since when what was settled is."""
    truth, issued = history.truth.at(day), history.truth.issued
    items: dict[str, list[int]] = {}
    settled = {}
    aged, on_account = Counter[tuple[str, date]](), Counter[str]()
    for about, item, period in shown:
        if item.kind == UNAPPLIED:
            on_account[period.customer] += period.open_minor
            continue
        opened = items.setdefault(about, [])
        opened.append(period.open_minor)
        aged[period.customer, item.due_on] += period.open_minor
        if not period.open_minor:
            settled[about, len(opened) - 1] = period.settled_on, BY[period.settled_by]
    true_aging, true_account = Counter[tuple[str, date]](), Counter[str]()
    for invoice, minors in truth.open.items():
        for minor, (due_on, _) in zip(minors, issued[invoice].due, strict=True):
            true_aging[issued[invoice].customer, due_on] += minor
    for money, minor in truth.left.items():
        true_account[truth.whose[money]] += minor
    assert items == {invoice: [*minors] for invoice, minors in truth.open.items()}, day
    assert settled == truth.settled, day
    assert (+aged, +on_account) == (+true_aging, +true_account), day


def compare_metrics(history, shown, day: date) -> None:
    """DSO of windows that end with the day, and the days late of what was settled in them."""
    truth, issued = history.truth.at(day), history.truth.issued
    items = [(about, item, period) for about, item, period in shown if item.kind != UNAPPLIED]
    has_credit_notes = any(told.event.kind == "credit" for told in history.told)
    for window in WINDOWS:
        first = day - timedelta(window - 1)
        open_minor = sum(period.open_minor for _, _, period in items)
        sold = sum(
            item.original_minor
            for _, item, period in items
            if first <= item.issued_on <= day and (period.open_minor or period.settled_by != "invoice.voided")
        )
        late = [
            (item.original_minor, max(0, (period.settled_on - item.due_on).days))
            for _, item, period in items
            if not period.open_minor and first <= period.settled_on and period.settled_by in SETTLING
        ]
        true_sold = sum(
            event.minor for number, event in issued.items() if first <= event.day <= day and number not in truth.voided
        )
        true_open = sum(map(sum, truth.open.values()))
        true_late = [
            (issued[invoice].due[n][1], max(0, (on - issued[invoice].due[n][0]).days))
            for (invoice, n), (on, by) in truth.settled.items()
            if first <= on and by in (PAYMENT, WRITE_OFF)
        ]
        if not has_credit_notes:
            dso = figures.days_sales_outstanding(open_minor, sold, window)
            assert dso == (Fraction(true_open * window, true_sold) if true_sold else None), day
        total = sum(minor for minor, _ in late)
        weighted = figures.weighted_days(sum(minor * days for minor, days in late), total)
        assert sorted(late) == sorted(true_late)
        assert weighted == (Fraction(sum(m * d for m, d in true_late), total) if total else None), day
