"""How facts become the invoice's state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import assert_never

from domain.entry import ALWAYS
from domain.invoice import taking
from domain.invoice.dating import ANSWERED
from domain.invoice.facts import (
    BureauWarned,
    Called,
    ChargeWaived,
    CompensationClaimed,
    CreditNoteApplied,
    CreditNoteReinstated,
    CreditNoteUndone,
    Delivered,
    DeliveryFailed,
    DiscountTaken,
    Disputed,
    DisputeResolved,
    DunningBlocked,
    DunningUnblocked,
    ExchangeDifferenceTaken,
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
    Noted,
    Paid,
    PartiallyPaid,
    PaymentReinstated,
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
    VoidUndone,
    WriteOffUndone,
    WrittenOff,
)
from domain.invoice.state import (
    COMPENSATION,
    FEE,
    INTEREST,
    PRINCIPAL,
    Dispute,
    Invoice,
    Offer,
    Promise,
)
from domain.invoice.taking import less, more, opened, principal


def evolve(invoice: Invoice | None, fact: Fact, on: date = ALWAYS) -> Invoice:
    """The invoice after a fact with the effective date `on`."""
    if invoice is None:
        assert isinstance(fact, Issued), "an invoice begins with its issue"
        return Invoice(fact, principal(fact.instalments, on))
    if type(fact) in ANSWERED:
        invoice = replace(invoice, days={**invoice.days, type(fact): on})
    match fact:
        case PartiallyPaid() | Paid():
            return taking.paid(invoice, fact, on)
        case DiscountTaken():
            return taking.discounted(invoice, fact, on)
        case ExchangeDifferenceTaken():
            return taking.settled_by_exchange(invoice, fact, on)
        case PaymentReversed():
            return taking.payment_reversed(invoice, fact, on)
        case PaymentReinstated():
            return taking.payment_reinstated(invoice, fact, on)
        case Recovered():
            return taking.recovered(invoice, fact, on)
        case CreditNoteApplied():
            return taking.credited(invoice, fact, on)
        case CreditNoteUndone():
            return taking.credit_undone(invoice, fact, on)
        case CreditNoteReinstated():
            return taking.credit_reinstated(invoice, fact, on)
        case ChargeWaived(parts=parts):
            return replace(invoice, items=less(invoice.items, parts, on))
        case WrittenOff():
            return taking.written_off(invoice, fact, on)
        case WriteOffUndone():
            return taking.write_off_undone(invoice, fact, on)
        case Voided(parts=parts):
            return replace(invoice, items=less(invoice.items, parts, on), void=fact)
        case VoidUndone(parts=parts):
            return replace(invoice, items=more(invoice.items, parts, on), void=None)
        case InterestCharged():
            return replace(invoice, items=(*invoice.items, opened(INTEREST, fact.due_on, fact.amount_minor, on)))
        case FeeCharged():
            return replace(invoice, items=(*invoice.items, opened(FEE, fact.due_on, fact.amount_minor, on)))
        case CompensationClaimed():
            return replace(invoice, items=(*invoice.items, opened(COMPENSATION, fact.due_on, fact.amount_minor, on)))
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
            items = (*less(invoice.items, parts, on), *principal(instalments, on))
            return replace(invoice, items=items, plan=fact, promise=None)
        case InstalmentPlanBroken(due_on=due_on, parts=parts):
            if due_on:
                rest = opened(PRINCIPAL, due_on, sum(part.minor for part in parts), on)
                invoice = replace(invoice, items=(*less(invoice.items, parts, on), rest))
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
        case Delivered() | DeliveryFailed() | Called() | Noted() | Issued():
            return invoice
        case _:
            assert_never(fact)


def fold(facts: Iterable[Fact]) -> Invoice | None:
    invoice = None
    for fact in facts:
        invoice = evolve(invoice, fact)
    return invoice
