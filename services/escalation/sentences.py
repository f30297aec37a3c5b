"""What a ladder does, or what stands in its way, as a collector reads it: what it is, and what is to be done."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from domain.case.deciding import Code, Due, Surroundings
from domain.case.facts import StepDecided
from domain.case.ladder import Next, demanded_minor, run_of
from domain.invoice import Invoice
from domain.invoice.state import plan_items
from domain.money import readable
from services.escalation.subjects import Pursued


class Blocked(NamedTuple):
    """An invoice of which no step is taken on a day."""

    pursued: Pursued
    on: date
    around: Surroundings
    following: Next | None

    @property
    def invoice(self) -> Invoice:
        return self.pursued.subject.invoice

    @property
    def number(self) -> str:
        return self.invoice.issued.number

    def amount(self, minor: int) -> str:
        return readable(minor, self.invoice.issued.currency)


def what_blocks(code: Code, blocked: Blocked) -> str:
    """With what comes next by itself."""
    said = _SENTENCES[code](blocked)
    following = blocked.following
    if not following or code == "not_due":
        return said
    return f"{said} {following.step.name} follows on {following.on}."


def was_taken(fact: StepDecided, *, is_held: bool) -> str:
    led_to = " and ".join(each for each in (fact.contact, fact.task) if each)
    said = f"{fact.step} was taken that day{_late(fact.late_days)}: {led_to}."
    return f"{said} The ladder waits until that task is done." if is_held else said


def is_taken(due: Due, on: date) -> str:
    return f"Nothing stands in the way: {due.step.name}, due on {due.due_on}, is taken on {on}{_late(due.late_days)}."


def was_not_taken(due: Due) -> str:
    return (
        f"By what is known now, nothing stood in the way of {due.step.name}, due on {due.due_on}. Either the ladder "
        "did not run for that day, or it had reached the bound of the day, or the facts were recorded later."
    )


def _late(days: int) -> str:
    return f", {days} day{'s' * (days > 1)} after its day" if days else ""


def _voided(blocked: Blocked) -> str:
    return "The invoice was voided: it is not owed, and the ladder is over."


def _written_off(blocked: Blocked) -> str:
    return (
        f"What was open, {blocked.amount(blocked.invoice.written_off_minor)}, is written off, and the ladder is over. "
        "Money that still comes is recorded with `receivables receipt record`."
    )


def _paid(blocked: Blocked) -> str:
    return "Nothing is open, and the ladder is over; it begins anew if a payment is taken back."


def _factored(blocked: Blocked) -> str:
    factored = blocked.invoice.factored
    assert factored
    return f"The invoice belongs to {factored.factor}, who collects it: there is nothing for us to do."


def _placed(blocked: Blocked) -> str:
    agency = blocked.invoice.agency
    assert agency
    return (
        f"The invoice is with {agency.agency}, who collects it. "
        f"`receivables invoice recall {blocked.number}` takes it back, and the ladder goes on at its next step."
    )


def _legal(blocked: Blocked) -> str:
    legal = blocked.invoice.legal
    assert legal
    return (
        f"Legal action runs ({legal.kind}, {legal.reference}), and nothing else is sent beside it. "
        f"`receivables invoice judgment {blocked.number}` records how it ends."
    )


def _disputed(blocked: Blocked) -> str:
    disputes = ", ".join(f"{each.number}: {each.reason_code}, since {each.on}" for each in blocked.invoice.disputes)
    return (
        f"All that is open is disputed ({disputes}). Settle it with the customer and end it with "
        f"`receivables invoice resolve {blocked.number}`; the ladder goes on at its next step."
    )


def _promised(blocked: Blocked) -> str:
    promise = blocked.invoice.promise
    assert promise
    return (
        f"{blocked.amount(promise.amount_minor)} is promised for {promise.pay_on}. Nothing is to be done until then; "
        "the promise is judged the morning after."
    )


def _plan_open(blocked: Blocked) -> str:
    coming = [(item.due_on, item.open_minor) for _, item in plan_items(blocked.invoice)]
    if not coming:
        return (
            "What is to be paid of the instalment plan is disputed. End the dispute with "
            f"`receivables invoice resolve {blocked.number}`, and the ladder goes on."
        )
    due_on, minor = min(coming)
    return (
        f"The instalment plan is kept: {blocked.amount(minor)} is due on {due_on}. Nothing is to be done until then; "
        "the ladder goes on if it does not come."
    )


def _blocked(blocked: Blocked) -> str:
    customer = blocked.pursued.subject.customer
    of_invoice = blocked.invoice.blocked_until(blocked.on)
    of_customer = customer.blocked_until(blocked.on) if customer else None
    ends = [(of_invoice, "invoice", blocked.number), (of_customer, "customer", blocked.pursued.owner.customer)]
    until, who, key = max((until, who, key) for until, who, key in ends if until)
    return (
        f"The {who} is blocked: no contacts up to and with {until}. `receivables {who} unblock {key}` ends that sooner."
    )


def _stale_bank(blocked: Blocked) -> str:
    return (
        f"The bank has booked nothing since {blocked.around.last_bank_on}, so who has paid is not known. "
        "Import its latest file with `receivables import payments FILE`; then the ladder goes on."
    )


def _minimum(blocked: Blocked) -> str:
    invoice, policy = blocked.invoice, blocked.pursued.policy
    demanded = demanded_minor(invoice, run_of(blocked.pursued.subject, policy).due_on, blocked.on)
    least = policy.least(invoice.issued.currency)
    return (
        f"{blocked.amount(demanded)} is to be demanded, and the policy {policy.name} chases nothing below "
        f"{blocked.amount(least)}. Leave it, or `receivables invoice write-off {blocked.number}`."
    )


def _held(blocked: Blocked) -> str:
    case = blocked.pursued.subject.case
    assert case.last
    return (
        f"The ladder has waited for a person since {case.last.on}: {case.last.decided.step}. "
        f"`receivables task done {case.held_by}` lets it go on, and so does `receivables task skip`."
    )


def _not_due(blocked: Blocked) -> str:
    following, last = blocked.following, blocked.pursued.subject.case.last
    if following:
        return f"Nothing is due yet: the next step, {following.step.name}, comes on {following.on}."
    after = f" after {last.decided.step} of {last.on}" if last else ""
    return (
        f"The ladder has no step left{after}, and {blocked.amount(blocked.invoice.open_minor)} is open. Decide what "
        f"becomes of it: assign another policy, or `receivables invoice write-off {blocked.number}`."
    )


def _quiet(blocked: Blocked) -> str:
    policy = blocked.pursued.policy
    return (
        f"Customer {blocked.pursued.owner.customer} was last contacted on {blocked.around.last_contact_on}, and "
        f"{policy.quiet_days} days are kept between two contacts. Nothing is to be done."
    )


_SENTENCES: Mapping[Code, Callable[[Blocked], str]] = {
    "voided": _voided,
    "written_off": _written_off,
    "paid": _paid,
    "factored": _factored,
    "placed": _placed,
    "legal": _legal,
    "disputed": _disputed,
    "promised": _promised,
    "plan_open": _plan_open,
    "blocked": _blocked,
    "stale_bank": _stale_bank,
    "minimum": _minimum,
    "held": _held,
    "not_due": _not_due,
    "quiet": _quiet,
}
