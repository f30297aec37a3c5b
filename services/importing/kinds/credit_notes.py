"""Rows that are credit notes: of an invoice they name, or of a customer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain.entry import credit_note_stream, customer_stream, invoice_stream
from domain.invoice import Invoice
from domain.notes import Note
from domain.refusal import Refused
from infra.files.tabular import Unreadable
from services.catalogue.credit_notes import ISSUE
from services.importing.book import Book, StreamRequest
from services.importing.kinds.years import may_be, meant, number_of_year
from services.importing.options import Options
from services.importing.reading.cells import Cells, Place
from services.importing.tally import Money


class CreditNoteRow(NamedTuple):
    """`amount_minor` is None while the currency is not known: then it is that of the invoice.

    Some programs write the amounts of credit notes below zero, others above: it means the same.
    """

    at: Place
    entity: str
    credit_note: str
    invoice: str | None
    customer: str | None
    currency: str | None
    amount: str
    amount_minor: int | None
    tax: str | None
    issued_on: date
    reason: str | None
    # Where numbers begin anew each year: those in the ledger that may be meant.
    may_be: Sequence[str] = ()

    @property
    def own(self) -> str:
        return credit_note_stream(self.credit_note, self.entity)

    @property
    def about(self) -> str:
        return invoice_stream(self.invoice, self.entity) if self.invoice else ""

    @property
    def account(self) -> str:
        return customer_stream(self.customer) if self.customer else ""


class CreditNotes:
    """One that names an invoice goes to it, and what exceeds what is open is on account."""

    def __init__(self) -> None:
        self._cells: Cells | None = None

    def fields(self, options: Options) -> Mapping[str, bool]:
        return {
            "credit_note": True,
            "number": False,
            "customer": False,
            "amount": True,
            "tax": False,
            "issued_on": True,
            "currency": False,
            "entity": False,
            "reason": False,
        }

    def read(self, cells: Cells) -> CreditNoteRow:
        if not (cells.has("number") or cells.has("customer")):
            raise Unreadable("no column says what is credited: name one with --map number=COLUMN or customer=COLUMN")
        self._cells = cells
        number, customer = cells.key_if_any("number"), cells.key_if_any("customer")
        if not (number or customer):
            raise Refused("missing", "it names neither an invoice nor a customer", "number")
        currency = cells.currency_if_any() if number else cells.currency()
        amount, own, issued_on = cells.required("amount"), cells.key("credit_note"), cells.counting_day("issued_on")
        if cells.is_number_per_year:
            own = number_of_year(own, issued_on)
        return CreditNoteRow(
            cells.place,
            cells.entity(),
            own,
            number,
            customer,
            currency,
            amount,
            cells.minor("amount", amount, currency) if currency else None,
            cells.text("tax"),
            issued_on,
            cells.text("reason"),
            may_be(number, issued_on) if number and cells.is_number_per_year else (),
        )

    def prepare(self, rows: Sequence[CreditNoteRow], book: Book) -> None:
        book.open(stream for row in rows for stream in (row.own, row.about, row.account) if stream)
        book.open(invoice_stream(number, row.entity) for row in rows for number in row.may_be)
        book.open_sources_after([(_about(row, book), row.issued_on) for row in rows if row.about])

    def comes_last(self, row: CreditNoteRow) -> bool:
        return False

    def commands(self, row: CreditNoteRow, book: Book) -> Iterator[StreamRequest]:
        currency, minor = self.money(row, book)
        request = ISSUE(
            amount_minor=abs(minor),
            customer=row.customer,
            invoice=_invoice(row, book),
            currency=currency,
            tax_minor=self._tax(row, currency),
        )
        yield StreamRequest(row.own, request, row.issued_on, row.reason)

    def money(self, row: CreditNoteRow, book: Book) -> Money:
        if row.currency and row.amount_minor is not None:
            return row.currency, row.amount_minor
        invoice: Invoice | None = book.state(_about(row, book))
        if not invoice:
            message = f"it is empty, and invoice {row.invoice} is not known: name the currency with --currency"
            raise Refused("missing", message, "currency")
        assert self._cells
        currency = invoice.issued.currency
        return currency, self._cells.minor("amount", row.amount, currency)

    def notes(self, row: CreditNoteRow) -> Sequence[Note]:
        """None but those of the command."""
        return ()

    def _tax(self, row: CreditNoteRow, currency: str) -> int:
        assert self._cells
        return abs(self._cells.minor("tax", row.tax, currency)) if row.tax else 0


def _invoice(row: CreditNoteRow, book: Book) -> str | None:
    return meant(row.may_be, row.entity, book) if row.may_be else row.invoice


def _about(row: CreditNoteRow, book: Book) -> str:
    invoice = _invoice(row, book)
    return invoice_stream(invoice, row.entity) if invoice else ""
