from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import invoice
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
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    SettlementAccepted,
    SettlementOffered,
    Voided,
)
from domain.terms import Instalment
from tests.domain.examples import IN_THREE, INVOICE, claim_of, paid, part_paid
from tests.stories import given

TODAY = date(2026, 3, 10)
YESTERDAY = TODAY - timedelta(days=1)
BY = date(2026, 3, 20)
MORNING_AFTER = date(2026, 3, 21)
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
PLACED = PlacedWithAgency("Inkasso", 2500, 1000_00)
VOIDED = Voided("typing error", (Part(1, 1000_00),))
PROMISED = PromiseMade(1, 500_00, BY)

# Promises


def test_a_promise_is_for_all_that_is_open_unless_an_amount_is_named():
    given(INVOICE).when(invoice.promise, pay_on=BY, on=TODAY).then(PromiseMade(1, 1000_00, BY))
    given(INVOICE, part_paid(400_00)).when(invoice.promise, pay_on=BY, on=TODAY).then(PromiseMade(1, 600_00, BY))
    given(INVOICE).when(invoice.promise, pay_on=BY, on=TODAY, amount_minor=500_00).then(PROMISED)


def test_a_promise_for_today_is_a_promise_and_one_for_yesterday_is_not():
    given(INVOICE).when(invoice.promise, pay_on=TODAY, on=TODAY).then(PromiseMade(1, 1000_00, TODAY))
    given(INVOICE).when(invoice.promise, pay_on=YESTERDAY, on=TODAY).refused("day_is_past")


def test_a_promise_of_exactly_what_is_open_and_not_a_cent_more():
    asked = {"pay_on": BY, "on": TODAY}
    given(INVOICE).when(invoice.promise, amount_minor=1000_00, **asked).then(PromiseMade(1, 1000_00, BY))
    given(INVOICE).when(invoice.promise, amount_minor=1000_01, **asked).refused("over_open")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_promise_of_nothing_is_refused(amount):
    given(INVOICE).when(invoice.promise, pay_on=BY, on=TODAY, amount_minor=amount).refused("not_positive")


def test_the_same_promise_again_changes_nothing():
    given(INVOICE, PROMISED).when(invoice.promise, pay_on=BY, on=TODAY, amount_minor=500_00).then()
    given(INVOICE, PROMISED).when(invoice.promise, pay_on=BY, on=BY, amount_minor=500_00).then()


def test_one_promise_at_a_time():
    later = BY + timedelta(days=1)
    given(INVOICE, PROMISED).when(invoice.promise, pay_on=later, on=TODAY, amount_minor=500_00).refused("promise_open")
    given(INVOICE, PROMISED).when(invoice.promise, pay_on=BY, on=TODAY, amount_minor=500_01).refused("promise_open")
    given(INVOICE, PROMISED).when(invoice.promise, pay_on=later, on=BY).refused("promise_open")


def test_a_promise_whose_day_is_over_is_judged_before_the_next_is_made():
    given(INVOICE, PROMISED).when(invoice.promise, pay_on=date(2026, 4, 1), on=MORNING_AFTER).then(
        PromiseBroken(1), PromiseMade(2, 1000_00, date(2026, 4, 1))
    )


def test_a_promise_is_numbered_after_the_last():
    given(INVOICE, PROMISED, PromiseBroken(1)).when(invoice.promise, pay_on=BY, on=TODAY).then(
        PromiseMade(2, 1000_00, BY)
    )


def test_nothing_is_promised_on_a_claim_that_is_not_there_void_paid_or_not_ours():
    asked = {"pay_on": BY, "on": TODAY}
    given().when(invoice.promise, **asked).refused("not_issued")
    given(INVOICE, VOIDED).when(invoice.promise, **asked).refused("voided")
    given(INVOICE, paid()).when(invoice.promise, **asked).refused("nothing_open")
    given(INVOICE, SOLD).when(invoice.promise, **asked).refused("sold")
    given(INVOICE, PLACED).when(invoice.promise, **asked).refused("placed")


# Was it kept?


@pytest.mark.parametrize("on", [TODAY, BY])
def test_a_promise_is_not_judged_before_its_day_is_over(on):
    given(INVOICE, PROMISED).when(invoice.review_promise, on=on).then()


def test_a_promise_on_which_nothing_was_paid_is_broken_the_morning_after():
    given(INVOICE, PROMISED).when(invoice.review_promise, on=MORNING_AFTER).then(PromiseBroken(1))


def test_a_promise_of_which_a_cent_was_paid_is_partly_kept():
    given(INVOICE, PROMISED, part_paid(1)).when(invoice.review_promise, on=MORNING_AFTER).then(PromisePartlyKept(1, 1))
    given(INVOICE, PROMISED, part_paid(499_99)).when(invoice.review_promise, on=MORNING_AFTER).then(
        PromisePartlyKept(1, 499_99)
    )


def test_what_was_paid_before_the_promise_keeps_nothing_of_it():
    given(INVOICE, part_paid(400_00), PROMISED).when(invoice.review_promise, on=MORNING_AFTER).then(PromiseBroken(1))


def test_a_promise_on_which_enough_was_paid_is_kept():
    given(INVOICE, PROMISED, part_paid(500_00)).when(invoice.review_promise, on=MORNING_AFTER).then(PromiseKept(1))


def test_a_promise_counts_as_kept_when_a_credit_note_left_nothing_to_pay():
    credited = CreditNoteApplied("C-1", 1000_00, 0, (Part(1, 1000_00),), "all came back")
    given(INVOICE, PROMISED, credited).when(invoice.review_promise, on=MORNING_AFTER).then(PromiseKept(1))


def test_a_promise_whose_payment_was_returned_is_broken():
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),), "debit returned")
    given(INVOICE, PROMISED, part_paid(400_00), back).when(invoice.review_promise, on=MORNING_AFTER).then(
        PromiseBroken(1)
    )


@pytest.mark.parametrize("verdict", [PromiseKept(1), PromisePartlyKept(1, 1_00), PromiseBroken(1)])
def test_a_promise_is_judged_once(verdict):
    given(INVOICE, PROMISED, verdict).when(invoice.review_promise, on=MORNING_AFTER).then()


def test_without_a_promise_or_an_invoice_there_is_nothing_to_judge():
    given(INVOICE).when(invoice.review_promise, on=MORNING_AFTER).then()
    given().when(invoice.review_promise, on=MORNING_AFTER).refused("not_issued")


# Settlements

OFFER = {"pay_minor": 800_00, "until_on": BY, "on": TODAY}
OFFERED = SettlementOffered(1, 800_00, BY)
ACCEPTED = SettlementAccepted(1)


def test_a_settlement_asks_for_less_by_a_day():
    given(INVOICE).when(invoice.offer_settlement, **OFFER).then(OFFERED)
    given(INVOICE).when(invoice.offer_settlement, **(OFFER | {"until_on": TODAY})).then(
        SettlementOffered(1, 800_00, TODAY)
    )


def test_a_settlement_for_all_that_is_open_gives_a_service_at_least():
    all_of_it = OFFER | {"pay_minor": 1000_00}
    given(INVOICE).when(invoice.offer_settlement, **all_of_it).refused("no_concession")
    given(INVOICE).when(invoice.offer_settlement, **all_of_it, service="free training").then(
        SettlementOffered(1, 1000_00, BY, "free training")
    )
    given(INVOICE).when(invoice.offer_settlement, **(OFFER | {"pay_minor": 1000_01}), service="training").refused(
        "no_concession"
    )


def test_a_cent_less_is_a_concession():
    given(INVOICE).when(invoice.offer_settlement, **(OFFER | {"pay_minor": 999_99})).then(
        SettlementOffered(1, 999_99, BY)
    )


def test_an_offer_until_yesterday_is_refused():
    given(INVOICE).when(invoice.offer_settlement, **(OFFER | {"until_on": YESTERDAY})).refused("day_is_past")


@pytest.mark.parametrize("pay_minor", [0, -1])
def test_an_offer_to_end_the_claim_for_nothing_is_refused(pay_minor):
    given(INVOICE).when(invoice.offer_settlement, **(OFFER | {"pay_minor": pay_minor})).refused("not_positive")


def test_the_same_offer_again_changes_nothing():
    given(INVOICE, OFFERED).when(invoice.offer_settlement, **OFFER).then()
    given(INVOICE, OFFERED, ACCEPTED).when(invoice.offer_settlement, **OFFER).then()


@pytest.mark.parametrize("other", [{"pay_minor": 700_00}, {"until_on": date(2026, 3, 21)}, {"service": "training"}])
def test_another_offer_takes_the_place_of_one_nobody_accepted(other):
    asked = OFFER | other
    given(INVOICE, OFFERED).when(invoice.offer_settlement, **asked).then(
        SettlementOffered(2, asked["pay_minor"], asked["until_on"], asked.get("service", ""))
    )


def test_another_offer_waits_until_an_accepted_one_has_lapsed():
    better = {"pay_minor": 700_00, "until_on": date(2026, 4, 30)}
    given(INVOICE, OFFERED, ACCEPTED).when(invoice.offer_settlement, **better, on=BY).refused("settlement_open")
    given(INVOICE, OFFERED, ACCEPTED).when(invoice.offer_settlement, **better, on=MORNING_AFTER).then(
        SettlementOffered(2, 700_00, date(2026, 4, 30))
    )


def test_nothing_is_settled_on_a_claim_that_is_not_there_void_paid_or_not_ours():
    given().when(invoice.offer_settlement, **OFFER).refused("not_issued")
    given(INVOICE, VOIDED).when(invoice.offer_settlement, **OFFER).refused("voided")
    given(INVOICE, paid()).when(invoice.offer_settlement, **OFFER).refused("nothing_open")
    given(INVOICE, SOLD).when(invoice.offer_settlement, **OFFER).refused("sold")
    given(INVOICE, PLACED).when(invoice.offer_settlement, **OFFER).refused("placed")


def test_an_offer_is_accepted_until_its_last_day():
    given(INVOICE, OFFERED).when(invoice.accept_settlement, on=BY).then(ACCEPTED)
    given(INVOICE, OFFERED).when(invoice.accept_settlement, on=MORNING_AFTER).refused("offer_lapsed")


def test_the_newest_offer_is_the_one_accepted():
    given(INVOICE, OFFERED, SettlementOffered(2, 700_00, BY)).when(invoice.accept_settlement, on=BY).then(
        SettlementAccepted(2)
    )


def test_an_offer_is_accepted_once():
    given(INVOICE, OFFERED, ACCEPTED).when(invoice.accept_settlement, on=BY).then()
    given(INVOICE, OFFERED, ACCEPTED).when(invoice.accept_settlement, on=MORNING_AFTER).then()


def test_what_was_not_offered_is_not_accepted():
    given(INVOICE).when(invoice.accept_settlement, on=BY).refused("no_offer")
    given(INVOICE, OFFERED, paid()).when(invoice.accept_settlement, on=BY).refused("nothing_open")
    given().when(invoice.accept_settlement, on=BY).refused("not_issued")


# Instalment plans

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
TWO = (Instalment(MAY, 600_00), Instalment(JUNE, 400_00))
PLAN = InstalmentPlanAgreed(TWO, 2, (Part(1, 1000_00),))
DAY_AFTER_MAY, DAY_AFTER_JUNE = date(2026, 5, 2), date(2026, 6, 2)


def dues(*facts):
    return [(item.due_on, item.open_minor) for item in claim_of(*facts).items if item.open_minor]


def test_a_plan_moves_all_that_is_open_to_new_instalments():
    given(INVOICE).when(invoice.agree_plan, instalments=TWO, on=TODAY).then(PLAN)
    assert dues(INVOICE, PLAN) == [(MAY, 600_00), (JUNE, 400_00)]
    assert claim_of(INVOICE, PLAN).open_minor == 1000_00


def test_a_plan_takes_in_charges_and_what_part_payments_left():
    fee = FeeCharged(4, 40_00, TODAY, "reminder fee")
    story = [IN_THREE, part_paid(340_00, parts=(Part(1, 300_00), Part(2, 40_00))), fee]
    thrice = (Instalment(MAY, 700_00),)
    given(*story).when(invoice.agree_plan, instalments=thrice, on=TODAY).then(
        InstalmentPlanAgreed(thrice, 5, (Part(4, 40_00), Part(2, 260_00), Part(3, 400_00)))
    )


def test_a_plan_may_begin_today_and_not_yesterday():
    today = (Instalment(TODAY, 1000_00),)
    given(INVOICE).when(invoice.agree_plan, instalments=today, on=TODAY).then(
        InstalmentPlanAgreed(today, 2, (Part(1, 1000_00),))
    )
    given(INVOICE).when(
        invoice.agree_plan, instalments=(Instalment(MAY, 999_00), Instalment(YESTERDAY, 1_00)), on=TODAY
    ).refused("day_is_past")


@pytest.mark.parametrize("shares", [[], [999_99], [1000_01], [1000_00, 0], [1000_01, -1]])
def test_a_plan_adds_up_to_exactly_what_is_open(shares):
    plan = [Instalment(MAY, share) for share in shares]
    given(INVOICE).when(invoice.agree_plan, instalments=plan, on=TODAY).refused("bad_schedule")


def test_the_same_plan_again_changes_nothing_and_another_must_wait():
    given(INVOICE, PLAN).when(invoice.agree_plan, instalments=list(TWO), on=TODAY).then()
    given(INVOICE, PLAN).when(invoice.agree_plan, instalments=[Instalment(MAY, 1000_00)], on=TODAY).refused("plan_open")


def test_a_new_plan_may_follow_a_broken_one():
    broken = InstalmentPlanBroken(2)
    once = (Instalment(JUNE, 1000_00),)
    given(INVOICE, PLAN, broken).when(invoice.agree_plan, instalments=once, on=DAY_AFTER_MAY).then(
        InstalmentPlanAgreed(once, 4, (Part(2, 600_00), Part(3, 400_00)))
    )


def test_a_disputed_claim_is_resolved_before_it_is_paid_in_instalments():
    disputed = Disputed(1, "price", 1_00, (Part(1, 1_00),))
    given(INVOICE, disputed).when(invoice.agree_plan, instalments=TWO, on=TODAY).refused("disputed")


def test_a_promise_gives_way_to_a_plan():
    given(INVOICE, PROMISED, PLAN).when(invoice.review_promise, on=MORNING_AFTER).then()


def test_no_plan_on_a_claim_that_is_not_there_void_paid_or_not_ours():
    asked = {"instalments": TWO, "on": TODAY}
    given().when(invoice.agree_plan, **asked).refused("not_issued")
    given(INVOICE, VOIDED).when(invoice.agree_plan, **asked).refused("voided")
    given(INVOICE, paid()).when(invoice.agree_plan, **asked).refused("nothing_open")
    given(INVOICE, SOLD).when(invoice.agree_plan, **asked).refused("sold")
    given(INVOICE, PLACED).when(invoice.agree_plan, **asked).refused("placed")


# Is it kept?


def test_a_plan_is_kept_on_the_due_day_of_its_instalment():
    given(INVOICE, PLAN).when(invoice.review_plan, on=MAY, accelerate=True).then()


def test_a_missed_instalment_breaks_the_plan_the_day_after():
    given(INVOICE, PLAN).when(invoice.review_plan, on=DAY_AFTER_MAY, accelerate=False).then(InstalmentPlanBroken(2))
    assert dues(INVOICE, PLAN, InstalmentPlanBroken(2)) == [(MAY, 600_00), (JUNE, 400_00)]


def test_with_acceleration_all_that_is_left_falls_due_at_once():
    broken = InstalmentPlanBroken(2, 4, DAY_AFTER_MAY, (Part(3, 400_00),))
    given(INVOICE, PLAN).when(invoice.review_plan, on=DAY_AFTER_MAY, accelerate=True).then(broken)
    assert dues(INVOICE, PLAN, broken) == [(MAY, 600_00), (DAY_AFTER_MAY, 400_00)]


def test_an_instalment_due_today_falls_due_with_the_rest():
    plan = InstalmentPlanAgreed((Instalment(MAY, 600_00), Instalment(DAY_AFTER_MAY, 400_00)), 2, (Part(1, 1000_00),))
    given(INVOICE, plan).when(invoice.review_plan, on=DAY_AFTER_MAY, accelerate=True).then(
        InstalmentPlanBroken(2, 4, DAY_AFTER_MAY, (Part(3, 400_00),))
    )


def test_a_part_payment_does_not_keep_an_instalment():
    short = part_paid(599_99, parts=(Part(2, 599_99),))
    given(INVOICE, PLAN, short).when(invoice.review_plan, on=DAY_AFTER_MAY, accelerate=False).then(
        InstalmentPlanBroken(2)
    )


def test_an_instalment_paid_in_time_keeps_the_plan():
    first = part_paid(600_00, parts=(Part(2, 600_00),))
    given(INVOICE, PLAN, first).when(invoice.review_plan, on=DAY_AFTER_MAY, accelerate=True).then()
    given(INVOICE, PLAN, first).when(invoice.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then(
        InstalmentPlanBroken(3)
    )


def test_when_the_last_instalment_is_missed_nothing_is_left_to_accelerate():
    given(INVOICE, PLAN).when(invoice.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then(InstalmentPlanBroken(2))


def test_the_first_missed_by_day_is_named_whatever_the_order_of_the_plan():
    backwards = InstalmentPlanAgreed((Instalment(JUNE, 400_00), Instalment(MAY, 600_00)), 2, (Part(1, 1000_00),))
    given(INVOICE, backwards).when(invoice.review_plan, on=DAY_AFTER_JUNE, accelerate=False).then(
        InstalmentPlanBroken(3)
    )


def test_a_plan_is_broken_once():
    given(INVOICE, PLAN, InstalmentPlanBroken(2)).when(invoice.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then()


def test_an_overdue_fee_beside_the_plan_does_not_break_it():
    fee = FeeCharged(4, 40_00, TODAY, "reminder fee")
    given(INVOICE, PLAN, fee).when(invoice.review_plan, on=MAY, accelerate=True).then()


def test_nor_does_an_old_instalment_that_a_returned_payment_reopened():
    story = [INVOICE, part_paid(100_00), replace(PLAN, instalments=(TWO[0], Instalment(JUNE, 300_00)))]
    back = PaymentReversed("B-1", 1, 100_00, 0, (Part(1, 100_00),), "debit returned")
    given(*story, back).when(invoice.review_plan, on=MAY, accelerate=True).then()


def test_a_disputed_instalment_is_neither_missed_nor_accelerated():
    first = Disputed(1, "quality", 600_00, (Part(2, 600_00),))
    given(INVOICE, PLAN, first).when(invoice.review_plan, on=DAY_AFTER_MAY, accelerate=True).then()
    second = Disputed(1, "quality", 300_00, (Part(3, 300_00),))
    broken = InstalmentPlanBroken(2, 4, DAY_AFTER_MAY, (Part(3, 100_00),))
    given(INVOICE, PLAN, second).when(invoice.review_plan, on=DAY_AFTER_MAY, accelerate=True).then(broken)
    assert claim_of(INVOICE, PLAN, second, broken).disputed_minor == 300_00


def test_a_plan_on_which_nothing_is_left_is_completed_however_that_came():
    credited = CreditNoteApplied("C-1", 1000_00, 0, (Part(3, 400_00), Part(2, 600_00)), "all came back")
    fee = FeeCharged(4, 40_00, TODAY, "reminder fee")
    given(INVOICE, PLAN, fee, credited).when(invoice.review_plan, on=TODAY, accelerate=True).then(
        InstalmentPlanCompleted()
    )
    given(INVOICE, PLAN, fee, credited, InstalmentPlanCompleted()).when(
        invoice.review_plan, on=TODAY, accelerate=True
    ).then()
    waived = ChargeWaived(4, 40_00, (Part(4, 40_00),), "goodwill")
    given(INVOICE, PLAN, fee, waived).when(invoice.review_plan, on=TODAY, accelerate=True).then()


def test_without_a_plan_or_an_invoice_there_is_nothing_to_review():
    given(INVOICE).when(invoice.review_plan, on=DAY_AFTER_JUNE, accelerate=True).then()
    given().when(invoice.review_plan, on=DAY_AFTER_JUNE, accelerate=True).refused("not_issued")
