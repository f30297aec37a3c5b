"""An invoice as plain data, as it was on a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict

from domain.entry import Entry
from domain.invoice import Invoice
from domain.invoice.facts import Noted
from domain.invoice.paying import early_discounts
from domain.invoice.state import PRINCIPAL, Item
from domain.money import major
from services.snapshots import instant_text


class InvoiceItem(TypedDict):
    item: int
    kind: str
    due_on: str
    open: str
    days_past_due: int


class Discount(TypedDict):
    """What would be given now."""

    until_on: str
    amount: str


class PaymentTaken(TypedDict):
    receipt: str
    amount: str
    discount: str


class CreditNote(TypedDict):
    number: str
    amount: str


class Dispute(TypedDict):
    dispute: int
    reason_code: str
    amount: str


class Promise(TypedDict):
    pay_on: str
    amount: str
    paid: str


class Settlement(TypedDict):
    pay: str
    until_on: str
    service: str | None
    is_accepted: bool


class PlanInstalment(TypedDict):
    due_on: str
    amount: str


class Judgment(TypedDict):
    reference: str
    amount: str


class Agreements(TypedDict):
    promise: Promise | None
    settlement: Settlement | None
    plan: list[PlanInstalment] | None
    judgment: Judgment | None


class InvoiceAnswer(Agreements):
    """`document` is the SHA-256 of the file it was read from."""

    number: str
    entity: str
    customer: str
    currency: str
    issued_on: str
    reference: str | None
    document: str | None
    total: str
    tax: str
    open: str
    overdue: str
    disputed: str
    written_off: str
    status: str
    holder: str
    items: list[InvoiceItem]
    discounts: list[Discount]
    payments: list[PaymentTaken]
    credit_notes: list[CreditNote]
    disputes: list[Dispute]
    reminders: list[str]
    bureau: str | None


class NoteTaken(TypedDict):
    on: str
    actor: str
    text: str


class InvoiceAsOf(InvoiceAnswer):
    """`known_at` is None when it is as it stands by all that is known."""

    as_of: str
    known_at: str | None
    notes: list[NoteTaken]


def invoice_as_of(invoice: Invoice, entries: Iterable[Entry], as_of: date, known_at: datetime | None) -> InvoiceAsOf:
    """`entries` are its own as far as they are known, for the notes of up to that day."""
    known = instant_text(known_at) if known_at else None
    notes = [_note(each) for each in entries if isinstance(each.fact, Noted) and each.effective_on <= as_of]
    return {"as_of": as_of.isoformat(), "known_at": known, **invoice_answer(invoice, as_of), "notes": notes}


def invoice_answer(invoice: Invoice, as_of: date) -> InvoiceAnswer:
    """An item is overdue from the day after its due day."""
    if invoice.is_voided:
        invoice = replace(invoice, disputes=(), promise=None, offer=None)
    issued = invoice.issued

    def amount(minor: int) -> str:
        return major(minor, issued.currency)

    overdue = sum(item.open_minor for item in invoice.items if item.due_on < as_of)
    return {
        "number": issued.number,
        "entity": issued.entity,
        "customer": issued.customer,
        "currency": issued.currency,
        "issued_on": issued.issued_on.isoformat(),
        "reference": issued.reference,
        "document": issued.document,
        "total": amount(issued.total_minor),
        "tax": amount(issued.tax_minor),
        "open": amount(invoice.open_minor),
        "overdue": amount(overdue),
        "disputed": amount(invoice.disputed_minor),
        "written_off": amount(invoice.written_off_minor),
        "status": _status(invoice, overdue),
        "holder": _holder(invoice),
        "items": [_item(n, item, as_of, issued.currency) for n, item in enumerate(invoice.items, 1)],
        "discounts": [
            {"until_on": d.until_on.isoformat(), "amount": amount(d.minor)} for d in early_discounts(invoice)
        ],
        "payments": [
            {"receipt": p.receipt, "amount": amount(p.amount_minor), "discount": amount(p.discount_minor)}
            for p in invoice.payments
        ],
        "credit_notes": [{"number": n.credit_note, "amount": amount(n.amount_minor)} for n in invoice.credit_notes],
        "disputes": [
            {"dispute": d.number, "reason_code": d.reason_code, "amount": amount(sum(p.minor for p in d.parts))}
            for d in invoice.disputes
        ],
        **_agreements(invoice),
        "reminders": list(invoice.reminded_steps),
        "bureau": ", ".join(invoice.bureaus) or None,
    }


def _note(entry: Entry) -> NoteTaken:
    return {"on": entry.effective_on.isoformat(), "actor": entry.cause.actor, "text": entry.fact.text}


def _item(number: int, item: Item, as_of: date, currency: str) -> InvoiceItem:
    late = (as_of - item.due_on).days if item.open_minor else 0
    return {
        "item": number,
        "kind": "instalment" if item.kind == PRINCIPAL else item.kind,
        "due_on": item.due_on.isoformat(),
        "open": major(item.open_minor, currency),
        "days_past_due": max(0, late),
    }


def _status(invoice: Invoice, overdue: int) -> str:
    if invoice.is_voided:
        return "void"
    if not invoice.open_minor:
        return "written_off" if invoice.written_off_minor else "settled"
    if invoice.disputed_minor == invoice.open_minor:
        return "disputed"
    return "overdue" if overdue else "open"


def _holder(invoice: Invoice) -> str:
    if invoice.factored:
        recourse = (
            f"with recourse until {invoice.factored.recourse_on}" if invoice.factored.with_recourse else "for good"
        )
        return f"factor {invoice.factored.factor}, {recourse}"
    if invoice.agency:
        return f"agency {invoice.agency.agency}"
    if invoice.legal:
        return f"court, {invoice.legal.kind} {invoice.legal.reference}"
    return "us"


def _agreements(invoice: Invoice) -> Agreements:
    currency = invoice.issued.currency
    promise, offer, plan, judgment = invoice.promise, invoice.offer, invoice.plan, invoice.judgment
    return {
        "promise": {
            "pay_on": promise.pay_on.isoformat(),
            "amount": major(promise.amount_minor, currency),
            "paid": major(promise.paid_minor, currency),
        }
        if promise
        else None,
        "settlement": {
            "pay": major(offer.pay_minor, currency),
            "until_on": offer.until_on.isoformat(),
            "service": offer.service or None,
            "is_accepted": offer.is_accepted,
        }
        if offer
        else None,
        "plan": [
            {"due_on": each.due_on.isoformat(), "amount": major(each.minor, currency)} for each in plan.instalments
        ]
        if plan
        else None,
        "judgment": {"reference": judgment.reference, "amount": major(judgment.amount_minor, currency)}
        if judgment
        else None,
    }
