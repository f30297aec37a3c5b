from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain import receipt
from domain.receipt import (
    Allocated,
    AllocationReinstated,
    Identified,
    Moved,
    Received,
    Refunded,
    Reversed,
    Unallocated,
)
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
APPLIED_ON, LATER, A_DAY = date(2026, 2, 23), date(2026, 3, 2), timedelta(1)
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
    given(RECEIVED, (GIVEN, APPLIED_ON)).when(receipt.unallocate, allocation=1).then((BACK, APPLIED_ON))
    assert left(RECEIVED, GIVEN, BACK) == 500_00
    assert receipt_of(RECEIVED, GIVEN, BACK).allocations == ()


def test_an_allocation_is_taken_back_once():
    given(RECEIVED, GIVEN, BACK).when(receipt.unallocate, allocation=1).then()
    given(RECEIVED, GIVEN, BACK, RETURNED).when(receipt.unallocate, allocation=1).then()


def test_of_several_allocations_the_one_that_is_named_is_taken_back():
    second = Allocated(2, R2, 100_00)
    given(RECEIVED, (GIVEN, APPLIED_ON), (second, LATER)).when(receipt.unallocate, allocation=2).then(
        (Unallocated(2, R2, 100_00), LATER)
    )
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


# From which day

MONEY = (RECEIVED, RECEIVED.value_on)
HELD = (GIVEN, APPLIED_ON)


def test_an_allocation_is_taken_back_from_its_own_day_or_a_later_one():
    given(MONEY, HELD).when(receipt.unallocate, allocation=1, on=APPLIED_ON).then((BACK, APPLIED_ON))
    given(MONEY, HELD).when(receipt.unallocate, allocation=1, on=LATER).then((BACK, LATER))
    given(MONEY, HELD).when(receipt.unallocate, allocation=1, on=APPLIED_ON - A_DAY).refused("too_early")


def test_one_that_was_taken_back_is_so_from_another_day_when_that_is_asked():
    undone = MONEY, HELD, (BACK, LATER)
    held_on = (AllocationReinstated(1, R1, 300_00), LATER)
    given(*undone).when(receipt.unallocate, allocation=1, on=APPLIED_ON).then(held_on, (BACK, APPLIED_ON))
    given(*undone).when(receipt.unallocate, allocation=1, on=LATER + A_DAY).then(held_on, (BACK, LATER + A_DAY))
    given(*undone).when(receipt.unallocate, allocation=1, on=LATER).then()
    given(*undone).when(receipt.unallocate, allocation=1, on=APPLIED_ON - A_DAY).refused("too_early")


def test_it_does_not_hold_longer_where_its_money_went_elsewhere_meanwhile():
    elsewhere = (Allocated(2, R2, 400_00), LATER)
    undone = MONEY, HELD, (BACK, LATER), elsewhere
    given(*undone).when(receipt.unallocate, allocation=1, on=LATER + A_DAY).refused("over_unallocated")
    given(*undone).when(receipt.unallocate, allocation=1, on=APPLIED_ON).then(
        (AllocationReinstated(1, R1, 300_00), LATER), (BACK, APPLIED_ON)
    )


def test_money_is_refunded_from_the_first_day_on_which_so_much_is_left():
    back_later = MONEY, HELD, (BACK, LATER)
    asked = {"reference": "T-9"}
    given(*back_later).when(receipt.refund, on=APPLIED_ON, amount_minor=200_00, **asked).then(REFUNDED)
    given(*back_later).when(receipt.refund, on=LATER - A_DAY, amount_minor=200_01, **asked).refused("too_early")
    given(*back_later).when(receipt.refund, on=LATER, amount_minor=200_01, **asked).then(Refunded(200_01, "T-9"))
    given(MONEY).when(receipt.refund, on=RECEIVED.value_on - A_DAY, amount_minor=1, **asked).refused("too_early")


# Which entity's it is


def test_money_goes_to_another_entity_from_the_day_on_which_what_is_left_was_there():
    given(MONEY).when(receipt.move, entity="nl").then((Moved("nl", 500_00, 2), RECEIVED.value_on))
    given(MONEY, HELD, (BACK, LATER)).when(receipt.move, entity="nl").then((Moved("nl", 500_00, 2), LATER))
    given(MONEY, (REFUNDED, LATER)).when(receipt.move, entity="nl").then((Moved("nl", 300_00, 2), LATER))
    given(MONEY).when(receipt.move, entity="nl", on=LATER).then((Moved("nl", 500_00, 2), LATER))


def test_money_is_moved_no_sooner_than_that():
    given(MONEY, HELD, (BACK, LATER)).when(receipt.move, entity="nl", on=LATER - A_DAY).refused("too_early")
    given(MONEY).when(receipt.move, entity="nl", on=RECEIVED.value_on - A_DAY).refused("too_early")


def test_money_that_pays_invoices_stays_with_its_entity():
    given(MONEY, HELD).when(receipt.move, entity="nl").refused("allocated")


def test_money_moves_once_and_back_again():
    moved = (Moved("nl", 500_00, 2), LATER)
    given(MONEY, moved).when(receipt.move, entity="nl").then()
    given(MONEY).when(receipt.move, entity="main").then()
    given(MONEY, moved).when(receipt.move, entity="main", on=LATER).then((Moved("main", 500_00, 3), LATER))


def test_money_that_moved_moves_on_from_that_day_on():
    moved = (Moved("nl", 500_00, 2), LATER)
    given(MONEY, moved).when(receipt.move, entity="main").then((Moved("main", 500_00, 3), LATER))
    given(MONEY, moved).when(receipt.move, entity="be", on=LATER - A_DAY).refused("too_early")


def test_nothing_is_refunded_of_the_days_before_it_moved():
    moved = (Moved("nl", 500_00, 2), LATER)
    asked = {"amount_minor": 200_00, "reference": "T-9"}
    given(MONEY, moved).when(receipt.refund, on=LATER - A_DAY, **asked).refused("too_early")
    given(MONEY, moved).when(receipt.refund, on=LATER, **asked).then(REFUNDED)


def test_what_was_taken_back_before_it_moved_stays_as_it_is():
    moved = MONEY, HELD, (BACK, LATER), (Moved("nl", 500_00, 2), LATER)
    given(*moved).when(receipt.unallocate, allocation=1, on=APPLIED_ON).refused("moved")
    given(*moved).when(receipt.unallocate, allocation=1).then()


def test_money_that_never_came_or_went_back_is_nobody_s():
    given().when(receipt.move, entity="nl").refused("not_received")
    given(MONEY, (RETURNED, LATER)).when(receipt.move, entity="nl").refused("reversed")
    given(MONEY).when(receipt.move, entity="n:l").refused("bad_key")


def test_a_receipt_begins_with_money():
    with pytest.raises(AssertionError):
        receipt_of(GIVEN)
    with pytest.raises(AssertionError):
        receipt_of(RECEIVED, Received("B-2", "main", "EUR", 1, date(2026, 1, 1)))
