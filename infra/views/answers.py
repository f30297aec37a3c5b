"""Questions to the views: SQL of `projections` over the tables the projector keeps, named with their schemas."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from psycopg import Connection

from infra.database import Pool, translated
from infra.views import schema as view_schema
from projections.projection import Query, Row

_BEGIN = "begin transaction isolation level repeatable read, read only"
_POSITIONS = "select name, position from ledger.positions"
# Before anything is recorded, or after all that is, there is nothing on that side to be later than.
_LATEST = """
select greatest(
    (select recorded_at from ledger.facts where position = %(position)s),
    least(%(until)s::timestamptz,
          (select recorded_at from ledger.facts where position = %(position)s + 1) - interval '1 microsecond')
)
"""


class Moment:
    """All views as they are at one moment, so that answers fit together, and how far each has read the log."""

    def __init__(self, conn: Connection[Any], positions: Mapping[str, int]):
        self._conn, self._positions = conn, positions

    def position(self, *names: str) -> int:
        """Up to where all views of these names have taken account of the log."""
        return min(self._positions.get(name, 0) for name in names)

    def latest(self, position: int, until: datetime) -> datetime:
        """The latest instant up to `until` at which no more was recorded than up to this position."""
        [[row]] = self.ask(Query(_LATEST, {"position": position, "until": until}))
        at: datetime = row[0]
        return at

    def ask(self, *queries: Query) -> list[list[Row]]:
        """The rows of each question."""
        return [view_schema.read(self._conn, query) for query in queries]


class Views:
    def __init__(self, pool: Pool):
        self._pool = pool

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        with translated(), self._pool.connection() as conn:
            # What has no plan is not worth preparing. The way out of a pool's connection ends the transaction.
            conn.execute(_BEGIN, prepare=False)
            yield Moment(conn, dict(conn.execute(_POSITIONS).fetchall()))

    def ask(self, query: Query) -> list[Row]:
        """The rows of one question."""
        with self.moment() as moment:
            return moment.ask(query)[0]
