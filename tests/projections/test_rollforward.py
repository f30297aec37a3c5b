from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.entry import Entry
from domain.invoice import facts
from domain.invoice.facts import Part
from domain.kinds import KINDS
from domain.terms import Instalment
from infra.database import open_pool
from infra.log.ledger import Batch, Ledger
from infra.views.answers import Views
from infra.views.projector import Projector
from projections.open_items import aging, bookings, rollforward
from projections.open_items.bookings import BOOKED, COLUMNS, DEDUCTED
from projections.open_items.movements import MOVING
from projections.open_items.rollforward import Period
from projections.open_items.view import OpenItems
from projections.projection import Query
from tests.projections.conftest import Ticking
from tests.projections.random_history import BEGIN, CAUSE, DAYS, ENTITIES, record

# What moves what is disputed or factored, and nothing that is open.
MOVING_NO_MONEY = {facts.Disputed, facts.DisputeResolved, facts.Factored, facts.Reassigned}


class Book(NamedTuple):
    entries: list[Entry]
    head: int
    ask: Callable[[Any], Any]

    def rollforwards(self, period):
        before, after = period.ends
        opening, closing = self.ask(aging.by_entity(before)), self.ask(aging.by_entity(after))
        return rollforward.rollforwards(opening, self.ask(rollforward.moved(period)), closing)


@pytest.fixture(scope="module")
def book(shared_database_url):
    """Four hundred facts in no order of their days, and one invoice that everything happened to."""
    with open_pool(shared_database_url, size=4) as pool:
        ledger = Ledger(pool, clock=Ticking(), kinds=KINDS)
        record(ledger, 7, streams=90)
        everything(ledger)
        projector, views = Projector(ledger, pool, [OpenItems()], batch=23), Views(pool)
        projector.catch_up()
        assert projector.parked("open_items") == []
        entries = list(ledger.entries(0, 10_000))
        yield Book(entries, ledger.head().position, lambda asked: asked.read(views.ask(Query(asked.sql, asked.values))))


EVERYTHING = "invoice:main:ALL"


def everything(ledger):
    """Each fact that moves an item of an invoice, at least once; nothing of it is open in the end."""
    one, fee = (Part(1, 100),), (Part(2, 7),)
    invoice = facts.Issued("ALL", "main", "ann", "EUR", 100, 0, BEGIN, (Instalment(BEGIN, 100),))
    told = [
        invoice,
        facts.Voided(one),
        facts.VoidUndone(one),
        facts.FeeCharged(2, 7, BEGIN, "agreed"),
        facts.ChargeWaived(2, 7, fee),
        facts.InterestCharged(3, 5, BEGIN, BEGIN, BEGIN, "agreed"),
        facts.CompensationClaimed(4, 3, BEGIN, "agreed"),
        facts.ExchangeDifferenceTaken("P", 1, 2, (Part(1, 2),)),
        facts.DiscountTaken("P", 1, 8, (Part(1, 8),)),
        facts.PartiallyPaid("P", 1, 90, (Part(1, 90),)),
        facts.PaymentReversed("P", 1, 90, 8, one, 2),
        facts.PaymentReinstated("P", 1, 90, 8, one, 2),
        facts.PaymentReversed("P", 1, 90, 8, one, 2),
        facts.CreditNoteApplied("C", 100, 0, one, 1),
        facts.CreditNoteUndone("C", 1, 100, 0, one),
        facts.CreditNoteReinstated("C", 1, 100, 0, one),
        facts.WrittenOff(8, 0, (Part(3, 5), Part(4, 3))),
        facts.Recovered("P", 2, 4),
        facts.PaymentReversed("P", 2, 4, 0, ()),
        facts.WriteOffUndone(8, 0, (Part(3, 5), Part(4, 3))),
        facts.Paid("factor:quick", 1, 8, (Part(3, 5), Part(4, 3))),
    ]
    dated = [(fact, BEGIN + timedelta(nth)) for nth, fact in enumerate(told)]
    ledger.record_many([Batch(EVERYTHING, 0, dated, CAUSE)])


def plain_columns(entries, first, last, known):
    """By entity and currency, from the facts themselves."""
    found: dict[Any, Counter[str]] = {}
    owners = {}
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, facts.Issued):
            owners[entry.stream] = (fact.entity, fact.currency)
        if entry.stream in owners and entry.position <= known and first <= entry.effective_on <= last:
            columns = found.setdefault(owners[entry.stream], Counter())
            for column, minor in plain_booking(fact):
                columns[column] += minor
    return {account: +columns | -columns for account, columns in found.items()}


def plain_booking(fact):
    moved = sum(part.minor for part in getattr(fact, "parts", ()))
    match fact:
        case facts.Issued():
            yield "invoiced", fact.total_minor
        case facts.Voided():
            yield "invoiced", -moved
        case facts.VoidUndone():
            yield "invoiced", moved
        case facts.FeeCharged() | facts.InterestCharged() | facts.CompensationClaimed():
            yield "charges", fact.amount_minor
        case facts.ChargeWaived():
            yield "charges", -moved
        case facts.CreditNoteApplied() | facts.CreditNoteReinstated():
            yield "credit_notes", moved
        case facts.CreditNoteUndone():
            yield "credit_notes", -moved
        case facts.PartiallyPaid() | facts.Paid() if fact.receipt.startswith("factor:"):
            yield "other", -moved
        case facts.PartiallyPaid() | facts.Paid():
            yield "cash", moved
        case facts.PaymentReversed() if moved:
            yield "cash", -(moved - fact.discount_minor - fact.difference_minor)
            yield "discounts", -fact.discount_minor
            yield "other", fact.difference_minor
        case facts.PaymentReinstated() if moved:
            yield "cash", moved - fact.discount_minor - fact.difference_minor
            yield "discounts", fact.discount_minor
            yield "other", -fact.difference_minor
        case facts.DiscountTaken():
            yield "discounts", moved
        case facts.ExchangeDifferenceTaken():
            yield "other", -moved
        case facts.WrittenOff():
            yield "write_offs", moved
        case facts.WriteOffUndone():
            yield "write_offs", -moved


days = st.integers(-3, DAYS + 40).map(lambda n: BEGIN + timedelta(n))


def shown(found):
    columns = {(each.entity, each.currency): Counter(each.columns) for each in found}
    return {account: +each | -each for account, each in columns.items() if any(each.values())}


@settings(max_examples=120)
@given(data=st.data(), one=days, other=days)
def test_every_column_of_any_days_as_known_at_any_position_is_what_the_facts_say_one_by_one(book, data, one, other):
    first, last = sorted((one, other))
    known = data.draw(st.integers(0, book.head))
    found = book.rollforwards(Period(first, last, known, known))
    columns = plain_columns(book.entries, first, last, known)
    assert shown(found) == {account: each for account, each in columns.items() if each}


@settings(max_examples=120)
@given(data=st.data(), one=days, other=days)
def test_opening_and_columns_come_to_closing_between_any_two_agings(book, data, one, other):
    first, last = sorted((one, other))
    known = data.draw(st.integers(0, book.head))
    found = book.rollforwards(Period(first, last, known, known))
    assert [each for each in found if each.difference_minor] == []


@settings(max_examples=40)
@given(one=days, other=days, most=st.sampled_from((1, 5, 10_000)))
def test_the_journal_comes_in_parts_and_adds_up_to_the_columns(book, one, other, most):
    first, last = sorted((one, other))
    period = Period(first, last, book.head)
    parts = book.ask(rollforward.stretches(period, most))
    booked = [each for part in parts for each in book.ask(rollforward.journal(part))]
    assert [(each.on, each.position) for each in booked] == sorted((each.on, each.position) for each in booked)
    assert len(booked) == len(set(booked))
    sums: dict[Any, Counter[str]] = {}
    for each in booked:
        account = sums.setdefault((each.entity, each.currency), Counter())
        account[each.column] += bookings.in_column(each.column, each.minor)
    assert {account: +each | -each for account, each in sums.items() if any(each.values())} == shown(
        book.rollforwards(period)
    )


def test_a_part_of_the_ledger_is_that_part_of_the_whole(book):
    of = {"first": BEGIN, "last": BEGIN + timedelta(DAYS), "position": book.head}
    whole = book.rollforwards(Period(**of))
    assert {each.entity for each in whole} == {*ENTITIES}
    for entity in ENTITIES:
        assert book.rollforwards(Period(**of, entity=entity)) == [each for each in whole if each.entity == entity]
    yen = [each for each in whole if each.currency == "JPY"]
    assert book.rollforwards(Period(**of, currency="JPY")) == yen


def test_every_fact_that_moves_what_is_open_has_its_column():
    of_invoices = {fact for fact in MOVING if fact in facts.FACTS.values()}
    assert BOOKED.keys() == of_invoices - MOVING_NO_MONEY
    assert {each.column for rows in BOOKED.values() for each in rows} == {*COLUMNS}
    assert {*COLUMNS} > DEDUCTED


def test_the_history_holds_every_fact_that_has_a_column(book):
    told = {type(each.fact) for each in book.entries}
    assert BOOKED.keys() - told == {facts.InstalmentPlanBroken}


def test_each_fact_of_an_invoice_counts_in_its_column_on_its_own_day(book):
    [stream] = [[each for each in book.entries if each.stream == EVERYTHING]]
    for entry in stream:
        day, at = entry.effective_on, Period(entry.effective_on, entry.effective_on, book.head)
        booked = [each for each in book.ask(rollforward.journal(at)) if each.stream == EVERYTHING]
        found = {each.column: bookings.in_column(each.column, each.minor) for each in booked}
        assert found == {column: minor for column, minor in plain_booking(entry.fact) if minor}, (day, entry.fact)
        assert {each.document for each in booked} <= {
            getattr(entry.fact, "receipt", getattr(entry.fact, "credit_note", ""))
        }
