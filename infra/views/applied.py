"""Which positions of the log were applied where several workers share it, each of them some of the streams.

Facts of other streams have positions in between, so what is applied has holes at its end until all have caught up. The
position of a view is that before the first hole: all up to there is in it, whatever else may be.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection

SIZE = 1024
_FIRST = SIZE - 1


class AppliedTwice(Exception):
    """A position that was applied already: what was made of it now must not be written."""


def applied(conn: Connection[Any], names: Sequence[str], wanted: Iterable[int]) -> set[int]:
    """Those of the positions that were applied."""
    wanted = list(wanted)
    reached = _reached(conn, names)
    blocks = sorted({(position - 1) // SIZE for position in wanted if position > reached})
    rows = blocks and conn.execute(_SELECT, (blocks,)).fetchall()
    bits = {block: int(text, 2) for block, text in rows or ()}
    return {each for each in wanted if each <= reached or _has(bits, each)}


def add(conn: Connection[Any], names: Sequence[str], new: Iterable[int]) -> int:
    """Adds these, moves the positions of the views, and returns the position. For one transaction at a time.

    Raises `AppliedTwice`.
    """
    bits: dict[int, int] = {}
    for position in new:
        block, at = divmod(position - 1, SIZE)
        bits[block] = bits.get(block, 0) | 1 << (_FIRST - at)
    added = conn.execute(_ADD, (list(bits), [format(each, f"0{SIZE}b") for each in bits.values()]))
    if added.rowcount != len(bits):
        raise AppliedTwice("a fact was applied already")
    before = _reached(conn, names)
    [[reached, whole]] = conn.execute(_REACHED, (before,)).fetchall()
    if reached != before:
        conn.execute(_MOVE, (reached, list(names)))
        conn.execute(_FORGET, (whole,))
    return int(reached)


def _reached(conn: Connection[Any], names: Sequence[str]) -> int:
    row = conn.execute("select min(position) from ledger.positions where name = any (%s)", (list(names),)).fetchone()
    return row[0] or 0 if row else 0


def _has(bits: dict[int, int], position: int) -> bool:
    block, at = divmod(position - 1, SIZE)
    return bool(bits.get(block, 0) >> (_FIRST - at) & 1)


_SELECT = "select block, positions::text from ledger.feed_applied where block = any (%s)"
_ADD = """
insert into ledger.feed_applied as known (block, positions)
select block, positions::bit(1024) from unnest(%s::bigint[], %s::text[]) as new (block, positions) order by block
on conflict (block) do update set positions = known.positions | excluded.positions
    where bit_count(known.positions & excluded.positions) = 0
"""
_REACHED = """
with recursive whole (block) as (
    select %s::bigint / 1024
    union all
    select whole.block + 1 from whole join ledger.feed_applied a on a.block = whole.block
    where bit_count(a.positions) = 1024
)
select first.block * 1024 + coalesce(strpos(a.positions::text, '0') - 1, 0), first.block
from (select max(block) as block from whole) first left join ledger.feed_applied a on a.block = first.block
"""
_MOVE = "update ledger.positions set position = %s, updated_at = now() where name = any (%s)"
_FORGET = "delete from ledger.feed_applied where block < %s"
