from datetime import date, timedelta

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    CreditNoteApplied,
    Factored,
    Part,
    PaymentReversed,
    PlacedWithAgency,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromisePartlyKept,
    Voided,
)
from tests.domain.examples import INVOICE, paid, part_paid
from tests.stories import given

TODAY = date(2026, 3, 10)
YESTERDAY = TODAY - timedelta(days=1)
BY = date(2026, 3, 20)
MORNING_AFTER = date(2026, 3, 21)
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
PLACED = PlacedWithAgency("Inkasso", 2500, 1000_00)
VOIDED = Voided((Part(1, 1000_00),))
PROMISED = PromiseMade(1, 500_00, BY)


# Promises


def test_a_promise_is_for_all_that_is_open_unless_an_amount_is_named():
    given(INVOICE).when(invoices.promise, pay_on=BY, on=TODAY).then(PromiseMade(1, 1000_00, BY))
    given(INVOICE, part_paid(400_00)).when(invoices.promise, pay_on=BY, on=TODAY).then(PromiseMade(1, 600_00, BY))
    given(INVOICE).when(invoices.promise, pay_on=BY, on=TODAY, amount_minor=500_00).then(PROMISED)


def test_a_promise_for_today_is_a_promise_and_one_for_yesterday_is_not():
    given(INVOICE).when(invoices.promise, pay_on=TODAY, on=TODAY).then(PromiseMade(1, 1000_00, TODAY))
    given(INVOICE).when(invoices.promise, pay_on=YESTERDAY, on=TODAY).refused("day_is_past")


def test_a_promise_of_exactly_what_is_open_and_not_a_cent_more():
    asked = {"pay_on": BY, "on": TODAY}
    given(INVOICE).when(invoices.promise, amount_minor=1000_00, **asked).then(PromiseMade(1, 1000_00, BY))
    given(INVOICE).when(invoices.promise, amount_minor=1000_01, **asked).refused("over_open")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_promise_of_nothing_is_refused(amount):
    given(INVOICE).when(invoices.promise, pay_on=BY, on=TODAY, amount_minor=amount).refused("not_positive")


def test_the_same_promise_again_changes_nothing():
    given(INVOICE, PROMISED).when(invoices.promise, pay_on=BY, on=TODAY, amount_minor=500_00).then()
    given(INVOICE, PROMISED).when(invoices.promise, pay_on=BY, on=BY, amount_minor=500_00).then()


def test_one_promise_at_a_time():
    later = BY + timedelta(days=1)
    given(INVOICE, PROMISED).when(invoices.promise, pay_on=later, on=TODAY, amount_minor=500_00).refused("promise_open")
    given(INVOICE, PROMISED).when(invoices.promise, pay_on=BY, on=TODAY, amount_minor=500_01).refused("promise_open")
    given(INVOICE, PROMISED).when(invoices.promise, pay_on=later, on=BY).refused("promise_open")


def test_a_promise_whose_day_is_over_is_judged_before_the_next_is_made():
    given(INVOICE, PROMISED).when(invoices.promise, pay_on=date(2026, 4, 1), on=MORNING_AFTER).then(
        PromiseBroken(1), PromiseMade(2, 1000_00, date(2026, 4, 1))
    )


def test_a_promise_is_numbered_after_the_last():
    given(INVOICE, PROMISED, PromiseBroken(1)).when(invoices.promise, pay_on=BY, on=TODAY).then(
        PromiseMade(2, 1000_00, BY)
    )


def test_nothing_is_promised_on_an_invoice_that_is_not_there_void_paid_or_not_ours():
    asked = {"pay_on": BY, "on": TODAY}
    given().when(invoices.promise, **asked).refused("not_issued")
    given(INVOICE, VOIDED).when(invoices.promise, **asked).refused("voided")
    given(INVOICE, paid()).when(invoices.promise, **asked).refused("nothing_open")
    given(INVOICE, SOLD).when(invoices.promise, **asked).refused("factored")
    given(INVOICE, PLACED).when(invoices.promise, **asked).refused("placed")


# Was it kept?


@pytest.mark.parametrize("on", [TODAY, BY])
def test_a_promise_is_not_judged_before_its_day_is_over(on):
    given(INVOICE, PROMISED).when(invoices.review_promise, on=on).then()


def test_a_promise_on_which_nothing_was_paid_is_broken_the_morning_after():
    given(INVOICE, PROMISED).when(invoices.review_promise, on=MORNING_AFTER).then(PromiseBroken(1))


def test_a_promise_of_which_a_cent_was_paid_is_partly_kept():
    given(INVOICE, PROMISED, part_paid(1)).when(invoices.review_promise, on=MORNING_AFTER).then(PromisePartlyKept(1, 1))
    given(INVOICE, PROMISED, part_paid(499_99)).when(invoices.review_promise, on=MORNING_AFTER).then(
        PromisePartlyKept(1, 499_99)
    )


def test_what_was_paid_before_the_promise_keeps_nothing_of_it():
    given(INVOICE, part_paid(400_00), PROMISED).when(invoices.review_promise, on=MORNING_AFTER).then(PromiseBroken(1))


def test_a_promise_on_which_enough_was_paid_is_kept():
    given(INVOICE, PROMISED, part_paid(500_00)).when(invoices.review_promise, on=MORNING_AFTER).then(PromiseKept(1))


def test_a_promise_counts_as_kept_when_a_credit_note_left_nothing_to_pay():
    credited = CreditNoteApplied("C-1", 1000_00, 0, (Part(1, 1000_00),))
    given(INVOICE, PROMISED, credited).when(invoices.review_promise, on=MORNING_AFTER).then(PromiseKept(1))


def test_a_promise_whose_payment_was_returned_is_broken():
    back = PaymentReversed("B-1", 1, 400_00, 0, (Part(1, 400_00),))
    given(INVOICE, PROMISED, part_paid(400_00), back).when(invoices.review_promise, on=MORNING_AFTER).then(
        PromiseBroken(1)
    )


@pytest.mark.parametrize("verdict", [PromiseKept(1), PromisePartlyKept(1, 1_00), PromiseBroken(1)])
def test_a_promise_is_judged_once(verdict):
    given(INVOICE, PROMISED, verdict).when(invoices.review_promise, on=MORNING_AFTER).then()


def test_without_a_promise_or_an_invoice_there_is_nothing_to_judge():
    given(INVOICE).when(invoices.review_promise, on=MORNING_AFTER).then()
    given().when(invoices.review_promise, on=MORNING_AFTER).refused("not_issued")
