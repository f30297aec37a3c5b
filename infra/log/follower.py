"""What follows the log: one worker of a name at a time, woken by every append, and back by itself after an outage.

A worker is given as steps, each of which reads what lies beyond a position and moves it (see `infra/log/positions.py`).
What a step writes to the database it writes in the transaction that moves the position. What it does elsewhere it does
before, so that a crash between the two repeats it: such an effect must be repeatable by the position of its fact.
"""

import time
from collections.abc import Callable, Sequence
from threading import Event
from typing import Any, Protocol

from psycopg import Connection

from infra.database import AWAY, Pool
from infra.log import positions
from infra.log.chain import Row
from infra.log.listener import Listener, listener
from infra.log.positions import Fenced
from infra.log.workers import State, leads
from infra.logs import logger
from infra.reasons import reason_of

# A look at the log without being woken: nothing depends on it while the connection is whole.
LOOK_SECONDS = 2.0
STANDBY_SECONDS = 1.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
PAGE = 1_000

# Does what there is to do next; False when there was nothing. Raises `Fenced` when somebody else did it meanwhile.
Step = Callable[[], bool]

# Hears the state and, of one that is away, why.
Report = Callable[[State, str], None]


class Stopped(Exception):
    """Raised by a step that takes long, when it finds that it should stop."""


class Follower:
    """Runs the steps of the worker `name`, whose positions have the names in `moves`.

    `begin` is called before the first step on every new connection. `revive` starts a database that only we can start.
    `away` are errors of a step that say that what it needs is away and should be asked again later, beside those of
    the database.
    """

    def __init__(
        self,
        name: str,
        pool: Pool,
        advance: Step,
        *,
        begin: Callable[[], object] = lambda: None,
        moves: Sequence[str] = (),
        revive: Callable[[], object] | None = None,
        report: Report = lambda state, message: None,
        away: tuple[type[Exception], ...] = (),
        look_seconds: float = LOOK_SECONDS,
    ):
        self.name = name
        self._pool, self._advance, self._begin = pool, advance, begin
        self._moves = moves or (name,)
        self._revive, self._report = revive, report
        self._away = AWAY + away
        self._look_seconds = look_seconds
        self._log = logger(worker=name)
        self._state: State = "starting"
        self._failures, self._gone_at = 0, 0.0

    def run(self, stop: Event) -> None:
        """Until `stop` is set; whatever is away is waited for. Raises what a step raises that is no sign of that."""
        while not stop.is_set():
            try:
                if self._failures and self._revive:
                    self._revive()
                with listener(self._pool) as log:
                    if self._failures:
                        self._pool.check()
                    if self._leads(log, stop):
                        self._follow(log, stop)
            except Stopped:
                break
            except self._away as error:
                if self._pool.closed:
                    raise
                self._lost(error)
                stop.wait(retry_seconds(self._failures))
        self._log.info("stopped")

    def _leads(self, log: Listener, stop: Event) -> bool:
        """Waits while another worker of this name is at work."""
        while not leads(log.conn, self.name):
            self._reached("standby", log)
            if stop.wait(STANDBY_SECONDS):
                return False
        return True

    def _follow(self, log: Listener, stop: Event) -> None:
        # Listening begins before the first look, so that nothing falls between the two.
        log.listen()
        has_begun, overtaken = False, 0
        while not stop.is_set():
            try:
                if not has_begun:
                    self._begin()
                    has_begun = True
                is_more = self._advance()
            except Fenced as fenced:
                overtaken += 1
                self._log.info("overtaken", reason=str(fenced))
                # Notices as well when the lead was lost with the connection.
                log.wait(retry_seconds(overtaken), stop)
                continue
            # Not before: to begin succeeds as well while what each step needs is away.
            self._reached("following", log)
            overtaken = 0
            if not is_more:
                log.wait(self._look_seconds, stop)

    def _reached(self, state: State, log: Listener) -> None:
        if state == self._state:
            return
        at = min(positions.positions(log.conn, self._moves).values(), default=0)
        if self._failures:
            self._log.warning("back", state=state, position=at, away_seconds=round(time.monotonic() - self._gone_at, 1))
        else:
            self._log.info(state, position=at)
        self._state, self._failures = state, 0
        self._report(state, "")

    def _lost(self, error: Exception) -> None:
        reason = reason_of(error)
        if not self._failures:
            self._gone_at = time.monotonic()
            self._log.warning("away", reason=reason)
            self._report("away", reason)
        else:
            self._log.debug("still away", reason=reason, failures=self._failures)
        self._failures += 1
        self._state = "away"


class Log(Protocol):
    """What is needed of the ledger."""

    def rows(self, after: int, limit: int) -> Sequence[Row]: ...


class Pages:
    """The steps of a worker with one position: a page of facts at a time, in their order.

    `before` has the effects outside the database, and may be called again with facts it has seen. `within` writes on
    the connection it is given, in the transaction that moves the position.
    """

    def __init__(
        self,
        name: str,
        log: Log,
        pool: Pool,
        *,
        before: Callable[[Sequence[Row]], None] = lambda rows: None,
        within: Callable[[Connection[Any], Sequence[Row]], None] = lambda conn, rows: None,
        size: int = PAGE,
    ):
        self.name, self._log, self._pool = name, log, pool
        self._before, self._within, self._size = before, within, size
        # Whether the last page was, so that more is likely to wait.
        self.was_full = False

    def begin(self) -> None:
        with self._pool.connection() as conn:
            positions.begin(conn, self.name)

    def advance(self) -> bool:
        with self._pool.connection() as conn:
            reached = positions.position(conn, self.name)
        rows = self._log.rows(reached, self._size)
        self.was_full = len(rows) == self._size
        if rows:
            self._before(rows)
            with self._pool.connection() as conn, conn.transaction():
                # A crash takes back the position and what was written with it, and both are made again.
                conn.execute("set local synchronous_commit = off")
                positions.move(conn, [self.name], reached, rows[-1].position)
                self._within(conn, rows)
        return bool(rows)


def retry_seconds(failures: int) -> float:
    """How long to wait, twice as long after each failure."""
    return min(LONGEST_PAUSE, SHORTEST_PAUSE * float(2 ** min(failures, 10)))
