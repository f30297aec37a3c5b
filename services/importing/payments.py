"""Rows that are payments."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from domain import cash_application
from domain.customer import Customer
from domain.entry import customer_stream, invoice_stream, receipt_stream
from domain.invoice import Invoice
from domain.receipt import Receipt
from domain.refusal import Refused
from infra.encryption import Encryption
from infra.files.tabular import Unreadable
from projections.open_items.standing import Owner
from services.importing.book import Book, Facts
from services.importing.cells import BadCell, Cells, Place
from services.importing.options import Options
from services.importing.recognition import Found, Recognition, Sought, content, spelled

# For each owner of so much money, streams of the open invoices it can reach, the earliest due first.
OldestFirst = Callable[[Mapping[Owner, int]], Mapping[Owner, Sequence[str]]]


class PaymentRow(NamedTuple):
    """`amount_minor` is None while the currency is not known: then it is that of the invoice.

    `content` is a hash of what tells it from other payments, whatever its currency and its payer.
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

    @property
    def invoice(self) -> str:
        return invoice_stream(self.number, self.entity) if self.number else ""

    @property
    def account(self) -> str:
        return customer_stream(self.customer) if self.customer else ""


class Payments:
    """Money pays the invoice it names, else the oldest of its customer; what fits neither is kept all the same."""

    def __init__(self, encryption: Encryption, oldest_first: OldestFirst, recognition: Recognition):
        self._encryption, self._oldest_first, self._recognition = encryption, oldest_first, recognition
        self._found: Mapping[int, Found] = {}
        self._oldest: Mapping[Owner, Sequence[str]] = {}
        self._encrypted: dict[str, str] = {}
        self._unidentified: set[int] = set()
        self._duplicates_skipped: set[int] = set()
        self._possible_duplicates: set[int] = set()
        self._cells: Cells | None = None

    def told(self) -> dict[str, Any]:
        """What a summary says of payments beside what it says of every file."""
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
        amount, payment_id = cells.required("amount"), cells.key_if_any("payment_id")
        minor = cells.amount("amount", currency) if currency else None
        entity, value_on, reference = cells.entity(), cells.counting_day("value_on"), cells.text("reference")
        self._cells = cells
        return PaymentRow(
            cells.place,
            content([entity, number, customer, value_on, cells.plain_amount("amount"), reference]),
            entity, number, customer, currency, amount, minor, value_on, reference,
            cells.text("payer"),
            payment_id,
        )  # fmt: skip

    def prepare(self, rows: Sequence[PaymentRow], book: Book, *, is_dry: bool) -> None:
        book.open(stream for row in rows for stream in (row.invoice, row.account) if stream)
        self._found = self._recognised(rows, book)
        new = [row for row in rows if row.at.line in self._found and not book.state(self._own(row))]
        self._open_oldest(new, book)
        self._encrypt_payers([row for row in new if row.payer], book, is_dry=is_dry)

    def decide(self, row: PaymentRow, book: Book) -> Facts:
        currency, minor = self._money(row, book)
        found, known = self._found[row.at.line], book.state(self._own(row))
        if known:
            _require_same(known, row, currency, minor)
            self._note(row, is_taken=found.is_elsewhere)
            return ()
        invoices = {stream: book.state(stream) for stream in self._invoices(row, currency)}
        unknown = row.customer if row.customer and not book.state(row.account) else None
        said = (row.reference, row.number, unknown)
        dated = cash_application.receive(
            invoices,
            {},
            customer=self._customer(row, book),
            currency=currency,
            value_on=row.value_on,
            number=found.receipt,
            entity=row.entity,
            amount_minor=minor,
            references=dict.fromkeys(text for text in said if text),
            bank_entry=row.payment_id,
            payer_encrypted=self._encrypted.get(found.receipt),
        )
        self._note(row, is_apart=found.is_apart, is_unidentified=not self._customer(row, book))
        return list(dated.items())

    def _note(
        self, row: PaymentRow, *, is_taken: bool = False, is_apart: bool = False, is_unidentified: bool = False
    ) -> None:
        # Said anew of a row that is decided again because another writer was faster.
        for lines, is_one in (
            (self._duplicates_skipped, is_taken),
            (self._possible_duplicates, is_apart),
            (self._unidentified, is_unidentified),
        ):
            (lines.add if is_one else lines.discard)(row.at.line)

    def _recognised(self, rows: Sequence[PaymentRow], book: Book) -> dict[int, Found]:
        """The payment each row is, but for rows without a currency, which are going to be refused."""
        found, sought = {}, []
        for row in rows:
            with suppress(Refused):
                money = self._money(row, book)
                if row.payment_id:
                    found[row.at.line] = Found(row.payment_id)
                else:
                    sought.append(Sought(row.at, row.content, money, spelled(row.payer)))
        book.open(receipt_stream(each.receipt) for each in found.values())
        return found | self._recognition.find(sought, book, chunk=rows[0].at.line) if sought else found

    def _own(self, row: PaymentRow) -> str:
        return receipt_stream(self._found[row.at.line].receipt)

    def _open_oldest(self, rows: Sequence[PaymentRow], book: Book) -> None:
        """For those who name no invoice, as many of the oldest as these payments can reach, discounts taken or not."""
        owed: Counter[Owner] = Counter()
        for row in rows:
            if row.customer and not row.number and row.currency and row.amount_minor and book.state(row.account):
                owed[Owner(row.customer, row.entity, row.currency)] += 2 * max(0, row.amount_minor)
        # What other rows name may be paid before and leaves the money for the next.
        for stream in {row.invoice for row in rows if owed and row.invoice}:
            if invoice := book.state(stream):
                owner = Owner(invoice.issued.customer, invoice.issued.entity, invoice.issued.currency)
                owed[owner] += invoice.open_minor if owner in owed else 0
        self._oldest = self._oldest_first(owed) if owed else {}
        book.open(stream for streams in self._oldest.values() for stream in streams)

    def _encrypt_payers(self, rows: Sequence[PaymentRow], book: Book, *, is_dry: bool) -> None:
        """Under the key of the customer whose money it is, else of the receipt: it dies with the customer's data."""
        customers = [self._customer(row, book) for row in rows]
        book.open(customer_stream(customer) for customer in customers if customer)
        owned = [(row, each) for row, each in zip(rows, customers, strict=True) if not _is_erased(each, book)]
        pairs = [(customer or self._own(row), {"payer": row.payer}) for row, customer in owned]
        encrypted = ["dry"] * len(pairs) if is_dry else self._encryption.encrypt_many(pairs)
        receipts = (self._found[row.at.line].receipt for row, _ in owned)
        self._encrypted = dict(zip(receipts, encrypted, strict=True))

    def _customer(self, row: PaymentRow, book: Book) -> str | None:
        if row.customer and book.state(row.account):
            return row.customer
        invoice: Invoice | None = book.state(row.invoice) if row.invoice else None
        return invoice.issued.customer if invoice else None

    def _invoices(self, row: PaymentRow, currency: str) -> Iterator[str]:
        if row.invoice:
            yield row.invoice
        elif row.customer:
            yield from self._oldest.get(Owner(row.customer, row.entity, currency), ())

    def _money(self, row: PaymentRow, book: Book) -> tuple[str, int]:
        if row.currency and row.amount_minor is not None:
            return row.currency, row.amount_minor
        invoice: Invoice | None = book.state(row.invoice)
        if not invoice:
            message = f"it is empty, and invoice {row.number} is not known: name the currency with --currency"
            raise BadCell("currency", "missing", message)
        assert self._cells
        return invoice.issued.currency, self._cells.minor("amount", row.amount, invoice.issued.currency)


def _require_same(known: Receipt, row: PaymentRow, currency: str, minor: int) -> None:
    first = known.received
    if (first.currency, first.amount_minor, first.value_on) == (currency, minor, row.value_on):
        return
    if row.payment_id:
        message = f"payment {row.payment_id} was recorded before with another amount or day"
        raise BadCell("payment_id", "number_taken", message)
    message = f"the same was recorded before in {first.currency}; if this is another payment, give it a payment_id"
    raise BadCell("currency", "number_taken", message)


def _is_erased(customer: str | None, book: Book) -> bool:
    account: Customer | None = book.state(customer_stream(customer)) if customer else None
    return account is not None and account.is_erased
