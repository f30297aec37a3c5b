"""What can have happened to a contact: a message or a task about one or more invoices of one customer.

No personal data: addresses are looked up when the message is handed over, and what a mail server answered is kept as
its codes alone.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class About:
    """An invoice the contact is about, at the step that led to it, with what was demanded that day (minor units).

    `tone` is that of its own step; None in facts from before it was kept.
    """

    invoice: str
    step: str
    level: int
    run: int
    due_on: date
    currency: str
    open_minor: int
    demanded_minor: int
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """`kind` is message, or a task for a person: call, visit, decision, delivery, promise.

    `step` is the furthest of its steps, and `tone` that step's. `channel` is email, letter, phone or visit; a decision
    has none. `holds` says that the ladder of its invoices waits for it. What else is open is read when it is sent.
    """

    kind: str
    entity: str
    customer: str
    step: str
    tone: str
    language: str
    policy: str
    policy_version: int
    about: tuple[About, ...]
    channel: str | None = None
    pay_by: date | None = None
    script: str | None = None
    holds: bool = False
    approval: bool = False


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Recorded before the message leaves: if nothing is recorded after it, nobody knows whether it has left.

    `sha256` is that of the exact bytes, which are archived. `invoices` are those it is about after all.
    """

    attempt: int
    channel: str
    message_id: str
    sha256: str
    invoices: tuple[str, ...]
    texts: str


@dataclass(frozen=True, slots=True)
class Sent:
    attempt: int


@dataclass(frozen=True, slots=True)
class Delivered:
    attempt: int


@dataclass(frozen=True, slots=True)
class Deferred:
    """The message was not taken, for now: it is handed over again on `again_on` or later. `code` is the server's."""

    attempt: int
    code: str
    again_on: date


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """It did not arrive, and is not tried again by itself."""

    attempt: int
    code: str


@dataclass(frozen=True, slots=True)
class DeliveryUnknown:
    """Nobody knows whether it left: it is never handed over again by itself."""

    attempt: int
    code: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """It was not sent: `code` says why, and `invoices` why each of them was left out."""

    code: str
    invoices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retried:
    """A person has it sent once more."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Done:
    """A person did it. `reached` says that the debtor was reached; `reason_given` is why they have not paid."""

    outcome: str
    reached: bool
    reason_given: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A person decided against it; why is in the envelope."""


Fact = (
    Planned
    | HandedOver
    | Sent
    | Delivered
    | Deferred
    | DeliveryFailed
    | DeliveryUnknown
    | Withheld
    | Retried
    | Done
    | Skipped
)


# By the names they are stored under, which are for ever; classes and modules may move.
FACTS: dict[str, type] = {
    "contact.planned": Planned,
    "contact.handed_over": HandedOver,
    "contact.sent": Sent,
    "contact.delivered": Delivered,
    "contact.deferred": Deferred,
    "contact.delivery_failed": DeliveryFailed,
    "contact.delivery_unknown": DeliveryUnknown,
    "contact.withheld": Withheld,
    "contact.retried": Retried,
    "contact.done": Done,
    "contact.skipped": Skipped,
}
