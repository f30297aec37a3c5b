"""What each fact moves on which item: the one place where open items read the facts of domain."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from domain.entry import Entry
from domain.facts import NAMES
from domain.invoice import facts as invoice
from domain.invoice.claim import COMPENSATION, FEE, INTEREST, PRINCIPAL
from domain.receipt import Allocated, Identified, Received, Refunded, Reversed, Unallocated
from domain.terms import Instalment
from projections.timeline import Movement

PLAN, UNAPPLIED = "plan", "unapplied"
UNIDENTIFIED = ""
# The item of a movement that concerns every item the claim has.
EVERY = 0


class Opening(NamedTuple):
    """A new item. What is None is as on the claim's first item."""

    kind: str
    original_minor: int
    due_on: date
    entity: str | None = None
    currency: str | None = None
    issued_on: date | None = None
    document_on: date | None = None


class Moved(NamedTuple):
    item: int
    movement: Movement
    opening: Opening | None = None


def movements(entry: Entry) -> list[Moved]:
    """What an entry moves, at most once per item; nothing for a fact that moves no item."""
    read = _READ.get(type(entry.fact))
    return read(entry, entry.fact) if read else []


def _issued(entry: Entry, fact: invoice.Issued) -> list[Moved]:
    return [
        Moved(
            number,
            Movement(entry.effective_on, entry.position, each.minor, 0, 0, "invoice.issued", fact.customer),
            Opening(
                PRINCIPAL,
                each.minor,
                each.due_on,
                fact.entity,
                fact.currency,
                fact.issued_on,
                fact.document_on or fact.issued_on,
            ),
        )
        for number, each in enumerate(fact.instalments, 1)
    ]


def _less(entry: Entry, fact: Any) -> list[Moved]:
    by = NAMES[type(fact)]
    if len(fact.parts) == 1:
        [part] = fact.parts
        return [Moved(part.item, Movement(entry.effective_on, entry.position, -part.minor, 0, 0, by))]
    return _each(fact.parts, lambda minor: Movement(entry.effective_on, entry.position, -minor, 0, 0, by))


def _more(entry: Entry, fact: Any) -> list[Moved]:
    by = NAMES[type(fact)]
    return _each(fact.parts, lambda minor: Movement(entry.effective_on, entry.position, minor, 0, 0, by))


def _disputed(entry: Entry, fact: invoice.Disputed) -> list[Moved]:
    return _each(
        fact.parts, lambda minor: Movement(entry.effective_on, entry.position, 0, minor, 0, "invoice.disputed")
    )


def _resolved(entry: Entry, fact: invoice.DisputeResolved) -> list[Moved]:
    return _each(
        fact.parts, lambda minor: Movement(entry.effective_on, entry.position, 0, -minor, 0, "invoice.dispute_resolved")
    )


def _charged(kind: str) -> Callable[[Entry, Any], list[Moved]]:
    def read(entry: Entry, fact: Any) -> list[Moved]:
        movement = Movement(entry.effective_on, entry.position, fact.amount_minor, 0, 0, NAMES[type(fact)])
        return [Moved(fact.item, movement, Opening(kind, fact.amount_minor, fact.due_on))]

    return read


def _plan_agreed(entry: Entry, fact: invoice.InstalmentPlanAgreed) -> list[Moved]:
    return _less(entry, fact) + _rescheduled(entry, fact.instalments, fact.first_item)


def _plan_broken(entry: Entry, fact: invoice.InstalmentPlanBroken) -> list[Moved]:
    if not fact.item or not fact.due_on:
        return []
    rest = Instalment(fact.due_on, sum(part.minor for part in fact.parts))
    return _less(entry, fact) + _rescheduled(entry, [rest], fact.item)


def _rescheduled(entry: Entry, instalments: Iterable[Instalment], first_item: int) -> list[Moved]:
    by = NAMES[type(entry.fact)]
    return [
        Moved(
            number,
            Movement(entry.effective_on, entry.position, each.minor, 0, 0, by),
            Opening(PLAN, each.minor, each.due_on),
        )
        for number, each in enumerate(instalments, first_item)
    ]


def _assigned(sign: int) -> Callable[[Entry, Any], list[Moved]]:
    def read(entry: Entry, fact: Any) -> list[Moved]:
        return [Moved(EVERY, Movement(entry.effective_on, entry.position, 0, 0, sign, NAMES[type(fact)]))]

    return read


def _received(entry: Entry, fact: Received) -> list[Moved]:
    day, customer = fact.value_on, fact.customer or UNIDENTIFIED
    movement = Movement(entry.effective_on, entry.position, fact.amount_minor, 0, 0, "receipt.received", customer)
    return [Moved(1, movement, Opening(UNAPPLIED, fact.amount_minor, day, fact.entity, fact.currency, day, day))]


def _applied(sign: int) -> Callable[[Entry, Any], list[Moved]]:
    def read(entry: Entry, fact: Any) -> list[Moved]:
        amount = sign * fact.amount_minor
        return [Moved(1, Movement(entry.effective_on, entry.position, amount, 0, 0, NAMES[type(fact)]))]

    return read


def _identified(entry: Entry, fact: Identified) -> list[Moved]:
    return [Moved(1, Movement(entry.effective_on, entry.position, 0, 0, 0, "receipt.identified", fact.customer))]


def _each(parts: invoice.Parts, movement: Callable[[int], Movement]) -> list[Moved]:
    minor: dict[int, int] = {}
    for part in parts:
        minor[part.item] = minor.get(part.item, 0) + part.minor
    return [Moved(item, movement(amount)) for item, amount in minor.items()]


_READ: dict[type, Callable[[Entry, Any], list[Moved]]] = {
    invoice.Issued: _issued,
    invoice.PartiallyPaid: _less,
    invoice.Paid: _less,
    invoice.DiscountTaken: _less,
    invoice.CreditNoteApplied: _less,
    invoice.ChargeWaived: _less,
    invoice.WrittenOff: _less,
    invoice.Voided: _less,
    invoice.PaymentReversed: _more,
    invoice.Disputed: _disputed,
    invoice.DisputeResolved: _resolved,
    invoice.InterestCharged: _charged(INTEREST),
    invoice.FeeCharged: _charged(FEE),
    invoice.CompensationClaimed: _charged(COMPENSATION),
    invoice.InstalmentPlanAgreed: _plan_agreed,
    invoice.InstalmentPlanBroken: _plan_broken,
    invoice.Factored: _assigned(+1),
    invoice.Reassigned: _assigned(-1),
    Received: _received,
    Identified: _identified,
    Allocated: _applied(-1),
    Unallocated: _applied(+1),
    Refunded: _applied(-1),
    Reversed: _applied(-1),
}
MOVING = frozenset(_READ)
