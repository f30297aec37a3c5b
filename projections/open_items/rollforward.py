"""Rollforward: from what was open on one day to what was open on another, by entity and currency, in columns."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from projections.open_items import aging, bookings
from projections.open_items.aging import Aging, Total
from projections.open_items.asking import Part, Question, narrowed
from projections.open_items.bookings import Booked
from projections.projection import Row

# Of an entity in a currency.
Account = tuple[str, str]


class Rollforward(NamedTuple):
    """`opening_minor` and `closing_minor` are what aging says, `columns` sums of bookings by their columns."""

    entity: str
    currency: str
    opening_minor: int
    columns: dict[str, int]
    closing_minor: int

    @property
    def difference_minor(self) -> int:
        """Zero, if the facts explain the difference of the two agings."""
        moved = sum(bookings.in_column(column, minor) for column, minor in self.columns.items())
        return self.closing_minor - self.opening_minor - moved


class Period(NamedTuple):
    """Both days are in it; `known_at` is the position that aging is asked for, None for all that is known."""

    first: date
    last: date
    position: int
    known_at: int | None = None
    entity: str | None = None
    currency: str | None = None

    @property
    def ends(self) -> tuple[Aging, Aging]:
        """What is asked of aging: the day before the first, and the last."""
        of = {"known_at": self.known_at, "entity": self.entity, "currency": self.currency}
        return Aging(as_of=self.first - timedelta(1), **of), Aging(as_of=self.last, **of)  # type: ignore[arg-type]

    @property
    def values(self) -> dict[str, object]:
        return bookings.values(self.first, self.last, self.position) | {
            "entity": self.entity,
            "currency": self.currency,
        }

    @property
    def bookings(self) -> str:
        part = Part(as_of=self.last, entity=self.entity, currency=self.currency)
        return bookings.bookings(narrowed(part, "entity", "currency"))


def moved(period: Period) -> Question[dict[Account, dict[str, int]]]:
    """What more is open by entity and currency, by column."""
    sql = f'select entity, currency, "column", sum(minor)::bigint from ({period.bookings}) booking group by 1, 2, 3'
    return Question(sql, period.values, _by_account)


def journal(period: Period) -> Question[list[Booked]]:
    """Every booking, by its day and then in the order they were recorded."""
    return Question(f"{period.bookings} order by 1, 2, 7, 8", period.values, lambda rows: list(bookings.booked(rows)))


def stretches(period: Period, most: int) -> Question[list[Period]]:
    """The period in parts of at most so many bookings, or of one day, in which there are any."""
    sql = f"select effective_on, count(*) from ({period.bookings}) booking group by 1 order by 1"

    def read(rows: Iterable[Row]) -> list[Period]:
        numbered, seen = [], 0
        for day, count in rows:
            seen += count
            numbered.append((seen // most, day))
        days = ([day for _, day in part] for _, part in groupby(numbered, lambda each: each[0]))
        return [period._replace(first=part[0], last=part[-1]) for part in days]

    return Question(sql, period.values, read)


def rollforwards(
    opening: Iterable[Total], moves: dict[Account, dict[str, int]], closing: Iterable[Total]
) -> list[Rollforward]:
    """By entity and currency, in their order, from the answers to `aging.by_entity` of both ends and to `moved`."""
    begins, ends = _open(opening), _open(closing)
    return [
        Rollforward(*account, begins.get(account, 0), _columns(moves.get(account, {})), ends.get(account, 0))
        for account in sorted({*begins, *moves, *ends})
    ]


def _columns(moves: dict[str, int]) -> dict[str, int]:
    return {column: bookings.in_column(column, moves.get(column, 0)) for column in bookings.COLUMNS}


def _open(lines: Iterable[aging.Line]) -> dict[Account, int]:
    return {(line.group or "", line.currency): line.open_minor for line in lines if line.open_minor}


def _by_account(rows: Iterable[Row]) -> dict[Account, dict[str, int]]:
    found: dict[Account, dict[str, int]] = {}
    for entity, currency, column, minor in rows:
        found.setdefault((entity, currency), {})[column] = minor
    return found
