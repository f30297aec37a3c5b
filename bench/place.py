"""Where it is measured: a server that is as safe as a ledger must be, and databases that are gone afterwards."""

import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from infra.embedded import Embedded
from infra.settings import Settings
from infra.unavailable import Unavailable
from services.assembly import App, assemble

NAMED = "RECEIVABLES_DATABASE_URL"
_SAFE = ("fsync", "synchronous_commit", "full_page_writes")


class SetClock:
    """Shows what it was set to."""

    def __init__(self, at: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC)):
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Place:
    def __init__(self, url: str, home: Path):
        self._url, self.home = url, home
        self._numbers = count(1)
        self._databases: list[str] = []
        self._began = time.monotonic()

    def say(self, message: str) -> None:
        print(f"{time.monotonic() - self._began:6.0f} s  {message}", file=sys.stderr, flush=True)

    def new_database(self, template: str = "template0") -> str:
        """The address of a new database; of one that is like another, if that is named."""
        name = f"receivables_bench_{os.getpid()}_{next(self._numbers)}"
        like = template if template == "template0" else urlsplit(template).path.strip("/")
        # A copy of the files: what is measured must not depend on how its pages came about.
        self._admin(SQL("create database {} template {} strategy file_copy"), name, like)
        self._databases.append(name)
        return _at(self._url, name)

    def drop(self, url: str) -> None:
        name = urlsplit(url).path.strip("/")
        self._admin(SQL("drop database {} with (force)"), name)
        self._databases.remove(name)

    def app(self, url: str, clock: SetClock | None = None) -> App:
        return app_at(url, self.home, clock or SetClock())

    @contextmanager
    def plain(self, url: str) -> Iterator[Connection[Any]]:
        """A connection as anybody would open one; what is written in a `with conn.transaction()` is committed."""
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("create schema if not exists plain")
            conn.execute("set jit = off")
            yield conn

    def machine(self) -> str:
        with psycopg.connect(self._url) as conn:
            server = conn.info.parameter_status("server_version")
        return (
            f"{os.cpu_count()} x {_processor()}, {platform.system()} {platform.machine()}, "
            f"Python {platform.python_version()}, PostgreSQL {server}, fsync and synchronous_commit on"
        )

    def require_safe(self) -> None:
        with psycopg.connect(self._url) as conn:
            for name in _SAFE:
                row = conn.execute(SQL("show {}").format(Identifier(name))).fetchone()
                if not row or row[0] != "on":
                    raise Unavailable(f"{name} is {row and row[0]} on this server: nothing it does fast would count.")

    def clear(self) -> None:
        for name in [*self._databases]:
            self._admin(SQL("drop database if exists {} with (force)"), name)

    def _admin(self, statement: SQL, *names: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as conn:
            conn.execute(statement.format(*map(Identifier, names)))


@contextmanager
def place() -> Iterator[Place]:
    """A server of its own in a folder that is gone afterwards, or scratch databases on the server that is named."""
    home = Path(tempfile.mkdtemp(prefix="receivables-bench-"))
    named, embedded = os.environ.get(NAMED), Embedded(home / "home", linger_seconds=30)
    found = Place(named or embedded.url("postgres"), home)
    try:
        found.require_safe()
        yield found
    finally:
        found.clear()
        if not named:
            embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


def app_at(url: str, home: Path, clock: SetClock, kafka: str | None = None) -> App:
    settings = Settings(
        home=home,
        database_url=url,
        time_zone="UTC",
        buckets=(30, 60, 90),
        rates_file=None,
        reporting_currency=None,
        kafka=(kafka,) if kafka else None,
    )
    return assemble(settings, database_url=url, clock=clock)


def _at(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "processor"
