"""Lists that go to PostgreSQL as arrays of a type they know: psycopg's own would look at every item to find it."""

import struct
from collections.abc import Sequence
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


def register_arrays(conn: Connection[Any]) -> None:
    for kind, dumper in ((Texts, _TextsDumper), (Blobs, _BlobsDumper), (Bigints, _BigintsDumper)):
        conn.adapters.register_dumper(kind, dumper)


_EMPTY = struct.Struct(">iiI")
_ARRAY = struct.Struct(">iiIii")
_LENGTH = struct.Struct(">i").pack
_NULL = _LENGTH(-1)
_TEXT, _BYTEA, _INT8 = 25, 17, 20


class _TextsDumper(Dumper):
    format, oid = Format.BINARY, 1009

    def dump(self, obj: Texts) -> bytes:
        return _array(_TEXT, [None if item is None else item.encode() for item in obj])


class _BlobsDumper(Dumper):
    format, oid = Format.BINARY, 1001

    def dump(self, obj: Blobs) -> bytes:
        return _array(_BYTEA, obj)


class _BigintsDumper(Dumper):
    format, oid = Format.BINARY, 1016

    def dump(self, obj: Bigints) -> bytes:
        return _array(_INT8, [item.to_bytes(8, "big", signed=True) for item in obj])


def _array(oid: int, items: Sequence[bytes | None]) -> bytes:
    if not items:
        return _EMPTY.pack(0, 0, oid)
    parts = [_ARRAY.pack(1, 1, oid, len(items), 1)]
    for item in items:
        parts += (_NULL,) if item is None else (_LENGTH(len(item)), item)
    return b"".join(parts)
