"""The PostgreSQL that a home brings along, for those who have no server: a wheel's programs, a folder, a socket.

It starts when a process first asks for its address, serves every process of the home, and stops a minute after the last
of them has ended, however it ended.
"""

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from infra.embedded.server import DATABASE, ROLE, Server
from infra.files.wholefile import make_folder
from infra.home import MODE, claim
from infra.unavailable import Unavailable

LINGER_SECONDS = 60.0
_PATIENCE_SECONDS = 120.0
# The keeper looks at who is there for a moment at a time.
_LEAVING_SECONDS = 2.0
_KEEPER = Path(__file__).with_name("keeper.py")


# Locked until this process ends, by whatever end: how the keeper knows who uses a home.
_in_use: dict[Path, int] = {}
_one_at_a_time = threading.Lock()


class Embedded:
    def __init__(self, home: Path, linger_seconds: float = LINGER_SECONDS):
        self.home = Path(home).expanduser().absolute()
        self.server = Server(self.home / "postgres", log=self.home / "postgres.log")
        self._run = self.home / "run"
        self._linger_seconds = linger_seconds
        self._is_kept = False

    def url(self, database: str = DATABASE) -> str:
        """The address of a running server; starts it where none runs. Cheap, so ask again when a connection is lost."""
        try:
            with _one_at_a_time:
                self._use()
                self._ensure_running()
                return f"postgresql://{ROLE}@:5432/{database}?host={quote(str(self.server.socket_folder()))}"
        except OSError as problem:
            raise Unavailable(
                f"The embedded database cannot use {problem.filename or self.home}: {problem.strerror or problem}. "
                "Set RECEIVABLES_HOME to a folder of your own with room in it, or RECEIVABLES_DATABASE_URL."
            ) from problem

    def database(self, name: str) -> str:
        """The address of another database of the server, which is made if it is missing."""
        # For a script that only asks where the server is, the driver would take too long to import.
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as conn, suppress(psycopg.errors.DuplicateDatabase):
            if not conn.execute("select from pg_database where datname = %s", (name,)).fetchall():
                conn.execute(f'create database "{name}" template template0'.encode())
        return self.url(name)

    def stop(self) -> None:
        """Stop the server at once, whoever uses it."""
        with _one_at_a_time:
            if self._run.exists():
                with self._alone():
                    self.server.stop()
            self._leave()

    @contextmanager
    def emptied(self) -> Iterator[None]:
        """With the server stopped and nobody let in; raises `Unavailable` while another process uses the home."""
        with _one_at_a_time, ExitStack() as held:
            self._leave()
            if self._run.exists():
                users = held.enter_context(self._opened("users"))
                if not _lock_within(_LEAVING_SECONDS, users, fcntl.LOCK_EX):
                    raise Unavailable(f"Another process works in the home {self.home}: let it end, or end it.")
                with self._alone():
                    self.server.stop()
            yield

    def _leave(self) -> None:
        if self.home in _in_use:
            os.close(_in_use.pop(self.home))
        self._is_kept = False

    def _use(self) -> None:
        if self.home not in _in_use:
            make_folder(self.home)
            claim(self.home)
            self._run.mkdir(mode=MODE, exist_ok=True)
            users = self._open("users")
            _wait_for(users, fcntl.LOCK_SH)
            _in_use[self.home] = users
        with suppress(PermissionError):
            os.utime(_in_use[self.home])

    def _ensure_running(self) -> None:
        if self._is_kept and self.server.is_running():
            return
        with self._alone():
            if not self.server.is_running():
                self.server.start()
            self._ensure_keeper()
            self._is_kept = True

    def _ensure_keeper(self) -> None:
        with self._opened("keeper") as keeper:
            if not _lock(keeper, fcntl.LOCK_EX):
                return
        watch = [_KEEPER, self.server.data, self._run, self._linger_seconds]
        command = [sys.executable, "-IS", *map(str, watch)]
        began = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if began.returncode:
            raise Unavailable(f"Nothing would stop the embedded database again: {began.stderr.strip()}")

    def _open(self, name: str) -> int:
        return os.open(self._run / name, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)

    @contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        file = self._open(name)
        try:
            yield file
        finally:
            os.close(file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._opened("start") as file:
            _wait_for(file, fcntl.LOCK_EX)
            self.server.lock = file
            try:
                yield
            finally:
                self.server.lock = None


def _wait_for(file: int, lock: int) -> None:
    if not _lock_within(_PATIENCE_SECONDS, file, lock):
        raise Unavailable("Another process has been starting or stopping the database for two minutes.")


def _lock_within(seconds: float, file: int, lock: int) -> bool:
    deadline = time.monotonic() + seconds
    while not (is_locked := _lock(file, lock)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_locked


def _lock(file: int, lock: int) -> bool:
    try:
        fcntl.flock(file, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
