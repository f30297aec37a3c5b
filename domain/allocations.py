"""One allocation: what a receipt or a credit note takes from an invoice on a day, and gives back on another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from domain import receipt as receipts
from domain.books import Books
from domain.credit_note import CreditNote, tax_of
from domain.invoice import crediting, dating, paying
from domain.invoice.facts import (
    CreditNoteApplied,
    CreditNoteReinstated,
    CreditNoteUndone,
    DiscountTaken,
    Paid,
    PartiallyPaid,
    PaymentReinstated,
    PaymentReversed,
    Recovered,
)
from domain.invoice.paying import COSTS_FIRST, Order
from domain.invoice.state import Credit, Invoice, Payment, find_credit, find_payment, find_taken_back
from domain.receipt import Allocated, AllocationReinstated, Receipt, Unallocated, Undone

_MONEY = PartiallyPaid | Paid | DiscountTaken | Recovered | CreditNoteApplied


class Held(NamedTuple):
    """An allocation and the days on which it holds: for ever, or until it was taken back."""

    made: Allocated
    on: date
    undone: Undone | None = None

    @property
    def until(self) -> date | None:
        return self.undone.on if self.undone else None


def held(money: Receipt) -> Iterator[Held]:
    """Those of money that held on some day."""
    for made in money.allocations:
        yield Held(made, money.allocated_on[made.allocation])
    for undone in money.undone:
        on = money.allocated_on[undone.made.allocation]
        if undone.on > on:
            yield Held(undone.made, on, undone)


def continued(money: Receipt, rest: Held) -> Held | None:
    """The allocation of which it is the rest: where a part ends, all of it is taken back, and the rest made again."""
    same = (each for each in held(money) if each.made.invoice == rest.made.invoice)
    return next((each for each in same if each.until == rest.on), None)


def begun(money: Receipt, made: Held) -> tuple[date, int]:
    """The day and the number of the first allocation of which it is what is left."""
    while before := continued(money, made):
        made = before
    return made.on, made.made.allocation


def allocate(
    books: Books,
    source: str,
    stream: str,
    minor: int,
    on: date,
    order: Order = COSTS_FIRST,
    *,
    as_was: Payment | Credit | None = None,
) -> None:
    """All of it on one day. The rest of one that ended goes where that went: to the same items, or to what was lost."""
    made = Allocated(books.source(source).allocations_made + 1, stream, minor)
    books.add(source, made, on)
    for fact in _taking(books.source(source), books.invoice(stream), made, on, order, as_was=as_was):
        day = on if isinstance(fact, Recovered) else dating.effective_from(books.invoice(stream), [fact], on)
        books.add(stream, fact, day)


def allocate_until(
    books: Books, source: str, stream: str, minor: int, on: date, until: date, *, as_was: Payment | Credit | None = None
) -> None:
    """For some days only, so that it leads to nothing else, such as a promise kept."""
    made = Allocated(books.source(source).allocations_made + 1, stream, minor)
    books.add(source, made, on)
    there = dating.open_between(books.invoice(stream), on, until)
    for fact in _taking(books.source(source), there, made, None, as_was=as_was):
        if isinstance(fact, _MONEY):
            books.add(stream, paying.as_it_closes(books.invoice(stream), fact), on)
    take_back(books, source, [(Unallocated(made.allocation, stream, minor), until)])


def take_back(books: Books, source: str, undone: Sequence[receipts.Dated]) -> None:
    """What a receipt or credit note takes back, or reinstates, is so on the invoice, too."""
    for fact, on in undone:
        books.add(source, fact, on)
        money = books.source(source)
        match fact:
            case Unallocated(allocation, invoice):
                books.add(invoice, _given_back(books.invoice(invoice), money, allocation), on)
            case AllocationReinstated(allocation, invoice):
                books.add(invoice, reinstated(books.invoice(invoice), money, allocation), on)


def is_lost(invoice: Invoice) -> bool:
    """Nothing is open of what was written off: money that comes is a recovery."""
    return bool(invoice.written_off_minor and not invoice.open_minor)


def is_lost_on(invoice: Invoice, on: date) -> bool:
    """The same on a day, though something may be open again since a later one."""
    is_given_up = invoice.written_off_minor and any(loss.on <= on for loss in invoice.write_offs)
    return bool(is_given_up and not dating.least_open_since(invoice, on))


def taken_by(invoice: Invoice, money: Receipt, allocation: int) -> Payment | Credit | None:
    """What an allocation took from the invoice, whether it was taken back or not."""
    number = money.received.receipt
    kind: type[Payment] | type[Credit] = Credit if isinstance(money, CreditNote) else Payment
    find: Any = find_credit if kind is Credit else find_payment
    found: Payment | Credit | None = find(invoice, number, allocation)
    return found or find_taken_back(invoice, kind, number, allocation)


def unfinished(money: Receipt, invoice: Invoice, stream: str, on: date) -> list[Payment | Credit]:
    """What of the money's takings that ended on the day does not go on yet, in the order in which it was allocated.

    What was allocated last has ended first, so what goes on already is of the first of them.
    """
    of_it = [each for each in held(money) if each.made.invoice == stream]
    goes_on = sum(each.made.amount_minor for each in of_it if each.on == on)
    found = list[Payment | Credit]()
    for each in sorted((each for each in of_it if each.until == on), key=lambda each: begun(money, each)):
        more = min(goes_on, each.made.amount_minor)
        goes_on -= more
        if more < each.made.amount_minor and (taken := taken_by(invoice, money, each.made.allocation)):
            found.append(replace(taken, amount_minor=taken.amount_minor - more))
    return found


def recovers(taken: object) -> bool:
    return isinstance(taken, Payment) and taken.is_recovery


def reinstated(invoice: Invoice, money: Receipt, allocation: int) -> PaymentReinstated | CreditNoteReinstated:
    number = money.received.receipt
    if isinstance(money, CreditNote):
        return crediting.reinstate(invoice, credit_note=number, allocation=allocation)
    return paying.reinstate_payment(invoice, receipt=number, allocation=allocation)


def _given_back(invoice: Invoice, money: Receipt, allocation: int) -> PaymentReversed | CreditNoteUndone:
    number = money.received.receipt
    if isinstance(money, CreditNote):
        [undone] = crediting.undo(invoice, credit_note=number, allocation=allocation)
        return undone
    [again] = paying.reverse_payment(invoice, receipt=number, allocation=allocation)
    return again


def _taking(
    money: Receipt,
    invoice: Invoice,
    made: Allocated,
    on: date | None,
    order: Order = COSTS_FIRST,
    *,
    as_was: Payment | Credit | None = None,
) -> Sequence[Any]:
    number, minor = money.received.receipt, made.amount_minor
    first = as_was.parts if as_was else ()
    if isinstance(money, CreditNote):
        tax = tax_of(money, minor)
        return crediting.credit(
            invoice,
            credit_note=number,
            amount_minor=minor,
            tax_minor=tax,
            allocation=made.allocation,
            effective_on=on,
            first=first,
        )
    paid: dict[str, Any] = {
        "receipt": number,
        "allocation": made.allocation,
        "amount_minor": minor,
        "currency": money.received.currency,
    }
    was_lost = recovers(as_was)
    if was_lost or is_lost(invoice) or (on and is_lost_on(invoice, on)):
        return paying.recover(invoice, **paid)
    return paying.pay(invoice, **paid, on=money.received.value_on, order=order, effective_on=on, first=first)
