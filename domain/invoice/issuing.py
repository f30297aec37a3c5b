"""Issuing a claim, and taking all or part of it back."""

from collections.abc import Sequence
from datetime import date

from domain.invoice.claim import (
    PRINCIPAL,
    Claim,
    oldest_first,
    require_claim,
    require_open,
    require_ours,
    require_positive,
    take,
)
from domain.invoice.facts import CreditNoteApplied, Fact, Issued, Parts, Voided
from domain.money import exponent
from domain.refusal import Refused
from domain.terms import Discount, Instalment

MOST_INSTALMENTS = 120


def issue(
    claim: Claim | None,
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
    if any(each.minor <= 0 for each in instalments) or sum(each.minor for each in instalments) != total_minor:
        raise Refused("bad_schedule", "the instalments must each be more than zero and add up to the total")
    if min(each.due_on for each in instalments) < issued_on:
        raise Refused("due_before_issue", "an invoice cannot be due before the day it is issued")
    if any(not 0 < discount.minor < total_minor for discount in discounts):
        raise Refused("bad_discount", "an early-payment discount must be more than zero and less than the total")
    if any(discount.until_on < issued_on for discount in discounts):
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
    if claim is None:
        return [fact]
    if claim.issued == fact:
        return []
    raise Refused("number_taken", f"invoice {number} was issued before with other content")


def credit(claim: Claim | None, *, credit_note: str, amount_minor: int, reason: str, tax_minor: int = 0) -> list[Fact]:
    """A credit note lessens the principal, the last instalment first, and charges after that."""
    return apply_credit(require_claim(claim), credit_note, amount_minor, tax_minor, reason)


def apply_credit(
    claim: Claim, credit_note: str, amount_minor: int, tax_minor: int, reason: str, first: Parts = ()
) -> list[Fact]:
    """As `credit` does, but the items of `first` before all others."""
    require_positive(amount_minor)
    for earlier in claim.credit_notes:
        if earlier.credit_note == credit_note:
            if (earlier.amount_minor, earlier.tax_minor) == (amount_minor, tax_minor):
                return []
            raise Refused("number_taken", f"credit note {credit_note} was applied before with another amount")
    claim = require_open(claim)
    if claim.is_sold:
        raise Refused("sold", "the claim was sold; the credit note is between the debtor and the factor")
    if not 0 <= tax_minor <= amount_minor:
        raise Refused("tax_out_of_range", "the tax must lie between zero and the amount credited")
    if amount_minor > claim.open_minor:
        raise Refused("over_open", "the credit note is more than what is open")
    named = {part.item for part in first}
    before = [pair for pair in oldest_first(claim) if pair[0] in named]
    charges = [pair for pair in oldest_first(claim) if pair[1].kind != PRINCIPAL]
    last_first = [*reversed(oldest_first(claim, PRINCIPAL)), *charges]
    ordered = [*before, *(pair for pair in last_first if pair[0] not in named)]
    return [CreditNoteApplied(credit_note, amount_minor, tax_minor, take(ordered, amount_minor), reason)]


def void(claim: Claim | None, *, reason: str) -> list[Fact]:
    """As if it had never been issued: only while nothing was paid on it and nobody else holds it."""
    if claim and claim.is_voided:
        return []
    claim = require_claim(claim)
    if claim.payments:
        raise Refused("has_payments", "an invoice with payments is credited or the payments are reversed first")
    if claim.factored:
        raise Refused("sold", f"invoice {claim.issued.number} was assigned to {claim.factored.factor}")
    if claim.written_off_minor:
        raise Refused("written_off", "an invoice that was written off cannot be voided")
    if claim.open_minor:
        require_ours(claim)
    return [Voided(reason, take(oldest_first(claim), claim.open_minor))]
