"""Questions to the views of the reporting database, which has no log of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from infra.database import Pool, translated
from infra.unavailable import Unavailable
from infra.views import answers, applying
from infra.views.answers import Snapshot, Views
from infra.views.sharing import START_OVER
from projections.projection import Projection

_HIGHEST = "select coalesce(max(position), 0) from ledger.feed_offsets"


class ReportingSnapshot(Snapshot):
    """All up to `position` is in the views, and while workers are at different facts, some that come after."""

    def __init__(self, conn: Connection[Any], positions: Mapping[str, int], highest: int, log: Views):
        super().__init__(conn, positions)
        self._highest, self._log = highest, log

    @property
    def has_more(self) -> bool:
        return self._highest > min(self._positions.values(), default=0)

    def latest(self, position: int, until: datetime) -> datetime:
        """When what was recorded is known where the log is."""
        with self._log.snapshot() as there:
            return there.latest(position, until)


class ReportingViews(Views):
    """`log` are the views of the ledger's own database, asked for nothing but the instants of its facts."""

    def __init__(self, pool: Pool, log: Views):
        super().__init__(pool)
        self._log = log

    def _found(self, conn: Connection[Any]) -> Snapshot:
        [[highest]] = conn.execute(_HIGHEST).fetchall()
        return ReportingSnapshot(conn, answers.positions(conn), highest, self._log)

    def _said(self, behind: str) -> str:
        return (
            f"the views of the reporting database are {behind}: `receivables work list` says how far its workers are, "
            "and `receivables work reporter` keeps them current, where a publisher publishes"
        )


def require_views(pool: Pool, projections: Sequence[Projection]) -> None:
    """Raises `Unavailable` where no worker has made them, or one of another version has."""
    with translated(), pool.connection() as conn:
        [[is_there]] = conn.execute("select to_regclass('ledger.feed_offsets') is not null").fetchall()
        if not is_there:
            raise Unavailable(
                "The reporting database is empty: `receivables work reporter` fills it, and RECEIVABLES_REPORTING_URL "
                "unset leaves reports to the ledger's own database."
            )
        for each in projections:
            if not applying.is_current(conn, each):
                raise Unavailable(
                    f"The tables of {each.name} in the reporting database were made by another version, "
                    f"or by none yet. {START_OVER}."
                )
