"""Many events in one commit: the chain is made here and the rows go by binary COPY."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from eventsourcing.persistence import IntegrityError
from psycopg import Connection, Cursor

from infra.log.appends import Event, UnfitHead
from infra.log.arrays import Bigints, Texts
from infra.log.chain import Head, link, microseconds

NAMED_IN_WORDS = 5

_MOVED_ON = (
    "select s.stream from unnest(%b, %b) as s (stream, version) where s.version <> coalesce(("
    " select l.originator_version from ledger.log l where l.originator_id = s.stream"
    " order by l.originator_version desc limit 1), 0)"
)
_COPY = (
    "copy ledger.log (originator_id, originator_version, topic, state, notification_id, recorded_at, hash)"
    " from stdin (format binary)"
)
_TYPES = ("text", "int8", "text", "bytea", "int8", "timestamptz", "bytea")


class MovedOn(IntegrityError):
    """Streams that are not at the version expected; nothing was appended."""

    def __init__(self, streams: Sequence[str]):
        named, rest = ", ".join(streams[:NAMED_IN_WORDS]), len(streams) - NAMED_IN_WORDS
        super().__init__(f"not at the version expected: {named}" + (f" and {rest} more" if rest > 0 else ""))
        self.streams = streams


def append(conn: Connection[Any], events: Sequence[Event], expected: Mapping[str, int], given_at: datetime) -> Head:
    """Appends under the same lock as `ledger.append` and with the same chain."""
    with conn.transaction(), conn.cursor(binary=True) as cursor:
        head = _locked(cursor, given_at)
        _require_versions(cursor, expected)
        end = _copied(cursor, events, head)
        cursor.execute(
            "update ledger.head set position = %b, hash = %b, recorded_at = %b",
            (end.position, end.hash, end.recorded_at),
        )
        cursor.execute("select pg_notify('ledger', %s)", (str(end.position),))
    return end


def _locked(cursor: Cursor[Any], given_at: datetime) -> Head:
    rows = cursor.execute("select position, hash, recorded_at from ledger.head for update").fetchall()
    if len(rows) != 1:
        raise UnfitHead(len(rows))
    [(position, hash_, recorded_at)] = rows
    return Head(position, hash_, max(recorded_at, given_at))


def _require_versions(cursor: Cursor[Any], expected: Mapping[str, int]) -> None:
    moved = cursor.execute(_MOVED_ON, (Texts(expected), Bigints(expected.values()))).fetchall()
    if moved:
        raise MovedOn([stream for (stream,) in moved])


def _copied(cursor: Cursor[Any], events: Sequence[Event], head: Head) -> Head:
    """Each row is linked to the one before; returns the end of the log after them."""
    position, previous, recorded_at = head
    at = microseconds(recorded_at)
    with cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        write_row = copy.write_row
        for stream, version, name, state in events:
            position += 1
            previous = link(previous, position, at, stream.encode(), version, name.encode(), state)
            write_row((stream, version, name, state, position, recorded_at, previous))
    return Head(position, previous, recorded_at)
