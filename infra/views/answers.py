"""Questions to the views: SQL of `projections` over the tables the projector keeps."""

from typing import NamedTuple

from infra.database import Pool, translated
from infra.views import schema as view_schema
from projections.projection import Query, Row


class Answer(NamedTuple):
    """The rows of each question, and the position of the log up to which they take account of it."""

    position: int
    rows: list[list[Row]]


class Views:
    def __init__(self, pool: Pool):
        self._pool = pool

    def ask(self, name: str, query: Query) -> list[Row]:
        """The rows of one question to the view of that name."""
        return self.answer(name, query).rows[0]

    def answer(self, name: str, *queries: Query) -> Answer:
        """All questions to the view of that name at one moment, so that their answers fit together."""
        with translated(), self._pool.connection() as conn, conn.transaction():
            conn.execute("set transaction isolation level repeatable read, read only")
            view_schema.enter(conn, view_schema.live(name))
            row = conn.execute("select position from ledger.positions where name = %s", (name,)).fetchone()
            return Answer(row[0] if row else 0, [view_schema.read(conn, query) for query in queries])
