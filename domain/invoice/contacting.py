"""Contacts with the debtor about an invoice, and when there must be none."""

from datetime import date
from typing import Literal, get_args

from domain.customer.account import Channel, require_channel
from domain.invoice.facts import (
    BureauWarned,
    Called,
    Delivered,
    DeliveryFailed,
    DunningBlocked,
    DunningUnblocked,
    Fact,
    Noted,
    Reminded,
)
from domain.invoice.state import Invoice, plan_items, require_issued, require_open, require_ours
from domain.refusal import Refused

# Why the debtor has not paid; nothing when nobody was reached.
ReasonGiven = Literal["forgot", "dissatisfied", "cannot_pay", "other", ""]
REASONS_GIVEN: tuple[str, ...] = get_args(ReasonGiven)


def deliver(invoice: Invoice | None, *, channel: Channel, document: str) -> list[Fact]:
    require_issued(invoice)
    require_channel(channel)
    return [Delivered(channel, document)]


def fail_delivery(invoice: Invoice | None, *, channel: Channel, document: str) -> list[Fact]:
    require_issued(invoice)
    require_channel(channel)
    return [DeliveryFailed(channel, document)]


def remind(
    invoice: Invoice | None, on: date, blocked_until: date | None = None, *, step: str, channel: Channel, document: str
) -> list[Fact]:
    """Each step once; refuses as `require_chaseable` does."""
    if invoice and step in invoice.reminded_steps:
        return []
    require_chaseable(invoice, on, blocked_until)
    require_channel(channel)
    return [Reminded(step, channel, document)]


def call(
    invoice: Invoice | None,
    on: date,
    blocked_until: date | None = None,
    *,
    spoke_with: str,
    outcome: str,
    reason_given: ReasonGiven = "",
    next_step: str = "",
) -> list[Fact]:
    """Refuses `unknown_reason`, and as `require_chaseable` does."""
    require_chaseable(invoice, on, blocked_until)
    if reason_given not in REASONS_GIVEN:
        raise Refused("unknown_reason", f"a reason given is one of {', '.join(REASONS_GIVEN[:-1])}")
    return [Called(spoke_with, outcome, reason_given, next_step)]


def note(invoice: Invoice | None, *, text: str) -> list[Fact]:
    """Each time anew, whatever became of the invoice; refuses `argument_missing` for a note that says nothing."""
    if invoice is None:
        raise Refused("not_issued", "there is no such invoice")
    if not text.strip():
        raise Refused("argument_missing", "the note says nothing", "text")
    return [Noted(text.strip())]


def warn_of_bureau(
    invoice: Invoice | None,
    on: date,
    blocked_until: date | None = None,
    *,
    bureau: str,
    channel: Channel,
    document: str,
) -> list[Fact]:
    """The warning before a report: only of an invoice past due and not disputed."""
    if invoice and bureau in invoice.bureaus:
        return []
    invoice = require_chaseable(invoice, on, blocked_until)
    if invoice.disputes:
        raise Refused("disputed", "a disputed invoice is not reported to a bureau")
    if not any(item.open_minor and item.due_on < on for item in invoice.items):
        raise Refused("not_overdue", "an invoice that is not overdue is not reported to a bureau")
    require_channel(channel)
    return [BureauWarned(bureau, channel, document)]


def block(invoice: Invoice | None, on: date, *, until: date) -> list[Fact]:
    """No contact about this invoice up to and on a day; refuses `day_is_past`."""
    invoice = require_open(invoice)
    if until < on:
        raise Refused("day_is_past", "a dunning block ends today or on a day to come")
    asked = DunningBlocked(until)
    return [] if invoice.block == asked else [asked]


def unblock(invoice: Invoice | None) -> list[Fact]:
    invoice = require_issued(invoice)
    return [DunningUnblocked()] if invoice.block else []


def require_chaseable(invoice: Invoice | None, on: date, blocked_until: date | None = None) -> Invoice:
    """Refuses a contact about an invoice paid, factored, placed, blocked, wholly disputed, promised or in a plan."""
    invoice = require_ours(invoice)
    blocked_until = max(filter(None, (blocked_until, invoice.blocked_until(on))), default=None)
    if blocked_until and on <= blocked_until:
        raise Refused("blocked", f"no contacts until {blocked_until}")
    if invoice.disputed_minor == invoice.open_minor:
        raise Refused("disputed", f"all that is open on invoice {invoice.issued.number} is disputed")
    if invoice.promise and on <= invoice.promise.pay_on:
        raise Refused("promised", f"payment is promised for {invoice.promise.pay_on}")
    if invoice.plan_minor and not any(item.due_on < on for _, item in plan_items(invoice)):
        raise Refused("plan_open", "the instalment plan is kept")
    return invoice
