"""The files that invoices and credit notes were read from, as they came: they hold names and addresses."""

from collections.abc import Callable
from typing import Protocol

from domain.credit_note import CreditNote
from domain.credit_note import require_issued as require_credit_note
from domain.entry import credit_note_stream, invoice_stream
from domain.invoice import Invoice
from domain.invoice.state import require_issued
from domain.refusal import Refused
from infra.disclosures import DOCUMENT, Disclose
from infra.log.ledger import Ledger


class Archived(Protocol):
    def get(self, customer: str, content_hash: str) -> bytes | None:
        """The file, byte for byte; None once the customer's data was erased."""


class Documents:
    """Each refuses `no_document`, and `not_kept` where it is gone; that one was looked at is recorded before."""

    def __init__(self, ledger: Ledger, archive: Callable[[], Archived], disclose: Disclose):
        self._ledger, self._archive, self._disclose = ledger, archive, disclose

    def of_invoice(self, number: str, entity: str) -> bytes:
        """Refuses `not_issued`, too."""
        invoice: Invoice | None = self._ledger.state(invoice_stream(number, entity))
        issued = require_issued(invoice).issued
        return self._kept(issued.customer, issued.document, "invoice", number)

    def of_credit_note(self, number: str, entity: str) -> bytes:
        """Refuses `no_such_credit_note`, too."""
        note: CreditNote | None = self._ledger.state(credit_note_stream(number, entity))
        issued = require_credit_note(note).issued
        assert issued
        return self._kept(issued.customer, issued.document, "credit note", number)

    def _kept(self, customer: str, content_hash: str | None, kind: str, number: str) -> bytes:
        what = f"{kind} {number}"
        if content_hash is None:
            raise Refused("no_document", f"{what} was not read from a document: it was typed, or a row of a table")
        data = self._archive().get(customer, content_hash)
        if data is None:
            message = f"the document of {what} is not kept: the customer's data was erased, or the archive lost it"
            raise Refused("not_kept", message)
        self._disclose(f"{kind} document", [customer], DOCUMENT)
        return data
