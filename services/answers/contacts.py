"""Contacts as plain data: what was planned, what became of it, and every fact of one of them."""

from collections.abc import Iterable
from typing import TypedDict

from domain.contact import Contact as ContactState
from domain.kinds import key_of
from domain.money import major
from projections.escalation.listing import STATES, Contact
from services.answers.as_known import KnownTo, known_to
from services.answers.facts import FactAnswer
from services.snapshots import AsOfPosition


class ContactRow(TypedDict):
    """`planned_on` is the day of the tick; `message_id` and `sha256` are those of the last hand-over."""

    contact: str
    kind: str
    customer: str
    channel: str | None
    step: str
    invoices: list[str]
    planned_on: str
    state: str
    code: str | None
    message_id: str | None
    sha256: str | None


class ContactsAnswer(KnownTo):
    rows: list[ContactRow]


class AboutRow(TypedDict):
    """An invoice as it was when the contact was planned."""

    invoice: str
    step: str
    due_on: str
    currency: str
    open: str
    demanded: str


class ContactAnswer(ContactRow):
    entity: str
    language: str
    tone: str
    policy: str
    policy_version: int
    pay_by: str | None
    about: list[AboutRow]
    facts: list[FactAnswer]


def contacts_answer(snapshot: AsOfPosition, contacts: Iterable[Contact]) -> ContactsAnswer:
    rows = [contact_row(each) for each in contacts]
    return {**known_to(snapshot), "rows": rows}


def contact_answer(stream: str, contact: ContactState, facts: list[FactAnswer]) -> ContactAnswer:
    planned, sent = contact.planned, contact.handed_over
    return {
        "contact": stream,
        "kind": planned.kind,
        "customer": planned.customer,
        "channel": sent.channel if sent else planned.channel,
        "step": planned.step,
        "invoices": numbers(each.invoice for each in planned.about),
        "planned_on": contact.planned_on.isoformat(),
        "state": next(shown for shown, states in STATES.items() if contact.state in states),
        "code": contact.code or None,
        "message_id": sent.message_id if sent else None,
        "sha256": sent.sha256 if sent else None,
        "entity": planned.entity,
        "language": planned.language,
        "tone": planned.tone,
        "policy": planned.policy,
        "policy_version": planned.policy_version,
        "pay_by": planned.pay_by.isoformat() if planned.pay_by else None,
        "about": [
            {
                "invoice": key_of(each.invoice)["number"],
                "step": each.step,
                "due_on": each.due_on.isoformat(),
                "currency": each.currency,
                "open": major(each.open_minor, each.currency),
                "demanded": major(each.demanded_minor, each.currency),
            }
            for each in planned.about
        ],
        "facts": facts,
    }


def numbers(invoices: Iterable[str]) -> list[str]:
    """Of the streams of invoices, in their order."""
    return [key_of(stream)["number"] for stream in dict.fromkeys(invoices)]


def contact_row(contact: Contact) -> ContactRow:
    return {
        "contact": contact.contact,
        "kind": contact.kind,
        "customer": contact.customer,
        "channel": contact.channel,
        "step": contact.step,
        "invoices": numbers(contact.invoices),
        "planned_on": contact.planned_on.isoformat(),
        "state": contact.shown_state,
        "code": contact.code or None,
        "message_id": contact.message_id,
        "sha256": contact.sha256,
    }
