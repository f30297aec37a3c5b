"""The tables of a projection in PostgreSQL: in a schema of their own, filled by COPY, known by their fingerprint."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

import psycopg
from psycopg import Connection, Cursor
from psycopg.sql import SQL, Identifier, Literal

from infra.log.arrays import Bigints, Days, Texts
from projections.projection import Projection, Query, Row, Rows, Values, Write

Conn = Connection[Any]


def live(name: str) -> str:
    return f"view_{name}"


def beside(name: str) -> str:
    """Where a projection is rebuilt while the live one works on."""
    return f"view_{name}_new"


def former(name: str) -> str:
    return f"view_{name}_old"


@lru_cache
def _digest(version: int, tables: str, indexes: str) -> str:
    return sha256("\0".join([str(version), tables, indexes]).encode()).hexdigest()


def fingerprint(projection: Projection) -> str:
    """What tells whether tables were made by this projection, or by one with other tables or another version."""
    return _digest(projection.version, projection.tables, projection.indexes)


def found_fingerprint(conn: Conn, schema: str) -> str | None:
    """The fingerprint of the tables there are, None when there is no such schema."""
    row = conn.execute(
        "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = %s", (schema,)
    ).fetchone()
    return row[0] if row else None


def oid(conn: Conn, schema: str) -> int:
    """What tells a schema from a later one of the same name; 0 when there is none."""
    row = conn.execute("select oid::bigint from pg_namespace where nspname = %s", (schema,)).fetchone()
    return row[0] if row else 0


def create(conn: Conn, schema: str, *scripts: str, mark: str = "") -> None:
    """A schema with what the scripts make in it; an earlier one of that name is dropped with all it held."""
    drop(conn, schema)
    conn.execute(SQL("create schema {}").format(Identifier(schema)))
    enter(conn, schema)
    for script in scripts:
        conn.execute(script.encode())
    conn.execute(SQL("comment on schema {} is {}").format(Identifier(schema), Literal(mark)))


def drop(conn: Conn, schema: str) -> None:
    conn.execute(SQL("drop schema if exists {} cascade").format(Identifier(schema)))


def rename(conn: Conn, schema: str, name: str) -> None:
    conn.execute(SQL("alter schema {} rename to {}").format(Identifier(schema), Identifier(name)))


def enter(conn: Conn, schema: str) -> None:
    """Until the transaction ends, unqualified names mean those of the schema."""
    conn.execute("select set_config('search_path', %s, true)", (f'"{schema}"',))


def read(conn: Conn, query: Query) -> list[Row]:
    with conn.cursor(binary=True) as cursor:
        return cursor.execute(query.sql.encode(), _lean(query.values)).fetchall()


def write(conn: Conn, projection: Projection, writes: Iterable[Write]) -> None:
    mark = fingerprint(projection)
    with conn.cursor() as cursor:
        for each in writes:
            if isinstance(each, Query):
                cursor.execute(each.sql.encode(), _lean(each.values) or None)
            elif each.rows:
                _copy(cursor, mark, each)


def _lean(values: Values) -> Values:
    """Long lists as arrays that know their type."""
    if isinstance(values, Mapping):
        return {name: _array(value) for name, value in values.items()}
    return [_array(value) for value in values]


def _array(value: object) -> object:
    if not isinstance(value, list) or not value:
        return value
    return {str: Texts, int: Bigints, date: Days}.get(type(value[0]), list)(value)


def _copy(cursor: Cursor[Any], mark: str, new: Rows) -> None:
    key = mark, new.table
    if key not in _types:
        _types[key] = _select_types(cursor, new.table, new.columns)
    target = SQL("copy {} ({}) from stdin (format binary)").format(
        Identifier(new.table), SQL(", ").join(map(Identifier, new.columns))
    )
    with cursor.copy(target) as copy:
        copy.set_types(_types[key])
        write_row = copy.write_row
        for row in new.rows:
            write_row(row)


# The same tables have the same columns, whatever the schema and the database: they are asked for once.
_types: dict[tuple[str, str], list[int]] = {}


def _select_types(cursor: Cursor[Any], table: str, columns: Sequence[str]) -> list[int]:
    rows = cursor.execute(
        "select attname, atttypid::bigint from pg_attribute where attrelid = %s::regclass and attnum > 0", (table,)
    )
    types: dict[str, int] = dict(rows.fetchall())
    missing = [column for column in columns if column not in types]
    if missing:
        raise psycopg.ProgrammingError(f"{table} has no column {', '.join(missing)}")
    return [types[column] for column in columns]
