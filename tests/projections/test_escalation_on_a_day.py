"""An invoice on a past day: what the ladder reads is what the facts effective by then add up to, item by item."""

from collections import defaultdict
from datetime import timedelta

import pytest

from domain.invoice.facts import Issued
from tests.projections import random_book, random_history

PAID = ("PartiallyPaid", "Paid", "DiscountTaken", "ExchangeDifferenceTaken", "PaymentReinstated")
LESS = (*PAID, "CreditNoteApplied", "CreditNoteReinstated", "ChargeWaived", "WrittenOff", "Voided")
MORE = ("PaymentReversed", "CreditNoteUndone", "WriteOffUndone", "VoidUndone")
CHARGES = ("InterestCharged", "FeeCharged", "CompensationClaimed")


def added_up(entries, day):
    """What is open of each item, by its number, and the numbers of the disputes: integers added in any order."""
    items: defaultdict[int, int] = defaultdict(int)
    disputes: set[int] = set()
    for fact in (entry.fact for entry in entries if entry.effective_on <= day):
        name = type(fact).__name__
        if isinstance(fact, Issued):
            for number, each in enumerate(fact.instalments, 1):
                items[number] += each.minor
        if name in CHARGES:
            items[fact.item] += fact.amount_minor
        if name == "InstalmentPlanAgreed":
            for number, each in enumerate(fact.instalments, fact.first_item):
                items[number] += each.minor
        if name == "InstalmentPlanBroken" and fact.item:
            items[fact.item] += sum(part.minor for part in fact.parts)
        sign = -1 if name in (*LESS, "InstalmentPlanAgreed", "InstalmentPlanBroken") else 1
        for part in getattr(fact, "parts", ()) if sign < 0 or name in MORE else ():
            items[part.item] += sign * part.minor
        if name == "Disputed":
            disputes.add(fact.dispute)
        if name == "DisputeResolved":
            disputes.discard(fact.dispute)
    return {number: minor for number, minor in items.items() if minor}, disputes


def compared(ledger, begin, days):
    """Every invoice on many days; returns how often something was deferred."""
    streams = defaultdict(list)
    for entry in ledger.entries(0, 100_000):
        if entry.stream.startswith("invoice:"):
            streams[entry.stream].append(entry)
    # Nothing happens to an invoice before it is issued: every door refuses it.
    for stream in [name for name, told in streams.items() if told[0].effective_on > min(e.effective_on for e in told)]:
        del streams[stream]
    deferred = 0
    for day in (begin + timedelta(n) for n in range(0, days, 7)):
        read = ledger.read_on(streams, day)
        for stream, entries in streams.items():
            assert read[stream].version == len(entries)
            state, issued_on = read[stream].state, entries[0].effective_on
            assert (state is None) == (day < issued_on)
            if state is None:
                continue
            items, disputes = added_up(entries, day)
            assert {n: item.open_minor for n, item in enumerate(state.items, 1) if item.open_minor} == items, stream
            assert {dispute.number for dispute in state.disputes} == disputes
            deferred += any(entry.effective_on > day for entry in entries)
        assert ledger.read_on(streams, begin + timedelta(10_000)) == ledger.read(streams)
    return deferred


@pytest.mark.parametrize("seed", range(3))
def test_an_invoice_of_any_book_is_on_each_day_what_its_facts_by_then_add_up_to(ledger, seed):
    random_book.play(ledger, seed)
    assert compared(ledger, random_book.BEGIN, 700) > 50


def test_an_invoice_of_a_history_in_no_order_of_days_is_what_its_facts_by_then_add_up_to(ledger):
    random_history.record(ledger, 5, streams=40)
    compared(ledger, random_history.BEGIN, random_history.DAYS)
