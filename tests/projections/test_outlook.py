from datetime import date, timedelta
from fractions import Fraction

import pytest

from projections.credit_risk.outlook import (
    Open,
    Seen,
    collection_probability,
    curve,
    default_probability,
    forecast,
)

AS_OF = date(2026, 6, 30)
NOTHING_SEEN = curve([])


def test_the_curve_falls_by_paid_over_watched_and_open_items_count_while_they_were_watched():
    """Ten items: paid at 1, 3, 3 and 7 days past due; still open at 2, 5 and (three) 9 days, one at 3."""
    seen = [
        Seen(1, 1, True),
        Seen(2, 1, False),
        Seen(3, 2, True),
        Seen(3, 1, False),
        Seen(5, 1, False),
        Seen(7, 1, True),
        Seen(9, 3, False),
    ]
    found = curve(seen)
    assert [found.unpaid_after(day) for day in (0, 1, 2, 3, 6, 7, 50)] == [
        1,
        Fraction(9, 10),
        Fraction(9, 10),
        Fraction(9, 10) * Fraction(6, 8),
        Fraction(9, 10) * Fraction(6, 8),
        Fraction(9, 10) * Fraction(6, 8) * Fraction(3, 4),
        Fraction(9, 10) * Fraction(6, 8) * Fraction(3, 4),
    ]


def test_without_open_items_the_curve_is_the_plain_share_not_yet_paid():
    found = curve([Seen(day, 10, True) for day in range(10)])
    assert [found.unpaid_after(day) for day in range(10)] == [Fraction(9 - day, 10) for day in range(10)]


def test_an_item_still_open_lifts_the_curve_above_one_that_forgets_it():
    paid = [Seen(10, 50, True)]
    assert curve([*paid, Seen(20, 50, False)]).unpaid_after(10) == Fraction(1, 2)
    assert curve(paid).unpaid_after(10) == 0


def test_the_chance_to_collect_is_read_from_history_where_enough_items_were_watched():
    seen = [Seen(0, 60, True), Seen(100, 30, True), Seen(800, 10, False)]
    found = collection_probability(curve(seen), 30)
    assert (found.probability, found.source, found.items) == (Fraction(30, 40), "history", 40)


@pytest.mark.parametrize(("days", "percent"), [(0, 100), (91, 73), (182, 50), (365, 25), (730, 10)])
def test_where_history_is_thin_the_published_default_is_used(days, percent):
    found = collection_probability(NOTHING_SEEN, days)
    assert (found.probability, found.source) == (Fraction(percent, 100), "default")


def test_the_default_runs_straight_between_its_points_and_stays_flat_after_the_last():
    assert default_probability(182 + 61) == Fraction(1, 2) - Fraction(1, 4) * 61 / 183
    assert default_probability(5_000) == Fraction(1, 10)
    assert default_probability(-20) == 1


def test_customers_who_always_pay_on_the_tenth_day_past_due_pay_all_of_it_in_that_week():
    always = curve([Seen(10, 100, True)])
    weeks = forecast(always, [Open(AS_OF - timedelta(1), 5_000, 5_000**2)], AS_OF, weeks=4)
    assert [(each.expected, each.low, each.high) for each in weeks] == [
        (0, 0, 0),
        (5_000, 5_000, 5_000),
        (0, 0, 0),
        (0, 0, 0),
    ]
    assert (weeks[0].from_on, weeks[1].until_on) == (date(2026, 7, 1), date(2026, 7, 14))


def test_the_band_is_narrower_for_many_small_items_than_for_one_large():
    half = curve([Seen(5, 50, True), Seen(60, 50, True)])
    due_on = AS_OF
    large = forecast(half, [Open(due_on, 100_000, 100_000**2)], AS_OF, weeks=1)[0]
    small = forecast(half, [Open(due_on, 100_000, 100 * 1_000**2)], AS_OF, weeks=1)[0]
    assert large.expected == small.expected == 50_000
    # 1.2816 standard deviations of 50,000 and of 5,000.
    assert (large.low, large.high) == (0, 114_080)
    assert (small.low, small.high) == (43_592, 56_408)


def test_without_history_an_item_not_due_is_expected_in_the_week_it_falls_due():
    weeks = forecast(NOTHING_SEEN, [Open(AS_OF + timedelta(8), 900, 810_000)], AS_OF, weeks=3)
    assert [each.expected for each in weeks] == [0, 900, 0]


def test_without_history_an_overdue_item_comes_evenly_over_a_year_as_far_as_it_is_still_collectable():
    weeks = forecast(NOTHING_SEEN, [Open(AS_OF - timedelta(730), 365_000, 365_000**2)], AS_OF, weeks=2)
    assert [each.expected for each in weeks] == [700, 700]
