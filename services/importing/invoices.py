"""Rows that are invoices."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from domain import customer
from domain import invoice as invoices
from domain.customer import Customer
from domain.entry import customer_stream, invoice_stream
from domain.invoice import Invoice
from domain.terms import Instalment, Share, discounts, instalments, net
from infra.encryption import Encryption
from services.importing.book import Book, Facts
from services.importing.cells import BadCell, Cells
from services.importing.options import Options

Contact = dict[str, str]

# The customers of a file come again and again.
_account = lru_cache(maxsize=10_000)(customer_stream)


class InvoiceRow(NamedTuple):
    """`written` is what `domain.invoice.issue` is asked, but for the days it falls due."""

    stream: str
    account: str
    written: dict[str, Any]
    due_on: date | None
    schedule: tuple[Share, ...]
    country: str | None
    contact: Contact


class Invoices:
    """An invoice nobody knows is issued, and its customer registered; what is known already must be the same."""

    def __init__(self, encryption: Encryption):
        self._encryption = encryption
        self._encrypted: dict[str, str] = {}

    def fields(self, options: Options) -> Mapping[str, bool]:
        return {
            "customer": True,
            "number": True,
            "issued_on": True,
            "due_on": False,
            "amount": True,
            "currency": options.currency is None,
            "entity": False,
            "reference": False,
            "tax": False,
            "document_on": False,
            "purchase_order": False,
            "schedule": False,
            "customer_name": False,
            "email": False,
            "country": False,
        }

    def read(self, cells: Cells) -> InvoiceRow:
        number, debtor, entity, currency = cells.key("number"), cells.key("customer"), cells.entity(), cells.currency()
        written = {
            "number": number,
            "entity": entity,
            "customer": debtor,
            "currency": currency,
            "total_minor": cells.amount("amount", currency),
            "issued_on": cells.counting_day("issued_on"),
            "tax_minor": cells.amount_if_any("tax", currency) or 0,
            "document_on": cells.day_if_any("document_on"),
            "reference": cells.text("reference"),
            "purchase_order": cells.text("purchase_order"),
        }
        return InvoiceRow(
            invoice_stream(number, entity),
            _account(debtor),
            written,
            cells.day_if_any("due_on"),
            cells.schedule("schedule"),
            cells.text("country", longest=3),
            _contact(cells.text("customer_name"), cells.text("email")),
        )

    def prepare(self, rows: Sequence[InvoiceRow], book: Book, *, is_dry: bool) -> None:
        book.open([stream for row in rows for stream in (row.stream, row.account)])
        # The first contact a file gives for a customer counts, and only where the ledger has none: a second import
        # of a file with two names for one customer must not swap them again.
        wanted: dict[str, Contact] = {}
        for row in rows:
            debtor = row.written["customer"]
            if row.contact and debtor not in wanted and _has_no_contact(book.state(row.account)):
                wanted[debtor] = row.contact
        # A dry run makes no keys.
        encrypted = ["dry"] * len(wanted) if is_dry else self._encryption.encrypt_many(wanted.items())
        self._encrypted = dict(zip(wanted, encrypted, strict=True))

    def decide(self, row: InvoiceRow, book: Book) -> Facts:
        invoice, debtor = book.state(row.stream), book.state(row.account)
        issued = invoices.issue(invoice, **row.written, **_terms(row, invoice, debtor))
        if not issued:
            return ()
        day = row.written["issued_on"]
        account = self._account(row, debtor)
        return ((row.account, [(fact, day) for fact in account]), (row.stream, [(fact, day) for fact in issued]))

    def _account(self, row: InvoiceRow, debtor: Customer | None) -> list[Any]:
        facts: list[Any] = []
        if debtor is None:
            facts += customer.register(None, number=row.written["customer"], country=row.country)
        if encrypted := self._encrypted.pop(row.written["customer"], None):
            facts += customer.set_contact(debtor or customer.fold(facts), encrypted=encrypted)
        return facts


def _contact(name: str | None, email: str | None) -> Contact:
    contact = {"name": name} if name else {}
    return contact | {"email": email} if email else contact


def _has_no_contact(debtor: Customer | None) -> bool:
    return debtor is None or not (debtor.encrypted_contact or debtor.is_erased)


def _terms(row: InvoiceRow, invoice: Invoice | None, debtor: Customer | None) -> dict[str, Any]:
    """When it falls due and what paying early is worth: as the row says, else by the customer's terms."""
    total, day = row.written["total_minor"], row.written["issued_on"]
    terms = debtor.terms if debtor else None
    shares = row.schedule or (terms.schedule if terms else ())
    if row.due_on:
        due: Sequence[Instalment] = net(total, row.due_on)
    elif invoice and not row.schedule:
        # The customer's terms may have changed since it was issued.
        due = invoice.issued.instalments
    elif shares:
        due = instalments(max(total, 0), day, shares)
    else:
        raise BadCell("due_on", "missing", "it is empty, and no terms are agreed with the customer")
    if invoice:
        return {"instalments": due, "discounts": invoice.issued.discounts}
    return {"instalments": due, "discounts": discounts(total, day, terms.discounts) if terms else ()}
