"""An invoice as it was on a day, by its facts, and how that is shown."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from domain.entry import Entry
from domain.invoice import Invoice, evolve
from domain.invoice.state import PRINCIPAL, Item
from domain.money import major


def invoice_on(entries: Iterable[Entry], as_of: date) -> Invoice | None:
    """The invoice by its facts effective up to that day, in the order of the log; None before its issue."""
    invoice = None
    for entry in entries:
        if entry.effective_on <= as_of:
            invoice = evolve(invoice, entry.fact, entry.effective_on)
        elif invoice is None:
            return None
        else:
            # Facts name items by their numbers: one that is added later keeps its number and has nothing open yet.
            to_come = evolve(invoice, entry.fact).items[len(invoice.items) :]
            invoice = replace(invoice, items=invoice.items + tuple(replace(item, open_minor=0) for item in to_come))
    return invoice


def readable_invoice(invoice: Invoice, as_of: date) -> dict[str, Any]:
    """Amounts are strings in major units, days are ISO; what does not exist is None or an empty list."""
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
        "total": amount(issued.total_minor),
        "tax": amount(issued.tax_minor),
        "open": amount(invoice.open_minor),
        "overdue": amount(overdue),
        "disputed": amount(invoice.disputed_minor),
        "written_off": amount(invoice.written_off_minor),
        "status": _status(invoice, overdue),
        "holder": _holder(invoice),
        "items": [_item(n, item, as_of, issued.currency) for n, item in enumerate(invoice.items, 1)],
        "discounts": [{"until_on": d.until_on.isoformat(), "amount": amount(d.minor)} for d in issued.discounts],
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


def _item(number: int, item: Item, as_of: date, currency: str) -> dict[str, Any]:
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


def _agreements(invoice: Invoice) -> dict[str, Any]:
    currency = invoice.issued.currency
    promise, offer, plan, judgment = invoice.promise, invoice.offer, invoice.plan, invoice.judgment
    return {
        "promise": promise
        and {
            "pay_on": promise.pay_on.isoformat(),
            "amount": major(promise.amount_minor, currency),
            "paid": major(promise.paid_minor, currency),
        },
        "settlement": offer
        and {
            "pay": major(offer.pay_minor, currency),
            "until_on": offer.until_on.isoformat(),
            "service": offer.service or None,
            "is_accepted": offer.is_accepted,
        },
        "plan": plan
        and [{"due_on": each.due_on.isoformat(), "amount": major(each.minor, currency)} for each in plan.instalments],
        "judgment": judgment and {"reference": judgment.reference, "amount": major(judgment.amount_minor, currency)},
    }
