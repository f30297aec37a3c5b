"""Items as rows: which are deleted from the tables and added to them, and what that changes in the sums."""

from collections.abc import Iterator
from datetime import date

from projections.open_items.items import Items, is_open
from projections.open_items.movements import UNAPPLIED
from projections.open_items.rollups import Delta, rollups
from projections.open_items.timeline import Item, Period
from projections.projection import Query, Row, Rows, Write

COLUMNS = ("stream", "item", *Item._fields, *Period._fields)

_DROP_OPEN = (
    "delete from open_periods s using unnest(%s::text[], %s::smallint[]) as gone (stream, item)"
    " where s.stream = gone.stream and s.item = gone.item"
)
_DROP_CLOSED = (
    "delete from closed_periods s"
    " using unnest(%s::text[], %s::smallint[], %s::date[]) as gone (stream, item, valid_from)"
    " where s.stream = gone.stream and s.item = gone.item and s.valid_from = gone.valid_from"
)


class Changes:
    def __init__(self) -> None:
        self.dropped_open: list[tuple[str, int]] = []
        self.dropped_closed: list[tuple[str, int, date]] = []
        self.open: list[Row] = []
        self.closed: list[Row] = []
        self.superseded: list[Row] = []
        # What joins what is open, or leaves it.
        self.moved: list[tuple[Item, Period, int]] = []

    def add(self, stream: str, items: Items) -> None:
        for number, (item, stored, now, superseded) in enumerate(items, 1):
            if now is stored:
                continue
            row = (stream, number, *item)
            for period in stored:
                if period not in now:
                    self._drop(stream, number, item, period)
            for period in now:
                if period in stored:
                    continue
                if is_open(period):
                    self.open.append(row + period)
                    self.moved.append((item, period, +1))
                else:
                    self.closed.append(row + period)
            for period in superseded:
                self.superseded.append(row + period)

    def writes(self) -> Iterator[Write]:
        if self.dropped_open:
            yield Query(_DROP_OPEN, [list(each) for each in zip(*self.dropped_open, strict=True)])
        if self.dropped_closed:
            yield Query(_DROP_CLOSED, [list(each) for each in zip(*self.dropped_closed, strict=True)])
        yield from self.rows()
        yield from rollups(_delta(*each) for each in self.moved)

    def rows(self) -> Iterator[Write]:
        yield Rows("open_periods", COLUMNS, self.open)
        yield Rows("closed_periods", COLUMNS, self.closed)
        yield Rows("superseded_periods", COLUMNS, self.superseded)

    def _drop(self, stream: str, number: int, item: Item, period: Period) -> None:
        if is_open(period):
            self.dropped_open.append((stream, number))
            self.moved.append((item, period, -1))
        else:
            self.dropped_closed.append((stream, number, period.valid_from))


def _delta(item: Item, period: Period, sign: int) -> Delta:
    key = item.entity or "", item.currency or "", period.customer, item.due_on
    if item.kind == UNAPPLIED:
        return Delta(*key, 0, 0, 0, 0, sign * period.open_minor)
    disputed = max(0, min(period.open_minor, period.disputed_minor))
    assigned = period.open_minor if period.assignments > 0 else 0
    return Delta(*key, sign, sign * period.open_minor, sign * disputed, sign * assigned, 0)
