from datetime import date, timedelta
from random import Random

import pytest

from domain.invoice.facts import Issued, Paid, Part, PartiallyPaid
from domain.receipt import Allocated, Received
from domain.terms import Instalment
from infra.log.ledger import Batch
from infra.views.answers import Views
from infra.views.projector import Projector
from projections.open_items import aging, drill_down, restatement
from projections.open_items.aging import Aging, Total, bucket_names
from projections.open_items.asking import Part as Asked
from projections.open_items.view import OpenItems
from projections.projection import Query
from tests.projections.plain_items import aged, plain_items
from tests.projections.random_history import BEGIN, CAUSE, DAYS, record

SEEDS = range(6)
DAY = date(2026, 1, 1)


def day(number):
    return DAY + timedelta(number)


class Book:
    """A ledger with its open items, and the questions one may ask them."""

    def __init__(self, ledger, pool):
        self.ledger, self.projector, self.views = ledger, Projector(ledger, pool, [OpenItems()], batch=11), Views(pool)
        self.versions = {}

    def tell(self, stream, *dated):
        """Facts, each with the day it counts for; returns the position of the last."""
        version = self.versions.get(stream, 0)
        self.versions[stream] = version + len(dated)
        return self.ledger.record_many([Batch(stream, version, dated, CAUSE)]).position

    def record(self, seed):
        record(self.ledger, seed)
        self.projector.catch_up()
        assert self.projector.parked("open_items") == []
        return plain_items(self.ledger.entries(0, 10_000)), self.ledger.head().position

    def ask(self, question):
        return question.read(self.views.ask(Query(question.sql, question.values)))

    def sums(self, question):
        """Lines in the words of the plain book."""
        return {(line.group or "", line.currency): told(line) for line in self.ask(question)}

    def open_minor(self, as_of, known_at=None):
        self.projector.catch_up()
        return sum(line.open_minor for line in self.ask(aging.totals(Aging(as_of=as_of, known_at=known_at))))


def told(line):
    figures = {"open": line.open_minor, "items": line.items, "unapplied": line.unapplied_minor}
    figures |= {"disputed": line.disputed_minor, "assigned": line.assigned_minor}
    figures |= {("open", n): minor for n, minor in enumerate(line.open_by_bucket)}
    if isinstance(line, Total):
        figures |= {("items", n): items for n, items in enumerate(line.items_by_bucket)}
    return {name: figure for name, figure in figures.items() if figure}


def plain(lines, *, by_bucket=True):
    """`by_bucket`: with the number of items in each bucket."""

    def is_told(name, figure):
        return figure and (by_bucket or name[0] != "items")

    return {
        key: {name: figure for name, figure in line.items() if is_told(name, figure)} for key, line in lines.items()
    }


@pytest.fixture
def book(ledger, pool):
    return Book(ledger, pool)


def days(seed):
    """Days before, in and after the history, its last among them."""
    return [BEGIN - timedelta(1), BEGIN + timedelta(DAYS + 200), *(day(Random(seed).randrange(DAYS)) for _ in "abc")]


@pytest.mark.parametrize("seed", SEEDS)
def test_aging_of_any_day_as_known_now_or_at_any_position_is_what_a_plain_book_says(book, seed):
    items, head = book.record(seed)
    for as_of in days(seed):
        for known_at in (None, head, Random(seed).randrange(head), 0):
            known = head if known_at is None else known_at
            for basis in aging.BASES if known_at in (None, head) else ("due_on",):
                asked = Aging(as_of=as_of, known_at=known_at, basis=basis)
                assert book.sums(aging.totals(asked)) == plain(aged(items, as_of, known, by="currency", basis=basis))
                assert book.sums(aging.by_customer(asked)) == plain(
                    aged(items, as_of, known, basis=basis), by_bucket=False
                )
                assert book.sums(aging.by_entity(asked)) == plain(aged(items, as_of, known, by="entity", basis=basis))


def test_aging_now_is_the_same_whether_read_from_the_sums_or_from_the_items(book):
    _, head = book.record(1)
    for as_of in days(1):
        for question in (aging.totals, aging.by_customer, aging.by_entity):
            from_sums = book.sums(question(Aging(as_of=as_of)))
            assert book.sums(question(Aging(as_of=as_of, known_at=head))) == from_sums


def test_a_report_on_a_part_of_the_ledger_is_that_part_of_the_whole_report(book):
    items, head = book.record(2)
    as_of = day(70)
    for known_at in (None, head // 2):
        known = head if known_at is None else known_at
        for narrowed in ({"entity": "north"}, {"currency": "JPY"}, {"customer": "ann"}):
            [(name, value)] = narrowed.items()
            of = [
                item
                for item in items
                if (item.customer_on(as_of, known) if name == "customer" else getattr(item, name)) == value
            ]
            asked = Aging(as_of=as_of, known_at=known_at, **narrowed)  # type: ignore[arg-type]
            assert book.sums(aging.totals(asked)) == plain(aged(of, as_of, known, by="currency"))
            assert book.sums(aging.by_customer(asked)) == plain(aged(of, as_of, known), by_bucket=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_customers_items_add_up_to_their_line_and_the_lines_to_the_total(book, seed):
    _, head = book.record(seed)
    for known_at in (None, head // 2):
        asked = Aging(as_of=day(80), known_at=known_at)
        lines = book.ask(aging.by_customer(asked))
        for total in book.ask(aging.totals(asked)):
            mine = [line for line in lines if line.currency == total.currency]
            sums = tuple(map(sum, zip(*(line[2:] for line in mine), strict=True)))
            assert (*sums[:5], sums[5:]) == (*total[2:7], total.open_by_bucket)
            assert (total.open_minor, total.items) == (sum(total.open_by_bucket), sum(total.items_by_bucket))
            assert all(line.open_minor == sum(line.open_by_bucket) for line in mine)
        for line in lines:
            part = Asked(as_of=day(80), known_at=known_at, customer=line[0], currency=line.currency)
            items = book.ask(drill_down.items(part))
            assert (sum(each.open_minor for each in items), len(items)) == (line.open_minor, line.items)
            assert sum(each.disputed_minor for each in items) == line.disputed_minor
            assert sum(each.open_minor for each in items if each.is_assigned) == line.assigned_minor


@pytest.mark.parametrize("seed", SEEDS)
def test_an_item_shows_its_age_for_accounting_and_its_age_for_the_ladder(book, seed):
    items, head = book.record(seed)
    plainly = {(item.stream, item.number): item for item in items}
    for known_at in (None, head // 2):
        known, as_of = head if known_at is None else known_at, day(110)
        for each in book.ask(drill_down.items(Asked(as_of=as_of, known_at=known_at))):
            item = plainly[each.stream, each.item]
            assert each.days_past_due == (as_of - item.due_on).days
            first = min(on for on, at, _ in item.moves if at <= known)
            if first <= item.due_on:
                assert each.ladder_age == item.ladder_age(as_of, known)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_facts_learnt_between_two_positions_explain_each_cent_of_difference(book, seed):
    items, head = book.record(seed)
    for before, after in ((0, head), (head // 3, head // 2), (head // 2, head), (head, head)):
        as_of = day(60)
        changes = book.ask(restatement.restatement(Asked(as_of=as_of, known_at=after), before))
        for item in items:
            if item.kind != "unapplied":
                mine = [c.difference_minor for c in changes if (c.stream, c.item) == (item.stream, item.number)]
                assert sum(mine) == item.open_on(as_of, after) - item.open_on(as_of, before)
        assert all(before < change.position <= after and change.difference_minor for change in changes)


def test_a_change_names_the_fact_the_day_it_counts_for_and_what_it_changed(book):
    told_at = book.tell("invoice:main:1", (issued(100, due=day(30)), day(0)))
    paid_at = book.tell("invoice:main:1", (Paid("R", 1, 100, (Part(1, 100),)), day(10)))
    book.projector.catch_up()
    [change] = book.ask(restatement.restatement(Asked(as_of=day(20)), told_at))
    assert (change.position, change.name, change.effective_on) == (paid_at, "invoice.paid", day(10))
    assert (change.difference_minor, change.customer, change.currency) == (-100, "ann", "EUR")
    assert book.ask(restatement.restatement(Asked(as_of=day(9)), told_at)) == []


# Days


def issued(*minor, due, number="1", customer="ann"):
    terms = tuple(Instalment(due, each) for each in minor)
    return Issued(number, "main", customer, "EUR", sum(minor), 0, day(0), terms)


@pytest.mark.parametrize(
    ("late", "bucket"),
    [(-1, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "over_90"), (5000, "over_90")],
)  # fmt: skip
def test_an_item_is_overdue_from_the_day_after_its_due_day_and_in_one_bucket_only(book, late, bucket):
    book.tell("invoice:main:1", (issued(100, due=day(30)), day(0)))
    book.projector.catch_up()
    for known_at in (None, 1):
        asked = Aging(as_of=day(30 + late), known_at=known_at)
        for question in (aging.totals, aging.by_entity):
            [line] = book.ask(question(asked))
            found = zip(bucket_names(), line.open_by_bucket, line.items_by_bucket, strict=True)
            assert [each for each in found if any(each[1:])] == [(bucket, 100, 1)]
        [line] = book.ask(aging.by_customer(asked))
        assert dict(zip(bucket_names(), line.open_by_bucket, strict=True))[bucket] == line.open_minor == 100


def test_buckets_are_as_many_as_are_asked_for(book):
    book.tell("invoice:main:1", (issued(100, due=day(30)), day(0)))
    book.projector.catch_up()
    bounds = (7, 14, 30, 60, 120, 365)
    assert bucket_names(bounds) == ["not_due", "1-7", "8-14", "15-30", "31-60", "61-120", "121-365", "over_365"]
    [line] = book.ask(aging.by_customer(Aging(as_of=day(45), bounds=bounds)))
    assert line.open_by_bucket == (0, 0, 0, 100, 0, 0, 0, 0)


@pytest.mark.parametrize("bounds", [(), (0, 30), (60, 30), (30, 30)])
def test_bounds_that_are_no_days_past_due_in_rising_order_are_refused(bounds):
    with pytest.raises(ValueError, match="bounds"):
        Aging(as_of=DAY, bounds=bounds)


def test_a_fact_dated_in_the_future_does_not_count_before_its_day(book):
    stream = "invoice:main:1"
    book.tell(stream, (issued(100, due=day(30)), day(0)), (PartiallyPaid("R", 1, 40, (Part(1, 40),)), day(300)))
    book.tell("invoice:main:2", (issued(7, due=day(230), number="2"), day(200)))
    assert [book.open_minor(day(on)) for on in (0, 199, 200, 299, 300)] == [100, 100, 107, 107, 67]
    [line] = book.ask(aging.by_customer(Aging(as_of=day(250))))
    assert line.open_by_bucket == (0, 7, 0, 0, 100)


def test_an_invoice_counts_as_paid_from_the_day_of_the_payment_on(book):
    book.tell("invoice:main:1", (issued(100, due=day(30)), day(0)), (Paid("R", 1, 100, (Part(1, 100),)), day(12)))
    assert [book.open_minor(day(on)) for on in (11, 12)] == [100, 0]


def test_money_received_and_not_allocated_is_beside_what_is_open_and_not_taken_from_it(book):
    book.tell("invoice:main:1", (issued(100, due=day(30)), day(0)))
    received = Received("M", "main", "EUR", 60, day(5), "ann")
    book.tell("receipt:M", (received, day(5)), (Allocated(1, "invoice:main:1", 20), day(8)))
    book.projector.catch_up()
    for as_of, unapplied in ((4, 0), (5, 60), (8, 40)):
        [line] = book.ask(aging.totals(Aging(as_of=day(as_of))))
        assert (line.open_minor, line.unapplied_minor) == (100, unapplied)


def test_money_of_a_payer_nobody_knows_is_in_the_total_and_in_a_line_without_a_name(book):
    book.tell("receipt:M", (Received("M", "main", "EUR", 60, day(5)), day(5)))
    book.projector.catch_up()
    [line] = book.ask(aging.by_customer(Aging(as_of=day(5))))
    assert (line.group, line.items, line.unapplied_minor) == (None, 0, 60)


def test_currencies_are_never_added(book):
    book.tell("invoice:main:1", (issued(100, due=day(30)), day(0)))
    yen = Issued("2", "main", "ann", "JPY", 100, 0, day(0), (Instalment(day(30), 100),))
    book.tell("invoice:main:2", (yen, day(0)))
    book.projector.catch_up()
    assert [(line.currency, line.open_minor) for line in book.ask(aging.totals(Aging(as_of=day(5))))] == [
        ("EUR", 100),
        ("JPY", 100),
    ]


def test_lines_of_customers_add_up_to_lines_of_what_they_have_in_common(book):
    for number, customer in enumerate(("ann", "bob", "cy"), 1):
        book.tell(
            f"invoice:main:{number}", (issued(number, due=day(30), number=str(number), customer=customer), day(0))
        )
    book.projector.catch_up()
    lines = aging.grouped(book.ask(aging.by_customer(Aging(as_of=day(5)))), {"ann": "kim", "cy": "kim"})
    assert [(line.group, line.open_minor, line.items) for line in lines] == [("kim", 4, 2), ("none", 2, 1)]
