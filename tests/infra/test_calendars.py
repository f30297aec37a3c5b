"""Business days: the holidays of a jurisdiction or country, else Monday to Friday."""

import itertools
from datetime import date, timedelta

import holidays
import pytest

from infra.calendars import Calendar, calendar

GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("DE", GOOD_FRIDAY, False),
        ("DE", EASTER_MONDAY, False),
        ("DE", date(2026, 10, 3), False),
        ("DE", date(2026, 6, 4), True),
        ("NL", date(2026, 4, 27), False),
        ("NL", GOOD_FRIDAY, False),
        ("NL", date(2026, 5, 1), True),
        ("NO", date(2026, 4, 2), False),
        ("NO", date(2026, 5, 18), True),
        ("NO", date(2027, 5, 17), False),
        ("GB", EASTER_MONDAY, False),
        ("GB", date(2026, 8, 31), False),
        ("GB", date(2026, 12, 28), False),
        ("GB", date(2026, 1, 2), True),
        ("", GOOD_FRIDAY, True),
        ("", date(2026, 4, 4), False),
    ],
)
def test_a_day_is_a_business_day_or_not(country, day, expected):
    """Of Germany the holidays of all its parts; of the United Kingdom those of England."""
    assert Calendar(country).is_business_day(day) == expected


def test_the_jurisdiction_comes_before_the_country_and_an_unknown_one_is_passed_over():
    assert calendar("NL", "DE") == Calendar("NL")
    assert calendar(None, "NO") == Calendar("NO")
    assert calendar("Atlantis", "NO") == Calendar("NO")
    assert calendar("", "") == calendar(None) == calendar("UK", "de") == Calendar("")


def test_every_country_there_is_can_be_asked_about_every_day_of_many_years_and_never_rests_for_a_fortnight():
    """The tick looks for a notice as far before its day as this."""
    for country in holidays.list_supported_countries(include_aliases=False):
        for year in (2013, 2026):
            days = [date(year, 1, 1) + timedelta(n) for n in range(365)]
            open_days = [day for day in days if calendar(country).is_business_day(day)]
            gaps = [(after - before).days for before, after in itertools.pairwise(open_days)]
            assert max(gaps) < 14, country


def test_days_of_weeks_go_on_over_the_change_of_clocks_and_the_end_of_a_year():
    monday = date(2026, 3, 30)
    assert [Calendar("").is_business_day(monday - timedelta(n)) for n in (0, 1, 2, 3)] == [True, False, False, True]
    assert not Calendar("DE").is_business_day(date(2027, 1, 1))
    assert Calendar("DE").is_business_day(date(2026, 12, 31))
    assert not Calendar("").is_business_day(date(2032, 2, 29))
    assert Calendar("").is_business_day(date(2028, 2, 29))
