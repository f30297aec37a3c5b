"""Payment terms: how a total becomes instalments with due days, and what paying early is worth."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from domain.money import basis_points, percentage, split
from domain.refusal import Refused

WHOLE = 10000  # basis points
_PER_CENT, _TENTH = 100, 10  # basis points
MOST_DAYS = 36_500

_STEP = re.compile(r"(?:([0-9]{1,9})(?=eom|\+|$)\+?)?(?:(eom)|([0-9]{1,2})(?:st|nd|rd|th))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Share:
    """One step of an instalment schedule: this share of the total, due this many days after issue.

    With `is_end_of_month` it is due at the end of the month in which that day falls, with `day_of_next_month` on that
    day of the month after it, or the last day of a shorter month.
    """

    days: int
    basis_points: int
    is_end_of_month: bool | None = None
    day_of_next_month: int | None = None


@dataclass(frozen=True, slots=True)
class EarlyDiscount:
    """`2/10` is 200 basis points within 10 days of issue."""

    days: int
    basis_points: int


@dataclass(frozen=True, slots=True)
class Instalment:
    due_on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Discount:
    """What may be deducted from the total when it is paid on or before `until_on`."""

    until_on: date
    minor: int


def instalments(total_minor: int, issued_on: date, schedule: Sequence[Share]) -> tuple[Instalment, ...]:
    """The total over a schedule such as 30/30/40, by largest remainder; refuses `bad_schedule`.

    Equal parts differ by at most one minor unit, the earlier being larger. A total too small for its schedule has
    fewer instalments.
    """
    require_schedule(schedule)
    if are_equal_parts(schedule):
        return _instalments(total_minor, issued_on, schedule, [1] * len(schedule))
    return instalments_by_shares(total_minor, issued_on, schedule)


def instalments_by_shares(total_minor: int, issued_on: date, schedule: Sequence[Share]) -> tuple[Instalment, ...]:
    """As every schedule was once shared out, also that of equal parts: 3,333, 3,333 and 3,334 of 10,000."""
    return _instalments(total_minor, issued_on, schedule, [share.basis_points for share in schedule])


def due_on(issued_on: date, share: Share) -> date:
    """Never before the day of issue."""
    day = issued_on + timedelta(days=share.days)
    if share.is_end_of_month:
        return _of_month(day, 31)
    if share.day_of_next_month:
        return _of_month(_of_month(day, 31) + timedelta(days=1), share.day_of_next_month)
    return day


def are_equal_parts(schedule: Sequence[Share]) -> bool:
    """Shares with decimals that differ by no more than their rounding, in hundredths or tenths of a per cent, are equal
    parts: 33.33, 33.33 and 33.34 are thirds. Whole per cents are as they are written: 33, 33 and 34 are not.
    """
    points = [share.basis_points for share in schedule]
    unit = 1 if any(each % _TENTH for each in points) else _TENTH
    least = WHOLE // (len(points) * unit) * unit
    most = -(-WHOLE // (len(points) * unit)) * unit
    return all(least <= each <= most for each in points)


def require_schedule(schedule: Sequence[Share]) -> None:
    """Refuses `bad_schedule`."""
    if any(share.days > MOST_DAYS for share in schedule):
        raise Refused("bad_schedule", f"an instalment is due at most {MOST_DAYS:,} days after issue")
    if any(share.days < 0 or share.basis_points <= 0 for share in schedule):
        raise Refused("bad_schedule", "instalments fall on or after the issue day, each with a share of more than zero")
    is_rounded = schedule and any(share.basis_points % _PER_CENT for share in schedule) and are_equal_parts(schedule)
    if sum(share.basis_points for share in schedule) != WHOLE and not is_rounded:
        raise Refused("bad_schedule", "the shares of instalments add up to 100 %")
    for share in schedule:
        if share.day_of_next_month is not None and not (1 <= share.day_of_next_month <= 31):
            raise Refused("bad_schedule", "a month has days 1 to 31")
        if share.is_end_of_month and share.day_of_next_month is not None:
            raise Refused(
                "bad_schedule", "an instalment is due at the end of a month or on a day of the next, not both"
            )


class Step(NamedTuple):
    """A share as people give it; without per cent it is one of equal parts."""

    days: int
    percent: str = ""
    is_end_of_month: bool = False
    day_of_next_month: int | None = None


def step(text: str) -> Step:
    """`30:40` is 40 % after 30 days, `30eom` all at the end of the month of that day, `15th` all on the 15th of the
    month after issue, and `30+15th` on the 15th of the month after the thirtieth day. Refuses `bad_schedule`.
    """
    when, colon, percent = text.partition(":")
    found = _STEP.fullmatch(when.strip())
    if not (found and any(found.groups())) or when.strip().endswith("+") or (colon and not percent.strip()):
        raise Refused("bad_schedule", f"{text[:20]!r} is no step such as 30, 30:40, 30eom or 15th")
    days, end, day = found.groups()
    return Step(int(days or 0), percent.strip(), bool(end), int(day) if day else None)


def shares(steps: Sequence[Step]) -> tuple[Share, ...]:
    """Refuses `bad_schedule`, also where some steps name their per cent and others do not; and `not_a_percent`."""
    named = [each.percent for each in steps if each.percent]
    if named and len(named) < len(steps):
        raise Refused("bad_schedule", "name the per cent of every step, or of none for equal parts")
    points = [*map(basis_points, named)] if named or not steps else split(WHOLE, [1] * len(steps))
    schedule = tuple(
        # What is not so is left out, as in terms agreed before there was anything but days.
        Share(each.days, each_points, each.is_end_of_month or None, each.day_of_next_month)
        for each, each_points in zip(steps, points, strict=True)
    )
    if schedule:
        require_schedule(schedule)
    return schedule


def month_in_words(share: Share) -> str:
    """What comes after the days: nothing, `end of month` or `15th of the next month`."""
    if share.is_end_of_month:
        return "end of month"
    if day := share.day_of_next_month:
        ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return f"{day}{ending} of the next month"
    return ""


def _instalments(
    total_minor: int, issued_on: date, schedule: Sequence[Share], weights: Sequence[int]
) -> tuple[Instalment, ...]:
    parts = split(total_minor, weights)
    return tuple(
        Instalment(due_on(issued_on, share), minor) for share, minor in zip(schedule, parts, strict=True) if minor
    )


def _of_month(day: date, number: int) -> date:
    """That day of the month, or its last where it has fewer."""
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def net(total_minor: int, due_on: date) -> tuple[Instalment, ...]:
    return (Instalment(due_on, total_minor),)


def discounts(total_minor: int, issued_on: date, tiers: Sequence[EarlyDiscount]) -> tuple[Discount, ...]:
    """What each tier is worth; one that comes to nothing, or to the whole of a tiny total, is left out."""
    worth = [Discount(issued_on + timedelta(days=t.days), percentage(total_minor, t.basis_points)) for t in tiers]
    return tuple(discount for discount in worth if 0 < discount.minor < total_minor)
