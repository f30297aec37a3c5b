"""A projection small enough for tests of the projector: what each account holds."""

from collections.abc import Sequence
from typing import Any

from projections.projection import Query, Row, Rows
from tests.infra.accounts import Opened


class Balances:
    """Cannot take a movement of any amount in `poison`."""

    tables = "create table balances (stream text primary key, owner text not null, balance_minor bigint, facts bigint)"
    indexes = "create index balances_owner on balances (owner)"

    def __init__(self, name: str = "balances", version: int = 1) -> None:
        self.name, self.version = name, version
        self.poison: set[int] = set()
        self.extra_writes: list[Query] = []

    def needs(self, entries: Sequence[Any]) -> list[Query]:
        streams = sorted({entry.stream for entry in entries})
        return [Query("select * from balances where stream = any (%s)", [streams])]

    def batch(self, answers: Sequence[Sequence[Row]]) -> "_Batch":
        return _Batch(self, {row[0]: row for row in answers[0]})

    def rebuild(self) -> None:
        return None


class _Batch:
    def __init__(self, balances: Balances, rows: dict[str, Row]):
        self.balances, self.rows = balances, rows

    def take(self, entry: Any) -> None:
        fact = entry.fact
        if isinstance(fact, Opened):
            self.rows[entry.stream] = (entry.stream, fact.owner, 0, 1)
            return
        if fact.amount_minor in self.balances.poison:
            raise ArithmeticError(f"{fact.amount_minor} does not agree with us")
        stream, owner, balance, facts = self.rows[entry.stream]
        self.rows[stream] = (stream, owner, balance + fact.amount_minor, facts + 1)

    def writes(self) -> Any:
        yield Query("delete from balances where stream = any (%s)", [list(self.rows)])
        yield from self.balances.extra_writes
        yield Rows("balances", ("stream", "owner", "balance_minor", "facts"), list(self.rows.values()))
