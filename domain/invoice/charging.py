"""What lateness costs the debtor: interest, fees and fixed compensation, given as amounts, and waivers of them."""

from datetime import date

from domain.invoice.claim import PRINCIPAL, Claim, require_claim, require_kept, require_positive, take
from domain.invoice.facts import ChargeWaived, CompensationClaimed, Fact, FeeCharged, InterestCharged
from domain.refusal import Refused


def charge_interest(
    claim: Claim | None, *, amount_minor: int, from_on: date, until_on: date, basis: str, on: date
) -> list[Fact]:
    """`basis` says in words which rate, period and day count gave the amount."""
    claim = _chargeable(claim, amount_minor)
    if until_on < from_on:
        raise Refused("bad_period", "the interest period ends before it begins")
    return [InterestCharged(len(claim.items) + 1, amount_minor, on, from_on, until_on, basis)]


def charge_fee(claim: Claim | None, *, amount_minor: int, basis: str, on: date) -> list[Fact]:
    claim = _chargeable(claim, amount_minor)
    return [FeeCharged(len(claim.items) + 1, amount_minor, on, basis)]


def claim_compensation(claim: Claim | None, *, amount_minor: int, basis: str, on: date) -> list[Fact]:
    claim = _chargeable(claim, amount_minor)
    return [CompensationClaimed(len(claim.items) + 1, amount_minor, on, basis)]


def waive(claim: Claim | None, *, item: int, reason: str, amount_minor: int | None = None) -> list[Fact]:
    """What is still open of one charge, or part of it, is no longer asked for; refuses `no_such_charge`."""
    claim = require_claim(claim)
    if not 1 <= item <= len(claim.items) or claim.items[item - 1].kind == PRINCIPAL:
        raise Refused("no_such_charge", f"item {item} of invoice {claim.issued.number} is no charge")
    charge = claim.items[item - 1]
    waived = charge.open_minor if amount_minor is None else amount_minor
    if not charge.open_minor:
        return []
    require_positive(waived)
    if waived > charge.open_minor:
        raise Refused("over_open", "that is more than what is open of the charge")
    return [ChargeWaived(item, waived, take([(item, charge)], waived), reason)]


def _chargeable(claim: Claim | None, amount_minor: int) -> Claim:
    """Paid late is paid late: what lateness cost may be charged after the payment, not after a write-off."""
    claim = require_kept(require_claim(claim))
    require_positive(amount_minor)
    if claim.written_off_minor and not claim.open_minor:
        raise Refused("written_off", f"invoice {claim.issued.number} was written off")
    return claim
