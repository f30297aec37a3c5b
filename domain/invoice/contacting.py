"""Contacts with the debtor about a claim, and when there must be none."""

from datetime import date

from domain.invoice.claim import Claim, plan_items, require_claim, require_ours
from domain.invoice.facts import BureauWarned, Called, Delivered, DeliveryFailed, Fact, Reminded
from domain.refusal import Refused

# Why the debtor has not paid; nothing when nobody was reached.
REASONS_GIVEN = ("forgot", "dissatisfied", "cannot_pay", "other", "")


def deliver(claim: Claim | None, *, channel: str, document: str) -> list[Fact]:
    require_claim(claim)
    return [Delivered(channel, document)]


def fail_delivery(claim: Claim | None, *, channel: str, document: str, reason: str) -> list[Fact]:
    require_claim(claim)
    return [DeliveryFailed(channel, document, reason)]


def remind(
    claim: Claim | None, *, rung: str, channel: str, document: str, on: date, blocked_until: date | None = None
) -> list[Fact]:
    """Each rung once; refuses as `require_chaseable` does."""
    if claim and rung in claim.rungs:
        return []
    require_chaseable(claim, on=on, blocked_until=blocked_until)
    return [Reminded(rung, channel, document)]


def call(
    claim: Claim | None,
    *,
    spoke_with: str,
    outcome: str,
    reason_given: str = "",
    on: date,
    next_step: str = "",
    blocked_until: date | None = None,
) -> list[Fact]:
    """Refuses `unknown_reason`, and as `require_chaseable` does."""
    require_chaseable(claim, on=on, blocked_until=blocked_until)
    if reason_given not in REASONS_GIVEN:
        raise Refused("unknown_reason", f"a reason given is one of {', '.join(REASONS_GIVEN[:-1])}")
    return [Called(spoke_with, outcome, reason_given, next_step)]


def warn_of_bureau(
    claim: Claim | None, *, bureau: str, channel: str, document: str, on: date, blocked_until: date | None = None
) -> list[Fact]:
    """The warning before a report: undisputed claims past due only."""
    if claim and bureau in claim.bureaus:
        return []
    claim = require_chaseable(claim, on=on, blocked_until=blocked_until)
    if claim.disputes:
        raise Refused("disputed", "a disputed claim is not reported to a bureau")
    if not any(item.open_minor and item.due_on < on for item in claim.items):
        raise Refused("not_overdue", "a claim that is not overdue is not reported to a bureau")
    return [BureauWarned(bureau, channel, document)]


def require_chaseable(claim: Claim | None, *, on: date, blocked_until: date | None = None) -> Claim:
    """Refuses a contact about a claim that is paid, sold, placed, blocked, wholly disputed, promised or in a plan."""
    claim = require_ours(claim)
    if blocked_until and on <= blocked_until:
        raise Refused("blocked", f"no contacts until {blocked_until}")
    if claim.disputed_minor == claim.open_minor:
        raise Refused("disputed", f"all that is open on invoice {claim.issued.number} is disputed")
    if claim.promise and on <= claim.promise.pay_on:
        raise Refused("promised", f"payment is promised for {claim.promise.pay_on}")
    if claim.plan_minor and not any(item.due_on < on for _, item in plan_items(claim)):
        raise Refused("plan_open", "the instalment plan is kept")
    return claim
