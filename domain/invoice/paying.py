"""Money on a claim: payments, the discount taken with them, and what happens when a payment does not hold."""

from datetime import date
from functools import reduce

from domain.invoice.claim import (
    COMPENSATION,
    FEE,
    INTEREST,
    PRINCIPAL,
    Claim,
    Offer,
    find_payment,
    oldest_first,
    require_claim,
    require_open,
    require_positive,
    take,
)
from domain.invoice.dating import standing_since
from domain.invoice.evolving import evolve
from domain.invoice.facts import (
    DiscountTaken,
    Fact,
    InstalmentPlanCompleted,
    Paid,
    PartiallyPaid,
    PaymentReversed,
    PromiseKept,
    Recovered,
)
from domain.invoice.promising import review_promise
from domain.money import percentage, proportion, readable
from domain.refusal import Refused

# What a payment goes to first (costs, interest, principal is the statutory order of Dutch and German law).
COSTS_FIRST = ((FEE, COMPENSATION), (INTEREST,), (PRINCIPAL,))
PRINCIPAL_FIRST = ((PRINCIPAL,), (INTEREST,), (FEE, COMPENSATION))
Order = tuple[tuple[str, ...], ...]


def payable_minor(claim: Claim, *, on: date) -> int:
    """What settles the claim on that day: what is open, less the discount that paying on that day earns."""
    return claim.open_minor - _discount(claim, on)[0]


def pay(
    claim: Claim | None,
    *,
    receipt: str,
    allocation: int,
    amount_minor: int,
    currency: str,
    on: date,
    order: Order = COSTS_FIRST,
    counts_on: date | None = None,
) -> list[Fact]:
    """A payment up to what is open; what a debtor paid beyond it stays on the receipt.

    `on` is the day the money came, which earns a discount or none; on `counts_on` it pays only what was open by then,
    not what was charged since. A promise whose day is over is judged first: money that comes after it keeps no promise.
    Refuses `currency_differs`, `over_open`, `nothing_open`, `sold` (the factor is paid, not we).
    """
    claim = require_claim(claim)
    require_positive(amount_minor)
    if currency != claim.issued.currency:
        raise Refused(
            "currency_differs", f"invoice {claim.issued.number} is in {claim.issued.currency}, not {currency}"
        )
    if find_payment(claim, receipt, allocation):
        return []
    claim = require_open(claim)
    if claim.is_sold:
        raise Refused("sold", f"invoice {claim.issued.number} was sold; the payment is due to the factor")
    facts = review_promise(claim, on=on)
    claim = reduce(evolve, facts, claim)
    there = standing_since(claim, counts_on) if counts_on else claim
    if amount_minor > there.open_minor:
        left = readable(claim.open_minor, currency)
        raise Refused("over_open", f"only {left} is open on invoice {claim.issued.number}")
    discount, kind = _discount(there, on)
    short = there.open_minor - amount_minor
    if 0 < short <= discount:
        principal_first = [pair for group in PRINCIPAL_FIRST for pair in oldest_first(there, *group)]
        facts.append(DiscountTaken(receipt, allocation, short, take(principal_first, short), kind))
        claim, there = evolve(claim, facts[-1]), evolve(there, facts[-1])
    closes = amount_minor == claim.open_minor
    facts.append(_payment(there, receipt, allocation, amount_minor, order, closes=closes))
    return facts + _consequences(evolve(claim, facts[-1]))


def reverse_payment(claim: Claim | None, *, receipt: str, allocation: int, reason: str) -> list[Fact]:
    """A returned debit, a chargeback or an allocation taken back: what it took is open again, exactly as before."""
    claim = require_claim(claim)
    payment = find_payment(claim, receipt, allocation)
    if not payment:
        return []
    return [
        PaymentReversed(receipt, allocation, payment.amount_minor, payment.discount_minor, payment.parts, reason),
    ]


def recover(claim: Claim | None, *, receipt: str, allocation: int, amount_minor: int, currency: str) -> list[Fact]:
    """Money for a claim already written off; refuses `not_written_off` and `over_written_off`."""
    claim = require_claim(claim)
    require_positive(amount_minor)
    if find_payment(claim, receipt, allocation):
        return []
    if currency != claim.issued.currency:
        raise Refused(
            "currency_differs", f"invoice {claim.issued.number} is in {claim.issued.currency}, not {currency}"
        )
    if not claim.written_off_minor:
        raise Refused("not_written_off", f"invoice {claim.issued.number} was not written off")
    if amount_minor > claim.written_off_minor:
        raise Refused("over_written_off", "that is more than was written off")
    return [Recovered(receipt, allocation, amount_minor)]


def _discount(claim: Claim, on: date) -> tuple[int, str]:
    offer = claim.offer
    if offer and offer.is_accepted and on <= offer.until_on:
        return max(0, claim.open_minor - _left_to_settle(offer)), "settlement"
    if any(payment.discount_minor for payment in claim.payments):
        return 0, "early_payment"
    on_time = max((discount.minor for discount in claim.issued.discounts if on <= discount.until_on), default=0)
    # What was credited earns no discount.
    standing = max(0, claim.issued.total_minor - sum(note.amount_minor for note in claim.credit_notes))
    return min(proportion(on_time, standing, claim.issued.total_minor), claim.open_minor), "early_payment"


def _left_to_settle(offer: Offer) -> int:
    return max(0, offer.pay_minor - offer.paid_minor)


def _payment(
    claim: Claim, receipt: str, allocation: int, amount_minor: int, order: Order, *, closes: bool
) -> Paid | PartiallyPaid:
    ordered = [pair for group in order for pair in oldest_first(claim, *group)]
    commission = percentage(amount_minor, claim.agency.commission_basis_points) if claim.agency else 0
    fact = Paid if closes else PartiallyPaid
    return fact(receipt, allocation, amount_minor, take(ordered, amount_minor), commission)


def _consequences(claim: Claim) -> list[Fact]:
    facts: list[Fact] = []
    promise = claim.promise
    if promise and (promise.paid_minor >= promise.amount_minor or not claim.open_minor):
        facts.append(PromiseKept(promise.number))
    if claim.plan and not claim.plan_minor:
        facts.append(InstalmentPlanCompleted())
    return facts
