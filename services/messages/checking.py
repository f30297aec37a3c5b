"""A message as it is read again just before hand-over: what it is still about, and all that was looked at for that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.contact import Contact
from domain.contact.facts import About
from domain.contact.rechecking import is_notice, why_left_out
from domain.contact.sending import WAITING
from domain.entry import customer_stream
from domain.policy import policy_stream, version_of
from infra.log.ledger import Ledger
from infra.log.memory import Stream


@dataclass(frozen=True, slots=True)
class Checked:
    """`streams` are the contact, its invoices, its customer and policy; `states` what they were when it was checked.

    `left` is what may still be demanded. `left_out` has a line for every other invoice: its stream and a code.
    """

    streams: tuple[str, ...]
    states: tuple[object, ...]
    version: int
    contact: Contact
    left: tuple[About, ...]
    left_out: tuple[str, ...]

    @property
    def stream(self) -> str:
        return self.streams[0]

    @property
    def attempt(self) -> int:
        """The number of the hand-over to come."""
        return self.contact.attempt + 1

    @property
    def code(self) -> str:
        """Why nothing is left: that of the last invoice."""
        return self.left_out[-1].rpartition(" ")[2]

    @property
    def invoices(self) -> tuple[str, ...]:
        return tuple(about.invoice for about in self.left)


def read_again(ledger: Ledger, contacts: Sequence[str], today: date) -> list[Checked]:
    """Those that are still to be handed over that day, in their order; two queries however many."""
    read = ledger.read(contacts)
    waiting = [stream for stream in contacts if _is_waiting(read[stream].state, today)]
    known = ledger.read({other for stream in waiting for other in _others(read[stream].state)})
    return [_checked(stream, read[stream], known, today) for stream in waiting]


def _is_waiting(contact: Contact | None, today: date) -> bool:
    if contact is None or not contact.is_message or contact.state not in WAITING:
        return False
    return contact.again_on is None or contact.again_on <= today


def _others(contact: Contact) -> Iterable[str]:
    yield from dict.fromkeys(about.invoice for about in contact.planned.about)
    yield customer_stream(contact.planned.customer)
    yield policy_stream(contact.planned.policy)


def _checked(stream: str, read: Stream, known: Mapping[str, Stream], today: date) -> Checked:
    contact: Contact = read.state
    planned, others = contact.planned, tuple(_others(contact))
    customer, published = known[others[-2]].state, known[others[-1]].state
    policy = version_of(published, planned.policy_version) if published else None
    reasons = {
        about: why_left_out(
            known[about.invoice].state,
            customer,
            about,
            today,
            least_minor=policy.least(about.currency) if policy else 0,
            lapses=is_notice(planned),
        )
        for about in planned.about
    }
    return Checked(
        (stream, *others),
        (contact, *(known[other].state for other in others)),
        read.version,
        contact,
        tuple(about for about, reason in reasons.items() if reason is None),
        tuple(f"{about.invoice} {reason}" for about, reason in reasons.items() if reason),
    )
