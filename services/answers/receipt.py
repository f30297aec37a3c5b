"""A receipt or a credit note as plain data: what came in, where it went and when that changed, what is left."""

from collections.abc import Iterable
from typing import TypedDict

from domain.entry import Entry
from domain.kinds import number_of
from domain.money import major
from domain.receipt import Allocated, AllocationReinstated, Moved, Receipt, Reversed, Unallocated
from services.answers.as_known import AsOf


class Allocation(TypedDict):
    """`effective_on` is the day since which the money pays: not always that on which it came.

    `rate` is how much of the invoice's currency one unit of the receipt's is worth, where the two differ.
    """

    allocation: int
    invoice: str
    amount: str
    effective_on: str
    rate: str | None


class AllocationMade(Allocation):
    """One that may have been taken back: from `taken_back_on` on it no longer holds, for the reason given."""

    taken_back_on: str | None
    reason: str | None


class Refund(TypedDict):
    reference: str
    amount: str
    effective_on: str


class Reversal(TypedDict):
    amount: str
    effective_on: str
    reason: str | None


class MovedTo(TypedDict):
    entity: str
    effective_on: str
    reason: str | None


class ReceiptAnswer(AsOf):
    """`allocations` are those that hold, `history` all that were ever made."""

    receipt: str
    entity: str
    customer: str | None
    currency: str
    value_on: str
    amount: str
    unallocated: str
    is_reversed: bool
    references: list[str]
    allocations: list[Allocation]
    refunds: list[Refund]
    reversals: list[Reversal]
    moves: list[MovedTo]
    history: list[AllocationMade]


def receipt_answer(receipt: Receipt, entries: Iterable[Entry]) -> ReceiptAnswer:
    """`entries` are its own, for days and reasons."""
    received, entries = receipt.received, list(entries)

    def amount(minor: int) -> str:
        return major(minor, received.currency)

    return {
        "receipt": received.receipt,
        "entity": receipt.entity,
        "customer": receipt.customer,
        "currency": received.currency,
        "value_on": received.value_on.isoformat(),
        "amount": amount(received.amount_minor),
        "unallocated": amount(receipt.unallocated_minor),
        "is_reversed": receipt.is_reversed,
        "references": list(received.references),
        "allocations": [_allocation(receipt, made) for made in receipt.allocations],
        "refunds": [
            {"reference": made.reference, "amount": amount(made.amount_minor), "effective_on": on.isoformat()}
            for made, on in zip(receipt.refunds, receipt.refunded_on, strict=True)
        ],
        "reversals": [
            {"amount": amount(each.fact.amount_minor), "effective_on": _day(each), "reason": each.cause.reason}
            for each in entries
            if isinstance(each.fact, Reversed)
        ],
        "moves": [
            {"entity": each.fact.entity, "effective_on": _day(each), "reason": each.cause.reason}
            for each in entries
            if isinstance(each.fact, Moved)
        ],
        "history": _history(receipt, entries),
    }


def _history(receipt: Receipt, entries: Iterable[Entry]) -> list[AllocationMade]:
    made: dict[int, AllocationMade] = {}
    for entry in entries:
        match fact := entry.fact:
            case Allocated():
                made[fact.allocation] = {**_allocation(receipt, fact), "taken_back_on": None, "reason": None}
            case Unallocated(allocation):
                made[allocation]["taken_back_on"] = entry.effective_on.isoformat()
                made[allocation]["reason"] = entry.cause.reason
            case AllocationReinstated(allocation):
                made[allocation]["taken_back_on"] = made[allocation]["reason"] = None
    return list(made.values())


def _allocation(receipt: Receipt, made: Allocated) -> Allocation:
    return {
        "allocation": made.allocation,
        "invoice": number_of(made.invoice),
        "amount": major(made.amount_minor, receipt.received.currency),
        "effective_on": receipt.allocated_on[made.allocation].isoformat(),
        "rate": made.rate,
    }


def _day(entry: Entry) -> str:
    return entry.effective_on.isoformat()
