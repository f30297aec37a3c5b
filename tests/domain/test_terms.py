from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from domain.refusal import Refused
from domain.terms import (
    Discount,
    EarlyDiscount,
    Instalment,
    Share,
    Step,
    are_equal_parts,
    discounts,
    due_on,
    instalments,
    month_in_words,
    net,
    shares,
    step,
)

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
        (Share(0, 3300), Share(30, 3300), Share(60, 3300)),
        (Share(0, 2501), Share(30, 2500), Share(60, 2500), Share(90, 2500)),
        tuple(Share(n, 900) for n in range(11)),
        (Share(36_501, 10000),),
        (Share(30, 10000, day_of_next_month=0),),
        (Share(30, 10000, day_of_next_month=32),),
        (Share(30, 10000, is_end_of_month=True, day_of_next_month=15),),
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


# Equal parts


@pytest.mark.parametrize(
    "points",
    [
        (3333, 3333, 3334),
        (3334, 3333, 3333),
        (3333, 3333, 3333),
        (3334, 3334, 3334),
        (3330, 3330, 3340),
        (3330, 3330, 3330),
    ],
)
def test_thirty_thousand_in_thirds_is_ten_thousand_each_however_the_shares_are_written(points):
    made = instalments(30_000_00, ISSUED_ON, [Share(30, each) for each in points])
    assert [each.minor for each in made] == [10_000_00] * 3


@pytest.mark.parametrize(
    ("points", "minors"),
    [
        ((3300, 3300, 3400), [9_900_00, 9_900_00, 10_200_00]),
        ((3000, 3000, 4000), [9_000_00, 9_000_00, 12_000_00]),
        ((3332, 3333, 3335), [9_996_00, 9_999_00, 10_005_00]),
        ((4999, 5001), [14_997_00, 15_003_00]),
    ],
)
def test_shares_that_differ_by_more_than_their_rounding_are_as_they_are_written(points, minors):
    made = instalments(30_000_00, ISSUED_ON, [Share(30, each) for each in points])
    assert [each.minor for each in made] == minors


@given(strategies.integers(0, 10**15), strategies.integers(1, 120))
def test_equal_parts_add_up_and_differ_by_at_most_one_minor_unit_the_earlier_being_larger(total, many):
    schedule = shares([Step(30 * n) for n in range(many)])
    assert are_equal_parts(schedule)
    made = [each.minor for each in instalments(total, ISSUED_ON, schedule)]
    assert sum(made) == total
    assert made == sorted(made, reverse=True)
    assert not made or made[0] - made[-1] <= 1


@given(strategies.integers(1, 10**15), strategies.integers(2, 40), strategies.sampled_from([1, 10]))
def test_parts_written_as_rounded_shares_are_those_without_shares(total, many, unit):
    share = 10000 // many // unit * unit
    rounded = [Share(n, share) for n in range(many)]
    if share % 100 and share:
        equal = shares([Step(n) for n in range(many)])
        assert instalments(total, ISSUED_ON, rounded) == instalments(total, ISSUED_ON, equal)


# By the month


@pytest.mark.parametrize(
    ("issued_on", "typed", "due"),
    [
        (date(2026, 1, 5), "30eom", date(2026, 2, 28)),
        (date(2026, 1, 1), "30eom", date(2026, 1, 31)),
        (date(2026, 1, 31), "30eom", date(2026, 3, 31)),
        (date(2026, 2, 3), "eom", date(2026, 2, 28)),
        (date(2028, 2, 3), "eom", date(2028, 2, 29)),
        (date(2026, 1, 31), "eom", date(2026, 1, 31)),
        (date(2026, 1, 5), "15th", date(2026, 2, 15)),
        (date(2026, 1, 31), "15th", date(2026, 2, 15)),
        (date(2026, 1, 5), "31st", date(2026, 2, 28)),
        (date(2028, 1, 5), "30th", date(2028, 2, 29)),
        (date(2026, 12, 31), "1st", date(2027, 1, 1)),
        (date(2026, 1, 5), "30+15th", date(2026, 3, 15)),
        (date(2026, 1, 5), "30", date(2026, 2, 4)),
    ],
)
def test_a_due_day_may_go_by_the_month(issued_on, typed, due):
    assert instalments(5, issued_on, shares([step(typed)])) == (Instalment(due, 5),)


@given(
    strategies.dates(date(1900, 1, 1), date(2199, 12, 31)),
    strategies.integers(0, 36_500),
    strategies.booleans() | strategies.none(),
    strategies.integers(1, 31) | strategies.none(),
)
def test_nothing_is_due_before_it_is_issued(issued_on, days, is_end_of_month, day):
    share = Share(days, 10000, is_end_of_month, None if is_end_of_month else day)
    due = due_on(issued_on, share)
    reached = issued_on + timedelta(days)
    assert issued_on <= reached <= due
    if is_end_of_month:
        assert (due + timedelta(1)).day == 1 and (due.year, due.month) == (reached.year, reached.month)
    elif day:
        assert due.day == day or (due.day < day and (due + timedelta(1)).day == 1)
        assert (due.year * 12 + due.month) - (reached.year * 12 + reached.month) == 1


# As people write it


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("30", Step(30)),
        ("0", Step(0)),
        ("30:40", Step(30, "40")),
        (" 30 : 33.3 ", Step(30, "33.3")),
        ("30EOM", Step(30, is_end_of_month=True)),
        ("eom:50", Step(0, "50", is_end_of_month=True)),
        ("1st", Step(0, day_of_next_month=1)),
        ("22nd", Step(0, day_of_next_month=22)),
        ("30+3rd:50", Step(30, "50", day_of_next_month=3)),
    ],
)
def test_a_step_is_written_as_it_is_spoken(text, read):
    assert step(text) == read


@pytest.mark.parametrize(
    "text", ["", ":50", "30:", "x", "-1", "30+", "+15th", "15thx", "30+15", "15 th", "115th", "1e3", "1234567890", "²"]
)
def test_what_is_no_step_is_refused(text):
    with pytest.raises(Refused) as refused:
        step(text)
    assert refused.value.code == "bad_schedule"


def test_per_cent_are_named_for_every_step_or_for_none():
    with pytest.raises(Refused) as refused:
        shares([Step(30, "50"), Step(60)])
    assert refused.value.code == "bad_schedule"
    assert shares([Step(30)]) == (Share(30, 10000),)
    assert shares([Step(0, "30"), Step(30, "70")]) == (Share(0, 3000), Share(30, 7000))
    assert shares([]) == ()


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share(30, 1), ""),
        (Share(30, 1, is_end_of_month=True), "end of month"),
        (Share(0, 1, day_of_next_month=1), "1st of the next month"),
        (Share(0, 1, day_of_next_month=12), "12th of the next month"),
        (Share(0, 1, day_of_next_month=23), "23rd of the next month"),
    ],
)
def test_the_month_is_said_in_words(share, words):
    assert month_in_words(share) == words


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
