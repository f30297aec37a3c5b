from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    ChargeWaived,
    CreditNoteApplied,
    Disputed,
    Factored,
    FeeCharged,
    InstalmentPlanAgreed,
    InstalmentPlanBroken,
    InstalmentPlanCompleted,
    Part,
    PaymentReversed,
    PlacedWithAgency,
    PromiseMade,
    Voided,
)
from domain.terms import Instalment
from tests.domain.examples import IN_THREE, INVOICE, invoice_of, paid, part_paid
from tests.stories import given

TODAY = date(2026, 3, 10)
YESTERDAY = TODAY - timedelta(days=1)
BY = date(2026, 3, 20)
MORNING_AFTER = date(2026, 3, 21)
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
PLACED = PlacedWithAgency("Inkasso", 2500, 1000_00)
VOIDED = Voided((Part(1, 1000_00),))
PROMISED = PromiseMade(1, 500_00, BY)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
TWO = (Instalment(MAY, 600_00), Instalment(JUNE, 400_00))
PLAN = InstalmentPlanAgreed(TWO, 2, (Part(1, 1000_00),))
DAY_AFTER_MAY, DAY_AFTER_JUNE = date(2026, 5, 2), date(2026, 6, 2)


def dues(*facts):
    return [(item.due_on, item.open_minor) for item in invoice_of(*facts).items if item.open_minor]


# Instalment plans


def test_a_plan_moves_all_that_is_open_to_new_instalments():
    given(INVOICE).when(invoices.agree_plan, instalments=TWO, on=TODAY).then(PLAN)
    assert dues(INVOICE, PLAN) == [(MAY, 600_00), (JUNE, 400_00)]
    assert invoice_of(INVOICE, PLAN).open_minor == 1000_00


def test_a_plan_takes_in_charges_and_what_part_payments_left():
    fee = FeeCharged(4, 40_00, TODAY, "reminder fee")
    story = [IN_THREE, part_paid(340_00, parts=(Part(1, 300_00), Part(2, 40_00))), fee]
    thrice = (Instalment(MAY, 700_00),)
    given(*story).when(invoices.agree_plan, instalments=thrice, on=TODAY).then(
        InstalmentPlanAgreed(thrice, 5, (Part(4, 40_00), Part(2, 260_00), Part(3, 400_00)))
    )


def test_a_plan_may_begin_today_and_not_yesterday():
    today = (Instalment(TODAY, 1000_00),)
    given(INVOICE).when(invoices.agree_plan, instalments=today, on=TODAY).then(
        InstalmentPlanAgreed(today, 2, (Part(1, 1000_00),))
    )
    given(INVOICE).when(
        invoices.agree_plan, instalments=(Instalment(MAY, 999_00), Instalment(YESTERDAY, 1_00)), on=TODAY
    ).refused("day_is_past")


def test_an_instalment_of_a_plan_may_be_one_cent():
    plan = (Instalment(MAY, 1), Instalment(JUNE, 999_99))
    given(INVOICE).when(invoices.agree_plan, instalments=plan, on=TODAY).then(
        InstalmentPlanAgreed(plan, 2, (Part(1, 1000_00),))
    )


@pytest.mark.parametrize("shares", [[], [999_99], [1000_01], [1000_00, 0], [1000_01, -1]])
def test_a_plan_adds_up_to_exactly_what_is_open(shares):
    plan = [Instalment(MAY, share) for share in shares]
    given(INVOICE).when(invoices.agree_plan, instalments=plan, on=TODAY).refused("bad_schedule")


def test_the_same_plan_again_changes_nothing_and_another_must_wait():
    given(INVOICE, PLAN).when(invoices.agree_plan, instalments=list(TWO), on=TODAY).then()
    given(INVOICE, PLAN).when(invoices.agree_plan, instalments=[Instalment(MAY, 1000_00)], on=TODAY).refused(
        "plan_open"
    )


def test_a_new_plan_may_follow_a_broken_one():
    broken = InstalmentPlanBroken(2)
    once = (Instalment(JUNE, 1000_00),)
    given(INVOICE, PLAN, broken).when(invoices.agree_plan, instalments=once, on=DAY_AFTER_MAY).then(
        InstalmentPlanAgreed(once, 4, (Part(2, 600_00), Part(3, 400_00)))
    )


def test_a_disputed_invoice_is_resolved_before_it_is_paid_in_instalments():
    disputed = Disputed(1, "price", 1_00, (Part(1, 1_00),))
    given(INVOICE, disputed).when(invoices.agree_plan, instalments=TWO, on=TODAY).refused("disputed")


def test_a_promise_gives_way_to_a_plan():
    given(INVOICE, PROMISED, PLAN).when(invoices.review_promise, on=MORNING_AFTER).then()


def test_no_plan_on_an_invoice_that_is_not_there_void_paid_or_not_ours():
    asked = {"instalments": TWO, "on": TODAY}
    given().when(invoices.agree_plan, **asked).refused("not_issued")
    given(INVOICE, VOIDED).when(invoices.agree_plan, **asked).refused("voided")
    given(INVOICE, paid()).when(invoices.agree_plan, **asked).refused("nothing_open")
    given(INVOICE, SOLD).when(invoices.agree_plan, **asked).refused("factored")
    given(INVOICE, PLACED).when(invoices.agree_plan, **asked).refused("placed")


# Is it kept?


def test_a_plan_is_kept_on_the_due_day_of_its_instalment():
    given(INVOICE, PLAN).when(invoices.review_plan, on=MAY, accelerate=True).then()


def test_a_missed_instalment_breaks_the_plan_the_day_after():
    given(INVOICE, PLAN).when(invoices.review_plan, on=DAY_AFTER_MAY, accelerate=False).then(InstalmentPlanBroken(2))
    assert dues(INVOICE, PLAN, InstalmentPlanBroken(2)) == [(MAY, 600_00), (JUNE, 400_00)]


def test_with_acceleration_all_that_is_left_falls_due_at_once():
    broken = InstalmentPlanBroken(2, 4, DAY_AFTER_MAY, (Part(3, 400_00),))
    given(INVOICE, PLAN).when(invoices.review_plan, on=DAY_AFTER_MAY, accelerate=True).then(broken)
    assert dues(INVOICE, PLAN, broken) == [(MAY, 600_00), (DAY_AFTER_MAY, 400_00)]


def test_an_instalment_due_today_falls_due_with_the_rest():
    plan = InstalmentPlanAgreed((Instalment(MAY, 600_00), Instalment(DAY_AFTER_MAY, 400_00)), 2, (Part(1, 1000_00),))
    given(INVOICE, plan).when(invoices.review_plan, on=DAY_AFTER_MAY, accelerate=True).then(
        InstalmentPlanBroken(2, 4, DAY_AFTER_MAY, (Part(3, 400_00),))
    )


def test_a_part_payment_does_not_keep_an_instalment():
    short = part_paid(599_99, parts=(Part(2, 599_99),))
    given(INVOICE, PLAN, short).when(invoices.review_plan, on=DAY_AFTER_MAY, accelerate=False).then(
        InstalmentPlanBroken(2)
    )


def test_an_instalment_paid_in_time_keeps_the_plan():
    first = part_paid(600_00, parts=(Part(2, 600_00),))
    given(INVOICE, PLAN, first).when(invoices.review_plan, on=DAY_AFTER_MAY, accelerate=True).then()
    given(INVOICE, PLAN, first).when(invoices.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then(
        InstalmentPlanBroken(3)
    )


def test_when_the_last_instalment_is_missed_nothing_is_left_to_accelerate():
    given(INVOICE, PLAN).when(invoices.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then(InstalmentPlanBroken(2))


def test_the_first_missed_by_day_is_named_whatever_the_order_of_the_plan():
    backwards = InstalmentPlanAgreed((Instalment(JUNE, 400_00), Instalment(MAY, 600_00)), 2, (Part(1, 1000_00),))
    given(INVOICE, backwards).when(invoices.review_plan, on=DAY_AFTER_JUNE, accelerate=False).then(
        InstalmentPlanBroken(3)
    )


def test_a_plan_is_broken_once():
    given(INVOICE, PLAN, InstalmentPlanBroken(2)).when(invoices.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then()


def test_an_overdue_fee_beside_the_plan_does_not_break_it():
    fee = FeeCharged(4, 40_00, TODAY, "reminder fee")
    given(INVOICE, PLAN, fee).when(invoices.review_plan, on=MAY, accelerate=True).then()


def test_nor_does_an_old_instalment_that_a_returned_payment_reopened():
    story = [INVOICE, part_paid(100_00), replace(PLAN, instalments=(TWO[0], Instalment(JUNE, 300_00)))]
    back = PaymentReversed("B-1", 1, 100_00, 0, (Part(1, 100_00),))
    given(*story, back).when(invoices.review_plan, on=MAY, accelerate=True).then()


def test_a_disputed_instalment_is_neither_missed_nor_accelerated():
    first = Disputed(1, "quality", 600_00, (Part(2, 600_00),))
    given(INVOICE, PLAN, first).when(invoices.review_plan, on=DAY_AFTER_MAY, accelerate=True).then()
    second = Disputed(1, "quality", 300_00, (Part(3, 300_00),))
    broken = InstalmentPlanBroken(2, 4, DAY_AFTER_MAY, (Part(3, 100_00),))
    given(INVOICE, PLAN, second).when(invoices.review_plan, on=DAY_AFTER_MAY, accelerate=True).then(broken)
    assert invoice_of(INVOICE, PLAN, second, broken).disputed_minor == 300_00


def test_a_plan_on_which_nothing_is_left_is_completed_however_that_came():
    credited = CreditNoteApplied("C-1", 1000_00, 0, (Part(3, 400_00), Part(2, 600_00)))
    fee = FeeCharged(4, 40_00, TODAY, "reminder fee")
    given(INVOICE, PLAN, fee, credited).when(invoices.review_plan, on=TODAY, accelerate=True).then(
        InstalmentPlanCompleted()
    )
    given(INVOICE, PLAN, fee, credited, InstalmentPlanCompleted()).when(
        invoices.review_plan, on=TODAY, accelerate=True
    ).then()
    waived = ChargeWaived(4, 40_00, (Part(4, 40_00),))
    given(INVOICE, PLAN, fee, waived).when(invoices.review_plan, on=TODAY, accelerate=True).then()


def test_without_a_plan_or_an_invoice_there_is_nothing_to_review():
    given(INVOICE).when(invoices.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then()
    given().when(invoices.review_plan, on=DAY_AFTER_JUNE, accelerate=True).refused("not_issued")
