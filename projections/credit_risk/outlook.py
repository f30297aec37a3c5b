"""Outlook, first version: how likely old items still pay, and the cash to expect by week, with a band.

The curve is Kaplan-Meier over days past due: the share of items not yet paid at each age; items still open
are taken as not paid up to their present age. The forecast applies it to each open item as if items paid independently
of each other, which is why its band is too narrow for a bad year.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import accumulate, pairwise

from projections.credit_risk.exposure import PAYING, SALES, THEN
from projections.projection import Query, Row
from projections.ratios import half_up

# An age at which fewer items than this were watched is read from the default.
FEWEST_ITEMS = 30
YEAR_DAYS = 365
WEEKS = 13

HISTORY, DEFAULT = "history", "default"
DEFAULT_NAME = "published collectability of commercial receivables by months past due"
# Days past due (0, 3, 6, 12 and 24 months) -> the share still collectable; between two points a straight line.
DEFAULT_CURVE = (
    (0, Fraction(1)),
    (91, Fraction(73, 100)),
    (182, Fraction(1, 2)),
    (365, Fraction(1, 4)),
    (730, Fraction(1, 10)),
)

# Eight of ten outcomes of a normal distribution lie within so many standard deviations.
BAND = Decimal("1.2816")
SHARE_PARTS = 10**9


@dataclass(frozen=True, slots=True)
class Seen:
    """So many items were paid, or were still open when last looked at, so many days past due (negative: before)."""

    days: int
    items: int
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """`unpaid[i]` is the share not yet paid at the end of day `days[i]`; `watched[i]` how many could pay that day."""

    days: tuple[int, ...]
    unpaid: tuple[Fraction, ...]
    watched: tuple[int, ...]

    def unpaid_after(self, day: int) -> Fraction:
        i = bisect_right(self.days, day)
        return self.unpaid[i - 1] if i else Fraction(1)

    def watched_after(self, day: int) -> int:
        """Items seen to pay or stay open later than that day."""
        i = bisect_right(self.days, day)
        return self.watched[i] if i < len(self.days) else 0


@dataclass(frozen=True, slots=True)
class Chance:
    probability: Fraction
    source: str
    items: int


@dataclass(frozen=True, slots=True)
class Open:
    """Items due on one day: their open amounts added, and the squares of them."""

    due_on: date
    minor: int
    squares: int


@dataclass(frozen=True, slots=True)
class Week:
    from_on: date
    until_on: date
    expected: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class CashForecast:
    """Of one currency."""

    currency: str
    open_minor: int
    weeks: Sequence[Week]


def cash_forecasts(history: Curve, opened: Iterable[Row], as_of: date, weeks: int) -> list[CashForecast]:
    """By currency, from the rows of `open_by_due_day`."""
    by_currency: dict[str, list[Open]] = {}
    for currency, due_on, minor, squares in opened:
        by_currency.setdefault(currency, []).append(Open(due_on, int(minor), int(squares)))
    return [
        CashForecast(currency, sum(each.minor for each in items), forecast(history, items, as_of, weeks))
        for currency, items in sorted(by_currency.items())
    ]


def curve(seen: Iterable[Seen]) -> Curve:
    """Kaplan-Meier: at each age the share left falls by paid / watched."""
    paid: dict[int, int] = {}
    gone: dict[int, int] = {}
    for each in seen:
        gone[each.days] = gone.get(each.days, 0) + each.items
        paid[each.days] = paid.get(each.days, 0) + each.items * each.is_paid
    days = sorted(gone)
    total = sum(gone.values())
    watched = [total - before for before in accumulate((gone[day] for day in days[:-1]), initial=0)] if days else []
    steps = (1 - Fraction(paid[day], at_risk) for day, at_risk in zip(days, watched, strict=True))
    unpaid = accumulate(steps, lambda share, step: share * step)
    return Curve(tuple(days), tuple(unpaid), tuple(watched))


def collection_probability(history: Curve, days: int) -> Chance:
    """The chance that an item unpaid so many days past due is paid within a year from then."""
    items = history.watched_after(days)
    if items < FEWEST_ITEMS:
        return Chance(default_probability(days), DEFAULT, items)
    now = history.unpaid_after(days)
    return Chance(1 - history.unpaid_after(days + YEAR_DAYS) / now, HISTORY, items)


def default_probability(days: int, points: Sequence[tuple[int, Fraction]] = DEFAULT_CURVE) -> Fraction:
    for (begin, high), (end, low) in pairwise(points):
        if days <= end:
            return high - (max(days, begin) - begin) * (high - low) / (end - begin)
    return points[-1][1]


def forecast(history: Curve, items: Iterable[Open], as_of: date, weeks: int = WEEKS) -> list[Week]:
    """Expected cash of each week after `as_of`, with the band that holds eight of ten outcomes."""
    expected, variance = [Fraction(0)] * weeks, [Fraction(0)] * weeks
    for due in items:
        for week, share in enumerate(map(_fixed, _shares(history, (as_of - due.due_on).days, weeks))):
            expected[week] += due.minor * share
            variance[week] += due.squares * share * (1 - share)
    return [_week(as_of + timedelta(days=7 * i), *each) for i, each in enumerate(zip(expected, variance, strict=True))]


def _shares(history: Curve, age: int, weeks: int) -> list[Fraction]:
    """The chance of an item of that age to be paid in each of the coming weeks."""
    if history.watched_after(age) < FEWEST_ITEMS:
        return _default_shares(age, weeks)
    now = history.unpaid_after(age)
    left = [history.unpaid_after(age + 7 * week) / now for week in range(weeks + 1)]
    return [before - after for before, after in pairwise(left)]


def _default_shares(age: int, weeks: int) -> list[Fraction]:
    """Not due yet: paid when due. Overdue: what is still collectable, evenly over a year."""
    if age > 0:
        return [default_probability(age) * 7 / YEAR_DAYS] * weeks
    due_in = max(0, -age - 1) // 7
    return [Fraction(week == due_in) for week in range(weeks)]


def _fixed(share: Fraction) -> Fraction:
    # Exact shares have denominators of thousands of digits, and sums of them no end.
    return Fraction(half_up(share * SHARE_PARTS), SHARE_PARTS)


def _week(begins_after: date, expected: Fraction, variance: Fraction) -> Week:
    spread = half_up(Fraction(BAND) * _root(variance))
    middle = half_up(expected)
    return Week(
        begins_after + timedelta(days=1),
        begins_after + timedelta(days=7),
        middle,
        max(0, middle - spread),
        middle + spread,
    )


def _root(value: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = 40
        return Fraction((Decimal(value.numerator) / value.denominator).sqrt())


# An item given up is watched on: it was not paid to this day. One credited or rescheduled was watched until then.
_SEEN = f"""
select case when open_minor <> 0 or settled_by = 'invoice.written_off' then %(as_of)s else settled_on end - due_on,
       count(*), open_minor = 0 and settled_by is not null and settled_by = any (%(paying)s)
from view_open_items.item_periods
where {THEN} and kind = any (%(sales)s) and issued_on >= %(from_on)s
group by 1, 3
"""
_OPEN = f"""
select currency, due_on, sum(open_minor), sum(open_minor::numeric * open_minor)
from view_open_items.item_periods where {THEN} and open_minor > 0 group by 1, 2 order by 1, 2
"""


def seen(from_on: date, as_of: date, position: int) -> Query:
    """Rows of `Seen`, of items issued since `from_on`."""
    sets = {"paying": list(PAYING), "sales": list(SALES)}
    return Query(_SEEN, {"as_of": as_of, "from_on": from_on, "position": position, **sets})


def open_by_due_day(as_of: date, position: int) -> Query:
    """Rows of the currency and what makes an `Open`."""
    return Query(_OPEN, {"as_of": as_of, "position": position})
