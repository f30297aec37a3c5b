"""Questions to the views: SQL of `projections` over the tables the projector keeps, named with their schemas."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from psycopg import Connection

from infra.database import Pool, translated
from infra.views import schema as view_schema
from projections.projection import Query, Row

WAIT_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 0.005

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


class Snapshot:
    """All views as they are at one moment, so that answers fit together, and how far each has read the log."""

    def __init__(self, conn: Connection[Any], positions: Mapping[str, int]):
        self._conn, self._positions = conn, positions

    @property
    def has_more(self) -> bool:
        """Whether the rows take account of facts beyond the position, too, though not of all."""
        return False

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


class Behind(Exception):
    """The views have not seen yet what is asked about: asked again a little later, they may have."""


class Views:
    """`unfit` says why the views must not be read, if so: they were made by another version of the program.

    Whoever asks for a position that they have not reached yet waits for `wait_seconds` at most.
    """

    wait_seconds = WAIT_SECONDS

    def __init__(self, pool: Pool):
        self._pool = pool
        self.unfit: Exception | None = None

    @contextmanager
    def snapshot(self, *names: str, not_before: int = 0) -> Iterator[Snapshot]:
        """All views at one moment, those of these names no older than a position of the log.

        Waits for whoever keeps the views, and raises `Behind` when that takes too long; raises `unfit` if they must not
        be read.
        """
        if self.unfit:
            raise self.unfit
        deadline = time.monotonic() + self.wait_seconds
        while True:
            with translated(), self._pool.connection() as conn:
                # What has no plan is not worth preparing. The way out of a pool's connection ends the transaction.
                conn.execute(_BEGIN, prepare=False)
                found = self._found(conn)
                missing = not_before - found.position(*names) if not_before else 0
                if missing <= 0:
                    yield found
                    return
            if time.monotonic() > deadline:
                behind = f"{missing:,} fact{'s' * (missing > 1)} behind"
                raise Behind(self._said(behind))
            time.sleep(LOOK_AGAIN_SECONDS)

    def ask(self, query: Query) -> list[Row]:
        """The rows of one question."""
        with self.snapshot() as snapshot:
            return snapshot.ask(query)[0]

    def _found(self, conn: Connection[Any]) -> Snapshot:
        return Snapshot(conn, positions(conn))

    def _said(self, behind: str) -> str:
        return (
            f"the views are {behind}: `receivables views list` says how far each is, and "
            "`receivables work projector` keeps them current"
        )


def positions(conn: Connection[Any]) -> dict[str, int]:
    """Of all that there are."""
    return dict(conn.execute(_POSITIONS).fetchall())
