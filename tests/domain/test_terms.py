from datetime import date

import pytest
from hypothesis import given, strategies

from domain.refusal import Refused
from domain.terms import Discount, EarlyDiscount, Instalment, Share, discounts, instalments, net

ISSUED_ON = date(2026, 1, 31)
IN_THREE = (Share(0, 3000), Share(30, 3000), Share(60, 4000))
DAYS = (date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("total", "shares"),
    [
        (1000_00, (300_00, 300_00, 400_00)),
        (100_01, (30_00, 30_00, 40_01)),
        (100_02, (30_01, 30_00, 40_01)),
        (100_03, (30_01, 30_01, 40_01)),
        (99_99, (30_00, 30_00, 39_99)),
    ],
)
def test_a_total_over_30_30_40_adds_up_to_the_cent(total, shares):
    assert instalments(total, ISSUED_ON, IN_THREE) == tuple(map(Instalment, DAYS, shares))


def test_an_instalment_of_nothing_is_left_out():
    assert instalments(2, ISSUED_ON, IN_THREE) == (Instalment(DAYS[0], 1), Instalment(DAYS[2], 1))


def test_thirty_days_from_the_end_of_january_of_a_leap_year_count_29_february():
    assert instalments(5, date(2028, 1, 31), (Share(30, 10000),)) == (Instalment(date(2028, 3, 1), 5),)


def test_net_terms_are_one_instalment():
    assert net(1000_00, ISSUED_ON) == (Instalment(ISSUED_ON, 1000_00),)


@pytest.mark.parametrize(
    "schedule",
    [
        (),
        (Share(30, 9999),),
        (Share(30, 10001),),
        (Share(30, 5000), Share(60, 4000)),
        (Share(-1, 10000),),
        (Share(0, 11000), Share(30, -1000)),
        (Share(0, 10000), Share(30, 0)),
    ],
)
def test_a_schedule_that_does_not_share_out_all_of_the_total_is_refused(schedule):
    with pytest.raises(Refused) as refused:
        instalments(1000_00, ISSUED_ON, schedule)
    assert refused.value.code == "bad_schedule"


@given(strategies.integers(1, 10**15), strategies.integers(0, 9999))
def test_instalments_are_more_than_nothing_and_add_up(total, basis_points):
    schedule = [share for share in (Share(10, basis_points), Share(20, 10000 - basis_points)) if share.basis_points]
    made = instalments(total, ISSUED_ON, schedule)
    assert sum(each.minor for each in made) == total
    assert all(each.minor > 0 for each in made)


def test_two_per_cent_within_ten_days_is_a_fixed_deduction_until_the_tenth_day():
    assert discounts(1000_00, ISSUED_ON, (EarlyDiscount(10, 200),)) == (Discount(date(2026, 2, 10), 20_00),)


def test_a_discount_of_one_cent_is_one():
    assert discounts(25, ISSUED_ON, (EarlyDiscount(10, 200),)) == (Discount(date(2026, 2, 10), 1),)


def test_every_tier_of_a_discount_counts_from_the_day_of_issue():
    tiers = (EarlyDiscount(10, 300), EarlyDiscount(20, 100))
    expected = (Discount(date(2026, 2, 10), 30_00), Discount(date(2026, 2, 20), 10_00))
    assert discounts(1000_00, ISSUED_ON, tiers) == expected


@pytest.mark.parametrize(("total", "basis_points"), [(24, 200), (1, 5000), (1, 9999)])
def test_a_discount_of_nothing_or_of_all_of_a_tiny_total_is_no_discount(total, basis_points):
    assert discounts(total, ISSUED_ON, (EarlyDiscount(10, basis_points),)) == ()
