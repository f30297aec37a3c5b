"""What acting today is worth: by the default curve 27 hundredths are lost in the first 91 days, evenly."""

from fractions import Fraction

import pytest

from projections.credit_risk.outlook import FEWEST_ITEMS, Seen, curve
from projections.escalation.worth import Worth

BY_DEFAULT = Worth(curve(()))


@pytest.mark.parametrize(
    ("days", "fall"),
    [
        (0, Fraction(27, 1300)),
        (84, Fraction(27, 1300)),
        # From day 91 on 23 hundredths in 91 days.
        (91, Fraction(23, 1300)),
        (730, Fraction(0)),
        # Due in a week or later: nothing is late by then.
        (-7, Fraction(0)),
        (-6, Fraction(27, 9100)),
    ],
)
def test_what_is_lost_in_a_week_follows_the_curve(days, fall):
    assert BY_DEFAULT.of([(days, 910_000_00)]) == 910_000_00 * fall


def test_half_a_cent_is_rounded_up_whether_the_items_are_of_one_age_or_of_two():
    # 650 x 27/1300 is 13.5.
    assert BY_DEFAULT.of([(5, 650)]) == 14
    assert BY_DEFAULT.of([(5, 325), (6, 325)]) == 14
    assert BY_DEFAULT.of([(5, 650), (800, 650)]) == 14
    assert BY_DEFAULT.of([(5, 649)]) == 13


def test_parts_are_added_before_they_are_rounded():
    assert BY_DEFAULT.of([(5, 20)]) == 0
    assert BY_DEFAULT.of([(5, 20), (100, 20)]) == 1
    assert BY_DEFAULT.of([]) == 0


def test_history_comes_first_where_enough_were_watched_in_the_week_to_come():
    """Half were paid on day 22; the others were still open on day 300."""

    def worth(left):
        return Worth(curve([Seen(22, 30, True), Seen(300, left, False)])).of([(19, 1000_00)])

    assert worth(FEWEST_ITEMS) == 500_00
    assert worth(FEWEST_ITEMS - 1) == BY_DEFAULT.of([(19, 1000_00)])


def test_who_is_still_there_pays_better_than_those_before_them_and_nothing_is_lost_by_waiting():
    """Of a hundred one was paid on day 9; on day 380 all the others were: within a year of day 16, and not of day 9."""
    pays_late = Worth(curve([Seen(9, 1, True), Seen(380, 99, True)]))
    assert pays_late.of([(9, 1000_00)]) == 0
