"""A contact as decisions see it: what is planned, how far it has come."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from domain.contact.facts import (
    Deferred,
    Delivered,
    DeliveryFailed,
    DeliveryUnknown,
    Done,
    Fact,
    HandedOver,
    Planned,
    Retried,
    Sent,
    Skipped,
    Withheld,
)
from domain.entry import ALWAYS, stream_name
from domain.refusal import Refused

MESSAGE = "message"
# What a person does; what the messenger could not bring about is a `delivery`.
CALL, VISIT, DECISION, DELIVERY, PROMISE = "call", "visit", "decision", "delivery", "promise"

State = Literal[
    "planned", "handed_over", "deferred", "sent", "delivered", "failed", "unknown", "withheld", "done", "skipped"
]


@dataclass(frozen=True, slots=True)
class Contact:
    """`attempt` numbers the hand-overs; `on` is the day of the last fact. `code` is why it failed or was withheld."""

    planned: Planned
    planned_on: date
    state: State = "planned"
    attempt: int = 0
    handed_over: HandedOver | None = None
    again_on: date | None = None
    code: str = ""
    on: date = ALWAYS

    @property
    def is_message(self) -> bool:
        return self.planned.kind == MESSAGE


def contact_stream(entity: str, on: date, channel: str, nth: int, customer: str) -> str:
    """One contact by customer, entity, channel and day; `nth` where there are several."""
    return stream_name("contact", entity, on.isoformat(), channel, str(nth), customer)


def require_contact(contact: Contact | None) -> Contact:
    if contact is None:
        raise no_such_contact()
    return contact


def no_such_contact() -> Refused:
    return Refused("no_such_contact", "there is no such contact; `receivables message list` lists them")


def evolve(contact: Contact | None, fact: Fact, on: date = ALWAYS) -> Contact:
    if contact is None:
        assert isinstance(fact, Planned), "a contact begins with its plan"
        return Contact(fact, on, on=on)
    contact = replace(contact, on=on)
    match fact:
        case HandedOver(attempt):
            return replace(contact, state="handed_over", attempt=attempt, handed_over=fact, again_on=None, code="")
        case Sent():
            return replace(contact, state="sent", code="")
        case Delivered():
            return replace(contact, state="delivered", code="")
        case Deferred(_, code, again_on):
            return replace(contact, state="deferred", code=code, again_on=again_on)
        case DeliveryFailed(_, code):
            return replace(contact, state="failed", code=code)
        case DeliveryUnknown(_, code):
            return replace(contact, state="unknown", code=code)
        case Withheld(code):
            return replace(contact, state="withheld", code=code)
        case Retried():
            return replace(contact, state="planned", again_on=None, code="")
        case Done(outcome):
            return replace(contact, state="done", code=outcome)
        case Skipped():
            return replace(contact, state="skipped")
        case Planned():
            return contact


def fold(facts: Iterable[Fact]) -> Contact | None:
    contact = None
    for fact in facts:
        contact = evolve(contact, fact)
    return contact
