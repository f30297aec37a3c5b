"""Lists that go to PostgreSQL as arrays of a type they know, though they are empty or hold None.

A statement is so prepared once, whatever the lists hold.
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, repeat
from typing import Any

from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format


class Texts(list[str | None]):
    """A list sent as `text[]`."""


class Blobs(list[bytes | None]):
    """A list sent as `bytea[]`."""


class Bigints(list[int]):
    """A list sent as `bigint[]`."""


class Days(list[date]):
    """A list sent as `date[]`."""


def register_arrays(conn: Connection[Any]) -> None:
    for kind, dumper in _DUMPERS.items():
        conn.adapters.register_dumper(kind, dumper)


# B5: psycopg's own look at every item to find the type: an import then needs an eighth more of the processor.
_EMPTY = struct.Struct(">iiI")
_ARRAY = struct.Struct(">iiIii")
_LENGTH = struct.Struct(">i").pack
_NULL = _LENGTH(-1)
_BIGINT = struct.Struct(">iq").pack
_DAY = struct.Struct(">ii").pack
_DAY_0 = date(2000, 1, 1).toordinal()
_TEXT, _BYTEA, _INT8, _DATE = 25, 17, 20, 1082


class _TextsDumper(Dumper):
    format, oid = Format.BINARY, 1009

    def dump(self, obj: Texts) -> bytes:
        return _array(_TEXT, len(obj), _with_lengths([None if item is None else item.encode() for item in obj]))


class _BlobsDumper(Dumper):
    format, oid = Format.BINARY, 1001

    def dump(self, obj: Blobs) -> bytes:
        return _array(_BYTEA, len(obj), _with_lengths(obj))


class _BigintsDumper(Dumper):
    format, oid = Format.BINARY, 1016

    def dump(self, obj: Bigints) -> bytes:
        return _array(_INT8, len(obj), map(_BIGINT, repeat(8), obj))


class _DaysDumper(Dumper):
    format, oid = Format.BINARY, 1182

    def dump(self, obj: Days) -> bytes:
        return _array(_DATE, len(obj), [_DAY(4, day.toordinal() - _DAY_0) for day in obj])


_DUMPERS: dict[type, type[Any]] = {Texts: _TextsDumper, Blobs: _BlobsDumper, Bigints: _BigintsDumper, Days: _DaysDumper}


def _with_lengths(items: Sequence[bytes | None]) -> Iterable[bytes]:
    return chain.from_iterable([(_NULL,) if item is None else (_LENGTH(len(item)), item) for item in items])


def _array(oid: int, count: int, parts: Iterable[bytes]) -> bytes:
    if not count:
        return _EMPTY.pack(0, 0, oid)
    return b"".join((_ARRAY.pack(1, 1, oid, count, 1), *parts))
