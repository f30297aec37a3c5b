"""What takes from an invoice, in the order of the days on which it is effective, whatever the order of recording.

Payments, credit notes and write-offs that are effective later than one recorded now are taken back, and made again for
as much as there is left: money goes back on account, a write-off is less, money after a write-off is a recovery.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from domain import receipt as receipts
from domain.allocations import (
    Held,
    allocate,
    allocate_until,
    continued,
    held,
    is_lost,
    is_lost_on,
    recovers,
    reinstated,
    take_back,
    unfinished,
)
from domain.books import Added, Books
from domain.by_day import least_between, least_since
from domain.entry import credit_note_stream, receipt_stream
from domain.invoice import dating, paying
from domain.invoice.facts import Paid, PartiallyPaid, Parts, Voided, VoidUndone, WriteOffUndone, WrittenOff
from domain.invoice.state import Credit, Invoice, Payment, WriteOff, oldest_first, take
from domain.money import proportion
from domain.receipt import AllocationReinstated, Receipt, Unallocated, Undone
from domain.refusal import Refused


class Void(NamedTuple):
    parts: Parts
    on: date


Taken = Payment | Credit | WriteOff | Void


class Taking(NamedTuple):
    """`undone` if it was taken back, on a day after its own; `is_rest` if it is the rest of one that was."""

    taken: Taken
    undone: Undone | None = None
    is_rest: bool = False


def in_order(books: Books, stream: str, on: date, first: Callable[[Books], object], *, redone: bool = False) -> None:
    """`first` adds what is effective on a day, as if whatever is effective later had been recorded after it.

    With `redone`, recoveries up to that day are made again, too, from that day on. Raises what `first` refuses.
    """
    later = list(_later(books, stream, on, redone=redone))
    if not later:
        first(books)
        return
    fresh = books.clean()
    undone = [(each, _undo(fresh, stream, each)) for each in reversed(later)]
    fresh = fresh.clean()
    first(fresh)
    added = fresh.added
    changed, again = set[int](), list[Added]()
    for each in later:
        scratch = fresh.clean()
        _again(scratch, stream, each, max(each.taken.on, on))
        if _is_same(each, stream, scratch):
            _restore(fresh, stream, each)
        else:
            changed.add(id(each))
            again += scratch.added
            fresh = scratch
    for each, facts in undone:
        if id(each) in changed:
            books.take_over(facts)
    for source, fact, day in [*added, *again]:
        books.take_over([(source, paying.as_it_closes(books.invoice(stream), fact) if source == stream else fact, day)])
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
    takings: list[Payment | Credit] = [*invoice.taken_back, *invoice.payments, *invoice.credit_notes]
    later = [each for each in takings if each.on > on or recovers(each)]
    return list(dict.fromkeys(stream for each in later if (stream := source_of(each, entity))))


def source_of(taken: Payment | Credit, entity: str) -> str | None:
    """None for what a factor paid, and a credit note from before these had streams."""
    if isinstance(taken, Payment):
        return None if taken.is_by_factor else receipt_stream(taken.receipt)
    return credit_note_stream(taken.credit_note, entity) if taken.allocation else None


def _later(books: Books, stream: str, on: date, *, redone: bool = False) -> Iterator[Taking]:
    """In the order of their days; of one day as they were recorded. Those that hold no more did so for some days."""
    invoice = books.invoice(stream)
    found: list[Payment | Credit | WriteOff] = [
        *invoice.taken_back,
        *invoice.payments,
        *invoice.credit_notes,
        *invoice.write_offs,
    ]
    # Of one that was sold, what was ours to take stays as it was taken.
    if invoice.is_factored or (not found and not invoice.void):
        return
    found.sort(key=lambda each: (each.on, recovers(each)))
    entity = invoice.issued.entity
    # A write-off cannot become less than what was recovered of it by money that stays as it is.
    recoveries = [each for each in invoice.payments if each.is_recovery]
    is_kept = any(not _held(books, source_of(each, entity), each.allocation) for each in recoveries)
    for each in found:
        if each.on <= on and not (redone and recovers(each)):
            continue
        if isinstance(each, WriteOff):
            if not is_kept:
                yield Taking(each)
        elif (source := source_of(each, entity)) and (made := _held(books, source, each.allocation)):
            # A recovery that ended before is none to make again.
            if made.until and made.until <= on:
                continue
            yield Taking(each, made.undone, is_rest=continued(books.source(source), made) is not None)
    if invoice.void and (voided_on := dating.void_on(invoice)) >= on:
        yield Taking(Void(invoice.void.parts, voided_on))


def _held(books: Books, source: str | None, allocation: int) -> Held | None:
    """One at a rate of exchange stays as it was agreed, and one from before the money moved as it was."""
    money: Receipt | None = books.state(source) if source else None
    made = next((each for each in held(money) if each.made.allocation == allocation), None) if money else None
    if not money or not made or made.made.rate is not None:
        return None
    return None if money.moved_on and made.on < money.moved_on else made


def _undo(books: Books, stream: str, taking: Taking) -> list[Added]:
    before, (taken, undone, _) = len(books.added), taking
    if isinstance(taken, WriteOff):
        books.add(stream, WriteOffUndone(taken.amount_minor, taken.tax_minor, taken.parts), taken.on)
    elif isinstance(taken, Void):
        books.add(stream, VoidUndone(taken.parts), taken.on)
    else:
        source = source_of(taken, books.invoice(stream).issued.entity)
        assert source
        money = books.source(source)
        if undone:
            take_back(books, source, receipts.undone_from(money, undone, taken.on))
        else:
            take_back(books, source, receipts.unallocate(money, allocation=taken.allocation))
    return books.added[before:]


def _again(books: Books, stream: str, taking: Taking, on: date) -> None:
    """As much of it as there still is to take on a day, its own or a later one, and on the days after."""
    invoice, (taken, undone, is_rest) = books.invoice(stream), taking
    there = dating.open_between(invoice, on, undone.on) if undone else dating.open_since(invoice, on)
    if isinstance(taken, Void):
        if there.open_minor < invoice.open_minor:
            message = f"invoice {invoice.issued.number} was voided on {on}: what was paid then would be open after it"
            raise Refused("voided", message)
        books.add(stream, Voided(take(oldest_first(there), there.open_minor)), on)
        return
    if isinstance(taken, WriteOff):
        minor = min(taken.amount_minor, there.open_minor)
        if minor:
            tax = proportion(taken.tax_minor, minor, taken.amount_minor)
            books.add(stream, WrittenOff(minor, tax, take(oldest_first(there), minor), taken.approval), on)
        return
    source = source_of(taken, invoice.issued.entity)
    assert source
    if is_rest:
        _goes_on(books, source, stream, taken.amount_minor, on, undone)
        return
    money, most = books.source(source), there.open_minor
    if not most and isinstance(taken, Payment) and (is_lost(there) if undone else is_lost_on(invoice, on)):
        most = invoice.written_off_minor
    left_minor = least_between(money.by_day, on, undone.on) if undone else least_since(money.by_day, on)
    if (minor := min(taken.amount_minor, most, left_minor)) > 0:
        _take(books, source, stream, minor, on, undone)


def _goes_on(books: Books, source: str, stream: str, minor: int, on: date, undone: Undone | None) -> None:
    """The rest of what ended on the day: where money is short for it, what was allocated last is to end."""
    for as_was in unfinished(books.source(source), books.invoice(stream), stream, on):
        invoice = books.invoice(stream)
        there = dating.open_between(invoice, on, undone.on) if undone else dating.open_since(invoice, on)
        most = invoice.written_off_minor if recovers(as_was) else there.open_minor
        if (part := min(minor, as_was.amount_minor, most)) > 0:
            _take(books, source, stream, part, on, undone, as_was)
            minor -= part


def _take(
    books: Books,
    source: str,
    stream: str,
    minor: int,
    on: date,
    undone: Undone | None,
    as_was: Payment | Credit | None = None,
) -> None:
    if undone:
        allocate_until(books, source, stream, minor, on, undone.on, as_was=as_was)
    else:
        allocate(books, source, stream, minor, on, as_was=as_was)


def _is_same(taking: Taking, stream: str, books: Books) -> bool:
    invoice, (taken, undone, _) = books.invoice(stream), taking
    if not books.added:
        return False
    if isinstance(taken, WriteOff):
        return invoice.write_offs[-1].parts == taken.parts
    if isinstance(taken, Void):
        return invoice.void == Voided(taken.parts)
    last = (invoice.taken_back if undone else invoice.credit_notes if isinstance(taken, Credit) else invoice.payments)[
        -1
    ]
    return _what(last) == _what(taken)


def _what(taken: Payment | Credit) -> tuple[object, ...]:
    if isinstance(taken, Credit):
        return taken.amount_minor, taken.parts
    return taken.amount_minor, taken.discount_minor, taken.parts, taken.is_recovery


def _restore(books: Books, stream: str, taking: Taking) -> None:
    """As if it had not been taken back, or not then."""
    taken, undone, _ = taking
    if isinstance(taken, Void):
        books.put(stream, Voided(taken.parts), taken.on)
        return
    if isinstance(taken, WriteOff):
        books.put(stream, WrittenOff(taken.amount_minor, taken.tax_minor, taken.parts, taken.approval), taken.on)
        return
    source = source_of(taken, books.invoice(stream).issued.entity)
    assert source
    minor = _made(books.source(source), taken.allocation)
    restored = Books(books.states)
    restored.put(source, AllocationReinstated(taken.allocation, stream, minor), taken.on)
    again = reinstated(restored.invoice(stream), restored.source(source), taken.allocation)
    restored.put(stream, again, taken.on)
    if undone:
        take_back(restored, source, [(Unallocated(taken.allocation, stream, minor), undone.on)])
    for each in (source, stream):
        books.replace(each, restored.state(each))


def _end_what_was_awaited(books: Books, stream: str, on: date) -> None:
    """With the payments that stayed, a promise may be kept, and a plan completed."""
    day = max([on, *(each.on for each in books.invoice(stream).payments)])
    for fact in paying.consequences(books.invoice(stream)):
        books.add(stream, fact, dating.effective_from(books.invoice(stream), [fact], day))


def _made(money: Receipt, allocation: int) -> int:
    return next(each.made.amount_minor for each in money.undone if each.made.allocation == allocation)
