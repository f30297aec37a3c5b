"""What takes from an invoice, in the order of the days on which it is effective, whatever the order of recording.

Payments, credit notes and write-offs that are effective later than one recorded now are taken back, and made again for
as much as there is left: money goes back on account, a write-off is less, money after a write-off is a recovery.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain import receipt as receipts
from domain.books import Books
from domain.by_day import since
from domain.credit_note import CreditNote, tax_of
from domain.entry import credit_note_stream, receipt_stream
from domain.invoice import crediting, dating, paying
from domain.invoice.facts import (
    CreditNoteReinstated,
    CreditNoteUndone,
    Paid,
    PartiallyPaid,
    PaymentReinstated,
    PaymentReversed,
    WriteOffUndone,
    WrittenOff,
)
from domain.invoice.paying import COSTS_FIRST, Order
from domain.invoice.state import Credit, Invoice, Payment, WriteOff, oldest_first, take
from domain.money import proportion
from domain.receipt import Receipt
from domain.refusal import Refused

FACTOR = "factor:"

Taken = Payment | Credit | WriteOff


class Rules(NamedTuple):
    """What an allocation goes by; `is_exact` refuses any other day than the one given."""

    order: Order = COSTS_FIRST
    is_exact: bool = False


def in_order(books: Books, stream: str, on: date, first: Callable[[Books], object], *, redone: bool = False) -> None:
    """`first` adds what is effective on a day, as if whatever is effective later had been recorded after it.

    With `redone`, recoveries up to that day are made again, too, from that day on. Raises what `first` refuses.
    """
    later = list(_later(books, stream, on, redone=redone))
    if not later:
        first(books)
        return
    plain = None if redone else _tried(books.clean(), first)
    fresh = books.clean()
    undone = [(each, _undo(fresh, stream, each)) for each in reversed(later)]
    fresh = fresh.clean()
    first(fresh)
    added = fresh.added
    if plain and plain.added == added:
        _add(books, added)
        return
    changed, again = set[int](), list[tuple[str, Any, date]]()
    for each in later:
        scratch = fresh.clean()
        _again(scratch, stream, each, max(each.on, on))
        if _is_same(each, stream, scratch):
            _restore(fresh, stream, each)
        else:
            changed.add(id(each))
            again += scratch.added
            fresh = scratch
    for each, facts in undone:
        if id(each) in changed:
            _add(books, facts)
    for source, fact, day in [*added, *again]:
        _add(books, [(source, paying.as_it_closes(books.invoice(stream), fact) if source == stream else fact, day)])
    if any(isinstance(fact, Paid | PartiallyPaid) for _, fact, _ in added):
        _end_what_was_awaited(books, stream, on)


def before_later(books: Books, stream: str, on: date) -> Invoice:
    """The invoice without what takes from it later, which could be taken back."""
    later = list(_later(books, stream, on))
    fresh = books.clean() if later else books
    for each in reversed(later):
        _undo(fresh, stream, each)
    return fresh.invoice(stream)


def sources_after(invoice: Invoice | None, on: date) -> list[str]:
    """Streams of the receipts and credit notes that take from the invoice after a day."""
    if not invoice:
        return []
    entity = invoice.issued.entity
    takings: list[Payment | Credit] = [*invoice.payments, *invoice.credit_notes]
    later = [each for each in takings if each.on > on or _is_recovery(each)]
    return list(dict.fromkeys(stream for each in later if (stream := source_of(each, entity))))


def source_of(taken: Payment | Credit, entity: str) -> str | None:
    """None for what a factor paid, and a credit note from before these had streams."""
    if isinstance(taken, Payment):
        return None if taken.receipt.startswith(FACTOR) else receipt_stream(taken.receipt)
    return credit_note_stream(taken.credit_note, entity) if taken.allocation else None


def apply(books: Books, source: str, stream: str, minor: int, on: date, rules: Rules) -> None:
    """So much goes from a receipt or a credit note to an invoice, each part from the first day it can.

    Refuses `over_unallocated`, what the invoice refuses, and `too_early` where only the day given will do.
    """
    day = on
    while minor:
        portion, day = _portion(books.source(source), books.invoice(stream), minor, day)
        if rules.is_exact and day > on:
            message = f"that is possible from {day} on: the money, or what it pays, was not there on {on}"
            raise Refused("too_early", message)
        allocate(books, source, stream, portion, day, rules.order)
        minor -= portion


def allocate(books: Books, source: str, stream: str, minor: int, on: date, order: Order = COSTS_FIRST) -> None:
    """All of it on one day."""
    [made] = receipts.allocate(books.source(source), invoice=stream, amount_minor=minor)
    assert isinstance(made, receipts.Allocated)
    books.add(source, made, on)
    for fact in _taking(books.source(source), books.invoice(stream), made, on, order):
        books.add(stream, fact, dating.effective_from(books.invoice(stream), [fact], on))


def take_back(books: Books, source: str, undone: Sequence[receipts.Dated]) -> None:
    """What a receipt or credit note takes back, or reinstates, is so on the invoice, too."""
    for fact, on in undone:
        books.add(source, fact, on)
        money = books.source(source)
        match fact:
            case receipts.Unallocated(allocation, invoice):
                books.add(invoice, _given_back(books.invoice(invoice), money, allocation), on)
            case receipts.AllocationReinstated(allocation, invoice):
                books.add(invoice, _reinstated(books.invoice(invoice), money, allocation), on)


def is_lost(invoice: Invoice) -> bool:
    """Nothing is open of what was written off: money that comes is a recovery."""
    return bool(invoice.written_off_minor and not invoice.open_minor)


def _later(books: Books, stream: str, on: date, *, redone: bool = False) -> Iterator[Taken]:
    """In the order of their days; of one day as they were recorded."""
    invoice = books.invoice(stream)
    found: list[Taken] = [*invoice.payments, *invoice.credit_notes, *invoice.write_offs]
    if not found:
        return
    found.sort(key=lambda each: (each.on, _is_recovery(each)))
    entity = invoice.issued.entity
    # A write-off cannot become less than what was recovered of it by money that stays as it is.
    is_kept = any(each.is_recovery and not _is_there(books, source_of(each, entity), each) for each in invoice.payments)
    for each in found:
        if each.on <= on and not (redone and _is_recovery(each)):
            continue
        if not is_kept if isinstance(each, WriteOff) else _is_there(books, source_of(each, entity), each):
            yield each


def _is_there(books: Books, source: str | None, taken: Payment | Credit) -> bool:
    """One at a rate of exchange stays as it was agreed."""
    money: Receipt | None = books.state(source) if source else None
    made = next((each for each in money.allocations if each.allocation == taken.allocation), None) if money else None
    return made is not None and made.rate is None


def _undo(books: Books, stream: str, taken: Taken) -> list[tuple[str, Any, date]]:
    before = len(books.added)
    if isinstance(taken, WriteOff):
        books.add(stream, WriteOffUndone(taken.amount_minor, taken.tax_minor, taken.parts), taken.on)
    else:
        source = source_of(taken, books.invoice(stream).issued.entity)
        assert source
        take_back(books, source, receipts.unallocate(books.source(source), allocation=taken.allocation))
    return books.added[before:]


def _again(books: Books, stream: str, taken: Taken, on: date) -> None:
    """As much of it as there still is to take on that day."""
    invoice = books.invoice(stream)
    there = dating.open_since(invoice, on)
    if isinstance(taken, WriteOff):
        minor = min(taken.amount_minor, there.open_minor)
        if minor:
            tax = proportion(taken.tax_minor, minor, taken.amount_minor)
            books.add(stream, WrittenOff(minor, tax, take(oldest_first(there), minor), taken.approval), on)
        return
    source = source_of(taken, invoice.issued.entity)
    assert source
    most = there.open_minor
    if not most and isinstance(taken, Payment) and is_lost(invoice):
        most = invoice.written_off_minor
    if minor := min(taken.amount_minor, most):
        allocate(books, source, stream, minor, on)


def _is_same(taken: Taken, stream: str, books: Books) -> bool:
    invoice = books.invoice(stream)
    if not books.added:
        return False
    if isinstance(taken, WriteOff):
        return invoice.write_offs[-1].parts == taken.parts
    if isinstance(taken, Credit):
        return invoice.credit_notes[-1].parts == taken.parts
    made = invoice.payments[-1]
    new = made.amount_minor, made.discount_minor, made.parts, made.is_recovery
    return new == (taken.amount_minor, taken.discount_minor, taken.parts, taken.is_recovery)


def _restore(books: Books, stream: str, taken: Taken) -> None:
    """As if it had not been taken back."""
    if isinstance(taken, WriteOff):
        books.put(stream, WrittenOff(taken.amount_minor, taken.tax_minor, taken.parts, taken.approval), taken.on)
        return
    source = source_of(taken, books.invoice(stream).issued.entity)
    assert source
    reinstated = receipts.AllocationReinstated(taken.allocation, stream, _made(books.source(source), taken.allocation))
    books.put(source, reinstated, taken.on)
    books.put(stream, _reinstated(books.invoice(stream), books.source(source), taken.allocation), taken.on)


def _end_what_was_awaited(books: Books, stream: str, on: date) -> None:
    """With the payments that stayed, a promise may be kept, and a plan completed."""
    day = max([on, *(each.on for each in books.invoice(stream).payments)])
    for ended in paying.consequences(books.invoice(stream)):
        books.add(stream, ended, dating.effective_from(books.invoice(stream), [ended], day))


def _made(money: Receipt, allocation: int) -> int:
    return next(each.made.amount_minor for each in money.undone if each.made.allocation == allocation)


def _given_back(invoice: Invoice, money: Receipt, allocation: int) -> PaymentReversed | CreditNoteUndone:
    number = money.received.receipt
    if isinstance(money, CreditNote):
        [undone] = crediting.undo(invoice, credit_note=number, allocation=allocation)
        return undone
    [again] = paying.reverse_payment(invoice, receipt=number, allocation=allocation)
    return again


def _reinstated(invoice: Invoice, money: Receipt, allocation: int) -> PaymentReinstated | CreditNoteReinstated:
    number = money.received.receipt
    if isinstance(money, CreditNote):
        return crediting.reinstate(invoice, credit_note=number, allocation=allocation)
    return paying.reinstate_payment(invoice, receipt=number, allocation=allocation)


def _portion(money: Receipt, invoice: Invoice, minor: int, on: date) -> tuple[int, date]:
    """How much may be taken as of the first day, `on` or later, on which any of it may; and that day."""
    on = max(on, money.moved_on or on)
    if is_lost(invoice) and not isinstance(money, CreditNote):
        lost_on = max((loss.on for loss in invoice.write_offs), default=on)
        return minor, since(money.by_day, minor, max(on, lost_on))
    if minor > invoice.open_minor:
        return minor, on  # the invoice will refuse it
    day: date | None = on
    while day and not dating.open_since_minor(invoice, day):
        day = dating.next_change(invoice, day)
    assert day, "what is open at the end has been so since some day"
    portion = min(minor, dating.open_since_minor(invoice, day))
    return portion, since(money.by_day, portion, day)


def _taking(money: Receipt, invoice: Invoice, made: receipts.Allocated, on: date, order: Order) -> Sequence[Any]:
    number, minor = money.received.receipt, made.amount_minor
    if isinstance(money, CreditNote):
        tax = tax_of(money, minor)
        return crediting.credit(
            invoice,
            credit_note=number,
            amount_minor=minor,
            tax_minor=tax,
            allocation=made.allocation,
            effective_on=on,
        )
    paid: dict[str, Any] = {
        "receipt": number,
        "allocation": made.allocation,
        "amount_minor": minor,
        "currency": money.received.currency,
    }
    if is_lost(invoice):
        return paying.recover(invoice, **paid)
    return paying.pay(invoice, **paid, on=money.received.value_on, order=order, effective_on=on)


def _tried(books: Books, first: Callable[[Books], object]) -> Books | None:
    try:
        first(books)
    except Refused:
        return None
    return books


def _add(books: Books, facts: Sequence[tuple[str, Any, date]]) -> None:
    for stream, fact, on in facts:
        books.put(stream, fact, on)
        books.added.append((stream, fact, on))


def _is_recovery(taken: Taken) -> bool:
    return isinstance(taken, Payment) and taken.is_recovery
