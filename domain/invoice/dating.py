"""The day a fact counts for: nothing is taken before it was there, and nothing is answered before it was said."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from domain.by_day import next_step, since, standing
from domain.invoice.claim import Claim
from domain.invoice.facts import (
    ChargeWaived,
    CreditNoteApplied,
    DiscountTaken,
    DisputeResolved,
    Fact,
    FactorAdvancePaid,
    Factored,
    FactorReserveReleased,
    InstalmentPlanAgreed,
    InstalmentPlanBroken,
    InstalmentPlanCompleted,
    JudgmentObtained,
    LegalActionStarted,
    Paid,
    PartiallyPaid,
    PlacedWithAgency,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    Reassigned,
    RecalledFromAgency,
    Recovered,
    SettlementAccepted,
    SettlementOffered,
    Voided,
    WrittenOff,
)

# The facts whose parts are no longer open.
_Taking = (
    PartiallyPaid
    | Paid
    | DiscountTaken
    | CreditNoteApplied
    | ChargeWaived
    | WrittenOff
    | Voided
    | InstalmentPlanAgreed
    | InstalmentPlanBroken
)
_ANSWERS: dict[type, type] = {
    SettlementAccepted: SettlementOffered,
    PromiseKept: PromiseMade,
    PromisePartlyKept: PromiseMade,
    PromiseBroken: PromiseMade,
    InstalmentPlanBroken: InstalmentPlanAgreed,
    InstalmentPlanCompleted: InstalmentPlanAgreed,
    FactorAdvancePaid: Factored,
    FactorReserveReleased: Factored,
    Reassigned: Factored,
    RecalledFromAgency: PlacedWithAgency,
    JudgmentObtained: LegalActionStarted,
    Recovered: WrittenOff,
}
ANSWERED = frozenset(_ANSWERS.values()) | {SettlementAccepted}


def counts_from(claim: Claim, facts: Iterable[Fact], on: date) -> date:
    """The first day, `on` or later, that the facts may all count for.

    A debit that was returned leaves days between on which the claim was paid: a payment that came on one of them
    pays what is open again, and that was not there before.
    """
    taken: Counter[int] = Counter()
    for fact in facts:
        on = max([on, *_answered_on(claim, fact)])
        if isinstance(fact, _Taking):
            for part in fact.parts:
                taken[part.item] += part.minor
    return max([on, *(since(claim.items[item - 1].by_day, minor, on) for item, minor in taken.items())])


def standing_minor(claim: Claim, on: date) -> int:
    """What of the claim has been open from a day on, and so may be paid as of that day."""
    return sum(standing(item.by_day, on) for item in claim.items)


def standing_since(claim: Claim, on: date) -> Claim:
    """The claim with no more open than `standing_minor`."""
    least = [standing(item.by_day, on) for item in claim.items]
    if least == [item.open_minor for item in claim.items]:
        return claim
    items = (replace(item, open_minor=minor) for item, minor in zip(claim.items, least, strict=True))
    return replace(claim, items=tuple(items))


def next_change(claim: Claim, on: date) -> date | None:
    """The first day after `on` on which another amount is open."""
    return min((day for item in claim.items if (day := next_step(item.by_day, on))), default=None)


def _answered_on(claim: Claim, fact: Fact) -> Iterator[date]:
    match fact:
        case DisputeResolved(number):
            yield from (case.on for case in claim.disputes if case.number == number)
        case DiscountTaken(kind="settlement"):
            yield claim.days[SettlementAccepted]
        case _:
            answered = _ANSWERS.get(type(fact))
            yield from (day for kind, day in claim.days.items() if kind is answered)
