"""Handing a claim over: factoring, an agency, the courts. Each excludes the others."""

from datetime import date

from domain.invoice.claim import Claim, oldest_first, require_claim, require_open, require_positive, take
from domain.invoice.facts import (
    Fact,
    FactorAdvancePaid,
    Factored,
    FactorReserveReleased,
    InstalmentPlanCompleted,
    JudgmentObtained,
    LegalActionStarted,
    Paid,
    PlacedWithAgency,
    PromiseKept,
    Reassigned,
    RecalledFromAgency,
)
from domain.money import split
from domain.refusal import Refused
from domain.terms import WHOLE

LEGAL_KINDS = ("lawyer", "order_for_payment", "small_claims")


def factor(
    claim: Claim | None,
    *,
    factor: str,
    advance_basis_points: int,
    fee_basis_points: int,
    with_recourse: bool,
    recourse_on: date | None = None,
) -> list[Fact]:
    """Face value is what is open: advance and fee are shares of it, the reserve is the rest.

    10,000 at 90 % with a fee of 3 %: 9,000 at once, 700 once the debtor has paid the factor.
    """
    terms = factor, advance_basis_points, fee_basis_points, with_recourse, recourse_on
    if claim and claim.factored and claim.factored == _sale(claim.factored.face_minor, *terms):
        return []
    claim = _require_out_of_court(_require_in_hand(claim))
    if claim.disputes:
        raise Refused("disputed", "a disputed claim cannot be sold")
    return [_sale(claim.open_minor, *terms)]


def pay_advance(claim: Claim | None) -> list[Fact]:
    claim, sale = _require_factored(claim)
    return [] if claim.is_advance_paid else [FactorAdvancePaid(sale.advance_minor)]


def release_reserve(claim: Claim | None) -> list[Fact]:
    """The factor has its money: the reserve comes to us, and what the debtor did not pay to us counts as paid."""
    claim, sale = _require_factored(claim)
    facts: list[Fact] = [] if claim.is_reserve_released else [FactorReserveReleased(sale.reserve_minor)]
    if not claim.open_minor:
        return facts
    receipt = f"factor:{sale.factor}"
    earlier = [payment.allocation for payment in claim.payments if payment.receipt == receipt]
    everything = take(oldest_first(claim), claim.open_minor)
    facts.append(Paid(receipt, max(earlier, default=0) + 1, claim.open_minor, everything))
    if claim.promise:
        facts.append(PromiseKept(claim.promise.number))
    return [*facts, InstalmentPlanCompleted()] if claim.plan else facts


def reassign(claim: Claim | None, *, reason: str, on: date) -> list[Fact]:
    """The factor takes recourse and gets back what it paid; refuses `without_recourse` and `recourse_ended`."""
    claim, sale = _require_factored(claim)
    if not sale.with_recourse:
        raise Refused("without_recourse", f"the claim was sold to {sale.factor} without recourse")
    if sale.recourse_on and on > sale.recourse_on:
        raise Refused("recourse_ended", f"recourse could be taken until {sale.recourse_on}")
    if claim.is_reserve_released and not claim.open_minor:
        raise Refused("nothing_open", "the factor was paid; nothing is left to take recourse for")
    advance = sale.advance_minor if claim.is_advance_paid else 0
    reserve = sale.reserve_minor if claim.is_reserve_released else 0
    return [Reassigned(advance + reserve, reason)]


def place(claim: Claim | None, *, agency: str, commission_basis_points: int) -> list[Fact]:
    held = claim.agency if claim else None
    if held and (held.agency, held.commission_basis_points) == (agency, commission_basis_points):
        return []
    claim = _require_out_of_court(_require_in_hand(claim))
    if claim.disputes:
        raise Refused("disputed", "a disputed claim is not placed with an agency")
    if not 0 <= commission_basis_points <= WHOLE:
        raise Refused("bad_rates", "a commission is a share of what is collected")
    return [PlacedWithAgency(agency, commission_basis_points, claim.open_minor)]


def recall(claim: Claim | None, *, reason: str) -> list[Fact]:
    claim = require_claim(claim)
    return [RecalledFromAgency(reason)] if claim.agency else []


def start_legal_action(claim: Claim | None, *, kind: str, reference: str) -> list[Fact]:
    """One step may follow another: a lawyer's letter, an order for payment, the court."""
    if claim and claim.legal and (claim.legal.kind, claim.legal.reference) == (kind, reference):
        return []
    claim = _require_in_hand(claim)
    if kind not in LEGAL_KINDS:
        raise Refused("unknown_kind", f"legal action is one of {', '.join(LEGAL_KINDS)}")
    return [LegalActionStarted(kind, reference)]


def obtain_judgment(claim: Claim | None, *, reference: str, amount_minor: int) -> list[Fact]:
    claim = require_claim(claim)
    require_positive(amount_minor)
    if not claim.legal:
        raise Refused("not_in_court", f"no legal action runs on invoice {claim.issued.number}")
    if claim.judgment and (claim.judgment.reference, claim.judgment.amount_minor) == (reference, amount_minor):
        return []
    return [JudgmentObtained(reference, amount_minor)]


def _require_in_hand(claim: Claim | None) -> Claim:
    claim = require_open(claim)
    number = claim.issued.number
    if claim.factored:
        raise Refused("sold", f"invoice {number} was assigned to {claim.factored.factor}")
    if claim.agency:
        raise Refused("placed", f"invoice {number} is with {claim.agency.agency}")
    return claim


def _require_out_of_court(claim: Claim) -> Claim:
    if claim.legal and not claim.judgment:
        raise Refused("in_court", f"legal action runs on invoice {claim.issued.number}")
    return claim


def _require_factored(claim: Claim | None) -> tuple[Claim, Factored]:
    claim = require_claim(claim)
    if not claim.factored:
        raise Refused("not_factored", f"invoice {claim.issued.number} is not with a factor")
    return claim, claim.factored


def _sale(face: int, factor: str, advance: int, fee: int, with_recourse: bool, recourse_on: date | None) -> Factored:
    if advance <= 0 or fee < 0 or advance + fee > WHOLE:
        raise Refused("bad_rates", "advance and fee are shares of the face value, together at most all of it")
    if with_recourse and recourse_on is None:
        raise Refused("recourse_day_missing", "a sale with recourse names the day until which recourse may be taken")
    now, kept, later = split(face, (advance, fee, WHOLE - advance - fee))
    return Factored(factor, face, now, kept, later, with_recourse, recourse_on if with_recourse else None)
