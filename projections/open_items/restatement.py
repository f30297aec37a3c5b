"""Restatement: why what was owed on a day is another sum now than it was known to be earlier.

Every change of an item's amount on that day begins at the position of one fact, so the facts account for each cent.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from projections.open_items.asking import SCHEMA, Part, Question, narrowed, values
from projections.open_items.movements import UNAPPLIED
from projections.projection import Row


class Change(NamedTuple):
    """What one fact, recorded between the two positions, changed on one item for the day asked about."""

    position: int
    recorded_at: datetime
    effective_on: date
    stream: str
    name: str
    item: int
    entity: str
    customer: str
    currency: str
    due_on: date
    difference_minor: int


def restatement(part: Part, known_before: int) -> Question[list[Change]]:
    """The changes between what was known at `known_before` and at `part.known_at`, in the order they were recorded.

    They add up, per currency, customer or due day, to the difference of the two answers of aging.
    """
    known_at = 2**63 - 1 if part.known_at is None else part.known_at
    sql = _CHANGES.format(more=narrowed(part, "entity", "currency", "customer"))
    return Question(sql, {**values(part), "before": known_before, "known_at": known_at}, _changes)


def _changes(rows: Iterable[Row]) -> list[Change]:
    return [Change._make(row) for row in rows]


# Only items whose streams had facts in between can differ; the period known before is the first of each item's rows.
_CHANGES = f"""
with touched as (
    select distinct stream from ledger.facts where position > %(before)s and position <= %(known_at)s
),
held as (
    select s.*, s.open_minor - coalesce(lag(s.open_minor) over known, 0) as difference
    from {SCHEMA}.item_periods s join touched using (stream)
    where valid_from <= %(as_of)s and valid_to > %(as_of)s
      and to_position > %(before)s and from_position <= %(known_at)s and kind <> '{UNAPPLIED}'{{more}}
    window known as (partition by stream, item order by from_position)
)
select f.position, f.recorded_at, f.effective_on, f.stream, f.name,
       h.item, h.entity, h.customer, h.currency, h.due_on, h.difference
from held h join ledger.facts f on f.position = h.from_position
where h.from_position > %(before)s and h.difference <> 0
order by 1, 6
"""
