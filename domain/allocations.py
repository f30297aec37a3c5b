"""One allocation: what a receipt or a credit note takes from an invoice on a day, and gives back on another."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain import receipt as receipts
from domain.books import Books
from domain.by_day import first_below, least_between
from domain.credit_note import CreditNote, tax_of
from domain.invoice import crediting, dating, paying
from domain.invoice.facts import (
    CreditNoteReinstated,
    CreditNoteUndone,
    DiscountTaken,
    Paid,
    PartiallyPaid,
    PaymentReinstated,
    PaymentReversed,
)
from domain.invoice.paying import COSTS_FIRST, Order
from domain.invoice.state import Invoice
from domain.receipt import Allocated, AllocationReinstated, Receipt, Unallocated, Undone


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


def allocate(books: Books, source: str, stream: str, minor: int, on: date, order: Order = COSTS_FIRST) -> None:
    """All of it on one day, `until` it is taken back if it is."""
    [made] = receipts.allocate(books.source(source), invoice=stream, amount_minor=minor, on=on)
    assert isinstance(made, Allocated)
    books.add(source, made, on)
    for fact in _taking(books.source(source), books.invoice(stream), made, on, order):
        books.add(stream, fact, dating.effective_from(books.invoice(stream), [fact], on))


def allocate_until(books: Books, source: str, stream: str, minor: int, on: date, until: date) -> None:
    """For some days only."""
    made = Allocated(books.source(source).allocations_made + 1, stream, minor)
    books.add(source, made, on)
    there = dating.open_between(books.invoice(stream), on, until)
    for fact in _taking(books.source(source), there, made, None):
        # What it would lead to, such as a promise kept, it did not.
        if (
            (not isinstance(books.source(source), CreditNote) and is_lost(there))
            or isinstance(books.source(source), CreditNote)
            or isinstance(fact, PartiallyPaid | Paid | DiscountTaken)
        ):
            books.add(stream, fact, on)
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


def free(books: Books, source: str, minor: int, on: date) -> None:
    """On every day since, `minor` is left: allocations end, the last one first; what is not needed of one holds on."""
    while day := first_below(books.source(source).by_day, minor, on):
        money = books.source(source)
        holding = [each for each in held(money) if each.on <= day and (each.until is None or day < each.until)]
        last = max(holding, key=lambda each: (each.on, each.made.allocation))
        allocation, invoice, amount = last.made.allocation, last.made.invoice, last.made.amount_minor
        if last.undone:
            take_back(books, source, receipts.undone_from(money, last.undone, day))
        else:
            take_back(books, source, [(Unallocated(allocation, invoice, amount), day)])
        left = least_between(books.source(source).by_day, day, day)
        rest = min(amount, left - minor)
        if rest > 0 and last.made.rate is None:
            if last.until:
                allocate_until(books, source, invoice, rest, day, last.until)
            else:
                allocate(books, source, invoice, rest, day)


def is_lost(invoice: Invoice) -> bool:
    """Nothing is open of what was written off: money that comes is a recovery."""
    return bool(invoice.written_off_minor and not invoice.open_minor)


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
    money: Receipt, invoice: Invoice, made: Allocated, on: date | None, order: Order = COSTS_FIRST
) -> Sequence[Any]:
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
