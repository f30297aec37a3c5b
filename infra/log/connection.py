"""The connection that commands go over: kept from one to the next, so that its backend has at hand what they need."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, LiteralString

import psycopg
from eventsourcing.persistence import OperationalError
from psycopg import Connection, Cursor

from infra.database import Pool, translated
from infra.log.appends import UnfitHead


class ConnectionCut(OperationalError):
    """The connection was cut while the server worked: what it was asked may have been done or not."""


@contextmanager
def raising_connection_cut(conn: Connection[Any]) -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        if conn.closed:
            raise ConnectionCut(str(error)) from error
        raise


class CommandConnection:
    """Taken from the pool when it is first used, and kept; used by one thread at a time."""

    def __init__(self, pool: Pool):
        self._pool = pool
        self._lock = Lock()
        self._conn: Connection[Any] | None = None
        # B1: a cursor that is used again knows how to send and read its statement, which takes a tenth of a command.
        self._cursors: dict[str, Cursor[Any]] = {}

    def rows(self, statement: LiteralString, values: Sequence[Any]) -> list[Any]:
        """What the statement answers, once it is this caller's turn. Raises `ConnectionCut`."""
        with self._lock, translated():
            if self._conn is None:
                self._conn = self._pool.getconn()
            return self._executed(self._conn, statement, values)

    def rows_if_free(self, statement: LiteralString, values: Sequence[Any]) -> list[Any] | None:
        """As `rows`; None where that would have to wait, or to open the connection first."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            with translated():
                return self._executed(self._conn, statement, values) if self._conn else None
        finally:
            self._lock.release()

    def close(self) -> None:
        """Gives the connection back to the pool; a later use takes one again."""
        with self._lock:
            self._give_back()

    def _executed(self, conn: Connection[Any], statement: LiteralString, values: Sequence[Any]) -> list[Any]:
        cursor = self._cursors.get(statement)
        if cursor is None:
            cursor = self._cursors[statement] = conn.cursor(binary=True)
        try:
            with raising_connection_cut(conn):
                return cursor.execute(statement, values, prepare=True).fetchall()
        except psycopg.errors.NoDataFound:
            # The functions that append select the head, and strictly.
            self._give_back()
            raise UnfitHead(0) from None
        except BaseException:
            self._give_back()
            raise

    def _give_back(self) -> None:
        """The pool knows whether the connection can still be used."""
        conn, self._conn = self._conn, None
        self._cursors.clear()
        if conn:
            self._pool.putconn(conn)
