"""What is taken back: an allocation, money that the bank took back, and credit notes entered by mistake."""

from domain import invoice as invoices
from domain.terms import Discount
from tests.domain.account import Account, march, possible_from, refused


def paying(*minor: int, received: int | None = None) -> Account:
    """R-1, R-2 and so on of 100.00, and B-1 that came on 10 March and paid so much of each."""
    ann = Account()
    for number, each in enumerate(minor, 1):
        ann.issue(f"R-{number}", 100_00)
        if number == 1:
            ann.pay("B-1", received or sum(minor), "R-1", on=march(10), wanted=each)
        else:
            ann.allocate("B-1", f"R-{number}", wanted=each)
    return ann


# An allocation


def test_an_allocation_taken_back_was_never_made():
    ann = paying(60_00)
    assert ann.unallocate("B-1") == [
        "B-1: 10 March unallocated 60.00",
        "R-1: 10 March payment reversed 60.00",
    ]
    assert (ann.open("R-1", march(10)), ann.left("B-1", march(10))) == (100_00, 60_00)


def test_or_it_held_until_the_day_that_is_given():
    ann = paying(60_00)
    possible_from(march(10), ann.unallocate, "B-1", on=march(8))
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(20))
    assert [ann.open("R-1", march(day)) for day in (9, 10, 19, 20)] == [100_00, 40_00, 40_00, 100_00]
    assert [ann.left("B-1", march(day)) for day in (10, 19, 20)] == [0, 0, 60_00]


def test_the_day_of_an_undo_is_put_right_by_undoing_it_again_with_another():
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(20))
    assert ann.unallocate("B-1", on=march(15)) == [
        "B-1: 20 March allocation reinstated 60.00",
        "B-1: 15 March unallocated 60.00",
        "R-1: 20 March payment reinstated 60.00",
        "R-1: 15 March payment reversed 60.00",
    ]
    assert [ann.open("R-1", march(day)) for day in (14, 15, 20)] == [40_00, 100_00, 100_00]
    ann.unallocate("B-1", on=march(25))
    assert [ann.open("R-1", march(day)) for day in (10, 24, 25)] == [40_00, 40_00, 100_00]


def test_undoing_it_again_without_a_day_or_with_the_same_changes_nothing():
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(20))
    assert ann.unallocate("B-1") == []
    assert ann.unallocate("B-1", on=march(20)) == []


def test_where_it_holds_longer_the_money_that_paid_meanwhile_is_on_account():
    ann = paying(100_00)
    ann.unallocate("B-1", on=march(15))
    ann.pay("B-2", 100_00, "R-1", on=march(16))
    ann.unallocate("B-1", on=march(17))
    assert [ann.open("R-1", march(day)) for day in (10, 15, 16, 17)] == [0, 0, 0, 100_00]
    assert ann.left("B-2") == 100_00


def test_it_does_not_hold_longer_where_the_money_pays_another_invoice_meanwhile():
    ann = paying(100_00)
    ann.issue("R-2", 100_00)
    ann.unallocate("B-1", on=march(15))
    ann.allocate("B-1", "R-2", on=march(15))
    refused("over_unallocated", ann.unallocate, "B-1", on=march(16))
    ann.unallocate("B-1", on=march(12))


def test_the_discount_comes_back_with_the_allocation_that_holds_on():
    ann = Account()
    ann.issue("R-1", 100_00, discounts=[Discount(march(12), 2_00)])
    ann.pay("B-1", 98_00, "R-1", on=march(10))
    ann.unallocate("B-1", on=march(20))
    ann.unallocate("B-1", on=march(25))
    assert [ann.open("R-1", march(day)) for day in (9, 10, 24, 25)] == [100_00, 0, 0, 100_00]


def test_a_recovery_taken_back_is_a_loss_again_from_the_day_it_is_put_right_to():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.write_off("R-1", on=march(5))
    ann.pay("B-1", 60_00, "R-1", on=march(10))
    ann.unallocate("B-1", on=march(20))
    assert ann.lost("R-1") == 100_00
    ann.unallocate("B-1", on=march(15))
    assert (ann.lost("R-1"), ann.left("B-1", march(15)), ann.open("R-1")) == (100_00, 60_00, 0)


def promised_minor(ann: Account) -> tuple[int, int] | None:
    promise = ann.invoice("R-1").promise
    return (promise.amount_minor, promise.paid_minor) if promise else None


def test_what_was_promised_is_unpaid_again():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.ask("R-1", invoices.promise, on=march(2), pay_on=march(30), amount_minor=100_00)
    ann.pay("B-1", 60_00, "R-1", on=march(10))
    assert promised_minor(ann) == (100_00, 60_00)
    ann.unallocate("B-1", on=march(20))
    assert promised_minor(ann) == (100_00, 0)
    ann.unallocate("B-1", on=march(15))
    assert promised_minor(ann) == (100_00, 0)


def test_of_an_invoice_sold_since_an_allocation_is_taken_back_and_what_came_later_stays():
    ann = paying(60_00)
    ann.pay("B-2", 40_00, "R-1", on=march(12))
    ann.ask("R-1", invoices.charge_fee, on=march(14), amount_minor=5_00, basis="reminder")
    sale = {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300}
    ann.ask("R-1", invoices.factor, on=march(15), **sale, with_recourse=False)
    ann.unallocate("B-1")
    assert (ann.open("R-1"), ann.left("B-1"), ann.left("B-2")) == (65_00, 60_00, 0)


# A chargeback


def test_a_chargeback_takes_what_is_on_account_before_what_was_allocated():
    ann = paying(60_00, received=100_00)
    assert ann.reverse("B-1", 40_00, on=march(20)) == ["B-1: 20 March reversed 40.00"]
    assert (ann.left("B-1"), ann.open("R-1")) == (0, 40_00)


def test_then_it_takes_what_was_allocated_last():
    ann = paying(60_00, 40_00)
    assert ann.reverse("B-1", 30_00, on=march(20)) == [
        "B-1: 20 March unallocated 40.00",
        "B-1: 20 March allocated 10.00",
        "B-1: 20 March reversed 30.00",
        "R-2: 20 March payment reversed 40.00",
        "R-2: 20 March partially paid 10.00",
    ]
    assert [ann.open("R-2", march(day)) for day in (10, 19, 20)] == [60_00, 60_00, 90_00]
    assert ann.open("R-1") == 40_00


def test_a_chargeback_of_all_opens_every_invoice_again_from_its_day():
    ann = paying(60_00, 40_00)
    ann.reverse("B-1", on=march(20))
    assert [(ann.open("R-1", march(day)), ann.open("R-2", march(day))) for day in (19, 20)] == [
        (40_00, 60_00),
        (100_00, 100_00),
    ]
    assert ann.reverse("B-1", on=march(25)) == []


def test_several_chargebacks_in_part_come_to_all_of_it_and_not_a_cent_more():
    ann = paying(100_00)
    ann.reverse("B-1", 30_00, on=march(20))
    refused("over_received", ann.reverse, "B-1", 70_01, on=march(21))
    ann.reverse("B-1", 70_00, on=march(21))
    assert [ann.open("R-1", march(day)) for day in (19, 20, 21)] == [0, 30_00, 100_00]
    assert ann.source("B-1").is_reversed


def test_of_a_payment_for_an_invoice_sold_since_the_rest_of_a_chargeback_is_on_account():
    ann = paying(60_00)
    sale = {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300}
    ann.ask("R-1", invoices.factor, on=march(15), **sale, with_recourse=False)
    ann.reverse("B-1", 20_00, on=march(20))
    assert (ann.open("R-1"), ann.left("B-1")) == (100_00, 40_00)


def test_after_a_refund_of_part_the_rest_is_charged_back():
    ann = paying(60_00, received=100_00)
    ann.refund("B-1", 40_00, on=march(15))
    refused("over_received", ann.reverse, "B-1", 60_01, on=march(20))
    ann.reverse("B-1", on=march(20))
    assert (ann.open("R-1"), ann.left("B-1")) == (100_00, 0)


def test_a_chargeback_of_nothing_is_refused():
    ann = paying(60_00)
    for minor in (0, -1):
        refused("not_positive", ann.reverse, "B-1", minor, on=march(20))
    refused("not_received", ann.reverse, "B-9", on=march(20))


def test_a_chargeback_is_of_the_day_the_money_came_at_the_earliest():
    ann = paying(60_00)
    possible_from(march(10), ann.reverse, "B-1", on=march(5))
    assert [ann.open("R-1", march(day)) for day in (9, 10)] == [100_00, 100_00]


def test_an_allocation_of_after_the_chargeback_never_was():
    """The clerk allocated on the 15th what the bank had taken back on the 12th."""
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 60_00, "R-9", on=march(10))
    ann.allocate("B-1", "R-1", on=march(15))
    ann.reverse("B-1", on=march(12))
    assert [ann.open("R-1", march(day)) for day in (11, 12, 15)] == [100_00, 100_00, 100_00]
    assert [ann.left("B-1", march(day)) for day in (10, 11, 12)] == [60_00, 60_00, 0]


def test_money_pays_from_the_day_that_is_given_until_it_was_charged_back():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 60_00, "R-9", on=march(10))
    ann.reverse("B-1", 20_00, on=march(20))
    ann.allocate("B-1", "R-1", on=march(12), wanted=60_00)
    assert [ann.open("R-1", march(day)) for day in (11, 12, 19, 20)] == [100_00, 40_00, 40_00, 60_00]
    assert ann.left("B-1") == 0


def test_an_allocation_undone_after_the_chargeback_ends_on_its_day_instead():
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(20))
    assert ann.reverse("B-1", on=march(15)) == [
        "B-1: 20 March allocation reinstated 60.00",
        "B-1: 15 March unallocated 60.00",
        "B-1: 15 March reversed 60.00",
        "R-1: 20 March payment reinstated 60.00",
        "R-1: 15 March payment reversed 60.00",
    ]
    assert [ann.open("R-1", march(day)) for day in (10, 14, 15)] == [40_00, 40_00, 100_00]


def test_an_allocation_undone_before_the_chargeback_stays_as_it_was():
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(15))
    assert ann.reverse("B-1", on=march(20)) == ["B-1: 20 March reversed 60.00"]
    assert [ann.open("R-1", march(day)) for day in (10, 15)] == [40_00, 100_00]


def test_only_as_much_ends_sooner_as_the_chargeback_needs():
    ann = paying(60_00, 40_00)
    ann.unallocate("B-1", 2, on=march(20))
    ann.reverse("B-1", 30_00, on=march(15))
    assert [ann.open("R-2", march(day)) for day in (14, 15, 20)] == [60_00, 90_00, 100_00]
    assert [ann.left("B-1", march(day)) for day in (14, 15, 20)] == [0, 0, 10_00]
    assert ann.open("R-1") == 40_00


def test_what_was_refunded_later_is_not_there_for_a_chargeback_of_before():
    ann = paying(60_00, received=100_00)
    ann.refund("B-1", 40_00, on=march(20))
    ann.reverse("B-1", 60_00, on=march(15))
    assert ann.left("B-1") == 0
    assert [ann.open("R-1", march(day)) for day in (14, 15, 20)] == [40_00, 60_00, 100_00]


def test_a_chargeback_of_money_at_a_discount_gives_the_discount_back_too():
    ann = Account()
    ann.issue("R-1", 100_00, discounts=[Discount(march(12), 2_00)])
    ann.pay("B-1", 98_00, "R-1", on=march(10))
    ann.reverse("B-1", on=march(20))
    assert [ann.open("R-1", march(day)) for day in (10, 19, 20)] == [0, 0, 100_00]


def test_an_allocation_does_not_hold_until_after_the_invoice_was_voided():
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(12))
    ann.ask("R-1", invoices.void, on=march(15))
    refused("voided", ann.unallocate, "B-1", on=march(16))
    ann.unallocate("B-1", on=march(15))
    assert [ann.open("R-1", march(day)) for day in (10, 14, 15)] == [40_00, 40_00, 0]


# Money that went to another entity


def moved() -> Account:
    """60.00 of 10 March that paid R-1 until 15 March, and is another entity's since 18 March."""
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(15))
    ann.move("B-1", "nl", on=march(18))
    return ann


def test_money_goes_to_another_entity_as_a_whole_when_none_of_it_pays():
    ann = paying(60_00)
    refused("allocated", ann.move, "B-1", "nl")
    ann.unallocate("B-1", on=march(15))
    possible_from(march(15), ann.move, "B-1", "nl", on=march(12))
    assert ann.source("B-1").entity == "nl"


def test_by_default_it_is_theirs_from_the_day_on_which_all_that_is_left_was_there():
    ann = paying(60_00)
    ann.unallocate("B-1", on=march(15))
    assert ann.move("B-1", "nl") == ["B-1: 15 March moved 60.00"]


def test_it_pays_their_invoices_from_that_day_on():
    ann = moved()
    ann.issue("N-1", 100_00, entity="nl")
    possible_from(march(18), ann.allocate, "B-1", "N-1", on=march(11), entity="nl")
    assert ann.open("N-1", entity="nl") == 40_00


def test_what_it_paid_before_it_moved_stays_when_earlier_money_is_recorded():
    ann = moved()
    ann.pay("B-2", 100_00, "R-1", on=march(5))
    assert [ann.open("R-1", march(day)) for day in (5, 10, 15)] == [60_00, 0, 0]
    assert ann.source("B-1").entity == "nl"


def test_it_is_charged_back_and_refunded_from_that_day_on():
    possible_from(march(18), moved().reverse, "B-1", on=march(11))
    possible_from(march(18), moved().refund, "B-1", 60_00, on=march(16))
    refused("moved", moved().unallocate, "B-1", on=march(12))


# A credit note entered by mistake


def credited(minor: int = 30_00) -> Account:
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.credit("C-1", minor, "R-1", on=march(10), tax=minor // 5)
    return ann


def test_a_credit_note_undone_never_counted():
    ann = credited()
    assert ann.undo_credit("C-1") == [
        "C-1: 10 March unallocated 30.00",
        "C-1: 10 March undone 30.00",
        "R-1: 10 March credit note undone 30.00",
    ]
    assert (ann.open("R-1", march(10)), ann.left("C-1", march(10))) == (100_00, 0)


def test_or_it_counted_until_the_day_that_is_given():
    ann = credited()
    possible_from(march(10), ann.undo_credit, "C-1", on=march(5))
    ann = credited()
    ann.undo_credit("C-1", on=march(20))
    assert [ann.open("R-1", march(day)) for day in (9, 10, 19, 20)] == [100_00, 70_00, 70_00, 100_00]


def test_it_is_undone_with_what_is_on_account_of_it():
    ann = credited(130_00)
    assert ann.left("C-1") == 30_00
    ann.undo_credit("C-1")
    assert (ann.left("C-1"), ann.open("R-1")) == (0, 100_00)


def test_it_is_undone_where_it_went_since():
    ann = credited(130_00)
    ann.issue("R-2", 100_00, on=march(12))
    ann.allocate("C-1", "R-2")
    assert [ann.open("R-2", march(day)) for day in (12, 13)] == [70_00, 70_00]
    ann.undo_credit("C-1")
    assert (ann.open("R-1"), ann.open("R-2", march(12))) == (100_00, 100_00)


def test_it_is_undone_once_and_its_number_is_not_used_again():
    ann = credited()
    ann.undo_credit("C-1")
    assert ann.undo_credit("C-1") == []
    assert ann.credit("C-1", 30_00, "R-1", on=march(10), tax=6_00) == []
    refused("undone", ann.credit, "C-1", 40_00, "R-1", on=march(10), tax=6_00)
    ann.credit("C-2", 30_00, "R-1", on=march(10), tax=6_00)
    assert ann.open("R-1") == 70_00


def test_one_of_which_part_was_paid_to_the_customer_is_not_undone():
    ann = credited(130_00)
    ann.refund("C-1", 30_00, on=march(20))
    refused("refunded", ann.undo_credit, "C-1")
    refused("no_such_credit_note", ann.undo_credit, "C-9")


def test_an_allocation_of_a_credit_note_is_taken_back_and_its_day_is_put_right():
    ann = credited()
    ann.unallocate("C-1", on=march(20))
    assert (ann.open("R-1"), ann.left("C-1")) == (100_00, 30_00)
    assert ann.unallocate("C-1", on=march(15)) == [
        "C-1: 20 March allocation reinstated 30.00",
        "C-1: 15 March unallocated 30.00",
        "R-1: 20 March credit note reinstated 30.00",
        "R-1: 15 March credit note undone 30.00",
    ]
    assert [ann.open("R-1", march(day)) for day in (14, 15)] == [70_00, 100_00]


# A void that was a mistake


def test_a_void_undone_leaves_the_invoice_as_it_was():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.ask("R-1", invoices.void, on=march(5))
    refused("too_early", ann.ask, "R-1", invoices.undo_void, on=march(4))
    ann.ask("R-1", invoices.undo_void, on=march(8))
    assert [ann.open("R-1", march(day)) for day in (4, 5, 7, 8)] == [100_00, 0, 0, 100_00]
    ann.pay("B-1", 100_00, "R-1", on=march(6))
    assert [ann.open("R-1", march(day)) for day in (5, 8)] == [0, 0]
