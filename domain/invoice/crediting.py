"""What credit notes take from an invoice, and give back when they were a mistake."""

from datetime import date

from domain.invoice.dating import open_since
from domain.invoice.facts import CreditNoteApplied, CreditNoteReinstated, CreditNoteUndone, Fact, Parts
from domain.invoice.state import (
    PRINCIPAL,
    Credit,
    Invoice,
    find_credit,
    find_taken_back,
    oldest_first,
    require_issued,
    require_open,
    require_positive,
    take,
)
from domain.refusal import Refused


def credit(
    invoice: Invoice | None,
    *,
    credit_note: str,
    amount_minor: int,
    tax_minor: int = 0,
    allocation: int = 0,
    effective_on: date | None = None,
    first: Parts = (),
) -> list[Fact]:
    """A credit note lessens the principal, the last instalment first, and charges after that; those in `first` before.

    Refuses `over_open`: what is more than is open on its effective date stays on account of the customer.
    """
    invoice = require_issued(invoice)
    require_positive(amount_minor)
    for earlier in invoice.credit_notes:
        if (earlier.credit_note, earlier.allocation) == (credit_note, allocation):
            if (earlier.amount_minor, earlier.tax_minor) == (amount_minor, tax_minor):
                return []
            raise Refused("number_taken", f"credit note {credit_note} was applied before with another amount")
    invoice = require_creditable(require_open(invoice))
    if not 0 <= tax_minor <= amount_minor:
        raise Refused("tax_out_of_range", "the tax must lie between zero and the amount credited")
    there = open_since(invoice, effective_on) if effective_on else invoice
    if amount_minor > there.open_minor:
        raise Refused("over_open", "the credit note is more than what is open")
    charges = [pair for pair in oldest_first(there) if pair[1].kind != PRINCIPAL]
    last_first = [*reversed(oldest_first(there, PRINCIPAL)), *charges]
    return [CreditNoteApplied(credit_note, amount_minor, tax_minor, take(last_first, amount_minor, first), allocation)]


def undo(invoice: Invoice | None, *, credit_note: str, allocation: int = 0) -> list[CreditNoteUndone]:
    """What it took is open again, exactly as before."""
    if invoice is None:
        raise Refused("not_issued", "there is no such invoice")
    found = find_credit(invoice, credit_note, allocation)
    if not found:
        return []
    return [CreditNoteUndone(credit_note, allocation, found.amount_minor, found.tax_minor, found.parts)]


def reinstate(invoice: Invoice, *, credit_note: str, allocation: int) -> CreditNoteReinstated:
    found: Credit = find_taken_back(invoice, Credit, credit_note, allocation)
    return CreditNoteReinstated(credit_note, allocation, found.amount_minor, found.tax_minor, found.parts)


def require_creditable(invoice: Invoice) -> Invoice:
    if invoice.is_factored:
        raise Refused("factored", "the invoice was factored; the credit note is between the debtor and the factor")
    return invoice
