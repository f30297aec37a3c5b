"""Many events in one commit: the chain is made here and the rows go by binary COPY."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from eventsourcing.persistence import IntegrityError
from psycopg import Connection, Cursor

from infra.log.appends import Event
from infra.log.arrays import Bigints, Texts
from infra.log.chain import Head, link, microseconds

CHUNK = 2000
NAMED_IN_WORDS = 5

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_COLUMNS_AND_STREAM = struct.Struct(">hi").pack
_VERSION_AND_NAME = struct.Struct(">iqi").pack
_LENGTH = struct.Struct(">i").pack
_POSITION_TIME_HASH = struct.Struct(">iqiqi32s").pack

_MOVED_ON = (
    "select s.stream from unnest(%b, %b) as s (stream, version) where s.version <> coalesce(("
    " select l.originator_version from ledger.log l where l.originator_id = s.stream"
    " order by l.originator_version desc limit 1), 0)"
)
_COPY = (
    "copy ledger.log (originator_id, originator_version, topic, state, notification_id, recorded_at, hash)"
    " from stdin (format binary)"
)


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
        rows = _Rows(head)
        with cursor.copy(_COPY) as copy:
            copy.write(_SIGNATURE)
            for start in range(0, len(events), CHUNK):
                copy.write(b"".join(rows.of(events[start : start + CHUNK])))
            copy.write(_TRAILER)
        end = rows.head
        cursor.execute(
            "update ledger.head set position = %b, hash = %b, recorded_at = %b",
            (end.position, end.hash, end.recorded_at),
        )
        cursor.execute("select pg_notify('ledger', %s)", (str(end.position),))
    return end


def _locked(cursor: Cursor[Any], given_at: datetime) -> Head:
    row = cursor.execute("select position, hash, recorded_at from ledger.head for update").fetchone()
    assert row
    position, hash_, recorded_at = row
    return Head(position, hash_, max(recorded_at, given_at))


def _require_versions(cursor: Cursor[Any], expected: Mapping[str, int]) -> None:
    moved = cursor.execute(_MOVED_ON, (Texts(expected), Bigints(expected.values()))).fetchall()
    if moved:
        raise MovedOn([stream for (stream,) in moved])


class _Rows:
    """Rows of the log in COPY's binary form, each linked to the one before."""

    def __init__(self, head: Head):
        self.head = head
        self._at = microseconds(head.recorded_at)

    def of(self, events: Sequence[Event]) -> Iterator[bytes]:
        position, previous, at = self.head.position, self.head.hash, self._at
        for stream_text, version, name_text, state in events:
            position += 1
            stream, name = stream_text.encode(), name_text.encode()
            previous = link(previous, position, at, stream, version, name, state)
            yield _COLUMNS_AND_STREAM(7, len(stream))
            yield stream
            yield _VERSION_AND_NAME(8, version, len(name))
            yield name
            yield _LENGTH(len(state))
            yield state
            yield _POSITION_TIME_HASH(8, position, 8, at, 32, previous)
        self.head = Head(position, previous, self.head.recorded_at)
