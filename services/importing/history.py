"""Rows that are invoices with the day they were settled: how customers paid before the ledger began."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain import cash_application
from domain import invoice as invoices
from domain import receipt as receipts
from domain.entry import receipt_stream
from domain.invoice import Invoice
from domain.invoice.disputing import REJECTED
from domain.receipt import Receipt
from infra.encryption import Encryption
from services.importing.book import Book, Facts
from services.importing.cells import BadCell, Cells
from services.importing.invoices import InvoiceRow, Invoices
from services.importing.options import Options

REASON = "other"  # a history says that there was a dispute, not why


class HistoryRow(NamedTuple):
    invoice: InvoiceRow
    due_on: date
    settled_on: date | None
    is_disputed: bool

    @property
    def receipt(self) -> str:
        """A history knows of no receipts: each invoice has its own."""
        return f"history:{self.invoice.written['entity']}:{self.invoice.written['number']}"


class History:
    """Issued, perhaps disputed, and paid in full on one day; what is not settled stays open."""

    def __init__(self, encryption: Encryption):
        self._invoices = Invoices(encryption)

    def fields(self, options: Options) -> Mapping[str, bool]:
        return {**self._invoices.fields(options), "due_on": True, "settled_on": True, "disputed": False}

    def read(self, cells: Cells) -> HistoryRow:
        row, settled_on = self._invoices.read(cells), cells.counting_day_if_any("settled_on")
        issued_on = row.written["issued_on"]
        if settled_on and settled_on < issued_on:
            message = f"{settled_on} is before the day of issue, {issued_on}; import money that came early as a payment"
            raise BadCell("settled_on", "settled_before_issue", message)
        return HistoryRow(row, cells.day("due_on"), settled_on, cells.yes("disputed"))

    def prepare(self, rows: Sequence[HistoryRow], book: Book, *, is_dry: bool) -> None:
        self._invoices.prepare([row.invoice for row in rows], book, is_dry=is_dry)
        book.open(receipt_stream(row.receipt) for row in rows)

    def decide(self, row: HistoryRow, book: Book) -> Facts:
        """An invoice that was open in an earlier file and is settled in this one is settled now."""
        stream = row.invoice.stream
        issued = self._invoices.decide(row.invoice, book)
        invoice: Invoice | None = None if issued else book.state(stream)
        for fact, on in issued[-1][1] if issued else ():
            invoice = invoices.evolve(invoice, fact, on)
        assert invoice, "an invoice that is not issued now was issued before"
        disputed = _disputed(row, invoice)
        disputed_on = min(row.due_on, row.settled_on or row.due_on)
        for fact in disputed:
            invoice = invoices.evolve(invoice, fact, disputed_on)
        facts = [*issued, (stream, [(fact, disputed_on) for fact in disputed])]
        known = book.state(receipt_stream(row.receipt))
        _require_same_day(known, row.settled_on)
        if row.settled_on and not known and invoice.open_minor:
            facts += _settled(row, invoice, row.settled_on)
        return facts


def _require_same_day(known: Receipt | None, settled_on: date | None) -> None:
    if known and known.received.value_on != settled_on:
        message = f"an earlier import settled the invoice on {known.received.value_on}"
        raise BadCell("settled_on", "number_taken", message)


def _disputed(row: HistoryRow, invoice: Invoice) -> list[Any]:
    if not row.is_disputed or invoice.disputes_raised or not invoice.open_minor:
        return []
    return invoices.dispute(invoice, reason_code=REASON)


def _settled(row: HistoryRow, invoice: Invoice, day: date) -> Facts:
    """All that was open came in on one day, and by then every dispute had come to nothing."""
    stream, issued = row.invoice.stream, invoice.issued
    resolved = [
        fact for case in invoice.disputes for fact in invoices.resolve(invoice, number=case.number, outcome=REJECTED)
    ]
    for fact in resolved:
        invoice = invoices.evolve(invoice, fact, day)
    received = receipts.receive(
        None,
        number=row.receipt,
        entity=issued.entity,
        currency=issued.currency,
        amount_minor=invoice.open_minor,
        value_on=day,
        customer=issued.customer,
        references=(issued.number,),
    )
    money = receipts.fold(received)
    assert money
    paid = cash_application.allocate(money, {stream: invoice}, {stream: invoice.open_minor}, on=day)
    dated = [(fact, day) for fact in resolved]
    return [(receipt_stream(row.receipt), [(fact, day) for fact in received]), (stream, dated), *paid.items()]
