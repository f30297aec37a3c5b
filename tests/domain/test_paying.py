from dataclasses import replace
from datetime import timedelta

import pytest

from domain import invoice
from domain.invoice.facts import (
    CompensationClaimed,
    CreditNoteApplied,
    DiscountTaken,
    Factored,
    FeeCharged,
    InstalmentPlanAgreed,
    InstalmentPlanCompleted,
    InterestCharged,
    Paid,
    Part,
    PartiallyPaid,
    PaymentReversed,
    PlacedWithAgency,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    Recovered,
    SettlementAccepted,
    SettlementOffered,
    Voided,
    WrittenOff,
)
from domain.invoice.paying import PRINCIPAL_FIRST
from domain.terms import Discount, Instalment
from tests.domain.examples import (
    DAY_AFTER,
    DISCOUNT_UNTIL,
    DISCOUNTED,
    DUE,
    FIRST,
    IN_THREE,
    INVOICE,
    ISSUED_ON,
    SECOND,
    claim_of,
    paid,
    part_paid,
)
from tests.stories import given

MONEY = {"receipt": "B-1", "allocation": 1, "currency": "EUR", "on": DUE}
IN_TIME = MONEY | {"on": DISCOUNT_UNTIL}
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
LOST = WrittenOff("insolvent", 1000_00, 0, (Part(1, 1000_00),))
FEE = FeeCharged(2, 40_00, DUE, "reminder fee")
INTEREST = InterestCharged(3, 10_00, DAY_AFTER, DUE, DAY_AFTER, "9 points over base")
COMPENSATION = CompensationClaimed(4, 25_00, DAY_AFTER, "40 EUR, less the fee")
OFFERED = SettlementOffered(1, 800_00, DUE)
ACCEPTED = SettlementAccepted(1)
PROMISED = PromiseMade(1, 500_00, DUE)


def owed(*facts):
    return [item.open_minor for item in claim_of(*facts).items]


# Payments


def test_a_payment_of_all_that_is_open_pays_the_claim():
    given(INVOICE).when(invoice.pay, amount_minor=1000_00, **MONEY).then(paid())


def test_a_payment_of_one_cent_less_is_a_part_payment():
    given(INVOICE).when(invoice.pay, amount_minor=999_99, **MONEY).then(part_paid(999_99))


def test_a_payment_of_one_cent_more_is_refused_and_stays_on_the_receipt():
    given(INVOICE).when(invoice.pay, amount_minor=1000_01, **MONEY).refused("over_open")


def test_the_rest_after_a_part_payment_pays_the_claim():
    given(INVOICE, part_paid(400_00)).when(invoice.pay, amount_minor=600_00, **(MONEY | {"receipt": "B-2"})).then(
        paid(600_00, receipt="B-2")
    )


def test_a_second_allocation_of_the_same_receipt_is_another_payment():
    given(INVOICE, part_paid(400_00)).when(invoice.pay, amount_minor=100_00, **(MONEY | {"allocation": 2})).then(
        part_paid(100_00, allocation=2)
    )


def test_the_same_payment_again_changes_nothing():
    given(INVOICE, part_paid(400_00)).when(invoice.pay, amount_minor=400_00, **MONEY).then()
    given(INVOICE, paid()).when(invoice.pay, amount_minor=1000_00, **MONEY).then()


def test_a_payment_goes_to_the_oldest_instalment_first():
    given(IN_THREE).when(invoice.pay, amount_minor=450_00, **MONEY).then(
        part_paid(450_00, parts=(Part(1, 300_00), Part(2, 150_00)))
    )
    assert owed(IN_THREE, part_paid(450_00, parts=(Part(1, 300_00), Part(2, 150_00)))) == [0, 150_00, 400_00]


def test_of_two_instalments_due_on_one_day_the_first_is_paid_first():
    twice = replace(IN_THREE, instalments=(Instalment(SECOND, 500_00), Instalment(SECOND, 500_00)))
    given(twice).when(invoice.pay, amount_minor=1_00, **MONEY).then(part_paid(1_00))


def test_instalments_are_paid_by_due_day_whatever_their_order_on_the_invoice():
    backwards = replace(IN_THREE, instalments=(Instalment(SECOND, 500_00), Instalment(FIRST, 500_00)))
    given(backwards).when(invoice.pay, amount_minor=1_00, **MONEY).then(part_paid(1_00, parts=(Part(2, 1_00),)))


def test_a_payment_goes_to_costs_then_interest_then_principal():
    given(INVOICE, FEE, INTEREST, COMPENSATION).when(invoice.pay, amount_minor=100_00, **MONEY).then(
        part_paid(100_00, parts=(Part(2, 40_00), Part(4, 25_00), Part(3, 10_00), Part(1, 25_00)))
    )


def test_or_to_principal_then_interest_then_costs_by_policy():
    asked = MONEY | {"order": PRINCIPAL_FIRST}
    given(INVOICE, FEE, INTEREST, COMPENSATION).when(invoice.pay, amount_minor=1060_00, **asked).then(
        part_paid(1060_00, parts=(Part(1, 1000_00), Part(3, 10_00), Part(2, 40_00), Part(4, 10_00)))
    )


def test_a_payment_in_another_currency_is_refused():
    given(INVOICE).when(invoice.pay, amount_minor=1_00, **(MONEY | {"currency": "USD"})).refused("currency_differs")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_of_nothing_is_refused(amount):
    given(INVOICE).when(invoice.pay, amount_minor=amount, **MONEY).refused("not_positive")


def test_nothing_is_paid_on_a_claim_that_is_not_there_void_paid_or_sold():
    given().when(invoice.pay, amount_minor=1_00, **MONEY).refused("not_issued")
    given(INVOICE, Voided("", (Part(1, 1000_00),))).when(invoice.pay, amount_minor=1_00, **MONEY).refused("voided")
    given(INVOICE, paid(receipt="B-0")).when(invoice.pay, amount_minor=1_00, **MONEY).refused("nothing_open")
    given(INVOICE, SOLD).when(invoice.pay, amount_minor=1_00, **MONEY).refused("sold")


def test_the_currency_is_looked_at_before_the_rest_and_the_amount_before_the_currency():
    dollars = MONEY | {"currency": "USD"}
    given(INVOICE, SOLD).when(invoice.pay, amount_minor=1_00, **dollars).refused("currency_differs")
    given(INVOICE).when(invoice.pay, amount_minor=0, **dollars).refused("not_positive")
    given(INVOICE, SOLD, paid(receipt="B-0")).when(invoice.pay, amount_minor=1_00, **MONEY).refused("nothing_open")


def test_a_claim_sold_with_recourse_is_still_ours_to_be_paid():
    sold = replace(SOLD, with_recourse=True, recourse_on=DUE)
    given(INVOICE, sold).when(invoice.pay, amount_minor=1000_00, **MONEY).then(paid())


def test_the_agency_keeps_its_commission_of_what_was_collected():
    placed = PlacedWithAgency("Inkasso", 2500, 1000_00)
    given(INVOICE, placed).when(invoice.pay, amount_minor=1000_00, **MONEY).then(
        Paid("B-1", 1, 1000_00, (Part(1, 1000_00),), commission_minor=250_00)
    )
    given(INVOICE, placed).when(invoice.pay, amount_minor=1_02, **MONEY).then(
        PartiallyPaid("B-1", 1, 1_02, (Part(1, 1_02),), commission_minor=26)
    )


# Early-payment discount


def test_980_on_the_last_day_of_2_10_pays_1000():
    given(DISCOUNTED).when(invoice.pay, amount_minor=980_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00)
    )


def test_980_a_day_later_is_a_short_payment():
    later = MONEY | {"on": DISCOUNT_UNTIL + timedelta(days=1)}
    given(DISCOUNTED).when(invoice.pay, amount_minor=980_00, **later).then(part_paid(980_00))


def test_a_cent_less_than_980_earns_no_discount():
    given(DISCOUNTED).when(invoice.pay, amount_minor=979_99, **IN_TIME).then(part_paid(979_99))


def test_a_debtor_who_deducts_less_than_allowed_gets_what_was_deducted():
    given(DISCOUNTED).when(invoice.pay, amount_minor=990_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 10_00, (Part(1, 10_00),)), paid(990_00)
    )


def test_even_a_cent_deducted_in_time_is_discount():
    given(DISCOUNTED).when(invoice.pay, amount_minor=999_99, **IN_TIME).then(
        DiscountTaken("B-1", 1, 1, (Part(1, 1),)), paid(999_99)
    )


def test_a_debtor_who_pays_in_full_in_time_takes_no_discount():
    given(DISCOUNTED).when(invoice.pay, amount_minor=1000_00, **IN_TIME).then(paid())


def test_the_discount_is_earned_by_the_payment_that_completes_the_price():
    given(DISCOUNTED, part_paid(500_00, receipt="B-0")).when(invoice.pay, amount_minor=480_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(480_00)
    )


def test_the_best_tier_still_open_counts():
    tiers = (Discount(DISCOUNT_UNTIL, 30_00), Discount(DUE, 10_00))
    both = replace(DISCOUNTED, discounts=tiers)
    assert invoice.payable_minor(claim_of(both), on=DISCOUNT_UNTIL) == 970_00
    assert invoice.payable_minor(claim_of(both), on=DUE) == 990_00
    assert invoice.payable_minor(claim_of(both), on=DAY_AFTER) == 1000_00


def test_the_discount_is_taken_off_the_principal_not_off_the_costs():
    fee = replace(FEE, due_on=ISSUED_ON)
    given(DISCOUNTED, fee).when(invoice.pay, amount_minor=1020_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(1020_00, parts=(Part(2, 40_00), Part(1, 980_00)))
    )


def test_a_discount_is_taken_once():
    story = [
        DISCOUNTED,
        part_paid(500_00, receipt="B-0"),
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)),
        paid(480_00),
        PaymentReversed("B-0", 1, 500_00, 0, (Part(1, 500_00),), "returned"),
    ]
    assert invoice.payable_minor(claim_of(*story), on=DISCOUNT_UNTIL) == 500_00
    again = IN_TIME | {"receipt": "B-2"}
    given(*story).when(invoice.pay, amount_minor=499_99, **again).then(part_paid(499_99, receipt="B-2"))


def test_half_a_credited_invoice_earns_half_the_discount():
    credited = CreditNoteApplied("C-1", 500_00, 0, (Part(1, 500_00),), "half came back")
    given(DISCOUNTED, credited).when(invoice.pay, amount_minor=480_00, **IN_TIME).then(part_paid(480_00))
    given(DISCOUNTED, credited).when(invoice.pay, amount_minor=490_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 10_00, (Part(1, 10_00),)), paid(490_00)
    )


def test_a_discount_is_never_more_than_what_is_open():
    short = part_paid(970_00, receipt="B-0")
    credited = CreditNoteApplied("C-1", 25_00, 0, (Part(1, 25_00),), "scratches")
    assert invoice.payable_minor(claim_of(DISCOUNTED, short, credited), on=DISCOUNT_UNTIL) == 0
    over_all = replace(credited, amount_minor=1010_00, parts=(Part(1, 1000_00), Part(2, 10_00)))
    assert invoice.payable_minor(claim_of(DISCOUNTED, FEE, over_all), on=DISCOUNT_UNTIL) == 30_00


# Settlement


def test_what_a_settlement_leaves_falls_away_with_its_payment():
    given(INVOICE, OFFERED, ACCEPTED).when(invoice.pay, amount_minor=800_00, **MONEY).then(
        DiscountTaken("B-1", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(800_00)
    )


def test_a_settlement_paid_a_day_late_is_a_short_payment():
    given(INVOICE, OFFERED, ACCEPTED).when(invoice.pay, amount_minor=800_00, **(MONEY | {"on": DAY_AFTER})).then(
        part_paid(800_00)
    )


def test_a_settlement_may_be_paid_in_parts():
    first = part_paid(300_00, receipt="B-0")
    given(INVOICE, OFFERED, ACCEPTED, first).when(invoice.pay, amount_minor=499_99, **MONEY).then(part_paid(499_99))
    given(INVOICE, OFFERED, ACCEPTED, first).when(invoice.pay, amount_minor=500_00, **MONEY).then(
        DiscountTaken("B-1", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(500_00)
    )


def test_what_was_paid_before_the_settlement_does_not_count_for_it():
    before = part_paid(100_00, receipt="B-0")
    given(INVOICE, before, OFFERED, ACCEPTED).when(invoice.pay, amount_minor=700_00, **MONEY).then(part_paid(700_00))


def test_a_returned_payment_from_before_the_settlement_leaves_the_settlement_alone():
    before, first = part_paid(100_00, receipt="B-0"), part_paid(300_00, receipt="B-2")
    returned = PaymentReversed("B-0", 1, 100_00, 0, (Part(1, 100_00),), "returned")
    claim = claim_of(INVOICE, before, OFFERED, ACCEPTED, first, returned)
    assert invoice.payable_minor(claim, on=DUE) == 500_00


def test_a_returned_payment_is_missing_from_the_settlement():
    first = part_paid(300_00, receipt="B-2")
    returned = PaymentReversed("B-2", 1, 300_00, 0, (Part(1, 300_00),), "returned")
    claim = claim_of(INVOICE, OFFERED, ACCEPTED, first, returned)
    assert invoice.payable_minor(claim, on=DUE) == 800_00


def test_a_settlement_payment_taken_back_and_put_back_in_time_settles_again():
    settled = [DiscountTaken("B-1", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(800_00)]
    back = PaymentReversed("B-1", 1, 800_00, 200_00, (Part(1, 200_00), Part(1, 800_00)), "wrong customer")
    given(INVOICE, OFFERED, ACCEPTED, *settled, back).when(
        invoice.pay, amount_minor=800_00, **(MONEY | {"receipt": "B-2"})
    ).then(DiscountTaken("B-2", 1, 200_00, (Part(1, 200_00),), "settlement"), paid(800_00, receipt="B-2"))


def test_an_offer_nobody_accepted_gives_nothing_away():
    given(INVOICE, OFFERED).when(invoice.pay, amount_minor=800_00, **MONEY).then(part_paid(800_00))
    before = part_paid(800_00, receipt="B-0")
    assert invoice.payable_minor(claim_of(INVOICE, OFFERED, before, ACCEPTED), on=DUE) == 200_00


def test_a_settlement_takes_the_place_of_the_early_payment_discount():
    accepted = claim_of(DISCOUNTED, OFFERED, ACCEPTED)
    assert invoice.payable_minor(accepted, on=DISCOUNT_UNTIL) == 800_00
    over = part_paid(990_00)
    assert invoice.payable_minor(claim_of(DISCOUNTED, OFFERED, ACCEPTED, over), on=DUE) == 0


def test_after_a_lapsed_settlement_all_that_is_open_is_payable():
    assert invoice.payable_minor(claim_of(INVOICE, OFFERED, ACCEPTED), on=DAY_AFTER) == 1000_00


def test_a_credit_note_may_leave_less_than_the_settlement_asks_for():
    credited = CreditNoteApplied("C-1", 300_00, 0, (Part(1, 300_00),), "half came back")
    assert invoice.payable_minor(claim_of(INVOICE, OFFERED, ACCEPTED, credited), on=DUE) == 700_00


# What a payment keeps


def test_a_promise_is_kept_by_the_payment_that_completes_it_on_its_last_day():
    given(INVOICE, PROMISED).when(invoice.pay, amount_minor=500_00, **MONEY).then(part_paid(500_00), PromiseKept(1))


def test_a_cent_less_does_not_keep_the_promise_yet():
    given(INVOICE, PROMISED).when(invoice.pay, amount_minor=499_99, **MONEY).then(part_paid(499_99))


def test_a_promise_is_kept_in_two_payments():
    first = part_paid(200_00, receipt="B-0")
    given(INVOICE, PROMISED, first).when(invoice.pay, amount_minor=300_00, **MONEY).then(
        part_paid(300_00), PromiseKept(1)
    )


def test_a_promise_of_more_than_the_price_less_discount_is_kept_when_nothing_is_open():
    promised = PromiseMade(1, 1000_00, DISCOUNT_UNTIL)
    given(DISCOUNTED, promised).when(invoice.pay, amount_minor=980_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00), PromiseKept(1)
    )


def test_a_payment_the_day_after_finds_the_promise_broken():
    late = MONEY | {"on": DAY_AFTER}
    given(INVOICE, PROMISED).when(invoice.pay, amount_minor=1000_00, **late).then(PromiseBroken(1), paid())


def test_a_payment_the_day_after_finds_the_promise_partly_kept():
    first = part_paid(200_00, receipt="B-0")
    late = MONEY | {"on": DAY_AFTER}
    given(INVOICE, PROMISED, first).when(invoice.pay, amount_minor=300_00, **late).then(
        PromisePartlyKept(1, 200_00), part_paid(300_00)
    )


def test_a_plan_is_completed_with_its_last_instalment_though_a_fee_is_left():
    plan = InstalmentPlanAgreed((Instalment(DUE, 1000_00),), 2, (Part(1, 1000_00),))
    fee = FeeCharged(3, 40_00, DUE, "reminder fee")
    given(INVOICE, plan).when(invoice.pay, amount_minor=1000_00, **MONEY).then(
        paid(parts=(Part(2, 1000_00),)), InstalmentPlanCompleted()
    )
    given(INVOICE, plan, fee).when(invoice.pay, amount_minor=1000_00, **(MONEY | {"order": PRINCIPAL_FIRST})).then(
        part_paid(1000_00, parts=(Part(2, 1000_00),)), InstalmentPlanCompleted()
    )
    given(INVOICE, plan, fee).when(invoice.pay, amount_minor=1000_00, **MONEY).then(
        part_paid(1000_00, parts=(Part(3, 40_00), Part(2, 960_00)))
    )


def test_a_promise_and_a_plan_are_both_kept_by_the_last_payment():
    plan = InstalmentPlanAgreed((Instalment(DUE, 1000_00),), 2, (Part(1, 1000_00),))
    given(INVOICE, plan, PROMISED).when(invoice.pay, amount_minor=1000_00, **MONEY).then(
        paid(parts=(Part(2, 1000_00),)), PromiseKept(1), InstalmentPlanCompleted()
    )


# Payments that do not hold

RETURNED = PaymentReversed("B-1", 1, 1000_00, 0, (Part(1, 1000_00),), "debit returned")
BACK = {"receipt": "B-1", "allocation": 1, "reason": "debit returned"}


def test_a_returned_payment_reopens_the_claim():
    given(INVOICE, paid()).when(invoice.reverse_payment, **BACK).then(RETURNED)
    assert owed(INVOICE, paid(), RETURNED) == [1000_00]


def test_a_returned_payment_restores_each_item_it_took():
    parts = (Part(1, 300_00), Part(2, 150_00))
    back = PaymentReversed("B-1", 1, 450_00, 0, parts, "debit returned")
    given(IN_THREE, part_paid(450_00, parts=parts)).when(invoice.reverse_payment, **BACK).then(back)
    assert claim_of(IN_THREE, part_paid(450_00, parts=parts), back) == claim_of(IN_THREE)


def test_the_discount_falls_with_the_payment_that_took_it():
    story = [DISCOUNTED, DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00)]
    back = PaymentReversed("B-1", 1, 980_00, 20_00, (Part(1, 20_00), Part(1, 980_00)), "debit returned")
    given(*story).when(invoice.reverse_payment, **BACK).then(back)
    assert claim_of(*story, back) == claim_of(DISCOUNTED)


def test_the_discount_may_be_taken_again_in_time_after_a_returned_payment():
    story = [DISCOUNTED, DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00)]
    back = PaymentReversed("B-1", 1, 980_00, 20_00, (Part(1, 20_00), Part(1, 980_00)), "debit returned")
    assert invoice.payable_minor(claim_of(*story, back), on=DISCOUNT_UNTIL) == 980_00


def test_a_payment_is_returned_once():
    given(INVOICE, paid(), RETURNED).when(invoice.reverse_payment, **BACK).then()
    given(INVOICE).when(invoice.reverse_payment, **BACK).then()


def test_only_the_payment_that_is_named_is_returned():
    second = part_paid(300_00, allocation=2)
    other = part_paid(100_00, receipt="B-2", allocation=2)
    story = [INVOICE, part_paid(400_00), second, other]
    given(*story).when(invoice.reverse_payment, **(BACK | {"allocation": 2})).then(
        PaymentReversed("B-1", 2, 300_00, 0, (Part(1, 300_00),), "debit returned")
    )


def test_a_returned_payment_is_no_longer_counted_for_the_promise():
    story = [INVOICE, PROMISED, part_paid(400_00)]
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),), "debit returned")
    given(*story, back).when(invoice.pay, amount_minor=499_99, **(MONEY | {"receipt": "B-2"})).then(
        part_paid(499_99, receipt="B-2")
    )


def test_a_returned_payment_from_before_the_promise_leaves_the_promise_alone():
    story = [INVOICE, part_paid(400_00), PROMISED, part_paid(300_00, receipt="B-2")]
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),), "debit returned")
    given(*story, back).when(invoice.pay, amount_minor=200_00, **(MONEY | {"receipt": "B-3"})).then(
        part_paid(200_00, receipt="B-3"), PromiseKept(1)
    )


def test_nothing_is_returned_on_an_invoice_that_is_not_there():
    given().when(invoice.reverse_payment, **BACK).refused("not_issued")


def test_a_payment_seen_only_from_its_return_still_leaves_the_claim_readable():
    """A claim as of a day may hold the return and not the payment, when the return counts from an earlier day."""
    assert owed(INVOICE, RETURNED) == [2000_00]


# Recoveries

LATE_MONEY = {"receipt": "B-1", "allocation": 1, "currency": "EUR"}


def test_money_for_a_claim_given_up_takes_back_that_much_of_the_loss():
    given(INVOICE, LOST).when(invoice.recover, amount_minor=150_00, **LATE_MONEY).then(Recovered("B-1", 1, 150_00))
    claim = claim_of(INVOICE, LOST, Recovered("B-1", 1, 150_00))
    assert (claim.open_minor, claim.written_off_minor) == (0, 850_00)


def test_all_of_the_loss_may_be_recovered_and_not_a_cent_more():
    given(INVOICE, LOST).when(invoice.recover, amount_minor=1000_00, **LATE_MONEY).then(Recovered("B-1", 1, 1000_00))
    given(INVOICE, LOST).when(invoice.recover, amount_minor=1000_01, **LATE_MONEY).refused("over_written_off")
    given(INVOICE, LOST, Recovered("B-0", 1, 1_00)).when(invoice.recover, amount_minor=999_01, **LATE_MONEY).refused(
        "over_written_off"
    )


def test_the_same_recovery_again_changes_nothing():
    given(INVOICE, LOST, Recovered("B-1", 1, 1000_00)).when(invoice.recover, amount_minor=1000_00, **LATE_MONEY).then()


def test_a_recovery_that_bounces_is_a_loss_again():
    story = [INVOICE, LOST, Recovered("B-1", 1, 150_00)]
    bounced = PaymentReversed("B-1", 1, 150_00, 0, (), "debit returned")
    given(*story).when(invoice.reverse_payment, **BACK).then(bounced)
    assert claim_of(*story, bounced) == claim_of(INVOICE, LOST)


def test_nothing_is_recovered_that_was_not_written_off():
    given().when(invoice.recover, amount_minor=1_00, **LATE_MONEY).refused("not_issued")
    given(INVOICE).when(invoice.recover, amount_minor=1_00, **LATE_MONEY).refused("not_written_off")
    given(INVOICE, LOST, Recovered("B-0", 1, 1000_00)).when(invoice.recover, amount_minor=1_00, **LATE_MONEY).refused(
        "not_written_off"
    )


def test_a_recovery_of_nothing_or_in_another_currency_is_refused():
    given(INVOICE, LOST).when(invoice.recover, amount_minor=0, **LATE_MONEY).refused("not_positive")
    given(INVOICE, LOST).when(invoice.recover, amount_minor=1_00, **(LATE_MONEY | {"currency": "USD"})).refused(
        "currency_differs"
    )
