"""Facts to rows, one batch at a time, within a transaction of the caller's; what does not fit is parked."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import psycopg
from psycopg import Connection

from domain.entry import Entry
from infra.database import Pool
from infra.log import positions
from infra.log.chain import Head, Row
from infra.log.recorder import Share
from infra.views import schema as view_schema
from projections.projection import Batch, Projection

LONGEST_REASON = 1000

# What a value comes to that cannot be written, on the server or on the way to it.
UNFIT = (psycopg.DataError, psycopg.errors.ProgramLimitExceeded, ArithmeticError, ValueError, TypeError, LookupError)

# Called with the position reached, and the one to reach.
Progress = Callable[[int, int], None]


class Log(Protocol):
    """What is needed of the ledger."""

    def rows(self, after: int, limit: int) -> list[Row]: ...

    def rows_of(self, share: Share, after: int, until: int) -> list[Row]: ...

    def entry(self, row: Row) -> Entry: ...

    def head(self) -> Head: ...

    def opener(self) -> "Callable[[Pool], Log]": ...


class Unreadable(NamedTuple):
    """A row of the log that is no fact this program knows, and why."""

    position: int
    stream: str
    reason: str


Read = Entry | Unreadable


# Streams with a parked fact, and the position of the first.
Held = dict[str, int]


class Parked(NamedTuple):
    """A fact that a projection could not take, or that waits for an earlier one of its stream."""

    position: int
    stream: str
    reason: str


def read(log: Log, rows: Sequence[Row]) -> list[Read]:
    entry = log.entry
    try:
        return [entry(row) for row in rows]
    except Exception:
        return [_read(log, row) for row in rows]


def apply(conn: Connection[Any], projection: Projection, schema: str, facts: Sequence[Read], held: Held) -> int:
    """Brings the rows in a schema forward by these facts; returns how many had to be parked."""
    view_schema.enter(conn, schema)
    new = batch(conn, projection, facts, held)
    parked = take(new, facts, held)
    view_schema.write(conn, projection, new.writes())
    park(conn, projection.name, parked)
    return len(parked)


def held(conn: Connection[Any], names: Sequence[str]) -> dict[str, Held]:
    """What waits for parked facts, by projection."""
    found: dict[str, Held] = {name: {} for name in names}
    rows = conn.execute(
        "select projection, stream, min(position) from ledger.parked where projection = any (%s) group by 1, 2",
        (list(names),),
    )
    for name, stream, first in rows.fetchall():
        found[name][stream] = first
    return found


def batch(conn: Connection[Any], projection: Projection, facts: Sequence[Read], held: Held) -> Batch:
    """A batch that knows what it must of these facts; reads in the schema that is entered."""
    entries = [each for each in facts if isinstance(each, Entry) and not (held and _must_wait(each, held))]
    return projection.batch([view_schema.read(conn, query) for query in projection.needs(entries)])


def take(batch: Batch, facts: Sequence[Read], held: Held) -> list[Parked]:
    """Gives a batch what it can take; returns the rest, and adds to `held` the streams that must wait for it."""
    parked: list[Parked] = []
    take_one = batch.take
    for each in facts:
        if held and _must_wait(each, held):
            parked.append(Parked(each.position, each.stream, f"waits for position {held[each.stream]} of its stream"))
            continue
        try:
            if isinstance(each, Unreadable):
                reason = each.reason
            else:
                take_one(each)
                continue
        except Exception as error:
            reason = message(error)
        held[each.stream] = each.position
        parked.append(Parked(each.position, each.stream, reason))
    return parked


def park(conn: Connection[Any], name: str, parked: Sequence[Parked]) -> None:
    if parked:
        with conn.cursor() as cursor:
            cursor.executemany(
                "insert into ledger.parked (projection, position, stream, reason) values (%s, %s, %s, %s)",
                [(name, *each) for each in parked],
            )


def select_parked(conn: Connection[Any], name: str) -> list[Parked]:
    rows = conn.execute(
        "select position, stream, reason from ledger.parked where projection = %s order by position", (name,)
    )
    return [Parked(*row) for row in rows.fetchall()]


def count_parked(conn: Connection[Any], name: str) -> tuple[int, int | None]:
    """How many there are, and the position of the first."""
    row = conn.execute("select count(*), min(position) from ledger.parked where projection = %s", (name,)).fetchone()
    assert row is not None
    return row[0], row[1]


def make(conn: Connection[Any], projection: Projection) -> None:
    """Tables with nothing in them, before the first fact."""
    mark = view_schema.fingerprint(projection)
    view_schema.create(conn, view_schema.live(projection.name), projection.tables, projection.indexes, mark=mark)
    positions.place(conn, projection.name, 0)
    forget_parked(conn, projection.name)


def is_current(conn: Connection[Any], projection: Projection) -> bool:
    """Whether the tables are there as this projection makes them."""
    return view_schema.found_fingerprint(conn, view_schema.live(projection.name)) == view_schema.fingerprint(projection)


def forget_parked(conn: Connection[Any], name: str, beyond: int = 0) -> None:
    conn.execute("delete from ledger.parked where projection = %s and position > %s", (name, beyond))


def message(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST_REASON]


def _read(log: Log, row: Row) -> Read:
    try:
        return log.entry(row)
    except Exception as error:
        return Unreadable(row.position, row.stream, message(error))


def _must_wait(fact: Read, held: Held) -> bool:
    return held.get(fact.stream, fact.position) < fact.position
