"""The log read once more, for what is checked over the whole of it, and what keeps it from being changed."""

from collections.abc import Mapping, Sequence

from infra.database import Pool
from infra.log import guard
from infra.log.chain import Row
from infra.log.codec import unreadable
from infra.log.ledger import Ledger, Progress
from projections.open_items.proof import Proof

PAGE = 5000
SHOWN = 5


class Reading:
    """Up to a position; what cannot be read is a fault of the proof, and no end.

    It goes on as well where the answers of commands cannot be read.
    """

    def __init__(self, ledger: Ledger, pool: Pool, until: int, progress: Progress | None = None):
        self._ledger, self._pool = ledger, pool
        self.proof, self._unanswered = Proof(), list[str]()
        self._trouble: Exception | None = None
        reached = 0
        while reached < until and (page := ledger.rows(reached, min(PAGE, until - reached))):
            self._take(page)
            reached = page[-1].position
            if progress:
                progress(reached, until)

    def unanswered(self) -> list[str]:
        """The commands whose facts are there and whose answer is not. Raises what kept them from being read."""
        if self._trouble:
            raise self._trouble
        return self._unanswered

    def _take(self, page: Sequence[Row]) -> None:
        spans: dict[str, guard.Span] = {}
        for row in page:
            try:
                entry = self._ledger.entry(row)
            except Exception as error:
                self.proof.miss(row.position, row.stream, row.version, f"position {row.position:,} {unreadable(error)}")
                continue
            self.proof.take(entry)
            if not guard.IN_BULK.fullmatch(entry.cause.command_id):
                command, position = entry.cause.command_id, row.position
                spans[command] = guard.Span(spans[command].first if command in spans else position, position)
        self._ask_for_answers(spans)

    def _ask_for_answers(self, spans: Mapping[str, guard.Span]) -> None:
        if self._trouble:
            return
        try:
            with self._pool.connection() as conn:
                self._unanswered += guard.unanswered(conn, spans)
        except Exception as trouble:
            self._trouble = trouble


def answered(unanswered: Sequence[str]) -> tuple[bool, str]:
    """Whether no command can run twice, and what is to be said of it."""
    if not unanswered:
        return True, "the answer of every command is kept, so none can run twice"
    named = ", ".join(map(repr, unanswered[:SHOWN]))
    more = f" and {len(unanswered) - SHOWN:,} more" if len(unanswered) > SHOWN else ""
    return False, (
        f"ledger.commands has not the answer that belongs to {named}{more}, whose facts are in the log: such a "
        "command, given again, would run again or end in an error; put the rows back from a backup"
    )


def guarded(pool: Pool) -> tuple[bool, str]:
    """Whether log and commands can only be added to, and what is to be said of it."""
    with pool.connection() as conn:
        found = guard.look(conn)
    if found.open:
        return False, (
            f"what is recorded in {' and '.join(found.open)} can be changed or removed, since the trigger "
            f"{guard.TRIGGER} is off or gone: verify the log (receivables audit verify), then switch it on "
            "(docs/operating.md, Two roles)"
        )
    could = "owns the tables and could switch that off" if found.is_owner else "cannot switch that off"
    return True, f"log and commands are only added to; the role {found.role} {could}"
