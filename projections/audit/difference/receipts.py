"""What a fact changed about money that came in."""

from typing import assert_never

from domain import credit_note
from domain.money import readable
from domain.receipt import (
    Allocated,
    AllocationReinstated,
    Fact,
    Identified,
    Moved,
    Receipt,
    Received,
    Refunded,
    Reversed,
    Unallocated,
)
from projections.audit.difference.phrases import balance, change, invoice_named, joined


def difference(before: Receipt | None, fact: Fact | credit_note.Issued, after: Receipt) -> str:
    currency = after.received.currency
    left = balance("unallocated", before.unallocated_minor if before else 0, after.unallocated_minor, currency)
    return joined(left, done(before or after, fact, currency))


def done(before: Receipt, fact: Fact | credit_note.Issued, currency: str) -> str:
    """Without the amount that moved."""
    match fact:
        case Received(customer=customer, value_on=value_on):
            return f"received from {customer or 'an unidentified payer'}, value {value_on}"
        case credit_note.Issued(customer=customer, invoice=number):
            return f"credit note for {customer}" + (f", invoice {number}" if number else "")
        case Identified(customer=customer):
            return change("customer", before.customer, customer)
        case Allocated(allocation=number, invoice=invoice, amount_minor=amount):
            return f"{readable(amount, currency)} to {invoice_named(invoice)}, allocation {number}"
        case Unallocated(allocation=number, invoice=invoice, amount_minor=amount):
            return f"{readable(amount, currency)} back from {invoice_named(invoice)}, allocation {number}"
        case AllocationReinstated(allocation=number, invoice=invoice, amount_minor=amount):
            return f"{readable(amount, currency)} still to {invoice_named(invoice)}, allocation {number}"
        case Refunded(amount_minor=amount, reference=reference):
            return f"{readable(amount, currency)} refunded, {reference}"
        case credit_note.Undone(amount_minor=amount):
            return f"{readable(amount, currency)} of it undone"
        case Moved(entity=entity, amount_minor=amount):
            return f"{readable(amount, currency)} moved to {entity}"
        case Reversed(amount_minor=amount):
            return f"{readable(amount, currency)} taken back by the bank"
        case _:
            assert_never(fact)
