"""The state of a receipt that decisions need, and how facts become it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from domain.by_day import DayChanges, changed
from domain.entry import ALWAYS, receipt_stream
from domain.receipt.facts import (
    Allocated,
    AllocationReinstated,
    Fact,
    Identified,
    Moved,
    Received,
    Refunded,
    Reversed,
    Unallocated,
)


@dataclass(frozen=True, slots=True)
class Undone:
    """An allocation that was taken back, effective `on`."""

    made: Allocated
    on: date = field(default=ALWAYS, compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """`by_day` is what is left from each day on, `allocated_on` the effective date of each allocation.

    `reversals` is what went back on which day, `refunded_on` the day of each refund.
    """

    received: Received
    stream: str
    entity: str
    customer: str | None
    unallocated_minor: int
    allocations: tuple[Allocated, ...] = ()
    allocations_made: int = 0
    undone: tuple[Undone, ...] = ()
    refunds: tuple[Refunded, ...] = ()
    refunded_on: tuple[date, ...] = field(default=(), compare=False)
    reversed_minor: int = 0
    reversals: DayChanges = field(default=(), compare=False)
    identified_on: date | None = field(default=None, compare=False)
    moved: int = 0
    moved_on: date | None = field(default=None, compare=False)
    by_day: DayChanges = field(default=(), compare=False)
    allocated_on: Mapping[int, date] = field(default_factory=dict, compare=False)

    @property
    def is_reversed(self) -> bool:
        """All that was not refunded went back."""
        return bool(self.reversed_minor) and not self.left_minor

    @property
    def left_minor(self) -> int:
        """What came in and was neither refunded nor reversed, allocated or not."""
        return self.received.amount_minor - self.refunded_minor - self.reversed_minor

    @property
    def refunded_minor(self) -> int:
        return sum(made.amount_minor for made in self.refunds)


def evolve(receipt: Receipt | None, fact: Fact, on: date = ALWAYS) -> Receipt:
    """The receipt after a fact with the effective date `on`."""
    if receipt is None:
        assert isinstance(fact, Received), "a receipt begins with the money received"
        own, by_day = receipt_stream(fact.receipt), ((on, fact.amount_minor),)
        return Receipt(fact, own, fact.entity, fact.customer, fact.amount_minor, by_day=by_day)
    match fact:
        case Allocated(allocation, _, amount):
            made, days = (*receipt.allocations, fact), {**receipt.allocated_on, allocation: on}
            count = max(allocation, receipt.allocations_made)
            return _left(receipt, -amount, on, allocations=made, allocations_made=count, allocated_on=days)
        case Unallocated(allocation, _, amount):
            kept = tuple(each for each in receipt.allocations if each.allocation != allocation)
            gone = [Undone(each, on) for each in receipt.allocations if each.allocation == allocation]
            return _left(receipt, amount, on, allocations=kept, undone=(*receipt.undone, *gone))
        case AllocationReinstated(allocation, _, amount):
            back = [each.made for each in receipt.undone if each.made.allocation == allocation]
            left = tuple(each for each in receipt.undone if each.made.allocation != allocation)
            return _left(receipt, -amount, on, allocations=(*receipt.allocations, *back), undone=left)
        case Identified(customer):
            return replace(receipt, customer=customer, identified_on=on)
        case Refunded(amount):
            refunds, refunded_on = (*receipt.refunds, fact), (*receipt.refunded_on, on)
            return _left(receipt, -amount, on, refunds=refunds, refunded_on=refunded_on)
        case Reversed(amount):
            went_back = changed(receipt.reversals, on, amount)
            return _left(receipt, -amount, on, reversed_minor=receipt.reversed_minor + amount, reversals=went_back)
        case Moved(entity):
            return replace(receipt, entity=entity, moved=receipt.moved + 1, moved_on=on)
        case Received():
            raise AssertionError("a receipt is received once")


def _left(receipt: Receipt, minor: int, on: date, **changes: Any) -> Receipt:
    by_day = changed(receipt.by_day, on, minor)
    return replace(receipt, unallocated_minor=receipt.unallocated_minor + minor, by_day=by_day, **changes)


def fold(facts: Iterable[Fact]) -> Receipt | None:
    receipt = None
    for fact in facts:
        receipt = evolve(receipt, fact)
    return receipt
