"""Cash application: how much of a receipt goes to which claim, whatever they are."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import cash_application, invoice
from domain import receipt as receipts
from domain.cash_application import Dated
from domain.invoice import Claim
from domain.receipt import Received
from domain.refusal import Refused
from domain.terms import Discount, Instalment

DAY = date(2026, 1, 5)
amounts = st.integers(1, 200)


@st.composite
def claims(draw, number: int) -> Claim:
    total = draw(amounts)
    discounts = [Discount(DAY + timedelta(draw(st.integers(0, 3))), 1)] if total > 1 and draw(st.booleans()) else []
    written: dict[str, Any] = {"number": f"R-{number}", "entity": "main", "customer": "acme", "total_minor": total}
    currency = draw(st.sampled_from(["EUR", "EUR", "USD"]))
    due = [Instalment(DAY, total)]
    [issued] = invoice.issue(None, **written, currency=currency, issued_on=DAY, instalments=due, discounts=discounts)
    claim = invoice.evolve(None, issued, DAY)
    for decision, asked in draw(st.lists(st.sampled_from(HAPPENED), max_size=2)):
        try:
            for fact in decision(claim, **asked):
                claim = invoice.evolve(claim, fact, asked.get("on", DAY))
        except Refused:
            pass
    return claim


HAPPENED = [
    (invoice.void, {"reason": "typing error"}),
    (invoice.write_off, {"reason": "insolvent"}),
    (invoice.charge_fee, {"amount_minor": 3, "basis": "reminder", "on": DAY + timedelta(2)}),
    (
        invoice.factor,
        {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300, "with_recourse": False},
    ),
]

several = st.integers(1, 4).flatmap(lambda n: st.tuples(*(claims(number) for number in range(n))))


def streams(found: tuple[Claim, ...]) -> dict[str, Claim]:
    return {f"invoice:main:{claim.issued.number}": claim for claim in found}


@given(several, amounts, st.lists(st.one_of(st.none(), amounts), min_size=4, max_size=4))
def test_money_is_neither_lost_nor_made(found, minor, wanted):
    by_stream = streams(found)
    asked = dict(zip(by_stream, wanted, strict=False))

    dated = received(by_stream, asked, minor)

    money = receipts.fold(fact for fact, _ in dated["receipt:B-1"])
    assert money
    paid = {each.invoice: each.amount_minor for each in money.allocations}
    assert money.unallocated_minor == minor - sum(paid.values()) >= 0
    for stream, claim in by_stream.items():
        after = claim
        for fact, _ in dated.get(stream, []):
            after = invoice.evolve(after, fact)
        had = sum(each.amount_minor for each in after.payments)
        assert had == paid.get(stream, 0) <= (asked[stream] or minor)
        assert min(item.open_minor for item in after.items) >= 0
        assert not had or (claim.issued.currency == "EUR" and not claim.is_sold and not claim.is_voided)


@given(several, amounts)
def test_money_is_left_only_when_nothing_is_open(found, minor):
    by_stream = streams(found)

    dated = received(by_stream, {}, minor)

    money = receipts.fold(fact for fact, _ in dated["receipt:B-1"])
    assert money
    if money.unallocated_minor:
        for stream, claim in cash_application.payable(by_stream, "EUR").items():
            for fact, _ in dated[stream]:
                claim = invoice.evolve(claim, fact)
            assert not claim.open_minor


@given(several, amounts)
def test_no_payment_counts_before_what_it_pays(found, minor):
    by_stream = streams(found)

    dated = received(by_stream, {}, minor, value_on=DAY - timedelta(9))

    facts = chain.from_iterable(dated.values())
    assert all(day >= DAY for fact, day in facts if not isinstance(fact, Received))


EARLY, RETURNED, LATE = (DAY + timedelta(days) for days in (5, 15, 20))


def returned(paid_minor: int, *, kept_minor: int = 0, discount_minor: int = 0) -> Claim:
    """100 open since DAY; of what was paid on EARLY one payment is kept, the other was returned on RETURNED."""
    written: dict[str, Any] = {"number": "R-0", "entity": "main", "customer": "acme", "currency": "EUR"}
    discounts = [Discount(RETURNED, discount_minor)] if discount_minor else []
    due = [Instalment(DAY, 100)]
    [issued] = invoice.issue(None, **written, total_minor=100, issued_on=DAY, instalments=due, discounts=discounts)
    claim = invoice.evolve(None, issued, DAY)
    for receipt, minor in (("B-8", kept_minor), ("B-9", paid_minor)):
        paid: dict[str, Any] = {"receipt": receipt, "allocation": 1, "amount_minor": minor, "currency": "EUR"}
        for fact in invoice.pay(claim, **paid, on=EARLY) if minor else ():
            claim = invoice.evolve(claim, fact, EARLY)
    for fact in invoice.reverse_payment(claim, receipt="B-9", allocation=1, reason="debit returned"):
        claim = invoice.evolve(claim, fact, RETURNED)
    return claim


@pytest.mark.parametrize(
    ("paid_before", "minor", "value_on", "counts_from"),
    [
        (100, 100, RETURNED - timedelta(1), RETURNED),
        (100, 1, DAY, RETURNED),
        (100, 100, RETURNED, RETURNED),
        (100, 100, LATE, LATE),
        (60, 40, RETURNED - timedelta(1), RETURNED - timedelta(1)),
        (60, 40, DAY - timedelta(1), DAY),
        (60, 41, RETURNED - timedelta(1), RETURNED),
    ],
)
def test_a_payment_of_what_was_paid_and_returned_counts_from_the_return(paid_before, minor, value_on, counts_from):
    stream = "invoice:main:R-0"

    dated = received({stream: returned(paid_before)}, {}, minor, value_on=value_on)

    assert {day for _, day in dated[stream]} == {counts_from}
    assert [day for _, day in dated["receipt:B-1"]] == [value_on, counts_from]


def test_a_payment_and_its_discount_count_from_when_both_were_open():
    claim = returned(15, kept_minor=60, discount_minor=20)

    dated = received({"invoice:main:R-0": claim}, {}, 20, value_on=RETURNED - timedelta(1))

    assert [(type(fact).__name__, day) for fact, day in dated["invoice:main:R-0"]] == [
        ("DiscountTaken", RETURNED),
        ("Paid", RETURNED),
    ]


def test_a_payment_that_came_before_the_plan_was_agreed_pays_its_instalments_from_that_day_on():
    claim = returned(100)
    for fact in invoice.agree_plan(claim, instalments=[Instalment(LATE, 50), Instalment(LATE, 50)], on=LATE):
        claim = invoice.evolve(claim, fact, LATE)

    dated = received({"invoice:main:R-0": claim}, {}, 30, value_on=RETURNED)

    assert {day for _, day in dated["invoice:main:R-0"]} == {LATE}


def received(
    by_stream: Mapping[str, Claim], wanted: Mapping[str, int | None], minor: int, value_on: date = DAY
) -> Dated:
    money: dict[str, Any] = {"number": "B-1", "entity": "main", "currency": "EUR", "amount_minor": minor}
    return cash_application.receive(by_stream, wanted, customer="acme", value_on=value_on, **money)
