"""Effective dates: no amount is reduced before it was there, and nothing is answered before it was asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from domain.by_day import DayChanges, changed, least_between, least_since, next_change_on, since
from domain.invoice.facts import (
    Called,
    ChargeWaived,
    CreditNoteApplied,
    DiscountTaken,
    DisputeResolved,
    ExchangeDifferenceTaken,
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
    VoidUndone,
    WrittenOff,
)
from domain.invoice.state import Invoice
from domain.refusal import Refused

# The facts whose parts are no longer open.
_Taking = (
    PartiallyPaid
    | Paid
    | DiscountTaken
    | ExchangeDifferenceTaken
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
    VoidUndone: Voided,
}
ANSWERED = frozenset(_ANSWERS.values()) | {SettlementAccepted, Called, VoidUndone}


def require_issued_by(invoice: Invoice | None, on: date) -> None:
    """Refuses `before_issue`: nothing happened to an invoice before the day it was issued."""
    if invoice and on < invoice.issued.issued_on:
        issued = invoice.issued
        raise Refused("before_issue", f"invoice {issued.number} was issued on {issued.issued_on}, after {on}")


def require_in_time(invoice: Invoice | None, facts: Sequence[Fact], on: date) -> Sequence[Fact]:
    """Refuses `too_early`: no amount on a day on which it was not open, and no answer before what it answers."""
    if invoice and (day := effective_from(invoice, facts, on)) > on:
        message = f"that is possible from {day} on: what it is about was not there on every day since {on}"
        raise Refused("too_early", message)
    return facts


def effective_from(invoice: Invoice, facts: Iterable[Fact], on: date) -> date:
    """The first day, `on` or later, on which all the facts may be effective.

    A debit that was returned leaves days between on which the invoice was paid: a payment that came on one of them
    pays what is open again, and that was not open before the return.
    """
    taken: defaultdict[int, int] = defaultdict(int)
    for fact in facts:
        on = max([on, *_answered_on(invoice, fact)])
        if isinstance(fact, _Taking):
            for part in fact.parts:
                taken[part.item] += part.minor
    return max([on, *(since(invoice.items[item - 1].by_day, minor, on) for item, minor in taken.items())])


def open_since_minor(invoice: Invoice, on: date) -> int:
    """What of the invoice has been open from a day on, and so may be paid as of that day."""
    return sum(least_since(item.by_day, on) for item in invoice.items)


def least_open_since(invoice: Invoice, on: date) -> int:
    """The least that was open of the whole invoice on any day since, on whatever items."""
    changes: DayChanges = ()
    for item in invoice.items:
        for day, minor in item.by_day:
            changes = changed(changes, day, minor)
    return least_since(changes, on)


def open_since(invoice: Invoice, on: date) -> Invoice:
    """The invoice with no more open than `standing_minor`."""
    least = [least_since(item.by_day, on) for item in invoice.items]
    if least == [item.open_minor for item in invoice.items]:
        return invoice
    items = (replace(item, open_minor=minor) for item, minor in zip(invoice.items, least, strict=True))
    return replace(invoice, items=tuple(items))


def open_between(invoice: Invoice, on: date, until: date) -> Invoice:
    """The invoice with no more open than was on every day from `on` on and before `until`."""
    least = (least_between(item.by_day, on, until) for item in invoice.items)
    items = (replace(item, open_minor=minor) for item, minor in zip(invoice.items, least, strict=True))
    return replace(invoice, items=tuple(items))


def void_on(invoice: Invoice) -> date:
    """The day of the void."""
    return invoice.days[Voided]


def next_change(invoice: Invoice, on: date) -> date | None:
    """The first day after `on` on which another amount is open."""
    return min((day for item in invoice.items if (day := next_change_on(item.by_day, on))), default=None)


def _answered_on(invoice: Invoice, fact: Fact) -> Iterator[date]:
    match fact:
        case DisputeResolved(number):
            yield from (case.on for case in invoice.disputes if case.number == number)
        case DiscountTaken(kind="settlement"):
            yield invoice.days[SettlementAccepted]
        case _:
            answered = _ANSWERS.get(type(fact))
            yield from (day for kind, day in invoice.days.items() if kind is answered)
