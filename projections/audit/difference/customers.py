"""What a fact changed about a customer."""

from collections.abc import Sequence
from typing import assert_never

from domain.customer.account import Customer
from domain.customer.facts import (
    BureauReportWithdrawn,
    CollectorAssigned,
    ContactNoted,
    ContactSet,
    CreditChecked,
    CreditLimitSet,
    DataErased,
    DunningBlocked,
    DunningUnblocked,
    Fact,
    PlacedOnHold,
    PolicyAssigned,
    PrepaymentRequired,
    Registered,
    ReleasedFromHold,
    ReportedToBureau,
    RetainerAgreed,
    RetainerReplenishmentRequested,
    RiskReviewed,
    TermsAgreed,
)
from domain.money import readable
from domain.terms import EarlyDiscount, Share
from projections.audit.difference.phrases import change, invoice_named, joined, per_cent


def difference(before: Customer | None, fact: Fact, after: Customer) -> str:
    before = before or after
    match fact:
        case Registered(country=country) if before.registered != fact:
            return change("country", before.registered.country, country)
        case Registered(customer=number, country=country):
            return f"customer {number} registered" + (f" in {country}" if country else "")
        case TermsAgreed():
            return _terms(before.terms, fact)
        case ContactSet():
            return "contact replaced, encrypted" if before.encrypted_contact else "contact set, encrypted"
        case DataErased():
            return "personal data erased: what was encrypted can no longer be read"
        case RetainerAgreed(replenish_below_minor=below, currency=currency):
            agreed = change("retainer", _retainer(before.retainer), _retainer(fact))
            return joined(agreed, f"replenished below {readable(below, currency)}")
        case RetainerReplenishmentRequested(amount_minor=amount, currency=currency):
            return f"{readable(amount, currency)} of retainer asked for"
        case PolicyAssigned(policy=policy):
            return change("dunning policy", before.policy, policy)
        case CollectorAssigned(collector=collector):
            return change("collector", before.collector, collector)
        case ContactNoted(channel=channel, spoke_with=spoke_with, purpose=purpose):
            return f"contact by {channel} with {spoke_with} noted: {purpose}"
        case DunningBlocked(until=until):
            earlier = f", earlier until {before.block.until}" if before.block else ""
            return f"reminders blocked until {until}{earlier}"
        case DunningUnblocked():
            return "reminders allowed again"
        case CreditChecked(source=source, score=score, expires_on=expires_on):
            return (
                f"{change('credit score', before.check and before.check.score, score)} by {source}, until {expires_on}"
            )
        case CreditLimitSet(until=until):
            return change("credit limit", _limit(before.limit), _limit(fact)) + (f" until {until}" if until else "")
        case PlacedOnHold(scope=scope):
            return f"{scope} on hold"
        case ReleasedFromHold(scope=scope):
            return f"{scope} released"
        case PrepaymentRequired(basis_points=share):
            required = before.prepayment.basis_points if before.prepayment else 0
            return change("prepayment", per_cent(required), per_cent(share))
        case RiskReviewed(risk_class=risk_class, next_review_on=next_on):
            reviewed = change("risk class", before.review and before.review.risk_class, risk_class)
            return joined(reviewed or f"risk class {risk_class} confirmed", f"next review {next_on}" if next_on else "")
        case ReportedToBureau(bureau=bureau, invoice=invoice):
            return f"reported to {bureau} for {invoice_named(invoice)}"
        case BureauReportWithdrawn(bureau=bureau, invoice=invoice):
            return f"report to {bureau} for {invoice_named(invoice)} withdrawn"
        case _:
            assert_never(fact)


def _terms(before: TermsAgreed | None, terms: TermsAgreed) -> str:
    earlier, later = _in_words(before), _in_words(terms)
    return joined(*(change(what, earlier.get(what), value) for what, value in later.items()))


def _in_words(terms: TermsAgreed | None) -> dict[str, object]:
    if terms is None:
        return {"consumer": False, "delivery held until paid": False}
    return {
        "terms": _schedule(terms.schedule),
        "discount": _discounts(terms.discounts),
        "currency": terms.currency,
        "jurisdiction": terms.jurisdiction,
        "language": terms.language,
        "channel": terms.channel,
        "consumer": terms.is_consumer,
        "interest clause": terms.interest_clause,
        "cost clause": terms.cost_clause,
        "delivery held until paid": terms.holds_delivery,
        "dunning policy": terms.policy,
    }


def _schedule(schedule: Sequence[Share]) -> str:
    if len(schedule) == 1:
        return f"net {schedule[0].days} days"
    return ", ".join(f"{per_cent(share.basis_points)} after {share.days} days" for share in schedule)


def _discounts(tiers: Sequence[EarlyDiscount]) -> str | None:
    return ", ".join(f"{per_cent(tier.basis_points)} within {tier.days} days" for tier in tiers) or None


def _limit(limit: CreditLimitSet | None) -> str | None:
    return readable(limit.amount_minor, limit.currency) if limit else None


def _retainer(retainer: RetainerAgreed | None) -> str | None:
    return readable(retainer.amount_minor, retainer.currency) if retainer else None
