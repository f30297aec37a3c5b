"""Days on a ladder: on which day each step falls due, and which is the next one of a case.

A step's day is due day + offset + the lateness of the steps before it; where that is no business day, a notice moves to
the business day before, everything else to the one after. So every debtor gets the distances the policy promises.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from domain.case.state import Case, Taken
from domain.customer import Customer
from domain.invoice import Invoice
from domain.invoice.state import PRINCIPAL, Item, undisputed
from domain.policy.document import MOVE_ALONG, Condition, Policy, Step

ONE_DAY = timedelta(days=1)


class Calendar(Protocol):
    """`name` says whose business days they are."""

    @property
    def name(self) -> str: ...

    def is_business_day(self, day: date) -> bool: ...


class TakenStep(NamedTuple):
    """A step that was taken in this run, and the day."""

    step: str
    on: date


class Run(NamedTuple):
    """One way up the ladder: for one due day of the invoice, and since the last payment that was taken back.

    `begin` is the index of the first step that may still be taken, `late_days` the lateness so far.
    """

    number: int
    due_on: date
    returned: int
    begin: int
    late_days: int
    taken: tuple[TakenStep, ...]


class Next(NamedTuple):
    step: Step
    on: date


class Subject(NamedTuple):
    """What the ladder is about: an invoice, its customer and its case, as they are on the day that is decided for."""

    invoice: Invoice
    customer: Customer | None
    case: Case

    @property
    def is_consumer(self) -> bool:
        return bool(self.customer and self.customer.terms and self.customer.terms.is_consumer)


def run_of(subject: Subject, policy: Policy) -> Run:
    """The present run of a case, or the one that is to begin. Something undisputed must be open on the invoice."""
    invoice, last = subject.invoice, subject.case.last
    due_on = due_day(invoice)
    if last is None:
        return Run(1, due_on, invoice.returned, 0, 0, ())
    decided = last.decided
    if invoice.returned > decided.returned:
        return Run(decided.run + 1, due_on, invoice.returned, _index(policy, policy.start_again_at), 0, ())
    if due_on > decided.invoice_due_on:
        # An earlier instalment was paid: the next one has a way of its own.
        return Run(decided.run + 1, due_on, invoice.returned, 0, 0, ())
    taken = subject.case.taken
    late_days = sum(each.decided.late_days for each in taken) if policy.late == MOVE_ALONG else 0
    steps = tuple(TakenStep(each.decided.step, each.on) for each in taken)
    return Run(decided.run, decided.invoice_due_on, invoice.returned, _after(policy, last), late_days, steps)


def next_step(subject: Subject, policy: Policy, run: Run, calendar: Calendar, today: date) -> Next | None:
    """The first step, not taken yet, whose conditions are met; `today` decides which notices have lapsed."""
    for step in policy.steps[run.begin :]:
        if step.lapses_when_due and today > run.due_on:
            continue
        if (on := step_day(step, run, calendar)) and applies(step.when, subject, run, today):
            return Next(step, on)
    return None


def step_day(step: Step, run: Run, calendar: Calendar) -> date | None:
    """None for a step that counts from one that was not taken."""
    days = timedelta(days=step.days)
    if step.after is None:
        return business_day(run.due_on + days + timedelta(days=run.late_days), calendar, is_notice=step.lapses_when_due)
    before = next((each.on for each in run.taken if each.step == step.after), None)
    return business_day(before + days, calendar, is_notice=step.lapses_when_due) if before else None


def business_day(day: date, calendar: Calendar, *, is_notice: bool) -> date:
    while not calendar.is_business_day(day):
        day += -ONE_DAY if is_notice else ONE_DAY
    return day


def business_days_between(day: date, until: date, calendar: Calendar) -> int:
    """Those after `day` up to and with `until`."""
    return sum(calendar.is_business_day(each) for each in _days(day + ONE_DAY, until))


def due_day(invoice: Invoice) -> date:
    """The first due day of what is open and undisputed, principal before charges."""
    open_items = [item for _, item in undisputed(invoice) if item.open_minor]
    principal = [item for item in open_items if item.kind == PRINCIPAL]
    return min(item.due_on for item in principal or open_items)


def demanded_minor(invoice: Invoice, due_on: date, today: date) -> int:
    """What is open, undisputed and due by then; of what is to come, only what is due on the day the run is about."""
    return sum(item.open_minor for _, item in undisputed(invoice) if _is_demanded(item, due_on, today))


def applies(condition: Condition, subject: Subject, run: Run, today: date) -> bool:
    if condition == _ALWAYS:
        return True
    invoice, customer = subject.invoice, subject.customer
    currency, open_minor = invoice.issued.currency, demanded_minor(invoice, run.due_on, today)
    if any(each.currency == currency and open_minor < each.minor for each in condition.open_at_least):
        return False
    if condition.customers != "everyone" and (condition.customers == "consumers") != subject.is_consumer:
        return False
    review = customer.review.risk_class if customer and customer.review else None
    if condition.risk_classes and review not in condition.risk_classes:
        return False
    return len(run.taken) >= condition.contacts_at_least and not any(_IS[each](invoice) for each in condition.unless)


_ALWAYS = Condition()
_IS = {
    "factored": lambda invoice: invoice.factored is not None,
    "placed": lambda invoice: invoice.agency is not None,
    "legal": lambda invoice: invoice.legal is not None,
    "disputed": lambda invoice: bool(invoice.disputes),
}


def _is_demanded(item: Item, due_on: date, today: date) -> bool:
    return item.due_on <= max(due_on, today)


def _index(policy: Policy, step: str) -> int:
    try:
        return policy.index(step)
    except KeyError:
        return 0


def _after(policy: Policy, last: Taken) -> int:
    """The index of the step after the last one taken.

    A policy to which the case was moved may not have that step: then the first one that comes later than it did.
    """
    try:
        return policy.index(last.decided.step) + 1
    except KeyError:
        reached = (last.decided.due_on - last.decided.invoice_due_on).days
        later = (index for index, step in enumerate(policy.steps) if step.days > reached)
        return next(later, len(policy.steps))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
