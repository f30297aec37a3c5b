"""Credit notes: what they take from the invoice they name, and what is left of them on account of the customer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain import applying, takings
from domain import credit_note as credit_notes
from domain import receipt as receipts
from domain.allocations import is_lost
from domain.books import Books, Dated
from domain.credit_note import CreditNote
from domain.entry import credit_note_stream, invoice_stream
from domain.invoice import crediting, dating, disputing
from domain.invoice.facts import CreditNoteApplied
from domain.invoice.state import Invoice, require_issued
from domain.refusal import Refused


def issue(
    states: Mapping[str, Any],
    *,
    credit_note: str,
    entity: str,
    amount_minor: int,
    on: date,
    invoice: str | None = None,
    customer: str | None = None,
    currency: str | None = None,
    tax_minor: int = 0,
    document: str | None = None,
) -> Dated:
    """What is open on the invoice it names is less from that day on; what exceeds it stays on account of the customer.

    `states` are the credit note, the invoice, and the receipts and credit notes that take from it later
    (`takings.sources_after`): they go after this one. Customer and currency are those of the invoice where it names
    one. Refuses `not_issued`, `voided`, `written_off`, `factored`, `before_issue`, `currency_differs`,
    `customer_differs`, and `customer_missing` or `currency_missing` where it names none.
    """
    own = credit_note_stream(credit_note, entity)
    stream = invoice_stream(invoice, entity) if invoice else None
    note: CreditNote | None = states.get(own)
    if note and note.issued:
        # The same again is the same, whatever became of the invoice.
        customer, currency = customer or note.issued.customer, currency or note.issued.currency
    else:
        customer, currency = _whose(require_issued(states.get(stream)) if stream else None, customer, currency)
    facts = credit_notes.issue(
        note,
        credit_note=credit_note,
        entity=entity,
        customer=customer,
        currency=currency,
        amount_minor=amount_minor,
        tax_minor=tax_minor,
        issued_on=on,
        invoice=invoice,
        document=document,
    )
    books = Books(states)
    for fact in facts:
        books.add(own, fact, on)
    if stream and facts:
        _take(books, own, stream, amount_minor, on)
    return {own: [], **books.dated}


def resolve(states: Mapping[str, Any], stream: str, *, on: date, **asked: Any) -> Dated:
    """A dispute ends as `disputing.resolve` says; the credit note for what the debtor won is issued with it."""
    invoice: Invoice | None = states.get(stream)
    facts = dating.require_in_time(invoice, disputing.resolve(invoice, **asked), on)
    books = Books(states)
    for fact in facts:
        if isinstance(fact, CreditNoteApplied) and invoice:
            issued = invoice.issued
            own = credit_note_stream(fact.credit_note, issued.entity)
            if states.get(own):
                raise Refused("number_taken", f"credit note {fact.credit_note} was issued before")
            amounts = issued.currency, fact.amount_minor, fact.tax_minor
            written = fact.credit_note, issued.entity, issued.customer, *amounts, on, issued.number
            books.add(own, credit_notes.Issued(*written), on)
            books.add(own, receipts.Allocated(fact.allocation, stream, fact.amount_minor), on)
        books.add(stream, fact, on)
    return books.dated


def _take(books: Books, own: str, stream: str, amount_minor: int, on: date) -> None:
    dating.require_issued_by(books.invoice(stream), on)
    before = crediting.require_creditable(takings.before_later(books, stream, on))
    if is_lost(before):
        message = f"invoice {before.issued.number} was written off: undo that first, or let the credit note name none"
        raise Refused("written_off", message)
    if minor := min(amount_minor, dating.open_since_minor(before, on)):
        applying.apply(books, own, stream, minor, on, applying.Rules())


def _whose(invoice: Invoice | None, customer: str | None, currency: str | None) -> tuple[str, str]:
    if not invoice:
        if not customer:
            raise Refused("customer_missing", "a credit note that names no invoice names the customer", "customer")
        if not currency:
            raise Refused("currency_missing", "a credit note that names no invoice names the currency", "currency")
        return customer, currency
    issued = invoice.issued
    if currency not in (None, issued.currency):
        message = f"invoice {issued.number} is in {issued.currency}, not {currency}"
        raise Refused("currency_differs", message, "currency")
    if customer not in (None, issued.customer):
        raise Refused("customer_differs", f"invoice {issued.number} is that of {issued.customer}", "customer")
    return issued.customer, issued.currency
