"""A bound for the clock, since one reading that runs ahead would stay with all that is recorded after it.

What is recorded never bears an earlier instant than what was recorded before: it would until that instant has come.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from psycopg import Connection

from infra.log.appends import UnfitHead
from infra.unavailable import Unavailable

# Ahead of the server's clock and of the last fact as well, or a server that is late would stop a busy ledger.
AHEAD_OF_SERVER = timedelta(hours=1)
# Where the server has no clock of its own, after so long a rest somebody must say that the day is right.
LONGEST_REST = timedelta(days=366)
# What a look at the server's clock is good for: a clock that jumps is looked at again.
GOOD_FOR = timedelta(minutes=1)
TOLERANCE = timedelta(minutes=5)


class ClockAhead(Unavailable):
    """The clock of this machine says an instant that nothing else bears out; nothing is recorded under it."""

    code = "clock_ahead"


class ClockGuard:
    """Looks at the server's clock when the first fact is recorded, and again each minute in which more are.

    `is_one_machine` says that the server reads the same clock, which then bears nothing out; what is up to the day
    `accepted_to` is believed.
    """

    def __init__(self, *, is_one_machine: bool, accepted_to: date | None = None):
        self._is_one_machine = is_one_machine
        self._accepted_to = datetime.combine(accepted_to, time.max, UTC) if accepted_to else None
        self._good_from = self._good_to = datetime.min.replace(tzinfo=UTC)

    def wants_look(self, at: datetime) -> bool:
        return not self._good_from <= at <= self._good_to

    def look(self, at: datetime, conn: Connection[Any]) -> None:
        """Raises `ClockAhead`."""
        if not (self._accepted_to and at <= self._accepted_to):
            self._require_borne_out(at, *server_clock(conn))
        self._good_from, self._good_to = at, at + GOOD_FOR

    def _require_borne_out(self, at: datetime, server_at: datetime, last_at: datetime | None) -> None:
        is_late = last_at is None or at > last_at + AHEAD_OF_SERVER
        if at > server_at + AHEAD_OF_SERVER and is_late:
            raise ClockAhead(
                f"this machine's clock says {_text(at)}, the database server's {_text(server_at)}: set the one that "
                f"is wrong. Nothing was recorded. {_HINT}"
            )
        if self._is_one_machine and last_at and at > last_at + LONGEST_REST:
            raise ClockAhead(
                f"this machine's clock says {_text(at)}, and the last fact was recorded at {_text(last_at)}, more than "
                f"a year before: set the clock, if it is wrong. Nothing was recorded. {_HINT}"
            )


def clock_trouble(at: datetime, server_at: datetime, last_at: datetime | None) -> str | None:
    """What is wrong with the clocks, None when nothing is; `last_at` is when the last fact was recorded."""
    if last_at and last_at > max(at, server_at) + TOLERANCE:
        return (
            f"the last fact says it was recorded at {_text(last_at)}, which is still to come: a clock ran ahead. All "
            "that is recorded until then bears that instant, and what was known between cannot be told apart. Set the "
            "clock; where that is long, restore a backup from before and record again what came after it"
        )
    if at > server_at + AHEAD_OF_SERVER:
        return f"this machine's clock says {_text(at)}, the server's {_text(server_at)}: set the one that is wrong"
    return None


def server_clock(conn: Connection[Any]) -> tuple[datetime, datetime | None]:
    """The server's clock, and when the last fact was recorded. Raises `UnfitHead`."""
    rows = conn.execute(_LOOK).fetchall()
    if not rows:
        raise UnfitHead(0)
    [(server_at, last_at, position)] = rows
    return server_at, last_at if position else None


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_HINT = "If it is right, RECEIVABLES_CLOCK_ACCEPTED_TO=YYYY-MM-DD says up to which day the clock is to be believed."
_LOOK = "select clock_timestamp(), recorded_at, position from ledger.head order by position desc limit 1"
