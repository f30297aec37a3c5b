"""What is taken back: allocations, payments that bounced, and credit notes entered by mistake."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain import allocations, applying, credit_note, takings
from domain import receipt as receipts
from domain.books import Books, Dated
from domain.by_day import least_since
from domain.entry import ALWAYS
from domain.invoice import crediting
from domain.invoice.state import Invoice, find_credit, require_issued
from domain.money import readable
from domain.receipt import Receipt, Reversed, Unallocated
from domain.refusal import Refused


def invoices_of(source: Receipt | None) -> list[str]:
    """Streams of the invoices that a receipt or credit note pays, or paid until that was taken back."""
    if not source:
        return []
    made = [*source.allocations, *(each.made for each in source.undone)]
    return list(dict.fromkeys(each.invoice for each in made))


def unallocate(
    states: Mapping[str, Any], own: str, *, allocation: int, on: date | None, amount_minor: int | None = None
) -> Dated:
    """An allocation, or so much of it, is taken back from its own day, as if it had never been made, or a later one.

    The rest still pays the same items. Refuses `too_early`, `over_unallocated` and `over_open` where the day of an
    earlier taking back is put right and the money, or what it would pay so much longer, went elsewhere meanwhile; with
    an amount `not_positive`, `over_allocated`, `not_allocated` on a day on which it was all taken back, and `exchanged`
    or `factored` where it ends as a whole.
    """
    books = Books(states)
    if amount_minor is not None:
        _end(books, own, allocation, amount_minor, on)
    else:
        # With another day for one of which a part was taken back: all of it, and what of it goes on since.
        undone = receipts.unallocate(states.get(own), allocation=allocation, on=on)
        for stream in {fact.invoice for fact, _ in undone if isinstance(fact, Unallocated)}:
            first = min(day for _, day in undone)
            takings.in_order(books, stream, first, lambda at: allocations.take_back(at, own, undone))
    for stream in invoices_of(books.state(own)):
        if any(least_since(item.by_day, ALWAYS) < 0 for item in books.invoice(stream).items):
            message = f"what it would pay until then was paid otherwise: take that back first ({stream})"
            raise Refused("over_open", message)
    return {own: [], **books.dated}


def _end(books: Books, own: str, allocation: int, minor: int, on: date | None) -> None:
    money = receipts.require_received(books.state(own))
    holds = next((each for each in allocations.held(money) if each.made.allocation == allocation), None)
    gone = Refused("not_allocated", f"allocation {allocation} was taken back before {on}: say which one goes on since")
    if holds and on and holds.until and on >= holds.until:
        raise gone
    if not receipts.unallocate(money, allocation=allocation, on=on):
        return
    if not holds:
        raise gone
    if minor <= 0:
        raise Refused("not_positive", "the amount must be more than zero")
    if minor > holds.made.amount_minor:
        most = readable(holds.made.amount_minor, money.received.currency)
        raise Refused("over_allocated", f"allocation {allocation} is of {most} only")
    if minor < holds.made.amount_minor:
        _require_divisible(books.invoice(holds.made.invoice), holds)
    applying.end(books, own, holds, minor, on or holds.on)


def _require_divisible(invoice: Invoice, holds: allocations.Held) -> None:
    if holds.made.rate is not None:
        message = (
            f"allocation {holds.made.allocation} is at a rate of exchange: take it back as a whole, and allocate anew"
        )
        raise Refused("exchanged", message)
    if invoice.is_factored:
        message = f"invoice {invoice.issued.number} was factored: what paid it is taken back as a whole"
        raise Refused("factored", message)


def reverse(states: Mapping[str, Any], own: str, *, on: date, amount_minor: int | None = None) -> Dated:
    """The bank took the money back, all that was not refunded or a part: what it paid from that day on is open again.

    What is not allocated goes first, then what was allocated last, by its effective date. An allocation that was taken
    back on a later day is taken back on this one. Refuses `too_early`, and `over_received` for more than there is.
    """
    receipt = receipts.require_received(states.get(own))
    if receipt.is_reversed:
        return {own: []}
    minor = receipt.left_minor if amount_minor is None else amount_minor
    if not receipt.left_minor:
        raise Refused("refunded", "all of the receipt was refunded: there is nothing left to take back")
    if minor <= 0:
        raise Refused("not_positive", "the amount must be more than zero")
    if minor > receipt.left_minor:
        left = readable(receipt.left_minor, receipt.received.currency)
        raise Refused("over_received", f"only {left} of the receipt was neither refunded nor reversed")
    receipts.require_since_received(receipt, on)
    receipts.require_since_moved(receipt, on)
    books = Books(states)
    applying.free(books, own, minor, on)
    books.add(own, Reversed(minor), on)
    return books.dated


def undo_credit_note(
    states: Mapping[str, Any], own: str, *, on: date | None = None, invoice: str | None = None
) -> Dated:
    """A credit note entered by mistake: nothing of it counts from its own day on, or from a later one.

    Refuses `no_such_credit_note`, also where it is not of the invoice (its stream) that is named, and `refunded` when
    part of it was paid to the customer.
    """
    note = credit_note.require_issued(states.get(own))
    if invoice and invoice not in (credit_note.invoice_of(note), *invoices_of(note)):
        number = note.received.receipt
        raise Refused("no_such_credit_note", f"credit note {number} is not of that invoice", "credit_note")
    if note.refunds:
        raise Refused("refunded", "part of the credit note was paid to the customer")
    return reverse(states, own, on=on or note.received.value_on)


def undo_applied(invoice: Invoice | None, stream: str, *, number: str, on: date | None = None) -> Dated:
    """As `undo_credit_note`, for one from before credit notes had streams of their own."""
    invoice = require_issued(invoice)
    credit = find_credit(invoice, number, 0)
    if not credit:
        return {stream: []}
    if on and on < credit.on:
        raise Refused("too_early", f"that is possible from {credit.on} on, the day of the credit note")
    [undone] = crediting.undo(invoice, credit_note=number)
    return {stream: [(undone, on or credit.on)]}


def is_without_stream(invoice: Invoice | None, number: str) -> bool:
    return bool(invoice and find_credit(invoice, number, 0))
