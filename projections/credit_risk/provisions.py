"""Provisions: what of the open items will not come, by the ledger's own roll rates (IFRS 9, simplified approach).

Between two month ends every open amount stays in its bucket, rolls on to a later one, is collected, or is lost: written
off, or still open more than a year past due. A bucket's loss rate follows from what left it, the later buckets' rates
being known: the chance to be lost of each place it went to, weighted by amount.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from domain.refusal import Refused
from projections.credit_risk.exposure import THEN
from projections.projection import Query
from projections.ratios import half_up

COLLECTED, LOST = -1, -2
LOST_AFTER_DAYS = 365

# A bucket that fewer items than this left, over all month ends looked at, has no rate of its own.
FEWEST_ITEMS = 30
FEWEST_MONTHS = 6

# Where the standard allows fixed rates by days past due.
GIVEN_NAME = "fixed rates by days past due, the practical expedient of IFRS 9, B5.5.35"
_PER_CENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)
DEFAULT_NAME = "IFRS 9 Illustrative Examples, Example 12 (IASB, July 2014)"
# By the first day past due of a bucket; 0 is not due yet.
DEFAULT_RATES = (
    (0, Fraction(3, 1000)),
    (1, Fraction(16, 1000)),
    (31, Fraction(36, 1000)),
    (61, Fraction(66, 1000)),
    (91, Fraction(106, 1000)),
)


@dataclass(frozen=True, slots=True)
class Move:
    """Amount and number of items that were in a bucket at a month end, and where they were a month later.

    Buckets count from 0 (not due); `to` is a bucket, COLLECTED or LOST.
    """

    bucket: int
    to: int
    minor: int
    items: int


@dataclass(frozen=True, slots=True)
class LossRate:
    """`source` is history, default or given; `message` says why."""

    rate: Fraction
    source: str
    message: str


def loss_rates(
    moves: Iterable[Move], first_days: Sequence[int], months: int, given: Mapping[int, LossRate] | None = None
) -> list[LossRate]:
    """A rate per bucket; `first_days` are their first days past due (0, 1, 31, …), `months` the month ends seen.

    A rate that is `given` for a bucket counts there, and for what rolls on to it from the buckets before.
    """
    left: dict[int, list[Move]] = {}
    for move in moves:
        if move.to != move.bucket:
            left.setdefault(move.bucket, []).append(move)
    rates: dict[int, LossRate] = {}
    for bucket in reversed(range(len(first_days))):
        own = given.get(bucket) if given else None
        rates[bucket] = own or _loss_rate(left.get(bucket, []), rates, first_days[bucket], months)
    return [rates[bucket] for bucket in range(len(first_days))]


def given_rate(rate: Fraction, where: str) -> LossRate:
    """A firm's own rate; `where` says where it was given."""
    return LossRate(rate, "given", f"given {where}: {GIVEN_NAME}")


def rate_of(text: str) -> Fraction:
    """Of a loss rate in per cent written by people: `50`, `2.5`, `0.125 %`. Refuses `bad_rate`."""
    digits = text.strip().removesuffix("%").rstrip()
    if not _PER_CENT.fullmatch(digits) or (rate := Fraction(digits) / 100) > 1:
        message = f"{text[:20]!r} is no loss rate: use a per cent from 0 to 100 with at most four decimals, such as 2.5"
        raise Refused("bad_rate", message)
    return rate


def default_rate(first_day: int) -> Fraction:
    return [rate for from_day, rate in DEFAULT_RATES if from_day <= first_day][-1]


def edges(bounds: Sequence[int]) -> list[int]:
    """First days past due of the buckets after the first, which is not due: bounds 30, 60, 90 give 1, 31, 61, 91."""
    return [1, *(days + 1 for days in bounds)]


def allowance(open_minor: int, rate: Fraction) -> int:
    return half_up(max(0, open_minor) * rate)


_MOVES = f"""
with ends as (
    select * from unnest(%(this_on)s::date[], %(next_on)s::date[]) as each (this_on, next_on)
),
was as (
    select currency, stream, item, due_on, open_minor, this_on, next_on
    from ends join view_open_items.item_periods on {THEN.replace("%(as_of)s", "this_on")}
    where open_minor > 0 and this_on - due_on <= {LOST_AFTER_DAYS}
),
became as (
    select was.*, greatest(least(was.open_minor, s.open_minor), 0) as still_minor,
           s.open_minor = 0 and s.settled_by is not distinct from 'invoice.written_off' as is_given_up
    from was join view_open_items.item_periods s
         on s.stream = was.stream and s.item = was.item and s.valid_from <= next_on and s.valid_to > next_on
            and s.from_position <= %(position)s and s.to_position > %(position)s
)
select currency, this_on, width_bucket(this_on - due_on, %(edges)s::int[]) as bucket,
       case when next_on - due_on > {LOST_AFTER_DAYS} then {LOST}
            else width_bucket(next_on - due_on, %(edges)s::int[]) end as became,
       sum(still_minor), count(*) filter (where still_minor > 0)
from became where still_minor > 0 group by 1, 2, 3, 4
union all
select currency, this_on, width_bucket(this_on - due_on, %(edges)s::int[]),
       case when is_given_up then {LOST} else {COLLECTED} end,
       sum(open_minor - still_minor), count(*)
from became where open_minor > still_minor group by 1, 2, 3, 4
"""
_OPEN = f"""
select currency, width_bucket(%(as_of)s - due_on, %(edges)s::int[]), sum(open_minor), count(*)
from view_open_items.item_periods where {THEN} and open_minor <> 0 group by 1, 2
"""


def moves(as_of: date, position: int, edges: Sequence[int], months: int) -> Query:
    """Rows (currency, month end, bucket, became, minor, items) between the last month ends up to a day.

    `edges` are the first days past due of the buckets after the first, which is not due.
    """
    ends = month_ends(as_of, months + 1)
    return Query(_MOVES, {"this_on": ends[:-1], "next_on": ends[1:], "position": position, "edges": list(edges)})


def open_by_bucket(as_of: date, position: int, edges: Sequence[int]) -> Query:
    """Rows (currency, bucket, minor, items)."""
    return Query(_OPEN, {"as_of": as_of, "position": position, "edges": list(edges)})


def month_ends(as_of: date, most: int) -> list[date]:
    """The last so many days on or before `as_of` that end a month, the earliest first."""
    ends = [as_of] if (as_of + timedelta(1)).day == 1 else []
    while len(ends) < most:
        ends.append((ends[-1] if ends else as_of).replace(day=1) - timedelta(1))
    return ends[::-1]


def _loss_rate(left: Sequence[Move], later: Mapping[int, LossRate], first_day: int, months: int) -> LossRate:
    items = sum(move.items for move in left)
    if months < FEWEST_MONTHS:
        return _default(first_day, f"history is thin: {months} of at least {FEWEST_MONTHS} month ends")
    if items < FEWEST_ITEMS:
        return _default(first_day, f"history is thin: {items} of at least {FEWEST_ITEMS} items left this bucket")
    lost = sum(move.minor * _chance_lost(move.to, later) for move in left)
    rate = Fraction(lost) / sum(move.minor for move in left)
    return LossRate(rate, "history", f"{items} items left this bucket over {months} month ends")


def _chance_lost(to: int, later: Mapping[int, LossRate]) -> Fraction:
    return Fraction(to == LOST) if to < 0 else later[to].rate


def _default(first_day: int, why: str) -> LossRate:
    return LossRate(default_rate(first_day), "default", f"{why}; default of {DEFAULT_NAME}")
