"""The claim as the next decision needs to know it, and how facts become that knowledge."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

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
    Part,
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
from domain.refusal import Refused
from domain.terms import Instalment

PRINCIPAL, INTEREST, FEE, COMPENSATION = "principal", "interest", "fee", "compensation"


@dataclass(frozen=True, slots=True)
class Item:
    kind: str
    due_on: date
    open_minor: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that still counts; `parts` is what it took, its discount included."""

    receipt: str
    allocation: int
    amount_minor: int
    discount_minor: int
    parts: Parts
    is_recovery: bool = False


@dataclass(frozen=True, slots=True)
class Dispute:
    number: int
    reason_code: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Promise:
    number: int
    amount_minor: int
    pay_on: date
    paid_minor: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    number: int
    pay_minor: int
    until_on: date
    service: str
    is_accepted: bool = False
    paid_minor: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    issued: Issued
    items: tuple[Item, ...]
    payments: tuple[Payment, ...] = ()
    credit_notes: tuple[CreditNoteApplied, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    disputes_raised: int = 0
    promise: Promise | None = None
    promises_made: int = 0
    offer: Offer | None = None
    offers_made: int = 0
    plan: InstalmentPlanAgreed | None = None
    factored: Factored | None = None
    is_advance_paid: bool = False
    agency: PlacedWithAgency | None = None
    legal: LegalActionStarted | None = None
    judgment: JudgmentObtained | None = None
    bureau: str | None = None
    rungs: tuple[str, ...] = ()
    written_off_minor: int = 0
    is_voided: bool = False

    @property
    def open_minor(self) -> int:
        return sum(item.open_minor for item in self.items)

    @property
    def disputed_minor(self) -> int:
        """What is disputed and still open: a disputed part that was paid after all is no longer owed."""
        disputed = [0] * len(self.items)
        for dispute in self.disputes:
            for part in dispute.parts:
                disputed[part.item - 1] += part.minor
        return sum(min(item.open_minor, minor) for item, minor in zip(self.items, disputed, strict=True))

    @property
    def is_sold(self) -> bool:
        return self.factored is not None and not self.factored.with_recourse


# What every decision asks first


def require_claim(claim: Claim | None) -> Claim:
    if claim is None:
        raise Refused("not_issued", "there is no such invoice")
    if claim.is_voided:
        raise Refused("voided", f"invoice {claim.issued.number} was voided")
    return claim


def require_open(claim: Claim | None) -> Claim:
    claim = require_claim(claim)
    if not claim.open_minor:
        raise Refused("nothing_open", f"nothing is open on invoice {claim.issued.number}")
    return claim


def require_ours(claim: Claim | None) -> Claim:
    """A claim that nobody else pursues: open, not sold, with no agency and not in court."""
    claim = require_open(claim)
    if claim.is_sold:
        raise Refused("sold", f"invoice {claim.issued.number} belongs to {claim.factored.factor}")  # type: ignore[union-attr]
    if claim.agency:
        raise Refused("placed", f"invoice {claim.issued.number} is with {claim.agency.agency}")
    return claim


def require_positive(minor: int) -> None:
    if minor <= 0:
        raise Refused("not_positive", "the amount must be more than zero")


def take(items: Iterable[tuple[int, Item]], minor: int) -> Parts:
    """The parts of `minor` that fall on these numbered items, in the order given."""
    parts = []
    for number, item in items:
        taken = min(item.open_minor, minor)
        if taken:
            parts.append(Part(number, taken))
            minor -= taken
    return tuple(parts)


def oldest_first(claim: Claim, *kinds: str) -> list[tuple[int, Item]]:
    """The claim's items of these kinds (of all kinds when none is named), the earliest due first."""
    numbered = [(n, item) for n, item in enumerate(claim.items, 1) if not kinds or item.kind in kinds]
    return sorted(numbered, key=lambda pair: (pair[1].due_on, pair[0]))


# How facts become that knowledge


def evolve(claim: Claim | None, fact: Fact) -> Claim:
    if claim is None:
        assert isinstance(fact, Issued), "an invoice begins with its issue"
        return Claim(fact, _principal(fact.instalments))
    match fact:
        case PartiallyPaid(parts=parts) | Paid(parts=parts):
            return _paid(replace(claim, items=_less(claim.items, parts)), fact)
        case DiscountTaken(parts=parts):
            return _discounted(replace(claim, items=_less(claim.items, parts)), fact)
        case PaymentReversed():
            return _reversed(claim, fact)
        case Recovered(receipt, allocation, amount):
            payment = Payment(receipt, allocation, amount, 0, (), is_recovery=True)
            left = claim.written_off_minor - amount
            return replace(claim, payments=(*claim.payments, payment), written_off_minor=left)
        case CreditNoteApplied(parts=parts):
            items = _less(claim.items, parts)
            return replace(claim, items=items, credit_notes=(*claim.credit_notes, fact))
        case ChargeWaived(parts=parts):
            return replace(claim, items=_less(claim.items, parts))
        case WrittenOff(parts=parts, amount_minor=amount):
            left = claim.written_off_minor + amount
            return replace(claim, items=_less(claim.items, parts), written_off_minor=left, promise=None, offer=None)
        case Voided(parts=parts):
            return replace(claim, items=_less(claim.items, parts), is_voided=True)
        case InterestCharged():
            return replace(claim, items=(*claim.items, Item(INTEREST, fact.due_on, fact.amount_minor)))
        case FeeCharged():
            return replace(claim, items=(*claim.items, Item(FEE, fact.due_on, fact.amount_minor)))
        case CompensationClaimed():
            return replace(claim, items=(*claim.items, Item(COMPENSATION, fact.due_on, fact.amount_minor)))
        case Disputed(number, reason_code, _, parts):
            raised = (*claim.disputes, Dispute(number, reason_code, parts))
            return replace(claim, disputes=raised, disputes_raised=number)
        case DisputeResolved(number):
            return replace(claim, disputes=tuple(d for d in claim.disputes if d.number != number))
        case _:
            return _pursued(claim, fact)


def fold(facts: Iterable[Fact]) -> Claim | None:
    claim = None
    for fact in facts:
        claim = evolve(claim, fact)
    return claim


def _pursued(claim: Claim, fact: Fact) -> Claim:
    match fact:
        case Reminded(rung):
            return replace(claim, rungs=(*claim.rungs, rung))
        case BureauWarned(bureau):
            return replace(claim, bureau=bureau)
        case PromiseMade(number, amount, pay_on):
            return replace(claim, promise=Promise(number, amount, pay_on), promises_made=number)
        case PromiseKept() | PromisePartlyKept() | PromiseBroken():
            return replace(claim, promise=None)
        case SettlementOffered(number, pay, until, service):
            return replace(claim, offer=Offer(number, pay, until, service), offers_made=number)
        case SettlementAccepted():
            return replace(claim, offer=replace(claim.offer, is_accepted=True)) if claim.offer else claim
        case InstalmentPlanAgreed(instalments, _, parts):
            items = (*_less(claim.items, parts), *_principal(instalments))
            return replace(claim, items=items, plan=fact, promise=None)
        case InstalmentPlanBroken(_, item, due_on, parts):
            if item and due_on:
                rest = Item(PRINCIPAL, due_on, sum(part.minor for part in parts))
                claim = replace(claim, items=(*_less(claim.items, parts), rest))
            return replace(claim, plan=None)
        case InstalmentPlanCompleted():
            return replace(claim, plan=None)
        case Factored():
            return replace(claim, factored=fact, is_advance_paid=False)
        case FactorAdvancePaid():
            return replace(claim, is_advance_paid=True)
        case Reassigned():
            return replace(claim, factored=None, is_advance_paid=False)
        case PlacedWithAgency():
            return replace(claim, agency=fact)
        case RecalledFromAgency():
            return replace(claim, agency=None)
        case LegalActionStarted():
            return replace(claim, legal=fact)
        case JudgmentObtained():
            return replace(claim, judgment=fact)
        case Delivered() | DeliveryFailed() | Called() | FactorReserveReleased() | Issued():
            return claim
        case _:
            raise AssertionError(f"{type(fact).__name__} is no fact of an invoice")


def _principal(instalments: tuple[Instalment, ...]) -> tuple[Item, ...]:
    return tuple(Item(PRINCIPAL, each.due_on, each.minor) for each in instalments)


def _less(items: tuple[Item, ...], parts: Parts) -> tuple[Item, ...]:
    return _moved(items, parts, -1)


def _more(items: tuple[Item, ...], parts: Parts) -> tuple[Item, ...]:
    return _moved(items, parts, +1)


def _moved(items: tuple[Item, ...], parts: Parts, sign: int) -> tuple[Item, ...]:
    moved = list(items)
    for part in parts:
        item = moved[part.item - 1]
        moved[part.item - 1] = Item(item.kind, item.due_on, item.open_minor + sign * part.minor)
    return tuple(moved)


def _paid(claim: Claim, fact: PartiallyPaid | Paid) -> Claim:
    before = find_payment(claim, fact.receipt, fact.allocation)
    discount = before.discount_minor if before else 0
    parts = (before.parts if before else ()) + fact.parts
    payment = Payment(fact.receipt, fact.allocation, fact.amount_minor, discount, parts)
    promise, offer = claim.promise, claim.offer
    if promise:
        promise = replace(promise, paid_minor=promise.paid_minor + fact.amount_minor)
    if offer and offer.is_accepted:
        offer = replace(offer, paid_minor=offer.paid_minor + fact.amount_minor)
    payments = (*(p for p in claim.payments if p is not before), payment)
    return replace(claim, payments=payments, promise=promise, offer=offer)


def _discounted(claim: Claim, fact: DiscountTaken) -> Claim:
    payment = Payment(fact.receipt, fact.allocation, 0, fact.amount_minor, fact.parts)
    offer = None if fact.kind == "settlement" else claim.offer
    return replace(claim, payments=(*claim.payments, payment), offer=offer)


def _reversed(claim: Claim, fact: PaymentReversed) -> Claim:
    payment = find_payment(claim, fact.receipt, fact.allocation)
    payments = tuple(p for p in claim.payments if p is not payment)
    if payment and payment.is_recovery:
        left = claim.written_off_minor + fact.amount_minor
        return replace(claim, payments=payments, written_off_minor=left)
    promise, offer = claim.promise, claim.offer
    if promise:
        promise = replace(promise, paid_minor=max(0, promise.paid_minor - fact.amount_minor))
    if offer and offer.is_accepted:
        offer = replace(offer, paid_minor=max(0, offer.paid_minor - fact.amount_minor))
    return replace(claim, items=_more(claim.items, fact.parts), payments=payments, promise=promise, offer=offer)


def find_payment(claim: Claim, receipt: str, allocation: int) -> Payment | None:
    return next((p for p in claim.payments if p.receipt == receipt and p.allocation == allocation), None)
