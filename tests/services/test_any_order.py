"""One true history, recorded in any order and with mistakes that are put right, gives the figures of the truth."""

import os
from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from projections.metrics import figures
from projections.open_items.movements import UNAPPLIED
from projections.open_items.view import Timelines
from tests.services.any_history import BEGIN, History, Step, histories
from tests.services.clerk import Clerk
from tests.services.truth import CREDIT, PAYMENT, VOID, WRITE_OFF

HISTORIES = int(os.environ.get("ORDER_EXAMPLES", "200"))
STEPS = int(os.environ.get("ORDER_STEPS", "40"))
WINDOWS = (7, 30, 90)
BY = {
    "invoice.paid": PAYMENT,
    "invoice.partially_paid": PAYMENT,
    "invoice.credit_note_applied": CREDIT,
    "invoice.written_off": WRITE_OFF,
    "invoice.voided": VOID,
}


class Shown:
    """Open items as the view has them, once all is recorded."""

    def __init__(self, entries):
        timelines = Timelines()
        for entry in entries:
            timelines.take(entry)
        self.items = [(stream, item) for stream, items in timelines._items.items() for item in items]

    def at(self, day):
        """Each item with its period of that day."""
        for stream, known in self.items:
            for period in known.now:
                if period.valid_from <= day < period.valid_to:
                    yield stream.split(":")[-1], known.item, period


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(STEPS))
def test_figures_of_any_day_are_those_of_the_history_as_it_truly_was_whatever_the_order_of_recording(steps):
    recorded_as_it_was(History(steps))


def recorded_as_it_was(history: History) -> Clerk:
    clerk = Clerk(history)
    clerk.record_all()
    shown = Shown(clerk.ledger.entries)
    for number in range((clerk.last_day - BEGIN).days + 1):
        compare(history, clerk, shown, BEGIN + timedelta(number))
    return clerk


def compare(history, clerk, shown, day: date) -> None:
    truth = history.truth.at(day)
    items: dict[str, list[int]] = {}
    settled, aged, on_account = {}, Counter(), Counter()
    for about, item, period in shown.at(day):
        if item.kind == UNAPPLIED:
            on_account[period.customer] += period.open_minor
            continue
        opened = items.setdefault(about, [])
        opened.append(period.open_minor)
        aged[period.customer, item.due_on] += period.open_minor
        if not period.open_minor:
            settled[about, len(opened) - 1] = period.settled_on, BY[period.settled_by]
    assert items == {invoice: [*minors] for invoice, minors in truth.open.items()}, day
    assert settled == truth.settled, day
    issued = history.truth.issued
    assert +aged == +Counter(
        {
            (customer, due_on): sum(
                minors[n]
                for invoice, minors in truth.open.items()
                if issued[invoice].customer == customer
                for n, (due, _) in enumerate(issued[invoice].due)
                if due == due_on
            )
            for customer in {each.customer for each in issued.values()}
            for due_on in {due for each in issued.values() for due, _ in each.due}
        }
    ), day
    true_account = Counter[str]()
    for money, minor in truth.left.items():
        true_account[truth.whose[money]] += minor
    assert +on_account == +true_account, day
