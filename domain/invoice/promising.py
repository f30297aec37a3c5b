"""What is agreed with the debtor: promises to pay, settlements, instalment plans."""

from collections.abc import Sequence
from datetime import date
from functools import reduce

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
from domain.invoice.state import (
    Invoice,
    oldest_first,
    plan_items,
    require_issued,
    require_open,
    require_ours,
    require_positive,
    take,
)
from domain.refusal import Refused
from domain.terms import Instalment


def promise(invoice: Invoice | None, on: date, *, pay_on: date, amount_minor: int | None = None) -> list[Fact]:
    """The debtor names a day, for all that is open or part of it; one promise at a time, the last one judged first."""
    invoice = require_ours(invoice)
    judged = review_promise(invoice, on=on)
    invoice = reduce(evolve, judged, invoice)
    promised = invoice.open_minor if amount_minor is None else amount_minor
    require_positive(promised)
    made = invoice.promise
    if made and (made.pay_on, made.amount_minor) == (pay_on, promised):
        return []
    if made:
        raise Refused("promise_open", f"a payment is promised for {made.pay_on} already")
    if pay_on < on:
        raise Refused("day_is_past", "a promise is for today or a day to come")
    if promised > invoice.open_minor:
        raise Refused("over_open", "the promise is for more than what is open")
    return [*judged, PromiseMade(invoice.promises_made + 1, promised, pay_on)]


def review_promise(invoice: Invoice | None, on: date) -> list[Fact]:
    """From the day after the promised one: kept, partly kept or broken; before it, nothing."""
    invoice = require_issued(invoice)
    made = invoice.promise
    if not made or on <= made.pay_on:
        return []
    if made.paid_minor >= made.amount_minor or not invoice.open_minor:
        return [PromiseKept(made.number)]
    if made.paid_minor:
        return [PromisePartlyKept(made.number, made.paid_minor)]
    return [PromiseBroken(made.number)]


def offer_settlement(
    invoice: Invoice | None, on: date, *, pay_minor: int, until_on: date, service: str = ""
) -> list[Fact]:
    """Less than all that is open, paid by a day, settles the invoice; or a service is given to settle it."""
    invoice = require_ours(invoice)
    require_positive(pay_minor)
    made = invoice.offer
    if made and (made.pay_minor, made.until_on, made.service) == (pay_minor, until_on, service):
        return []
    if made and made.is_accepted and on <= made.until_on:
        raise Refused("settlement_open", "a settlement was accepted already")
    if until_on < on:
        raise Refused("day_is_past", "an offer is open until today or a day to come")
    if pay_minor > invoice.open_minor or (pay_minor == invoice.open_minor and not service):
        raise Refused("no_concession", "a settlement asks for less than what is open, or gives a service")
    return [SettlementOffered(invoice.offers_made + 1, pay_minor, until_on, service)]


def accept_settlement(invoice: Invoice | None, on: date) -> list[Fact]:
    """The rest falls away with the payment that completes it in time, not before."""
    invoice = require_open(invoice)
    if not invoice.offer:
        raise Refused("no_offer", f"no settlement was offered on invoice {invoice.issued.number}")
    if invoice.offer.is_accepted:
        return []
    if on > invoice.offer.until_on:
        raise Refused("offer_lapsed", f"the offer was open until {invoice.offer.until_on}")
    return [SettlementAccepted(invoice.offer.number)]


def agree_plan(invoice: Invoice | None, on: date, *, instalments: Sequence[Instalment]) -> list[Fact]:
    """All that is open is paid in instalments from now on; the plan's sum is what is open."""
    invoice = require_ours(invoice)
    if invoice.plan and invoice.plan.instalments == tuple(instalments):
        return []
    if invoice.plan:
        raise Refused("plan_open", "an instalment plan runs already")
    if any(each.minor <= 0 for each in instalments) or sum(each.minor for each in instalments) != invoice.open_minor:
        raise Refused("bad_schedule", "the instalments must each be more than zero and add up to what is open")
    if min(each.due_on for each in instalments) < on:
        raise Refused("day_is_past", "an instalment is due today or on a day to come")
    if invoice.disputes:
        raise Refused("disputed", "a dispute is resolved before the invoice is paid in instalments")
    moved = take(oldest_first(invoice), invoice.open_minor)
    return [InstalmentPlanAgreed(tuple(instalments), len(invoice.items) + 1, moved)]


def review_plan(invoice: Invoice | None, on: date, *, accelerate: bool = False) -> list[Fact]:
    """Broken the day after an instalment was missed; with `accelerate` all that is left falls due at once.

    What is disputed is neither missed nor accelerated.
    """
    invoice = require_issued(invoice)
    if invoice.plan and not invoice.plan_minor:
        return [InstalmentPlanCompleted()]
    items = plan_items(invoice)
    missed = [n for n, item in items if item.due_on < on]
    if not missed:
        return []
    to_come = [(n, item) for n, item in items if item.due_on >= on]
    if not accelerate or not to_come:
        return [InstalmentPlanBroken(missed[0])]
    moved = take(to_come, sum(item.open_minor for _, item in to_come))
    return [InstalmentPlanBroken(missed[0], len(invoice.items) + 1, on, moved)]
