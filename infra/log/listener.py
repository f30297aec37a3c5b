"""A connection of its own on which every append to the log announces itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import psycopg
from psycopg import Connection

from infra.database import Pool

CHANNEL = "ledger"
# How soon a stop is noticed by one who waits for the log.
STOP_SECONDS = 0.1


class Listener:
    """`conn` is for what must live exactly as long as the listening does, such as a lock."""

    def __init__(self, conn: Connection[Any]):
        self.conn = conn

    def listen(self) -> None:
        """From here on appends are announced; one who looks at the log after this misses none."""
        self.conn.execute(f"listen {CHANNEL}".encode())

    def wait(self, seconds: float, stop: Event) -> bool:
        """Until an append is announced (True), the time is over or `stop` is set (False).

        What was announced since the last wait counts at once. Raises `psycopg.OperationalError` when cut off.
        """
        deadline = time.monotonic() + seconds
        while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            if [*self.conn.notifies(timeout=min(left, STOP_SECONDS), stop_after=1)]:
                return True
        return False


@contextmanager
def listener(pool: Pool) -> Iterator[Listener]:
    """On a connection made as the pool makes its own; it does not listen yet."""
    conninfo = pool.conninfo
    with psycopg.connect(conninfo() if callable(conninfo) else conninfo, autocommit=True) as conn:
        yield Listener(conn)
