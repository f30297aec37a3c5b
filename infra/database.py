"""The way to PostgreSQL: a pool of connections that cannot hold others up."""

import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing import persistence
from eventsourcing.utils import strtobool
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from infra.log.arrays import register_arrays
from infra.unavailable import Unavailable

Pool = ConnectionPool[Connection[Any]]

APPLICATION_NAME = "receivables"
OLDEST_SERVER = 150000
WAIT_SECONDS = 30.0
# The pool doubles its pause after each failed attempt: given up early, the next who asks makes it try at once.
RECONNECT_SECONDS = 4.0

# A writer that freezes inside the lock must not stop the others for ever: its transaction is ended by the server.
SESSION = {
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "10s",
    "statement_timeout": "15min",
    "default_transaction_isolation": "read committed",
    "timezone": "UTC",
    # Compiling takes longer than the queries it would speed up.
    "jit": "off",
}
NETWORK = {
    "connect_timeout": "5",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}

_ERRORS = {
    "InterfaceError", "DataError", "OperationalError", "IntegrityError", "InternalError", "ProgrammingError",
    "NotSupportedError", "DatabaseError",
}  # fmt: skip

# A database that restarts, fails over, is full, or makes us wait too long: the same may be asked again later.
AWAY: tuple[type[Exception], ...] = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,  # among them: a primary that has become a standby takes no writes
    persistence.OperationalError,
    persistence.InterfaceError,
    persistence.InternalError,
    Unavailable,
)

_HOPELESS = ("authentication failed", "does not exist", "no pg_hba.conf entry", "password")

# What psycopg warns of are connections that a stopped command left behind, and it mends them itself.
logging.getLogger("psycopg").setLevel(logging.ERROR)


class UnfitDatabase(Exception):
    """This database, or the way it is configured, would lose or reorder facts; the words say what to change."""


def open_pool(
    url: str,
    *,
    size: int = 10,
    wait_seconds: float = WAIT_SECONDS,
    application_name: str = APPLICATION_NAME,
    environment: Mapping[str, str] = os.environ,
) -> Pool:
    """A pool of autocommitting connections to a server that is fit to hold the ledger: `size`, and one for commands.

    Waits for a server that is starting, at most `wait_seconds`, then raises `psycopg.OperationalError`.
    """
    _refuse_unlocked_appends(environment)
    conninfo = _conninfo(url, application_name)
    _await_server(conninfo, wait_seconds)
    return ConnectionPool(
        conninfo,
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size + 1,
        timeout=10.0,
        reconnect_timeout=RECONNECT_SECONDS,
        configure=_configure,
        open=True,
        name=application_name,
    )


@contextmanager
def translated() -> Iterator[None]:
    """The driver's errors as the library's of the same name."""
    try:
        yield
    except psycopg.Error as error:
        # What is too long for an index is no sign of a server that is away, as its class in the driver would have it.
        mro = (psycopg.DataError,) if isinstance(error, psycopg.errors.ProgramLimitExceeded) else type(error).__mro__
        names = (kind.__name__ for kind in mro)
        kind = next((vars(persistence)[name] for name in names if name in _ERRORS), persistence.PersistenceError)
        raise kind(str(error)) from error


def _refuse_unlocked_appends(environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        if name.endswith("POSTGRES_ENABLE_DB_FUNCTIONS") and _is_true(value):
            raise UnfitDatabase(
                f"{name} appends without the lock, so that readers miss facts: unset it and start again"
            )


def _is_true(value: str) -> bool:
    try:
        return strtobool(value)
    except ValueError:
        return bool(value)


def _conninfo(url: str, application_name: str) -> str:
    given: dict[str, Any] = conninfo_to_dict(url)
    settings = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in SESSION.items())
    given["options"] = f"{settings} {given.get('options') or ''}".strip()
    return make_conninfo("", **{**NETWORK, "application_name": application_name, **given})


def _await_server(conninfo: str, wait_seconds: float) -> None:
    """An embedded server that was killed refuses its first connections while it recovers."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            with psycopg.connect(conninfo, autocommit=True) as conn:
                return _require_fit(conn)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or any(message in str(error) for message in _HOPELESS):
                raise
            time.sleep(0.1)


def _require_fit(conn: Connection[Any]) -> None:
    if conn.info.server_version < OLDEST_SERVER:
        found = conn.info.parameter_status("server_version")
        raise UnfitDatabase(f"PostgreSQL {OLDEST_SERVER // 10000} or newer is needed, this is {found}")
    encoding = conn.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise UnfitDatabase(f"the database must be encoded in UTF8, this one is in {encoding}")


def _configure(conn: Connection[Any]) -> None:
    register_arrays(conn)
    # An acknowledged append must survive a crash, whatever the server's default.
    conn.execute(
        "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"
    )
