"""A customer as plain data: what was agreed, how far they are trusted, what they owe."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from domain.customer import Customer
from domain.customer import facts as customers
from domain.entry import Entry
from domain.money import major
from projections.projection import Row
from services.answers.as_known import AsOf

Contact = Mapping[str, str]


class TermsShare(TypedDict):
    """As `domain.terms.Share`."""

    days: int
    basis_points: int
    is_end_of_month: bool
    day_of_next_month: int | None


class TermsDiscount(TypedDict):
    days: int
    basis_points: int


class Terms(TypedDict):
    schedule: list[TermsShare]
    discounts: list[TermsDiscount]
    currency: str | None
    jurisdiction: str | None
    language: str
    channel: str
    is_consumer: bool
    interest_clause: str | None
    cost_clause: str | None
    holds_delivery: bool
    policy: str | None


class Limit(TypedDict):
    amount: str
    currency: str
    until: str | None
    approval: str | None
    reason: str | None


class CreditCheck(TypedDict):
    source: str
    score: int
    expires_on: str


class Review(TypedDict):
    risk_class: str
    next_review_on: str | None
    reason: str | None


class Prepayment(TypedDict):
    basis_points: int
    reason: str | None


class DunningBlock(TypedDict):
    until: str
    reason: str | None


class Owed(TypedDict):
    entity: str
    currency: str
    items: int
    open: str
    disputed: str
    unapplied: str


class CustomerAnswer(AsOf):
    """`owed` is as of `position`; `contact` is None when there is none, or not any more."""

    customer: str
    country: str | None
    contact: Contact | None
    is_erased: bool
    terms: Terms | None
    limit: Limit | None
    credit_check: CreditCheck | None
    review: Review | None
    holds: list[str]
    prepayment: Prepayment | None
    dunning_block: DunningBlock | None
    collector: str | None
    owed: list[Owed]
    position: int


def customer_answer(
    customer: Customer, entries: Iterable[Entry], contact: Contact | None, owed: Iterable[Row], position: int
) -> CustomerAnswer:
    """`entries` are the customer's own, for the reasons; `owed` are the rows of `debtors.owed` at that position."""
    reasons = {type(entry.fact): entry.cause.reason for entry in entries}
    limit, review = customer.limit, customer.review
    prepayment, block = customer.prepayment, customer.block
    return {
        "customer": customer.registered.customer,
        "country": customer.registered.country,
        "contact": contact,
        "is_erased": customer.is_erased,
        "terms": _terms(customer.terms) if customer.terms else None,
        "limit": _limit(limit, reasons[type(limit)]) if limit else None,
        "credit_check": _check(customer.check) if customer.check else None,
        "review": _review(review, reasons[type(review)]) if review else None,
        "holds": sorted(customer.holds),
        "prepayment": _prepayment(prepayment, reasons[type(prepayment)]) if prepayment else None,
        "dunning_block": _block(block, reasons[type(block)]) if block else None,
        "collector": customer.collector,
        "owed": [_owed(*row) for row in owed],
        "position": position,
    }


def _terms(terms: customers.TermsAgreed) -> Terms:
    return {
        "schedule": [
            {
                "days": each.days,
                "basis_points": each.basis_points,
                "is_end_of_month": bool(each.is_end_of_month),
                "day_of_next_month": each.day_of_next_month,
            }
            for each in terms.schedule
        ],
        "discounts": [{"days": each.days, "basis_points": each.basis_points} for each in terms.discounts],
        "currency": terms.currency,
        "jurisdiction": terms.jurisdiction,
        "language": terms.language,
        "channel": terms.channel,
        "is_consumer": terms.is_consumer,
        "interest_clause": terms.interest_clause,
        "cost_clause": terms.cost_clause,
        "holds_delivery": terms.holds_delivery,
        "policy": terms.policy,
    }


def _limit(limit: customers.CreditLimitSet, reason: str | None) -> Limit:
    return {
        "amount": major(limit.amount_minor, limit.currency),
        "currency": limit.currency,
        "until": limit.until.isoformat() if limit.until else None,
        "approval": limit.approval,
        "reason": reason,
    }


def _check(check: customers.CreditChecked) -> CreditCheck:
    return {"source": check.source, "score": check.score, "expires_on": check.expires_on.isoformat()}


def _review(review: customers.RiskReviewed, reason: str | None) -> Review:
    again = review.next_review_on.isoformat() if review.next_review_on else None
    return {"risk_class": review.risk_class, "next_review_on": again, "reason": reason}


def _prepayment(prepayment: customers.PrepaymentRequired, reason: str | None) -> Prepayment:
    return {"basis_points": prepayment.basis_points, "reason": reason}


def _block(block: customers.DunningBlocked, reason: str | None) -> DunningBlock:
    return {"until": block.until.isoformat(), "reason": reason}


def _owed(entity: str, currency: str, items: int, open_minor: int, disputed: int, unapplied: int) -> Owed:
    return {
        "entity": entity,
        "currency": currency,
        "items": items,
        "open": major(open_minor, currency),
        "disputed": major(disputed, currency),
        "unapplied": major(unapplied, currency),
    }
