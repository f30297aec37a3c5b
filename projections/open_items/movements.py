"""What each fact moves on which item: the one place where open items read the facts of domain."""

from collections.abc import Callable, Iterable
from typing import Any

from domain import credit_note
from domain.entry import Entry
from domain.invoice import facts as invoice_facts
from domain.invoice.state import COMPENSATION, FEE, INTEREST, PRINCIPAL
from domain.kinds import NAMES
from domain.receipt import (
    Allocated,
    AllocationReinstated,
    Identified,
    Moved,
    Received,
    Refunded,
    Reversed,
    Unallocated,
)
from domain.terms import Instalment
from projections.open_items.timeline import Item, Movement

PLAN, UNAPPLIED = "plan", "unapplied"
UNIDENTIFIED = ""
# The item of a movement that concerns every item of the invoice.
EVERY = 0


def movements(entry: Entry) -> list[Movement]:
    """What an entry moves, at most once per item; nothing for a fact that moves no item."""
    read = _READ.get(type(entry.fact))
    return read(entry, entry.fact) if read else []


# Cheaper than the class: a rebuild makes millions of movements.
_new = tuple.__new__


def _issued(entry: Entry, fact: invoice_facts.Issued) -> list[Movement]:
    on, position, customer = entry.effective_on, entry.position, fact.customer
    document_on = fact.document_on or fact.issued_on
    invoice = fact.entity, fact.currency, fact.issued_on, document_on
    moves = []
    for number, each in enumerate(fact.instalments, 1):
        item = _new(Item, (PRINCIPAL, each.minor, each.due_on, *invoice))
        moves.append(_new(Movement, (on, position, each.minor, 0, 0, "invoice.issued", customer, number, item)))
    return moves


def _less(entry: Entry, fact: Any) -> list[Movement]:
    return [_moved(entry, -minor, item) for item, minor in _by_item(fact.parts)]


def _more(entry: Entry, fact: Any) -> list[Movement]:
    return [_moved(entry, minor, item) for item, minor in _by_item(fact.parts)]


def _disputed(entry: Entry, fact: invoice_facts.Disputed) -> list[Movement]:
    return [_contested(entry, minor, item) for item, minor in _by_item(fact.parts)]


def _resolved(entry: Entry, fact: invoice_facts.DisputeResolved) -> list[Movement]:
    return [_contested(entry, -minor, item) for item, minor in _by_item(fact.parts)]


def _charged(kind: str) -> Callable[[Entry, Any], list[Movement]]:
    def read(entry: Entry, fact: Any) -> list[Movement]:
        return [_moved(entry, fact.amount_minor, fact.item, Item(kind, fact.amount_minor, fact.due_on))]

    return read


def _plan_agreed(entry: Entry, fact: invoice_facts.InstalmentPlanAgreed) -> list[Movement]:
    return _less(entry, fact) + _rescheduled(entry, fact.instalments, fact.first_item)


def _plan_broken(entry: Entry, fact: invoice_facts.InstalmentPlanBroken) -> list[Movement]:
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


def _credited(entry: Entry, fact: credit_note.Issued) -> list[Movement]:
    day, minor = fact.issued_on, fact.amount_minor
    item = _new(Item, (UNAPPLIED, minor, day, fact.entity, fact.currency, day, day))
    opened = entry.effective_on, entry.position, minor, 0, 0, "credit_note.issued", fact.customer, 1, item
    return [_new(Movement, opened)]


def _to_entity(entry: Entry, fact: Moved) -> list[Movement]:
    day = entry.effective_on
    item = Item(UNAPPLIED, fact.amount_minor, day, fact.entity)
    return [_moved(entry, -fact.amount_minor), _moved(entry, fact.amount_minor, fact.item, item)]


def _reinstated(entry: Entry, fact: Any) -> list[Movement]:
    """It was not taken back on that day after all: the day's own fact is not what settles the item."""
    return [each._replace(by="") for each in _less(entry, fact)]


def _applied(sign: int) -> Callable[[Entry, Any], list[Movement]]:
    def read(entry: Entry, fact: Any) -> list[Movement]:
        return [_moved(entry, sign * fact.amount_minor)]

    return read


def _identified(entry: Entry, fact: Identified) -> list[Movement]:
    return [Movement(entry.effective_on, entry.position, 0, 0, 0, "receipt.identified", fact.customer, EVERY)]


def _moved(entry: Entry, minor: int, item: int = 1, opening: Item | None = None) -> Movement:
    by = NAMES[type(entry.fact)]
    return _new(Movement, (entry.effective_on, entry.position, minor, 0, 0, by, None, item, opening))


def _contested(entry: Entry, minor: int, item: int) -> Movement:
    return Movement(entry.effective_on, entry.position, 0, minor, 0, NAMES[type(entry.fact)], item=item)


def _by_item(parts: invoice_facts.Parts) -> Iterable[tuple[int, int]]:
    if len(parts) == 1:
        return [(parts[0].item, parts[0].minor)]
    minor: dict[int, int] = {}
    for part in parts:
        minor[part.item] = minor.get(part.item, 0) + part.minor
    return minor.items()


_READ: dict[type, Callable[[Entry, Any], list[Movement]]] = {
    invoice_facts.Issued: _issued,
    invoice_facts.PartiallyPaid: _less,
    invoice_facts.Paid: _less,
    invoice_facts.DiscountTaken: _less,
    invoice_facts.CreditNoteApplied: _less,
    invoice_facts.ChargeWaived: _less,
    invoice_facts.WrittenOff: _less,
    invoice_facts.Voided: _less,
    invoice_facts.ExchangeDifferenceTaken: _less,
    invoice_facts.PaymentReversed: _more,
    invoice_facts.CreditNoteUndone: _more,
    invoice_facts.WriteOffUndone: _more,
    invoice_facts.VoidUndone: _more,
    invoice_facts.PaymentReinstated: _reinstated,
    invoice_facts.CreditNoteReinstated: _reinstated,
    invoice_facts.Disputed: _disputed,
    invoice_facts.DisputeResolved: _resolved,
    invoice_facts.InterestCharged: _charged(INTEREST),
    invoice_facts.FeeCharged: _charged(FEE),
    invoice_facts.CompensationClaimed: _charged(COMPENSATION),
    invoice_facts.InstalmentPlanAgreed: _plan_agreed,
    invoice_facts.InstalmentPlanBroken: _plan_broken,
    invoice_facts.Factored: _assigned(+1),
    invoice_facts.Reassigned: _assigned(-1),
    Received: _received,
    Identified: _identified,
    Allocated: _applied(-1),
    Unallocated: _applied(+1),
    Refunded: _applied(-1),
    Reversed: _applied(-1),
    AllocationReinstated: _applied(-1),
    Moved: _to_entity,
    credit_note.Issued: _credited,
    credit_note.Allocated: _applied(-1),
    credit_note.Unallocated: _applied(+1),
    credit_note.AllocationReinstated: _applied(-1),
    credit_note.Refunded: _applied(-1),
    credit_note.Undone: _applied(-1),
}
MOVING = frozenset(_READ)
