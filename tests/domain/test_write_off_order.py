"""A write-off and the money around it: what came before it was never lost, what came after it is a recovery."""

from domain import invoice as invoices
from domain.terms import Instalment
from tests.domain.account import Account, march, possible_from, refused


def lost(minor: int | None = None, *, tax: int = 0) -> Account:
    """100.00 of which all, or so much, was written off on 20 March."""
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.write_off("R-1", minor, on=march(20), tax=tax)
    return ann


# Money of before, recorded after


def test_money_that_came_before_a_write_off_of_all_pays_and_nothing_was_lost():
    ann = lost()
    assert ann.pay("B-1", 100_00, "R-1", on=march(10)) == [
        "B-1: 10 March received 100.00",
        "B-1: 10 March allocated 100.00",
        "R-1: 20 March write off undone 100.00",
        "R-1: 10 March paid 100.00",
    ]
    assert (ann.open("R-1", march(10)), ann.lost("R-1"), ann.left("B-1")) == (0, 0, 0)


def test_money_that_came_before_it_leaves_only_the_rest_lost_with_its_part_of_the_tax():
    ann = lost(tax=19_00)
    assert ann.pay("B-1", 40_00, "R-1", on=march(10)) == [
        "B-1: 10 March received 40.00",
        "B-1: 10 March allocated 40.00",
        "R-1: 20 March write off undone 100.00",
        "R-1: 10 March partially paid 40.00",
        "R-1: 20 March written off 60.00",
    ]
    [loss] = ann.invoice("R-1").write_offs
    assert (loss.amount_minor, loss.tax_minor, ann.lost("R-1")) == (60_00, 11_40, 60_00)


def test_a_write_off_of_part_stays_where_the_rest_is_enough_for_the_money():
    ann = lost(30_00)
    assert ann.pay("B-1", 70_00, "R-1", on=march(10))[2:] == ["R-1: 10 March paid 70.00"]
    assert (ann.open("R-1"), ann.lost("R-1")) == (0, 30_00)


def test_a_write_off_of_part_is_less_for_the_money_that_exceeds_the_rest():
    ann = lost(30_00)
    ann.pay("B-1", 90_00, "R-1", on=march(10))
    assert (ann.open("R-1"), ann.lost("R-1"), ann.left("B-1")) == (0, 10_00, 0)


def test_of_two_write_offs_the_later_one_is_less():
    ann = lost(30_00)
    ann.write_off("R-1", on=march(25))
    ann.pay("B-1", 50_00, "R-1", on=march(10))
    assert [(loss.amount_minor, loss.on) for loss in ann.invoice("R-1").write_offs] == [
        (30_00, march(20)),
        (20_00, march(25)),
    ]


def test_the_approval_of_a_write_off_stays_with_what_is_left_of_it():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.ask("R-1", invoices.write_off, on=march(20), approval="board 12")
    ann.pay("B-1", 40_00, "R-1", on=march(10))
    assert [loss.approval for loss in ann.invoice("R-1").write_offs] == ["board 12"]


def test_money_that_names_no_invoice_goes_before_a_later_write_off_too():
    ann = lost()
    ann.pay("B-1", 40_00, on=march(10))
    assert (ann.lost("R-1"), ann.left("B-1"), ann.open("R-1", march(10))) == (60_00, 0, 60_00)


def test_money_of_the_day_of_the_write_off_is_a_recovery():
    ann = lost()
    assert ann.pay("B-1", 40_00, "R-1", on=march(20))[2:] == ["R-1: 20 March recovered 40.00"]


def test_money_after_the_write_off_is_a_recovery():
    ann = lost()
    assert ann.pay("B-1", 100_00, "R-1", on=march(25))[2:] == ["R-1: 25 March recovered 100.00"]
    assert ann.lost("R-1") == 0


def test_money_that_came_before_a_plan_pays_the_plan_though_a_part_was_written_off():
    ann = lost(10_00)
    ann.ask("R-1", invoices.agree_plan, on=march(26), instalments=[Instalment(march(30), 90_00)])
    ann.pay("B-1", 90_00, "R-1", on=march(24))
    assert (ann.open("R-1"), ann.lost("R-1"), ann.left("B-1")) == (0, 10_00, 0)


def test_money_of_before_pays_a_later_fee_too_and_recovers_nothing_meant_for_it():
    ann = lost(10_00)
    ann.ask("R-1", invoices.charge_fee, on=march(26), amount_minor=5_00, basis="reminder")
    ann.pay("B-1", 95_00, "R-1", on=march(24))
    assert (ann.open("R-1"), ann.lost("R-1"), ann.left("B-1")) == (0, 10_00, 0)
    assert [ann.left("B-1", march(day)) for day in (24, 26)] == [5_00, 0]


# A recovery in between


def test_with_a_recovery_in_between_money_of_before_leaves_less_to_recover():
    ann = lost()
    ann.pay("B-2", 80_00, "R-1", on=march(25))
    ann.pay("B-1", 40_00, "R-1", on=march(10))
    assert (ann.left("B-1"), ann.left("B-2"), ann.lost("R-1")) == (0, 20_00, 0)
    assert [(each.receipt, each.amount_minor, each.is_recovery) for each in ann.invoice("R-1").payments] == [
        ("B-1", 40_00, False),
        ("B-2", 60_00, True),
    ]


def test_a_recovery_that_is_small_enough_stays_as_it_was_recorded():
    ann = lost()
    ann.pay("B-2", 30_00, "R-1", on=march(25))
    assert ann.pay("B-1", 40_00, "R-1", on=march(10)) == [
        "B-1: 10 March received 40.00",
        "B-1: 10 March allocated 40.00",
        "R-1: 20 March write off undone 100.00",
        "R-1: 10 March partially paid 40.00",
        "R-1: 20 March written off 60.00",
    ]
    assert (ann.lost("R-1"), ann.left("B-2")) == (30_00, 0)


def test_a_write_off_of_which_other_money_recovered_some_stays_for_money_that_names_no_invoice():
    ann = lost()
    ann.pay("B-2", 80_00, "R-1", on=march(25))
    assert ann.pay("B-1", 40_00, on=march(10))[1:] == ["B-1: 20 March allocated 20.00", "R-1: 20 March recovered 20.00"]
    assert (ann.lost("R-1"), ann.left("B-1"), ann.left("B-2")) == (0, 20_00, 0)


def test_a_recovery_dated_before_another_recovery_goes_before_it():
    ann = lost()
    ann.pay("B-2", 100_00, "R-1", on=march(28))
    ann.pay("B-1", 60_00, "R-1", on=march(25))
    assert (ann.left("B-1"), ann.left("B-2"), ann.lost("R-1")) == (0, 60_00, 0)


# A write-off of before, recorded after


def test_a_write_off_dated_before_a_payment_makes_it_a_recovery():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 60_00, "R-1", on=march(20))
    assert ann.write_off("R-1", on=march(10)) == [
        "R-1: 20 March payment reversed 60.00",
        "R-1: 10 March written off 100.00",
        "R-1: 20 March recovered 60.00",
        "B-1: 20 March unallocated 60.00",
        "B-1: 20 March allocated 60.00",
    ]
    assert (ann.lost("R-1"), ann.left("B-1"), ann.open("R-1", march(10))) == (40_00, 0, 0)


def test_a_write_off_of_part_dated_before_a_payment_leaves_it_the_rest():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.pay("B-1", 100_00, "R-1", on=march(20))
    ann.write_off("R-1", 30_00, on=march(10))
    assert (ann.lost("R-1"), ann.left("B-1"), ann.open("R-1", march(10))) == (30_00, 30_00, 70_00)
    assert not any(each.is_recovery for each in ann.invoice("R-1").payments)


def test_a_credit_note_of_after_the_write_off_has_nothing_left_to_take():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.credit("C-1", 60_00, "R-1", on=march(20))
    ann.write_off("R-1", on=march(10))
    assert (ann.lost("R-1"), ann.left("C-1"), ann.open("R-1")) == (100_00, 60_00, 0)


def test_a_credit_note_of_after_a_write_off_is_refused_and_one_of_before_lessens_the_loss():
    ann = lost()
    refused("written_off", ann.credit, "C-1", 30_00, "R-1", on=march(20))
    ann.credit("C-1", 30_00, "R-1", on=march(19))
    assert (ann.lost("R-1"), ann.left("C-1"), ann.open("R-1", march(19))) == (70_00, 0, 70_00)


def test_nothing_is_written_off_before_the_invoice_was_issued():
    ann = Account()
    ann.issue("R-1", 100_00, on=march(5))
    refused("before_issue", ann.write_off, "R-1", on=march(4))
    ann.write_off("R-1", on=march(5))


def test_a_fee_is_written_off_from_its_own_day_on():
    ann = Account()
    ann.issue("R-1", 100_00)
    ann.ask("R-1", invoices.charge_fee, on=march(15), amount_minor=5_00, basis="reminder")
    refused("over_open", ann.write_off, "R-1", 105_00, on=march(14))
    ann.write_off("R-1", 105_00, on=march(15))


# The write-off was a mistake


def test_a_write_off_undone_was_never_made():
    ann = lost()
    assert ann.undo_write_off("R-1") == ["R-1: 20 March write off undone 100.00"]
    assert (ann.open("R-1", march(20)), ann.open("R-1"), ann.lost("R-1")) == (100_00, 100_00, 0)


def test_it_is_undone_from_its_own_day_or_a_later_one():
    ann = lost()
    possible_from(march(20), ann.undo_write_off, "R-1", on=march(5))
    ann.write_off("R-1", on=march(21))
    ann.undo_write_off("R-1", on=march(25))
    assert [ann.open("R-1", march(day)) for day in (20, 21, 24, 25)] == [100_00, 0, 0, 100_00]


def test_money_that_came_since_pays_when_the_write_off_is_undone():
    ann = lost()
    ann.pay("B-1", 60_00, "R-1", on=march(25))
    ann.undo_write_off("R-1")
    assert [(each.amount_minor, each.is_recovery) for each in ann.invoice("R-1").payments] == [(60_00, False)]
    assert [ann.open("R-1", march(day)) for day in (20, 24, 25)] == [100_00, 100_00, 40_00]


def test_money_of_the_very_day_of_the_write_off_pays_when_it_is_undone():
    ann = lost()
    ann.pay("B-1", 60_00, "R-1", on=march(20))
    ann.undo_write_off("R-1")
    assert [(each.amount_minor, each.is_recovery) for each in ann.invoice("R-1").payments] == [(60_00, False)]
    assert (ann.open("R-1", march(20)), ann.lost("R-1")) == (40_00, 0)


def test_money_that_came_before_the_day_of_the_undo_pays_from_that_day_on():
    ann = lost()
    ann.pay("B-1", 60_00, "R-1", on=march(22))
    ann.undo_write_off("R-1", on=march(25))
    assert [ann.open("R-1", march(day)) for day in (19, 20, 24, 25)] == [100_00, 0, 0, 40_00]
    assert (ann.lost("R-1"), ann.left("B-1")) == (0, 0)


def test_of_two_write_offs_the_money_that_came_since_pays_what_is_no_longer_lost():
    ann = lost(30_00)
    ann.write_off("R-1", on=march(25))
    ann.pay("B-1", 90_00, "R-1", on=march(28))
    ann.undo_write_off("R-1")
    assert (ann.open("R-1"), ann.lost("R-1"), ann.left("B-1")) == (0, 30_00, 20_00)


def test_the_last_of_two_write_offs_is_undone_first():
    ann = lost(30_00)
    ann.write_off("R-1", on=march(25))
    ann.undo_write_off("R-1")
    assert (ann.open("R-1"), ann.lost("R-1")) == (70_00, 30_00)
    ann.undo_write_off("R-1")
    assert (ann.open("R-1"), ann.lost("R-1")) == (100_00, 0)
    refused("not_written_off", ann.undo_write_off, "R-1")


def test_what_was_never_written_off_is_not_undone():
    ann = Account()
    ann.issue("R-1", 100_00)
    refused("not_written_off", ann.undo_write_off, "R-1")
    refused("not_issued", ann.undo_write_off, "R-2")


def test_a_write_off_of_what_is_written_off_changes_nothing():
    ann = lost()
    assert ann.write_off("R-1", on=march(25)) == []
