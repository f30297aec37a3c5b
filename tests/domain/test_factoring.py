from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    Disputed,
    FactorAdvancePaid,
    Factored,
    FactorReserveReleased,
    FeeCharged,
    InstalmentPlanAgreed,
    InstalmentPlanCompleted,
    Paid,
    Part,
    PaymentReversed,
    PromiseKept,
    PromiseMade,
    Reassigned,
    Voided,
)
from domain.terms import Instalment
from tests.domain.examples import DUE, IN_THREE, INVOICE, ISSUED_ON, invoice_of, paid, part_paid
from tests.stories import given

RECOURSE_ON = date(2026, 6, 30)
TEN_THOUSAND = replace(INVOICE, total_minor=10_000_00, tax_minor=0, instalments=(Instalment(DUE, 10_000_00),))
SALE = {
    "factor": "Faktor AG",
    "advance_basis_points": 9000,
    "fee_basis_points": 300,
    "with_recourse": True,
    "recourse_on": RECOURSE_ON,
}
FINAL = SALE | {"with_recourse": False, "recourse_on": None}
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, with_recourse=True, recourse_on=RECOURSE_ON)
SOLD_FOR_GOOD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, with_recourse=False)
ADVANCED = FactorAdvancePaid(900_00)
RELEASED = FactorReserveReleased(70_00)
FACTOR_PAID = Paid("factor:Faktor AG", 1, 1000_00, (Part(1, 1000_00),))
DISPUTED = Disputed(1, "price", 1_00, (Part(1, 1_00),))
VOIDED = Voided((Part(1, 1000_00),))


def sale_of(face, shares):
    advance, fee, reserve = shares
    return Factored("Faktor AG", face, advance, fee, reserve, with_recourse=False)


# Factoring


def test_ten_thousand_at_90_per_cent_with_a_3_per_cent_fee_is_9000_now_700_later_and_9700_net():
    given(TEN_THOUSAND).when(invoices.factor, **FINAL).then(
        Factored("Faktor AG", 10_000_00, 9_000_00, 300_00, 700_00, False)
    )
    sale = Factored("Faktor AG", 10_000_00, 9_000_00, 300_00, 700_00, False)
    given(TEN_THOUSAND, sale).when(invoices.pay_advance).then(FactorAdvancePaid(9_000_00))
    given(TEN_THOUSAND, sale).when(invoices.release_reserve).then(
        FactorReserveReleased(700_00), Paid("factor:Faktor AG", 1, 10_000_00, (Part(1, 10_000_00),))
    )
    assert 9_000_00 + 700_00 == 9_700_00


def test_what_is_sold_is_what_is_open():
    fee = FeeCharged(2, 40_00, DUE, "reminder fee")
    given(INVOICE, part_paid(540_00), fee).when(invoices.factor, **SALE).then(
        Factored("Faktor AG", 500_00, 450_00, 15_00, 35_00, True, RECOURSE_ON)
    )


@pytest.mark.parametrize(
    ("face", "advance", "fee", "shares"),
    [(3_33, 9000, 300, (3_00, 10, 23)), (1, 5000, 5000, (1, 0, 0)), (1, 9000, 300, (1, 0, 0)), (7, 7000, 0, (5, 0, 2))],
)
def test_advance_fee_and_reserve_add_up_to_the_face_value(face, advance, fee, shares):
    tiny = replace(INVOICE, total_minor=face, tax_minor=0, instalments=(Instalment(DUE, face),))
    rates = {"advance_basis_points": advance, "fee_basis_points": fee}
    given(tiny).when(invoices.factor, **(FINAL | rates)).then(sale_of(face, shares))


@pytest.mark.parametrize(("advance", "fee"), [(0, 0), (-1, 0), (9000, -1), (9000, 1001), (10001, 0)])
def test_rates_that_make_no_sale_are_refused(advance, fee):
    rates = {"advance_basis_points": advance, "fee_basis_points": fee}
    given(INVOICE).when(invoices.factor, **(SALE | rates)).refused("bad_rates")
    given(INVOICE, SOLD).when(invoices.factor, **(SALE | rates)).refused("bad_rates")


@pytest.mark.parametrize(
    ("advance", "fee", "shares"),
    [(1, 0, (10, 0, 999_90)), (9000, 1000, (900_00, 100_00, 0)), (10000, 0, (1000_00, 0, 0))],
)
def test_rates_may_share_out_everything(advance, fee, shares):
    rates = {"advance_basis_points": advance, "fee_basis_points": fee}
    given(INVOICE).when(invoices.factor, **(FINAL | rates)).then(sale_of(1000_00, shares))


def test_recourse_has_a_last_day_and_a_final_sale_has_none():
    given(INVOICE).when(invoices.factor, **(SALE | {"recourse_on": None})).refused("recourse_day_missing")
    given(INVOICE).when(invoices.factor, **(FINAL | {"recourse_on": RECOURSE_ON})).then(SOLD_FOR_GOOD)


def test_the_same_sale_again_changes_nothing():
    given(INVOICE, SOLD).when(invoices.factor, **SALE).then()
    given(INVOICE, SOLD, part_paid(1_00)).when(invoices.factor, **SALE).then()
    given(INVOICE, SOLD_FOR_GOOD).when(invoices.factor, **FINAL).then()


@pytest.mark.parametrize("other", [{"factor": "Nordfactor"}, {"advance_basis_points": 8000}, {"fee_basis_points": 301}])
def test_an_invoice_is_sold_once(other):
    given(INVOICE, SOLD).when(invoices.factor, **(SALE | other)).refused("factored")


def test_a_disputed_invoice_cannot_be_sold():
    given(INVOICE, DISPUTED).when(invoices.factor, **SALE).refused("disputed")


def test_nothing_is_sold_that_is_not_there_paid_or_void():
    given().when(invoices.factor, **SALE).refused("not_issued")
    given(INVOICE, paid()).when(invoices.factor, **SALE).refused("nothing_open")
    given(INVOICE, VOIDED).when(invoices.factor, **SALE).refused("voided")


def test_advance_and_reserve_are_those_of_the_sale_whatever_was_paid_to_us_since():
    given(INVOICE, SOLD, part_paid(400_00)).when(invoices.pay_advance).then(ADVANCED)
    given(INVOICE, SOLD, ADVANCED, part_paid(400_00)).when(invoices.release_reserve).then(
        RELEASED, Paid("factor:Faktor AG", 1, 600_00, (Part(1, 600_00),))
    )
    given(INVOICE, SOLD, part_paid(400_00)).when(invoices.factor, **SALE).then()
    given(INVOICE, SOLD, ADVANCED, part_paid(400_00)).when(invoices.reassign, on=RECOURSE_ON).then(Reassigned(900_00))


def test_after_a_part_payment_advance_and_fee_are_shares_of_what_is_open():
    given(INVOICE, part_paid(400_00)).when(invoices.factor, **FINAL).then(
        Factored("Faktor AG", 600_00, 540_00, 18_00, 42_00, with_recourse=False)
    )


def test_the_advance_is_paid_once():
    given(INVOICE, SOLD).when(invoices.pay_advance).then(ADVANCED)
    given(INVOICE, SOLD, ADVANCED).when(invoices.pay_advance).then()
    given(INVOICE).when(invoices.pay_advance).refused("not_factored")
    given().when(invoices.pay_advance).refused("not_issued")


def test_the_reserve_comes_when_the_debtor_has_paid_the_factor():
    given(INVOICE, SOLD_FOR_GOOD, ADVANCED).when(invoices.release_reserve).then(RELEASED, FACTOR_PAID)
    assert invoice_of(INVOICE, SOLD_FOR_GOOD, ADVANCED, RELEASED, FACTOR_PAID).open_minor == 0


def test_the_reserve_comes_once():
    given(INVOICE, SOLD, ADVANCED, RELEASED, FACTOR_PAID).when(invoices.release_reserve).then()
    given(INVOICE).when(invoices.release_reserve).refused("not_factored")
    given().when(invoices.release_reserve).refused("not_issued")


def test_what_the_debtor_paid_to_us_by_mistake_is_not_paid_by_the_factor_again():
    given(INVOICE, SOLD, ADVANCED, part_paid(400_00)).when(invoices.release_reserve).then(
        RELEASED, Paid("factor:Faktor AG", 1, 600_00, (Part(1, 600_00),))
    )
    given(INVOICE, SOLD, ADVANCED, paid()).when(invoices.release_reserve).then(RELEASED)
    given(INVOICE, SOLD, ADVANCED, paid(), RELEASED).when(invoices.release_reserve).then()


def test_an_invoice_reopened_after_the_reserve_is_paid_by_the_factor_without_a_second_reserve():
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),))
    rest = Paid("factor:Faktor AG", 1, 600_00, (Part(1, 600_00),))
    given(INVOICE, SOLD, part_paid(400_00), RELEASED, rest, back).when(invoices.release_reserve).then(
        Paid("factor:Faktor AG", 2, 400_00, (Part(1, 400_00),))
    )
    once_more = PaymentReversed("B-2", 1, 1_00, 0, (Part(1, 1_00),))
    twice = [
        replace(rest, amount_minor=599_00, parts=(Part(1, 599_00),)),
        back,
        Paid("factor:Faktor AG", 2, 400_00, (Part(1, 400_00),)),
        once_more,
    ]
    given(INVOICE, SOLD, part_paid(400_00), part_paid(1_00, receipt="B-2"), RELEASED, *twice).when(
        invoices.release_reserve
    ).then(Paid("factor:Faktor AG", 3, 1_00, (Part(1, 1_00),)))


def test_the_factor_s_payment_takes_all_instalments_and_charges():
    fee = FeeCharged(4, 40_00, ISSUED_ON, "reminder fee")
    sold = replace(SOLD, face_minor=1040_00)
    given(IN_THREE, fee, sold).when(invoices.release_reserve).then(
        RELEASED,
        Paid("factor:Faktor AG", 1, 1040_00, (Part(4, 40_00), Part(1, 300_00), Part(2, 300_00), Part(3, 400_00))),
    )


def test_a_promise_and_a_plan_end_with_the_factor_s_payment():
    plan = InstalmentPlanAgreed((Instalment(RECOURSE_ON, 1000_00),), 2, (Part(1, 1000_00),))
    promised = PromiseMade(1, 500_00, RECOURSE_ON)
    given(INVOICE, plan, promised, SOLD).when(invoices.release_reserve).then(
        RELEASED, replace(FACTOR_PAID, parts=(Part(2, 1000_00),)), PromiseKept(1), InstalmentPlanCompleted()
    )


# Recourse


def test_recourse_is_taken_until_its_last_day():
    given(INVOICE, SOLD, ADVANCED).when(invoices.reassign, on=RECOURSE_ON).then(Reassigned(900_00))
    given(INVOICE, SOLD, ADVANCED).when(invoices.reassign, on=RECOURSE_ON + timedelta(days=1)).refused("recourse_ended")


def test_an_advance_never_paid_is_not_paid_back():
    given(INVOICE, SOLD).when(invoices.reassign, on=DUE).then(Reassigned(0))


def test_an_invoice_sold_for_good_never_comes_back():
    given(INVOICE, SOLD_FOR_GOOD, ADVANCED).when(invoices.reassign, on=DUE).refused("without_recourse")


def test_no_recourse_for_an_invoice_the_debtor_has_paid_to_the_factor():
    given(INVOICE, SOLD, ADVANCED, RELEASED, FACTOR_PAID).when(invoices.reassign, on=DUE).refused("nothing_open")


def test_an_invoice_the_debtor_paid_to_us_is_bought_back_with_the_advance():
    given(INVOICE, SOLD, ADVANCED, paid()).when(invoices.reassign, on=DUE).then(Reassigned(900_00))


def test_when_the_factor_s_payment_bounces_the_reserve_is_paid_back_too():
    back = PaymentReversed("factor:Faktor AG", 1, 1000_00, 0, (Part(1, 1000_00),))
    given(INVOICE, SOLD, ADVANCED, RELEASED, FACTOR_PAID, back).when(invoices.reassign, on=DUE).then(Reassigned(970_00))


def test_nothing_comes_back_that_was_not_sold():
    given(INVOICE).when(invoices.reassign, on=DUE).refused("not_factored")
    given().when(invoices.reassign, on=DUE).refused("not_issued")


def test_an_invoice_that_came_back_may_be_sold_again_with_a_new_advance_and_reserve():
    back = [INVOICE, SOLD, ADVANCED, Reassigned(900_00)]
    given(*back).when(invoices.factor, **SALE).then(SOLD)
    given(*back, SOLD).when(invoices.pay_advance).then(ADVANCED)
    released = [INVOICE, SOLD, ADVANCED, paid(), RELEASED, Reassigned(970_00)]
    reopened = PaymentReversed("B-1", 1, 1000_00, 0, (Part(1, 1000_00),))
    given(*released, reopened, SOLD).when(invoices.release_reserve).then(RELEASED, FACTOR_PAID)
