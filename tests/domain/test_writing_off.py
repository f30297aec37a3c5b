import pytest

from domain import invoice as invoices
from domain.invoice.facts import (
    Factored,
    FeeCharged,
    InstalmentPlanAgreed,
    Part,
    PlacedWithAgency,
    PromiseBroken,
    PromiseMade,
    SettlementAccepted,
    SettlementOffered,
    Voided,
    WrittenOff,
)
from domain.terms import Instalment
from tests.domain.examples import DAY_AFTER, DUE, IN_THREE, INVOICE, invoice_of, paid, part_paid
from tests.stories import given

LOST = WrittenOff(1000_00, 0, (Part(1, 1000_00),))
ROUNDING = WrittenOff(1, 0, (Part(1, 1),))


def test_all_that_is_open_is_given_up():
    given(INVOICE).when(invoices.write_off).then(LOST)
    invoice = invoice_of(INVOICE, LOST)
    assert (invoice.open_minor, invoice.written_off_minor) == (0, 1000_00)


def test_the_loss_names_its_tax_part_and_who_approved_it():
    given(INVOICE).when(invoices.write_off, tax_minor=159_66, approval="board 12").then(
        WrittenOff(1000_00, 159_66, (Part(1, 1000_00),), "board 12")
    )


def test_what_was_paid_is_not_lost():
    given(INVOICE, part_paid(400_00)).when(invoices.write_off).then(WrittenOff(600_00, 0, (Part(1, 600_00),)))


def test_charges_are_given_up_with_the_principal():
    fee = FeeCharged(2, 40_00, DAY_AFTER, "reminder fee")
    given(INVOICE, fee).when(invoices.write_off).then(WrittenOff(1040_00, 0, (Part(1, 1000_00), Part(2, 40_00))))


def test_part_of_the_invoice_is_given_up_the_oldest_instalment_first():
    given(IN_THREE).when(invoices.write_off, amount_minor=350_00).then(
        WrittenOff(350_00, 0, (Part(1, 300_00), Part(2, 50_00)))
    )


def test_exactly_what_is_open_may_be_given_up_and_not_a_cent_more():
    given(INVOICE).when(invoices.write_off, amount_minor=1000_00).then(LOST)
    given(INVOICE).when(invoices.write_off, amount_minor=1000_01).refused("over_open")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_write_off_of_nothing_is_refused(amount):
    given(INVOICE).when(invoices.write_off, amount_minor=amount).refused("not_positive")


@pytest.mark.parametrize(("amount", "tax"), [(None, -1), (None, 1000_01), (100_00, 100_01)])
def test_the_tax_part_lies_within_the_loss(amount, tax):
    given(INVOICE).when(invoices.write_off, amount_minor=amount, tax_minor=tax).refused("tax_out_of_range")


def test_all_of_the_loss_may_be_tax():
    given(INVOICE).when(invoices.write_off, amount_minor=100_00, tax_minor=100_00).then(
        WrittenOff(100_00, 100_00, (Part(1, 100_00),))
    )


def test_an_invoice_is_given_up_once():
    given(INVOICE, LOST).when(invoices.write_off).then()
    given(INVOICE, ROUNDING, paid(999_99)).when(invoices.write_off).then()


def test_the_rest_of_an_invoice_is_given_up_after_a_part():
    given(INVOICE, ROUNDING).when(invoices.write_off).then(WrittenOff(999_99, 0, (Part(1, 999_99),)))
    assert invoice_of(INVOICE, ROUNDING, WrittenOff(999_99, 0, (Part(1, 999_99),))).written_off_minor == 1000_00


def test_nothing_is_given_up_that_is_not_there_paid_or_void():
    given().when(invoices.write_off).refused("not_issued")
    given(INVOICE, paid()).when(invoices.write_off).refused("nothing_open")
    given(INVOICE, Voided((Part(1, 1000_00),))).when(invoices.write_off).refused("voided")


def test_an_invoice_somebody_else_pursues_is_not_given_up():
    sold = Factored("Faktor AG", 1000_00, 900_00, 30_00, 70_00, False)
    given(INVOICE, sold).when(invoices.write_off).refused("factored")
    given(INVOICE, PlacedWithAgency("Inkasso", 2500, 1000_00)).when(invoices.write_off).refused("placed")


def test_an_invoice_given_up_waits_for_no_promise_settlement_or_plan():
    agreed = InstalmentPlanAgreed((Instalment(DUE, 1000_00),), 2, (Part(1, 1000_00),))
    offered, accepted = SettlementOffered(1, 800_00, DUE), SettlementAccepted(1)
    lost = WrittenOff(1000_00, 0, (Part(2, 1000_00),))
    invoice = invoice_of(INVOICE, agreed, PromiseMade(1, 500_00, DUE), offered, accepted, lost)
    assert (invoice.promise, invoice.offer, invoice.plan) == (None, None, None)


def test_a_cent_written_off_does_not_end_a_promise():
    given(INVOICE, PromiseMade(1, 500_00, DUE), ROUNDING).when(invoices.review_promise, on=DAY_AFTER).then(
        PromiseBroken(1)
    )
