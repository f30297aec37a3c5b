"""The hash chain over the log: each row's hash covers the row and the hash before it, so nothing changes unseen.

Everything here is pure, so it works on an export as well: the rows may come from anywhere.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

GENESIS = bytes(32)

_FIXED = struct.Struct(">32sqqqii").pack
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Row(NamedTuple):
    """A row of the log as it is stored; `state` is the exact bytes."""

    position: int
    recorded_at: datetime
    stream: str
    version: int
    name: str
    state: bytes
    hash: bytes


class Head(NamedTuple):
    """The end of the log."""

    position: int
    hash: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the end of the log was at an instant, as witnessed outside the database."""

    position: int
    hash: str
    at: str
    ledger_id: str


@dataclass(frozen=True, slots=True)
class Verified:
    """`broken_at` is the first position that does not fit, None when all do; `checkpoint` the last one that held."""

    verified: int
    head: str
    checkpoint: int | None = None
    broken_at: int | None = None
    message: str = "the chain is whole"


def microseconds(instant: datetime) -> int:
    """Since 2000, as PostgreSQL counts."""
    return (instant - _EPOCH) // _MICROSECOND


def link(previous: bytes, position: int, at: int, stream: bytes, version: int, name: bytes, state: bytes) -> bytes:
    """The hash of a row; `at` in `microseconds`. The same bytes as the SQL function `ledger.link` builds."""
    fixed = _FIXED(previous, position, at, version, len(stream), len(name))
    return sha256(b"".join((fixed, stream, name, state))).digest()


def verify(
    rows: Iterable[Row], checkpoints: Sequence[Checkpoint] = (), *, head: Head | None = None, ledger_id: str = ""
) -> Verified:
    """Recomputes the chain over `rows` (from position 1, in order) and holds it against what was witnessed.

    `head` is the end the database claims, rows beyond it may have come since; `ledger_id` says which ledger this
    is, if known.
    """
    foreign = next((each for each in checkpoints if ledger_id and each.ledger_id != ledger_id), None)
    if foreign:
        return Verified(0, "", None, 1, f"the checkpoint at {foreign.position} was made of another ledger")
    signed = {each.position: each.hash for each in checkpoints}
    last, held = Head(0, GENESIS, _EPOCH), None
    at, at_micros = _EPOCH, microseconds(_EPOCH)
    for row in rows:
        position, recorded_at, stream, version, name, state, stored = row
        if position != last.position + 1:
            return _broken(last, held, last.position + 1, f"position {last.position + 1} is missing")
        if recorded_at != at:
            at, at_micros = recorded_at, microseconds(recorded_at)
        if link(last.hash, position, at_micros, stream.encode(), version, name.encode(), state) != stored:
            return _broken(last, held, position, f"position {position} is not what was recorded there")
        if position in signed:
            if signed[position] != stored.hex():
                return _recomputed(last, held, position)
            held = position
        if head and position == head.position and stored != head.hash:
            return _broken(last, held, position, f"the head of the log is not the hash of position {position}")
        last = Head(position, stored, recorded_at)
    return _ended(last, held, max(signed, default=0), head)


def _ended(last: Head, held: int | None, signed: int, head: Head | None) -> Verified:
    if last.position < signed:
        return _broken(last, held, last.position + 1, f"the log ends before the checkpoint at {signed}")
    if head and last.position < head.position:
        return _broken(last, held, last.position + 1, f"the log should go on to position {head.position}")
    return Verified(last.position, last.hash.hex(), held)


def _recomputed(last: Head, held: int | None, position: int) -> Verified:
    message = f"the chain was recomputed: it is not what the checkpoint at {position} witnessed"
    return _broken(last, held, position, message + (f"; up to {held} it is" if held else ""))


def _broken(last: Head, held: int | None, position: int, message: str) -> Verified:
    return Verified(last.position, last.hash.hex(), held, position, message)
