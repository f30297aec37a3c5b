"""Write-offs of an invoice and what else takes from it: money that came after one is a recovery."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain import takings
from domain.books import Books, Dated
from domain.invoice import dating
from domain.invoice.issuing import void as take_back
from domain.invoice.state import Invoice, require_issued
from domain.invoice.writing_off import undo_write_off
from domain.invoice.writing_off import write_off as write_off_what_is_open
from domain.refusal import Refused


def write_off(states: Mapping[str, Any], stream: str, *, on: date, **loss: Any) -> Dated:
    """`states` are the invoice, and the receipts and credit notes that take from it later (`takings.sources_after`).

    Refuses `before_issue`, `too_early`, and as the invoice's own decision does.
    """
    invoice = require_issued(states.get(stream))
    dating.require_issued_by(invoice, on)
    books = Books(states)

    def first(at: Books) -> None:
        before = at.invoice(stream)
        facts = write_off_what_is_open(before, **loss, effective_on=on)
        for fact in dating.require_in_time(before, facts, on):
            at.add(stream, fact, on)

    takings.in_order(books, stream, on, first)
    return {stream: [], **books.dated}


def void(states: Mapping[str, Any], stream: str, *, on: date) -> Dated:
    """The invoice is taken back from that day on; credit notes that took from it later are on account.

    `states` as in `write_off`. Refuses `before_issue`, `too_early`, and as the invoice's own decision does.
    """
    invoice: Invoice | None = states.get(stream)
    dating.require_issued_by(invoice, on)
    if not take_back(invoice):
        return {stream: []}
    books = Books(states)

    def first(at: Books) -> None:
        before = at.invoice(stream)
        for fact in dating.require_in_time(before, take_back(before), on):
            at.add(stream, fact, on)

    takings.in_order(books, stream, on, first)
    return books.dated


def undo(states: Mapping[str, Any], stream: str, *, on: date | None = None) -> Dated:
    """The last write-off was a mistake, from its own day on or from a later one: money that came since pays.

    Refuses `not_written_off` and `too_early`.
    """
    invoice = require_issued(states.get(stream))
    [undone] = undo_write_off(invoice)
    first = invoice.write_offs[-1].on
    if on and on < first:
        raise Refused("too_early", f"that is possible from {first} on, the day of the write-off")
    day, books = on or first, Books(states)
    takings.in_order(books, stream, day, lambda at: at.add(stream, undone, day), redone=True)
    return books.dated
