from dataclasses import replace

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    Disputed,
    DisputeResolved,
    FeeCharged,
    Part,
    PaymentReversed,
    Voided,
)
from tests.domain.examples import DUE, IN_THREE, INVOICE, invoice_of, paid, part_paid
from tests.stories import given

ALL = Disputed(1, "quality", 1000_00, (Part(1, 1000_00),))
PART = Disputed(1, "price", 300_00, (Part(1, 300_00),))
OTHER = Disputed(2, "quality", 200_00, (Part(1, 200_00),))


def disputed_minor(*facts):
    return invoice_of(*facts).disputed_minor


def test_all_that_is_open_is_disputed_unless_an_amount_is_named():
    given(INVOICE).when(invoices.dispute, reason_code="quality").then(ALL)
    given(INVOICE, part_paid(400_00)).when(invoices.dispute, reason_code="quality").then(
        Disputed(1, "quality", 600_00, (Part(1, 600_00),))
    )


def test_part_of_the_amount_is_disputed_in_the_debtor_s_words():
    given(INVOICE).when(invoices.dispute, reason_code="price", amount_minor=300_00, comment="agreed at 7 a piece").then(
        replace(PART, comment="agreed at 7 a piece")
    )


@pytest.mark.parametrize(
    "reason_code",
    ["goods", "price", "delivery", "quality", "quantity", "not_ordered", "duplicate", "terms", "other"],
)
def test_every_reason_in_the_book_is_taken(reason_code):
    given(INVOICE).when(invoices.dispute, reason_code=reason_code).then(replace(ALL, reason_code=reason_code))


def test_a_reason_nobody_knows_is_refused():
    given(INVOICE).when(invoices.dispute, reason_code="mood").refused("unknown_reason")


def test_the_oldest_instalments_are_disputed_first():
    given(IN_THREE).when(invoices.dispute, reason_code="price", amount_minor=350_00).then(
        Disputed(1, "price", 350_00, (Part(1, 300_00), Part(2, 50_00)))
    )


def test_a_second_dispute_takes_what_is_not_disputed_yet():
    given(IN_THREE, Disputed(1, "price", 350_00, (Part(1, 300_00), Part(2, 50_00)))).when(
        invoices.dispute, reason_code="quality"
    ).then(Disputed(2, "quality", 650_00, (Part(2, 250_00), Part(3, 400_00))))


def test_a_charge_may_be_disputed_too():
    fee = FeeCharged(2, 40_00, DUE, "reminder fee")
    given(INVOICE, fee).when(invoices.dispute, reason_code="terms").then(
        Disputed(1, "terms", 1040_00, (Part(1, 1000_00), Part(2, 40_00)))
    )


def test_all_that_is_left_and_not_a_cent_more_may_be_disputed():
    given(INVOICE, PART).when(invoices.dispute, reason_code="quality", amount_minor=700_00).then(
        Disputed(2, "quality", 700_00, (Part(1, 700_00),))
    )
    given(INVOICE, PART).when(invoices.dispute, reason_code="quality", amount_minor=700_01).refused("over_open")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_dispute_over_nothing_is_refused(amount):
    given(INVOICE).when(invoices.dispute, reason_code="price", amount_minor=amount).refused("not_positive")


def test_the_same_dispute_again_changes_nothing():
    given(INVOICE, PART).when(invoices.dispute, reason_code="price", amount_minor=300_00).then()
    given(INVOICE, ALL).when(invoices.dispute, reason_code="quality").then()
    given(INVOICE, ALL).when(invoices.dispute, reason_code="quality", amount_minor=1000_00).then()


def test_another_reason_for_what_is_wholly_disputed_is_not_lost_in_silence():
    given(INVOICE, ALL).when(invoices.dispute, reason_code="price").refused("over_open")
    given(INVOICE, ALL).when(invoices.dispute, reason_code="price", amount_minor=1).refused("over_open")


def test_a_cent_more_for_the_same_reason_is_refused_when_all_is_disputed():
    given(INVOICE, ALL).when(invoices.dispute, reason_code="quality", amount_minor=1).refused("over_open")


def test_the_same_reason_for_the_rest_is_a_second_dispute():
    given(INVOICE, PART).when(invoices.dispute, reason_code="price").then(
        Disputed(2, "price", 700_00, (Part(1, 700_00),))
    )


def test_a_dispute_that_was_resolved_may_be_raised_again():
    resolved = DisputeResolved(1, "rejected", 0, PART.parts)
    given(INVOICE, PART, resolved).when(invoices.dispute, reason_code="price", amount_minor=300_00).then(
        replace(PART, dispute=2)
    )


def test_nothing_is_disputed_on_an_invoice_that_is_not_there_void_or_paid():
    given().when(invoices.dispute, reason_code="price").refused("not_issued")
    given(INVOICE, Voided((Part(1, 1000_00),))).when(invoices.dispute, reason_code="price").refused("voided")
    given(INVOICE, paid()).when(invoices.dispute, reason_code="mood").refused("nothing_open")


def test_a_payment_is_taken_for_the_undisputed_part_first():
    assert disputed_minor(INVOICE, PART) == 300_00
    assert disputed_minor(INVOICE, PART, part_paid(700_00)) == 300_00
    assert disputed_minor(INVOICE, PART, part_paid(700_01)) == 299_99
    assert disputed_minor(INVOICE, PART, paid()) == 0


def test_a_disputed_part_that_was_paid_is_disputed_again_when_the_payment_is_returned():
    back = PaymentReversed("B-1", 1, 1000_00, 0, (Part(1, 1000_00),))
    assert disputed_minor(INVOICE, PART, paid(), back) == 300_00


def test_two_disputes_of_one_item_add_up():
    assert disputed_minor(INVOICE, PART, OTHER) == 500_00
    assert disputed_minor(INVOICE, PART, OTHER, part_paid(600_00)) == 400_00
