"""Handing an invoice over: factoring, an agency, the courts. Each excludes the others."""

from datetime import date
from typing import Literal, get_args

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
from domain.invoice.state import FACTOR, Invoice, oldest_first, require_issued, require_open, require_positive, take
from domain.money import split
from domain.refusal import Refused
from domain.terms import WHOLE

LegalKind = Literal["lawyer", "order_for_payment", "small_claims"]
LEGAL_KINDS: tuple[str, ...] = get_args(LegalKind)


def factor(
    invoice: Invoice | None,
    *,
    factor: str,
    advance_basis_points: int,
    fee_basis_points: int,
    with_recourse: bool = False,
    recourse_on: date | None = None,
) -> list[Fact]:
    """Face value is what is open: advance and fee are shares of it, the reserve is the rest.

    10,000 at 90 % with a fee of 3 %: 9,000 at once, 700 once the debtor has paid the factor.
    """
    terms = factor, advance_basis_points, fee_basis_points, with_recourse, recourse_on
    if invoice and invoice.factored and invoice.factored == _sale(invoice.factored.face_minor, *terms):
        return []
    invoice = _require_out_of_court(_require_in_hand(invoice))
    if invoice.disputes:
        raise Refused("disputed", "a disputed invoice cannot be factored")
    return [_sale(invoice.open_minor, *terms)]


def pay_advance(invoice: Invoice | None) -> list[Fact]:
    invoice, sale = _require_factored(invoice)
    return [] if invoice.is_advance_paid else [FactorAdvancePaid(sale.advance_minor)]


def release_reserve(invoice: Invoice | None) -> list[Fact]:
    """The factor has its money: the reserve comes to us, and what the debtor did not pay to us is recorded as paid."""
    invoice, sale = _require_factored(invoice)
    facts: list[Fact] = [] if invoice.is_reserve_released else [FactorReserveReleased(sale.reserve_minor)]
    if not invoice.open_minor:
        return facts
    receipt = f"{FACTOR}{sale.factor}"
    earlier = [payment.allocation for payment in invoice.payments if payment.receipt == receipt]
    everything = take(oldest_first(invoice), invoice.open_minor)
    facts.append(Paid(receipt, max(earlier, default=0) + 1, invoice.open_minor, everything))
    if invoice.promise:
        facts.append(PromiseKept(invoice.promise.number))
    return [*facts, InstalmentPlanCompleted()] if invoice.plan else facts


def reassign(invoice: Invoice | None, on: date) -> list[Fact]:
    """The factor takes recourse and gets back what it paid; refuses `without_recourse` and `recourse_ended`."""
    invoice, sale = _require_factored(invoice)
    if not sale.with_recourse:
        raise Refused("without_recourse", f"the invoice was factored to {sale.factor} without recourse")
    if sale.recourse_on and on > sale.recourse_on:
        raise Refused("recourse_ended", f"recourse could be taken until {sale.recourse_on}")
    if invoice.is_reserve_released and not invoice.open_minor:
        raise Refused("nothing_open", "the factor was paid; nothing is left to take recourse for")
    advance = sale.advance_minor if invoice.is_advance_paid else 0
    reserve = sale.reserve_minor if invoice.is_reserve_released else 0
    return [Reassigned(advance + reserve)]


def place(invoice: Invoice | None, *, agency: str, commission_basis_points: int) -> list[Fact]:
    held = invoice.agency if invoice else None
    if held and (held.agency, held.commission_basis_points) == (agency, commission_basis_points):
        return []
    invoice = _require_out_of_court(_require_in_hand(invoice))
    if invoice.disputes:
        raise Refused("disputed", "a disputed invoice is not placed with an agency")
    if not 0 <= commission_basis_points <= WHOLE:
        raise Refused("bad_rates", "a commission is a share of what is collected")
    return [PlacedWithAgency(agency, commission_basis_points, invoice.open_minor)]


def recall(invoice: Invoice | None) -> list[Fact]:
    invoice = require_issued(invoice)
    return [RecalledFromAgency()] if invoice.agency else []


def start_legal_action(invoice: Invoice | None, *, kind: LegalKind, reference: str) -> list[Fact]:
    """One step may follow another: a lawyer's letter, an order for payment, the court."""
    if invoice and invoice.legal and (invoice.legal.kind, invoice.legal.reference) == (kind, reference):
        return []
    invoice = _require_in_hand(invoice)
    if kind not in LEGAL_KINDS:
        raise Refused("unknown_kind", f"legal action is one of {', '.join(LEGAL_KINDS)}")
    return [LegalActionStarted(kind, reference)]


def obtain_judgment(invoice: Invoice | None, *, reference: str, amount_minor: int) -> list[Fact]:
    invoice = require_issued(invoice)
    require_positive(amount_minor)
    if not invoice.legal:
        raise Refused("not_in_court", f"no legal action runs on invoice {invoice.issued.number}")
    if invoice.judgment and (invoice.judgment.reference, invoice.judgment.amount_minor) == (reference, amount_minor):
        return []
    return [JudgmentObtained(reference, amount_minor)]


def _require_in_hand(invoice: Invoice | None) -> Invoice:
    invoice = require_open(invoice)
    number = invoice.issued.number
    if invoice.factored:
        raise Refused("factored", f"invoice {number} was assigned to {invoice.factored.factor}")
    if invoice.agency:
        raise Refused("placed", f"invoice {number} is with {invoice.agency.agency}")
    return invoice


def _require_out_of_court(invoice: Invoice) -> Invoice:
    if invoice.legal and not invoice.judgment:
        raise Refused("in_court", f"legal action runs on invoice {invoice.issued.number}")
    return invoice


def _require_factored(invoice: Invoice | None) -> tuple[Invoice, Factored]:
    invoice = require_issued(invoice)
    if not invoice.factored:
        raise Refused("not_factored", f"invoice {invoice.issued.number} is not with a factor")
    return invoice, invoice.factored


def _sale(face: int, factor: str, advance: int, fee: int, with_recourse: bool, recourse_on: date | None) -> Factored:
    if advance <= 0 or fee < 0 or advance + fee > WHOLE:
        raise Refused("bad_rates", "advance and fee are shares of the face value, together at most all of it")
    if with_recourse and recourse_on is None:
        raise Refused("recourse_day_missing", "factoring with recourse names the day until which recourse may be taken")
    now, kept, later = split(face, (advance, fee, WHOLE - advance - fee))
    return Factored(factor, face, now, kept, later, with_recourse, recourse_on if with_recourse else None)
