"""The journal of a rollforward as plain data: a debit and a credit for each booking, for a general ledger."""

from typing import NamedTuple, TypedDict

from domain.money import major
from projections.open_items.bookings import (
    BY_FACTOR,
    CASH,
    CHARGES,
    CREDIT_NOTES,
    DISCOUNTS,
    EXCHANGE,
    EXCHANGE_UNDONE,
    INVOICED,
    WRITE_OFFS,
    Booked,
)

RECEIVABLES = "receivables"
# The other account of each booking, by its column; of `other` it is that of the factor where no exchange left it.
_CONTRA = {
    INVOICED: "sales",
    CHARGES: "charges",
    CREDIT_NOTES: "credit_notes",
    CASH: "customer_payments",
    DISCOUNTS: "discounts",
    WRITE_OFFS: "bad_debts",
}
_FACTOR, _EXCHANGE = "factor", "exchange_differences"
# What each booking is, in words.
WORDS = {
    "invoice": "invoice",
    "void": "invoice voided",
    "void_undone": "void taken back",
    "interest": "interest charged",
    "fee": "fee charged",
    "compensation": "compensation claimed",
    "waiver": "charge waived",
    "credit_note": "credit note",
    "credit_note_undone": "credit note taken back",
    "payment": "payment",
    "payment_undone": "payment taken back",
    BY_FACTOR: "payment to the factor",
    "discount": "discount",
    "discount_undone": "discount taken back",
    EXCHANGE: "exchange difference",
    EXCHANGE_UNDONE: "exchange difference taken back",
    "write_off": "write-off",
    "write_off_undone": "write-off taken back",
}


class JournalRow(TypedDict):
    """One side of a booking; of `debit` and `credit` the one that it is not is empty."""

    day: str
    entity: str
    currency: str
    account: str
    debit: str
    credit: str
    text: str
    invoice: str
    customer: str
    document: str
    column: str
    position: str


class JournalRows(NamedTuple):
    receivables: JournalRow
    other: JournalRow


def journal_rows(booked: Booked) -> JournalRows:
    """What is more open is a debit of the receivables and a credit of the other account; what is less the reverse."""
    more, less = max(0, booked.minor), max(0, -booked.minor)
    return JournalRows(_row(booked, RECEIVABLES, more, less), _row(booked, _contra(booked), less, more))


def _contra(booked: Booked) -> str:
    by_kind = _EXCHANGE if booked.what in (EXCHANGE, EXCHANGE_UNDONE) else _FACTOR
    return _CONTRA.get(booked.column, by_kind)


def _row(booked: Booked, account: str, debit_minor: int, credit_minor: int) -> JournalRow:
    return {
        "day": booked.on.isoformat(),
        "entity": booked.entity,
        "currency": booked.currency,
        "account": account,
        "debit": major(debit_minor, booked.currency) if debit_minor else "",
        "credit": major(credit_minor, booked.currency) if credit_minor else "",
        "text": WORDS[booked.what],
        "invoice": booked.number,
        "customer": booked.customer,
        "document": booked.document,
        "column": booked.column,
        "position": str(booked.position),
    }
