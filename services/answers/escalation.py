"""The ladder of an invoice as plain data: what was done and why, what stands in the way, what is to come."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypedDict

from domain.case.deciding import Code
from domain.case.facts import StepDecided
from domain.case.ladder import Next
from domain.contact import Contact
from domain.money import major
from services.escalation.subjects import Pursued

HELD = "held"
# What a message on its way is to who asks what became of a step: it is still to go.
_ON_ITS_WAY = ("handed_over", "deferred")


class PolicyVersion(TypedDict):
    name: str
    version: int


class Because(TypedDict):
    """What the step rested on; `late_days` is how long after its day it was taken."""

    policy: str
    version: int
    run: int
    late_days: int
    currency: str
    open: str
    demanded: str
    days_past_due: int
    calendar: str
    last_contact_on: str | None


class StepTaken(TypedDict):
    """`contact` is the message, else what a person does; `outcome` its state, or held while the ladder waits for it."""

    step: str
    due_on: str
    decided_on: str
    channel: str | None
    contact: str | None
    outcome: str | None
    because: Because


class Explanation(TypedDict):
    invoice: str
    policy: PolicyVersion
    steps: list[StepTaken]


class NextStep(TypedDict):
    step: str
    on: str


class WhyNot(TypedDict):
    """`blocked_by` is None when nothing stands in the way; `step` is what is, was or would be taken that day."""

    invoice: str
    on: str
    blocked_by: Code | None
    step: str | None
    message: str
    next: NextStep | None


class ComingStep(TypedDict):
    step: str
    on: str
    channel: str | None


class StepForecast(TypedDict):
    invoice: str
    steps: list[ComingStep]


class Taken(NamedTuple):
    """A step of a case, the day, and what became of what it led to."""

    decided: StepDecided
    on: date
    contact: Contact | None
    is_held: bool


class Coming(NamedTuple):
    step: str
    on: date
    channel: str | None


def explanation(pursued: Pursued, taken: Iterable[Taken]) -> Explanation:
    return {
        "invoice": pursued.subject.invoice.issued.number,
        "policy": {"name": pursued.policy.name, "version": pursued.version},
        "steps": [_taken(each) for each in taken],
    }


def why_not(
    pursued: Pursued, on: date, blocked_by: Code | None, step: str | None, message: str, following: Next | None
) -> WhyNot:
    return {
        "invoice": pursued.subject.invoice.issued.number,
        "on": on.isoformat(),
        "blocked_by": blocked_by,
        "step": step,
        "message": message,
        "next": {"step": following.step.name, "on": following.on.isoformat()} if following else None,
    }


def step_forecast(pursued: Pursued, coming: Iterable[Coming]) -> StepForecast:
    steps: list[ComingStep] = [
        {"step": each.step, "on": each.on.isoformat(), "channel": each.channel} for each in coming
    ]
    return {"invoice": pursued.subject.invoice.issued.number, "steps": steps}


def _taken(taken: Taken) -> StepTaken:
    fact = taken.decided
    return {
        "step": fact.step,
        "due_on": fact.due_on.isoformat(),
        "decided_on": taken.on.isoformat(),
        "channel": fact.channel,
        "contact": fact.contact or fact.task,
        "outcome": HELD if taken.is_held else _state(taken.contact),
        "because": _because(fact),
    }


def _because(fact: StepDecided) -> Because:
    inputs = fact.because
    return {
        "policy": fact.policy,
        "version": fact.version,
        "run": fact.run,
        "late_days": fact.late_days,
        "currency": inputs.currency,
        "open": major(inputs.open_minor, inputs.currency),
        "demanded": major(inputs.demanded_minor, inputs.currency),
        "days_past_due": inputs.days_past_due,
        "calendar": inputs.calendar,
        "last_contact_on": inputs.last_contact_on.isoformat() if inputs.last_contact_on else None,
    }


def _state(contact: Contact | None) -> str | None:
    if contact is None:
        return None
    return "planned" if contact.state in _ON_ITS_WAY else contact.state
