"""Items as rows: what is to be dropped from the tables and put into them, and what that does to the sums."""

from collections.abc import Iterator
from datetime import date

from projections.open_items.items import Claim, is_open
from projections.open_items.movements import UNAPPLIED
from projections.open_items.rollups import Delta, rollups
from projections.open_items.timeline import Item, Span
from projections.projection import Query, Row, Rows, Write

COLUMNS = ("stream", "item", *Item._fields, *Span._fields)

_DROP_OPEN = (
    "delete from open_spans s using unnest(%s::text[], %s::smallint[]) as gone (stream, item)"
    " where s.stream = gone.stream and s.item = gone.item"
)
_DROP_CLOSED = (
    "delete from closed_spans s using unnest(%s::text[], %s::smallint[], %s::date[]) as gone (stream, item, owed_from)"
    " where s.stream = gone.stream and s.item = gone.item and s.owed_from = gone.owed_from"
)


class Changes:
    def __init__(self) -> None:
        self.dropped_open: list[tuple[str, int]] = []
        self.dropped_closed: list[tuple[str, int, date]] = []
        self.open: list[Row] = []
        self.closed: list[Row] = []
        self.superseded: list[Row] = []
        # What joins what is open, or leaves it.
        self.moved: list[tuple[Item, Span, int]] = []

    def add(self, stream: str, claim: Claim) -> None:
        for number, (item, stored, now, superseded) in enumerate(claim, 1):
            if now is stored:
                continue
            row = (stream, number, *item)
            for span in stored:
                if span not in now:
                    self._drop(stream, number, item, span)
            for span in now:
                if span in stored:
                    continue
                if is_open(span):
                    self.open.append(row + span)
                    self.moved.append((item, span, +1))
                else:
                    self.closed.append(row + span)
            for span in superseded:
                self.superseded.append(row + span)

    def writes(self) -> Iterator[Write]:
        if self.dropped_open:
            yield Query(_DROP_OPEN, [list(each) for each in zip(*self.dropped_open, strict=True)])
        if self.dropped_closed:
            yield Query(_DROP_CLOSED, [list(each) for each in zip(*self.dropped_closed, strict=True)])
        yield from self.rows()
        yield from rollups(_delta(*each) for each in self.moved)

    def rows(self) -> Iterator[Write]:
        yield Rows("open_spans", COLUMNS, self.open)
        yield Rows("closed_spans", COLUMNS, self.closed)
        yield Rows("superseded_spans", COLUMNS, self.superseded)

    def _drop(self, stream: str, number: int, item: Item, span: Span) -> None:
        if is_open(span):
            self.dropped_open.append((stream, number))
            self.moved.append((item, span, -1))
        else:
            self.dropped_closed.append((stream, number, span.owed_from))


def _delta(item: Item, span: Span, sign: int) -> Delta:
    key = item.entity or "", item.currency or "", span.customer, item.due_on
    if item.kind == UNAPPLIED:
        return Delta(*key, 0, 0, 0, 0, sign * span.open_minor)
    disputed = max(0, min(span.open_minor, span.disputed_minor))
    assigned = span.open_minor if span.assignments > 0 else 0
    return Delta(*key, sign, sign * span.open_minor, sign * disputed, sign * assigned, 0)
