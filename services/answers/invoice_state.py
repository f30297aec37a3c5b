"""The claim as it stands, by all that is recorded: what the compacted topic has of each invoice."""

from typing import NotRequired, TypedDict

from domain.invoice import Invoice
from domain.money import major


class Item(TypedDict):
    item: int
    kind: str
    due_on: str
    open: str


class Promise(TypedDict):
    amount: str
    pay_on: str


class InvoiceState(TypedDict):
    """`due_on` is the earliest day on which something open is due; `items` are those of which something is open.

    `status` is open, settled, written_off or voided. `level` counts the reminders, `step` is the last of them.
    """

    entity: str
    number: str
    customer: str
    currency: str
    status: str
    total: str
    tax: str
    open: str
    disputed: str
    written_off: str
    issued_on: str
    items: list[Item]
    is_factored: bool
    due_on: NotRequired[str]
    level: int
    step: NotRequired[str]
    promise: NotRequired[Promise]
    factor: NotRequired[str]
    agency: NotRequired[str]
    legal_action: NotRequired[str]


def invoice_state(invoice: Invoice) -> InvoiceState:
    issued, currency = invoice.issued, invoice.issued.currency
    open_items = [(n, item) for n, item in enumerate(invoice.items, 1) if item.open_minor]
    state: InvoiceState = {
        "entity": issued.entity,
        "number": issued.number,
        "customer": issued.customer,
        "currency": currency,
        "status": _status(invoice),
        "total": major(issued.total_minor, currency),
        "tax": major(issued.tax_minor, currency),
        "open": major(invoice.open_minor, currency),
        "disputed": major(invoice.disputed_minor, currency),
        "written_off": major(invoice.written_off_minor, currency),
        "issued_on": issued.issued_on.isoformat(),
        "items": [
            {"item": n, "kind": item.kind, "due_on": item.due_on.isoformat(), "open": major(item.open_minor, currency)}
            for n, item in open_items
        ],
        "is_factored": invoice.is_factored,
        "level": len(invoice.reminded_steps),
    }
    if open_items:
        state["due_on"] = min(item.due_on for _, item in open_items).isoformat()
    if invoice.reminded_steps:
        state["step"] = invoice.reminded_steps[-1]
    if invoice.promise:
        state["promise"] = {
            "amount": major(invoice.promise.amount_minor, currency),
            "pay_on": invoice.promise.pay_on.isoformat(),
        }
    if invoice.factored:
        state["factor"] = invoice.factored.factor
    if invoice.agency:
        state["agency"] = invoice.agency.agency
    if invoice.legal:
        state["legal_action"] = invoice.legal.kind
    return state


def _status(invoice: Invoice) -> str:
    if invoice.is_voided:
        return "voided"
    if invoice.open_minor:
        return "open"
    return "written_off" if invoice.written_off_minor else "settled"
