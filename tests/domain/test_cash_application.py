"""Cash application: how much of a receipt goes to which claim, whatever they are."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import cash_application, customer
from domain import invoice as invoices
from domain import receipt as receipts
from domain.cash_application import Dated
from domain.customer.facts import Registered
from domain.invoice import Invoice
from domain.invoice.facts import Paid, Part, PartiallyPaid
from domain.receipt import Allocated
from domain.refusal import Refused
from domain.terms import Discount, Instalment

DAY = date(2026, 1, 5)
amounts = st.integers(1, 200)


@st.composite
def any_invoice(draw, number: int) -> Invoice:
    total = draw(amounts)
    discounts = [Discount(DAY + timedelta(draw(st.integers(0, 3))), 1)] if total > 1 and draw(st.booleans()) else []
    written: dict[str, Any] = {"number": f"R-{number}", "entity": "main", "customer": "acme", "total_minor": total}
    currency = draw(st.sampled_from(["EUR", "EUR", "USD"]))
    due = [Instalment(DAY, total)]
    [issued] = invoices.issue(None, **written, currency=currency, issued_on=DAY, instalments=due, discounts=discounts)
    invoice = invoices.evolve(None, issued, DAY)
    for decision, asked in draw(st.lists(st.sampled_from(HAPPENED), max_size=2)):
        try:
            for fact in decision(invoice, **asked):
                invoice = invoices.evolve(invoice, fact, invoices.effective_from(invoice, [fact], asked.get("on", DAY)))
        except Refused:
            pass
    return invoice


HAPPENED = [
    (invoices.void, {}),
    (invoices.write_off, {}),
    (invoices.charge_fee, {"amount_minor": 3, "basis": "reminder", "on": DAY + timedelta(2)}),
    (
        invoices.factor,
        {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300, "with_recourse": False},
    ),
]

several = st.integers(1, 4).flatmap(lambda n: st.tuples(*(any_invoice(number) for number in range(n))))


def streams(found: tuple[Invoice, ...]) -> dict[str, Invoice]:
    return {f"invoice:main:{invoice.issued.number}": invoice for invoice in found}


@given(several, amounts, st.lists(st.one_of(st.none(), amounts), min_size=4, max_size=4))
def test_money_is_neither_lost_nor_made(found, minor, wanted):
    by_stream = streams(found)
    asked = dict(zip(by_stream, wanted, strict=False))

    dated = received(by_stream, asked, minor)

    money = receipts.fold(fact for fact, _ in dated["receipt:B-1"])
    assert money
    paid = Counter[str]()
    for each in money.allocations:
        paid[each.invoice] += each.amount_minor
    assert money.unallocated_minor == minor - sum(paid.values()) >= 0
    for stream, invoice in by_stream.items():
        after = invoice
        for fact, _ in dated.get(stream, []):
            after = invoices.evolve(after, fact)
        had = sum(each.amount_minor for each in after.payments)
        assert had == paid[stream] <= (asked[stream] or minor)
        assert min(item.open_minor for item in after.items) >= 0
        assert not had or (invoice.issued.currency == "EUR" and not invoice.is_factored and not invoice.is_voided)


@given(several, amounts)
def test_money_is_left_only_when_nothing_is_open(found, minor):
    by_stream = streams(found)

    dated = received(by_stream, {}, minor)

    money = receipts.fold(fact for fact, _ in dated["receipt:B-1"])
    assert money
    if money.unallocated_minor:
        for stream, invoice in cash_application.payable(by_stream, "EUR").items():
            for fact, _ in dated[stream]:
                invoice = invoices.evolve(invoice, fact)
            assert not invoice.open_minor


@given(several, amounts, st.integers(-3, 5))
def test_a_payment_counts_as_soon_as_the_money_and_what_it_pays_are_there_and_no_sooner(found, minor, days):
    by_stream, value_on = streams(found), DAY + timedelta(days)

    dated = received(by_stream, {}, minor, value_on=value_on)

    for stream, invoice in by_stream.items():
        after, paid = invoice, dated.get(stream, [])
        for fact, day in paid:
            after = invoices.evolve(after, fact, day)
        for item in after.items:
            assert min(levels(item.by_day)) >= 0
        if invoice.open_minor and paid:
            assert paid[0][1] == max(value_on, DAY)
            in_time = sum(fact.amount_minor for fact, day in paid if day < DAY + timedelta(2))
            wanted = sum(fact.amount_minor for fact, _ in paid)
            assert value_on >= DAY + timedelta(2) or in_time == min(invoice.items[0].open_minor, wanted)
    money = reduce(lambda state, each: receipts.evolve(state, *each), dated["receipt:B-1"], None)
    assert money and min(levels(money.by_day)) >= 0


def levels(steps):
    return [*accumulate((change for _, change in steps), initial=0)]


EARLY, RETURNED, LATE = (DAY + timedelta(days) for days in (5, 15, 20))


def returned(paid_minor: int, *, kept_minor: int = 0, discount_minor: int = 0) -> Invoice:
    """100 open since DAY; of what was paid on EARLY one payment is kept, the other was returned on RETURNED."""
    written: dict[str, Any] = {"number": "R-0", "entity": "main", "customer": "acme", "currency": "EUR"}
    discounts = [Discount(RETURNED, discount_minor)] if discount_minor else []
    due = [Instalment(DAY, 100)]
    [issued] = invoices.issue(None, **written, total_minor=100, issued_on=DAY, instalments=due, discounts=discounts)
    invoice = invoices.evolve(None, issued, DAY)
    for receipt, minor in (("B-8", kept_minor), ("B-9", paid_minor)):
        paid: dict[str, Any] = {"receipt": receipt, "allocation": 1, "amount_minor": minor, "currency": "EUR"}
        for fact in invoices.pay(invoice, **paid, on=EARLY) if minor else ():
            invoice = invoices.evolve(invoice, fact, EARLY)
    for fact in invoices.reverse_payment(invoice, receipt="B-9", allocation=1):
        invoice = invoices.evolve(invoice, fact, RETURNED)
    return invoice


BEFORE = RETURNED - timedelta(1)


def paid_by_day(dated):
    """What was paid on the invoice, by the day it counts for; the receipt says the same."""
    paid = {day: fact.amount_minor for fact, day in dated["invoice:main:R-0"] if isinstance(fact, Paid | PartiallyPaid)}
    assert paid == {day: fact.amount_minor for fact, day in dated["receipt:B-1"] if isinstance(fact, Allocated)}
    return paid


@pytest.mark.parametrize(
    ("paid_before", "minor", "value_on", "counted"),
    [
        (100, 100, BEFORE, {RETURNED: 100}),
        (100, 1, DAY, {RETURNED: 1}),
        (100, 100, RETURNED, {RETURNED: 100}),
        (100, 100, LATE, {LATE: 100}),
        (60, 40, BEFORE, {BEFORE: 40}),
        (60, 40, DAY - timedelta(1), {DAY: 40}),
        (60, 41, BEFORE, {BEFORE: 40, RETURNED: 1}),
    ],
)
def test_a_payment_of_what_was_paid_and_returned_counts_from_the_return(paid_before, minor, value_on, counted):
    dated = received({"invoice:main:R-0": returned(paid_before)}, {}, minor, value_on=value_on)

    assert paid_by_day(dated) == counted


def test_money_that_came_before_a_fee_pays_the_invoice_first_and_the_fee_from_its_day_on():
    invoice = returned(0)
    for fact in invoices.charge_fee(invoice, amount_minor=5, basis="reminder", on=LATE):
        invoice = invoices.evolve(invoice, fact, LATE)

    assert paid_by_day(received({"invoice:main:R-0": invoice}, {}, 100, value_on=EARLY)) == {EARLY: 100}
    assert paid_by_day(received({"invoice:main:R-0": invoice}, {}, 103, value_on=EARLY)) == {EARLY: 100, LATE: 3}
    by_now = received({"invoice:main:R-0": invoice}, {}, 100, value_on=LATE)
    assert by_now["invoice:main:R-0"][0][0].parts == (Part(2, 5), Part(1, 95))


def test_a_fee_of_later_does_not_spoil_the_discount_of_who_paid_in_time():
    invoice = returned(0, discount_minor=2)
    for fact in invoices.charge_fee(invoice, amount_minor=5, basis="reminder", on=LATE):
        invoice = invoices.evolve(invoice, fact, LATE)

    dated = received({"invoice:main:R-0": invoice}, {}, 98, value_on=EARLY)["invoice:main:R-0"]

    assert [(type(fact).__name__, fact.amount_minor, day) for fact, day in dated] == [
        ("DiscountTaken", 2, EARLY),
        ("PartiallyPaid", 98, EARLY),
    ]


def test_what_was_paid_and_taken_back_on_one_day_was_open_all_the_time():
    invoice = returned(0)
    paid: dict[str, Any] = {"receipt": "B-9", "allocation": 1}
    for fact in invoices.pay(invoice, **paid, amount_minor=100, currency="EUR", on=LATE):
        invoice = invoices.evolve(invoice, fact, LATE)
    for fact in invoices.reverse_payment(invoice, **paid):
        invoice = invoices.evolve(invoice, fact, LATE)

    assert paid_by_day(received({"invoice:main:R-0": invoice}, {}, 100, value_on=EARLY)) == {EARLY: 100}


def test_two_facts_that_each_could_count_sooner_wait_until_both_can():
    invoice = returned(60)
    fact = PartiallyPaid("B-1", 1, 30, (Part(1, 30),))

    assert invoices.effective_from(invoice, [fact], BEFORE) == BEFORE
    assert invoices.effective_from(invoice, [fact, fact], BEFORE) == RETURNED


def test_money_settles_for_less_only_from_the_day_on_which_that_was_accepted():
    invoice = returned(0)
    for decision, asked in (
        (invoices.offer_settlement, {"pay_minor": 50, "until_on": LATE, "on": RETURNED}),
        (invoices.accept_settlement, {"on": RETURNED}),
    ):
        for fact in decision(invoice, **asked):
            invoice = invoices.evolve(invoice, fact, RETURNED)

    before = received({"invoice:main:R-0": invoice}, {}, 50, value_on=EARLY)["invoice:main:R-0"]
    since = received({"invoice:main:R-0": invoice}, {}, 50, value_on=RETURNED)["invoice:main:R-0"]

    assert [(type(fact).__name__, day) for fact, day in before] == [("PartiallyPaid", EARLY)]
    assert [(type(fact).__name__, day) for fact, day in since] == [("DiscountTaken", RETURNED), ("Paid", RETURNED)]


def test_a_payment_that_came_before_the_plan_was_agreed_pays_its_instalments_from_that_day_on():
    invoice = returned(100)
    for fact in invoices.agree_plan(invoice, instalments=[Instalment(LATE, 50), Instalment(LATE, 50)], on=LATE):
        invoice = invoices.evolve(invoice, fact, LATE)

    dated = received({"invoice:main:R-0": invoice}, {}, 30, value_on=RETURNED)

    assert {day for _, day in dated["invoice:main:R-0"]} == {LATE}


def received(
    by_stream: Mapping[str, Invoice], wanted: Mapping[str, int | None], minor: int, value_on: date = DAY
) -> Dated:
    money: dict[str, Any] = {"number": "B-1", "entity": "main", "currency": "EUR", "amount_minor": minor}
    states = {**by_stream, "customer:acme": customer.Customer(Registered("acme"))}
    asked = {**dict.fromkeys(by_stream), **wanted}
    return cash_application.record(states, asked, customer="acme", value_on=value_on, **money)
