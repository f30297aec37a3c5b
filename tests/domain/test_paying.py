from dataclasses import replace

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    CompensationClaimed,
    DiscountTaken,
    Factored,
    FeeCharged,
    InstalmentPlanAgreed,
    InstalmentPlanCompleted,
    InterestCharged,
    Paid,
    Part,
    PartiallyPaid,
    PlacedWithAgency,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    Voided,
)
from domain.invoice.paying import PRINCIPAL_FIRST
from domain.terms import Instalment
from tests.domain.examples import (
    DAY_AFTER,
    DISCOUNT_UNTIL,
    DISCOUNTED,
    DUE,
    FIRST,
    IN_THREE,
    INVOICE,
    SECOND,
    invoice_of,
    paid,
    part_paid,
)
from tests.stories import given

MONEY = {"receipt": "B-1", "allocation": 1, "currency": "EUR", "on": DUE}
IN_TIME = MONEY | {"on": DISCOUNT_UNTIL}
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
FEE = FeeCharged(2, 40_00, DUE, "reminder fee")
INTEREST = InterestCharged(3, 10_00, DAY_AFTER, DUE, DAY_AFTER, "9 points over base")
COMPENSATION = CompensationClaimed(4, 25_00, DAY_AFTER, "40 EUR, less the fee")
PROMISED = PromiseMade(1, 500_00, DUE)


def owed(*facts):
    return [item.open_minor for item in invoice_of(*facts).items]


# Payments


def test_a_payment_of_all_that_is_open_pays_the_invoice():
    given(INVOICE).when(invoices.pay, amount_minor=1000_00, **MONEY).then(paid())


def test_a_payment_of_one_cent_less_is_a_part_payment():
    given(INVOICE).when(invoices.pay, amount_minor=999_99, **MONEY).then(part_paid(999_99))


def test_a_payment_of_one_cent_more_is_refused_and_stays_on_the_receipt():
    given(INVOICE).when(invoices.pay, amount_minor=1000_01, **MONEY).refused("over_open")


def test_the_rest_after_a_part_payment_pays_the_invoice():
    given(INVOICE, part_paid(400_00)).when(invoices.pay, amount_minor=600_00, **(MONEY | {"receipt": "B-2"})).then(
        paid(600_00, receipt="B-2")
    )


def test_a_second_allocation_of_the_same_receipt_is_another_payment():
    given(INVOICE, part_paid(400_00)).when(invoices.pay, amount_minor=100_00, **(MONEY | {"allocation": 2})).then(
        part_paid(100_00, allocation=2)
    )


def test_the_same_payment_again_changes_nothing():
    given(INVOICE, part_paid(400_00)).when(invoices.pay, amount_minor=400_00, **MONEY).then()
    given(INVOICE, paid()).when(invoices.pay, amount_minor=1000_00, **MONEY).then()


def test_a_payment_goes_to_the_oldest_instalment_first():
    given(IN_THREE).when(invoices.pay, amount_minor=450_00, **MONEY).then(
        part_paid(450_00, parts=(Part(1, 300_00), Part(2, 150_00)))
    )
    assert owed(IN_THREE, part_paid(450_00, parts=(Part(1, 300_00), Part(2, 150_00)))) == [0, 150_00, 400_00]


def test_of_two_instalments_due_on_one_day_the_first_is_paid_first():
    twice = replace(IN_THREE, instalments=(Instalment(SECOND, 500_00), Instalment(SECOND, 500_00)))
    given(twice).when(invoices.pay, amount_minor=1_00, **MONEY).then(part_paid(1_00))


def test_instalments_are_paid_by_due_day_whatever_their_order_on_the_invoice():
    backwards = replace(IN_THREE, instalments=(Instalment(SECOND, 500_00), Instalment(FIRST, 500_00)))
    given(backwards).when(invoices.pay, amount_minor=1_00, **MONEY).then(part_paid(1_00, parts=(Part(2, 1_00),)))


def test_a_payment_goes_to_costs_then_interest_then_principal():
    given(INVOICE, FEE, INTEREST, COMPENSATION).when(invoices.pay, amount_minor=100_00, **MONEY).then(
        part_paid(100_00, parts=(Part(2, 40_00), Part(4, 25_00), Part(3, 10_00), Part(1, 25_00)))
    )


def test_or_to_principal_then_interest_then_costs_by_policy():
    asked = MONEY | {"order": PRINCIPAL_FIRST}
    given(INVOICE, FEE, INTEREST, COMPENSATION).when(invoices.pay, amount_minor=1060_00, **asked).then(
        part_paid(1060_00, parts=(Part(1, 1000_00), Part(3, 10_00), Part(2, 40_00), Part(4, 10_00)))
    )


def test_a_payment_in_another_currency_is_refused():
    given(INVOICE).when(invoices.pay, amount_minor=1_00, **(MONEY | {"currency": "USD"})).refused("currency_differs")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_of_nothing_is_refused(amount):
    given(INVOICE).when(invoices.pay, amount_minor=amount, **MONEY).refused("not_positive")


def test_nothing_is_paid_on_an_invoice_that_is_not_there_void_paid_or_sold():
    given().when(invoices.pay, amount_minor=1_00, **MONEY).refused("not_issued")
    given(INVOICE, Voided((Part(1, 1000_00),))).when(invoices.pay, amount_minor=1_00, **MONEY).refused("voided")
    given(INVOICE, paid(receipt="B-0")).when(invoices.pay, amount_minor=1_00, **MONEY).refused("nothing_open")
    given(INVOICE, SOLD).when(invoices.pay, amount_minor=1_00, **MONEY).refused("factored")


def test_the_currency_is_looked_at_before_the_rest_and_the_amount_before_the_currency():
    dollars = MONEY | {"currency": "USD"}
    given(INVOICE, SOLD).when(invoices.pay, amount_minor=1_00, **dollars).refused("currency_differs")
    given(INVOICE).when(invoices.pay, amount_minor=0, **dollars).refused("not_positive")
    given(INVOICE, SOLD, paid(receipt="B-0")).when(invoices.pay, amount_minor=1_00, **MONEY).refused("nothing_open")


def test_an_invoice_sold_with_recourse_is_still_ours_to_be_paid():
    sold = replace(SOLD, with_recourse=True, recourse_on=DUE)
    given(INVOICE, sold).when(invoices.pay, amount_minor=1000_00, **MONEY).then(paid())


def test_the_agency_keeps_its_commission_of_what_was_collected():
    placed = PlacedWithAgency("Inkasso", 2500, 1000_00)
    given(INVOICE, placed).when(invoices.pay, amount_minor=1000_00, **MONEY).then(
        Paid("B-1", 1, 1000_00, (Part(1, 1000_00),), commission_minor=250_00)
    )
    given(INVOICE, placed).when(invoices.pay, amount_minor=1_02, **MONEY).then(
        PartiallyPaid("B-1", 1, 1_02, (Part(1, 1_02),), commission_minor=26)
    )


# What a payment keeps


def test_a_promise_is_kept_by_the_payment_that_completes_it_on_its_last_day():
    given(INVOICE, PROMISED).when(invoices.pay, amount_minor=500_00, **MONEY).then(part_paid(500_00), PromiseKept(1))


def test_a_cent_less_does_not_keep_the_promise_yet():
    given(INVOICE, PROMISED).when(invoices.pay, amount_minor=499_99, **MONEY).then(part_paid(499_99))


def test_a_promise_is_kept_in_two_payments():
    first = part_paid(200_00, receipt="B-0")
    given(INVOICE, PROMISED, first).when(invoices.pay, amount_minor=300_00, **MONEY).then(
        part_paid(300_00), PromiseKept(1)
    )


def test_a_promise_of_more_than_the_price_less_discount_is_kept_when_nothing_is_open():
    promised = PromiseMade(1, 1000_00, DISCOUNT_UNTIL)
    given(DISCOUNTED, promised).when(invoices.pay, amount_minor=980_00, **IN_TIME).then(
        DiscountTaken("B-1", 1, 20_00, (Part(1, 20_00),)), paid(980_00), PromiseKept(1)
    )


def test_a_payment_the_day_after_finds_the_promise_broken():
    late = MONEY | {"on": DAY_AFTER}
    given(INVOICE, PROMISED).when(invoices.pay, amount_minor=1000_00, **late).then(PromiseBroken(1), paid())


def test_a_payment_the_day_after_finds_the_promise_partly_kept():
    first = part_paid(200_00, receipt="B-0")
    late = MONEY | {"on": DAY_AFTER}
    given(INVOICE, PROMISED, first).when(invoices.pay, amount_minor=300_00, **late).then(
        PromisePartlyKept(1, 200_00), part_paid(300_00)
    )


def test_a_plan_is_completed_with_its_last_instalment_though_a_fee_is_left():
    plan = InstalmentPlanAgreed((Instalment(DUE, 1000_00),), 2, (Part(1, 1000_00),))
    fee = FeeCharged(3, 40_00, DUE, "reminder fee")
    given(INVOICE, plan).when(invoices.pay, amount_minor=1000_00, **MONEY).then(
        paid(parts=(Part(2, 1000_00),)), InstalmentPlanCompleted()
    )
    given(INVOICE, plan, fee).when(invoices.pay, amount_minor=1000_00, **(MONEY | {"order": PRINCIPAL_FIRST})).then(
        part_paid(1000_00, parts=(Part(2, 1000_00),)), InstalmentPlanCompleted()
    )
    given(INVOICE, plan, fee).when(invoices.pay, amount_minor=1000_00, **MONEY).then(
        part_paid(1000_00, parts=(Part(3, 40_00), Part(2, 960_00)))
    )


def test_a_promise_and_a_plan_are_both_kept_by_the_last_payment():
    plan = InstalmentPlanAgreed((Instalment(DUE, 1000_00),), 2, (Part(1, 1000_00),))
    given(INVOICE, plan, PROMISED).when(invoices.pay, amount_minor=1000_00, **MONEY).then(
        paid(parts=(Part(2, 1000_00),)), PromiseKept(1), InstalmentPlanCompleted()
    )
