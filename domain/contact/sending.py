"""A message on its way: handed over, and what became of it. Each outcome is recorded once, and the first one that says
where the message is stays, except that news from the receiver's side come after it."""

from datetime import date

from domain.contact.facts import (
    Deferred,
    Delivered,
    DeliveryFailed,
    DeliveryUnknown,
    Fact,
    HandedOver,
    Retried,
    Sent,
    Withheld,
)
from domain.contact.state import Contact, require_contact
from domain.refusal import Refused

# States in which the messenger may take a message up.
WAITING = ("planned", "deferred")


def hand_over(
    contact: Contact | None,
    on: date,
    *,
    channel: str,
    message_id: str,
    sha256: str,
    invoices: tuple[str, ...],
    texts: str,
) -> list[Fact]:
    """The intent, recorded before the message leaves. Refuses `not_waiting` where it was taken up before."""
    contact = _require_waiting(contact, on)
    return [HandedOver(contact.attempt + 1, channel, message_id, sha256, invoices, texts)]


def withhold(contact: Contact | None, on: date, *, code: str, invoices: tuple[str, ...] = ()) -> list[Fact]:
    _require_waiting(contact, on)
    return [Withheld(code, invoices)]


def send(contact: Contact | None, *, attempt: int) -> list[Fact]:
    return _after(contact, attempt, Sent(attempt), ("handed_over", "unknown"))


def defer(contact: Contact | None, *, attempt: int, code: str, again_on: date) -> list[Fact]:
    return _after(contact, attempt, Deferred(attempt, code, again_on), ("handed_over",))


def fail(contact: Contact | None, *, attempt: int, code: str) -> list[Fact]:
    """The server refused it, or the message came back: then it had been sent, or nobody knew."""
    return _after(contact, attempt, DeliveryFailed(attempt, code), ("handed_over", "sent", "unknown"))


def lose(contact: Contact | None, *, attempt: int, code: str) -> list[Fact]:
    return _after(contact, attempt, DeliveryUnknown(attempt, code), ("handed_over",))


def deliver(contact: Contact | None, *, attempt: int) -> list[Fact]:
    return _after(contact, attempt, Delivered(attempt), ("handed_over", "sent", "unknown"))


def retry(contact: Contact | None) -> list[Fact]:
    """A person wants it sent once more, who knows that it failed, was withheld or has not arrived."""
    contact = require_contact(contact)
    if contact.state in WAITING or not contact.is_message:
        return []
    if contact.state not in ("failed", "unknown", "withheld"):
        raise Refused("already_sent", f"the message was {contact.state.replace('_', ' ')}; it is not sent again")
    return [Retried(contact.attempt)]


def _require_waiting(contact: Contact | None, on: date) -> Contact:
    contact = require_contact(contact)
    is_due = contact.again_on is None or contact.again_on <= on
    if not contact.is_message or contact.state not in WAITING or not is_due:
        raise Refused("not_waiting", f"the contact is {contact.state.replace('_', ' ')}, it is not to be sent now")
    return contact


def _after(contact: Contact | None, attempt: int, fact: Fact, states: tuple[str, ...]) -> list[Fact]:
    """The outcome of an attempt; one that is known already, or of an attempt before the last, changes nothing."""
    contact = require_contact(contact)
    return [fact] if contact.attempt == attempt and contact.state in states else []
