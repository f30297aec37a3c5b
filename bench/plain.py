"""Plain copies of what the product wrote: its rows, and how fast they can be written without it."""

from collections.abc import Iterable
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

Row = tuple[Any, ...]
Table = tuple[str, str]

_TABLES = """
select nspname, relname from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind = 'r' and (nspname like 'view\\_%' or (nspname, relname) = ('ledger', 'log')) order by 1, 2
"""


def tables(conn: Connection[Any]) -> list[Table]:
    """The log, and the tables of all views."""
    found: list[Table] = conn.execute(_TABLES).fetchall()
    return found


def rows(conn: Connection[Any], table: Table) -> list[Row]:
    return conn.execute(SQL("select * from {}").format(Identifier(*table))).fetchall()


def make_like(conn: Connection[Any], found: Iterable[Table]) -> None:
    """Empty tables with the same columns, without a key or an index."""
    for table in found:
        mine = Identifier("plain", twin(table))
        conn.execute(SQL("drop table if exists {}").format(mine))
        conn.execute(SQL("create table {} (like {})").format(mine, Identifier(*table)))


def twin(table: Table) -> str:
    return "_".join(table)


def copy(conn: Connection[Any], table: str, found: Iterable[Row]) -> None:
    """Into a table of the schema `plain`."""
    with conn.cursor() as cursor, cursor.copy(SQL("copy {} from stdin").format(Identifier("plain", table))) as copy:
        for row in found:
            copy.write_row(row)
