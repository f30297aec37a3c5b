"""Effective dates: one far ahead is a mistyped year, and could not be corrected by a fact on a later day."""

from datetime import date

from domain.refusal import Refused


def require_near(day: date, today: date) -> None:
    """Refuses `day_is_ahead`; what falls due, is promised or expires may lie further ahead."""
    if day > _a_year_after(today):
        raise Refused("day_is_ahead", f"{day} is more than a year after today, {today}: check the year")


def require_reached(day: date, today: date) -> date:
    """Refuses `day_is_ahead`: after a ladder has run for a day, no day before it can be run any more."""
    if day > today:
        raise Refused("day_is_ahead", f"{day} is after today, {today}: a ladder is not run before its day")
    return day


def _a_year_after(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if is_leap_day else day.replace(year=day.year + 1)
