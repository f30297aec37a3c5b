"""What is agreed with the debtor: promises to pay, settlements, instalment plans."""

from collections.abc import Sequence
from datetime import date
from functools import reduce

from domain.invoice.claim import (
    Claim,
    oldest_first,
    plan_items,
    require_claim,
    require_open,
    require_ours,
    require_positive,
    take,
)
from domain.invoice.evolving import evolve
from domain.invoice.facts import (
    Fact,
    InstalmentPlanAgreed,
    InstalmentPlanBroken,
    InstalmentPlanCompleted,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    SettlementAccepted,
    SettlementOffered,
)
from domain.refusal import Refused
from domain.terms import Instalment


def promise(claim: Claim | None, *, pay_on: date, on: date, amount_minor: int | None = None) -> list[Fact]:
    """The debtor names a day, for all that is open or part of it; one promise at a time, the last one judged first."""
    claim = require_ours(claim)
    judged = review_promise(claim, on=on)
    claim = reduce(evolve, judged, claim)
    promised = claim.open_minor if amount_minor is None else amount_minor
    require_positive(promised)
    made = claim.promise
    if made and (made.pay_on, made.amount_minor) == (pay_on, promised):
        return []
    if made:
        raise Refused("promise_open", f"a payment is promised for {made.pay_on} already")
    if pay_on < on:
        raise Refused("day_is_past", "a promise is for today or a day to come")
    if promised > claim.open_minor:
        raise Refused("over_open", "the promise is for more than what is open")
    return [*judged, PromiseMade(claim.promises_made + 1, promised, pay_on)]


def review_promise(claim: Claim | None, *, on: date) -> list[Fact]:
    """The morning after the promised day: kept, partly kept or broken; nothing before it."""
    claim = require_claim(claim)
    made = claim.promise
    if not made or on <= made.pay_on:
        return []
    if made.paid_minor >= made.amount_minor or not claim.open_minor:
        return [PromiseKept(made.number)]
    if made.paid_minor:
        return [PromisePartlyKept(made.number, made.paid_minor)]
    return [PromiseBroken(made.number)]


def offer_settlement(claim: Claim | None, *, pay_minor: int, until_on: date, on: date, service: str = "") -> list[Fact]:
    """Less than all that is open, paid by a day, ends the claim; or a service is given to end it."""
    claim = require_ours(claim)
    require_positive(pay_minor)
    made = claim.offer
    if made and (made.pay_minor, made.until_on, made.service) == (pay_minor, until_on, service):
        return []
    if made and made.is_accepted and on <= made.until_on:
        raise Refused("settlement_open", "a settlement was accepted already")
    if until_on < on:
        raise Refused("day_is_past", "an offer stands until today or a day to come")
    if pay_minor > claim.open_minor or (pay_minor == claim.open_minor and not service):
        raise Refused("no_concession", "a settlement asks for less than what is open, or gives a service")
    return [SettlementOffered(claim.offers_made + 1, pay_minor, until_on, service)]


def accept_settlement(claim: Claim | None, *, on: date) -> list[Fact]:
    """The rest falls away with the payment that completes it in time, not before."""
    claim = require_open(claim)
    if not claim.offer:
        raise Refused("no_offer", f"no settlement was offered on invoice {claim.issued.number}")
    if claim.offer.is_accepted:
        return []
    if on > claim.offer.until_on:
        raise Refused("offer_lapsed", f"the offer stood until {claim.offer.until_on}")
    return [SettlementAccepted(claim.offer.number)]


def agree_plan(claim: Claim | None, *, instalments: Sequence[Instalment], on: date) -> list[Fact]:
    """All that is open is paid in instalments from now on; the plan's sum is what is open."""
    claim = require_ours(claim)
    if claim.plan and claim.plan.instalments == tuple(instalments):
        return []
    if claim.plan:
        raise Refused("plan_open", "an instalment plan runs already")
    if any(each.minor <= 0 for each in instalments) or sum(each.minor for each in instalments) != claim.open_minor:
        raise Refused("bad_schedule", "the instalments must each be more than zero and add up to what is open")
    if min(each.due_on for each in instalments) < on:
        raise Refused("day_is_past", "an instalment is due today or on a day to come")
    if claim.disputes:
        raise Refused("disputed", "a disputed claim is resolved before it is paid in instalments")
    moved = take(oldest_first(claim), claim.open_minor)
    return [InstalmentPlanAgreed(tuple(instalments), len(claim.items) + 1, moved)]


def review_plan(claim: Claim | None, *, on: date, accelerate: bool) -> list[Fact]:
    """Broken the day after an instalment was missed; with `accelerate` all that is left falls due at once.

    What is disputed is neither missed nor accelerated.
    """
    claim = require_claim(claim)
    if claim.plan and not claim.plan_minor:
        return [InstalmentPlanCompleted()]
    items = plan_items(claim)
    missed = [n for n, item in items if item.due_on < on]
    if not missed:
        return []
    to_come = [(n, item) for n, item in items if item.due_on >= on]
    if not accelerate or not to_come:
        return [InstalmentPlanBroken(missed[0])]
    moved = take(to_come, sum(item.open_minor for _, item in to_come))
    return [InstalmentPlanBroken(missed[0], len(claim.items) + 1, on, moved)]
