"""What can have happened to a customer. Shares and rates are basis points."""

from dataclasses import dataclass
from datetime import date

from domain.terms import EarlyDiscount, Share


@dataclass(frozen=True, slots=True)
class Registered:
    customer: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class TermsAgreed:
    """`policy` names the dunning policy, `jurisdiction` the law that applies."""

    schedule: tuple[Share, ...]
    discounts: tuple[EarlyDiscount, ...] = ()
    currency: str | None = None
    jurisdiction: str | None = None
    language: str = "en"
    channel: str = "email"
    is_consumer: bool = False
    interest_clause: str | None = None
    cost_clause: str | None = None
    holds_delivery: bool = False
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class ContactSet:
    """`encrypted` is the contact under the customer's own key, which is destroyed with `DataErased`."""

    encrypted: str


@dataclass(frozen=True, slots=True)
class CreditChecked:
    source: str
    score: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class CreditLimitSet:
    amount_minor: int
    currency: str
    until: date | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedOnHold:
    scope: str


@dataclass(frozen=True, slots=True)
class ReleasedFromHold:
    scope: str


@dataclass(frozen=True, slots=True)
class PrepaymentRequired:
    basis_points: int


@dataclass(frozen=True, slots=True)
class DunningBlocked:
    until: date


@dataclass(frozen=True, slots=True)
class DunningUnblocked:
    pass


@dataclass(frozen=True, slots=True)
class ContactNoted:
    """`spoke_with` is a role, never a name: notes are not encrypted."""

    channel: str
    spoke_with: str
    purpose: str
    outcome: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class CollectorAssigned:
    collector: str


@dataclass(frozen=True, slots=True)
class PolicyAssigned:
    """The dunning policy of cases that begin from now on; None takes it away."""

    policy: str | None = None


@dataclass(frozen=True, slots=True)
class RetainerAgreed:
    amount_minor: int
    currency: str
    replenish_below_minor: int


@dataclass(frozen=True, slots=True)
class RetainerReplenishmentRequested:
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class RiskReviewed:
    risk_class: str
    next_review_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReportedToBureau:
    bureau: str
    invoice: str


@dataclass(frozen=True, slots=True)
class BureauReportWithdrawn:
    bureau: str
    invoice: str


@dataclass(frozen=True, slots=True)
class DataErased:
    pass


Fact = (
    Registered
    | TermsAgreed
    | ContactSet
    | CreditChecked
    | CreditLimitSet
    | PlacedOnHold
    | ReleasedFromHold
    | PrepaymentRequired
    | DunningBlocked
    | DunningUnblocked
    | ContactNoted
    | CollectorAssigned
    | PolicyAssigned
    | RetainerAgreed
    | RetainerReplenishmentRequested
    | RiskReviewed
    | ReportedToBureau
    | BureauReportWithdrawn
    | DataErased
)


# By the names they are stored under, which are for ever; classes and modules may move.
FACTS: dict[str, type] = {
    "customer.registered": Registered,
    "customer.terms_agreed": TermsAgreed,
    "customer.contact_set": ContactSet,
    "customer.credit_checked": CreditChecked,
    "customer.credit_limit_set": CreditLimitSet,
    "customer.placed_on_hold": PlacedOnHold,
    "customer.released_from_hold": ReleasedFromHold,
    "customer.prepayment_required": PrepaymentRequired,
    "customer.dunning_blocked": DunningBlocked,
    "customer.dunning_unblocked": DunningUnblocked,
    "customer.contact_noted": ContactNoted,
    "customer.collector_assigned": CollectorAssigned,
    "customer.policy_assigned": PolicyAssigned,
    "customer.retainer_agreed": RetainerAgreed,
    "customer.retainer_replenishment_requested": RetainerReplenishmentRequested,
    "customer.risk_reviewed": RiskReviewed,
    "customer.reported_to_bureau": ReportedToBureau,
    "customer.bureau_report_withdrawn": BureauReportWithdrawn,
    "customer.data_erased": DataErased,
}
