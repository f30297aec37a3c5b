"""A receipt: money that came in, and where it went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.by_day import DayChanges, changed, since
from domain.entry import ALWAYS, require_part
from domain.money import exponent, readable
from domain.refusal import Refused

# What can have happened


@dataclass(frozen=True, slots=True)
class Received:
    """`customer` is None while nobody knows whose money it is; `payer_encrypted` is the payer's name from the bank."""

    receipt: str
    entity: str
    currency: str
    amount_minor: int
    value_on: date
    customer: str | None = None
    references: tuple[str, ...] = ()
    bank_entry: str | None = None
    payer_encrypted: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    customer: str


@dataclass(frozen=True, slots=True)
class Allocated:
    allocation: int
    invoice: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Unallocated:
    allocation: int
    invoice: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Refunded:
    amount_minor: int
    reference: str


@dataclass(frozen=True, slots=True)
class Reversed:
    """The bank took the money back: nothing of it is left to allocate."""

    amount_minor: int


Fact = Received | Identified | Allocated | Unallocated | Refunded | Reversed


# By the names they are stored under, which are for ever; classes and modules may move.
FACTS: dict[str, type] = {
    "receipt.received": Received,
    "receipt.identified": Identified,
    "receipt.allocated": Allocated,
    "receipt.unallocated": Unallocated,
    "receipt.refunded": Refunded,
    "receipt.reversed": Reversed,
}


# The state that decisions need


@dataclass(frozen=True, slots=True)
class Receipt:
    """`by_day` is what is left from each day on, `allocated_on` the effective date of each allocation."""

    received: Received
    customer: str | None
    unallocated_minor: int
    allocations: tuple[Allocated, ...] = ()
    allocations_made: int = 0
    refunds: tuple[Refunded, ...] = ()
    is_reversed: bool = False
    by_day: DayChanges = field(default=(), compare=False)
    allocated_on: Mapping[int, date] = field(default_factory=dict, compare=False)


# The decisions


@dataclass(frozen=True, slots=True)
class Remittance:
    """What the payer wants to go to an invoice, named by its number; None is whatever settles it."""

    invoice: str
    minor: int | None = None


def receive(
    receipt: Receipt | None,
    *,
    number: str,
    entity: str,
    currency: str,
    amount_minor: int,
    value_on: date,
    customer: str | None = None,
    references: Iterable[str] = (),
    bank_entry: str | None = None,
    payer_encrypted: str | None = None,
) -> list[Fact]:
    """The same receipt again changes nothing.

    Refuses the same number with other content as `number_taken`, and an entity that can name none as `bad_key`.
    """
    exponent(currency)
    require_part(entity)
    _require_positive(amount_minor)
    fact = Received(
        number, entity, currency, amount_minor, value_on, customer, tuple(references), bank_entry, payer_encrypted
    )
    if receipt is None:
        return [fact]
    if receipt.received == fact:
        return []
    raise Refused("number_taken", f"receipt {number} was recorded before with other content")


def effective_from(receipt: Receipt | None, fact: Fact, on: date) -> date:
    """The first day, `on` or later, on which the fact may be effective: no money goes before it was there."""
    match fact:
        case Allocated(amount_minor=amount) | Refunded(amount) | Reversed(amount) if receipt:
            return since(receipt.by_day, amount, on)
        case Unallocated(allocation) if receipt:
            return max(on, receipt.allocated_on[allocation])
        case Identified() if receipt:
            return max(on, receipt.received.value_on)
        case _:
            return on


def identify(receipt: Receipt | None, *, customer: str) -> list[Fact]:
    """Whose money it is; refuses `allocated` when money already went to invoices of somebody else."""
    receipt = require_not_reversed(receipt)
    if receipt.customer == customer:
        return []
    if receipt.allocations:
        raise Refused("allocated", "take back the allocations before naming another payer")
    return [Identified(customer)]


def allocate(receipt: Receipt | None, *, invoice: str, amount_minor: int) -> list[Fact]:
    """Part of what is left goes to an invoice (its stream); refuses `over_unallocated`."""
    receipt = require_not_reversed(receipt)
    _require_positive(amount_minor)
    if amount_minor > receipt.unallocated_minor:
        left = readable(receipt.unallocated_minor, receipt.received.currency)
        raise Refused("over_unallocated", f"only {left} of the receipt is left to allocate")
    return [Allocated(receipt.allocations_made + 1, invoice, amount_minor)]


def unallocate(receipt: Receipt | None, *, allocation: int) -> list[Fact]:
    receipt = require_received(receipt)
    made = next((each for each in receipt.allocations if each.allocation == allocation), None)
    if made:
        return [Unallocated(allocation, made.invoice, made.amount_minor)]
    if 1 <= allocation <= receipt.allocations_made:
        return []
    raise Refused("no_such_allocation", f"the receipt has no allocation {allocation}")


def refund(receipt: Receipt | None, *, amount_minor: int, reference: str) -> list[Fact]:
    receipt = require_not_reversed(receipt)
    _require_positive(amount_minor)
    if Refunded(amount_minor, reference) in receipt.refunds:
        return []
    if amount_minor > receipt.unallocated_minor:
        raise Refused("over_unallocated", "only what is not allocated can be refunded")
    return [Refunded(amount_minor, reference)]


def reverse(receipt: Receipt | None) -> list[Fact]:
    """The money went back: every allocation is taken back first; refuses `refunded`."""
    receipt = require_received(receipt)
    if receipt.is_reversed:
        return []
    if receipt.refunds:
        raise Refused("refunded", "part of this receipt was refunded; it cannot be reversed as a whole")
    undone: list[Fact] = [Unallocated(made.allocation, made.invoice, made.amount_minor) for made in receipt.allocations]
    return [*undone, Reversed(receipt.received.amount_minor)]


def require_received(receipt: Receipt | None) -> Receipt:
    if receipt is None:
        raise Refused("not_received", "there is no such receipt")
    return receipt


def require_not_reversed(receipt: Receipt | None) -> Receipt:
    receipt = require_received(receipt)
    if receipt.is_reversed:
        raise Refused("reversed", "the receipt was reversed")
    return receipt


def _require_positive(amount_minor: int) -> None:
    if amount_minor <= 0:
        raise Refused("not_positive", "the amount must be more than zero")


# How facts become the state


def evolve(receipt: Receipt | None, fact: Fact, on: date = ALWAYS) -> Receipt:
    """The receipt after a fact with the effective date `on`."""
    if receipt is None:
        assert isinstance(fact, Received), "a receipt begins with the money received"
        return Receipt(fact, fact.customer, fact.amount_minor, by_day=((on, fact.amount_minor),))
    match fact:
        case Allocated(allocation, _, amount):
            made, days = (*receipt.allocations, fact), {**receipt.allocated_on, allocation: on}
            receipt = _left(receipt, -amount, on)
            return replace(receipt, allocations=made, allocations_made=allocation, allocated_on=days)
        case Unallocated(allocation, _, amount):
            kept = tuple(each for each in receipt.allocations if each.allocation != allocation)
            return replace(_left(receipt, amount, on), allocations=kept)
        case Identified(customer):
            return replace(receipt, customer=customer)
        case Refunded(amount):
            return replace(_left(receipt, -amount, on), refunds=(*receipt.refunds, fact))
        case Reversed(amount):
            return replace(_left(receipt, -amount, on), is_reversed=True)
        case Received():
            raise AssertionError("a receipt is received once")


def _left(receipt: Receipt, minor: int, on: date) -> Receipt:
    by_day = changed(receipt.by_day, on, minor)
    return replace(receipt, unallocated_minor=receipt.unallocated_minor + minor, by_day=by_day)


def fold(facts: Iterable[Fact]) -> Receipt | None:
    receipt = None
    for fact in facts:
        receipt = evolve(receipt, fact)
    return receipt
