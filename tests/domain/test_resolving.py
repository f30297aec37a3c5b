from dataclasses import replace

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    CreditNoteApplied,
    Disputed,
    DisputeResolved,
    Factored,
    Part,
    Voided,
)
from tests.domain.examples import IN_THREE, INVOICE, invoice_of, paid, part_paid
from tests.stories import given

ALL = Disputed(1, "quality", 1000_00, (Part(1, 1000_00),))
PART = Disputed(1, "price", 300_00, (Part(1, 300_00),))
OTHER = Disputed(2, "quality", 200_00, (Part(1, 200_00),))
CREDITED = CreditNoteApplied("C-1", 300_00, 0, (Part(1, 300_00),), allocation=1)
UPHELD = {"outcome": "upheld", "credit_note": "C-1"}


def disputed_minor(*facts):
    return invoice_of(*facts).disputed_minor


# Resolutions


def test_a_dispute_upheld_credits_what_was_disputed():
    given(INVOICE, PART).when(invoices.resolve, **UPHELD, tax_minor=47_90).then(
        DisputeResolved(1, "upheld", 300_00, PART.parts), replace(CREDITED, tax_minor=47_90)
    )


def test_a_dispute_upheld_in_part_credits_the_amount_that_was_won():
    given(INVOICE, PART).when(invoices.resolve, outcome="part_upheld", upheld_minor=120_00, credit_note="C-1").then(
        DisputeResolved(1, "part_upheld", 120_00, PART.parts),
        replace(CREDITED, amount_minor=120_00, parts=(Part(1, 120_00),)),
    )


def test_a_dispute_rejected_ends_and_credits_nothing():
    given(INVOICE, PART).when(invoices.resolve, outcome="rejected", credit_note="C-1").then(
        DisputeResolved(1, "rejected", 0, PART.parts)
    )
    assert disputed_minor(INVOICE, PART, DisputeResolved(1, "rejected", 0, PART.parts)) == 0


def test_the_credit_note_takes_the_disputed_instalments_before_the_others():
    second = Disputed(1, "price", 100_00, (Part(2, 100_00),))
    given(IN_THREE, second).when(invoices.resolve, **UPHELD).then(
        DisputeResolved(1, "upheld", 100_00, second.parts),
        replace(CREDITED, amount_minor=100_00, parts=(Part(2, 100_00),)),
    )


def test_what_is_open_of_the_disputed_part_is_credited_when_the_rest_was_paid():
    given(INVOICE, PART, part_paid(800_00)).when(invoices.resolve, **UPHELD).then(
        DisputeResolved(1, "upheld", 200_00, PART.parts),
        replace(CREDITED, amount_minor=200_00, parts=(Part(1, 200_00),)),
    )


def test_what_is_open_is_counted_instalment_by_instalment():
    case = Disputed(1, "price", 500_00, (Part(1, 300_00), Part(2, 200_00)))
    partly = part_paid(250_00, parts=(Part(1, 250_00),))
    given(IN_THREE, case, partly).when(invoices.resolve, **UPHELD).then(
        DisputeResolved(1, "upheld", 250_00, case.parts),
        replace(CREDITED, amount_minor=250_00, parts=(Part(1, 50_00), Part(2, 200_00))),
    )


def test_what_was_won_may_be_credited_on_other_instalments_when_the_disputed_one_was_paid():
    first = Disputed(1, "price", 300_00, (Part(1, 300_00),))
    partly = part_paid(200_00, parts=(Part(1, 200_00),))
    given(IN_THREE, first, partly).when(invoices.resolve, **UPHELD, upheld_minor=300_00).then(
        DisputeResolved(1, "upheld", 300_00, first.parts),
        replace(CREDITED, parts=(Part(1, 100_00), Part(3, 200_00))),
    )


def test_a_debtor_wins_no_more_than_was_disputed():
    given(INVOICE, PART).when(invoices.resolve, **UPHELD, upheld_minor=300_00).then(
        DisputeResolved(1, "upheld", 300_00, PART.parts), CREDITED
    )
    given(INVOICE, PART).when(invoices.resolve, **UPHELD, upheld_minor=300_01).refused("over_disputed")


def test_a_debtor_wins_no_more_than_is_open():
    given(INVOICE, PART, part_paid(800_00)).when(invoices.resolve, **UPHELD, upheld_minor=200_00).then(
        DisputeResolved(1, "upheld", 200_00, PART.parts),
        replace(CREDITED, amount_minor=200_00, parts=(Part(1, 200_00),)),
    )
    given(INVOICE, PART, part_paid(800_00)).when(invoices.resolve, **UPHELD, upheld_minor=200_01).refused(
        "over_disputed"
    )


def test_a_dispute_over_what_was_paid_under_protest_is_not_upheld_with_nothing():
    given(INVOICE, PART, paid()).when(invoices.resolve, **UPHELD).refused("over_disputed")
    given(INVOICE, PART, paid()).when(invoices.resolve, outcome="rejected").then(
        DisputeResolved(1, "rejected", 0, PART.parts)
    )


def test_each_instalment_is_credited_once():
    case = Disputed(1, "price", 400_00, (Part(3, 400_00),))
    before = CreditNoteApplied("C-0", 350_00, 0, (Part(3, 350_00),))
    given(IN_THREE, case, before).when(invoices.resolve, **UPHELD, upheld_minor=400_00).then(
        DisputeResolved(1, "upheld", 400_00, case.parts),
        replace(CREDITED, amount_minor=400_00, parts=(Part(3, 50_00), Part(2, 300_00), Part(1, 50_00))),
    )


@pytest.mark.parametrize("upheld", [0, -1])
def test_a_debtor_who_won_nothing_was_not_upheld(upheld):
    given(INVOICE, PART).when(invoices.resolve, **UPHELD, upheld_minor=upheld).refused("not_positive")


def test_a_dispute_upheld_names_the_credit_note():
    given(INVOICE, PART).when(invoices.resolve, outcome="upheld").refused("credit_note_missing")


def test_a_dispute_upheld_in_part_names_the_amount():
    given(INVOICE, PART).when(invoices.resolve, outcome="part_upheld", credit_note="C-1").refused("amount_missing")


def test_a_dispute_ends_for_or_against_the_debtor_or_in_part():
    given(INVOICE, PART).when(invoices.resolve, outcome="forgotten").refused("unknown_outcome")


def test_one_of_two_open_disputes_must_be_named():
    given(INVOICE, PART, OTHER).when(invoices.resolve, outcome="rejected").refused("which_dispute")
    given(INVOICE, PART, OTHER).when(invoices.resolve, outcome="rejected", dispute=2).then(
        DisputeResolved(2, "rejected", 0, OTHER.parts)
    )
    given(INVOICE, PART, OTHER, DisputeResolved(2, "rejected", 0, OTHER.parts)).when(
        invoices.resolve, outcome="rejected"
    ).then(DisputeResolved(1, "rejected", 0, PART.parts))


@pytest.mark.parametrize("number", [None, 0, -1, 1])
def test_a_dispute_nobody_raised_is_not_resolved(number):
    given(INVOICE).when(invoices.resolve, dispute=number, outcome="rejected").refused("no_such_dispute")


@pytest.mark.parametrize("number", [0, -1, 3])
def test_nor_is_one_with_another_number(number):
    given(INVOICE, PART, OTHER).when(invoices.resolve, dispute=number, outcome="rejected").refused("no_such_dispute")


def test_a_dispute_is_resolved_once():
    resolved = DisputeResolved(1, "rejected", 0, PART.parts)
    given(INVOICE, PART, resolved).when(invoices.resolve, dispute=1, outcome="upheld").then()
    given(INVOICE, PART, OTHER, resolved).when(invoices.resolve, dispute=1, outcome="rejected").then()


def test_nothing_is_resolved_on_an_invoice_that_is_not_there_or_void():
    given().when(invoices.resolve, outcome="rejected").refused("not_issued")
    given(INVOICE, PART, Voided((Part(1, 1000_00),))).when(invoices.resolve, outcome="rejected").refused("voided")


# The credit note that came before the resolution


@pytest.mark.parametrize("allocation", [0, 1])
def test_a_credit_note_applied_before_the_dispute_was_upheld_is_not_applied_again(allocation):
    before = replace(CREDITED, allocation=allocation)
    given(INVOICE, PART, before).when(invoices.resolve, **UPHELD).then(DisputeResolved(1, "upheld", 300_00, PART.parts))


def test_nor_when_it_closed_the_invoice():
    before = replace(CREDITED, amount_minor=1000_00, parts=(Part(1, 1000_00),))
    given(INVOICE, ALL, before).when(invoices.resolve, **UPHELD).then(DisputeResolved(1, "upheld", 1000_00, ALL.parts))


def test_of_a_larger_credit_note_the_part_that_was_won_is_named():
    larger = replace(CREDITED, amount_minor=400_00, parts=(Part(1, 400_00),))
    given(INVOICE, PART, larger).when(invoices.resolve, **UPHELD).refused("over_disputed")
    given(INVOICE, PART, larger).when(invoices.resolve, **UPHELD, upheld_minor=300_00).then(
        DisputeResolved(1, "upheld", 300_00, PART.parts)
    )


def test_no_more_is_won_than_the_credit_note_gave():
    smaller = replace(CREDITED, amount_minor=100_00, parts=(Part(1, 100_00),))
    given(INVOICE, PART, smaller).when(invoices.resolve, **UPHELD, upheld_minor=100_01).refused("over_disputed")
    given(INVOICE, PART, smaller).when(invoices.resolve, **UPHELD, upheld_minor=100_00).then(
        DisputeResolved(1, "upheld", 100_00, PART.parts)
    )


def test_a_debtor_who_won_nothing_was_not_upheld_by_a_credit_note_either():
    given(INVOICE, PART, CREDITED).when(invoices.resolve, **UPHELD, upheld_minor=0).refused("not_positive")


def test_a_credit_note_for_something_else_does_not_settle_the_dispute():
    other = replace(CREDITED, credit_note="C-0", amount_minor=100_00, parts=(Part(1, 100_00),))
    given(INVOICE, PART, other).when(invoices.resolve, **UPHELD).then(
        DisputeResolved(1, "upheld", 300_00, PART.parts), CREDITED
    )


@pytest.mark.parametrize("tax", [-1, 300_01])
def test_the_tax_of_the_credit_note_lies_within_it(tax):
    given(INVOICE, PART).when(invoices.resolve, **UPHELD, tax_minor=tax).refused("tax_out_of_range")


def test_a_dispute_of_an_invoice_sold_without_recourse_is_credited_by_the_factor_not_by_us():
    sold = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
    given(INVOICE, sold).when(invoices.dispute, reason_code="price", amount_minor=300_00).then(PART)
    given(INVOICE, sold, PART).when(invoices.resolve, **UPHELD).refused("factored")
    given(INVOICE, sold, PART).when(invoices.resolve, outcome="rejected").then(
        DisputeResolved(1, "rejected", 0, PART.parts)
    )
