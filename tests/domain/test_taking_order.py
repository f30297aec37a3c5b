"""What takes from an invoice counts in the order of its days, whatever the order in which clerks record it."""

from collections.abc import Callable

import pytest

from domain import invoice as invoices
from domain.terms import Discount, Instalment
from tests.domain.account import Account, march, refused


def owing(minor: int = 100_00, **asked) -> Account:
    ann = Account()
    ann.issue("R-1", minor, **asked)
    return ann


# A payment that is recorded late


def test_a_payment_recorded_late_goes_before_one_of_a_later_day_which_is_on_account_again():
    ann = owing()
    ann.pay("B-2", 100_00, "R-1", on=march(20))

    assert ann.pay("B-1", 100_00, "R-1", on=march(10)) == [
        "B-1: 10 March received 100.00",
        "B-1: 10 March allocated 100.00",
        "B-2: 20 March unallocated 100.00",
        "R-1: 20 March payment reversed 100.00",
        "R-1: 10 March paid 100.00",
    ]
    assert [ann.open("R-1", march(day)) for day in (9, 10, 20)] == [100_00, 0, 0]
    assert [ann.left("B-2", march(day)) for day in (19, 20)] == [0, 100_00]


def test_of_the_later_payment_only_what_exceeds_what_is_then_open_is_on_account_again():
    ann = owing()
    ann.pay("B-2", 70_00, "R-1", on=march(20))
    ann.pay("B-1", 50_00, "R-1", on=march(10))
    assert (ann.left("B-1"), ann.left("B-2"), ann.open("R-1")) == (0, 20_00, 0)
    assert [ann.open("R-1", march(day)) for day in (9, 10, 19, 20)] == [100_00, 50_00, 50_00, 0]


def test_of_two_instalments_the_payment_that_came_first_pays_the_first():
    ann = owing(due=(march(10), march(20)))
    ann.pay("B-2", 50_00, "R-1", on=march(18))
    assert [item.open_minor for item in ann.invoice("R-1").items] == [0, 50_00]

    assert ann.pay("B-1", 50_00, "R-1", on=march(9)) == [
        "B-1: 9 March received 50.00",
        "B-1: 9 March allocated 50.00",
        "B-2: 18 March unallocated 50.00",
        "B-2: 18 March allocated 50.00",
        "R-1: 18 March payment reversed 50.00",
        "R-1: 9 March partially paid 50.00",
        "R-1: 18 March paid 50.00",
    ]
    first, second = ann.invoice("R-1").items
    assert (first.by_day[-1], second.by_day[-1]) == ((march(9), -50_00), (march(18), -50_00))


def test_where_there_is_enough_for_both_nothing_is_taken_back():
    ann = owing()
    ann.pay("B-2", 40_00, "R-1", on=march(20))
    assert ann.pay("B-1", 60_00, "R-1", on=march(10)) == [
        "B-1: 10 March received 60.00",
        "B-1: 10 March allocated 60.00",
        "R-1: 10 March paid 60.00",
    ]


def test_a_promise_is_kept_by_the_payment_that_came_first_and_was_recorded_last():
    ann = owing()
    ann.ask("R-1", invoices.promise, on=march(2), pay_on=march(30), amount_minor=100_00)
    ann.pay("B-2", 40_00, "R-1", on=march(20))
    assert ann.pay("B-1", 60_00, "R-1", on=march(10))[-2:] == [
        "R-1: 10 March paid 60.00",
        "R-1: 20 March promise kept 0.00",
    ]


def test_a_plan_is_completed_by_the_payment_that_came_first_and_was_recorded_last():
    ann = owing()
    plan = [Instalment(march(12), 50_00), Instalment(march(22), 50_00)]
    ann.ask("R-1", invoices.agree_plan, on=march(3), instalments=plan)
    ann.pay("B-2", 50_00, "R-1", on=march(20))
    ann.pay("B-1", 50_00, "R-1", on=march(10))
    assert ann.invoice("R-1").plan is None
    assert [item.by_day[-1] for item in ann.invoice("R-1").items[1:]] == [(march(10), -50_00), (march(20), -50_00)]


def test_a_payment_of_the_same_day_stays_where_it_is():
    ann = owing()
    ann.pay("B-1", 100_00, "R-1", on=march(10))
    assert ann.pay("B-2", 100_00, "R-1", on=march(10)) == ["B-2: 10 March received 100.00"]


def test_of_three_payments_the_earliest_two_pay():
    ann = owing()
    ann.pay("B-3", 60_00, "R-1", on=march(20))
    ann.pay("B-2", 40_00, "R-1", on=march(15))
    ann.pay("B-1", 50_00, "R-1", on=march(10))
    assert [ann.left(number) for number in ("B-1", "B-2", "B-3")] == [0, 0, 50_00]
    assert [ann.open("R-1", march(day)) for day in (9, 10, 15, 20)] == [100_00, 50_00, 10_00, 0]


def test_money_that_names_no_invoice_takes_nothing_from_other_money():
    ann = owing()
    ann.pay("B-2", 100_00, "R-1", on=march(20))
    assert ann.pay("B-1", 100_00, on=march(10)) == ["B-1: 10 March received 100.00"]
    assert (ann.left("B-1"), ann.left("B-2")) == (100_00, 0)


def test_money_on_account_that_is_allocated_by_name_goes_before_later_money():
    ann = owing()
    ann.pay("B-2", 100_00, "R-1", on=march(20))
    ann.pay("B-1", 100_00, on=march(10))
    ann.allocate("B-1", "R-1")
    assert (ann.left("B-1"), ann.left("B-2"), ann.open("R-1", march(10))) == (0, 100_00, 0)


def test_a_discount_taken_by_a_later_payment_is_not_taken_twice():
    ann = owing(discounts=[Discount(march(25), 2_00)])
    ann.pay("B-2", 98_00, "R-1", on=march(20))
    ann.pay("B-1", 98_00, "R-1", on=march(10))
    assert (ann.left("B-1"), ann.left("B-2"), ann.open("R-1", march(10))) == (0, 98_00, 0)
    assert [each.discount_minor for each in ann.invoice("R-1").payments] == [2_00]


def test_a_later_payment_keeps_the_discount_it_earned_when_nothing_is_taken_from_it():
    ann = owing(discounts=[Discount(march(25), 2_00)])
    ann.pay("B-2", 58_00, "R-1", on=march(20), wanted=58_00)
    ann.pay("B-1", 40_00, "R-1", on=march(10), wanted=40_00)
    assert ann.open("R-1") == 0
    assert sum(each.discount_minor for each in ann.invoice("R-1").payments) == 2_00


def test_what_a_chargeback_left_open_is_paid_by_money_of_the_days_before():
    """It names the invoice: between the two days the invoice was paid, and is not paid twice."""
    ann = owing()
    ann.pay("B-1", 100_00, "R-1", on=march(5))
    ann.reverse("B-1", on=march(15))
    ann.pay("B-2", 100_00, "R-1", on=march(10))
    assert [ann.open("R-1", march(day)) for day in (4, 5, 10, 15)] == [100_00, 0, 0, 0]
    assert [ann.left("B-2", march(day)) for day in (10, 14, 15)] == [100_00, 100_00, 0]


# A credit note that is recorded late


def test_a_credit_note_dated_before_a_payment_lessens_what_that_pays():
    ann = owing()
    ann.pay("B-1", 100_00, "R-1", on=march(20))

    assert ann.credit("C-1", 30_00, "R-1", on=march(10)) == [
        "C-1: 10 March issued 30.00",
        "C-1: 10 March allocated 30.00",
        "B-1: 20 March unallocated 100.00",
        "B-1: 20 March allocated 70.00",
        "R-1: 20 March payment reversed 100.00",
        "R-1: 10 March credit note applied 30.00",
        "R-1: 20 March paid 70.00",
    ]
    assert (ann.left("B-1"), ann.left("C-1"), ann.open("R-1", march(10))) == (30_00, 0, 70_00)


def test_a_credit_note_dated_after_the_payment_is_on_account_for_what_exceeds_it():
    ann = owing()
    ann.pay("B-1", 80_00, "R-1", on=march(10))
    ann.credit("C-1", 30_00, "R-1", on=march(20))
    assert (ann.left("B-1"), ann.left("C-1"), ann.open("R-1")) == (0, 10_00, 0)


def test_a_credit_note_of_the_day_of_the_payment_comes_after_it():
    ann = owing()
    ann.pay("B-1", 80_00, "R-1", on=march(10))
    ann.credit("C-1", 30_00, "R-1", on=march(10))
    assert (ann.left("B-1"), ann.left("C-1")) == (0, 10_00)


def test_a_payment_dated_before_a_credit_note_leaves_what_exceeds_it_on_account_as_credit():
    ann = owing()
    ann.credit("C-1", 100_00, "R-1", on=march(20), tax=19_00)
    ann.pay("B-1", 60_00, "R-1", on=march(10))
    [applied] = ann.invoice("R-1").credit_notes
    assert (applied.amount_minor, applied.tax_minor) == (40_00, 7_60)
    assert (ann.left("B-1"), ann.left("C-1"), ann.open("R-1")) == (0, 60_00, 0)


def test_a_credit_note_of_later_takes_the_last_instalment_first_also_when_it_is_made_again():
    ann = owing(due=(march(10), march(20)))
    ann.credit("C-1", 60_00, "R-1", on=march(25))
    ann.pay("B-1", 70_00, "R-1", on=march(9))
    assert [item.open_minor for item in ann.invoice("R-1").items] == [0, 0]
    assert (ann.left("C-1"), ann.left("B-1")) == (30_00, 0)


# What stays where it is


def test_what_a_factor_paid_stays_where_it_is():
    ann = owing()
    sale = {"factor": "bank", "advance_basis_points": 9000, "fee_basis_points": 300}
    ann.ask("R-1", invoices.factor, on=march(15), **sale, with_recourse=True, recourse_on=march(31))
    ann.ask("R-1", invoices.pay_advance, on=march(16))
    ann.ask("R-1", invoices.release_reserve, on=march(20))
    assert ann.pay("B-1", 100_00, "R-1", on=march(10)) == ["B-1: 10 March received 100.00"]


def test_a_credit_note_from_before_these_had_accounts_of_their_own_stays_where_it_is():
    ann = owing()
    ann.ask("R-1", invoices.credit, on=march(20), credit_note="C-0", amount_minor=60_00)
    ann.pay("B-1", 100_00, "R-1", on=march(10))
    assert (ann.left("B-1"), ann.open("R-1", march(10))) == (60_00, 60_00)


def test_nothing_is_displaced_by_what_is_refused():
    ann = owing()
    ann.pay("B-2", 100_00, "R-1", on=march(20))
    ann.pay("B-1", 10_00, on=march(10))
    refused("over_unallocated", ann.allocate, "B-1", "R-1", wanted=50_00)
    assert ann.left("B-2") == 0


# What was agreed since


def paid_twice(ann: Account, agreed: Callable[[], object], *, is_late: bool) -> Account:
    """R-1 of 100.00: B-1 pays 20.00 on 3 March, recorded at once or after what was agreed; B-2 48.00 on 5 March."""
    ann.issue("R-1", 100_00)
    if not is_late:
        ann.pay("B-1", 20_00, "R-1", on=march(3))
    ann.pay("B-2", 48_00, "R-1", on=march(5))
    agreed()
    if is_late:
        ann.pay("B-1", 20_00, "R-1", on=march(3))
    return ann


@pytest.mark.parametrize("is_late", [False, True])
def test_money_of_before_a_promise_does_not_keep_it(is_late):
    ann = Account()

    def promised() -> None:
        ann.ask("R-1", invoices.promise, on=march(10), amount_minor=30_00, pay_on=march(20))

    promise = paid_twice(ann, promised, is_late=is_late).invoice("R-1").promise
    assert promise
    assert promise.paid_minor == 0
    ann.pay("B-3", 30_00, "R-1", on=march(10))
    assert ann.invoice("R-1").promise is None


@pytest.mark.parametrize("is_late", [False, True])
def test_money_of_before_a_settlement_is_not_what_settles(is_late):
    ann = Account()

    def settled() -> None:
        ann.ask("R-1", invoices.offer_settlement, on=march(10), pay_minor=20_00, until_on=march(25))
        ann.ask("R-1", invoices.accept_settlement, on=march(11))

    paid_twice(ann, settled, is_late=is_late)
    assert ann.open("R-1") == 32_00
    ann.pay("B-3", 20_00, "R-1", on=march(12))
    assert ann.open("R-1") == 0


@pytest.mark.parametrize("is_late", [False, True])
def test_an_agency_earns_nothing_of_money_that_came_before_it_was_asked(is_late):
    ann = Account()

    def placed() -> None:
        ann.ask("R-1", invoices.place, on=march(10), agency="X", commission_basis_points=2000)

    paid_twice(ann, placed, is_late=is_late)
    ann.pay("B-3", 10_00, "R-1", on=march(10))
    earned = [getattr(fact, "commission_minor", 0) for _, fact, _ in ann.told]
    assert sum(earned) == 2_00
