from dataclasses import replace
from datetime import date

import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    CreditNoteApplied,
    Factored,
    FeeCharged,
    InterestCharged,
    Part,
    PlacedWithAgency,
    Recovered,
    Voided,
    WrittenOff,
)
from tests.domain.examples import (
    DISCOUNTED,
    DUE,
    IN_THREE,
    INVOICE,
    ISSUED_ON,
    invoice_of,
    paid,
    part_paid,
)
from tests.stories import given

CREDITED = CreditNoteApplied("C-1", 100_00, 0, (Part(1, 100_00),))
SOLD = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
CREDIT = {"credit_note": "C-1", "amount_minor": 100_00}


# Credit notes


def test_a_credit_note_lessens_what_is_owed():
    given(INVOICE).when(invoices.credit, **CREDIT).then(CREDITED)
    assert invoice_of(INVOICE, CREDITED).open_minor == 900_00


def test_a_credit_note_takes_the_last_instalment_first():
    given(IN_THREE).when(invoices.credit, **(CREDIT | {"amount_minor": 450_00})).then(
        CreditNoteApplied("C-1", 450_00, 0, (Part(3, 400_00), Part(2, 50_00)))
    )


def test_a_credit_note_takes_charges_only_when_no_principal_is_left():
    fee = FeeCharged(2, 40_00, DUE, "§ 288 BGB")
    interest = InterestCharged(3, 10_00, date(2026, 2, 1), DUE, DUE, "9 points over base")
    given(INVOICE, fee, interest).when(invoices.credit, **(CREDIT | {"amount_minor": 1045_00})).then(
        CreditNoteApplied("C-1", 1045_00, 0, (Part(1, 1000_00), Part(3, 10_00), Part(2, 35_00)))
    )


def test_a_credit_note_over_all_that_is_open_closes_the_invoice():
    given(INVOICE, part_paid(1_00)).when(
        invoices.credit, **(CREDIT | {"amount_minor": 999_00, "tax_minor": 999_00})
    ).then(CreditNoteApplied("C-1", 999_00, 999_00, (Part(1, 999_00),)))


def test_a_credit_note_over_one_cent_more_than_is_open_is_refused():
    given(INVOICE, part_paid(1_00)).when(invoices.credit, **(CREDIT | {"amount_minor": 999_01})).refused("over_open")


def test_the_same_credit_note_again_changes_nothing():
    given(INVOICE, CREDITED).when(invoices.credit, **CREDIT).then()


def test_the_same_credit_note_again_changes_nothing_even_when_all_is_paid_since():
    given(INVOICE, CREDITED, paid(900_00)).when(invoices.credit, **CREDIT).then()


@pytest.mark.parametrize("other", [{"amount_minor": 100_01}, {"tax_minor": 1}])
def test_a_credit_note_s_number_is_not_used_for_another_amount(other):
    given(INVOICE, CREDITED).when(invoices.credit, **(CREDIT | other)).refused("number_taken")


def test_a_second_credit_note_over_the_same_amount_is_another():
    given(INVOICE, CREDITED).when(invoices.credit, **(CREDIT | {"credit_note": "C-2"})).then(
        replace(CREDITED, credit_note="C-2")
    )


@pytest.mark.parametrize("tax", [-1, 100_01])
def test_a_credit_note_s_tax_lies_within_it(tax):
    given(INVOICE).when(invoices.credit, **(CREDIT | {"tax_minor": tax})).refused("tax_out_of_range")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_credit_note_over_nothing_is_refused(amount):
    given(INVOICE).when(invoices.credit, **(CREDIT | {"amount_minor": amount})).refused("not_positive")


def test_nothing_is_credited_on_what_was_never_issued_is_paid_sold_or_void():
    given().when(invoices.credit, **CREDIT).refused("not_issued")
    given(INVOICE, paid()).when(invoices.credit, **CREDIT).refused("nothing_open")
    given(INVOICE, SOLD).when(invoices.credit, **CREDIT).refused("factored")
    given(INVOICE, Voided((Part(1, 1000_00),))).when(invoices.credit, **CREDIT).refused("voided")


def test_an_invoice_sold_with_recourse_may_still_be_credited():
    with_recourse = replace(SOLD, with_recourse=True, recourse_on=date(2026, 6, 30))
    given(INVOICE, with_recourse).when(invoices.credit, **CREDIT).then(CREDITED)


def test_a_credited_invoice_earns_its_discount_only_on_what_was_not_credited():
    invoice = invoice_of(DISCOUNTED, replace(CREDITED, amount_minor=500_00, parts=(Part(1, 500_00),)))
    assert invoices.payable_minor(invoice, on=ISSUED_ON) == 490_00


# Voiding


def test_an_invoice_issued_by_mistake_is_voided():
    given(INVOICE).when(invoices.void).then(Voided((Part(1, 1000_00),)))


def test_a_voided_invoice_owes_nothing_not_even_its_charges():
    story = [INVOICE, FeeCharged(2, 40_00, DUE, "reminder fee")]
    [voided] = invoices.void(invoice_of(*story))
    invoice = invoice_of(*story, voided)
    assert (invoice.open_minor, invoice.is_voided) == (0, True)


def test_what_a_credit_note_left_open_is_voided():
    given(INVOICE, CREDITED).when(invoices.void).then(Voided((Part(1, 900_00),)))


def test_a_fully_credited_invoice_may_be_voided():
    all_of_it = replace(CREDITED, amount_minor=1000_00, parts=(Part(1, 1000_00),))
    given(INVOICE, all_of_it).when(invoices.void).then(Voided(()))


def test_voiding_twice_changes_nothing():
    given(INVOICE, Voided((Part(1, 1000_00),))).when(invoices.void).then()


def test_an_invoice_that_was_never_issued_is_not_voided():
    given().when(invoices.void).refused("not_issued")


def test_an_invoice_with_payments_is_not_voided():
    given(INVOICE, part_paid(1_00)).when(invoices.void).refused("has_payments")
    given(INVOICE, paid()).when(invoices.void).refused("has_payments")


@pytest.mark.parametrize("with_recourse", [True, False])
def test_an_invoice_with_a_factor_is_not_voided(with_recourse):
    given(INVOICE, replace(SOLD, with_recourse=with_recourse)).when(invoices.void).refused("factored")


def test_an_invoice_with_an_agency_is_not_voided():
    given(INVOICE, PlacedWithAgency("Inkasso", 2500, 1000_00)).when(invoices.void).refused("placed")


def test_an_invoice_written_off_is_not_voided_and_a_recovered_one_has_payments():
    lost = WrittenOff(1000_00, 0, (Part(1, 1000_00),))
    given(INVOICE, lost).when(invoices.void).refused("written_off")
    given(INVOICE, lost, Recovered("B-1", 1, 1000_00)).when(invoices.void).refused("has_payments")
