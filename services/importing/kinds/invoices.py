"""Rows that are invoices."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain.customer import Customer
from domain.entry import credit_note_stream, customer_stream, invoice_stream
from domain.notes import NAME_DIFFERS, Note
from services.catalogue.command import Request
from services.catalogue.credit_notes import ISSUE as CREDIT
from services.catalogue.customers import CONTACT
from services.catalogue.invoices import ISSUE
from services.importing.book import Book, Document, StreamRequest
from services.importing.kinds.recognition import spelled
from services.importing.kinds.sides import open_minor
from services.importing.kinds.years import may_be, meant, note_of_year, number_of_year
from services.importing.options import Options
from services.importing.reading.cells import Cells, Place
from services.importing.tally import Money


class InvoiceRow(NamedTuple):
    at: Place
    stream: str
    account: str
    customer: str
    issue: Request
    money: Money
    issued_on: date
    contact: Mapping[str, str]
    # Of a credit note, the invoice it takes back; where numbers begin anew each year, the streams that may be it.
    about: str = ""
    may_be: Sequence[str] = ()
    entity: str = ""
    notes: Sequence[Note] = ()
    document: Document | None = None


class Invoices:
    """A new invoice is issued, and a new customer registered; an invoice that is there already must be the same.

    A row below zero is a credit note with the row's number. `claim` says how much a row claims.
    """

    def __init__(self, claim: Callable[[Cells, str], int] = open_minor) -> None:
        self._claim = claim
        self._contacts: dict[str, Mapping[str, str]] = {}
        # Of each customer the names in this file, and the line that has it first.
        self._called: dict[str, list[tuple[str, int]]] = {}
        self._is_renamed = False

    def fields(self, options: Options) -> Mapping[str, bool]:
        return {
            "customer": True,
            "number": True,
            "issued_on": True,
            "due_on": False,
            "amount": True,
            "debit": False,
            "credit": False,
            "side": False,
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
            "credited_invoice": False,
        }

    def read(self, cells: Cells) -> InvoiceRow:
        number, debtor, entity, currency = cells.key("number"), cells.key("customer"), cells.entity(), cells.currency()
        amount, issued_on = self._claim(cells, currency), cells.counting_day("issued_on")
        notes = self._renamed(number, issued_on) if cells.is_number_per_year else ()
        if cells.is_number_per_year:
            number = number_of_year(number, issued_on)
        if amount < 0:
            return _credit_note(cells, number, debtor, entity, (currency, amount), issued_on)
        issue = ISSUE(
            customer=debtor,
            amount_minor=amount,
            currency=currency,
            due_on=cells.day_if_any("due_on"),
            schedule=cells.schedule("schedule"),
            tax_minor=cells.amount_if_any("tax", currency) or 0,
            country=cells.country(),
            document_on=cells.day_if_any("document_on"),
            reference=cells.text("reference"),
            purchase_order=cells.text("purchase_order"),
            accept_due_before_issue=cells.accepts_due_before_issue,
        )
        return InvoiceRow(
            cells.place,
            invoice_stream(number, entity),
            customer_stream(debtor),
            debtor,
            issue,
            (currency, amount),
            issued_on,
            _contact(cells.text("customer_name"), cells.text("email")),
            notes=notes,
        )

    def prepare(self, rows: Sequence[InvoiceRow], book: Book) -> None:
        book.open([stream for row in rows for stream in (row.stream, row.account, row.about) if stream])
        book.open(invoice_stream(number, row.entity) for row in rows for number in row.may_be)
        book.open_sources_after([(row.about, row.issued_on) for row in rows if row.about])
        # Of a customer, the first contact in a file is taken, and only where the ledger has none: a second import
        # of a file with two names for one customer must not swap them again.
        self._contacts = {}
        for row in rows:
            if row.contact and row.customer not in self._contacts and _has_no_contact(book.state(row.account)):
                self._contacts[row.customer] = row.contact
        book.encrypt_all([*self._contacts.items()])

    def comes_last(self, row: InvoiceRow) -> bool:
        """A credit note may stand above the invoice it takes back."""
        return bool(row.about)

    def commands(self, row: InvoiceRow, book: Book) -> Iterator[StreamRequest]:
        is_new, issue = book.state(row.stream) is None, row.issue
        if row.may_be:
            issue = issue._replace(arguments={**issue.arguments, "invoice": meant(row.may_be, row.entity, book)})
        yield StreamRequest(row.stream, issue, row.issued_on)
        if is_new and (contact := self._contacts.pop(row.customer, None)):
            yield StreamRequest(row.account, CONTACT(**contact), row.issued_on)

    def money(self, row: InvoiceRow, book: Book) -> Money:
        return row.money

    def notes(self, row: InvoiceRow) -> Sequence[Note]:
        """A customer who has another name than in rows before: likely two debtors taken for one."""
        return [*row.notes, *self._other_name(row)]

    def _renamed(self, number: str, issued_on: date) -> Sequence[Note]:
        """Said once: all numbers of the file are made so."""
        is_first, self._is_renamed = not self._is_renamed, True
        return [note_of_year(number, number_of_year(number, issued_on))] if is_first else ()

    def _other_name(self, row: InvoiceRow) -> Sequence[Note]:
        name = row.contact.get("name")
        if not name:
            return ()
        called = self._called.setdefault(row.customer, [(name, row.at.line)])
        before = called[0][0]
        if name == before or spelled(name) == spelled(before):
            return ()
        line = next((line for other, line in called if spelled(other) == spelled(name)), None)
        if line is None:
            called.append((name, row.at.line))
        # Each other name is said once.
        if line not in (None, row.at.line):
            return ()
        return [Note(NAME_DIFFERS, f"customer {row.customer} is called {name} here, and {before} before")]


def _credit_note(cells: Cells, number: str, debtor: str, entity: str, money: Money, issued_on: date) -> InvoiceRow:
    currency, amount = money
    credited = cells.key_if_any("credited_invoice")
    numbers = may_be(credited, issued_on) if credited and cells.is_number_per_year else ()
    tax = cells.amount_if_any("tax", currency) or 0
    issue = CREDIT(amount_minor=-amount, customer=debtor, invoice=credited, currency=currency, tax_minor=abs(tax))
    return InvoiceRow(
        cells.place,
        credit_note_stream(number, entity),
        customer_stream(debtor),
        debtor,
        issue,
        money,
        issued_on,
        _contact(cells.text("customer_name"), cells.text("email")),
        invoice_stream(numbers[0] if numbers else credited, entity) if credited else "",
        numbers,
        entity,
    )


def _contact(name: str | None, email: str | None) -> Mapping[str, str]:
    contact = {"name": name} if name else {}
    return contact | {"email": email} if email else contact


def _has_no_contact(debtor: Customer | None) -> bool:
    return debtor is None or not (debtor.encrypted_contact or debtor.is_erased)
