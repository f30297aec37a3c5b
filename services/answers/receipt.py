"""A receipt as plain data: what came in, where it went, what is left."""

from typing import TypedDict

from domain.money import major
from domain.receipt import Receipt


class Allocation(TypedDict):
    """`effective_on` is the day since which the money pays: not always that on which it came."""

    allocation: int
    invoice: str
    amount: str
    effective_on: str


class Refund(TypedDict):
    reference: str
    amount: str


class ReceiptAnswer(TypedDict):
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


def receipt_answer(receipt: Receipt) -> ReceiptAnswer:
    received = receipt.received

    def amount(minor: int) -> str:
        return major(minor, received.currency)

    return {
        "receipt": received.receipt,
        "entity": received.entity,
        "customer": receipt.customer,
        "currency": received.currency,
        "value_on": received.value_on.isoformat(),
        "amount": amount(received.amount_minor),
        "unallocated": amount(receipt.unallocated_minor),
        "is_reversed": receipt.is_reversed,
        "references": list(received.references),
        "allocations": [
            {
                "allocation": made.allocation,
                "invoice": made.invoice.split(":", 2)[2],
                "amount": amount(made.amount_minor),
                "effective_on": receipt.allocated_on[made.allocation].isoformat(),
            }
            for made in receipt.allocations
        ],
        "refunds": [{"reference": made.reference, "amount": amount(made.amount_minor)} for made in receipt.refunds],
    }
