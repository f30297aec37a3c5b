"""Payments of an invoice, the discount taken with them, and what happens when a payment is taken back."""

from datetime import date
from functools import reduce
from typing import Literal

from domain.invoice.dating import open_since
from domain.invoice.evolving import evolve
from domain.invoice.facts import (
    DiscountTaken,
    ExchangeDifferenceTaken,
    Fact,
    InstalmentPlanCompleted,
    Paid,
    PartiallyPaid,
    Parts,
    PaymentReinstated,
    PaymentReversed,
    PlacedWithAgency,
    PromiseKept,
    Recovered,
    SettlementAccepted,
)
from domain.invoice.promising import review_promise
from domain.invoice.state import (
    COMPENSATION,
    FEE,
    INTEREST,
    PRINCIPAL,
    Invoice,
    Offer,
    Payment,
    find_payment,
    find_taken_back,
    oldest_first,
    require_issued,
    require_open,
    require_positive,
    take,
)
from domain.money import percentage, proportion, readable
from domain.refusal import Refused
from domain.terms import Discount

# What a payment goes to first; costs, interest, principal is the statutory order of Dutch and German law.
Order = Literal["costs_first", "principal_first"]
COSTS_FIRST: Order = "costs_first"
PRINCIPAL_FIRST: Order = "principal_first"
_ORDERS: dict[str, tuple[tuple[str, ...], ...]] = {
    COSTS_FIRST: ((FEE, COMPENSATION), (INTEREST,), (PRINCIPAL,)),
    PRINCIPAL_FIRST: ((PRINCIPAL,), (INTEREST,), (FEE, COMPENSATION)),
}

EARLY_PAYMENT = "early_payment"


def require_order(order: str) -> None:
    if order not in _ORDERS:
        raise Refused("unknown_order", f"a payment goes to {' or '.join(_ORDERS)}")


def payable_minor(invoice: Invoice, *, on: date) -> int:
    """What settles the invoice on that day: what is open, less the discount that paying on that day earns."""
    return invoice.open_minor - _discount(invoice, on)[0]


def early_discounts(invoice: Invoice) -> tuple[Discount, ...]:
    """What each early-payment discount is worth now: what paying on its last day earns, without those worth nothing."""
    earned = [(tier.until_on, _discount(invoice, tier.until_on)) for tier in invoice.issued.discounts]
    return tuple(Discount(until_on, minor) for until_on, (minor, kind) in earned if minor and kind == EARLY_PAYMENT)


def pay(
    invoice: Invoice | None,
    *,
    receipt: str,
    allocation: int,
    amount_minor: int,
    currency: str,
    on: date,
    order: Order = COSTS_FIRST,
    effective_on: date | None = None,
    difference_minor: int = 0,
    first: Parts = (),
) -> list[Fact]:
    """A payment up to what is open; what a debtor paid beyond it stays on the receipt.

    `on` is the day the money came, on which a discount depends; `effective_on` is the effective date, and only what was
    open by then is paid. A promise whose day is over is judged first: money that comes after it keeps no promise.
    `difference_minor` of the principal is given up with it, as the difference of an exchange. Parts in `first` are paid
    before all else.
    Refuses `currency_differs`, `over_open`, `nothing_open`, `factored` (the factor is paid, not we).
    """
    invoice = require_issued(invoice)
    require_positive(amount_minor)
    if currency != invoice.issued.currency:
        raise Refused(
            "currency_differs", f"invoice {invoice.issued.number} is in {invoice.issued.currency}, not {currency}"
        )
    if find_payment(invoice, receipt, allocation):
        return []
    invoice = require_open(invoice)
    if invoice.is_factored:
        raise Refused("factored", f"invoice {invoice.issued.number} was factored; the payment is due to the factor")
    facts = review_promise(invoice, on=on)
    invoice = reduce(evolve, facts, invoice)
    there = open_since(invoice, effective_on) if effective_on else invoice
    if amount_minor > there.open_minor:
        left = readable(invoice.open_minor, currency)
        raise Refused("over_open", f"only {left} is open on invoice {invoice.issued.number}")
    if difference_minor:
        principal_first = [pair for group in _ORDERS[PRINCIPAL_FIRST] for pair in oldest_first(there, *group)]
        parts = take(principal_first, difference_minor)
        facts.append(ExchangeDifferenceTaken(receipt, allocation, difference_minor, parts))
        invoice, there = evolve(invoice, facts[-1]), evolve(there, facts[-1])
    discount, kind = _discount(there, on, effective_on)
    short = there.open_minor - amount_minor
    if 0 < short <= discount:
        principal_first = [pair for group in _ORDERS[PRINCIPAL_FIRST] for pair in oldest_first(there, *group)]
        facts.append(DiscountTaken(receipt, allocation, short, take(principal_first, short), kind))
        invoice, there = evolve(invoice, facts[-1]), evolve(there, facts[-1])
    closes = amount_minor == invoice.open_minor
    facts.append(
        _payment(there, receipt, allocation, amount_minor, order, on=effective_on or on, closes=closes, first=first)
    )
    if not invoice.promise and not invoice.plan:
        return facts
    return facts + consequences(evolve(invoice, facts[-1], effective_on or on))


def reverse_payment(invoice: Invoice | None, *, receipt: str, allocation: int) -> list[PaymentReversed]:
    """A returned debit, a chargeback or an allocation taken back: what it took is open again, exactly as before."""
    invoice = require_issued(invoice)
    payment = find_payment(invoice, receipt, allocation)
    if not payment:
        return []
    amounts = payment.amount_minor, payment.discount_minor, payment.parts, payment.difference_minor
    return [PaymentReversed(receipt, allocation, *amounts)]


def reinstate_payment(invoice: Invoice, *, receipt: str, allocation: int) -> PaymentReinstated:
    """A payment that was taken back pays again what it paid, from the day on which it was taken back."""
    payment: Payment = find_taken_back(invoice, Payment, receipt, allocation)
    amounts = payment.amount_minor, payment.discount_minor, payment.parts, payment.difference_minor
    return PaymentReinstated(receipt, allocation, *amounts)


def recover(invoice: Invoice | None, *, receipt: str, allocation: int, amount_minor: int, currency: str) -> list[Fact]:
    """Money for an invoice already written off; refuses `not_written_off` and `over_written_off`."""
    invoice = require_issued(invoice)
    require_positive(amount_minor)
    if find_payment(invoice, receipt, allocation):
        return []
    if currency != invoice.issued.currency:
        raise Refused(
            "currency_differs", f"invoice {invoice.issued.number} is in {invoice.issued.currency}, not {currency}"
        )
    if not invoice.written_off_minor:
        raise Refused("not_written_off", f"invoice {invoice.issued.number} was not written off")
    if amount_minor > invoice.written_off_minor:
        raise Refused("over_written_off", "that is more than was written off")
    return [Recovered(receipt, allocation, amount_minor)]


def _discount(invoice: Invoice, on: date, effective_on: date | None = None) -> tuple[int, str]:
    """What paying on a day earns: a settlement only from the day on which it was accepted."""
    offer = invoice.offer
    is_settling = offer and offer.is_accepted and (effective_on or on) >= invoice.days[SettlementAccepted]
    if offer and is_settling and on <= offer.until_on:
        return max(0, invoice.open_minor - _left_to_settle(offer)), "settlement"
    if any(payment.discount_minor for payment in invoice.payments):
        return 0, EARLY_PAYMENT
    on_time = max((discount.minor for discount in invoice.issued.discounts if on <= discount.until_on), default=0)
    if not on_time:
        return 0, EARLY_PAYMENT
    # What was credited earns no discount.
    not_credited = max(0, invoice.issued.total_minor - sum(note.amount_minor for note in invoice.credit_notes))
    return min(proportion(on_time, not_credited, invoice.issued.total_minor), invoice.open_minor), EARLY_PAYMENT


def _left_to_settle(offer: Offer) -> int:
    return max(0, offer.pay_minor - offer.paid_minor)


def _payment(
    invoice: Invoice,
    receipt: str,
    allocation: int,
    amount_minor: int,
    order: Order,
    *,
    on: date,
    closes: bool,
    first: Parts,
) -> Paid | PartiallyPaid:
    ordered = [pair for group in _ORDERS[order] for pair in oldest_first(invoice, *group)]
    agency = invoice.agency if on >= invoice.days.get(PlacedWithAgency, on) else None
    commission = percentage(amount_minor, agency.commission_basis_points) if agency else 0
    fact = Paid if closes else PartiallyPaid
    return fact(receipt, allocation, amount_minor, take(ordered, amount_minor, first), commission)


def as_it_closes(invoice: Invoice, fact: Fact) -> Fact:
    """The fact by the name it has where it is recorded: a payment is `Paid` when nothing is open after it."""
    if not isinstance(fact, Paid | PartiallyPaid):
        return fact
    kind = Paid if fact.amount_minor == invoice.open_minor else PartiallyPaid
    return kind(fact.receipt, fact.allocation, fact.amount_minor, fact.parts, fact.commission_minor)


def consequences(invoice: Invoice) -> list[Fact]:
    """What ends with the payment just made: a promise that is kept by it, and a plan of which nothing is open."""
    facts: list[Fact] = []
    promise = invoice.promise
    if promise and (promise.paid_minor >= promise.amount_minor or not invoice.open_minor):
        facts.append(PromiseKept(promise.number))
    if invoice.plan and not invoice.plan_minor:
        facts.append(InstalmentPlanCompleted())
    return facts
