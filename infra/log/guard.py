"""Whether log and commands can only be added to, and whether each fact has the answer of its command beside it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg import Connection

from infra.log.arrays import Bigints, Texts

TABLES = ("ledger.log", "ledger.commands")
TRIGGER = "only_added_to"

# Ids under which many facts are recorded at once, without an answer: what is there already answers for itself. Nobody
# else may give one of these.
IN_BULK = re.compile(r"import:[0-9a-f]{16}:[0-9]{1,12}|tick [0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Guard(NamedTuple):
    """`open` are the tables that something other than an insert would change; an owner can switch the guard off."""

    role: str
    open: tuple[str, ...]
    is_owner: bool


def look(conn: Connection[Any]) -> Guard:
    """What the role of this connection could do to what is recorded."""
    rows = conn.execute(_LOOK, (TRIGGER, list(TABLES))).fetchall()
    role, is_owner = rows[0][0], any(row[3] for row in rows)
    return Guard(
        role, tuple(table for _, table, is_at_work, _ in rows if not is_at_work or _lets(conn, table)), is_owner
    )


class Span(NamedTuple):
    """Positions of the first and the last fact that bear a command's id, as far as they were read."""

    first: int
    last: int


def unanswered(conn: Connection[Any], spans: Mapping[str, Span]) -> list[str]:
    """Commands whose answer is not kept, damaged, or another one's, as that of a second run is for the first.

    The facts of a command are the last up to the position of its answer, which lists them.
    """
    lasts = Bigints(span.last for span in spans.values())
    rows = conn.execute(_ANSWERS, (Texts(spans), lasts)).fetchall() if spans else []
    return [command for command, end, answer in rows if not end or spans[command].first <= end - _listed(answer)]


def _listed(answer: bytes) -> int:
    """How many facts an answer lists; none where it is damaged. The database's own look would end at the first such."""
    with suppress(orjson.JSONDecodeError):
        found = orjson.loads(answer)
        return len(found) if isinstance(found, list) else 0
    return 0


def _lets(conn: Connection[Any], table: str) -> bool:
    """Whether a change that would touch no row goes through: the trigger may be there and do nothing."""
    for statement in (f"delete from {table} where false", f"update {table} set recorded_at = recorded_at where false"):
        try:
            with conn.transaction(force_rollback=True):
                conn.execute(statement.encode())
            return True
        except psycopg.errors.InsufficientPrivilege:
            continue
    return False


# Bits of tgtype: before, delete, update, truncate, and not for each row. A means always, whatever a session sets.
_LOOK = """
select current_user, c.oid::regclass::text, coalesce(t.tgtype = 2 + 8 + 16 + 32 and t.tgenabled = 'A', false),
    pg_has_role(c.relowner, 'usage')
from pg_class c left join pg_trigger t on t.tgrelid = c.oid and t.tgname = %s
where c.oid = any (%s::regclass[]) order by c.oid
"""
_ANSWERS = """
select s.id, c.position, c.answer from unnest(%b, %b) as s (id, position)
left join ledger.commands c on c.id = s.id and s.position <= c.position
"""
