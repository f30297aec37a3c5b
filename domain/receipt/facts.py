"""What can have happened to money that came in. Why it was done is in the envelope, not here."""

from dataclasses import dataclass
from datetime import date


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
    """`rate` is how much of the invoice's currency one unit of the receipt's is worth; None in the same currency."""

    allocation: int
    invoice: str
    amount_minor: int
    rate: str | None = None


@dataclass(frozen=True, slots=True)
class Unallocated:
    allocation: int
    invoice: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class AllocationReinstated:
    """An allocation was not taken back on that day after all: it holds on."""

    allocation: int
    invoice: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Refunded:
    amount_minor: int
    reference: str


@dataclass(frozen=True, slots=True)
class Reversed:
    """The bank took the money back, or part of it."""

    amount_minor: int


@dataclass(frozen=True, slots=True)
class Moved:
    """The money is another entity's. `item` numbers what is left of it there, as items of an invoice are numbered."""

    entity: str
    amount_minor: int
    item: int


Fact = Received | Identified | Allocated | Unallocated | AllocationReinstated | Refunded | Reversed | Moved


# By the names they are stored under, which are for ever; classes and modules may move.
FACTS: dict[str, type] = {
    "receipt.received": Received,
    "receipt.identified": Identified,
    "receipt.allocated": Allocated,
    "receipt.unallocated": Unallocated,
    "receipt.allocation_reinstated": AllocationReinstated,
    "receipt.refunded": Refunded,
    "receipt.reversed": Reversed,
    "receipt.moved": Moved,
}


# A fact with its effective date
Dated = tuple[Fact, date]
