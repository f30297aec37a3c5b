"""Views that several workers keep together, each from some partitions of the feed, in a database of their own.

What a worker makes of a page of facts, and how far it has read each partition, is one transaction. It is fenced by the
offsets it begins from, partition by partition: where another worker has moved one of them, nothing is written. Rows of
a stream are written by whoever has its partition and wait for nobody; the sums over streams come last, in turn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from psycopg import Connection

from infra.database import Pool
from infra.kafka.message import Place
from infra.log import positions
from infra.log.incarnations import Incarnation, Incarnations
from infra.log.positions import Fenced
from infra.unavailable import Unavailable
from infra.views import applied, applying
from infra.views import schema as view_schema
from infra.views.applying import Read, Unreadable
from projections.projection import Batch, Projection, Query, Write

START_OVER = "`receivables views refill` empties the reporting database, and its workers then make it anew"


class StartOver(Unavailable):
    """The reporting database cannot go on from what is in it."""

    def __init__(self, why: str):
        super().__init__(f"{why}. {START_OVER}.")


class Mark(NamedTuple):
    """How far a partition was read: the next offset, the position in the message before it, and, of what was applied,
    the highest position and the number of facts."""

    next_offset: int = 0
    last: int = 0
    highest: int = 0
    facts: int = 0


NEW = Mark()


class Move(NamedTuple):
    before: Mark
    after: Mark


class Page(NamedTuple):
    """`facts` are those the views read, `applied` the positions of all, those of other kinds among them; `name` is what
    they were published under."""

    facts: Sequence[Read]
    applied: Sequence[int]
    moves: Mapping[Place, Move]
    name: str = ""


class SharedViews:
    def __init__(self, pool: Pool, projections: Sequence[Projection]):
        self._pool = pool
        self.projections = {each.name: each for each in projections}
        self._names = list(self.projections)

    # Before the first page

    def prepare(self) -> None:
        """Makes the tables that are missing. Raises `StartOver` for those that other code made and filled."""
        with self._pool.connection() as conn, conn.transaction():
            conn.execute("select pg_advisory_xact_lock(hashtext('receivables.views'))")
            stale = [each for each in self.projections.values() if not applying.is_current(conn, each)]
            if stale and self._has_begun(conn):
                raise StartOver(f"The tables of {stale[0].name} were made by another version")
            for each in stale:
                applying.make(conn, each)

    def marks(self) -> dict[Place, Mark]:
        with self._pool.connection() as conn:
            return {Place(*row[:2]): Mark(*row[2:]) for row in conn.execute(_MARKS).fetchall()}

    def progress(self) -> tuple[int, int, dict[Place, Mark]]:
        """The position up to which all is there, how many facts were applied, and the marks."""
        marks = self.marks()
        with self._pool.connection() as conn:
            found = positions.positions(conn, self._names)
        return min(found.values(), default=0), sum(mark.facts for mark in marks.values()), marks

    def incarnations(self) -> Incarnations | None:
        """The names whose facts belong here; None before the first fact."""
        with self._pool.connection() as conn:
            rows = conn.execute(_NAMES).fetchall()
        return Incarnations(Incarnation(*row) for row in rows) if rows else None

    def start_over(self, incarnations: Iterable[Incarnation] = ()) -> None:
        """Empties all, so that workers begin with the first message; of each name they then take what it stands for."""
        with self._pool.connection() as conn, conn.transaction():
            # Whoever writes has a row of it, and waits here for the end of this or is waited for.
            conn.execute("lock table ledger.feed_offsets in access exclusive mode")
            conn.execute("truncate ledger.feed_offsets, ledger.feed_applied, ledger.incarnations")
            for each in incarnations:
                conn.execute(_ADD_NAME, each)
            for projection in self.projections.values():
                applying.make(conn, projection)

    # Page after page

    def applied(self, wanted: Iterable[int]) -> set[int]:
        with self._pool.connection() as conn:
            return applied.applied(conn, self._names, wanted)

    def apply(self, page: Page) -> int:
        """Returns how many facts had to be parked. Raises `Fenced`, and `StartOver` for facts of another name."""
        try:
            return self._apply(page)
        except applied.AppliedTwice as twice:
            raise Fenced(str(twice)) from None
        except applying.UNFIT as error:
            # Not the server's fault but a value that no table can hold: find the one fact that has it.
            return self._apply_apart(page, error)

    def _apply(self, page: Page) -> int:
        count = 0
        with self._pool.connection() as conn:
            ready = self._ready(conn, page.facts)
            with self._moving(conn, page.moves):
                shared: list[tuple[Projection, list[Query]]] = []
                for projection, batch, parked in ready:
                    view_schema.enter(conn, view_schema.live(projection.name))
                    own, late = _parted(batch.writes())
                    view_schema.write(conn, projection, own)
                    applying.park(conn, projection.name, parked)
                    count += len(parked)
                    shared.append((projection, late))
                self._take_turn(conn)
                for projection, late in shared:
                    if late:
                        view_schema.enter(conn, view_schema.live(projection.name))
                        view_schema.write(conn, projection, late)
                self._finish(conn, page)
        return count

    def _apply_apart(self, page: Page, error: Exception) -> int:
        with self._pool.connection() as conn, self._moving(conn, page.moves):
            self._take_turn(conn)
            count = sum(self._write_apart(conn, each, page.facts, error) for each in self.projections.values())
            self._finish(conn, page)
        return count

    def _ready(
        self, conn: Connection[Any], facts: Sequence[Read]
    ) -> list[tuple[Projection, Batch, list[applying.Parked]]]:
        """Rows of these streams are nobody else's while their partitions are not moved, so they are read before."""
        if not facts:
            return []
        with conn.transaction():
            held = applying.held(conn, self._names)
            batches = []
            for projection in self.projections.values():
                view_schema.enter(conn, view_schema.live(projection.name))
                batches.append(applying.batch(conn, projection, facts, held[projection.name]))
        return [
            (projection, batch, applying.take(batch, facts, held[projection.name]))
            for projection, batch in zip(self.projections.values(), batches, strict=True)
        ]

    def _write_apart(
        self, conn: Connection[Any], projection: Projection, facts: Sequence[Read], error: Exception
    ) -> int:
        schema = view_schema.live(projection.name)
        held = applying.held(conn, [projection.name])[projection.name]
        try:
            with conn.transaction():
                return applying.apply(conn, projection, schema, facts, held)
        except applying.UNFIT as unfit:
            error = unfit
        if len(facts) > 1:
            half = len(facts) // 2
            return sum(self._write_apart(conn, projection, part, error) for part in (facts[:half], facts[half:]))
        [fact] = facts
        unreadable = Unreadable(fact.position, fact.stream, applying.message(error))
        return applying.apply(conn, projection, schema, [unreadable], {})

    @contextmanager
    def _moving(self, conn: Connection[Any], moves: Mapping[Place, Move]) -> Iterator[None]:
        with conn.transaction():
            # Rows and offsets together are what a crash takes back, and then they are made from the feed again.
            conn.execute("set local synchronous_commit = off")
            moved = 0
            for statement, is_new in ((_MOVE, False), (_BEGIN, True)):
                rows = [
                    [*place, *move.after, move.before.next_offset]
                    for place, move in sorted(moves.items())
                    if is_new == (move.before == NEW)
                ]
                if rows:
                    moved += conn.execute(
                        statement.encode(), [list(column) for column in zip(*rows, strict=True)]
                    ).rowcount
            if moved != len(moves):
                raise Fenced("a partition is no longer where it was: another worker has moved on")
            yield

    def _take_turn(self, conn: Connection[Any]) -> None:
        conn.execute("select pg_advisory_xact_lock(hashtext('receivables.reporting'))")

    def _finish(self, conn: Connection[Any], page: Page) -> None:
        if page.applied:
            applied.add(conn, self._names, page.applied)
            conn.execute(_BEGIN_NAME, (page.name,))
            if not conn.execute("select from ledger.incarnations where name = %s", (page.name,)).fetchall():
                raise StartOver("The feed holds facts under two names of the ledger")

    def _has_begun(self, conn: Connection[Any]) -> bool:
        return bool(conn.execute("select from ledger.feed_offsets limit 1").fetchall())


def _parted(writes: Iterable[Write]) -> tuple[list[Write], list[Query]]:
    own: list[Write] = []
    shared: list[Query] = []
    for each in writes:
        if isinstance(each, Query) and each.shared:
            shared.append(each)
        else:
            own.append(each)
    return own, shared


_MARKS = "select topic, partition, next_offset, last_position, position, facts from ledger.feed_offsets"
_NAMES = "select name, first_position, last_position from ledger.incarnations"
_ADD_NAME = "insert into ledger.incarnations (name, first_position, last_position) values (%s, %s, %s)"
_BEGIN_NAME = """
insert into ledger.incarnations (name, first_position, last_position)
select %s, 1, 9223372036854775807 where not exists (select from ledger.incarnations)
"""
_GIVEN = """unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    as new (topic, partition, next_offset, last_position, position, facts, old)"""
_MOVE = f"""
update ledger.feed_offsets kept set next_offset = new.next_offset, last_position = new.last_position,
    position = new.position, facts = new.facts
from {_GIVEN}
where kept.topic = new.topic and kept.partition = new.partition and kept.next_offset = new.old
"""
_BEGIN = f"""
insert into ledger.feed_offsets (topic, partition, next_offset, last_position, position, facts)
select topic, partition, next_offset, last_position, position, facts from {_GIVEN} order by topic, partition
on conflict do nothing
"""
