"""What each fact moves on which item: the one place where open items read the facts of domain."""

from collections.abc import Callable, Iterable
from typing import Any

from domain.entry import Entry
from domain.facts import NAMES
from domain.invoice import facts as invoice
from domain.invoice.claim import COMPENSATION, FEE, INTEREST, PRINCIPAL
from domain.receipt import Allocated, Identified, Received, Refunded, Reversed, Unallocated
from domain.terms import Instalment
from projections.open_items.timeline import Item, Movement

PLAN, UNAPPLIED = "plan", "unapplied"
UNIDENTIFIED = ""
# The item of a movement that concerns every item the claim has.
EVERY = 0


def movements(entry: Entry) -> list[Movement]:
    """What an entry moves, at most once per item; nothing for a fact that moves no item."""
    read = _READ.get(type(entry.fact))
    return read(entry, entry.fact) if read else []


# Cheaper than the class: a rebuild makes millions of movements.
_new = tuple.__new__


def _issued(entry: Entry, fact: invoice.Issued) -> list[Movement]:
    on, position, customer = entry.effective_on, entry.position, fact.customer
    document_on = fact.document_on or fact.issued_on
    claim = fact.entity, fact.currency, fact.issued_on, document_on
    moves = []
    for number, each in enumerate(fact.instalments, 1):
        item = _new(Item, (PRINCIPAL, each.minor, each.due_on, *claim))
        moves.append(_new(Movement, (on, position, each.minor, 0, 0, "invoice.issued", customer, number, item)))
    return moves


def _less(entry: Entry, fact: Any) -> list[Movement]:
    return [_moved(entry, -minor, item) for item, minor in _by_item(fact.parts)]


def _more(entry: Entry, fact: Any) -> list[Movement]:
    return [_moved(entry, minor, item) for item, minor in _by_item(fact.parts)]


def _disputed(entry: Entry, fact: invoice.Disputed) -> list[Movement]:
    return [_contested(entry, minor, item) for item, minor in _by_item(fact.parts)]


def _resolved(entry: Entry, fact: invoice.DisputeResolved) -> list[Movement]:
    return [_contested(entry, -minor, item) for item, minor in _by_item(fact.parts)]


def _charged(kind: str) -> Callable[[Entry, Any], list[Movement]]:
    def read(entry: Entry, fact: Any) -> list[Movement]:
        return [_moved(entry, fact.amount_minor, fact.item, Item(kind, fact.amount_minor, fact.due_on))]

    return read


def _plan_agreed(entry: Entry, fact: invoice.InstalmentPlanAgreed) -> list[Movement]:
    return _less(entry, fact) + _rescheduled(entry, fact.instalments, fact.first_item)


def _plan_broken(entry: Entry, fact: invoice.InstalmentPlanBroken) -> list[Movement]:
    if not fact.item or not fact.due_on:
        return []
    rest = Instalment(fact.due_on, sum(part.minor for part in fact.parts))
    return _less(entry, fact) + _rescheduled(entry, [rest], fact.item)


def _rescheduled(entry: Entry, instalments: Iterable[Instalment], first_item: int) -> list[Movement]:
    return [
        _moved(entry, each.minor, number, Item(PLAN, each.minor, each.due_on))
        for number, each in enumerate(instalments, first_item)
    ]


def _assigned(sign: int) -> Callable[[Entry, Any], list[Movement]]:
    def read(entry: Entry, fact: Any) -> list[Movement]:
        return [Movement(entry.effective_on, entry.position, 0, 0, sign, NAMES[type(fact)], item=EVERY)]

    return read


def _received(entry: Entry, fact: Received) -> list[Movement]:
    day, minor = fact.value_on, fact.amount_minor
    item = _new(Item, (UNAPPLIED, minor, day, fact.entity, fact.currency, day, day))
    customer = fact.customer or UNIDENTIFIED
    return [_new(Movement, (entry.effective_on, entry.position, minor, 0, 0, "receipt.received", customer, 1, item))]


def _applied(sign: int) -> Callable[[Entry, Any], list[Movement]]:
    def read(entry: Entry, fact: Any) -> list[Movement]:
        return [_moved(entry, sign * fact.amount_minor)]

    return read


def _identified(entry: Entry, fact: Identified) -> list[Movement]:
    return [Movement(entry.effective_on, entry.position, 0, 0, 0, "receipt.identified", fact.customer)]


def _moved(entry: Entry, minor: int, item: int = 1, opening: Item | None = None) -> Movement:
    by = NAMES[type(entry.fact)]
    return _new(Movement, (entry.effective_on, entry.position, minor, 0, 0, by, None, item, opening))


def _contested(entry: Entry, minor: int, item: int) -> Movement:
    return Movement(entry.effective_on, entry.position, 0, minor, 0, NAMES[type(entry.fact)], item=item)


def _by_item(parts: invoice.Parts) -> Iterable[tuple[int, int]]:
    if len(parts) == 1:
        return [(parts[0].item, parts[0].minor)]
    minor: dict[int, int] = {}
    for part in parts:
        minor[part.item] = minor.get(part.item, 0) + part.minor
    return minor.items()


_READ: dict[type, Callable[[Entry, Any], list[Movement]]] = {
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
