"""How facts become the claim."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.by_day import stepped
from domain.entry import ALWAYS
from domain.invoice.claim import (
    COMPENSATION,
    FEE,
    INTEREST,
    PRINCIPAL,
    Claim,
    Dispute,
    Item,
    Offer,
    Payment,
    Promise,
    find_payment,
)
from domain.invoice.dating import ANSWERED
from domain.invoice.facts import (
    BureauWarned,
    Called,
    ChargeWaived,
    CompensationClaimed,
    CreditNoteApplied,
    Delivered,
    DeliveryFailed,
    DiscountTaken,
    Disputed,
    DisputeResolved,
    Fact,
    FactorAdvancePaid,
    Factored,
    FactorReserveReleased,
    FeeCharged,
    InstalmentPlanAgreed,
    InstalmentPlanBroken,
    InstalmentPlanCompleted,
    InterestCharged,
    Issued,
    JudgmentObtained,
    LegalActionStarted,
    Paid,
    PartiallyPaid,
    Parts,
    PaymentReversed,
    PlacedWithAgency,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    Reassigned,
    RecalledFromAgency,
    Recovered,
    Reminded,
    SettlementAccepted,
    SettlementOffered,
    Voided,
    WrittenOff,
)
from domain.terms import Instalment


def evolve(claim: Claim | None, fact: Fact, on: date = ALWAYS) -> Claim:
    """The claim after a fact that counts for the day `on`."""
    if claim is None:
        assert isinstance(fact, Issued), "an invoice begins with its issue"
        return Claim(fact, _principal(fact.instalments, on))
    if type(fact) in ANSWERED:
        claim = replace(claim, days={**claim.days, type(fact): on})
    match fact:
        case PartiallyPaid(parts=parts) | Paid(parts=parts):
            return _paid(claim, fact, _less(claim.items, parts, on))
        case DiscountTaken(parts=parts):
            return _discounted(replace(claim, items=_less(claim.items, parts, on)), fact)
        case PaymentReversed():
            return _reversed(claim, fact, on)
        case Recovered(receipt, allocation, amount):
            payment = Payment(receipt, allocation, amount, 0, (), is_recovery=True)
            left = claim.written_off_minor - amount
            return replace(claim, payments=(*claim.payments, payment), written_off_minor=left)
        case CreditNoteApplied(parts=parts):
            items = _less(claim.items, parts, on)
            return replace(claim, items=items, credit_notes=(*claim.credit_notes, fact))
        case ChargeWaived(parts=parts):
            return replace(claim, items=_less(claim.items, parts, on))
        case WrittenOff(parts=parts, amount_minor=amount):
            left = claim.written_off_minor + amount
            claim = replace(claim, items=_less(claim.items, parts, on), written_off_minor=left)
            return claim if claim.open_minor else replace(claim, promise=None, offer=None, plan=None)
        case Voided(parts=parts):
            return replace(claim, items=_less(claim.items, parts, on), is_voided=True)
        case InterestCharged():
            return replace(claim, items=(*claim.items, _opened(INTEREST, fact.due_on, fact.amount_minor, on)))
        case FeeCharged():
            return replace(claim, items=(*claim.items, _opened(FEE, fact.due_on, fact.amount_minor, on)))
        case CompensationClaimed():
            return replace(claim, items=(*claim.items, _opened(COMPENSATION, fact.due_on, fact.amount_minor, on)))
        case Disputed(number, reason_code, _, parts):
            raised = (*claim.disputes, Dispute(number, reason_code, parts, on))
            return replace(claim, disputes=raised, disputes_raised=number)
        case DisputeResolved(number):
            return replace(claim, disputes=tuple(d for d in claim.disputes if d.number != number))
        case _:
            return _pursued(claim, fact, on)


def fold(facts: Iterable[Fact]) -> Claim | None:
    claim = None
    for fact in facts:
        claim = evolve(claim, fact)
    return claim


def _pursued(claim: Claim, fact: Fact, on: date) -> Claim:
    match fact:
        case Reminded(rung):
            return replace(claim, rungs=(*claim.rungs, rung))
        case BureauWarned(bureau):
            return replace(claim, bureaus=(*claim.bureaus, bureau))
        case PromiseMade(number, amount, pay_on):
            return replace(claim, promise=Promise(number, amount, pay_on), promises_made=number)
        case PromiseKept() | PromisePartlyKept() | PromiseBroken():
            return replace(claim, promise=None)
        case SettlementOffered(number, pay, until, service):
            return replace(claim, offer=Offer(number, pay, until, service), offers_made=number)
        case SettlementAccepted():
            return replace(claim, offer=replace(claim.offer, is_accepted=True)) if claim.offer else claim
        case InstalmentPlanAgreed(instalments, _, parts):
            items = (*_less(claim.items, parts, on), *_principal(instalments, on))
            return replace(claim, items=items, plan=fact, promise=None)
        case InstalmentPlanBroken(due_on=due_on, parts=parts):
            if due_on:
                rest = _opened(PRINCIPAL, due_on, sum(part.minor for part in parts), on)
                claim = replace(claim, items=(*_less(claim.items, parts, on), rest))
            return replace(claim, plan=None)
        case InstalmentPlanCompleted():
            return replace(claim, plan=None)
        case Factored():
            return replace(claim, factored=fact)
        case FactorAdvancePaid():
            return replace(claim, is_advance_paid=True)
        case Reassigned():
            return replace(claim, factored=None, is_advance_paid=False, is_reserve_released=False)
        case FactorReserveReleased():
            return replace(claim, is_reserve_released=True)
        case PlacedWithAgency():
            return replace(claim, agency=fact)
        case RecalledFromAgency():
            return replace(claim, agency=None)
        case LegalActionStarted():
            return replace(claim, legal=fact, judgment=None)
        case JudgmentObtained():
            return replace(claim, judgment=fact)
        case Delivered() | DeliveryFailed() | Called():
            return claim
        case _:
            raise AssertionError(f"{type(fact).__name__} is no fact of an invoice")


def _principal(instalments: tuple[Instalment, ...], on: date) -> tuple[Item, ...]:
    return tuple(_opened(PRINCIPAL, each.due_on, each.minor, on) for each in instalments)


def _opened(kind: str, due_on: date, minor: int, on: date) -> Item:
    return Item(kind, due_on, minor, ((on, minor),))


def _less(items: tuple[Item, ...], parts: Parts, on: date) -> tuple[Item, ...]:
    return _moved(items, parts, on, -1)


def _more(items: tuple[Item, ...], parts: Parts, on: date) -> tuple[Item, ...]:
    return _moved(items, parts, on, +1)


def _moved(items: tuple[Item, ...], parts: Parts, on: date, sign: int) -> tuple[Item, ...]:
    moved = list(items)
    for part in parts:
        item, minor = moved[part.item - 1], sign * part.minor
        steps = stepped(item.by_day, on, minor)
        moved[part.item - 1] = Item(item.kind, item.due_on, item.open_minor + minor, steps)
    return tuple(moved)


def _paid(claim: Claim, fact: PartiallyPaid | Paid, items: tuple[Item, ...]) -> Claim:
    before = find_payment(claim, fact.receipt, fact.allocation)
    promise, offer = claim.promise, claim.offer
    if promise:
        promise = replace(promise, paid_minor=promise.paid_minor + fact.amount_minor)
    if offer and offer.is_accepted:
        offer = replace(offer, paid_minor=offer.paid_minor + fact.amount_minor)
    payment = Payment(
        fact.receipt,
        fact.allocation,
        fact.amount_minor,
        discount_minor=before.discount_minor if before else 0,
        parts=(before.parts if before else ()) + fact.parts,
        promise=promise.number if promise else 0,
        offer=offer.number if offer and offer.is_accepted else 0,
    )
    payments = (*(p for p in claim.payments if p is not before), payment)
    return replace(claim, items=items, payments=payments, promise=promise, offer=offer)


def _discounted(claim: Claim, fact: DiscountTaken) -> Claim:
    payment = Payment(fact.receipt, fact.allocation, 0, fact.amount_minor, fact.parts)
    return replace(claim, payments=(*claim.payments, payment))


def _reversed(claim: Claim, fact: PaymentReversed, on: date) -> Claim:
    payment = find_payment(claim, fact.receipt, fact.allocation)
    payments = tuple(each for each in claim.payments if each is not payment)
    claim = replace(claim, items=_more(claim.items, fact.parts, on), payments=payments)
    if not payment:
        return claim
    if payment.is_recovery:
        return replace(claim, written_off_minor=claim.written_off_minor + fact.amount_minor)
    promise, offer = claim.promise, claim.offer
    if promise and promise.number == payment.promise:
        promise = replace(promise, paid_minor=promise.paid_minor - fact.amount_minor)
    if offer and offer.number == payment.offer:
        offer = replace(offer, paid_minor=offer.paid_minor - fact.amount_minor)
    return replace(claim, promise=promise, offer=offer)
