"""Casework: what a person did about a contact, as facts on the contact, on the ladders that waited and on its invoices.

All of it or nothing: where a promise or a dispute is refused, the task is not done either.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

from domain import contact as contacts
from domain import invoice as invoices
from domain.case import Case, case_of
from domain.case.holding import finish_task
from domain.case.ladder import due_day
from domain.contact import Contact
from domain.contact.state import require_contact
from domain.customer import Customer
from domain.invoice import Invoice
from domain.invoice.contacting import ReasonGiven
from domain.invoice.dating import require_in_time
from domain.invoice.disputing import DisputeReason
from domain.invoice.facts import Fact as InvoiceFact
from domain.invoice.state import require_ours, require_positive
from domain.kinds import key_of
from domain.refusal import Refused

LONGEST_OUTCOME = 200
SKIPPED = "skipped"
DEBTOR = "debtor"
# Channels on which a person talks with the debtor.
_TALKS = ("phone", "visit")


class Task(NamedTuple):
    """A contact with all that its outcome may change: its customer, and its cases and invoices by stream."""

    stream: str
    contact: Contact | None
    debtor: Customer | None
    cases: Mapping[str, Case | None]
    invoices: Mapping[str, Invoice | None]


# Facts by stream.
Worked = dict[str, Sequence[object]]
_OnInvoices = dict[str, list[InvoiceFact]]


def finish(
    task: Task,
    on: date,
    *,
    outcome: str,
    reached: bool = False,
    spoke_with: str = "",
    reason_given: ReasonGiven = "",
    next_step: str = "",
    promise_on: date | None = None,
    promise_amount_minor: int | None = None,
    dispute_reason: DisputeReason | None = None,
    dispute_amount_minor: int | None = None,
    disputed: Sequence[str] = (),
) -> Worked:
    """Somebody who says why, promises or contests was reached. `disputed` are numbers of those invoices contested.

    A promise is for what is open and not disputed of each invoice; an amount goes to the earliest due first. Done again
    with the same outcome changes nothing, unless something else is promised or contested.
    Refuses `bad_outcome`, `too_early`, `not_a_task`, `which_invoice`, `no_such_invoice`, and as a promise and a
    dispute do.
    """
    contact = _require_task(task, on)
    _require_outcome(outcome)
    is_talk = contact.planned.channel in _TALKS
    reached = reached or (is_talk and bool(spoke_with or reason_given or promise_on or dispute_reason))
    done = contacts.finish(contact, outcome=outcome, reached=reached, reason_given=reason_given)
    facts: _OnInvoices = {stream: [] for stream in task.invoices}
    if done and reached and is_talk:
        for stream, invoice in task.invoices.items():
            facts[stream] += _called(task, invoice, on, spoke_with or DEBTOR, outcome, reason_given, next_step)
    if dispute_reason:
        for stream in _contested(task, disputed, dispute_amount_minor):
            invoice = _after(task, facts, stream, on)
            facts[stream] += invoices.dispute(invoice, reason_code=dispute_reason, amount_minor=dispute_amount_minor)
    if promise_on:
        states = {stream: _after(task, facts, stream, on) for stream in task.invoices}
        for stream, minor in _promised(states, promise_amount_minor):
            facts[stream] += invoices.promise(states[stream], on, pay_on=promise_on, amount_minor=minor)
    in_time = {stream: require_in_time(task.invoices[stream], told, on) for stream, told in facts.items() if told}
    return {task.stream: done, **_freed(task, outcome), **in_time}


def skip(task: Task, on: date) -> Worked:
    """A person decides against it; why is in the envelope. Refuses `not_a_task` and `too_early`."""
    contact = _require_task(task, on)
    return {task.stream: contacts.skip(contact), **_freed(task, SKIPPED)}


def _require_task(task: Task, on: date) -> Contact:
    contact = require_contact(task.contact)
    if on < contact.planned_on:
        raise Refused("too_early", f"the contact was planned on {contact.planned_on}, after {on}")
    return contact


def _require_outcome(outcome: str) -> None:
    if not outcome.strip() or len(outcome) > LONGEST_OUTCOME or not outcome.isprintable():
        raise Refused("bad_outcome", f"an outcome is a few words on one line, {LONGEST_OUTCOME} characters at most")


def _freed(task: Task, outcome: str) -> Worked:
    """The ladders that waited for it."""
    freed = {stream: finish_task(case, task=task.stream, outcome=outcome) for stream, case in task.cases.items()}
    return {stream: facts for stream, facts in freed.items() if facts}


def _called(
    task: Task,
    invoice: Invoice | None,
    on: date,
    spoke_with: str,
    outcome: str,
    reason_given: ReasonGiven,
    next_step: str,
) -> list[InvoiceFact]:
    blocked_until = task.debtor.blocked_until(on) if task.debtor else None
    try:
        return invoices.call(
            invoice,
            on,
            blocked_until,
            spoke_with=spoke_with,
            outcome=outcome,
            reason_given=reason_given,
            next_step=next_step,
        )
    except Refused:
        # One that is to be left alone by now: the talk was about the others.
        return []


def _contested(task: Task, numbers: Sequence[str], amount_minor: int | None) -> Sequence[str]:
    """Those that were named, else all of which something is open: where none is, the first, which is refused."""
    by_number = {key_of(stream)["number"]: stream for stream in task.invoices}
    if unknown := [number for number in numbers if number not in by_number]:
        raise Refused("no_such_invoice", f"the task is not about invoice {unknown[0]}", "disputed")
    named = [by_number[number] for number in dict.fromkeys(numbers)]
    is_open = [stream for stream, invoice in task.invoices.items() if invoice and invoice.open_minor]
    contested = named or is_open or [*task.invoices][:1]
    if amount_minor is not None and len(contested) > 1:
        raise Refused("which_invoice", f"the task is about {len(contested)} invoices; name the one contested")
    return contested


def _promised(states: Mapping[str, Invoice | None], amount_minor: int | None) -> Iterable[tuple[str, int]]:
    """Which invoices a promise is about, the earliest due first, and how much of each."""
    if amount_minor is not None:
        require_positive(amount_minor)
    about = {stream: invoice for stream, invoice in states.items() if invoice and _is_owed_to_us(invoice)}
    if not about:
        invoice = require_ours(next(iter(states.values())))
        raise Refused("disputed", f"all that is open on invoice {invoice.issued.number} is disputed")
    left = amount_minor
    for stream, invoice in sorted(about.items(), key=lambda each: (due_day(each[1]), each[0])):
        minor = _undisputed_minor(invoice) if left is None else min(left, _undisputed_minor(invoice))
        if minor:
            yield stream, minor
        left = None if left is None else left - minor
    if left:
        raise Refused("over_open", "the promise is for more than what is open and not disputed")


def _is_owed_to_us(invoice: Invoice) -> bool:
    is_elsewhere = invoice.is_voided or invoice.is_factored or invoice.agency is not None
    return not is_elsewhere and _undisputed_minor(invoice) > 0


def _undisputed_minor(invoice: Invoice) -> int:
    return invoice.open_minor - invoice.disputed_minor


def _after(task: Task, facts: _OnInvoices, stream: str, on: date) -> Invoice | None:
    """The invoice with what was decided about it so far."""
    return reduce(lambda state, fact: invoices.evolve(state, fact, on), facts[stream], task.invoices[stream])


def streams_of(contact: Contact) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cases and the invoices of a contact, in one order."""
    about = tuple(dict.fromkeys(each.invoice for each in contact.planned.about))
    return tuple(map(case_of, about)), about
