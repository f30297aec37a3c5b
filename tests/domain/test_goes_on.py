"""What goes on of money when a part of it ends: the same items, or what was given up, whatever is recorded later."""

from domain import invoice as invoices
from tests.domain.account import Account, march, possible_from, refused

# The rest of an allocation


def items_on(ann: Account, number: str, day: int) -> list[int]:
    return [sum(minor for on, minor in item.by_day if on <= march(day)) for item in ann.invoice(number).items]


def test_what_a_chargeback_leaves_of_a_payment_stays_on_the_instalment_that_it_paid():
    ann = Account()
    ann.issue("R-1", 120_00, due=(march(15), march(31)))
    ann.pay("B-2", 90_00, "R-1", on=march(3))
    ann.reverse("B-2", 30_00, on=march(5))
    ann.pay("B-1", 60_00, "R-1", on=march(2))
    ann.reverse("B-1", 20_00, on=march(4))
    assert [items_on(ann, "R-1", day) for day in (2, 3, 4, 5)] == [
        [0, 60_00],
        [0, 0],
        [20_00, 0],
        [20_00, 0],
    ]


def test_money_of_a_day_on_which_all_was_given_up_recovers_though_something_is_open_again_since():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 20_00, "R-1", on=march(2))
    ann.write_off("R-1", on=march(3))
    ann.pay("B-2", 80_00, "R-1", on=march(4))
    ann.reverse("B-2", 30_00, on=march(5))
    ann.reverse("B-1", 6_00, on=march(8))
    ann.pay("B-3", 30_00, "R-1", on=march(6))
    assert (ann.lost("R-1"), ann.left("B-3"), ann.open("R-1")) == (0, 0, 6_00)


def test_what_a_chargeback_leaves_of_a_recovery_stays_one():
    ann = recovered()
    ann.reverse("B-2", 30_00, on=march(6))
    assert (ann.lost("R-1"), ann.left("B-2"), ann.open("R-1")) == (30_00, 0, 20_00)


def test_of_money_of_which_too_little_is_left_no_more_can_be_allocated_from_any_day():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 60_00, "R-9", on=march(10))
    refused("over_unallocated", ann.allocate, "B-1", "R-1", on=march(12), wanted=80_00)


def test_a_part_of_an_allocation_is_taken_back_and_the_rest_pays_the_same_items():
    ann = Account()
    ann.issue("R-1", 120_00, due=(march(15), march(31)))
    ann.pay("B-1", 60_00, "R-1", on=march(2))
    ann.pay("B-2", 60_00, "R-1", on=march(3))
    ann.unallocate("B-1", on=march(4))
    assert ann.unallocate("B-2", minor=20_00, on=march(5)) == [
        "B-2: 5 March unallocated 60.00",
        "B-2: 5 March allocated 40.00",
        "R-1: 5 March payment reversed 60.00",
        "R-1: 5 March partially paid 40.00",
    ]
    assert [items_on(ann, "R-1", day) for day in (3, 4, 5)] == [[0, 0], [60_00, 0], [60_00, 20_00]]
    assert [ann.left("B-2", march(day)) for day in (4, 5)] == [0, 20_00]


def test_without_a_day_the_part_was_never_allocated():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 60_00, "R-1", on=march(2))
    ann.unallocate("B-1", minor=25_00)
    assert [ann.open("R-1", march(day)) for day in (1, 2, 9)] == [100_00, 65_00, 65_00]
    assert ann.left("B-1", march(2)) == 25_00


def test_a_part_of_a_recovery_leaves_a_recovery_though_something_is_open_again():
    ann = recovered()
    ann.unallocate("B-2", minor=30_00, on=march(6))
    assert (ann.lost("R-1"), ann.left("B-2"), ann.open("R-1")) == (30_00, 30_00, 20_00)


def test_a_part_of_what_was_taken_back_on_a_later_day_ends_sooner():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 60_00, "R-1", on=march(2))
    ann.unallocate("B-1", on=march(20))
    ann.unallocate("B-1", minor=25_00, on=march(10))
    assert [ann.open("R-1", march(day)) for day in (2, 9, 10, 19, 20)] == [40_00, 40_00, 65_00, 65_00, 100_00]
    refused("not_allocated", ann.unallocate, "B-1", minor=25_00, on=march(25))
    assert ann.unallocate("B-1", minor=25_00) == []


def test_no_more_than_was_allocated_is_taken_back_and_not_before_it_was():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 60_00, "R-1", on=march(2))
    refused("over_allocated", ann.unallocate, "B-1", minor=60_01)
    refused("not_positive", ann.unallocate, "B-1", minor=0)
    refused("no_such_allocation", ann.unallocate, "B-1", 2, minor=10_00)
    possible_from(march(2), ann.unallocate, "B-1", minor=60_00, on=march(1))
    assert ann.left("B-1", march(2)) == 60_00


def test_an_earlier_day_for_all_of_it_ends_what_goes_on_of_it_too():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 100_00, "R-1", on=march(2))
    ann.unallocate("B-1", minor=30_00, on=march(20))
    ann.unallocate("B-1", on=march(10))
    assert [ann.open("R-1", march(day)) for day in (9, 10, 20)] == [0, 100_00, 100_00]
    assert [ann.left("B-1", march(day)) for day in (9, 10, 20)] == [0, 100_00, 100_00]


def test_what_paid_a_factored_invoice_is_taken_back_as_a_whole():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 40_00, "R-1", on=march(2))
    ann.ask("R-1", invoices.factor, on=march(5), factor="F", advance_basis_points=9000, fee_basis_points=300)
    refused("factored", ann.unallocate, "B-1", minor=10_00, on=march(6))
    ann.unallocate("B-1", minor=40_00, on=march(6))
    assert ann.left("B-1") == 40_00


# What was allocated last ends first


def test_an_allocation_of_before_a_chargeback_ends_with_it_when_it_is_recorded_later():
    ann = Account()
    ann.issue("R-1", 240_00)
    ann.pay("B-1", 160_00, "R-1", on=march(1), wanted=120_00)
    ann.reverse("B-1", 53_00, on=march(3))
    ann.allocate("B-1", "R-1", on=march(2), wanted=20_00)
    assert [ann.open("R-1", march(day)) for day in (1, 2, 3)] == [120_00, 100_00, 133_00]
    assert [ann.left("B-1", march(day)) for day in (1, 2, 3)] == [40_00, 20_00, 0]


def test_what_stays_is_of_what_was_allocated_first_whatever_is_undone_later():
    ann = Account()
    ann.issue("R-1", 240_00, due=(march(15), march(31)))
    ann.pay("B-1", 160_00, "R-1", on=march(2), wanted=120_00)
    ann.allocate("B-1", "R-1", on=march(3), wanted=20_00)
    ann.credit("C-1", 30_00, "R-1", on=march(4))
    ann.reverse("B-1", 53_00, on=march(5))
    ann.undo_credit("C-1")
    assert [items_on(ann, "R-1", day) for day in (2, 3, 5)] == [[0, 120_00], [0, 100_00], [13_00, 120_00]]


def test_of_a_payment_and_a_recovery_that_end_together_each_goes_on_as_what_it_was():
    ann = Account()
    ann.issue("R-1", 240_00)
    ann.pay("B-1", 160_00, "R-1", on=march(1))
    ann.pay("B-2", 110_00, "R-1", on=march(5))
    ann.reverse("B-1", 53_00, on=march(6))
    ann.allocate("B-2", "R-1", on=march(6))
    ann.reverse("B-2", 36_00, on=march(8))
    ann.write_off("R-1", on=march(4))
    assert ann.lost("R-1") == 6_00
    assert [ann.open("R-1", march(day)) for day in (4, 5, 6, 8)] == [0, 0, 23_00, 53_00]


def test_money_allocated_again_on_the_day_on_which_it_ended_goes_on():
    ann = recovered()
    ann.unallocate("B-2", on=march(6))
    ann.allocate("B-2", "R-1", on=march(6), wanted=50_00)
    assert (ann.lost("R-1"), ann.left("B-2"), ann.open("R-1")) == (30_00, 30_00, 20_00)


def test_all_that_ended_goes_on_at_once_each_part_as_what_it_was():
    ann = recovered()
    ann.pay("B-3", 20_00, "R-1", on=march(6))
    ann.unallocate("B-2", on=march(8))
    ann.allocate("B-2", "R-1", on=march(8), wanted=80_00)
    assert (ann.lost("R-1"), ann.open("R-1")) == (0, 0)
    ann.unallocate("B-3", on=march(9))
    assert (ann.lost("R-1"), ann.open("R-1")) == (0, 20_00)


def test_of_two_parts_taken_back_on_one_day_each_rest_stays_on_its_own_instalment():
    ann = Account()
    ann.issue("R-1", 120_00, due=(march(15), march(31)))
    ann.pay("B-1", 120_00, "R-1", on=march(2), wanted=60_00)
    ann.allocate("B-1", "R-1", on=march(3), wanted=60_00)
    ann.unallocate("B-1", 1, minor=10_00, on=march(5))
    ann.unallocate("B-1", 2, minor=20_00, on=march(5))
    ann.credit("C-1", 5_00, "R-1", on=march(4))
    ann.undo_credit("C-1")
    assert items_on(ann, "R-1", 5) == [10_00, 20_00]


def test_money_recovers_no_more_than_is_left_of_it_on_every_day():
    ann = recovered()
    ann.issue("R-2", 60_00)
    ann.pay("B-3", 70_00, "R-9", on=march(4))
    ann.allocate("B-3", "R-2", on=march(9))
    ann.unallocate("B-2")
    refused("over_unallocated", ann.allocate, "B-3", "R-1", on=march(4), wanted=70_00)
    ann.allocate("B-3", "R-1", on=march(4), wanted=10_00)
    assert (ann.lost("R-1"), ann.left("B-3")) == (70_00, 0)


def test_a_recovery_that_had_ended_is_none_to_make_again_when_a_later_write_off_is_undone():
    ann = Account()
    ann.issue("R-1", 60_00)
    ann.write_off("R-1", 30_00, on=march(2))
    ann.pay("B-1", 30_00, "R-1", on=march(3))
    ann.pay("B-2", 30_00, "R-1", on=march(4))
    ann.reverse("B-2", 30_00, on=march(6))
    ann.reverse("B-1", 10_00, on=march(7))
    ann.write_off("R-1", on=march(8))
    ann.undo_write_off("R-1")
    assert [ann.open("R-1", march(day)) for day in (3, 4, 6, 7, 8)] == [0, 0, 0, 10_00, 10_00]
    assert [ann.left("B-2", march(day)) for day in (4, 5, 6)] == [0, 0, 0]
    assert ann.lost("R-1") == 30_00


def recovered() -> Account:
    """R-1 of 100.00: 20.00 paid until 5 March, 80.00 given up on 3 March and recovered by B-2 on 4 March."""
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 20_00, "R-1", on=march(2))
    ann.write_off("R-1", on=march(3))
    ann.pay("B-2", 80_00, "R-1", on=march(4))
    ann.reverse("B-1", 20_00, on=march(5))
    return ann
