"""Which workers there are and whether they are alive: each keeps a row of its own, written anew every few seconds."""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from typing import Any, Literal, Self, get_args

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

from infra.database import AWAY, Pool
from infra.log.listener import listener

BEAT_SECONDS = 5.0
# One that has not beaten for so long is taken to be gone.
LOST_SECONDS = 20.0
_WAIT_SECONDS = 2.0
STOP_SECONDS = 1.0

State = Literal["starting", "following", "standby", "away", "stopped", "failed"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class Worker:
    """`silent_seconds` since it last beat, by the server's clock; `position` is how far it has worked the log."""

    name: str
    instance: str
    host: str
    pid: int
    state: State
    message: str
    position: int
    started_at: datetime
    beat_at: datetime
    silent_seconds: float

    @property
    def is_alive(self) -> bool:
        return self.state not in ("stopped", "failed") and self.silent_seconds <= LOST_SECONDS

    @property
    def is_lost(self) -> bool:
        """It ended otherwise than by being told to stop."""
        return self.state != "stopped" and not self.is_alive


class Heartbeat:
    """Beats in a thread of its own within `with`; a database that is away is not its concern, it beats again after."""

    def __init__(
        self,
        pool: Pool,
        name: str,
        instance: str,
        *,
        moves: Sequence[str] = (),
        every_seconds: float = BEAT_SECONDS,
        shared: bool = False,
    ):
        self._pool, self._every = pool, every_seconds
        self._clear = _CLEAR_GONE if shared else _CLEAR
        self._who = {"name": name, "instance": instance, "host": socket.gethostname(), "pid": os.getpid()}
        self._who |= {"moves": list(moves or [name])}
        self._said: tuple[State, str] = ("starting", "")
        self._news, self._is_over = Event(), False
        self._thread = Thread(target=self._beat_on, name=f"heartbeat-{name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._is_over = True
        self.report("failed" if kind else "stopped", kind.__name__ if kind else "")
        # It may wait for a server that does not answer, and is not waited for in turn.
        self._thread.join(STOP_SECONDS)

    def report(self, state: State, message: str) -> None:
        """What the row says from now on."""
        self._said = state, message
        self._news.set()

    def reported(self) -> tuple[State, str]:
        """What was last reported."""
        return self._said

    def _beat_on(self) -> None:
        while True:
            self._news.clear()
            is_last = self._is_over
            self._beat()
            if is_last:
                return
            self._news.wait(self._every)

    def _beat(self) -> None:
        state, message = self._said
        values = {**self._who, "state": state, "message": message, "lost": LOST_SECONDS}
        try:
            with self._pool.connection(timeout=_WAIT_SECONDS) as conn:
                conn.execute(_BEAT, values)
                if state == "following":
                    conn.execute(self._clear, values)
        except AWAY:
            # The worker itself says so in the log, and a row that is not written is what tells others.
            return


def leads(conn: Connection[Any], name: str) -> bool:
    """Whether this connection has the lead among the workers of that name, from now on and until it is closed.

    A leader that is connected but has stopped beating is frozen, and loses its connection and with it the lead; the
    next to ask gets it. What the frozen one may still write when it goes on, its positions fence off.
    """
    if conn.execute(_LEAD, (name,)).fetchone() == (True,):
        conn.execute(_SUCCEED, (name,))
        return True
    conn.execute(_END_FROZEN, {"name": name, "lost": LOST_SECONDS})
    return False


@contextmanager
def leading(pool: Pool, name: str) -> Iterator[bool]:
    """Whether this leads the workers of that name, until the end of `with`: for work that ends by itself."""
    with listener(pool) as own:
        is_leader = leads(own.conn, name)
        try:
            yield is_leader
        finally:
            if is_leader:
                # A closed connection gives it up as well, but only a moment later.
                with suppress(psycopg.Error):
                    own.conn.execute(_CEDE, (name,))


def select_workers(conn: Connection[Any]) -> list[Worker]:
    """By name; of one name, who beat last first."""
    with conn.cursor(row_factory=class_row(Worker)) as cursor:
        return cursor.execute(_WORKERS).fetchall()


_BEAT = """
insert into ledger.workers (instance, name, host, pid, started_at, beat_at, state, message, position)
select %(instance)s, %(name)s, %(host)s, %(pid)s, now(), now(), %(state)s, %(message)s,
    (select coalesce(min(position), 0) from ledger.positions where name = any (%(moves)s))
on conflict (instance) do update set
    beat_at = now(), state = excluded.state, message = excluded.message, position = excluded.position
"""
# One works at a time: where this one does, no other of its name does, and nobody need know of those that have gone.
_CLEAR = """
delete from ledger.workers where name = %(name)s and instance <> %(instance)s
    and (state in ('following', 'stopped', 'failed') or beat_at < now() - make_interval(secs => %(lost)s))
"""
# Where several share the work, those that work are not the one that is followed.
_CLEAR_GONE = _CLEAR.replace("'following', ", "")
_CEDE = "select pg_advisory_unlock(hashtext('receivables.worker'), hashtext(%s))"
_LEAD = "select pg_try_advisory_lock(hashtext('receivables.worker'), hashtext(%s))"
# Or the silence of a former leader would be taken for that of the new one, while it begins.
_SUCCEED = """
update ledger.workers set state = 'failed', message = 'another has taken over' where name = %s and state = 'following'
"""
_END_FROZEN = """
select pg_terminate_backend(pid) from pg_locks
where locktype = 'advisory' and granted and objsubid = 2
    and database = (select oid from pg_database where datname = current_database())
    and classid = hashtext('receivables.worker')::oid and objid = hashtext(%(name)s)::oid
    and (select max(beat_at) from ledger.workers where name = %(name)s and state = 'following')
        < now() - make_interval(secs => %(lost)s)
"""
_WORKERS = """
select name, instance, host, pid, state, message, position, started_at, beat_at,
    extract(epoch from now() - beat_at)::float8 as silent_seconds
from ledger.workers order by name, ledger.workers.beat_at desc
"""
