"""Rows that are payments."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple, TypedDict

from domain.entry import customer_stream, invoice_stream, receipt_stream
from domain.invoice import Invoice
from domain.notes import Note
from domain.receipt import Receipt, Remittance
from domain.refusal import Refused
from infra.files.tabular import Unreadable
from projections.open_items.debtors import Owner
from services.catalogue.receipts import RECORD
from services.importing.book import Book, StreamRequest
from services.importing.kinds.recognition import Found, Recognition, Sought, content, spelled
from services.importing.kinds.sides import is_money_in, paid_in
from services.importing.kinds.years import may_be, meant, note_of_year
from services.importing.options import Options
from services.importing.reading.cells import Cells, Place
from services.importing.tally import Money


class Figures(TypedDict):
    """What only the summary of payments has."""

    unidentified: int
    duplicates_skipped: list[int]
    possible_duplicates: list[int]


class PaymentRow(NamedTuple):
    """`amount_minor` is None while the currency is not known: then it is that of the invoice.

    `is_money_in` of a row whose amount may stand below zero.

    `content` is a hash of what distinguishes it from other payments, without currency and payer. Money of a customer
    that names no entity is that of the only one to which the customer owes, if it is one.
    """

    at: Place
    content: bytes
    entity: str
    number: str | None
    customer: str | None
    currency: str | None
    amount: str
    amount_minor: int | None
    value_on: date
    reference: str | None
    payer: str | None
    payment_id: str | None
    is_entity_given: bool = True
    is_money_in: bool = False
    # Where numbers begin anew each year: those in the ledger that may be meant.
    may_be: Sequence[str] = ()

    @property
    def is_of_customer(self) -> bool:
        return bool(self.customer and not self.number)

    @property
    def account(self) -> str:
        return customer_stream(self.customer) if self.customer else ""


class Payments:
    """Money pays the invoice it names, else the oldest of its customer; otherwise it is recorded as unidentified."""

    def __init__(self, recognition: Recognition, bring_views_up_to_date: Callable[[], None]):
        self._recognition, self._bring_views_up_to_date = recognition, bring_views_up_to_date
        self._found: Mapping[int, Found] = {}
        self._unidentified: set[int] = set()
        self._duplicates_skipped: set[int] = set()
        self._possible_duplicates: set[int] = set()
        self._entities: Mapping[tuple[str, str], Sequence[str]] = {}
        self._named: dict[int, str] = {}
        self._cells: Cells | None = None

    def figures(self) -> Figures:
        return {
            "unidentified": len(self._unidentified),
            "duplicates_skipped": sorted(self._duplicates_skipped),
            "possible_duplicates": sorted(self._possible_duplicates),
        }

    def fields(self, options: Options) -> Mapping[str, bool]:
        return {
            "number": False,
            "customer": False,
            "amount": True,
            "credit": False,
            "side": False,
            "value_on": True,
            "currency": False,
            "entity": False,
            "reference": False,
            "payer": False,
            "payment_id": False,
        }

    def read(self, cells: Cells) -> PaymentRow:
        if not (cells.has("number") or cells.has("customer")):
            raise Unreadable("no column says what is paid: name one with --map number=COLUMN or --map customer=COLUMN")
        number, customer = cells.key_if_any("number"), cells.key_if_any("customer")
        currency = cells.currency_if_any() if number else cells.currency()
        field = paid_in(cells)
        amount, payment_id = cells.required(field), cells.key_if_any("payment_id")
        minor = _minor(cells, amount, currency, is_money_in(cells)) if currency else None
        entity, value_on, reference = cells.entity(), cells.counting_day("value_on"), cells.text("reference")
        self._cells = cells
        return PaymentRow(
            cells.place,
            content([entity, number, customer, value_on, cells.plain_amount(field), reference]),
            entity, number, customer, currency, amount, minor, value_on, reference,
            cells.text("payer"),
            payment_id,
            cells.is_entity_given(),
            is_money_in(cells),
            may_be(number, value_on) if number and cells.is_number_per_year else (),
        )  # fmt: skip

    def prepare(self, rows: Sequence[PaymentRow], book: Book) -> None:
        book.open(row.account for row in rows if row.account)
        book.open(invoice_stream(number, row.entity) for row in rows for number in _numbers(row))
        # An invoice that is not there may be another entity's.
        named = [(row, number) for row in rows if (number := _number(row, book))]
        unknown = [number for row, number in named if not book.state(_invoice(row, book))]
        book.open(invoice_stream(number, entity) for number in unknown for entity in book.entities())
        self._found = self._recognised(rows, book)
        new = [row for row in rows if row.at.line in self._found and not book.state(self._own(row))]
        book.open_sources_after([(_invoice(row, book), row.value_on) for row in new if row.number])
        self._open_oldest(new, book)
        customers = [self._customer(row, book) for row in new]
        book.open(customer_stream(customer) for customer in customers if customer)
        owners = [customer or self._own(row) for row, customer in zip(new, customers, strict=True)]
        book.encrypt_all([(owner, {"payer": row.payer}) for row, owner in zip(new, owners, strict=True) if row.payer])

    def comes_last(self, row: PaymentRow) -> bool:
        return False

    def commands(self, row: PaymentRow, book: Book) -> Iterator[StreamRequest]:
        currency, minor = self.money(row, book)
        found, known = self._found[row.at.line], book.state(self._own(row))
        if known:
            _require_same(known, row, currency, minor)
            self._note(row, is_taken=found.is_elsewhere)
            return
        number = _number(row, book)
        if row.number and number != row.number:
            self._named[row.at.line] = number or row.number
        request = RECORD(
            amount_minor=minor,
            currency=currency,
            entity=self._entity(row, currency),
            customer=row.customer,
            invoices=[Remittance(number)] if number else [],
            references=[row.reference] if row.reference else [],
            bank_entry=row.payment_id,
            payer=row.payer,
        )
        yield StreamRequest(self._own(row), request, row.value_on)
        self._note(row, is_apart=found.is_apart, is_unidentified=not self._customer(row, book))

    def money(self, row: PaymentRow, book: Book) -> Money:
        if row.currency and row.amount_minor is not None:
            return row.currency, row.amount_minor
        invoice: Invoice | None = book.state(_invoice(row, book))
        if not invoice:
            message = f"it is empty, and invoice {row.number} is not known: name the currency with --currency"
            raise Refused("missing", message, "currency")
        assert self._cells
        currency = invoice.issued.currency
        return currency, _minor(self._cells, row.amount, currency, row.is_money_in)

    def notes(self, row: PaymentRow) -> Sequence[Note]:
        """Beside those of the command, which invoice it was taken to be for."""
        found = self._named.get(row.at.line)
        return [note_of_year(row.number, found)] if row.number and found else ()

    def _note(
        self, row: PaymentRow, *, is_taken: bool = False, is_apart: bool = False, is_unidentified: bool = False
    ) -> None:
        # Noted anew for a row that is decided again because another writer was faster.
        for lines, is_one in (
            (self._duplicates_skipped, is_taken),
            (self._possible_duplicates, is_apart),
            (self._unidentified, is_unidentified),
        ):
            (lines.add if is_one else lines.discard)(row.at.line)

    def _recognised(self, rows: Sequence[PaymentRow], book: Book) -> dict[int, Found]:
        """The recorded payment that each row is, without rows that have no currency, which will be refused."""
        found, sought = {}, []
        for row in rows:
            with suppress(Refused):
                money = self.money(row, book)
                if row.payment_id:
                    found[row.at.line] = Found(row.payment_id)
                else:
                    sought.append(Sought(row.at, row.content, money, spelled(row.payer)))
        book.open(receipt_stream(each.receipt) for each in found.values())
        return found | self._recognition.find(sought, book, chunk=rows[0].at.line) if sought else found

    def _own(self, row: PaymentRow) -> str:
        return receipt_stream(self._found[row.at.line].receipt)

    def _open_oldest(self, rows: Sequence[PaymentRow], book: Book) -> None:
        """For rows that name no invoice, as many of the oldest as their money can pay, with discounts or without."""
        free = [row.customer for row in rows if row.customer and row.is_of_customer and not row.is_entity_given]
        self._entities = book.entities_owed(list(dict.fromkeys(free)))
        owed: Counter[Owner] = Counter()
        for row in rows:
            if row.customer and row.is_of_customer and row.currency and row.amount_minor and book.state(row.account):
                owner = Owner(row.customer, self._entity(row, row.currency), row.currency)
                owed[owner] += 2 * max(0, row.amount_minor)
        # Invoices that other rows name may be paid by those first, and the money then goes further.
        for stream in {_invoice(row, book) for row in rows if owed and row.number}:
            if invoice := book.state(stream):
                owner = Owner(invoice.issued.customer, invoice.issued.entity, invoice.issued.currency)
                owed[owner] += invoice.open_minor if owner in owed else 0
        if owed:
            # What the chunk before paid is no longer open.
            self._bring_views_up_to_date()
        book.open_oldest(owed, min((row.value_on for row in rows), default=date.max))

    def _entity(self, row: PaymentRow, currency: str) -> str:
        if row.is_entity_given or not row.customer or row.number:
            return row.entity
        owed = self._entities.get((row.customer, currency), ())
        return owed[0] if len(owed) == 1 else row.entity

    def _customer(self, row: PaymentRow, book: Book) -> str | None:
        """Whose money it is: a customer that is named and not known is registered with it."""
        if row.customer:
            return row.customer
        invoice: Invoice | None = book.state(_invoice(row, book)) if row.number else None
        return invoice.issued.customer if invoice else None


def _minor(cells: Cells, amount: str, currency: str, is_money_in: bool) -> int:
    minor = cells.minor("amount", amount, currency)
    return abs(minor) if is_money_in else minor


def _numbers(row: PaymentRow) -> Sequence[str]:
    return row.may_be or ([row.number] if row.number else [])


def _number(row: PaymentRow, book: Book) -> str | None:
    return meant(row.may_be, row.entity, book) if row.may_be else row.number


def _invoice(row: PaymentRow, book: Book) -> str:
    number = _number(row, book)
    return invoice_stream(number, row.entity) if number else ""


def _require_same(known: Receipt, row: PaymentRow, currency: str, minor: int) -> None:
    first = known.received
    if (first.currency, first.amount_minor, first.value_on) == (currency, minor, row.value_on):
        return
    if row.payment_id:
        message = f"payment {row.payment_id} was recorded before with another amount or day"
        raise Refused("number_taken", message, "payment_id")
    message = f"the same was recorded before in {first.currency}; if this is another payment, give it a payment_id"
    raise Refused("number_taken", message, "currency")
