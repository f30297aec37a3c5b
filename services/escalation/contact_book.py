"""The book of contacts: what customers were told, when and how, what became of it, and what was sent."""

from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.policy import default
from enum import StrEnum
from typing import Protocol

from domain.contact import Contact
from domain.contact.state import require_contact
from domain.kinds import KINDS
from domain.refusal import Refused
from infra.disclosures import CONTACT, MESSAGE, Disclose
from infra.log.ledger import Ledger
from projections.escalation import listing
from projections.escalation.view import NAME as ESCALATION
from services.answers.contacts import ContactAnswer, ContactsAnswer, contact_answer, contacts_answer
from services.answers.facts import FactAnswer
from services.snapshots import Snapshots, require_named

Trail = Callable[[str], list[FactAnswer]]


class Archived(Protocol):
    def get(self, customer: str, content_hash: str) -> bytes | None:
        """What was sent, byte for byte; None once the customer's data was erased."""


class SentAs(StrEnum):
    text = "text"
    html = "html"
    pdf = "pdf"
    eml = "eml"


class ContactBook:
    """`trail` gives the facts of a stream."""

    def __init__(
        self, ledger: Ledger, snapshots: Snapshots, trail: Trail, archive: Callable[[], Archived], disclose: Disclose
    ):
        self._ledger, self._snapshots, self._trail, self._archive = ledger, snapshots, trail, archive
        self._disclose = disclose

    def contacts(
        self,
        customer: str | None = None,
        state: str | None = None,
        from_on: date | None = None,
        to_on: date | None = None,
    ) -> ContactsAnswer:
        """All contacts, calls and visits too, in the order they were planned.

        Refuses `bad_period`, `unknown_state` and `not_registered`.
        """
        if from_on and to_on and from_on > to_on:
            raise Refused("bad_period", f"the period begins on {from_on}, after its last day {to_on}")
        if state and state not in listing.STATES:
            raise Refused("unknown_state", f"a contact is one of {', '.join(listing.STATES)}")
        with self._snapshots.at(None, ESCALATION, "open_items") as (as_known, ask):
            [rows] = ask(listing.contacts(customer, state, from_on, to_on))
            if customer and not rows:
                require_named(ask, customer=customer)
        return contacts_answer(as_known, (listing.Contact(*row) for row in rows))

    def contact(self, name: str) -> ContactAnswer:
        """One contact by its name, with its facts. Refuses `no_such_contact` and `bad_key`."""
        stream, contact = self._found(name)
        return contact_answer(stream, contact, self._trail(stream))

    def sent(self, name: str, form: SentAs) -> bytes:
        """What was sent, in one of its forms. Refuses `not_sent`, `not_kept`, `not_in_form` and as `contact` does."""
        _, contact = self._found(name)
        if contact.handed_over is None:
            raise Refused("not_sent", f"nothing was sent: the contact is {contact.state.replace('_', ' ')}")
        data = self._archive().get(contact.planned.customer, contact.handed_over.sha256)
        if data is None:
            raise Refused("not_kept", "what was sent is not kept any more: the customer's data was erased")
        shown = _in_form(data, form)
        self._disclose("message show", [contact.planned.customer], CONTACT, MESSAGE)
        return shown

    def _found(self, name: str) -> tuple[str, Contact]:
        stream = KINDS["contact"].stream(name)
        return stream, require_contact(self._ledger.state(stream))


def _in_form(data: bytes, form: SentAs) -> bytes:
    is_letter = data.startswith(b"%PDF")
    if is_letter != (form == SentAs.pdf):
        raise Refused("not_in_form", f"a {'letter is pdf' if is_letter else 'mail is text, html or eml'}, not {form}")
    if is_letter or form == SentAs.eml:
        return data
    part = message_from_bytes(data, policy=default).get_body((("html" if form == SentAs.html else "plain"),))
    if part is None:
        raise Refused("not_in_form", f"the mail has no {form}")
    return str(part.get_content()).encode()
