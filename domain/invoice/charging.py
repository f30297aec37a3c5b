"""What lateness costs the debtor: interest, fees and fixed compensation, given as amounts, and waivers of them."""

from datetime import date

from domain.invoice.facts import ChargeWaived, CompensationClaimed, Fact, FeeCharged, InterestCharged
from domain.invoice.state import PRINCIPAL, Invoice, require_issued, require_kept, require_positive, take
from domain.refusal import Refused


def charge_interest(
    invoice: Invoice | None, on: date, *, amount_minor: int, from_on: date, until_on: date, basis: str
) -> list[Fact]:
    """`basis` says in words which rate, period and day count gave the amount."""
    invoice = _chargeable(invoice, amount_minor)
    if until_on < from_on:
        raise Refused("bad_period", "the interest period ends before it begins")
    return [InterestCharged(len(invoice.items) + 1, amount_minor, on, from_on, until_on, basis)]


def charge_fee(invoice: Invoice | None, on: date, *, amount_minor: int, basis: str) -> list[Fact]:
    invoice = _chargeable(invoice, amount_minor)
    return [FeeCharged(len(invoice.items) + 1, amount_minor, on, basis)]


def claim_compensation(invoice: Invoice | None, on: date, *, amount_minor: int, basis: str) -> list[Fact]:
    invoice = _chargeable(invoice, amount_minor)
    return [CompensationClaimed(len(invoice.items) + 1, amount_minor, on, basis)]


def waive(invoice: Invoice | None, *, item: int, amount_minor: int | None = None) -> list[Fact]:
    """Gives up what is still open of one charge, or part of it; refuses `no_such_charge`."""
    invoice = require_issued(invoice)
    if not 1 <= item <= len(invoice.items) or invoice.items[item - 1].kind == PRINCIPAL:
        raise Refused("no_such_charge", f"item {item} of invoice {invoice.issued.number} is no charge")
    charge = invoice.items[item - 1]
    waived = charge.open_minor if amount_minor is None else amount_minor
    if not charge.open_minor:
        return []
    require_positive(waived)
    if waived > charge.open_minor:
        raise Refused("over_open", "that is more than what is open of the charge")
    return [ChargeWaived(item, waived, take([(item, charge)], waived))]


def _chargeable(invoice: Invoice | None, amount_minor: int) -> Invoice:
    """Charges for late payment may still be made after the payment, but not after a write-off."""
    invoice = require_kept(require_issued(invoice))
    require_positive(amount_minor)
    if invoice.written_off_minor and not invoice.open_minor:
        raise Refused("written_off", f"invoice {invoice.issued.number} was written off")
    return invoice
