"""Issuing an invoice, and taking all or part of it back."""

from collections.abc import Sequence
from datetime import date

from domain.invoice.facts import CreditNoteApplied, Fact, Issued, Parts, Voided
from domain.invoice.state import (
    PRINCIPAL,
    Invoice,
    oldest_first,
    require_issued,
    require_open,
    require_ours,
    require_positive,
    take,
)
from domain.money import exponent
from domain.refusal import Refused
from domain.terms import Discount, Instalment

MOST_INSTALMENTS = 120


def issue(
    invoice: Invoice | None,
    *,
    number: str,
    entity: str,
    customer: str,
    currency: str,
    total_minor: int,
    issued_on: date,
    instalments: Sequence[Instalment],
    tax_minor: int = 0,
    discounts: Sequence[Discount] = (),
    document_on: date | None = None,
    reference: str | None = None,
    purchase_order: str | None = None,
) -> list[Fact]:
    """The same invoice again changes nothing; the same number with other content is refused as `number_taken`."""
    exponent(currency)
    require_positive(total_minor)
    if not 0 <= tax_minor <= total_minor:
        raise Refused("tax_out_of_range", "the tax must lie between zero and the total")
    if not 0 < len(instalments) <= MOST_INSTALMENTS:
        raise Refused("bad_schedule", f"an invoice has 1 to {MOST_INSTALMENTS} instalments")
    minors = [each.minor for each in instalments]
    if min(minors) <= 0 or sum(minors) != total_minor:
        raise Refused("bad_schedule", "the instalments must each be more than zero and add up to the total")
    if min([each.due_on for each in instalments]) < issued_on:
        raise Refused("due_before_issue", "an invoice cannot be due before the day it is issued")
    for discount in discounts:
        if not 0 < discount.minor < total_minor:
            raise Refused("bad_discount", "an early-payment discount must be more than zero and less than the total")
        if discount.until_on < issued_on:
            raise Refused("bad_discount", "an early-payment discount cannot end before the invoice is issued")
    fact = Issued(
        number,
        entity,
        customer,
        currency,
        total_minor,
        tax_minor,
        issued_on,
        tuple(instalments),
        tuple(discounts),
        document_on,
        reference,
        purchase_order,
    )
    if invoice is None:
        return [fact]
    if invoice.issued == fact:
        return []
    raise Refused("number_taken", f"invoice {number} was issued before with other content")


def credit(invoice: Invoice | None, *, credit_note: str, amount_minor: int, tax_minor: int = 0) -> list[Fact]:
    """A credit note lessens the principal, the last instalment first, and charges after that."""
    return apply_credit(require_issued(invoice), credit_note, amount_minor, tax_minor)


def apply_credit(
    invoice: Invoice, credit_note: str, amount_minor: int, tax_minor: int, first: Parts = ()
) -> list[Fact]:
    """As `credit` does, but the items of `first` before all others."""
    require_positive(amount_minor)
    for earlier in invoice.credit_notes:
        if earlier.credit_note == credit_note:
            if (earlier.amount_minor, earlier.tax_minor) == (amount_minor, tax_minor):
                return []
            raise Refused("number_taken", f"credit note {credit_note} was applied before with another amount")
    invoice = require_open(invoice)
    if invoice.is_factored:
        raise Refused("factored", "the invoice was factored; the credit note is between the debtor and the factor")
    if not 0 <= tax_minor <= amount_minor:
        raise Refused("tax_out_of_range", "the tax must lie between zero and the amount credited")
    if amount_minor > invoice.open_minor:
        raise Refused("over_open", "the credit note is more than what is open")
    named = {part.item for part in first}
    before = [pair for pair in oldest_first(invoice) if pair[0] in named]
    charges = [pair for pair in oldest_first(invoice) if pair[1].kind != PRINCIPAL]
    last_first = [*reversed(oldest_first(invoice, PRINCIPAL)), *charges]
    ordered = [*before, *(pair for pair in last_first if pair[0] not in named)]
    return [CreditNoteApplied(credit_note, amount_minor, tax_minor, take(ordered, amount_minor))]


def void(invoice: Invoice | None) -> list[Fact]:
    """As if it had never been issued: only while nothing was paid on it and nobody else holds it."""
    if invoice and invoice.is_voided:
        return []
    invoice = require_issued(invoice)
    if invoice.payments:
        raise Refused("has_payments", "an invoice with payments is credited or the payments are reversed first")
    if invoice.factored:
        raise Refused("factored", f"invoice {invoice.issued.number} was assigned to {invoice.factored.factor}")
    if invoice.written_off_minor:
        raise Refused("written_off", "an invoice that was written off cannot be voided")
    if invoice.open_minor:
        require_ours(invoice)
    return [Voided(take(oldest_first(invoice), invoice.open_minor))]
