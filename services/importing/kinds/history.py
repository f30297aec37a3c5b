"""Rows that are invoices with the day they were settled: how customers paid before the ledger began."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain.entry import receipt_stream
from domain.invoice import Invoice
from domain.invoice.disputing import REJECTED
from domain.notes import Note
from domain.receipt import Receipt, Remittance
from domain.refusal import Refused
from services.catalogue.invoices import DISPUTE, RESOLVE
from services.catalogue.receipts import RECORD
from services.importing.book import Book, StreamRequest
from services.importing.kinds.invoices import InvoiceRow, Invoices
from services.importing.kinds.sides import owed_minor
from services.importing.options import Options
from services.importing.reading.cells import Cells
from services.importing.tally import Money


class HistoryRow(NamedTuple):
    """A history has no receipts: each settled invoice gets one of its own."""

    invoice: InvoiceRow
    receipt: str
    due_on: date
    settled_on: date | None
    is_disputed: bool


class History:
    """Issued, perhaps disputed, and paid in full on one day; what is not settled stays open."""

    def __init__(self) -> None:
        self._invoices = Invoices(owed_minor)

    def fields(self, options: Options) -> Mapping[str, bool]:
        return {**self._invoices.fields(options), "due_on": True, "settled_on": True, "disputed": False}

    def read(self, cells: Cells) -> HistoryRow:
        row, settled_on = self._invoices.read(cells), cells.counting_day_if_any("settled_on")
        if settled_on and settled_on < row.issued_on:
            message = (
                f"{settled_on} is before the day of issue, {row.issued_on}; import money that came early as a payment"
            )
            raise Refused("settled_before_issue", message, "settled_on")
        if settled_on and row.money[1] < 0:
            message = "a row below zero is a credit note: leave this empty, and name the invoice it takes back"
            raise Refused("not_positive", message, "settled_on")
        receipt = receipt_stream(f"history:{row.stream.partition(':')[2]}")
        return HistoryRow(row, receipt, cells.day("due_on"), settled_on, cells.yes("disputed"))

    def prepare(self, rows: Sequence[HistoryRow], book: Book) -> None:
        self._invoices.prepare([row.invoice for row in rows], book)
        book.open(row.receipt for row in rows)

    def comes_last(self, row: HistoryRow) -> bool:
        return self._invoices.comes_last(row.invoice)

    def commands(self, row: HistoryRow, book: Book) -> Iterator[StreamRequest]:
        """An invoice that was open in an earlier file and is settled in this one is settled now."""
        stream = row.invoice.stream
        yield from self._invoices.commands(row.invoice, book)
        if row.invoice.money[1] < 0:
            return
        invoice: Invoice = book.state(stream)
        if row.is_disputed and invoice.open_minor and not invoice.disputes_raised:
            # A history says that there was a dispute, not why.
            # One that is due before it is issued is disputed when it is issued.
            disputed_on = max(row.invoice.issued_on, min(row.due_on, row.settled_on or row.due_on))
            yield StreamRequest(stream, DISPUTE(reason_code="other"), disputed_on)
        known: Receipt | None = book.state(row.receipt)
        _require_same_day(known, row.settled_on)
        if row.settled_on and not known and invoice.open_minor:
            yield from _settled(row, book.state(stream), row.settled_on)

    def money(self, row: HistoryRow, book: Book) -> Money:
        """What was invoiced, settled or not."""
        return self._invoices.money(row.invoice, book)

    def notes(self, row: HistoryRow) -> Sequence[Note]:
        return self._invoices.notes(row.invoice)


def _require_same_day(known: Receipt | None, settled_on: date | None) -> None:
    if known and known.received.value_on != settled_on:
        message = f"an earlier import settled the invoice on {known.received.value_on}"
        raise Refused("number_taken", message, "settled_on")


def _settled(row: HistoryRow, invoice: Invoice, day: date) -> Iterator[StreamRequest]:
    """All that was open is paid on one day, and every dispute was rejected by then."""
    for case in invoice.disputes:
        yield StreamRequest(row.invoice.stream, RESOLVE(outcome=REJECTED, dispute=case.number), day)
    issued = invoice.issued
    paid = RECORD(
        amount_minor=invoice.open_minor,
        currency=issued.currency,
        entity=issued.entity,
        customer=issued.customer,
        invoices=[Remittance(issued.number, invoice.open_minor)],
    )
    yield StreamRequest(row.receipt, paid, day)
