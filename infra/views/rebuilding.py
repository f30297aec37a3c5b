"""Making views anew beside the live ones, which work on meanwhile; to take their place, or to compare."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from infra.database import Pool
from infra.log import positions
from infra.log.recorder import Share
from infra.views import applying
from infra.views import schema as view_schema
from infra.views.applying import Log, Progress
from infra.views.filling import Anew, Busy, Task, fill, fill_share, lock_rebuild, pages, without_collector
from infra.worker import Worker, cores, worker
from projections.projection import Projection, Query, Row

__all__ = ["Busy", "Difference", "Rebuilding"]

SHOWN = 20
AT_ONCE = 3  # connections on which the server makes indexes and sums
WORTH_A_PROCESS = 100_000  # facts: a Python that reads half of them starts in a third of a second


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is only in the live table, or only in the one made anew."""

    table: str
    is_live: bool
    row: Row


class _Job(NamedTuple):
    """What is done in one transaction, within a schema."""

    schema: str
    steps: Sequence[Query]


class Rebuilding:
    def __init__(self, log: Log, pool: Pool, batch: int):
        self._log, self._pool, self._batch = log, pool, batch

    def swap(self, projections: Sequence[Projection], progress: Progress | None = None) -> None:
        """Makes the views from the whole log; each takes the place of the live one in one transaction."""
        head = self._log.head().position
        with self._made(projections, head, progress) as (conn, views):
            for view in views:
                with conn.transaction():
                    end = self._bring_to_live(conn, view, head)
                    _exchange(conn, view, end)
                view_schema.drop(conn, view_schema.former(view.name))

    def compare(self, projection: Projection, progress: Progress | None = None) -> list[Difference]:
        """Rows in which the live tables and newly made ones differ, some of each table at most."""
        with self._pool.connection() as conn:
            seen = positions.position(conn, projection.name)
        found: list[Difference] = []
        with self._made([projection], seen, progress) as (conn, [view]), conn.transaction(force_rollback=True):
            self._bring_to_live(conn, view, seen)
            for table in _tables(conn, view.schema):
                found += _differences(conn, view, table)
        return found

    @contextmanager
    def _made(
        self, projections: Sequence[Projection], end: int, progress: Progress | None
    ) -> Iterator[tuple[Connection[Any], list[Anew]]]:
        views = [Anew(each, each.rebuild()) for each in projections]
        with ExitStack() as stack:
            conn = stack.enter_context(self._pool.connection())
            for view in views:
                lock_rebuild(conn, view)
                stack.callback(_give_up, conn, view)
                _begin(conn, view)
            with without_collector():
                self._fill(conn, views, end, progress)
                self._finish(conn, views)
            yield conn, views

    def _fill(self, conn: Connection[Any], views: Sequence[Anew], end: int, progress: Progress | None) -> None:
        """From all facts, or from half of the streams while a process beside this one takes the other half."""
        report = partial(_report, progress, end)
        if end < WORTH_A_PROCESS or cores() < 2:
            fill(conn, views, pages(self._log, Share(), end, self._batch), report)
            return
        task = self._task(conn, views, Share(1, 2), end)
        with _shared(conn, views), worker(partial(fill_share, task)) as helper:
            half = pages(self._log, Share(0, 2), end, self._batch)
            fill(conn, views, half, lambda position: report(position, helper))
            for view, left in zip(views, helper.result(), strict=True):
                view.add(left)

    def _task(self, conn: Connection[Any], views: Sequence[Anew], share: Share, end: int) -> Task:
        conninfo = self._pool.conninfo
        projections = [view.projection for view in views]
        schemas = [view_schema.oid(conn, view.schema) for view in views]
        url = conninfo() if callable(conninfo) else conninfo
        return Task(url, self._log.opener(), projections, schemas, share, end, self._batch)

    def _finish(self, conn: Connection[Any], views: Sequence[Anew]) -> None:
        self._at_once([job for view in views for job in _jobs(view)])
        for view in views:
            self._take_late(conn, view)
        self._at_once([_analyze(view, table) for view in views for table in _tables(conn, view.schema)])

    def _at_once(self, jobs: Sequence[_Job]) -> None:
        """Some of them at a time, while we only wait; if one fails, or we are interrupted, the others are cancelled."""
        with ExitStack() as stack:
            conns = [stack.enter_context(self._pool.connection()) for _ in range(AT_ONCE)]
            free: SimpleQueue[Connection[Any]] = SimpleQueue()
            for conn in conns:
                free.put(conn)
            workers = stack.enter_context(ThreadPoolExecutor(AT_ONCE, "rebuild"))
            running = [workers.submit(_run, free, job) for job in jobs]
            try:
                for each in as_completed(running):
                    each.result()
            except BaseException:
                workers.shutdown(wait=False, cancel_futures=True)
                for conn in conns:
                    conn.cancel_safe()
                raise

    def _take_late(self, conn: Connection[Any], view: Anew) -> None:
        late = view.late
        wanted, reached = set(late), late[0] - 1 if late else 0
        while late and reached < late[-1]:
            rows = self._log.rows(reached, self._batch)
            facts = applying.read(self._log, [row for row in rows if row.position in wanted])
            with conn.transaction():
                conn.execute("set local synchronous_commit = off")
                view.take_live(conn, facts)
            reached = rows[-1].position

    def _bring_to_live(self, conn: Connection[Any], view: Anew, reached: int) -> int:
        """What the live view has seen since; from here on it waits for this transaction."""
        live = positions.hold(conn, view.name)
        applying.forget_parked(conn, view.name)
        applying.park(conn, view.name, view.parked)
        while reached < live:
            rows = self._log.rows(reached, min(self._batch, live - reached))
            facts = applying.read(self._log, rows)
            applying.apply(conn, view.projection, view.schema, facts, applying.held(conn, [view.name])[view.name])
            reached = rows[-1].position
        return reached


def _report(progress: Progress | None, end: int, reached: int, helper: Worker[Any] | None = None) -> None:
    if helper:
        helper.check()
    if progress:
        progress(reached, end)


@contextmanager
def _shared(conn: Connection[Any], views: Sequence[Anew]) -> Iterator[None]:
    """Lets another process of ours in on what is locked, and waits in the end until it is gone."""
    for view in views:
        lock_rebuild(conn, view, is_shared=True)
        conn.execute("select pg_advisory_unlock(hashtext(%s))", (view.schema,))
    try:
        yield
    finally:
        for view in views if not conn.closed else ():
            conn.execute("select pg_advisory_lock(hashtext(%s))", (view.schema,))
            conn.execute("select pg_advisory_unlock_shared(hashtext(%s))", (view.schema,))


def _give_up(conn: Connection[Any], view: Anew) -> None:
    """Leaves nothing behind; after a swap there is nothing left to drop."""
    if not conn.closed:
        view_schema.drop(conn, view.schema)
        conn.execute("select pg_advisory_unlock(hashtext(%s))", (view.schema,))


def _begin(conn: Connection[Any], view: Anew) -> None:
    projection = view.projection
    with conn.transaction():
        view_schema.create(conn, view.schema, projection.tables, mark=view_schema.fingerprint(projection))


def _jobs(view: Anew) -> Iterator[_Job]:
    """What the server does by itself once all rows are there."""
    if view.projection.indexes.strip():
        yield _Job(view.schema, [Query(view.projection.indexes)])
    if view.rebuild and view.rebuild.steps:
        yield _Job(view.schema, view.rebuild.steps)


def _analyze(view: Anew, table: str) -> _Job:
    return _Job(view.schema, [Query(f'analyze "{table}"')])


def _run(free: "SimpleQueue[Connection[Any]]", job: _Job) -> None:
    conn = free.get()
    try:
        with conn.transaction():
            conn.execute("set local statement_timeout = 0")
            conn.execute("set local maintenance_work_mem = '128MB'")
            conn.execute("set local synchronous_commit = off")
            view_schema.enter(conn, job.schema)
            for step in job.steps:
                conn.execute(step.sql.encode(), step.values or None)
    finally:
        free.put(conn)


def _exchange(conn: Connection[Any], view: Anew, end: int) -> None:
    live, former = view_schema.live(view.name), view_schema.former(view.name)
    view_schema.drop(conn, former)
    if view_schema.found_fingerprint(conn, live) is not None:
        view_schema.rename(conn, live, former)
    view_schema.rename(conn, view.schema, live)
    positions.place(conn, view.name, end)


def _tables(conn: Connection[Any], schema: str) -> list[str]:
    rows = conn.execute(
        "select relname from pg_class where relnamespace = %s::regnamespace and relkind = 'r' order by 1", (schema,)
    )
    return [name for (name,) in rows.fetchall()]


def _differences(conn: Connection[Any], view: Anew, table: str) -> Iterator[Difference]:
    mine, theirs = Identifier(view_schema.live(view.name), table), Identifier(view.schema, table)
    for is_live, one, other in ((True, mine, theirs), (False, theirs, mine)):
        columns = SQL(", ").join(map(Identifier, _columns(conn, view.schema, table)))
        query = SQL("select {} from {} except all select {} from {} limit %s").format(columns, one, columns, other)
        yield from (Difference(table, is_live, row) for row in conn.execute(query, (SHOWN,)))


def _columns(conn: Connection[Any], schema: str, table: str) -> list[str]:
    rows = conn.execute(
        "select column_name from information_schema.columns where table_schema = %s and table_name = %s"
        " order by ordinal_position",
        (schema, table),
    )
    return [name for (name,) in rows.fetchall()]
