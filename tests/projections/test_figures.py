from fractions import Fraction

import pytest

from projections.metrics.figures import (
    Sales,
    average_days_delinquent,
    collection_effectiveness,
    countback_dso,
    days_sales_outstanding,
    weighted_days,
)
from projections.ratios import four, ratio


def test_receivables_of_half_the_sales_of_ninety_days_are_forty_five_days_of_sales():
    assert days_sales_outstanding(receivables=50_000, sales=100_000, window_days=90) == 45


def test_without_sales_there_is_no_dso_and_no_delinquency():
    assert days_sales_outstanding(50_000, 0, 90) is None
    assert average_days_delinquent(None, None) is None


def test_days_delinquent_are_what_dso_exceeds_the_best_possible_by():
    dso, best = days_sales_outstanding(50_000, 100_000, 90), days_sales_outstanding(40_000, 100_000, 90)
    assert average_days_delinquent(dso, best) == 9


def test_counting_back_takes_whole_months_first_and_then_a_part_of_the_month_they_run_out_in():
    june, may, april = Sales(30_000, 30), Sales(20_000, 31), Sales(40_000, 30)
    assert countback_dso(60_000, [june, may, april]) == 30 + 31 + Fraction(30, 4)


def test_counting_back_a_month_without_sales_still_counts_its_days():
    assert countback_dso(15_000, [Sales(10_000, 30), Sales(0, 31), Sales(10_000, 30)]) == 30 + 31 + 15


def test_charges_beyond_all_sales_ever_made_add_no_day():
    assert countback_dso(10_500, [Sales(10_000, 30)]) == 30


@pytest.mark.parametrize(("receivables", "days"), [(0, 0), (100, None)])
def test_counting_back_without_any_sales_is_zero_for_nothing_and_unknown_for_something(receivables, days):
    assert countback_dso(receivables, []) == days


def test_collecting_all_that_fell_due_is_an_effectiveness_of_a_hundred():
    assert collection_effectiveness(begin=6_000, sales=18_000, end_total=5_000, end_not_due=5_000) == 100


def test_collecting_nothing_of_what_fell_due_is_an_effectiveness_of_zero():
    assert collection_effectiveness(begin=6_000, sales=0, end_total=6_000, end_not_due=0) == 0


def test_where_nothing_could_be_collected_there_is_no_effectiveness():
    assert collection_effectiveness(begin=0, sales=5_000, end_total=5_000, end_not_due=5_000) is None


def test_a_large_amount_late_weighs_more_than_a_small_one():
    assert weighted_days(amount_days=90_000 * 10 + 10_000 * 60, amount=100_000) == 15


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.3333"),
        (Fraction(1, 20_000), "0.0001"),
        (Fraction(-1, 20_000), "-0.0001"),
        (Fraction(-1, 30_000), "0.0000"),
        (Fraction(2722978715, 10**8), "27.2298"),
        (7, "7.0000"),
        (None, None),
    ],
)
def test_a_ratio_is_shown_with_four_decimals_half_rounded_away_from_zero(value, text):
    assert four(value) == text


def test_a_share_of_nothing_is_no_share():
    assert ratio(0, 0) is None
