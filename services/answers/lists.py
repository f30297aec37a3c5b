"""Lists as plain data: invoices, customers and receipts one by one, and what the rows come to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Generic, TypedDict, TypeVar

from domain.money import major
from domain.refusal import Refused
from infra.files.sheets import MOST_ROWS
from projections.credit_risk.customer_list import ListedCustomer
from projections.open_items.invoice_list import ListedInvoice
from projections.open_items.receipt_list import ListedReceipt
from services.answers.as_known import AsKnown
from services.answers.named import Named

Listed = TypeVar("Listed")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Listed]):
    """A list that is read while it is shown: `head` comes before the rows, and what they come to after them."""

    head: AsKnown
    rows: Iterator[Listed]
    totals: "Sums"

    def whole(self) -> "WholeList":
        """All of it at once, for a table or a page; refuses `too_many_rows` beyond what a sheet holds."""
        rows = [*islice(self.rows, MOST_ROWS + 1)]
        if len(rows) > MOST_ROWS:
            raise Refused("too_many_rows", f"a sheet holds {MOST_ROWS:,} rows; --format csv or json gives them all")
        return {**self.head, "rows": rows, "totals": self.totals.answer()}


class WholeList(AsKnown):
    rows: list[Any]
    totals: list[dict[str, object]]


class InvoiceRow(Named):
    """`days_past_due` is 0 until the due day is over."""

    number: str
    entity: str
    customer: str
    currency: str
    issued_on: str
    due_on: str
    total: str
    open: str
    days_past_due: int
    is_disputed: bool
    status: str


class ReceiptRow(Named):
    """`kind` is receipt or credit_note: both are on account. `customer` is None while nobody knows who paid."""

    receipt: str
    kind: str
    entity: str
    customer: str | None
    currency: str
    value_on: str
    amount: str
    unallocated: str
    status: str


class HoldRow(TypedDict):
    scope: str
    since: str


class CustomerRow(Named):
    """Amounts are None without a currency, limit and headroom without a limit that held that day."""

    customer: str
    country: str | None
    currency: str | None
    open: str | None
    overdue: str | None
    unapplied: str | None
    limit: str | None
    headroom: str | None
    is_on_hold: bool
    holds: list[HoldRow]
    collector: str | None
    terms: str | None


def invoice_row(invoice: ListedInvoice, as_of: date, names: Mapping[str, str] | None) -> InvoiceRow:
    currency = invoice.currency
    return {
        "number": invoice.number,
        "entity": invoice.entity,
        "customer": invoice.customer,
        **_named(invoice.customer, names),
        "currency": currency,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "total": major(invoice.total_minor, currency),
        "open": major(invoice.open_minor, currency),
        "days_past_due": max(0, (as_of - invoice.due_on).days) if invoice.open_minor else 0,
        "is_disputed": invoice.disputed_minor > 0,
        "status": invoice.status(as_of),
    }


def receipt_row(receipt: ListedReceipt, status: str, names: Mapping[str, str] | None) -> ReceiptRow:
    return {
        "receipt": receipt.number,
        "kind": "credit_note" if receipt.is_credit_note else "receipt",
        "entity": receipt.entity,
        "customer": receipt.customer or None,
        **_named(receipt.customer, names),
        "currency": receipt.currency,
        "value_on": receipt.value_on.isoformat(),
        "amount": major(receipt.amount_minor, receipt.currency),
        "unallocated": major(receipt.unallocated_minor, receipt.currency),
        "status": status,
    }


def customer_row(customer: ListedCustomer, names: Mapping[str, str] | None) -> CustomerRow:
    def amount(minor: int | None) -> str | None:
        return None if minor is None or customer.currency is None else major(minor, customer.currency)

    return {
        "customer": customer.customer,
        **_named(customer.customer, names),
        "country": customer.country,
        "currency": customer.currency,
        "open": amount(customer.open_minor),
        "overdue": amount(customer.overdue_minor),
        "unapplied": amount(customer.unapplied_minor),
        "limit": amount(customer.limit_minor),
        "headroom": amount(customer.headroom_minor),
        "is_on_hold": bool(customer.holds),
        "holds": [{"scope": each.scope, "since": each.since.isoformat()} for each in customer.holds],
        "collector": customer.collector,
        "terms": _terms(customer.terms),
    }


def _named(customer: str, names: Mapping[str, str] | None) -> Named:
    return {} if names is None else {"name": names.get(customer, "")}


def _terms(days: str | None) -> str | None:
    """`net 30`; of several instalments `in 0/30/60 days`."""
    if days is None:
        return None
    return f"in {days} days" if "/" in days else f"net {days}"


class Sums:
    """By currency, of what went by: how many there were (`count`), and the amounts of these names."""

    def __init__(self, count: str, *amounts: str):
        self._count, self._amounts = count, amounts
        self._sums: dict[str, list[int]] = {}

    def add(self, currency: str, *minors: int) -> None:
        sums = self._sums.setdefault(currency, [0] * (1 + len(minors)))
        for n, minor in enumerate((1, *minors)):
            sums[n] += minor

    def of_invoice(self, invoice: ListedInvoice) -> ListedInvoice:
        amounts = invoice.open_minor, invoice.overdue_minor, invoice.disputed_minor, invoice.total_minor
        self.add(invoice.currency, *amounts)
        return invoice

    def of_receipt(self, receipt: ListedReceipt) -> ListedReceipt:
        self.add(receipt.currency, receipt.amount_minor, receipt.unallocated_minor)
        return receipt

    def of_customer(self, customer: ListedCustomer) -> ListedCustomer:
        if customer.currency:
            amounts = customer.open_minor, customer.overdue_minor, customer.unapplied_minor
            self.add(customer.currency, *amounts)
        return customer

    def answer(self) -> list[dict[str, object]]:
        return [
            {
                "currency": currency,
                self._count: count,
                **{name: major(minor, currency) for name, minor in zip(self._amounts, minors, strict=True)},
            }
            for currency, (count, *minors) in sorted(self._sums.items())
        ]
