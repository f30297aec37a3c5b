"""What a person does about a contact: a call, a visit, a decision, a delivery that needs a hand."""

from domain.contact.facts import Done, Fact, Skipped
from domain.contact.state import Contact, require_contact
from domain.invoice.contacting import REASONS_GIVEN, ReasonGiven
from domain.refusal import Refused

# A message is a person's to look at in these states.
FOR_A_PERSON = ("failed", "unknown", "withheld")
# Why a message was withheld, where a person can put it right: an address, a text, a font.
TO_PUT_RIGHT = ("no_address", "text_not_approved", "text_unfit", "no_glyph")


def is_task(contact: Contact) -> bool:
    """Whether a person is to act on it now."""
    return contact.state in FOR_A_PERSON if contact.is_message else contact.state == "planned"


def finish(
    contact: Contact | None, *, outcome: str, reached: bool = False, reason_given: ReasonGiven = ""
) -> list[Fact]:
    """Refuses `not_a_task` for what is no person's to do, and `unknown_reason`."""
    contact = require_contact(contact)
    if contact.state == "done" and contact.code == outcome:
        return []
    _require_task(contact)
    if reason_given not in REASONS_GIVEN:
        raise Refused("unknown_reason", f"a reason given is one of {', '.join(REASONS_GIVEN[:-1])}")
    return [Done(outcome, reached, reason_given)]


def skip(contact: Contact | None) -> list[Fact]:
    contact = require_contact(contact)
    if contact.state == "skipped":
        return []
    _require_task(contact)
    return [Skipped()]


def _require_task(contact: Contact) -> None:
    if not is_task(contact):
        state = contact.state.replace("_", " ")
        raise Refused("not_a_task", f"that is {state}, and nobody's to do; `receivables worklist` lists what is")
