"""Lists as plain data: invoices, customers and receipts one by one, and what the rows come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Generic, TypedDict, TypeVar

from domain.money import major
from domain.refusal import Refused
from projections.open_items.invoice_list import ListedInvoice
from services.answers.as_known import AsKnown

Listed = TypeVar("Listed")

# What a page of a workbook holds, its head and totals left aside.
MOST_ROWS = 1_048_000


@dataclass(frozen=True, slots=True)
class Listing(Generic[Listed]):
    """A list that is read while it is shown: `head` comes before the rows, and what they come to after them."""

    head: AsKnown
    rows: Iterator[Listed]
    totals: "Tally"

    def whole(self) -> "WholeList":
        """All of it at once, for a table or a page; refuses `too_many_rows` beyond what a sheet holds."""
        rows = [*islice(self.rows, MOST_ROWS + 1)]
        if len(rows) > MOST_ROWS:
            raise Refused("too_many_rows", f"a sheet holds {MOST_ROWS:,} rows; --format csv or json gives them all")
        return {**self.head, "rows": rows, "totals": self.totals.answer()}


class WholeList(AsKnown):
    rows: list[Any]
    totals: list[dict[str, object]]


class Named(TypedDict, total=False):
    """The customer's name, for those who asked for names."""

    name: str


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


def invoice_row(invoice: ListedInvoice, as_of: date, name: str | None) -> InvoiceRow:
    currency = invoice.currency
    named: Named = {} if name is None else {"name": name}
    return {
        "number": invoice.number,
        "entity": invoice.entity,
        "customer": invoice.customer,
        **named,
        "currency": currency,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "total": major(invoice.total_minor, currency),
        "open": major(invoice.open_minor, currency),
        "days_past_due": max(0, (as_of - invoice.due_on).days) if invoice.open_minor else 0,
        "is_disputed": invoice.disputed_minor > 0,
        "status": invoice.status(as_of),
    }


class Tally:
    """Sums by currency of what went by: how many there were (`count`), and the amounts of these names."""

    def __init__(self, count: str, *amounts: str):
        self._count, self._amounts = count, amounts
        self._sums: dict[str, list[int]] = {}

    def add(self, currency: str, *minors: int) -> None:
        sums = self._sums.setdefault(currency, [0] * (1 + len(minors)))
        for n, minor in enumerate((1, *minors)):
            sums[n] += minor

    def answer(self) -> list[dict[str, object]]:
        return [
            {
                "currency": currency,
                self._count: count,
                **{name: major(minor, currency) for name, minor in zip(self._amounts, minors, strict=True)},
            }
            for currency, (count, *minors) in sorted(self._sums.items())
        ]
