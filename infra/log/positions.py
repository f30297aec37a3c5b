"""How far each reader of the log has come, by name; moved in one transaction with what the reader made of the facts.

A move is fenced: it names the position it starts from. Of two who read the same facts one moves the position, and the
other's transaction fails with all it wrote.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from infra.log.appends import UnfitHead


class Fenced(Exception):
    """Somebody else has moved the position meanwhile: what was made of these facts must not be written."""


def position(conn: Connection[Any], name: str) -> int:
    """0 for a reader that has read nothing, or that there is none of."""
    return positions(conn, [name]).get(name, 0)


def positions(conn: Connection[Any], names: Sequence[str]) -> dict[str, int]:
    rows = conn.execute("select name, position from ledger.positions where name = any (%s)", (list(names),))
    return dict(rows.fetchall())


def reached(conn: Connection[Any], names: Sequence[str]) -> tuple[int | None, int]:
    """How far all of them have come, None where there are none; and the end of the log at the same instant."""
    row = conn.execute(
        "select (select coalesce(min(position), 0) from ledger.positions where name = any (%s)), position"
        " from ledger.head",
        (list(names),),
    ).fetchone()
    if row is None:
        raise UnfitHead(0)
    return row[0] if names else None, row[1]


def move(conn: Connection[Any], names: Sequence[str], old: int, new: int) -> None:
    """Raises `Fenced` when not all of them stand at `old`; until the transaction ends nobody else moves them."""
    moved = conn.execute(
        "update ledger.positions set position = %s, updated_at = now() where name = any (%s) and position = %s",
        (new, list(names), old),
    )
    if moved.rowcount != len(names):
        raise Fenced(f"{' and '.join(names)} no longer at position {old}: another worker has moved on")


def hold(conn: Connection[Any], name: str) -> int:
    """The position, which nobody else can move until the transaction ends."""
    row = conn.execute("select position from ledger.positions where name = %s for update", (name,)).fetchone()
    return row[0] if row else 0


def place(conn: Connection[Any], name: str, at: int) -> None:
    """Sets the position whatever it was: for tables that are new."""
    conn.execute(
        "insert into ledger.positions (name, position) values (%s, %s)"
        " on conflict (name) do update set position = excluded.position, updated_at = now()",
        (name, at),
    )


def begin(conn: Connection[Any], name: str) -> None:
    """A new reader begins before the first fact; one that has begun stays where it is."""
    conn.execute("insert into ledger.positions (name, position) values (%s, 0) on conflict do nothing", (name,))
