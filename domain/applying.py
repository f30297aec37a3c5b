"""What of a receipt or a credit note pays an invoice from which day on, and what ends once its money is gone."""

from datetime import date
from typing import NamedTuple

from domain import receipt as receipts
from domain import takings
from domain.allocations import (
    Held,
    allocate,
    allocate_until,
    begun,
    held,
    is_lost,
    is_lost_on,
    recovers,
    take_back,
    taken_by,
    unfinished,
)
from domain.books import Books
from domain.by_day import first_below, least_between, since
from domain.credit_note import CreditNote
from domain.entry import ALWAYS
from domain.invoice import dating
from domain.invoice.paying import COSTS_FIRST, Order
from domain.invoice.state import Invoice
from domain.money import readable
from domain.receipt import Receipt, Unallocated
from domain.refusal import Refused


class Rules(NamedTuple):
    """What an allocation goes by.

    `is_exact` refuses any other day than the one given. With `is_any_part`, as much goes as there is to pay; else what
    is more than that is refused.
    """

    order: Order = COSTS_FIRST
    is_exact: bool = False
    is_any_part: bool = False


def apply(books: Books, source: str, stream: str, minor: int, on: date, rules: Rules) -> None:
    """So much goes from a receipt or a credit note to an invoice, each part from the first day it can.

    What takes from the invoice after that day is taken back, and made again for what is left. Refuses
    `over_unallocated`, what the invoice refuses, and `too_early` where only the day given will do.
    """
    day: date | None = on
    while minor and day:
        taken = _in_order(books, source, stream, minor, day, rules)
        minor, day = minor - taken.minor, taken.day


def free(books: Books, source: str, minor: int, on: date) -> None:
    """On every day since, so much is left: allocations end, the last one first.

    What is not needed of one holds on.
    """
    while day := first_below(books.source(source).by_day, minor, on):
        money = books.source(source)
        holding = [each for each in held(money) if each.on <= day and (each.until is None or day < each.until)]
        last = max(holding, key=lambda each: begun(money, each))
        missing = minor - least_between(money.by_day, day, day)
        end(books, source, last, missing, day)


def end(books: Books, source: str, last: Held, minor: int, day: date) -> None:
    """So much of an allocation ends on a day on which it holds, the rest goes on as it was: on the same items."""
    takings.in_order(books, last.made.invoice, day, lambda at: _end(at, source, last, minor, day))


def _end(books: Books, source: str, last: Held, minor: int, day: date) -> None:
    made, money = last.made, books.source(source)
    as_was = taken_by(books.invoice(made.invoice), money, made.allocation)
    if last.undone:
        take_back(books, source, receipts.undone_from(money, last.undone, day))
    else:
        take_back(books, source, [(Unallocated(made.allocation, made.invoice, made.amount_minor), day)])
    rest = made.amount_minor - minor
    # What the factor is owed by now is not ours to take.
    if rest <= 0 or made.rate is not None or books.invoice(made.invoice).is_factored:
        return
    if last.until:
        allocate_until(books, source, made.invoice, rest, day, last.until, as_was=as_was)
    else:
        allocate(books, source, made.invoice, rest, day, as_was=as_was)


class Portion(NamedTuple):
    """How much, and the first day on which any of it may be taken; None if nothing may on any day."""

    minor: int
    day: date | None


def _in_order(books: Books, source: str, stream: str, minor: int, on: date, rules: Rules) -> Portion:
    parts = list[Portion]()
    takings.in_order(books, stream, on, lambda at: parts.append(_part(at, source, stream, minor, on, rules)))
    free(books, source, 0, ALWAYS)
    return parts[-1]


def _part(books: Books, source: str, stream: str, minor: int, on: date, rules: Rules) -> Portion:
    """What is taken on the day, or nothing and the day on which something can be."""
    money, invoice = books.source(source), books.invoice(stream)
    ended = unfinished(money, invoice, stream, on) if rules.is_exact else []
    as_was = ended[0] if ended else None
    if as_was and (len(ended) > 1 or recovers(as_was)):
        # What is more than that goes elsewhere, the rest of it in the next part.
        minor = min(minor, as_was.amount_minor)
    portion, day = _portion(money, invoice, minor, on, rules)
    if day is None:
        return Portion(0, None)
    if day == date.max:
        left = readable(books.source(source).unallocated_minor, books.source(source).received.currency)
        raise Refused("over_unallocated", f"only {left} of the receipt is left to allocate")
    if rules.is_exact and day > on:
        message = f"that is possible from {day} on: the money, or what it pays, was not there on {on}"
        raise Refused("too_early", message)
    if day > on:
        return Portion(0, day)
    allocate(books, source, stream, portion, on, rules.order, as_was=as_was)
    # What takes later is made again of what is then left, and may be short once more.
    free(books, source, 0, ALWAYS)
    return Portion(portion, _owed_from(books.invoice(stream), on))


def _owed_from(invoice: Invoice, on: date) -> date | None:
    """The first day, `on` or later, on which what is open is not lost: what is meant for it recovers nothing."""
    day: date | None = on
    while day and is_lost_on(invoice, day):
        day = dating.next_change(invoice, day)
    return day


def _portion(money: Receipt, invoice: Invoice, minor: int, on: date, rules: Rules) -> Portion:
    """On the very day, what was left before money went back later, which then takes it back."""
    on = max(on, money.moved_on or on)
    left = receipts.before_reversals(money, on) if rules.is_exact else money.by_day
    if is_lost(invoice) and not isinstance(money, CreditNote):
        lost_on = max((loss.on for loss in invoice.write_offs), default=on)
        minor = min(minor, invoice.written_off_minor) if rules.is_any_part else minor
        return Portion(minor, since(left, minor, max(on, lost_on)))
    if is_lost_on(invoice, on) and not isinstance(money, CreditNote):
        portion = min(minor, invoice.written_off_minor)
        return Portion(portion, since(left, portion, on))
    if minor > invoice.open_minor:
        if not rules.is_any_part:
            # The invoice will refuse it, if so much is left at all.
            return Portion(minor, on if since(left, minor, on) < date.max else date.max)
        minor = invoice.open_minor
    day: date | None = on
    while day and not (there := dating.open_since_minor(invoice, day)):
        day = dating.next_change(invoice, day)
    if not day:
        return Portion(0, None)
    portion = min(minor, there)
    return Portion(portion, since(left, portion, day))
