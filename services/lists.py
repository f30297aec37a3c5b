"""Lists: invoices, customers and receipts one by one, of any day, as known at any instant."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.money import exponent
from domain.refusal import Refused
from projections.audit.view import PLANNED_ANEW
from projections.open_items import invoice_list
from projections.open_items.asking import Part
from projections.open_items.invoice_list import CONDITIONS, ListedInvoice
from services.answers.as_known import as_known
from services.answers.lists import InvoiceRow, Listing, Tally, invoice_row
from services.names import Names
from services.snapshots import Ask, Snapshots, require_day, require_named

VIEWS = ("open_items", "credit_risk")
# Customers of a page: few at first, so that something is seen at once.
FIRST, MORE, MOST = 20, 4, 2_000

Labels = Callable[[str, date, datetime | None], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page is asked with; `customers` None are all of them."""

    part: Part
    status: str
    customers: Sequence[str] | None


class Lists:
    """`in_force` gives what held of each customer on a day, as their collector.

    A list is read page by page. Each page is asked for the day and the position of the first one, and so the pages fit
    together, however long the reader takes.
    """

    def __init__(self, snapshots: Snapshots, in_force: Labels, names: Names):
        self._snapshots, self._in_force, self._names = snapshots, in_force, names

    def invoices(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        status: str = "open",
        customer: str | None = None,
        entity: str | None = None,
        currency: str | None = None,
        collector: str | None = None,
        names: bool = False,
    ) -> Listing[InvoiceRow]:
        """A row per invoice, by customer, due day and number.

        Refuses `unknown_status`, `unknown_currency`, `unknown_entity`, `not_registered`, `bad_day` and `not_yet`.
        """
        if status not in CONDITIONS:
            raise Refused("unknown_status", f"an invoice is listed as one of {', '.join(CONDITIONS)}")
        asked = self._asked(as_of, known_at, status, customer, entity, currency, collector)
        known = self._snapshots.position(known_at, *VIEWS)
        asked = replace(asked, part=replace(asked.part, known_at=known.position))
        pages = self._pages(asked)
        first = next(pages, [])
        if not first:
            with self._snapshots.at(None, *VIEWS) as (_, ask):
                require_named(ask, customer=customer, entity=entity)
        named = self._names.of("invoice list", self._customers(asked)) if names else None
        totals = Tally("invoices", "open", "overdue", "disputed", "total")
        rows = _dressed(_chained(first, pages), as_of, named, totals)
        return Listing(as_known(as_of, known), rows, totals)

    def _asked(
        self,
        as_of: date,
        known_at: datetime | None,
        status: str,
        customer: str | None,
        entity: str | None,
        currency: str | None,
        collector: str | None,
    ) -> _Asked:
        require_day(as_of)
        if currency is not None:
            exponent(currency)
        customers = None if customer is None else [customer]
        if collector is not None:
            theirs = self._in_force("collector", as_of, known_at)
            customers = [each for each in sorted(theirs) if theirs[each] == collector and customer in (None, each)]
        return _Asked(Part(as_of=as_of, entity=entity, currency=currency), status, customers)

    def _pages(self, asked: _Asked) -> Iterator[list[ListedInvoice]]:
        """Pages with something on them; between them nothing is held open."""
        after, many = "", FIRST
        while True:
            with self._snapshots.at(None, *VIEWS) as (_, ask):
                customers = _next(ask, asked, after, many)
                if not customers:
                    return
                query = invoice_list.page(asked.part, asked.status, customers)
                rows = [ListedInvoice._make(row) for row in ask(PLANNED_ANEW, query)[1]]
            if rows:
                yield rows
            after, many = customers[-1], min(many * MORE, MOST)

    def _customers(self, asked: _Asked) -> set[str]:
        return {each.customer for page in self._pages(asked) for each in page}


def _next(ask: Ask, asked: _Asked, after: str, many: int) -> Sequence[str]:
    if asked.customers is not None:
        return [each for each in asked.customers if each > after][:many]
    [rows] = ask(invoice_list.customers_after(after, many))
    return [customer for (customer,) in rows]


def _chained(first: Sequence[ListedInvoice], pages: Iterator[list[ListedInvoice]]) -> Iterator[ListedInvoice]:
    yield from first
    for each in pages:
        yield from each


def _dressed(
    invoices: Iterator[ListedInvoice], as_of: date, names: Mapping[str, str] | None, totals: Tally
) -> Iterator[InvoiceRow]:
    for each in invoices:
        totals.add(each.currency, each.open_minor, each.overdue_minor, each.disputed_minor, each.total_minor)
        yield invoice_row(each, as_of, None if names is None else names.get(each.customer, ""))
