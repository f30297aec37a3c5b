"""How far we trust the customer: checks, limits, holds, prepayment, reviews, the bureau."""

from datetime import date
from typing import Literal, get_args

from domain.customer.account import Customer, require_customer
from domain.customer.facts import (
    BureauReportWithdrawn,
    CreditChecked,
    CreditLimitSet,
    Fact,
    PlacedOnHold,
    PrepaymentRequired,
    ReleasedFromHold,
    ReportedToBureau,
    RiskReviewed,
)
from domain.money import exponent
from domain.refusal import Refused
from domain.terms import WHOLE

HoldScope = Literal["orders", "deliveries"]
HOLDS: tuple[str, ...] = get_args(HoldScope)


def check_credit(customer: Customer | None, *, source: str, score: int, expires_on: date) -> list[Fact]:
    customer = require_customer(customer)
    if not 0 <= score <= 100:
        raise Refused("bad_score", "a credit score lies between 0 and 100")
    check = CreditChecked(source, score, expires_on)
    return [] if customer.check == check else [check]


def set_limit(
    customer: Customer | None,
    *,
    amount_minor: int,
    currency: str,
    until: date | None = None,
    approval: str | None = None,
) -> list[Fact]:
    """A limit of zero means no credit at all."""
    customer = require_customer(customer)
    exponent(currency)
    if amount_minor < 0:
        raise Refused("negative", "a credit limit is zero or more")
    limit = CreditLimitSet(amount_minor, currency, until, approval)
    return [] if customer.limit == limit else [limit]


def hold(customer: Customer | None, *, scope: HoldScope) -> list[Fact]:
    customer = require_customer(customer)
    _require_scope(scope)
    return [] if scope in customer.holds else [PlacedOnHold(scope)]


def release(customer: Customer | None, *, scope: HoldScope) -> list[Fact]:
    customer = require_customer(customer)
    _require_scope(scope)
    return [ReleasedFromHold(scope)] if scope in customer.holds else []


def require_prepayment(customer: Customer | None, *, share_basis_points: int) -> list[Fact]:
    """The share of each order paid beforehand; zero ends it."""
    customer = require_customer(customer)
    if not 0 <= share_basis_points <= WHOLE:
        raise Refused("bad_share", "a prepayment is between 0 and 100 % of the order")
    required = customer.prepayment.basis_points if customer.prepayment else 0
    return [] if required == share_basis_points else [PrepaymentRequired(share_basis_points)]


def review_risk(customer: Customer | None, *, risk_class: str, next_review_on: date | None = None) -> list[Fact]:
    customer = require_customer(customer)
    review = RiskReviewed(risk_class, next_review_on)
    return [] if customer.review == review else [review]


def report_to_bureau(customer: Customer | None, was_warned: bool, *, bureau: str, invoice: str) -> list[Fact]:
    """Refuses `not_warned`: the debtor is warned before a report."""
    customer = require_customer(customer)
    if (bureau, invoice) in customer.reports:
        return []
    if customer.terms and customer.terms.is_consumer:
        raise Refused("consumer", "invoices of consumers are not reported")
    if not was_warned:
        raise Refused("not_warned", "warn the debtor before reporting to a bureau")
    return [ReportedToBureau(bureau, invoice)]


def withdraw_report(customer: Customer | None, *, bureau: str, invoice: str) -> list[Fact]:
    customer = require_customer(customer)
    return [BureauReportWithdrawn(bureau, invoice)] if (bureau, invoice) in customer.reports else []


def _require_scope(scope: str) -> None:
    if scope not in HOLDS:
        raise Refused("unknown_hold", f"a hold is on one of {', '.join(HOLDS)}")
