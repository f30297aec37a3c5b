"""What callers ask the log to append, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any, NamedTuple

from eventsourcing.persistence import IntegrityError, OperationalError

from infra.log.arrays import Bigints, Blobs, Texts
from infra.unavailable import Unavailable


class Event(NamedTuple):
    """The library's `StoredEvent` at a fifth of what it costs to make one."""

    stream: str
    version: int
    name: str
    state: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """One caller's events, all or nothing, if every stream still has the version in `expected`.

    With a `command_id` it has effect once: afterwards the same id is answered by what `answer` was the first time.
    """

    events: Sequence[Event]
    expected: Mapping[str, int]
    command_id: str | None = None
    content_hash: bytes = b""
    answer: bytes = b""


@dataclass(frozen=True, slots=True)
class Appended:
    """`position` is that of the last event, or the end of the log when there was none."""

    position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PreviousAnswer:
    """The command was answered before."""

    position: int
    recorded_at: datetime
    content_hash: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Conflict:
    """A stream has moved on since it was read; nothing of the request was appended."""


class Contended(OperationalError):
    """Others kept changing the same streams; nothing was recorded, asking again may succeed."""


class UnfitHead(Unavailable):
    """`ledger.head` is not the one row that every append holds: nothing can be recorded, or told to be this ledger."""

    def __init__(self, rows: int):
        found = "is empty" if not rows else f"has {rows:,} rows"
        super().__init__(
            f"ledger.head, the row that says where the log ends and which ledger it is, {found}: somebody has changed "
            "it by hand. Put the database back from a backup, or that table alone if nothing was recorded since"
        )


Outcome = Appended | PreviousAnswer | Conflict


def expected_versions(events: Sequence[Event]) -> dict[str, int]:
    """What each stream must stand at for these events to follow; `IntegrityError` if they leave a gap themselves."""
    expected: dict[str, int] = {}
    last: dict[str, int] = {}
    for stream, version, _, _ in events:
        expected.setdefault(stream, version - 1)
        if last.setdefault(stream, version - 1) != version - 1:
            raise IntegrityError(f"{stream}: version {version} does not follow {last[stream]}")
        last[stream] = version
    return expected


def arrays(requests: Sequence[Append]) -> tuple[Any, ...]:
    """The arguments of `ledger.append` in migrations/0001_ledger.sql, after the first."""
    events = [event for request in requests for event in request.events]
    streams = [each for request in requests for each in request.expected.items()]
    return (
        Texts(request.command_id for request in requests),
        Blobs(request.content_hash for request in requests),
        Blobs(request.answer for request in requests),
        Bigints(accumulate(len(request.expected) for request in requests)),
        Texts(stream for stream, _ in streams),
        Bigints(version for _, version in streams),
        Bigints(accumulate(len(request.events) for request in requests)),
        Texts(event.stream for event in events),
        Bigints(event.version for event in events),
        Texts(event.name for event in events),
        Blobs(event.state for event in events),
    )


def arrays_of_one(request: Append) -> tuple[Any, ...]:
    """The arguments of `ledger.append_one` in migrations/0001_ledger.sql, after the first."""
    events = request.events
    return (
        request.command_id,
        request.content_hash,
        request.answer,
        Texts(request.expected),
        Bigints(request.expected.values()),
        Texts(event.stream for event in events),
        Bigints(event.version for event in events),
        Texts(event.name for event in events),
        Blobs(event.state for event in events),
    )


def outcome_of(kind: str, position: int, recorded_at: datetime, content_hash: bytes, answer: bytes) -> Outcome:
    if kind == "appended":
        return Appended(position, recorded_at)
    return PreviousAnswer(position, recorded_at, content_hash, answer) if kind == "known" else Conflict()
