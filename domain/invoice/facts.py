"""What can have happened to an invoice. Why it was done is in the envelope (`domain.entry.Cause`), not here.

Amounts are minor units of the invoice's currency. An invoice is a row of items, numbered from 1: its instalments, then
charges and rescheduled instalments as they come. Every fact that moves money says in `parts` which items it moved, so
that whoever reads it later needs no rule to tell.
"""

from dataclasses import dataclass, field
from datetime import date

from domain.entry import ADDED
from domain.terms import Discount, Instalment


@dataclass(frozen=True, slots=True)
class Part:
    item: int
    minor: int


Parts = tuple[Part, ...]


# The invoice


@dataclass(frozen=True, slots=True)
class Issued:
    """`document` is the SHA-256 of the file it was read from, under which that is archived."""

    number: str
    entity: str
    customer: str
    currency: str
    total_minor: int
    tax_minor: int
    issued_on: date
    instalments: tuple[Instalment, ...]
    discounts: tuple[Discount, ...] = ()
    document_on: date | None = None
    reference: str | None = None
    purchase_order: str | None = None
    document: str | None = field(default=None, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class CreditNoteApplied:
    """`allocation` numbers the allocations of one credit note; 0 is one from before credit notes had streams."""

    credit_note: str
    amount_minor: int
    tax_minor: int
    parts: Parts
    allocation: int = field(default=0, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class CreditNoteUndone:
    """What the credit note took is open again; `parts` restores exactly that."""

    credit_note: str
    allocation: int
    amount_minor: int
    tax_minor: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class CreditNoteReinstated:
    """A credit note was not taken back on that day after all: it takes again what `CreditNoteUndone` restored."""

    credit_note: str
    allocation: int
    amount_minor: int
    tax_minor: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Voided:
    parts: Parts


@dataclass(frozen=True, slots=True)
class VoidUndone:
    """The invoice is owed after all: `parts` restores what the void took."""

    parts: Parts


# Contacts


@dataclass(frozen=True, slots=True)
class Delivered:
    channel: str
    document: str


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    channel: str
    document: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """By a person: `document` is the content hash of what is sent.

    By the ladder: `contact` is the stream of what is sent, `level` the dunning level and `run` the run of the case.
    """

    step: str
    channel: str
    document: str | None = None
    level: int | None = None
    contact: str | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Called:
    spoke_with: str
    outcome: str
    reason_given: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """`text` is for colleagues, with roles and no names: notes are not encrypted."""

    text: str


@dataclass(frozen=True, slots=True)
class BureauWarned:
    bureau: str
    channel: str
    document: str


@dataclass(frozen=True, slots=True)
class DunningBlocked:
    """No contact about this invoice up to and on `until`."""

    until: date


@dataclass(frozen=True, slots=True)
class DunningUnblocked:
    pass


# Payments


@dataclass(frozen=True, slots=True)
class PartiallyPaid:
    """`allocation` numbers the allocations of one receipt; `commission_minor` is what the agency keeps of it."""

    receipt: str
    allocation: int
    amount_minor: int
    parts: Parts
    commission_minor: int = 0


@dataclass(frozen=True, slots=True)
class Paid:
    receipt: str
    allocation: int
    amount_minor: int
    parts: Parts
    commission_minor: int = 0


@dataclass(frozen=True, slots=True)
class DiscountTaken:
    """An early-payment discount or the rest of an accepted settlement, taken with the payment it names."""

    receipt: str
    allocation: int
    amount_minor: int
    parts: Parts
    kind: str = "early_payment"


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """The payment and the discount taken with it are undone; `parts` restores exactly what they took."""

    receipt: str
    allocation: int
    amount_minor: int
    discount_minor: int
    parts: Parts
    difference_minor: int = field(default=0, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class PaymentReinstated:
    """A payment was not taken back on that day after all: it pays again what `PaymentReversed` restored."""

    receipt: str
    allocation: int
    amount_minor: int
    discount_minor: int
    parts: Parts
    difference_minor: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeDifferenceTaken:
    """What is left after a payment in another currency at an agreed rate, and is given up with it."""

    receipt: str
    allocation: int
    amount_minor: int
    parts: Parts


# Disputes


@dataclass(frozen=True, slots=True)
class Disputed:
    dispute: int
    reason_code: str
    amount_minor: int
    parts: Parts
    comment: str = ""


@dataclass(frozen=True, slots=True)
class DisputeResolved:
    """`parts` are those of the dispute, which all stop being disputed; `upheld_minor` is what the debtor won."""

    dispute: int
    outcome: str
    upheld_minor: int
    parts: Parts


# Charges


@dataclass(frozen=True, slots=True)
class InterestCharged:
    item: int
    amount_minor: int
    due_on: date
    from_on: date
    until_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class FeeCharged:
    item: int
    amount_minor: int
    due_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class CompensationClaimed:
    item: int
    amount_minor: int
    due_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class ChargeWaived:
    item: int
    amount_minor: int
    parts: Parts


# Promises, settlements, plans


@dataclass(frozen=True, slots=True)
class PromiseMade:
    promise: int
    amount_minor: int
    pay_on: date


@dataclass(frozen=True, slots=True)
class PromiseKept:
    promise: int


@dataclass(frozen=True, slots=True)
class PromisePartlyKept:
    promise: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class PromiseBroken:
    promise: int


@dataclass(frozen=True, slots=True)
class SettlementOffered:
    """`pay_minor` paid by `until_on` settles the invoice; `service` is given beside or instead of a discount."""

    offer: int
    pay_minor: int
    until_on: date
    service: str = ""


@dataclass(frozen=True, slots=True)
class SettlementAccepted:
    offer: int


@dataclass(frozen=True, slots=True)
class InstalmentPlanAgreed:
    """What is open moves from its items (`parts`) to new ones, numbered from `first_item`."""

    instalments: tuple[Instalment, ...]
    first_item: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class InstalmentPlanBroken:
    """When the rest falls due at once, `parts` moves to the new item `item`, due on `due_on`."""

    missed: int
    item: int = 0
    due_on: date | None = None
    parts: Parts = ()


@dataclass(frozen=True, slots=True)
class InstalmentPlanCompleted:
    pass


# Hand-over


@dataclass(frozen=True, slots=True)
class Factored:
    factor: str
    face_minor: int
    advance_minor: int
    fee_minor: int
    reserve_minor: int
    with_recourse: bool
    recourse_on: date | None = None


@dataclass(frozen=True, slots=True)
class FactorAdvancePaid:
    amount_minor: int


@dataclass(frozen=True, slots=True)
class FactorReserveReleased:
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Reassigned:
    """Recourse taken: the advance goes back to the factor and the invoice is ours again."""

    repaid_minor: int


@dataclass(frozen=True, slots=True)
class PlacedWithAgency:
    agency: str
    commission_basis_points: int
    placed_minor: int


@dataclass(frozen=True, slots=True)
class RecalledFromAgency:
    pass


@dataclass(frozen=True, slots=True)
class LegalActionStarted:
    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class JudgmentObtained:
    reference: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class WrittenOff:
    amount_minor: int
    tax_minor: int
    parts: Parts
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class WriteOffUndone:
    """All of a write-off is open again; `parts` restores what it took."""

    amount_minor: int
    tax_minor: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Recovered:
    """Money that came in after the write-off: as much of the loss is taken back as was paid."""

    receipt: str
    allocation: int
    amount_minor: int


Fact = (
    Issued
    | CreditNoteApplied
    | CreditNoteUndone
    | CreditNoteReinstated
    | Voided
    | VoidUndone
    | Delivered
    | DeliveryFailed
    | Reminded
    | Called
    | Noted
    | BureauWarned
    | DunningBlocked
    | DunningUnblocked
    | PartiallyPaid
    | Paid
    | DiscountTaken
    | PaymentReversed
    | PaymentReinstated
    | ExchangeDifferenceTaken
    | Disputed
    | DisputeResolved
    | InterestCharged
    | FeeCharged
    | CompensationClaimed
    | ChargeWaived
    | PromiseMade
    | PromiseKept
    | PromisePartlyKept
    | PromiseBroken
    | SettlementOffered
    | SettlementAccepted
    | InstalmentPlanAgreed
    | InstalmentPlanBroken
    | InstalmentPlanCompleted
    | Factored
    | FactorAdvancePaid
    | FactorReserveReleased
    | Reassigned
    | PlacedWithAgency
    | RecalledFromAgency
    | LegalActionStarted
    | JudgmentObtained
    | WrittenOff
    | WriteOffUndone
    | Recovered
)


# By the names they are stored under, which are for ever; classes and modules may move.
FACTS: dict[str, type] = {
    "invoice.issued": Issued,
    "invoice.delivered": Delivered,
    "invoice.delivery_failed": DeliveryFailed,
    "invoice.reminded": Reminded,
    "invoice.called": Called,
    "invoice.noted": Noted,
    "invoice.promise_made": PromiseMade,
    "invoice.promise_kept": PromiseKept,
    "invoice.promise_partly_kept": PromisePartlyKept,
    "invoice.promise_broken": PromiseBroken,
    "invoice.partially_paid": PartiallyPaid,
    "invoice.paid": Paid,
    "invoice.payment_reversed": PaymentReversed,
    "invoice.payment_reinstated": PaymentReinstated,
    "invoice.exchange_difference_taken": ExchangeDifferenceTaken,
    "invoice.discount_taken": DiscountTaken,
    "invoice.credit_note_applied": CreditNoteApplied,
    "invoice.credit_note_undone": CreditNoteUndone,
    "invoice.credit_note_reinstated": CreditNoteReinstated,
    "invoice.disputed": Disputed,
    "invoice.dispute_resolved": DisputeResolved,
    "invoice.interest_charged": InterestCharged,
    "invoice.fee_charged": FeeCharged,
    "invoice.compensation_claimed": CompensationClaimed,
    "invoice.charge_waived": ChargeWaived,
    "invoice.settlement_offered": SettlementOffered,
    "invoice.settlement_accepted": SettlementAccepted,
    "invoice.instalment_plan_agreed": InstalmentPlanAgreed,
    "invoice.instalment_plan_broken": InstalmentPlanBroken,
    "invoice.instalment_plan_completed": InstalmentPlanCompleted,
    "invoice.bureau_warned": BureauWarned,
    "invoice.dunning_blocked": DunningBlocked,
    "invoice.dunning_unblocked": DunningUnblocked,
    "invoice.factored": Factored,
    "invoice.factor_advance_paid": FactorAdvancePaid,
    "invoice.factor_reserve_released": FactorReserveReleased,
    "invoice.reassigned": Reassigned,
    "invoice.placed_with_agency": PlacedWithAgency,
    "invoice.recalled_from_agency": RecalledFromAgency,
    "invoice.legal_action_started": LegalActionStarted,
    "invoice.judgment_obtained": JudgmentObtained,
    "invoice.written_off": WrittenOff,
    "invoice.write_off_undone": WriteOffUndone,
    "invoice.recovered": Recovered,
    "invoice.voided": Voided,
    "invoice.void_undone": VoidUndone,
}
