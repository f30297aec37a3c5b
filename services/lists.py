"""Lists: invoices, customers and receipts one by one, of any day, as known at any instant."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from domain.money import exponent
from domain.refusal import Refused
from projections.audit.view import PLANNED_ANEW
from projections.credit_risk import customer_list
from projections.credit_risk.view import CreditFact, in_force
from projections.open_items import aging, invoice_list, receipt_list
from projections.open_items.aging import Aging
from projections.open_items.asking import Part
from projections.open_items.invoice_list import ListedInvoice
from projections.open_items.invoice_list import Status as InvoiceStatus
from projections.open_items.receipt_list import ListedReceipt
from projections.open_items.receipt_list import Status as ReceiptStatus
from projections.projection import Query, Row
from services.answers.as_known import as_known
from services.answers.lists import (
    CustomerRow,
    InvoiceRow,
    Listing,
    ReceiptRow,
    Sums,
    customer_row,
    invoice_row,
    receipt_row,
)
from services.names import Names
from services.receipts import Receipts
from services.snapshots import AsOfPosition, Snapshots, require_day, require_named

VIEWS = ("open_items", "credit_risk")
# Customers of a page: few at first, so that something is seen at once, then as many as have so many rows.
FIRST, TIMES, MOST = 20, 4, 2_000
ROWS = 20_000

InForce = Callable[[str, date, datetime | None], Mapping[str, str]]
Page = Callable[[Part, str, Sequence[str]], Query]
Following = Callable[[str, int], Query]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every page is asked with; `customers` None are all of them, after those who come `first`."""

    page: Page
    part: Part
    status: str
    customers: Sequence[str] | None
    first: Sequence[str] = ()
    following: Following = invoice_list.customers_after


class Lists:
    """`in_force` gives what held of each customer on a day: their collector, say.

    Invoices and receipts are read page by page. Each page is asked for the day and the position of the first one, so
    the pages fit together, however long the reader takes. What is not published is asked of `whole`.
    """

    def __init__(self, snapshots: Snapshots, whole: Snapshots, in_force: InForce, receipts: Receipts, names: Names):
        self._snapshots, self._whole, self._in_force = snapshots, whole, in_force
        self._receipts, self._names = receipts, names

    def invoices(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        status: str = InvoiceStatus.OPEN,
        customer: str | None = None,
        entity: str | None = None,
        currency: str | None = None,
        collector: str | None = None,
        names: bool = False,
    ) -> Listing[InvoiceRow]:
        """A row per invoice, by customer, due day and number.

        Refuses `unknown_status`, `unknown_currency`, `unknown_entity`, `not_registered`, `bad_day` and `not_yet`.
        """
        _require_status(status, invoice_list.CONDITIONS, "an invoice")
        customers = None if customer is None else [customer]
        if collector is not None:
            theirs = self._in_force("collector", require_day(as_of), known_at)
            customers = [each for each in sorted(theirs) if theirs[each] == collector and customer in (None, each)]
        known, part = self._part(as_of, known_at, customer, entity, currency)
        asked = _Asked(invoice_list.page, part, status, customers)
        pages = self._begun(asked)
        named = self._named("invoice list", asked) if names else None
        totals = Sums("invoices", "open", "overdue", "disputed", "total")
        rows = (
            invoice_row(totals.of_invoice(each), as_of, named)
            for page in pages
            for each in map(ListedInvoice._make, page)
        )
        return Listing(as_known(as_of, known), rows, totals)

    def receipts(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        status: str = ReceiptStatus.UNAPPLIED,
        customer: str | None = None,
        entity: str | None = None,
        currency: str | None = None,
        names: bool = False,
    ) -> Listing[ReceiptRow]:
        """A row per receipt or credit note, by customer, value day and number; of payers nobody knows first.

        Refuses as `invoices`.
        """
        _require_status(status, receipt_list.CONDITIONS, "a receipt")
        known, part = self._part(as_of, known_at, customer, entity, currency)
        customers: Sequence[str] | None = [] if status == ReceiptStatus.UNIDENTIFIED else None
        nobody_first = _Asked(receipt_list.page, part, status, customers, [""], receipt_list.customers_after)
        asked = nobody_first if customer is None else _Asked(receipt_list.page, part, status, [customer])
        pages = self._begun(asked)
        named = self._named("receipt list", asked) if names else None
        totals = Sums("receipts", "amount", "unallocated")
        rows = (
            receipt_row(totals.of_receipt(each), is_now, named)
            for page in pages
            for each, is_now in self._with_status([*map(ListedReceipt._make, page)], part)
            if status in (ReceiptStatus.ALL, ReceiptStatus.UNAPPLIED, is_now)
        )
        return Listing(as_known(as_of, known), rows, totals)

    def customers(
        self,
        as_of: date,
        known_at: datetime | None = None,
        *,
        on_hold: bool = False,
        over_limit: bool = False,
        collector: str | None = None,
        country: str | None = None,
        names: bool = False,
    ) -> Listing[CustomerRow]:
        """A row per customer and currency, also of those who owe nothing; refuses `bad_day` and `not_yet`."""
        require_day(as_of)
        with self._whole.at(known_at, *VIEWS) as (known, ask):
            is_past = known_at is not None or known.has_more
            owed = aging.by_customer(Aging(as_of=as_of, known_at=known.position if is_past else None))
            facts = in_force(customer_list.TOPICS, as_of, known.position)
            lines, said = ask(owed.query, facts)
        found = [
            each
            for each in customer_list.customers(owed.read(lines), map(CreditFact._make, said), as_of)
            if (each.holds or not on_hold)
            and (each.is_over_limit or not over_limit)
            and collector in (None, each.collector)
            and country in (None, each.country)
        ]
        named = self._names.of("customer list", (each.customer for each in found)) if names else None
        totals = Sums("customers", "open", "overdue", "unapplied")
        rows = (customer_row(totals.of_customer(each), named) for each in found)
        return Listing(as_known(as_of, known), rows, totals)

    def _part(
        self, as_of: date, known_at: datetime | None, customer: str | None, entity: str | None, currency: str | None
    ) -> tuple[AsOfPosition, Part]:
        require_day(as_of)
        if currency is not None:
            exponent(currency)
        known = self._snapshots.position(known_at, *VIEWS)
        part = Part(as_of=as_of, known_at=known.position, entity=entity, currency=currency, customer=customer)
        return known, part

    def _begun(self, asked: _Asked) -> Iterator[list[Row]]:
        """The pages, of which the first is read; refuses mistyped names where there is none."""
        pages = self._pages(asked)
        first = next(pages, [])
        if not first:
            with self._snapshots.at(None, *VIEWS) as (_, ask):
                require_named(ask, customer=asked.part.customer, entity=asked.part.entity)
        return chain([first], pages)

    def _pages(self, asked: _Asked) -> Iterator[list[Row]]:
        """Pages with something on them; between them nothing is held open."""
        after, many = "", FIRST
        customers = asked.first
        while customers := customers or self._next(asked, after, many):
            with self._snapshots.at(None, *VIEWS) as (_, ask):
                _, rows = ask(PLANNED_ANEW, asked.page(asked.part, asked.status, customers))
            if rows:
                yield rows
            fitting = ROWS * len(customers) // max(1, len(rows))
            after, many, customers = customers[-1], max(1, min(many * TIMES, MOST, fitting)), ()

    def _next(self, asked: _Asked, after: str, many: int) -> Sequence[str]:
        if asked.customers is not None:
            return [each for each in asked.customers if each > after][:many]
        with self._snapshots.at(None, *VIEWS) as (_, ask):
            [rows] = ask(asked.following(after, many))
        return [customer for (customer,) in rows]

    def _named(self, purpose: str, asked: _Asked) -> Mapping[str, str]:
        """Of all who are on the list: looked up, and recorded, at once."""
        return self._names.of(purpose, {row[0] for page in self._pages(asked) for row in page})

    def _with_status(self, page: Sequence[ListedReceipt], part: Part) -> Iterator[tuple[ListedReceipt, str]]:
        streams = [each.stream for each in page if not each.unallocated_minor]
        went_back = self._receipts.reversed_of(streams, part.as_of, part.known_at or 0)
        for each in page:
            gone = ReceiptStatus.REVERSED if went_back.get(each.stream) else ReceiptStatus.APPLIED
            yield each, each.status_left or gone


def _require_status(status: str, statuses: Iterable[str], what: str) -> None:
    if status not in statuses:
        raise Refused("unknown_status", f"{what} is listed as one of {', '.join(statuses)}")
