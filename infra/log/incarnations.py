"""Under which names of the ledger its facts are published: a restored database goes on under a new one.

A position that was given before the restore, and is given again after it, is thus another event to everybody. The first
name is the ledger's own id.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from psycopg import Connection

END = 2**63 - 1


class Incarnation(NamedTuple):
    """The positions from the first to the last bear the name; none do where the last is before the first."""

    name: str
    first: int
    last: int


class Incarnations:
    def __init__(self, all_names: Iterable[Incarnation]):
        self._by_name = {each.name: each for each in all_names}
        self._in_order = sorted(
            (each for each in self._by_name.values() if each.first <= each.last), key=lambda each: each.first
        )
        self._firsts = [each.first for each in self._in_order]

    def name_at(self, position: int) -> str:
        return self._in_order[bisect_right(self._firsts, position) - 1].name

    @property
    def current(self) -> str:
        return self._in_order[-1].name

    def all(self) -> list[Incarnation]:
        """Those too that no position bears any more."""
        return [*self._by_name.values()]

    def named(self, name: str) -> Incarnation | None:
        """None for a name that this database has never heard of."""
        return self._by_name.get(name)


def select_incarnations(conn: Connection[Any], ledger_id: str) -> Incarnations:
    rows = conn.execute("select name, first_position, last_position from ledger.incarnations").fetchall()
    return Incarnations([Incarnation(*row) for row in rows] or [Incarnation(ledger_id, 1, END)])


def begin_incarnation(
    conn: Connection[Any], ledger_id: str, name: str, first: int, strangers: Sequence[str] = ()
) -> None:
    """Positions from `first` on are published under another name. Those under the names of `strangers` are no more."""
    rows = [(ledger_id, 1, END), *((stranger, 1, 0) for stranger in strangers)]
    for row in rows:
        conn.execute(_INSERT, row)
    conn.execute("update ledger.incarnations set last_position = %s where last_position >= %s", (first - 1, first))
    conn.execute(_INSERT, (name, first, END))


_INSERT = """insert into ledger.incarnations (name, first_position, last_position) values (%s, %s, %s)
    on conflict (name) do nothing"""
