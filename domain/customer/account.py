"""The state of a customer that decisions need, and how facts become it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

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
from domain.entry import ALWAYS
from domain.refusal import Refused

Channel = Literal["email", "letter", "phone", "visit", "portal"]
CHANNELS: tuple[str, ...] = get_args(Channel)


@dataclass(frozen=True, slots=True)
class Customer:
    registered: Registered
    terms: TermsAgreed | None = None
    encrypted_contact: str | None = None
    check: CreditChecked | None = None
    limit: CreditLimitSet | None = None
    holds: frozenset[str] = frozenset()
    prepayment: PrepaymentRequired | None = None
    block: DunningBlocked | None = None
    collector: str | None = None
    policy: str | None = None
    retainer: RetainerAgreed | None = None
    review: RiskReviewed | None = None
    reports: frozenset[tuple[str, str]] = frozenset()
    is_erased: bool = False

    def blocked_until(self, on: date) -> date | None:
        """The last day of a dunning block that holds on that day."""
        return self.block.until if self.block and on <= self.block.until else None


def encrypted_contacts(customers: Mapping[str, Customer | None]) -> dict[str, str]:
    """By number, of those who have a contact."""
    return {number: each.encrypted_contact for number, each in customers.items() if each and each.encrypted_contact}


# What every decision checks first


def require_customer(customer: Customer | None) -> Customer:
    if customer is None:
        raise Refused("not_registered", "there is no such customer")
    return customer


def require_channel(channel: str) -> None:
    if channel not in CHANNELS:
        raise Refused("unknown_channel", f"a channel is one of {', '.join(CHANNELS)}")


# How facts become the state


def evolve(customer: Customer | None, fact: Fact, on: date = ALWAYS) -> Customer:
    """The customer after a fact; its effective date `on` makes no difference."""
    if customer is None:
        assert isinstance(fact, Registered), "a customer begins with the registration"
        return Customer(fact)
    match fact:
        case TermsAgreed():
            return replace(customer, terms=fact, policy=fact.policy or customer.policy)
        case ContactSet(encrypted):
            return replace(customer, encrypted_contact=encrypted)
        case CreditChecked():
            return replace(customer, check=fact)
        case CreditLimitSet():
            return replace(customer, limit=fact)
        case PlacedOnHold(scope):
            return replace(customer, holds=customer.holds | {scope})
        case ReleasedFromHold(scope):
            return replace(customer, holds=customer.holds - {scope})
        case PrepaymentRequired():
            return replace(customer, prepayment=fact)
        case DunningBlocked():
            return replace(customer, block=fact)
        case DunningUnblocked():
            return replace(customer, block=None)
        case CollectorAssigned(collector):
            return replace(customer, collector=collector)
        case PolicyAssigned(policy):
            return replace(customer, policy=policy)
        case RetainerAgreed():
            return replace(customer, retainer=fact)
        case RiskReviewed():
            return replace(customer, review=fact)
        case ReportedToBureau(bureau, invoice):
            return replace(customer, reports=customer.reports | {(bureau, invoice)})
        case BureauReportWithdrawn(bureau, invoice):
            return replace(customer, reports=customer.reports - {(bureau, invoice)})
        case DataErased():
            return replace(customer, is_erased=True, encrypted_contact=None)
        case Registered():
            return replace(customer, registered=fact)
        case ContactNoted() | RetainerReplenishmentRequested():
            return customer


def defer(customer: Customer | None, fact: Fact) -> Customer | None:
    """The customer before a fact that is effective on a later day: who they are and where they are reached is as known
    now, whenever they were registered."""
    return evolve(customer, fact) if isinstance(fact, Registered | ContactSet | DataErased) else customer


def fold(facts: Iterable[Fact]) -> Customer | None:
    customer = None
    for fact in facts:
        customer = evolve(customer, fact)
    return customer
