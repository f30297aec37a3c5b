"""The claim as it stands, by all that is recorded: what the compacted topic has of each invoice."""

from datetime import date
from typing import Annotated, Literal, NotRequired, TypedDict

from domain.invoice import Invoice
from services.answers.published_fact import amount

# By its form, as a schema describes it; `published_fact.Field` has the same word.
Amount = Annotated[str, "amount"]
Status = Literal["open", "settled", "written_off", "voided"]


class Item(TypedDict):
    item: int
    kind: str
    due_on: date
    open: Amount


class Promise(TypedDict):
    amount: Amount
    pay_on: date


class InvoiceState(TypedDict):
    """`due_on` is the earliest day on which something open is due; `items` are those of which something is open.

    `level` counts the reminders, `step` is the last of them.
    """

    entity: str
    number: str
    customer: str
    currency: str
    status: Status
    total: Amount
    tax: Amount
    open: Amount
    disputed: Amount
    written_off: Amount
    issued_on: date
    items: list[Item]
    is_factored: bool
    due_on: NotRequired[date]
    level: int
    step: NotRequired[str]
    promise: NotRequired[Promise]
    factor: NotRequired[str]
    agency: NotRequired[str]
    legal_action: NotRequired[str]


def invoice_state(invoice: Invoice) -> InvoiceState:
    issued, currency = invoice.issued, invoice.issued.currency
    open_items = [(n, item) for n, item in enumerate(invoice.items, 1) if item.open_minor]
    open_minor = sum(item.open_minor for _, item in open_items)
    state: InvoiceState = {
        "entity": issued.entity,
        "number": issued.number,
        "customer": issued.customer,
        "currency": currency,
        "status": _status(invoice, open_minor),
        "total": amount(issued.total_minor, currency),
        "tax": amount(issued.tax_minor, currency),
        "open": amount(open_minor, currency),
        "disputed": amount(invoice.disputed_minor, currency),
        "written_off": amount(invoice.written_off_minor, currency),
        "issued_on": issued.issued_on,
        "items": [
            {"item": n, "kind": item.kind, "due_on": item.due_on, "open": amount(item.open_minor, currency)}
            for n, item in open_items
        ],
        "is_factored": invoice.is_factored,
        "level": len(invoice.reminded_steps),
    }
    if open_items:
        state["due_on"] = min(item.due_on for _, item in open_items)
    if invoice.reminded_steps:
        state["step"] = invoice.reminded_steps[-1]
    if invoice.promise:
        promise = invoice.promise
        state["promise"] = {"amount": amount(promise.amount_minor, currency), "pay_on": promise.pay_on}
    if invoice.factored:
        state["factor"] = invoice.factored.factor
    if invoice.agency:
        state["agency"] = invoice.agency.agency
    if invoice.legal:
        state["legal_action"] = invoice.legal.kind
    return state


def _status(invoice: Invoice, open_minor: int) -> Status:
    if invoice.is_voided:
        return "voided"
    if open_minor:
        return "open"
    return "written_off" if invoice.written_off_minor else "settled"
