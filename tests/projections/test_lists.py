"""Lists of books nobody planned, held against the book kept the plain way, and against aging."""

from datetime import timedelta
from random import Random

import pytest

from domain.invoice import facts as invoice_facts
from domain.kinds import NAMES
from infra.views.answers import Views
from infra.views.projector import Projector
from projections.credit_risk.view import CreditRisk
from projections.open_items import aging, invoice_list, receipt_list
from projections.open_items.aging import Aging
from projections.open_items.asking import Part
from projections.open_items.invoice_list import CONDITIONS, ListedInvoice
from projections.open_items.receipt_list import ListedReceipt
from projections.open_items.view import OpenItems
from projections.projection import Query
from tests.projections import plain_book, random_book, random_history

PROMISES = (
    invoice_facts.PromiseMade,
    invoice_facts.PromiseKept,
    invoice_facts.PromisePartlyKept,
    invoice_facts.PromiseBroken,
)


class Book:
    def __init__(self, ledger, pool):
        self.ledger, self.views = ledger, Views(pool)
        self.projector = Projector(ledger, pool, [OpenItems(), CreditRisk()], batch=13)

    def invoices(self, as_of, position, status):
        part = Part(as_of=as_of, known_at=position)
        found = self.views.ask(invoice_list.page(part, status, self.customers()))
        return [ListedInvoice._make(row) for row in found]

    def receipts(self, as_of, position, status):
        part = Part(as_of=as_of, known_at=position)
        found = self.views.ask(receipt_list.page(part, status, ["", *self.customers()]))
        return [ListedReceipt._make(row) for row in found]

    def aged(self, as_of, position):
        question = aging.totals(Aging(as_of=as_of, known_at=position))
        lines = question.read(self.views.ask(Query(question.sql, question.values)))
        return {line.currency: line for line in lines}

    def customers(self):
        """All of them, asked for two at a time."""
        found: list[str] = []
        while more := self.views.ask(invoice_list.customers_after(found[-1] if found else "", 2)):
            found += [customer for (customer,) in more]
        return found


@pytest.fixture
def book(ledger, pool):
    return Book(ledger, pool)


def plainly(entries, as_of, position):
    """By invoice: what was open, overdue and disputed, and all that it was."""
    invoices: dict[str, list[plain_book.PlainItem]] = {}
    for item in plain_book.items(entries, position):
        if item.moves[0][0] <= as_of or item.kind == "principal":
            invoices.setdefault(item.stream, []).append(item)
    return {
        stream: _of(items, as_of, _is_promised(entries, stream, as_of, position))
        for stream, items in invoices.items()
        if items[0].issued_on <= as_of
    }


def _of(items, as_of, is_promised):
    there = [item for item in items if item.moves[0][0] <= as_of]
    left = [item for item in there if item.open_on(as_of)]
    endings = {item.settled(as_of)[1] for item in there if item not in left}
    if left:
        due_on = min(item.due_on for item in left)
        was = {"open"} | ({"overdue"} if due_on < as_of else set()) | ({"promised"} if is_promised else set())
        was |= {"disputed"} if any(item.disputed_on(as_of) for item in left) else set()
    else:
        due_on = max(item.due_on for item in there)
        was = {"voided" if "invoice.voided" in endings else _given_up_or_paid(endings)}
    return {
        "total": sum(item.original for item in items if item.kind == "principal"),
        "open": sum(item.open_on(as_of) for item in left),
        "overdue": sum(item.open_on(as_of) for item in left if item.due_on < as_of),
        "disputed": sum(item.disputed_on(as_of) for item in left),
        "due_on": due_on,
        "was": was,
    }


def _given_up_or_paid(endings):
    return "written_off" if "invoice.written_off" in endings else "paid"


def _is_promised(entries, stream, as_of, position):
    said = [
        (each.effective_on, each.position, NAMES[type(each.fact)])
        for each in entries
        if each.stream == stream and isinstance(each.fact, PROMISES)
        if each.effective_on <= as_of and each.position <= position
    ]
    return bool(said) and max(said)[2] == "invoice.promise_made"


@pytest.mark.parametrize("seed", range(3))
def test_every_invoice_of_any_day_as_known_at_any_position_is_what_a_plain_book_says(book, seed):
    random_book.play(book.ledger, seed)
    book.projector.catch_up()
    entries, dice = book.ledger.entries(0, 10_000), Random(seed)
    assert book.customers() == sorted(random_book.CUSTOMERS)
    for _ in range(6):
        as_of = random_book.BEGIN + timedelta(dice.randrange(700))
        position = dice.choice((len(entries), dice.randrange(len(entries))))
        expected = plainly(entries, as_of, position)
        for status in CONDITIONS:
            listed = book.invoices(as_of, position, status)
            assert {each.stream for each in listed} == {
                stream for stream, each in expected.items() if status == "all" or status in each["was"]
            }
            for each in listed:
                plain = expected[each.stream]
                shown = each.open_minor, each.overdue_minor, each.disputed_minor, each.total_minor, each.due_on
                assert shown == tuple(plain[key] for key in ("open", "overdue", "disputed", "total", "due_on"))
                assert each.status(as_of) in plain["was"]
            order = [(each.customer, each.due_on, each.stream) for each in listed]
            assert order == sorted(order)


@pytest.mark.parametrize("seed", range(3))
def test_invoices_and_money_on_account_of_any_day_and_position_add_up_to_aging(book, seed):
    random_history.record(book.ledger, seed)
    book.projector.catch_up()
    dice, last = Random(seed), book.ledger.head().position
    for _ in range(6):
        as_of = random_history.BEGIN + timedelta(dice.randrange(random_history.DAYS))
        position = dice.choice((last, dice.randrange(last)))
        aged = book.aged(as_of, position)
        invoices, receipts = book.invoices(as_of, position, "open"), book.receipts(as_of, position, "unapplied")
        for currency in aged.keys() | {each.currency for each in (*invoices, *receipts)}:
            opens = sum(each.open_minor for each in invoices if each.currency == currency)
            left = sum(each.unallocated_minor for each in receipts if each.currency == currency)
            assert (opens, left) == (aged[currency].open_minor, aged[currency].unapplied_minor)
        everything = book.invoices(as_of, position, "all")
        assert sum(each.open_minor for each in everything) == sum(each.open_minor for each in invoices)
        assert {each.stream for each in everything if each.open_minor} == {each.stream for each in invoices}
        whole = book.receipts(as_of, position, "all")
        assert {each.stream: each for each in whole if each.unallocated_minor} == {
            each.stream: each for each in receipts
        }


def test_of_an_empty_ledger_there_is_nobody_to_list(book):
    book.projector.catch_up()
    assert book.customers() == []
