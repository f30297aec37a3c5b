"""Facts that many stories begin with: invoice R-1 of 1,000.00 EUR, issued on 30 January, due on 1 March 2026."""

from datetime import date
from typing import Any

from domain import invoice as invoices
from domain.invoice.facts import Issued, Paid, Part, PartiallyPaid, Parts
from domain.receipt import Received
from domain.terms import Discount, Instalment

ISSUED_ON = date(2026, 1, 30)
DUE = date(2026, 3, 1)
DAY_AFTER = date(2026, 3, 2)

INVOICE = Issued("R-1", "main", "ann", "EUR", 1000_00, 159_66, ISSUED_ON, (Instalment(DUE, 1000_00),))

# Net 30 with 2 % within 10 days: 20.00 may be deducted until 9 February.
DISCOUNT_UNTIL = date(2026, 2, 9)
DISCOUNTED = Issued(
    "R-1",
    "main",
    "ann",
    "EUR",
    1000_00,
    0,
    ISSUED_ON,
    (Instalment(DUE, 1000_00),),
    (Discount(DISCOUNT_UNTIL, 20_00),),
)

# 30/30/40, a month apart.
FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
IN_THREE = Issued(
    "R-3",
    "main",
    "ann",
    "EUR",
    1000_00,
    0,
    ISSUED_ON,
    (Instalment(FIRST, 300_00), Instalment(SECOND, 300_00), Instalment(THIRD, 400_00)),
)

RECEIVED = Received("B-1", "main", "EUR", 500_00, date(2026, 2, 20), "ann")


def part_paid(minor: int, *, receipt: str = "B-1", allocation: int = 1, parts: Parts = ()) -> PartiallyPaid:
    return PartiallyPaid(receipt, allocation, minor, parts or (Part(1, minor),))


def paid(minor: int = 1000_00, *, receipt: str = "B-1", allocation: int = 1, parts: Parts = ()) -> Paid:
    return Paid(receipt, allocation, minor, parts or (Part(1, minor),))


def invoice_of(*facts: Any) -> Any:
    return invoices.fold(facts)
