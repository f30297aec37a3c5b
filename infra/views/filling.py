"""The first rows of views that are made anew: from the whole log, or from a share of its streams."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from psycopg import Connection

from infra.database import Pool, open_pool
from infra.log.recorder import Share
from infra.views import applying
from infra.views import schema as view_schema
from infra.views.applying import Held, Log, Parked, Read
from infra.worker import Reached
from projections.projection import Projection, Rebuild


class Busy(Exception):
    """Somebody else makes this view anew."""


class Left(NamedTuple):
    """What is left to do for a view once all its facts were seen."""

    parked: Sequence[Parked]
    late: Sequence[int]


@dataclass(slots=True)
class Anew:
    """A view on its way: what it could not take so far, and which streams wait for it."""

    projection: Projection
    rebuild: Rebuild | None
    held: Held = field(default_factory=dict)
    parked: list[Parked] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.projection.name

    @property
    def schema(self) -> str:
        return view_schema.beside(self.projection.name)

    def write(self, conn: Connection[Any], facts: Sequence[Read]) -> None:
        if self.rebuild:
            self.parked += applying.take(self.rebuild, facts, self.held)
            view_schema.enter(conn, self.schema)
            view_schema.write(conn, self.projection, self.rebuild.writes())
        else:
            self.take_live(conn, facts)

    def take_live(self, conn: Connection[Any], facts: Sequence[Read]) -> None:
        view_schema.enter(conn, self.schema)
        batch = applying.batch(conn, self.projection, facts, self.held)
        self.parked += applying.take(batch, facts, self.held)
        view_schema.write(conn, self.projection, batch.writes())

    def add(self, left: Left) -> None:
        """What another process left, of streams that this one has not seen."""
        self.parked += left.parked
        self.late = sorted([*self.late, *left.late])


class Task(NamedTuple):
    """Some streams of a rebuild, as a process beside this one is told; `schemas` are the oids of those to be filled."""

    conninfo: str
    open_log: Callable[[Pool], Log]
    projections: Sequence[Projection]
    schemas: Sequence[int]
    share: Share
    until: int
    page: int


def lock_rebuild(conn: Connection[Any], view: Anew, *, is_shared: bool = False) -> None:
    """Nobody else makes this view anew while the connection lives; all who lock it as shared fill one schema.

    Raises `Busy`.
    """
    function = "pg_try_advisory_lock_shared" if is_shared else "pg_try_advisory_lock"
    got = conn.execute(f"select {function}(hashtext(%s))".encode(), (view.schema,)).fetchone()
    if not got or not got[0]:
        raise Busy(f"the view {view.name} is being made anew by somebody else")


def fill_share(task: Task, reached: Reached) -> list[Left]:
    """In a process of its own. Raises `Busy` when the rebuild it belongs to has ended and another one has begun."""
    views = [Anew(each, each.rebuild()) for each in task.projections]
    with open_pool(task.conninfo, size=2) as pool, pool.connection() as conn:
        for view, schema in zip(views, task.schemas, strict=True):
            lock_rebuild(conn, view, is_shared=True)
            if view_schema.oid(conn, view.schema) != schema:
                raise Busy(f"the view {view.name} is being made anew by somebody else")
        with without_collector():
            fill(conn, views, pages(task.open_log(pool), task.share, task.until, task.page), reached)
    return [Left(view.parked, view.late) for view in views]


def pages(log: Log, share: Share, until: int, size: int) -> Iterator[tuple[int, Sequence[Read]]]:
    """All facts of a share up to a position, from `size` of the log at a time, and with each page how far it goes."""
    reached = 0
    while reached < until:
        after, reached = reached, min(reached + size, until)
        yield reached, applying.read(log, log.rows_of(share, after, reached))


def fill(
    conn: Connection[Any],
    views: Sequence[Anew],
    pages: Iterable[tuple[int, Sequence[Read]]],
    reached: Reached,
) -> None:
    with ThreadPoolExecutor(1, "rebuild") as writer:
        # Ctrl-C interrupts the main thread. What this one writes is finished, and the connection can still clear up.
        for end, facts in pages:
            writer.submit(_write, conn, views, facts).result()
            reached(end)
        for view in views:
            writer.submit(_write_rest, conn, view).result()


@contextmanager
def without_collector() -> Iterator[None]:
    """Rows on their way and invoices carried along hold no cycles: looking for some would take a third of the time."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_enabled:
            gc.enable()


def _write(conn: Connection[Any], views: Sequence[Anew], facts: Sequence[Read]) -> None:
    with _patient(conn):
        for view in views:
            view.write(conn, facts)


def _write_rest(conn: Connection[Any], view: Anew) -> None:
    if view.rebuild:
        with _patient(conn):
            view_schema.enter(conn, view.schema)
            view_schema.write(conn, view.projection, view.rebuild.rest())
        view.late += view.rebuild.late()


@contextmanager
def _patient(conn: Connection[Any]) -> Iterator[None]:
    """The server waits while facts are made into rows; a crash costs the whole rebuild anyway."""
    with conn.transaction():
        conn.execute("set local idle_in_transaction_session_timeout = 0")
        conn.execute("set local synchronous_commit = off")
        yield
