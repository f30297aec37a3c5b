"""Files that are invoices: electronic ones by EN 16931, each with what it says and what of it has no place here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from domain.einvoice import CORRECTED, EInvoice, customer_of, minor, require_sound
from domain.entry import credit_note_stream, customer_stream, invoice_stream
from domain.kinds import key_of
from domain.money import readable
from domain.notes import (
    CORRECTS,
    CUSTOMER_BY_NAME,
    CUSTOMER_BY_VAT,
    LEFT_ALONE,
    NOT_ARCHIVED,
    NOT_KEPT,
    OTHER_ACCOUNT,
    PREPAID,
    TERMS_NOT_READ,
    Note,
)
from infra.einvoice import read_einvoice, read_file
from services.catalogue.command import Request
from services.catalogue.credit_notes import ISSUE as CREDIT
from services.catalogue.invoices import ISSUE
from services.importing.book import Book, Document, StreamRequest
from services.importing.kinds.invoices import InvoiceRow, Invoices
from services.importing.kinds.years import may_be, number_of_year
from services.importing.options import Options
from services.importing.reading.cells import Cells
from services.importing.tally import RowNote

NAMED = 5


class EInvoices(Invoices):
    """As rows of a table, but that a row is a file: its claim is what is due, and the file is archived with it."""

    def __init__(self, paths: Sequence[Path], iban_of: Callable[[str], str]) -> None:
        """`iban_of` gives the account of an entity; empty where that is not set."""
        super().__init__()
        self._paths, self._iban_of, self._iban = paths, iban_of, ""
        self._options = Options()
        # What is to be said of each file, once it is decided whether it is new.
        self._said: dict[int, Sequence[Note]] = {}

    def fields(self, options: Options) -> Mapping[str, bool]:
        self._options, self._iban = options, self._iban_of(options.entity)
        return {"file": True}

    def read(self, cells: Cells) -> InvoiceRow:
        path = self._paths[cells.place.line - 1]
        data = read_file(path)
        found = read_einvoice(data)
        require_sound(found)
        document = Document(path, sha256(data).hexdigest())
        row = _row(found, document, cells, self._options)
        renamed = self._renamed(found.number, found.issued_on) if cells.is_number_per_year else ()
        return row._replace(notes=(*renamed, *_of_account(found, self._iban), *row.notes))

    def commands(self, row: InvoiceRow, book: Book) -> Iterator[StreamRequest]:
        document, known = row.document, book.state(row.stream)
        assert document
        if book.state(row.account):
            row = row._replace(issue=_without_country(row.issue))
        yield from super().commands(row, book)
        if known is None:
            book.keep(row.customer, document)
            self._said[row.at.line] = row.notes
        else:
            self._said[row.at.line] = _not_archived(known.issued.document, document, row.stream)

    def notes(self, row: InvoiceRow) -> Sequence[Note]:
        return [*self._other_name(row), *self._said.pop(row.at.line, ())]


def left_alone(others: Sequence[Path]) -> Sequence[RowNote]:
    """One note of what lies in the folder beside the invoices."""
    if not others:
        return ()
    named = ", ".join(each.name for each in others[:NAMED])
    more = f" and {len(others) - NAMED:,} more" if len(others) > NAMED else ""
    return [RowNote(0, LEFT_ALONE, f"left alone, as neither XML nor PDF: {named}{more}")]


def _row(found: EInvoice, document: Document, cells: Cells, options: Options) -> InvoiceRow:
    customer, by = customer_of(found.buyer, options.customer_from)
    number = number_of_year(found.number, found.issued_on) if cells.is_number_per_year else found.number
    claimed = InvoiceRow(
        cells.place,
        invoice_stream(number, options.entity),
        customer_stream(customer),
        customer,
        _claim(found, customer, document, accept_due_before_issue=cells.accepts_due_before_issue),
        (found.currency, found.claim_minor),
        cells.near("BT-2", found.issued_on),
        _contact(found),
        entity=options.entity,
        notes=_notes(found, customer, by),
        document=document,
    )
    if not found.is_credit:
        return claimed
    credited = found.preceding[0] if len(found.preceding) == 1 else None
    numbers = may_be(credited, found.issued_on) if credited and cells.is_number_per_year else ()
    return claimed._replace(
        stream=credit_note_stream(number, options.entity),
        issue=_credit(found, customer, document, credited),
        money=(found.currency, -abs(found.claim_minor)),
        about=invoice_stream(numbers[0] if numbers else credited, options.entity) if credited else "",
        may_be=numbers,
    )


def _claim(found: EInvoice, customer: str, document: Document, *, accept_due_before_issue: bool) -> Request:
    return ISSUE(
        customer=customer,
        amount_minor=found.claim_minor,
        currency=found.currency,
        due_on=None if found.instalments else found.due_on or found.terms.due_on,
        instalments=found.instalments,
        discounts=found.discounts or found.terms.discounts or None,
        tax_minor=found.tax_minor,
        country=found.buyer.country,
        reference=found.reference,
        purchase_order=found.purchase_order,
        document=document.sha256,
        accept_due_before_issue=accept_due_before_issue,
    )


def _credit(found: EInvoice, customer: str, document: Document, credited: str | None) -> Request:
    return CREDIT(
        amount_minor=abs(found.claim_minor),
        customer=customer,
        invoice=credited,
        currency=found.currency,
        tax_minor=found.tax_minor,
        document=document.sha256,
    )


def _without_country(issue: Request) -> Request:
    """A customer who is known stays in the country they were registered with."""
    return issue._replace(arguments={name: each for name, each in issue.arguments.items() if name != "country"})


def _contact(found: EInvoice) -> Mapping[str, str]:
    buyer = found.buyer
    parts = {"name": buyer.name, "email": buyer.email, "phone": buyer.phone, "address": "\n".join(buyer.address)}
    return {part: value for part, value in parts.items() if value}


def _notes(found: EInvoice, customer: str, by: str) -> tuple[Note, ...]:
    return (
        *_of_customer(customer, by),
        *_of_claim(found),
        *_of_terms(found),
        *([Note(NOT_KEPT, f"only in the document itself: {'; '.join(found.not_kept)}")] if found.not_kept else []),
    )


def _of_customer(customer: str, by: str) -> Iterator[Note]:
    if by == "vat":
        yield Note(CUSTOMER_BY_VAT, f"the customer is known by the VAT number {customer} (BT-48)")
    if by == "name":
        message = f"the customer is known by the name {customer} (BT-44), which is kept in the clear as a number is"
        yield Note(CUSTOMER_BY_NAME, message)


def _of_claim(found: EInvoice) -> Iterator[Note]:
    prepaid = minor(found.totals.prepaid, found.currency, "BT-113")
    if prepaid:
        due = readable(found.claim_minor, found.currency)
        message = f"{readable(prepaid, found.currency)} was paid before (BT-113): the claim is the {due} due (BT-115)"
        yield Note(PREPAID, f"{message}, with {readable(found.tax_minor, found.currency)} of the tax (BT-110)")
    if found.preceding and not (found.is_credit and len(found.preceding) == 1):
        several = ", ".join(found.preceding[:NAMED])
        what = "it corrects" if found.type_code == CORRECTED else "it is about"
        yield Note(CORRECTS, f"{what} {several} (BT-25), which stays as it is: credit or void what this replaces")


def _of_account(found: EInvoice, own: str) -> Iterator[Note]:
    if own and found.ibans and own not in found.ibans:
        named = ", ".join(found.ibans[:NAMED])
        yield Note(OTHER_ACCOUNT, f"it is to be paid to {named} (BT-84), and the account in creditors.toml is {own}")


def _of_terms(found: EInvoice) -> Iterator[Note]:
    if found.wording and not found.terms.is_all and not found.is_credit:
        due = "" if found.due_on or found.terms.due_on else "; it is due by the customer's terms"
        yield Note(TERMS_NOT_READ, f"the terms of payment (BT-20) say more than could be read{due}")


def _not_archived(kept: str | None, document: Document, stream: str) -> Sequence[Note]:
    if kept == document.sha256:
        return ()
    number, what = key_of(stream), "with another document" if kept else "without a document"
    named = number.get("number") or number["credit_note"]
    return [Note(NOT_ARCHIVED, f"{named} is there already {what}: this file is not archived")]
