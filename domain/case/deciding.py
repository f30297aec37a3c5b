"""What the ladder does about an invoice on a day: one step at most, or what stands in the way.

`decide` is pure: the same invoice, customer, case, policy, calendar and day always give the same answer, so that it can
be explained, forecast and played again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from domain.case.facts import Inputs, StepDecided
from domain.case.ladder import (
    ONE_DAY,
    Calendar,
    Next,
    Run,
    Subject,
    TakenStep,
    business_days_between,
    demanded_minor,
    next_step,
    run_of,
)
from domain.case.state import Case, evolve
from domain.customer import Customer
from domain.invoice import Invoice
from domain.invoice.state import plan_items
from domain.policy.document import MOVE_ALONG, Policy, Step

# In the order in which they are looked for; `bound` is said of a whole tick.
Code = Literal[
    "voided",
    "written_off",
    "paid",
    "factored",
    "placed",
    "legal",
    "disputed",
    "promised",
    "plan_open",
    "blocked",
    "stale_bank",
    "minimum",
    "held",
    "not_due",
    "quiet",
    "bound",
]
# With these nothing is to be expected of the ladder.
CLOSED = ("voided", "written_off", "paid")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the invoice: the last contact of its customer and entity, the last day the bank booked."""

    last_contact_on: date | None = None
    last_bank_on: date | None = None


class Due(NamedTuple):
    """A step to be taken now."""

    step: Step
    run: Run
    due_on: date
    late_days: int
    because: Inputs


class Waiting(NamedTuple):
    """No step: why not, and what comes next by itself, if anything does."""

    code: Code
    next: Next | None = None


def decide(
    subject: Subject, policy: Policy, calendar: Calendar, today: date, around: Surroundings = Surroundings()
) -> Due | Waiting:
    """A promise and a plan that are over must have been judged before."""
    if code := _stop(subject, today):
        return Waiting(code, _next_after_stop(subject, policy, calendar, today, around, code))
    run = run_of(subject, policy)
    coming = next_step(subject, policy, run, calendar, today)
    demanded = demanded_minor(subject.invoice, run.due_on, today)
    if code := _pause(subject, policy, calendar, today, around, run, coming, demanded):
        return Waiting(code, _expected(code, coming, policy, today, around))
    assert coming, "what has no next step is not due"
    invoice = subject.invoice
    because = Inputs(
        invoice.issued.currency,
        invoice.open_minor,
        demanded,
        (today - run.due_on).days,
        calendar.name,
        around.last_contact_on,
    )
    return Due(coming.step, run, coming.on, (today - coming.on).days, because)


def decided(
    subject: Subject,
    due: Due,
    policy: Policy,
    version: int,
    calendar: Calendar,
    today: date,
    *,
    channel: str | None = None,
    contact: str | None = None,
    task: str | None = None,
) -> StepDecided:
    """The fact of a step taken today; `contact` and `task` are what it leads to."""
    step, run = due.step, due.run
    held = step.holds and task is not None
    following = None if held else _following(subject, due, policy, calendar, today)
    return StepDecided(
        step.name,
        step.level,
        policy.name,
        version,
        run.number,
        run.due_on,
        run.returned,
        due.due_on,
        due.late_days,
        due.because,
        channel,
        contact,
        task,
        held,
        next_on=max(following.on, today + ONE_DAY) if following else None,
    )


class Ahead(NamedTuple):
    """A step to come, and how the case and what is around it are then."""

    step: Step
    on: date
    subject: Subject
    around: Surroundings


def ahead(
    subject: Subject,
    policy: Policy,
    version: int,
    calendar: Calendar,
    today: date,
    around: Surroundings = Surroundings(),
) -> Iterator[Ahead]:
    """The steps to come if nothing happens but that people do, on the day, what the ladder waits for."""
    for _ in policy.steps:
        subject = subject._replace(case=replace(subject.case, held_by=None))
        outcome = decide(subject, policy, calendar, today, around)
        while isinstance(outcome, Waiting):
            if outcome.next is None or outcome.next.on <= today:
                return
            today = outcome.next.on
            outcome = decide(subject, policy, calendar, today, around)
        fact = decided(subject, outcome, policy, version, calendar, today)
        subject = subject._replace(case=evolve(subject.case, fact, today))
        if outcome.step.is_contact:
            around = replace(around, last_contact_on=today)
        yield Ahead(outcome.step, today, subject, around)
        today += ONE_DAY


def _stop(subject: Subject, today: date) -> Code | None:
    """What stops a ladder whatever its policy says."""
    invoice, customer = subject.invoice, subject.customer
    if invoice.is_voided:
        return "voided"
    open_minor = invoice.open_minor
    if not open_minor:
        return "written_off" if invoice.written_off_minor else "paid"
    if invoice.is_factored:
        return "factored"
    if invoice.agency:
        return "placed"
    if invoice.legal:
        return "legal"
    if invoice.disputed_minor == open_minor:
        return "disputed"
    if invoice.promise and today <= invoice.promise.pay_on:
        return "promised"
    if invoice.plan_minor and not any(item.due_on < today for _, item in plan_items(invoice)):
        return "plan_open"
    if _blocked_until(invoice, customer, today):
        return "blocked"
    return None


def _pause(
    subject: Subject,
    policy: Policy,
    calendar: Calendar,
    today: date,
    around: Surroundings,
    run: Run,
    coming: Next | None,
    demanded: int,
) -> Code | None:
    """What makes a ladder wait by its policy."""
    if coming and coming.step.ways and around.last_bank_on:
        silent = business_days_between(around.last_bank_on, today, calendar)
        if silent > policy.stale_bank_days:
            return "stale_bank"
    if demanded < policy.least(subject.invoice.issued.currency):
        return "minimum"
    if subject.case.held_by and run.number == _last_run(subject.case):
        return "held"
    last = subject.case.last
    if coming is None or today < coming.on or (last and last.on >= today):
        return "not_due"
    if coming.step.is_contact and around.last_contact_on and _quiet_until(policy, around) > today:
        return "quiet"
    return None


def _quiet_until(policy: Policy, around: Surroundings) -> date:
    """The first day on which there may be a contact again."""
    assert around.last_contact_on
    return around.last_contact_on + timedelta(days=policy.quiet_days)


def _expected(code: Code, coming: Next | None, policy: Policy, today: date, around: Surroundings) -> Next | None:
    """The next step by itself, and the day it is expected on; none where a person or the bank must act first."""
    if coming is None or code in ("minimum", "held", "stale_bank"):
        return None
    on = max(coming.on, today + ONE_DAY)
    if coming.step.is_contact and around.last_contact_on:
        on = max(on, _quiet_until(policy, around))
    return Next(coming.step, on)


def _next_after_stop(
    subject: Subject, policy: Policy, calendar: Calendar, today: date, around: Surroundings, code: Code
) -> Next | None:
    """After a promise, a kept plan or a block the ladder goes on by itself; a day of each may follow another."""
    invoice, customer = subject.invoice, subject.customer
    ends = {
        "promised": invoice.promise.pay_on if invoice.promise else None,
        "plan_open": _plan_kept_until(subject),
        "blocked": _blocked_until(invoice, customer, today),
    }
    until = ends.get(code)
    if until is None:
        return None
    outcome = decide(subject, policy, calendar, until + ONE_DAY, around)
    return Next(outcome.step, until + ONE_DAY) if isinstance(outcome, Due) else outcome.next


def _blocked_until(invoice: Invoice, customer: Customer | None, today: date) -> date | None:
    """The last day of a block that holds, of the invoice or of its customer."""
    ends = (invoice.blocked_until(today), customer.blocked_until(today) if customer else None)
    return max(filter(None, ends), default=None)


def _plan_kept_until(subject: Subject) -> date | None:
    """The first due day of an instalment that is still to be paid."""
    return min((item.due_on for _, item in plan_items(subject.invoice)), default=None)


def _following(subject: Subject, due: Due, policy: Policy, calendar: Calendar, today: date) -> Next | None:
    """The step after the one that is taken today."""
    step, run = due.step, due.run
    late_days = run.late_days + due.late_days if policy.late == MOVE_ALONG else 0
    taken = (*run.taken, TakenStep(step.name, today))
    after = Run(run.number, run.due_on, run.returned, policy.index(step.name) + 1, late_days, taken)
    return next_step(subject, policy, after, calendar, today)


def _last_run(case: Case) -> int:
    return case.last.decided.run if case.last else 0
