"""A credit note: what a creditor takes back of what was invoiced. It is on account of the customer, as money is, until
it is allocated to invoices; the decisions on receipts are its decisions too, and its facts are theirs by its own names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date

from domain import receipt as receipts
from domain.entry import ADDED, ALWAYS, credit_note_stream, invoice_stream, require_document, require_part
from domain.money import exponent, proportion
from domain.receipt import Receipt, Received
from domain.refusal import Refused

# What can have happened


@dataclass(frozen=True, slots=True)
class Issued:
    """`invoice` is the number of the invoice it takes back, all or part of it; None is a credit of its own.

    `document` is the SHA-256 of the file it was read from, under which that is archived.
    """

    credit_note: str
    entity: str
    customer: str
    currency: str
    amount_minor: int
    tax_minor: int
    issued_on: date
    invoice: str | None = None
    document: str | None = field(default=None, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class Allocated(receipts.Allocated):
    pass


@dataclass(frozen=True, slots=True)
class Unallocated(receipts.Unallocated):
    pass


@dataclass(frozen=True, slots=True)
class AllocationReinstated(receipts.AllocationReinstated):
    pass


@dataclass(frozen=True, slots=True)
class Refunded(receipts.Refunded):
    """Its amount, or part of it, was paid to the customer."""


@dataclass(frozen=True, slots=True)
class Undone(receipts.Reversed):
    """It was entered by mistake."""


Fact = Issued | Allocated | Unallocated | AllocationReinstated | Refunded | Undone

# By the names they are stored under, which are for ever; classes and modules may move.
FACTS: dict[str, type] = {
    "credit_note.issued": Issued,
    "credit_note.allocated": Allocated,
    "credit_note.unallocated": Unallocated,
    "credit_note.allocation_reinstated": AllocationReinstated,
    "credit_note.refunded": Refunded,
    "credit_note.undone": Undone,
}

_BY_RECEIPT_FACT: dict[type, type] = {
    receipts.Allocated: Allocated,
    receipts.Unallocated: Unallocated,
    receipts.AllocationReinstated: AllocationReinstated,
    receipts.Refunded: Refunded,
    receipts.Reversed: Undone,
}


# The state that decisions need


@dataclass(frozen=True, slots=True)
class CreditNote(Receipt):
    """As a receipt of its amount on the day it was issued."""

    issued: Issued | None = None


# The decisions


def issue(
    note: CreditNote | None,
    *,
    credit_note: str,
    entity: str,
    customer: str,
    currency: str,
    amount_minor: int,
    tax_minor: int,
    issued_on: date,
    invoice: str | None = None,
    document: str | None = None,
) -> list[Issued]:
    """The same credit note again changes nothing, whatever document it is read from the second time; the same number
    with other content is refused as `number_taken`.
    """
    exponent(currency)
    require_part(entity)
    if amount_minor <= 0:
        raise Refused("not_positive", "the amount must be more than zero")
    if not 0 <= tax_minor <= amount_minor:
        raise Refused("tax_out_of_range", "the tax must lie between zero and the amount credited")
    content = (credit_note, entity, customer, currency, amount_minor, tax_minor, issued_on, invoice)
    fact = Issued(*content, require_document(document))
    if note is None:
        return [fact]
    if note.issued and note.issued == replace(fact, document=note.issued.document):
        return []
    if note.is_reversed:
        raise Refused("undone", f"credit note {credit_note} was undone; another one needs another number")
    raise Refused("number_taken", f"credit note {credit_note} was issued before with other content")


def require_issued(note: CreditNote | None) -> CreditNote:
    if note is None:
        raise Refused("no_such_credit_note", "there is no such credit note")
    return note


def invoice_of(note: CreditNote) -> str | None:
    """The stream of the invoice it takes back."""
    issued = note.issued
    return invoice_stream(issued.invoice, issued.entity) if issued and issued.invoice else None


def tax_of(note: CreditNote, amount_minor: int) -> int:
    """The tax within a part of its amount."""
    issued = note.issued
    return proportion(issued.tax_minor, amount_minor, issued.amount_minor) if issued else 0


def named(fact: receipts.Fact) -> receipts.Fact:
    """A fact of a receipt as that of a credit note."""
    own = _BY_RECEIPT_FACT[type(fact)]
    return own(**{each.name: getattr(fact, each.name) for each in fields(fact)})  # type: ignore[no-any-return]


# How facts become the state


def evolve(note: CreditNote | None, fact: Issued | receipts.Fact, on: date = ALWAYS) -> CreditNote:
    """The credit note after a fact with the effective date `on`."""
    if note is None:
        assert isinstance(fact, Issued), "a credit note begins with its issue"
        as_received = Received(
            fact.credit_note, fact.entity, fact.currency, fact.amount_minor, fact.issued_on, fact.customer
        )
        own, by_day = credit_note_stream(fact.credit_note, fact.entity), ((on, fact.amount_minor),)
        return CreditNote(as_received, own, fact.entity, fact.customer, fact.amount_minor, by_day=by_day, issued=fact)
    assert not isinstance(fact, Issued), "a credit note is issued once"
    after = receipts.evolve(note, fact, on)
    assert isinstance(after, CreditNote)
    return after


def fold(facts: Iterable[Issued | receipts.Fact]) -> CreditNote | None:
    note = None
    for fact in facts:
        note = evolve(note, fact)
    return note
