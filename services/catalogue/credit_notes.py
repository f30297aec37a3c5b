"""The commands on a credit note: what it takes back, where its amount goes, and what undoes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import application_notes, credit_application, credit_note, taking_back
from domain import receipt as receipts
from domain.credit_note import CreditNote
from domain.customer import register
from domain.entry import customer_stream, invoice_stream
from domain.notes import Note
from domain.receipt import Remittance
from services.catalogue.command import (
    Asked,
    Change,
    Command,
    Decided,
    Permission,
    Reader,
    across,
    planned,
    require_its_day,
)
from services.catalogue.receipts import allocation as allocated
from services.catalogue.receipts import day_of, require_its_refund_day, taken_back, unallocate

BILL, CASH = Permission.BILL, Permission.BOOK_CASH


def _issue(
    asked: Asked,
    reader: Reader,
    *,
    amount_minor: int,
    customer: str | None = None,
    invoice: str | None = None,
    currency: str | None = None,
    tax_minor: int = 0,
    document: str | None = None,
) -> Change:
    """With its own number and day: it goes to the invoice it names, and what exceeds that is on account.

    One that names an invoice nobody knows, and a customer, is on account of the customer.
    """
    entity, number = asked.key["entity"], asked.key["credit_note"]
    stream = invoice_stream(invoice, entity) if invoice else None
    account = customer_stream(customer) if customer else None
    notes = list[Note]()

    def decide(states: Mapping[str, Any]) -> Decided:
        note: CreditNote | None = states[asked.stream]
        named = invoice if stream and (states[stream] or not customer) else None
        decided = credit_application.issue(
            states,
            credit_note=number,
            entity=entity,
            amount_minor=amount_minor,
            on=asked.day,
            # The invoice may have become known since.
            invoice=None if note and note.issued and not note.issued.invoice and customer else named,
            customer=customer,
            currency=currency,
            tax_minor=tax_minor,
            document=document,
        )
        unknown = [invoice] if invoice and not named else []
        wanted = {stream: None} if stream and named else {}
        notes[:] = application_notes.of_money(states, wanted, decided, asked.stream, unknown)
        registered = register(states[account], customer) if account and customer else []
        return {**decided, account: registered} if account and registered else decided

    streams = [each for each in (stream, account) if each]
    return across(asked, streams, decide, takes_from=[stream] if stream else [], notes=lambda: notes)


def _allocate(asked: Asked, reader: Reader, *, invoices: Sequence[Remittance] = ()) -> Change:
    """Effective from the day of the credit note unless a day is given."""
    note: CreditNote | None = reader.state(asked.stream)
    return allocated(asked, credit_note.require_issued(note), reader, invoices)


def _refund(asked: Asked, reader: Reader, *, amount_minor: int, reference: str) -> Change:
    def decide(note: CreditNote | None) -> Decided:
        known = credit_note.require_issued(note)
        day = day_of(asked, known)
        require_its_refund_day(asked, known, reference)
        facts = receipts.refund(known, day, amount_minor=amount_minor, reference=reference)
        return {asked.stream: [(credit_note.named(fact), day) for fact in facts]}

    return Change([asked.stream], decide, asked.day)


def _undo(asked: Asked, reader: Reader) -> Change:
    """Effective from the day of the credit note unless a day is given: it was never true."""

    def decide(states: Mapping[str, Any]) -> Decided:
        note: CreditNote | None = states[asked.stream]
        if note and note.is_reversed:
            days = [day for day, _ in note.reversals]
            require_its_day(asked.on, days, "it was undone", "issue it again under another number, and undo that")
        return taking_back.undo_credit_note(states, asked.stream, on=asked.on)

    return taken_back(asked, reader, decide)


ISSUE = planned(
    "credit_note.issue",
    _issue,
    "Issue a credit note: it lessens the invoice it names; what exceeds that, or names none, is on account.",
    BILL,
    day="issued_on",
    needs_reason=True,
)
ALLOCATE = planned(
    "credit_note.allocate",
    _allocate,
    "What is left of it goes to the invoices named, else to the customer's oldest.",
    CASH,
)
UNALLOCATE = planned(
    "credit_note.unallocate",
    unallocate,
    "Take an allocation back, or part of it, as if it had never been made, or from a day on.",
    CASH,
    needs_reason=True,
)
REFUND = planned("credit_note.refund", _refund, "What is left of it is paid to the customer.", CASH)
UNDO = planned(
    "credit_note.undo",
    _undo,
    "It was entered by mistake: what it took is open again, by default from its own day.",
    BILL,
    needs_reason=True,
)

COMMANDS: tuple[Command[...], ...] = (ISSUE, ALLOCATE, UNALLOCATE, REFUND, UNDO)
