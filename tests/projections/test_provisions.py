from fractions import Fraction

import pytest

from domain.refusal import Refused
from projections.credit_risk.provisions import (
    COLLECTED,
    LOST,
    Move,
    allowance,
    default_rate,
    given_rate,
    loss_rates,
    rate_of,
)

FIRST_DAYS = (0, 1, 31, 61, 91)

# Of each 1,000 in a bucket so much rolled on; the rest was collected. Of what left the last bucket, half was lost.
ROLLS = [
    Move(0, 1, 200, 40),
    Move(0, COLLECTED, 800, 60),
    Move(1, 2, 300, 40),
    Move(1, COLLECTED, 700, 60),
    Move(2, 3, 500, 40),
    Move(2, COLLECTED, 500, 60),
    Move(3, 4, 800, 40),
    Move(3, COLLECTED, 200, 60),
    Move(4, LOST, 500, 40),
    Move(4, COLLECTED, 500, 60),
]


def rates(moves, months=12):
    return [each.rate for each in loss_rates(moves, FIRST_DAYS, months)]


def test_a_loss_rate_is_the_product_of_the_rolls_still_to_come():
    last = Fraction(1, 2)
    expected = [
        Fraction(2 * 3 * 5 * 8, 10**4) * last,
        Fraction(3 * 5 * 8, 10**3) * last,
        Fraction(5 * 8, 10**2) * last,
        Fraction(8, 10) * last,
        last,
    ]
    assert rates(ROLLS) == expected


def test_an_amount_that_stays_in_its_bucket_changes_no_rate():
    assert rates([*ROLLS, Move(0, 0, 5_000, 50), Move(4, 4, 9_000, 90)]) == rates(ROLLS)


def test_an_amount_that_skips_a_bucket_over_a_long_month_is_charged_the_later_buckets_rate():
    skipped = [Move(2, 4, 500, 40) if move == Move(2, 3, 500, 40) else move for move in ROLLS]
    assert rates(skipped)[2] == Fraction(1, 2) * Fraction(1, 2)


def test_a_bucket_few_items_ever_left_takes_the_published_default_and_says_so():
    few = [Move(move.bucket, move.to, move.minor, 3) if move.bucket == 3 else move for move in ROLLS]
    thin = loss_rates(few, FIRST_DAYS, 12)[3]
    assert (thin.rate, thin.source) == (Fraction(66, 1000), "default")
    assert "6 of at least 30 items" in thin.message and "Example 12" in thin.message


def test_a_ledger_of_a_few_months_takes_the_defaults_in_every_bucket():
    thin = loss_rates(ROLLS, FIRST_DAYS, 3)
    assert {each.source for each in thin} == {"default"}
    assert "3 of at least 6 month ends" in thin[0].message


def test_the_defaults_on_the_published_example_give_its_allowance_of_580_000():
    """IFRS 9, Illustrative Example 12: 30 million of trade receivables."""
    open_minor = [15_000_000_00, 7_500_000_00, 4_000_000_00, 2_500_000_00, 1_000_000_00]
    by_bucket = [allowance(minor, default_rate(day)) for minor, day in zip(open_minor, FIRST_DAYS, strict=True)]
    assert by_bucket == [45_000_00, 120_000_00, 144_000_00, 165_000_00, 106_000_00]
    assert sum(by_bucket) == 580_000_00


def test_buckets_of_other_lengths_take_the_default_of_their_first_day():
    assert [default_rate(day) for day in (0, 1, 16, 46, 200)] == [Fraction(each, 1000) for each in (3, 16, 16, 36, 106)]


def test_a_given_rate_counts_in_its_bucket_and_for_what_rolls_on_to_it():
    given = {4: given_rate(Fraction(1, 4), "in a file"), 0: given_rate(Fraction(0), "in a file")}
    found = loss_rates(ROLLS, FIRST_DAYS, 12, given)
    assert [each.source for each in found] == ["given", "history", "history", "history", "given"]
    assert [each.rate for each in found] == [0, Fraction(3, 100), Fraction(1, 10), Fraction(1, 5), Fraction(1, 4)]
    assert found[4].message.startswith("given in a file: fixed rates by days past due") and "IFRS 9" in found[4].message


def test_a_loss_rate_is_a_per_cent_from_0_to_100_with_at_most_four_decimals():
    read = {"0": 0, "100": 1, "2.5": Fraction(25, 1000), " 0.125 %": Fraction(125, 100_000), "50%": Fraction(1, 2)}
    assert {text: rate_of(text) for text in read} == read
    for wrong in ("100.01", "-1", "2,5", "0.12345", "1e1", "", "%", "half", "\u0661"):
        with pytest.raises(Refused, check=lambda refusal: refusal.code == "bad_rate"):
            rate_of(wrong)


def test_an_allowance_is_rounded_half_up_to_the_minor_unit_and_credit_needs_none():
    assert [allowance(minor, Fraction(1, 2)) for minor in (1, 2, 3, -50)] == [1, 1, 2, 0]
