"""How facts become the invoice's state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import assert_never

from domain.by_day import changed
from domain.entry import ALWAYS
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
    DunningBlocked,
    DunningUnblocked,
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
from domain.invoice.state import (
    COMPENSATION,
    FEE,
    INTEREST,
    PRINCIPAL,
    Dispute,
    Invoice,
    Item,
    Offer,
    Payment,
    Promise,
    find_payment,
)
from domain.terms import Instalment


def evolve(invoice: Invoice | None, fact: Fact, on: date = ALWAYS) -> Invoice:
    """The invoice after a fact with the effective date `on`."""
    if invoice is None:
        assert isinstance(fact, Issued), "an invoice begins with its issue"
        return Invoice(fact, _principal(fact.instalments, on))
    if type(fact) in ANSWERED:
        invoice = replace(invoice, days={**invoice.days, type(fact): on})
    match fact:
        case PartiallyPaid(parts=parts) | Paid(parts=parts):
            return _paid(invoice, fact, _less(invoice.items, parts, on))
        case DiscountTaken(parts=parts):
            return _discounted(replace(invoice, items=_less(invoice.items, parts, on)), fact)
        case PaymentReversed():
            return _reversed(invoice, fact, on)
        case Recovered(receipt, allocation, amount):
            payment = Payment(receipt, allocation, amount, 0, (), is_recovery=True)
            left = invoice.written_off_minor - amount
            return replace(invoice, payments=(*invoice.payments, payment), written_off_minor=left)
        case CreditNoteApplied(parts=parts):
            items = _less(invoice.items, parts, on)
            return replace(invoice, items=items, credit_notes=(*invoice.credit_notes, fact))
        case ChargeWaived(parts=parts):
            return replace(invoice, items=_less(invoice.items, parts, on))
        case WrittenOff(parts=parts, amount_minor=amount):
            left = invoice.written_off_minor + amount
            invoice = replace(invoice, items=_less(invoice.items, parts, on), written_off_minor=left)
            return invoice if invoice.open_minor else replace(invoice, promise=None, offer=None, plan=None)
        case Voided(parts=parts):
            return replace(invoice, items=_less(invoice.items, parts, on), is_voided=True)
        case InterestCharged():
            return replace(invoice, items=(*invoice.items, _opened(INTEREST, fact.due_on, fact.amount_minor, on)))
        case FeeCharged():
            return replace(invoice, items=(*invoice.items, _opened(FEE, fact.due_on, fact.amount_minor, on)))
        case CompensationClaimed():
            return replace(invoice, items=(*invoice.items, _opened(COMPENSATION, fact.due_on, fact.amount_minor, on)))
        case Disputed(number, reason_code, _, parts):
            raised = (*invoice.disputes, Dispute(number, reason_code, parts, on))
            return replace(invoice, disputes=raised, disputes_raised=number)
        case DisputeResolved(number):
            return replace(invoice, disputes=tuple(d for d in invoice.disputes if d.number != number))
        case Reminded(step):
            return replace(invoice, reminded_steps=(*invoice.reminded_steps, step))
        case DunningBlocked():
            return replace(invoice, block=fact)
        case DunningUnblocked():
            return replace(invoice, block=None)
        case BureauWarned(bureau):
            return replace(invoice, bureaus=(*invoice.bureaus, bureau))
        case PromiseMade(number, amount, pay_on):
            return replace(invoice, promise=Promise(number, amount, pay_on), promises_made=number)
        case PromiseKept() | PromisePartlyKept() | PromiseBroken():
            return replace(invoice, promise=None)
        case SettlementOffered(number, pay, until, service):
            return replace(invoice, offer=Offer(number, pay, until, service), offers_made=number)
        case SettlementAccepted():
            return replace(invoice, offer=replace(invoice.offer, is_accepted=True)) if invoice.offer else invoice
        case InstalmentPlanAgreed(instalments, _, parts):
            items = (*_less(invoice.items, parts, on), *_principal(instalments, on))
            return replace(invoice, items=items, plan=fact, promise=None)
        case InstalmentPlanBroken(due_on=due_on, parts=parts):
            if due_on:
                rest = _opened(PRINCIPAL, due_on, sum(part.minor for part in parts), on)
                invoice = replace(invoice, items=(*_less(invoice.items, parts, on), rest))
            return replace(invoice, plan=None)
        case InstalmentPlanCompleted():
            return replace(invoice, plan=None)
        case Factored():
            return replace(invoice, factored=fact)
        case FactorAdvancePaid():
            return replace(invoice, is_advance_paid=True)
        case Reassigned():
            return replace(invoice, factored=None, is_advance_paid=False, is_reserve_released=False)
        case FactorReserveReleased():
            return replace(invoice, is_reserve_released=True)
        case PlacedWithAgency():
            return replace(invoice, agency=fact)
        case RecalledFromAgency():
            return replace(invoice, agency=None)
        case LegalActionStarted():
            return replace(invoice, legal=fact, judgment=None)
        case JudgmentObtained():
            return replace(invoice, judgment=fact)
        case Delivered() | DeliveryFailed() | Called() | Issued():
            return invoice
        case _:
            assert_never(fact)


def fold(facts: Iterable[Fact]) -> Invoice | None:
    invoice = None
    for fact in facts:
        invoice = evolve(invoice, fact)
    return invoice


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
        changes = changed(item.by_day, on, minor)
        moved[part.item - 1] = Item(item.kind, item.due_on, item.open_minor + minor, changes)
    return tuple(moved)


def _paid(invoice: Invoice, fact: PartiallyPaid | Paid, items: tuple[Item, ...]) -> Invoice:
    before = find_payment(invoice, fact.receipt, fact.allocation)
    promise, offer = invoice.promise, invoice.offer
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
    payments = (*(p for p in invoice.payments if p is not before), payment)
    return replace(invoice, items=items, payments=payments, promise=promise, offer=offer)


def _discounted(invoice: Invoice, fact: DiscountTaken) -> Invoice:
    payment = Payment(fact.receipt, fact.allocation, 0, fact.amount_minor, fact.parts)
    return replace(invoice, payments=(*invoice.payments, payment))


def _reversed(invoice: Invoice, fact: PaymentReversed, on: date) -> Invoice:
    payment = find_payment(invoice, fact.receipt, fact.allocation)
    payments = tuple(each for each in invoice.payments if each is not payment)
    items = _more(invoice.items, fact.parts, on)
    invoice = replace(invoice, items=items, payments=payments, returned=invoice.returned + 1)
    if not payment:
        return invoice
    if payment.is_recovery:
        return replace(invoice, written_off_minor=invoice.written_off_minor + fact.amount_minor)
    promise, offer = invoice.promise, invoice.offer
    if promise and promise.number == payment.promise:
        promise = replace(promise, paid_minor=promise.paid_minor - fact.amount_minor)
    if offer and offer.number == payment.offer:
        offer = replace(offer, paid_minor=offer.paid_minor - fact.amount_minor)
    return replace(invoice, promise=promise, offer=offer)
