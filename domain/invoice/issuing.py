"""Issuing an invoice, and taking it back as a whole."""

from collections.abc import Sequence
from datetime import date

from domain.invoice.facts import Fact, Issued, Voided, VoidUndone
from domain.invoice.state import (
    Invoice,
    oldest_first,
    require_issued,
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
    accept_due_before_issue: bool = False,
) -> list[Fact]:
    """The same invoice again changes nothing; the same number with other content is refused as `number_taken`.

    Due before the day of issue is refused as a mistake, unless it is accepted: the due day of some follows a baseline
    day. It is then overdue from its first day on.
    """
    exponent(currency)
    require_positive(total_minor)
    if not 0 <= tax_minor <= total_minor:
        raise Refused("tax_out_of_range", "the tax must lie between zero and the total")
    if not 0 < len(instalments) <= MOST_INSTALMENTS:
        raise Refused("bad_schedule", f"an invoice has 1 to {MOST_INSTALMENTS} instalments")
    minors = [each.minor for each in instalments]
    if min(minors) <= 0 or sum(minors) != total_minor:
        raise Refused("bad_schedule", "the instalments must each be more than zero and add up to the total")
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
    if invoice and invoice.issued == fact:
        return []
    if min([each.due_on for each in instalments]) < issued_on and not accept_due_before_issue:
        raise Refused("due_before_issue", "an invoice cannot be due before the day it is issued")
    if invoice is None:
        return [fact]
    raise Refused("number_taken", f"invoice {number} was issued before with other content")


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


def undo_void(invoice: Invoice | None) -> list[Fact]:
    """The void was a mistake: what it took is owed, as before."""
    if invoice is None:
        raise Refused("not_issued", "there is no such invoice")
    return [VoidUndone(invoice.void.parts)] if invoice.void else []
