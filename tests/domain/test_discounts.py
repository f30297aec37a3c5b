from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given as given_any
from hypothesis import strategies as st

from domain import invoice as invoices
from domain.invoice.facts import (
    CreditNoteApplied,
    DiscountTaken,
    FeeCharged,
    Part,
    PaymentReversed,
    SettlementAccepted,
    SettlementOffered,
)
from domain.invoice.paying import early_discounts
from domain.terms import Discount
from tests.domain.examples import (
    DAY_AFTER,
    DISCOUNT_UNTIL,
    DISCOUNTED,
    DUE,
    INVOICE,
    ISSUED_ON,
    invoice_of,
    paid,
    part_paid,
)
from tests.stories import given

MONEY = {"receipt": "B-1", "allocation": 1, "currency": "EUR", "on": DUE}
IN_TIME = MONEY | {"on": DISCOUNT_UNTIL}
FEE = FeeCharged(2, 40_00, DUE, "reminder fee")
OFFERED = SettlementOffered(1, 800_00, DUE)
ACCEPTED = SettlementAccepted(1)
amounts = st.integers
TIERS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 999_99)), min_size=1, max_size=3)


# Early-payment discount


def test_980_on_the_last_day_of_2_10_pays_1000():
    given(DISCOUNTED).when(invoices.pay, amount_minor=980_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00)
    )


def test_980_a_day_later_is_a_short_payment():
    later = MONEY | {"on": DISCOUNT_UNTIL + timedelta(days=1)}
    given(DISCOUNTED).when(invoices.pay, amount_minor=980_00, **later).then(part_paid(980_00))


def test_a_cent_less_than_980_earns_no_discount():
    given(DISCOUNTED).when(invoices.pay, amount_minor=979_99, **IN_TIME).then(part_paid(979_99))


def test_a_debtor_who_deducts_less_than_allowed_gets_what_was_deducted():
    given(DISCOUNTED).when(invoices.pay, amount_minor=990_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 10_00, (Part(1, 10_00),)), paid(990_00)
    )


def test_even_a_cent_deducted_in_time_is_discount():
    given(DISCOUNTED).when(invoices.pay, amount_minor=999_99, **IN_TIME).then(
        DiscountTaken("B-1", 1, 1, (Part(1, 1),)), paid(999_99)
    )


def test_a_debtor_who_pays_in_full_in_time_takes_no_discount():
    given(DISCOUNTED).when(invoices.pay, amount_minor=1000_00, **IN_TIME).then(paid())


def test_the_discount_is_earned_by_the_payment_that_completes_the_price():
    given(DISCOUNTED, part_paid(500_00, receipt="B-0")).when(invoices.pay, amount_minor=480_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(480_00)
    )


def test_the_best_tier_still_open_counts():
    tiers = (Discount(DISCOUNT_UNTIL, 30_00), Discount(DUE, 10_00))
    both = replace(DISCOUNTED, discounts=tiers)
    assert invoices.payable_minor(invoice_of(both), on=DISCOUNT_UNTIL) == 970_00
    assert invoices.payable_minor(invoice_of(both), on=DUE) == 990_00
    assert invoices.payable_minor(invoice_of(both), on=DAY_AFTER) == 1000_00


def test_the_discount_is_taken_off_the_principal_not_off_the_costs():
    fee = replace(FEE, due_on=ISSUED_ON)
    given(DISCOUNTED, fee).when(invoices.pay, amount_minor=1020_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(1020_00, parts=(Part(2, 40_00), Part(1, 980_00)))
    )


def test_a_discount_is_taken_once():
    story = [
        DISCOUNTED,
        part_paid(500_00, receipt="B-0"),
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)),
        paid(480_00),
        PaymentReversed("B-0", 1, 500_00, 0, (Part(1, 500_00),)),
    ]
    assert invoices.payable_minor(invoice_of(*story), on=DISCOUNT_UNTIL) == 500_00
    again = IN_TIME | {"receipt": "B-2"}
    given(*story).when(invoices.pay, amount_minor=499_99, **again).then(part_paid(499_99, receipt="B-2"))


def test_half_a_credited_invoice_earns_half_the_discount():
    credited = CreditNoteApplied("C-1", 500_00, 0, (Part(1, 500_00),))
    given(DISCOUNTED, credited).when(invoices.pay, amount_minor=480_00, **IN_TIME).then(part_paid(480_00))
    given(DISCOUNTED, credited).when(invoices.pay, amount_minor=490_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 10_00, (Part(1, 10_00),)), paid(490_00)
    )


def test_a_discount_is_never_more_than_what_is_open():
    short = part_paid(970_00, receipt="B-0")
    credited = CreditNoteApplied("C-1", 25_00, 0, (Part(1, 25_00),))
    assert invoices.payable_minor(invoice_of(DISCOUNTED, short, credited), on=DISCOUNT_UNTIL) == 0
    over_all = replace(credited, amount_minor=1010_00, parts=(Part(1, 1000_00), Part(2, 10_00)))
    assert invoices.payable_minor(invoice_of(DISCOUNTED, FEE, over_all), on=DISCOUNT_UNTIL) == 30_00


# What it is worth now


def test_a_discount_is_worth_less_once_part_of_the_invoice_is_credited():
    credited = CreditNoteApplied("C-1", 100_00, 0, (Part(1, 100_00),))
    assert early_discounts(invoice_of(DISCOUNTED)) == (Discount(DISCOUNT_UNTIL, 20_00),)
    assert early_discounts(invoice_of(DISCOUNTED, credited)) == (Discount(DISCOUNT_UNTIL, 18_00),)


def test_a_discount_that_was_taken_is_worth_nothing_more():
    taken = DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),))
    first = part_paid(500_00, receipt="B-0")
    back = PaymentReversed("B-0", 1, 500_00, 0, (Part(1, 500_00),))
    assert early_discounts(invoice_of(DISCOUNTED, first, taken, paid(480_00), back)) == ()


def test_while_a_settlement_holds_no_early_discount_is_given_beside_it():
    settled = [replace(OFFERED, until_on=DISCOUNT_UNTIL), ACCEPTED]
    assert early_discounts(invoice_of(DISCOUNTED, *settled)) == ()


@given_any(credited=amounts(0, 1000_00), fee=amounts(0, 50_00), before=amounts(0, 1000_00), tiers=TIERS)
def test_what_a_discount_is_worth_is_what_paying_on_its_last_day_earns(credited, fee, before, tiers):
    story: list[Any] = [
        replace(DISCOUNTED, discounts=tuple(Discount(ISSUED_ON + timedelta(days), off) for days, off in tiers))
    ]
    story += [replace(FEE, amount_minor=fee)] if fee else []
    story += [CreditNoteApplied("C-1", credited, 0, (Part(1, credited),))] if credited else []
    before = min(before, 1000_00 - credited)
    story += [part_paid(before, receipt="B-0")] if before else []
    invoice = invoice_of(*story)
    for discount in early_discounts(invoice):
        rest = invoice.open_minor - discount.minor
        assert rest >= 0
        if rest:
            money: dict[str, Any] = MONEY | {"on": discount.until_on}
            facts = invoices.pay(invoice, amount_minor=rest, **money)
            assert invoice_of(*story, *facts).open_minor == 0
            less = invoices.pay(invoice, amount_minor=rest - 1, **money) if rest > 1 else ()
            assert invoice_of(*story, *less).open_minor > 0


# Settlement


def test_what_a_settlement_leaves_falls_away_with_its_payment():
    given(INVOICE, OFFERED, ACCEPTED).when(invoices.pay, amount_minor=800_00, **MONEY).then(
        DiscountTaken("B-1", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(800_00)
    )


def test_a_settlement_paid_a_day_late_is_a_short_payment():
    given(INVOICE, OFFERED, ACCEPTED).when(invoices.pay, amount_minor=800_00, **(MONEY | {"on": DAY_AFTER})).then(
        part_paid(800_00)
    )


def test_a_settlement_may_be_paid_in_parts():
    first = part_paid(300_00, receipt="B-0")
    given(INVOICE, OFFERED, ACCEPTED, first).when(invoices.pay, amount_minor=499_99, **MONEY).then(part_paid(499_99))
    given(INVOICE, OFFERED, ACCEPTED, first).when(invoices.pay, amount_minor=500_00, **MONEY).then(
        DiscountTaken("B-1", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(500_00)
    )


def test_what_was_paid_before_the_settlement_does_not_count_for_it():
    before = part_paid(100_00, receipt="B-0")
    given(INVOICE, before, OFFERED, ACCEPTED).when(invoices.pay, amount_minor=700_00, **MONEY).then(part_paid(700_00))


def test_a_returned_payment_from_before_the_settlement_leaves_the_settlement_alone():
    before, first = part_paid(100_00, receipt="B-0"), part_paid(300_00, receipt="B-2")
    returned = PaymentReversed("B-0", 1, 100_00, 0, (Part(1, 100_00),))
    invoice = invoice_of(INVOICE, before, OFFERED, ACCEPTED, first, returned)
    assert invoices.payable_minor(invoice, on=DUE) == 500_00


def test_a_returned_payment_is_missing_from_the_settlement():
    first = part_paid(300_00, receipt="B-2")
    returned = PaymentReversed("B-2", 1, 300_00, 0, (Part(1, 300_00),))
    invoice = invoice_of(INVOICE, OFFERED, ACCEPTED, first, returned)
    assert invoices.payable_minor(invoice, on=DUE) == 800_00


def test_what_was_paid_between_offer_and_acceptance_is_not_missing_either():
    between, after = part_paid(100_00, receipt="B-2"), part_paid(300_00, receipt="B-3")
    returned = PaymentReversed("B-2", 1, 100_00, 0, (Part(1, 100_00),))
    invoice = invoice_of(INVOICE, OFFERED, between, ACCEPTED, after, returned)
    assert invoices.payable_minor(invoice, on=DUE) == 500_00


def test_a_settlement_payment_taken_back_and_put_back_in_time_settles_again():
    settled = [DiscountTaken("B-1", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(800_00)]
    back = PaymentReversed("B-1", 1, 800_00, 200_00, (Part(1, 200_00), Part(1, 800_00)))
    given(INVOICE, OFFERED, ACCEPTED, *settled, back).when(
        invoices.pay, amount_minor=800_00, **(MONEY | {"receipt": "B-2"})
    ).then(DiscountTaken("B-2", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(800_00, receipt="B-2"))


def test_an_offer_nobody_accepted_gives_nothing_away():
    given(INVOICE, OFFERED).when(invoices.pay, amount_minor=800_00, **MONEY).then(part_paid(800_00))
    before = part_paid(800_00, receipt="B-0")
    assert invoices.payable_minor(invoice_of(INVOICE, OFFERED, before, ACCEPTED), on=DUE) == 200_00


def test_a_settlement_takes_the_place_of_the_early_payment_discount():
    accepted = invoice_of(DISCOUNTED, OFFERED, ACCEPTED)
    assert invoices.payable_minor(accepted, on=DISCOUNT_UNTIL) == 800_00
    over = part_paid(990_00)
    assert invoices.payable_minor(invoice_of(DISCOUNTED, OFFERED, ACCEPTED, over), on=DUE) == 0


def test_after_a_lapsed_settlement_all_that_is_open_is_payable():
    assert invoices.payable_minor(invoice_of(INVOICE, OFFERED, ACCEPTED), on=DAY_AFTER) == 1000_00


def test_a_credit_note_may_leave_less_than_the_settlement_asks_for():
    credited = CreditNoteApplied("C-1", 300_00, 0, (Part(1, 300_00),))
    assert invoices.payable_minor(invoice_of(INVOICE, OFFERED, ACCEPTED, credited), on=DUE) == 700_00
