"""What a fact changed about an invoice."""

from datetime import date
from typing import assert_never

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
    Parts,
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
from domain.invoice.state import PRINCIPAL, Invoice, Promise
from domain.money import readable
from projections.audit.difference.phrases import balance, falling_due, joined, per_cent, spaced

_MOST_ITEMS = 4


def difference(before: Invoice | None, fact: Fact, after: Invoice, on: date) -> str:
    """The amounts that moved, then what was done; an item is overdue from the day after its due day."""
    currency = after.issued.currency
    return joined(
        balance("open", before.open_minor if before else 0, after.open_minor, currency),
        balance("disputed", before.disputed_minor if before else 0, after.disputed_minor, currency),
        balance("written off", before.written_off_minor if before else 0, after.written_off_minor, currency),
        done(before or after, fact, after, on),
    )


def done(before: Invoice, fact: Fact, after: Invoice, on: date) -> str:
    """Without the amounts that moved."""
    currency = after.issued.currency
    match fact:
        case Issued(instalments=instalments):
            return falling_due(instalments)
        case PartiallyPaid() | Paid():
            kept = readable(fact.commission_minor, currency)
            commission = f"the agency keeps {kept}" if fact.commission_minor else ""
            return joined(_items(fact.parts, after, on, "paid"), commission)
        case DiscountTaken(amount_minor=amount, kind=kind):
            return f"{readable(amount, currency)} of {spaced(kind)} discount taken"
        case PaymentReversed(discount_minor=discount, parts=parts):
            taken_back = f"{readable(discount, currency)} of discount taken back" if discount else ""
            return joined("payment reversed", _items(parts, after, on, "open again"), taken_back)
        case PaymentReinstated(parts=parts):
            return joined("payment reinstated", _items(parts, after, on, "paid"))
        case ExchangeDifferenceTaken(amount_minor=amount):
            return f"{readable(amount, currency)} given up as an exchange difference"
        case Recovered(amount_minor=amount):
            return f"{readable(amount, currency)} recovered"
        case CreditNoteApplied(credit_note=number, parts=parts):
            return joined(f"credit note {number}", _items(parts, after, on, "credited"))
        case CreditNoteUndone(credit_note=number, parts=parts):
            return joined(f"credit note {number} taken back", _items(parts, after, on, "open again"))
        case CreditNoteReinstated(credit_note=number, parts=parts):
            return joined(f"credit note {number} reinstated", _items(parts, after, on, "credited"))
        case WriteOffUndone(parts=parts):
            return joined("write-off undone", _items(parts, after, on, "open again"))
        case VoidUndone(parts=parts):
            return joined("void undone", _items(parts, after, on, "open again"))
        case WrittenOff(parts=parts):
            return _items(parts, after, on, "written off")
        case Voided():
            return "the invoice is void"
        case Disputed(dispute=number, reason_code=code):
            return f"dispute {number} raised: {spaced(code)}"
        case DisputeResolved(dispute=number, outcome=outcome, upheld_minor=upheld):
            return f"dispute {number} {spaced(outcome)}" + (f", {readable(upheld, currency)} won" if upheld else "")
        case InterestCharged(amount_minor=amount, due_on=due_on, from_on=from_on, until_on=until_on):
            return f"interest of {readable(amount, currency)} for {from_on} to {until_on}, due {due_on}"
        case FeeCharged(amount_minor=amount, due_on=due_on):
            return f"fee of {readable(amount, currency)}, due {due_on}"
        case CompensationClaimed(amount_minor=amount, due_on=due_on):
            return f"compensation of {readable(amount, currency)}, due {due_on}"
        case ChargeWaived(parts=parts):
            return _items(parts, after, on, "waived")
        case PromiseMade(promise=number, amount_minor=amount, pay_on=pay_on):
            return f"{_promise(number, Promise(number, amount, pay_on), currency)} made"
        case PromiseKept(promise=number):
            return f"{_promise(number, before.promise, currency)} kept"
        case PromisePartlyKept(promise=number, paid_minor=paid):
            return f"{_promise(number, before.promise, currency)} partly kept, {readable(paid, currency)} paid"
        case PromiseBroken(promise=number):
            return f"{_promise(number, before.promise, currency)} broken"
        case SettlementOffered(offer=number, pay_minor=pay, until_on=until_on, service=service):
            beside = f", with {service}" if service else ""
            return f"settlement {number} offered: {readable(pay, currency)} by {until_on} settles the invoice{beside}"
        case SettlementAccepted(offer=number):
            return f"settlement {number} accepted"
        case InstalmentPlanAgreed(instalments=instalments):
            replaced = f"promise {before.promise.number} gives way to it" if before.promise else ""
            return joined(f"instalment plan agreed, {falling_due(instalments)}", replaced)
        case InstalmentPlanBroken(missed=missed, due_on=due_on, parts=parts):
            rest = readable(sum(part.minor for part in parts), currency)
            return joined(
                f"instalment plan broken, instalment {missed} missed", f"{rest} due {due_on}" if due_on else ""
            )
        case InstalmentPlanCompleted():
            return "instalment plan completed"
        case Factored():
            return _sale(fact, currency)
        case FactorAdvancePaid(amount_minor=amount):
            return f"advance of {readable(amount, currency)} paid by {_factor(before)}"
        case FactorReserveReleased(amount_minor=amount):
            return f"reserve of {readable(amount, currency)} released by {_factor(before)}"
        case Reassigned(repaid_minor=repaid):
            return f"back from {_factor(before)}, {readable(repaid, currency)} repaid"
        case PlacedWithAgency(agency=agency, commission_basis_points=commission, placed_minor=placed):
            return f"{readable(placed, currency)} placed with {agency} at {per_cent(commission)} commission"
        case RecalledFromAgency():
            return f"back from {before.agency.agency}" if before.agency else "back from the agency"
        case LegalActionStarted(kind=kind, reference=reference):
            return f"legal action started: {spaced(kind)} {reference}"
        case JudgmentObtained(reference=reference, amount_minor=amount):
            return f"judgment {reference} over {readable(amount, currency)}"
        case Delivered(channel=channel):
            return f"delivered by {channel}"
        case DeliveryFailed(channel=channel):
            return f"not delivered by {channel}"
        case Reminded(step=step, channel=channel):
            return f"reminded by {channel}, step {step}"
        case Called(spoke_with=spoke_with, outcome=outcome):
            return f"called, spoke with {spoke_with}: {spaced(outcome)}"
        case Noted():
            return "note added"
        case DunningBlocked(until=until):
            return f"reminders blocked until {until}"
        case DunningUnblocked():
            return "reminders allowed again"
        case BureauWarned(bureau=bureau, channel=channel):
            return f"warned by {channel} of a report to {bureau}"
        case _:
            assert_never(fact)


def _items(parts: Parts, after: Invoice, on: date, how: str) -> str:
    moved = [*dict.fromkeys(part.item for part in parts)]
    named = [_item(item, after, on, how) for item in moved[:_MOST_ITEMS]]
    more = len(moved) - len(named)
    return joined(*named, f"{more} more items {how}" if more else "")


def _item(number: int, after: Invoice, on: date, how: str) -> str:
    item = after.items[number - 1]
    overdue = "overdue " if item.due_on < on else ""
    name = f"{'instalment' if item.kind == PRINCIPAL else item.kind} {number}"
    if item.open_minor and how != "open again":
        return f"{overdue}{name} {how} in part, {readable(item.open_minor, after.issued.currency)} left"
    return f"{overdue}{name} {how}"


def _promise(number: int, made: Promise | None, currency: str) -> str:
    return f"promise {number}" + (f" of {readable(made.amount_minor, currency)} for {made.pay_on}" if made else "")


def _sale(sale: Factored, currency: str) -> str:
    recourse = f"with recourse until {sale.recourse_on}" if sale.with_recourse else "without recourse"
    terms = f"advance {readable(sale.advance_minor, currency)}, fee {readable(sale.fee_minor, currency)}"
    return f"factored to {sale.factor} {recourse}; {terms}, reserve {readable(sale.reserve_minor, currency)}"


def _factor(invoice: Invoice) -> str:
    return invoice.factored.factor if invoice.factored else "the factor"
