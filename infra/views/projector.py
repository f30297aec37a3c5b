"""The projector: follows the log and keeps every projection's tables at a position of it.

A batch of facts and the move of the position are one transaction, fenced: where another projector has moved the
position meanwhile, nothing is written. A fact that a projection cannot take is parked for it with the reason, and with
it all later facts of its stream; everything else goes on.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from psycopg import Connection

from infra.database import Pool
from infra.log import positions
from infra.log.follower import Follower, Report, Stopped
from infra.log.garbage import searched_seldom
from infra.log.positions import Fenced
from infra.logs import logger
from infra.views import applying
from infra.views import schema as view_schema
from infra.views.applying import Log, Parked, Progress, Read, Unreadable
from infra.views.rebuilding import Busy, Difference, Rebuilding
from projections.projection import Projection

__all__ = ["Difference", "Fenced", "Lag", "Parked", "Progress", "Projector", "RebuildNeeded"]

NAME = "projector"
BATCH = 10_000
# Views with more than this to read, and more than they have read, are rebuilt, which is several times as fast.
MOST_TO_CATCH_UP = 20_000
# Views with fewer to read share a transaction.
WORTH_A_THREAD = 1_000


class RebuildNeeded(Exception):
    """The code of a projection no longer makes the tables it finds."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a projection is behind; `waits_since` is when the first fact it has not seen was recorded."""

    name: str
    position: int
    head: int
    parked: int
    waits_since: datetime | None
    needs_rebuild: bool

    @property
    def facts(self) -> int:
        return self.head - self.position


class Projector:
    def __init__(self, log: Log, pool: Pool, projections: Sequence[Projection], *, batch: int = BATCH):
        self._log, self._pool, self._batch = log, pool, batch
        self._rebuilding = Rebuilding(log, pool, batch)
        self.projections = {each.name: each for each in projections}

    # Following

    def prepare(self) -> None:
        """Makes the tables that are missing; raises `RebuildNeeded` for those that other code made and filled."""
        with self._pool.connection() as conn, conn.transaction():
            conn.execute("select pg_advisory_xact_lock(hashtext('receivables.views'))")
            for name in [name for name, each in self.projections.items() if not applying.is_current(conn, each)]:
                if view_schema.found_fingerprint(conn, view_schema.live(name)) and positions.position(conn, name):
                    raise RebuildNeeded(f"the tables of {name} were made by another version: rebuild the view {name}")
                applying.make(conn, self.projections[name])

    def catch_up(self, progress: Progress | None = None) -> int:
        """Applies all there is up to the end of the log; returns the position reached."""
        self.prepare()
        head = self._log.head().position
        behind = {name: head - position for name, position in self.positions().items()}
        far = [name for name, facts in behind.items() if facts > max(MOST_TO_CATCH_UP, head // 2)]
        if far:
            self._rebuilding.swap([self.projections[name] for name in far], progress)
        while True:
            found = self.positions()
            reached = min(found.values(), default=head)
            if progress:
                progress(reached, max(head, reached))
            if not self._advance(found):
                return reached

    def run(
        self, stop: Event, *, revive: Callable[[], object] | None = None, report: Report = lambda state, message: None
    ) -> None:
        """Keeps the views current until `stop` is set; `revive` and `report` as the follower has them.

        Raises `RebuildNeeded` as `prepare` does.
        """

        def proceed(reached: int, end: int) -> None:
            if stop.is_set():
                raise Stopped

        def begin() -> None:
            try:
                self.catch_up(proceed)
            except Busy as busy:
                raise Fenced(str(busy)) from None

        Follower(
            NAME,
            self._pool,
            lambda: self._advance(self.positions()),
            begin=begin,
            moves=list(self.projections),
            revive=revive,
            report=report,
        ).run(stop)

    def positions(self) -> dict[str, int]:
        """How far each projection has come."""
        with self._pool.connection() as conn:
            return positions.positions(conn, list(self.projections))

    def lag(self) -> list[Lag]:
        head = self._log.head().position
        with self._pool.connection() as conn:
            return [self._lag(conn, name, head) for name in self.projections]

    # Making anew

    def rebuild(self, name: str | None = None, progress: Progress | None = None) -> None:
        """Makes one view, or all, from the whole log beside the live ones and puts them in their place."""
        self._rebuilding.swap([self.projections[name]] if name else [*self.projections.values()], progress)

    def compare(self, name: str, progress: Progress | None = None) -> list[Difference]:
        """Makes a view anew only to see whether the live one has the same rows."""
        return self._rebuilding.compare(self.projections[name], progress)

    # What could not be applied

    def parked(self, name: str) -> list[Parked]:
        with self._pool.connection() as conn:
            return applying.select_parked(conn, name)

    def retry_parked(self, name: str) -> int:
        """Applies in their order the parked facts that now fit; returns how many are left."""
        with self._pool.connection() as conn, conn.transaction():
            positions.hold(conn, name)
            parked = applying.select_parked(conn, name)
            rows = [row for each in parked for row in self._log.rows(each.position - 1, 1)]
            applying.forget_parked(conn, name)
            facts = applying.read(self._log, rows)
            return applying.apply(conn, self.projections[name], view_schema.live(name), facts, {})

    def _advance(self, found: dict[str, int]) -> bool:
        """One batch for those furthest behind; False when there was nothing to do."""
        if not found:
            return False
        behind, *others = sorted(set(found.values()))
        names = [name for name, position in found.items() if position == behind]
        with searched_seldom():
            rows = self._log.rows(behind, min(self._batch, others[0] - behind) if others else self._batch)
            if rows:
                facts = applying.read(self._log, rows)
                if len(rows) < WORTH_A_THREAD:
                    self._project(names, behind, facts)
                else:
                    self._project_at_once(names, behind, facts)
        return bool(rows)

    def _project(self, names: Sequence[str], behind: int, facts: Sequence[Read]) -> None:
        try:
            with self._pool.connection() as conn, conn.transaction():
                # Rows and position together are what a crash takes back, and then they are made from the log again.
                conn.execute("set local synchronous_commit = off")
                positions.move(conn, names, behind, facts[-1].position)
                parked = {
                    name: applying.apply(conn, self.projections[name], view_schema.live(name), facts, held)
                    for name, held in applying.held(conn, names).items()
                }
            for name in filter(parked.get, parked):
                logger(worker=NAME).warning("parked", view=name, facts=parked[name], until=facts[-1].position)
        except applying.UNFIT as error:
            # Not the server's fault but a value that no table can hold: find the one fact that has it.
            self._project_apart(names, behind, facts, error)

    def _project_at_once(self, names: Sequence[str], behind: int, facts: Sequence[Read]) -> None:
        """While the server takes in the rows of one view, those of another are made."""
        with ThreadPoolExecutor(len(names), "view") as workers:
            for done in [workers.submit(self._project, [name], behind, facts) for name in names]:
                done.result()

    def _project_apart(self, names: Sequence[str], behind: int, facts: Sequence[Read], error: Exception) -> None:
        if len(names) > 1:
            for name in names:
                self._project([name], behind, facts)
        elif len(facts) > 1:
            half = len(facts) // 2
            self._project(names, behind, facts[:half])
            self._project(names, facts[half - 1].position, facts[half:])
        else:
            [fact] = facts
            self._project(names, behind, [Unreadable(fact.position, fact.stream, applying.message(error))])

    def _lag(self, conn: Connection[Any], name: str, head: int) -> Lag:
        position = positions.position(conn, name)
        waiting = self._log.rows(position, 1)
        since = waiting[0].recorded_at if waiting else None
        parked = len(applying.select_parked(conn, name))
        return Lag(name, position, head, parked, since, not applying.is_current(conn, self.projections[name]))
