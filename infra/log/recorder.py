"""The log in PostgreSQL, behind the library's recorder interface: one statement per append, COPY for many."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString, NamedTuple, cast
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
)
from psycopg import Connection

from infra.clock import Clock
from infra.database import Pool, translated
from infra.log import bulk
from infra.log.appends import (
    Append,
    Appended,
    Conflict,
    Event,
    Outcome,
    PreviousAnswer,
    UnfitHead,
    arrays,
    arrays_of_one,
    expected_versions,
    outcome_of,
)
from infra.log.arrays import Bigints, Texts
from infra.log.chain import GENESIS, Head, Row
from infra.log.clock_guard import ClockGuard
from infra.log.connection import CommandConnection, ConnectionCut, raising_connection_cut
from infra.log.subscription import LogSubscription

MOST_IN_ONE_CALL = 500


@dataclass(frozen=True)
class LogNotification(Notification):
    recorded_at: datetime
    hash: bytes


class Share(NamedTuple):
    """Some streams of the log: each falls to one of `of` shares by its name, here to that of `number`, from 0."""

    number: int = 0
    of: int = 1


class LogRecorder(ApplicationRecorder):
    """`guard` looks at what the clock says before anything is recorded under it."""

    def __init__(self, pool: Pool, clock: Clock, guard: ClockGuard | None = None):
        self.pool = pool
        self._clock, self._guard = clock, guard
        self._commands = CommandConnection(pool)

    def close(self) -> None:
        """Gives the connection that is kept for commands back to the pool."""
        self._commands.close()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:
        """Raises `IntegrityError` when a version is taken or would leave a gap."""
        if kwargs.get("tracking") is not None:
            raise persistence.NotSupportedError("the ledger keeps no tracking beside its log")
        if not stored_events:
            return []
        events = [
            Event(str(each.originator_id), each.originator_version, each.topic, each.state) for each in stored_events
        ]
        request = Append(events, expected_versions(events))
        if len(events) > MOST_IN_ONE_CALL:
            last = self.append_many(events, request.expected).position
        else:
            outcome = self.append([request])[0]
            if not isinstance(outcome, Appended):
                raise IntegrityError(f"a stream is not at the version expected: {dict(request.expected)}")
            last = outcome.position
        return list(range(last - len(events) + 1, last + 1))

    def append(self, requests: Sequence[Append]) -> list[Outcome]:
        """Commits all requests at once and answers each; a cut connection is survived once.

        After the cut nobody knows whether the server had committed. The second call tells: a command id is known by
        then, and events without one are found in their streams.
        """
        try:
            return self._append(requests)
        except ConnectionCut:
            self.pool.check()
        outcomes = self._append(requests)
        return [self._settled(request, outcome) for request, outcome in zip(requests, outcomes, strict=True)]

    def append_many(self, events: Sequence[Event], expected: Mapping[str, int]) -> Head:
        """Bulk: all events in one commit by COPY; returns the end of the log after it.

        Raises `MovedOn` with the streams that are not at the expected version. Survives a cut as `append` does.
        """
        try:
            return self._append_many(events, expected)
        except ConnectionCut:
            self.pool.check()
        try:
            return self._append_many(events, expected)
        except bulk.MovedOn:
            found = self._found(events[-1:])
            if not found:
                raise
            return found

    @contextmanager
    def alone(self) -> Iterator["LogRecorder"]:
        """One that holds the end of the log until it is left, and commits then: all other appends wait."""
        with self._connection() as conn, raising_connection_cut(conn), conn.transaction():
            conn.execute(_HOLD)
            yield LogRecorder(cast(Pool, _Held(conn)), self._clock, self._guard)

    def select_events(
        self, originator_id: Any, *, gt: int | None = None, lte: int | None = None, desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:  # fmt: skip
        values = (str(originator_id), gt or 0, _LAST if lte is None else lte, limit)
        return [StoredEvent(*row) for row in self._rows(_EVENTS_DESC if desc else _EVENTS, values)]

    def select_streams(self, after: Mapping[str, int]) -> list[Any]:
        """(stream, version, name, state, ...) of every event beyond the version given for its stream, in order."""
        return self._rows(_READ, (None, Texts(after), Bigints(after.values())))

    def select_firsts(self, streams: Sequence[str]) -> list[Any]:
        """(stream, name, state) of the first event of each."""
        return self._rows(_FIRSTS, (Texts(streams),)) if streams else []

    def select_command_and_streams(
        self, command_id: str, after: Mapping[str, int]
    ) -> tuple[PreviousAnswer | None, list[Any]]:
        """As `select_streams`, and in the same round trip the answer to a command, if it was answered before."""
        rows = self._command_rows(_READ, (command_id, Texts(after), Bigints(after.values())))
        if rows and rows[0][0] is None:
            return PreviousAnswer(*rows[0][4:]), rows[1:]
        return None, rows

    def select_command(self, command_id: str) -> PreviousAnswer | None:
        rows = self._rows(_COMMAND, (command_id,))
        return PreviousAnswer(*rows[0]) if rows else None

    def select_stream(self, stream: str) -> list[Row]:
        return [*map(Row._make, self._rows(_STREAM, (stream,)))]

    def select_rows_of(self, streams: Sequence[str]) -> list[Row]:
        """As `select_stream`, of many, stream by stream."""
        return [*map(Row._make, self._rows(_STREAMS, (Texts(streams),)))] if streams else []

    def select_rows(self, gt: int, limit: int) -> list[Row]:
        """A page of the log after a position, as cheap as it gets."""
        return [*map(Row._make, self._rows(_PAGE, (gt, limit)))]

    def select_rows_at(self, positions: Sequence[int]) -> list[Row]:
        """The rows at these positions, those there are."""
        return [*map(Row._make, self._rows(_ROWS_AT, (Bigints(positions),)))]

    def select_first_of_kinds(self, kinds: Sequence[str], lte: int) -> int | None:
        [[position]] = self._rows(_FIRST_OF_KINDS, (Texts(kinds), lte))
        return cast(int | None, position)

    def select_share(self, share: Share, gt: int, lte: int) -> list[Row]:
        """Those rows between two positions that are of the streams of a share."""
        return [*map(Row._make, self._rows(_SHARE, (gt, lte, share.of, share.number)))]

    def select_notifications(
        self, start: int | None, limit: int, stop: int | None = None, topics: Sequence[str] = (), *,
        inclusive_of_start: bool = True,
    ) -> list[LogNotification]:  # fmt: skip
        first = 0 if start is None else start if inclusive_of_start else start + 1
        values = (first, _LAST if stop is None else stop, Texts(topics), Texts(topics), limit)
        return [
            LogNotification(stream, version, topic, state, position, recorded_at, link)
            for position, recorded_at, stream, version, topic, state, link in self._rows(_NOTIFICATIONS, values)
        ]

    def max_notification_id(self) -> int | None:
        return self.select_head().position or None

    def select_head(self) -> Head:
        """The end of the log as its last row says."""
        rows = self._rows(_LAST_ROW, ())
        return Head(*rows[0]) if rows else Head(0, GENESIS, _EPOCH)

    def select_head_row(self) -> Head:
        """The end of the log as the row says that every append updates: the same, unless somebody took rows away."""
        return Head(*self._head("select position, hash, recorded_at from ledger.head"))

    def select_ledger_id(self) -> UUID:
        [ledger_id] = self._head("select ledger_id from ledger.head")
        return cast(UUID, ledger_id)

    def select_position_at(self, instant: datetime) -> int:
        return int(self._rows("select ledger.position_at(%b)", (instant,))[0][0])

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        return LogSubscription(self, self.pool, gt, topics)

    def _head(self, query: LiteralString) -> Sequence[Any]:
        rows = self._rows(query, ())
        if len(rows) != 1:
            raise UnfitHead(len(rows))
        return cast(Sequence[Any], rows[0])

    def _append(self, requests: Sequence[Append]) -> list[Outcome]:
        at, first = self._now(), requests[0]
        if len(requests) == 1 and first.events and first.command_id is not None:
            [(position, recorded_at)] = self._commands.rows(_APPEND_ONE, (at, *arrays_of_one(first)))
            if position is not None:
                return [Appended(position, recorded_at)]
        return [outcome_of(*row) for row in self._commands.rows(_APPEND, (at, *arrays(requests)))]

    def _append_many(self, events: Sequence[Event], expected: Mapping[str, int]) -> Head:
        at = self._now()
        with self._connection() as conn, raising_connection_cut(conn):
            return bulk.append(conn, events, expected, at)

    def _now(self) -> datetime:
        """Raises `ClockAhead`."""
        at = self._clock()
        if self._guard and self._guard.wants_look(at):
            with self._connection() as conn, raising_connection_cut(conn):
                self._guard.look(at, conn)
        return at

    def _settled(self, request: Append, outcome: Outcome) -> Outcome:
        if isinstance(outcome, PreviousAnswer) and (outcome.content_hash, outcome.answer) == (
            request.content_hash,
            request.answer,
        ):
            return Appended(outcome.position, outcome.recorded_at)
        if isinstance(outcome, Conflict) and request.command_id is None:
            found = self._found(request.events)
            return Appended(found.position, found.recorded_at) if found else outcome
        return outcome

    def _found(self, events: Sequence[Event]) -> Head | None:
        """The last of these very events, if they are all in the log."""
        rows = [row for event in events for row in self._rows(_SAME_EVENT, event)]
        return Head(*rows[-1]) if rows and len(rows) == len(events) else None

    def _command_rows(self, query: LiteralString, values: Sequence[Any]) -> list[Any]:
        """B2: read by the backend that appends next; by another one where it is at work or gone."""
        try:
            rows = self._commands.rows_if_free(query, values)
        except ConnectionCut:
            self.pool.check()
            rows = None
        return self._rows(query, values) if rows is None else rows

    def _rows(self, query: LiteralString, values: Sequence[Any]) -> list[Any]:
        """Asked again on another connection if this one is cut: after a restart of the server all that waited are."""
        try:
            return self._rows_once(query, values)
        except ConnectionCut:
            self.pool.check()
            return self._rows_once(query, values)

    def _rows_once(self, query: LiteralString, values: Sequence[Any]) -> list[Any]:
        with self._connection() as conn, raising_connection_cut(conn), conn.cursor(binary=True) as cursor:
            return cursor.execute(query, values, prepare=True).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[Connection[Any]]:
        with translated(), self.pool.connection() as conn:
            yield conn


class _Held:
    """In place of the pool: the one connection that holds the end of the log."""

    def __init__(self, conn: Connection[Any]):
        self._conn = conn

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        yield self._conn

    def getconn(self) -> Connection[Any]:
        return self._conn

    def putconn(self, conn: Connection[Any]) -> None:
        """It stays with the one who holds the end of the log."""

    def check(self) -> None:
        """There is no other connection to go on with."""


_LAST = 2**63 - 1
_EPOCH = datetime.fromtimestamp(0, UTC)
_APPEND = "select * from ledger.append(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)"
_APPEND_ONE = "select * from ledger.append_one(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b)"
_HOLD = "select position from ledger.head order by position desc limit 1 for update"
_EVENTS = (
    "select originator_id, originator_version, topic, state from ledger.log where originator_id = %b"
    " and originator_version > %b and originator_version <= %b order by originator_version limit %b::bigint"
)
_EVENTS_DESC = _EVENTS.replace("by originator_version", "by originator_version desc")
_ROWS = "select notification_id, recorded_at, originator_id, originator_version, topic, state, hash from ledger.log"
_STREAM = _ROWS + " where originator_id = %b order by originator_version"
_STREAMS = _ROWS + " where originator_id = any (%b) order by originator_id, originator_version"
_PAGE = _ROWS + " where notification_id > %b order by notification_id limit %b"
_FIRSTS = "select originator_id, topic, state from ledger.log where originator_id = any (%b) and originator_version = 1"
_FIRST_OF_KINDS = (
    "select min(notification_id) from ledger.log"
    " where split_part(originator_id, ':', 1) = any (%b) and notification_id <= %b"
)
_ROWS_AT = _ROWS + " where notification_id = any (%b) order by notification_id"
_SHARE = (
    f"{_ROWS} where notification_id > %b and notification_id <= %b"
    " and mod(abs(hashtext(originator_id)::bigint), %b) = %b order by notification_id"
)
_NOTIFICATIONS = (
    f"{_ROWS} where notification_id between %b and %b and (%b::text[] = '{{}}' or topic = any (%b))"
    " order by notification_id limit %b"
)
_LAST_ROW = "select notification_id, hash, recorded_at from ledger.log order by notification_id desc limit 1"
_COMMAND = "select position, recorded_at, content_hash, answer from ledger.commands where id = %b"
_READ = "select * from ledger.read(%b::text, %b, %b)"
_SAME_EVENT = (
    "select notification_id, hash, recorded_at from ledger.log"
    " where originator_id = %b and originator_version = %b and topic = %b and state = %b"
)
