from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain import receipt
from domain.receipt import Allocated, Identified, Received, Refunded, Reversed, Unallocated
from tests.domain.examples import RECEIVED
from tests.stories import given

R1, R2 = "invoice:main:R-1", "invoice:main:R-2"
ASKED = {
    "number": "B-1",
    "entity": "main",
    "currency": "EUR",
    "amount_minor": 500_00,
    "value_on": date(2026, 2, 20),
    "customer": "ann",
}
GIVEN = Allocated(1, R1, 300_00)
BACK = Unallocated(1, R1, 300_00)
RETURNED = Reversed(500_00)
REFUNDED = Refunded(200_00, "T-9")


def receipt_of(*facts: Any) -> Any:
    return receipt.fold(facts)


def left(*facts):
    return receipt_of(*facts).unallocated_minor


# What came in


def test_money_is_received_with_all_the_bank_said():
    given().when(receipt.receive, **ASKED).then(RECEIVED)
    given().when(
        receipt.receive, **ASKED, references=["R-1", "R-2"], bank_entry="NTRY 17", payer_encrypted="gAAA"
    ).then(replace(RECEIVED, references=("R-1", "R-2"), bank_entry="NTRY 17", payer_encrypted="gAAA"))


def test_money_from_nobody_known_is_kept():
    given().when(receipt.receive, **(ASKED | {"customer": None})).then(replace(RECEIVED, customer=None))


def test_the_same_receipt_again_changes_nothing():
    given(RECEIVED).when(receipt.receive, **ASKED).then()
    given(RECEIVED, GIVEN).when(receipt.receive, **ASKED).then()
    given(RECEIVED, RETURNED).when(receipt.receive, **ASKED).then()
    unknown = replace(RECEIVED, customer=None)
    given(unknown, Identified("ann")).when(receipt.receive, **(ASKED | {"customer": None})).then()


@pytest.mark.parametrize("other", [{"amount_minor": 500_01}, {"currency": "USD"}, {"customer": "bob"}])
def test_a_number_used_for_other_money_is_taken(other):
    given(RECEIVED).when(receipt.receive, **(ASKED | other)).refused("number_taken")


@pytest.mark.parametrize("amount", [0, -1])
def test_no_money_is_no_receipt(amount):
    given().when(receipt.receive, **(ASKED | {"amount_minor": amount})).refused("not_positive")


def test_a_currency_nobody_knows_is_refused_first():
    given().when(receipt.receive, **(ASKED | {"currency": "BTC", "amount_minor": 0})).refused("unknown_currency")


def test_one_minor_unit_of_any_currency_may_come_in():
    given().when(receipt.receive, **(ASKED | {"currency": "JPY", "amount_minor": 1})).then(
        replace(RECEIVED, currency="JPY", amount_minor=1)
    )


# Whose it is


def test_unidentified_money_finds_its_customer_once():
    unknown = replace(RECEIVED, customer=None)
    given(unknown).when(receipt.identify, customer="ann").then(Identified("ann"))
    given(unknown, Identified("ann")).when(receipt.identify, customer="ann").then()
    given(RECEIVED, GIVEN).when(receipt.identify, customer="ann").then()


def test_the_customer_may_change_until_money_is_allocated():
    given(RECEIVED).when(receipt.identify, customer="bob").then(Identified("bob"))
    given(RECEIVED, GIVEN).when(receipt.identify, customer="bob").refused("allocated")
    given(RECEIVED, GIVEN, BACK).when(receipt.identify, customer="bob").then(Identified("bob"))


def test_nobody_is_named_for_money_that_never_came():
    given().when(receipt.identify, customer="bob").refused("not_received")


# Where it goes


def test_part_of_a_receipt_goes_to_an_invoice_and_the_rest_stays_on_account():
    given(RECEIVED).when(receipt.allocate, invoice=R1, amount_minor=300_00).then(GIVEN)
    assert left(RECEIVED, GIVEN) == 200_00


def test_all_of_it_may_be_allocated_and_not_a_cent_more():
    given(RECEIVED, GIVEN).when(receipt.allocate, invoice=R2, amount_minor=200_00).then(Allocated(2, R2, 200_00))
    given(RECEIVED, GIVEN).when(receipt.allocate, invoice=R2, amount_minor=200_01).refused("over_unallocated")
    given(RECEIVED).when(receipt.allocate, invoice=R1, amount_minor=500_00).then(Allocated(1, R1, 500_00))


def test_a_second_allocation_to_the_same_invoice_is_another():
    given(RECEIVED, GIVEN).when(receipt.allocate, invoice=R1, amount_minor=200_00).then(Allocated(2, R1, 200_00))


def test_an_allocation_s_number_is_never_used_again():
    given(RECEIVED, GIVEN, BACK).when(receipt.allocate, invoice=R1, amount_minor=300_00).then(Allocated(2, R1, 300_00))


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_no_allocation(amount):
    given(RECEIVED).when(receipt.allocate, invoice=R1, amount_minor=amount).refused("not_positive")


def test_nothing_is_allocated_of_money_that_never_came_or_went_back():
    given().when(receipt.allocate, invoice=R1, amount_minor=1).refused("not_received")
    given(RECEIVED, RETURNED).when(receipt.allocate, invoice=R1, amount_minor=0).refused("reversed")


def test_an_allocation_taken_back_restores_what_was_there():
    given(RECEIVED, GIVEN).when(receipt.unallocate, allocation=1).then(BACK)
    assert left(RECEIVED, GIVEN, BACK) == 500_00
    assert receipt_of(RECEIVED, GIVEN, BACK).allocations == ()


def test_an_allocation_is_taken_back_once():
    given(RECEIVED, GIVEN, BACK).when(receipt.unallocate, allocation=1).then()
    given(RECEIVED, GIVEN, BACK, RETURNED).when(receipt.unallocate, allocation=1).then()


def test_of_several_allocations_the_one_that_is_named_is_taken_back():
    second = Allocated(2, R2, 100_00)
    given(RECEIVED, GIVEN, second).when(receipt.unallocate, allocation=2).then(Unallocated(2, R2, 100_00))
    kept = receipt_of(RECEIVED, GIVEN, second, Unallocated(2, R2, 100_00))
    assert kept.allocations == (GIVEN,)
    assert kept.unallocated_minor == 200_00


@pytest.mark.parametrize("allocation", [0, -1, 2])
def test_what_was_never_allocated_is_not_taken_back(allocation):
    given(RECEIVED, GIVEN).when(receipt.unallocate, allocation=allocation).refused("no_such_allocation")


def test_nothing_is_taken_back_of_money_that_never_came():
    given().when(receipt.unallocate, allocation=1).refused("not_received")


# Money that goes back


def test_what_is_on_account_may_be_refunded_and_not_a_cent_more():
    given(RECEIVED, GIVEN).when(receipt.refund, amount_minor=200_00, reference="T-9").then(REFUNDED)
    given(RECEIVED, GIVEN).when(receipt.refund, amount_minor=200_01, reference="T-9").refused("over_unallocated")
    assert left(RECEIVED, GIVEN, REFUNDED) == 0


def test_the_same_refund_again_changes_nothing_and_another_reference_is_another_refund():
    given(RECEIVED, GIVEN, REFUNDED).when(receipt.refund, amount_minor=200_00, reference="T-9").then()
    given(RECEIVED, REFUNDED).when(receipt.refund, amount_minor=200_00, reference="T-10").then(Refunded(200_00, "T-10"))
    given(RECEIVED, REFUNDED).when(receipt.refund, amount_minor=1_00, reference="T-9").then(Refunded(1_00, "T-9"))


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_no_refund(amount):
    given(RECEIVED).when(receipt.refund, amount_minor=amount, reference="T-9").refused("not_positive")


def test_nothing_is_refunded_of_money_that_never_came_or_went_back():
    given().when(receipt.refund, amount_minor=1, reference="T-9").refused("not_received")
    given(RECEIVED, RETURNED).when(receipt.refund, amount_minor=1, reference="T-9").refused("reversed")


def test_a_returned_receipt_takes_back_every_allocation_first():
    second = Allocated(2, R2, 100_00)
    given(RECEIVED, GIVEN, second).when(receipt.reverse).then(
        Unallocated(1, R1, 300_00), Unallocated(2, R2, 100_00), RETURNED
    )
    assert left(RECEIVED, RETURNED) == 0


def test_a_receipt_is_returned_once():
    given(RECEIVED).when(receipt.reverse).then(RETURNED)
    given(RECEIVED, RETURNED).when(receipt.reverse).then()
    given().when(receipt.reverse).refused("not_received")


def test_a_receipt_of_which_part_was_refunded_is_not_returned_as_a_whole():
    given(RECEIVED, REFUNDED).when(receipt.reverse).refused("refunded")


def test_a_receipt_begins_with_money():
    with pytest.raises(AssertionError):
        receipt_of(GIVEN)
    with pytest.raises(AssertionError):
        receipt_of(RECEIVED, Received("B-2", "main", "EUR", 1, date(2026, 1, 1)))
