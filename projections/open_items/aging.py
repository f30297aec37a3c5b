"""Aging: what is open on a day, by how long it is past due, as known now or at any position of the log.

What is open now is read from sums, any other day or position from the periods (see `open_items`). Amounts are minor
units of the currency beside them. An item is overdue from the day after its due day; `basis` names the day its age is
counted from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import add, eq, itemgetter
from typing import Any, overload

from projections.open_items.asking import SCHEMA, Part, Question, narrowed, periods, values
from projections.open_items.movements import UNAPPLIED
from projections.open_items.timeline import FOREVER
from projections.projection import Row

BASES = ("due_on", "issued_on", "document_on")
BOUNDS = (30, 60, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging(Part):
    """What is asked; `bounds` are the last days past due of the buckets, above which one more begins."""

    basis: str = "due_on"
    bounds: Sequence[int] = BOUNDS

    def __post_init__(self) -> None:
        if self.basis not in BASES:
            raise ValueError(f"age is counted from one of {', '.join(BASES)}")
        if not self.bounds or list(self.bounds) != sorted({bound for bound in self.bounds if bound > 0}):
            raise ValueError("the bounds of buckets are days past due, rising from more than zero")

    @property
    def is_of_now(self) -> bool:
        """Sums are kept of what is open as far as is known, by due day and by customer, and of nothing else."""
        return self.known_at is None and self.basis == "due_on" and self.customer is None


class Line(tuple[Any, ...]):
    """Open amounts of one group in one currency: a row of the answer as it came, since there may be many."""

    __slots__ = ()

    @property
    def group(self) -> str | None:
        """The customer, entity … asked for; None in a total, and for money of payers nobody knows."""
        return self[0] or None

    @property
    def currency(self) -> str:
        return str(self[1])

    @property
    def open_minor(self) -> int:
        return int(self[2])

    @property
    def items(self) -> int:
        return int(self[3])

    @property
    def disputed_minor(self) -> int:
        """Part of what is open."""
        return int(self[4])

    @property
    def assigned_minor(self) -> int:
        """Part of what is open: factored."""
        return int(self[5])

    @property
    def unapplied_minor(self) -> int:
        """Money received and not allocated yet; no part of what is open."""
        return int(self[6])

    @property
    def open_by_bucket(self) -> tuple[int, ...]:
        return self[7:]


class Total(Line):
    """A line of which there are few, and which therefore also says how many items are in each bucket."""

    __slots__ = ()

    @property
    def open_by_bucket(self) -> tuple[int, ...]:
        return self[7::2]

    @property
    def items_by_bucket(self) -> tuple[int, ...]:
        return self[8::2]


class Lines(Sequence[Line]):
    """Rows that become lines when they are looked at: fifty thousand objects at once cost more than the query."""

    def __init__(self, rows: list[Row]):
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Line]:
        return map(Line, self._rows)

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> "Lines": ...

    def __getitem__(self, index: int | slice) -> "Line | Lines":
        return Lines(self._rows[index]) if isinstance(index, slice) else Line(self._rows[index])


def bucket_names(bounds: Sequence[int] = BOUNDS) -> list[str]:
    """`not_due`, `1-30` … `over_90`."""
    firsts = [1, *(bound + 1 for bound in bounds[:-1])]
    ranges = [f"{first}-{last}" for first, last in zip(firsts, bounds, strict=True)]
    return ["not_due", *ranges, f"over_{bounds[-1]}"]


def totals(asked: Aging) -> Question[Sequence[Total]]:
    """One line per currency, in their order."""
    return _few_groups(asked, "null::text")


def by_entity(asked: Aging) -> Question[Sequence[Total]]:
    return _few_groups(asked, "entity")


def by_customer(asked: Aging) -> Question[Sequence[Line]]:
    """One line per customer and currency, in their order; see `grouped` for what customers have in common."""
    if not asked.is_of_now:
        sql = f"{_by_customer(periods(asked, _columns(asked)), asked)} order by 1, 2"
        return Question(sql, values(asked), _merged)
    corrections = _by_customer(_corrections(asked), asked)
    # The rows of one customer (of several entities, of corrections) are added up when they are read.
    return Question(f"{_packed(asked)} union all {corrections} order by 1, 2", values(asked), _merged)


def grouped(lines: Iterable[Line], labels: Mapping[str, str], otherwise: str = "none") -> Sequence[Line]:
    """Lines of customers as lines of what customers have in common: a collector, a country, a risk class."""
    return _merged(sorted((labels.get(line[0], otherwise), *line[1:]) for line in lines))


def _merged(found: Iterable[Row]) -> Sequence[Line]:
    """Rows in their order; those of one group and currency (of several entities, of corrections) become one line."""
    rows = list(found)
    key = itemgetter(0, 1)
    again = [n for n, same in enumerate(map(eq, map(key, rows), map(key, islice(rows, 1, None))), 1) if same]
    for n in again:
        rows[n], rows[n - 1] = (*rows[n][:2], *map(add, rows[n][2:], rows[n - 1][2:])), ()
    return Lines([row for row in rows if any(row[2:])] if again else rows)


def _totals(rows: Iterable[Row]) -> Sequence[Total]:
    return [Total(row) for row in rows if any(row[2:])]


# The SQL of it. A bucket is numbered from 0, not due; unapplied money is in none.

_NOT_OPEN = -1
_SUM = f"{SCHEMA}.sum_minor"


def _few_groups(asked: Aging, group: str) -> Question[Sequence[Total]]:
    if not asked.is_of_now:
        sums = _sums(group, periods(asked, _columns(asked)), asked)
        return Question(f"with sums as ({sums}) {_pivot(asked)}", values(asked), _totals)
    sums = f"{_rolled_up(group, asked)} union all {_sums(group, _corrections(asked), asked)}"
    return Question(f"with sums as ({sums}) {_pivot(asked)}", values(asked), _totals)


def _columns(asked: Aging, sign: str = "") -> str:
    return (
        f"entity, currency, customer, {_bucket(asked, asked.basis)} as bucket,"
        f" {sign}1 as items, {sign}open_minor as open_minor,"
        f" {sign}greatest(0, least(open_minor, disputed_minor)) as disputed_minor,"
        f" case when assignments > 0 then {sign}open_minor else 0 end as assigned_minor"
    )


def _sums(group: str, source: str, asked: Aging) -> str:
    """Sums by group, currency and bucket of items given one by one."""
    return (
        f"select {group} as name, currency, bucket, sum(items) as items,"
        f" {_SUM}(open_minor) as open_minor, {_SUM}(disputed_minor) as disputed_minor,"
        f" {_SUM}(assigned_minor) as assigned_minor from ({source}) item group by 1, 2, 3"
    )


def _bucket(asked: Aging, day: str, *, of_items: bool = True) -> str:
    first = f"when kind = '{UNAPPLIED}' then {_NOT_OPEN} " if of_items else ""
    whens = [f"when %(as_of)s - {day} <= {int(bound)} then {n}" for n, bound in enumerate((0, *asked.bounds))]
    return f"case {first}{' '.join(whens)} else {len(asked.bounds) + 1} end"


def _pivot(asked: Aging) -> str:
    """Sums by bucket as lines."""
    line = _line(asked, f"{_SUM}(items)", "open_minor", "items")
    return f"select name, currency, {line} from sums group by 1, 2 order by 1, 2"


def _by_customer(source: str, asked: Aging) -> str:
    """Lines of items given one by one."""
    line = _line(asked, "sum(items)", "open_minor")
    return f"select customer, currency, {line} from ({source}) item group by 1, 2"


def _line(asked: Aging, items: str, *by_bucket: str) -> str:
    """The columns of a line after its group and currency: sums over all, and over the items of each bucket."""

    def of(column: str, condition: str) -> str:
        total = items if column == "items" else f"{_SUM}({column})"
        return f"coalesce({total} filter (where bucket {condition}), 0)"

    each = [of(column, f"= {n}") for n in range(len(asked.bounds) + 2) for column in by_bucket]
    all_open = [of(column, ">= 0") for column in ("open_minor", "items", "disputed_minor", "assigned_minor")]
    return ", ".join([*all_open, of("open_minor", f"= {_NOT_OPEN}"), *each])


# What is known now: the sums of what is open at the end of it, less what happens to it after the day.


def _corrections(asked: Aging) -> str:
    more = narrowed(asked, "entity", "currency")
    ended = f"valid_to > %(as_of)s and valid_to < date '{FOREVER}'"
    return (
        f"select {_columns(asked)} from {SCHEMA}.closed_periods"
        f" where {ended} and valid_from <= %(as_of)s and open_minor <> 0{more}"
        f" union all select {_columns(asked, '-')} from {SCHEMA}.open_periods where valid_from > %(as_of)s{more}"
    )


def _rolled_up(group: str, asked: Aging) -> str:
    source = f"from {SCHEMA}.open_by_day where true{narrowed(asked, 'entity', 'currency')} group by 1, 2, 3"
    return (
        f"select {group} as name, currency, {_bucket(asked, 'due_on', of_items=False)} as bucket,"
        f" {_SUM}(items) as items, {_SUM}(open_minor) as open_minor, {_SUM}(disputed_minor) as disputed_minor,"
        f" {_SUM}(assigned_minor) as assigned_minor {source}"
        f" union all select {group}, currency, {_NOT_OPEN}, 0, {_SUM}(unapplied_minor), 0, 0 {source}"
    )


def _packed(asked: Aging) -> str:
    """Lines from the sums of each customer: what was due by a day is found by halving, a bucket is a difference."""
    lasts = list(enumerate((0, *asked.bounds)))
    until = ", ".join(
        f"coalesce(open_until[width_bucket(%(as_of)s - {int(last) + 1}, due_on)], 0) as o{n}" for n, last in lasts
    )
    steps = [f"o{n} - o{n + 1}" for n, _ in lasts[:-1]]
    figures = "open_minor, items, disputed_minor, assigned_minor, unapplied_minor"
    # `offset 0` keeps the halving from being done once for every use of what it found.
    return (
        f"select customer, currency, {', '.join([figures, 'open_minor - o0', *steps, f'o{lasts[-1][0]}'])} from ("
        f"select customer, currency, {figures}, {until} from {SCHEMA}.open_by_customer"
        f" where true{narrowed(asked, 'entity', 'currency')} offset 0) sums"
    )
