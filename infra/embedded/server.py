"""One PostgreSQL server over one data folder: made, started, stopped, and found on its socket."""

import hashlib
import os
import re
import shutil
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from infra.embedded.account import LATEST, Account, account_for, programs_for
from infra.unavailable import Unavailable

ROLE = DATABASE = "receivables"
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103
_LONGEST_LOG = 10_000_000
_RECOVERY_SECONDS = 300
_PATIENCE_SECONDS = 10.0
_WRITING_SECONDS = 1.0
_PROCESSES = Path("/proc")
_LEAST_ROOM = 2**24

# Kept in the new database's own configuration, where ALTER SYSTEM overrules them.
_TUNING = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "50",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "max_parallel_workers_per_gather": "2",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum_naptime": "15s",
    "log_checkpoints": "off",
    "log_min_messages": "log",
}
_NEW = ["--username", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
_NEW += ["--builtin-locale=C.UTF-8", *(f"--set={name}={value}" for name, value in _TUNING.items())]
_NO_PORT = "-c listen_addresses= -c unix_socket_directories=. -c unix_socket_permissions=0700 -c port=5432"


class Server:
    """`lock` is one that whoever starts it holds; what makes new data holds it too, should its starter be killed."""

    def __init__(self, data: Path, log: Path):
        self.data, self.log = data, log
        self.lock: int | None = None

    def is_running(self) -> bool:
        try:
            is_ready = self._note.read_text(errors="replace").splitlines()[7].strip() == "ready"
        except (FileNotFoundError, IndexError):
            return False
        # Of a server that was killed, the note stays, and its children listen a moment longer.
        process = self._noted()
        is_there = not _PROCESSES.exists() or (process is not None and _works_in(process, self.data))
        return is_ready and is_there and self._is_listening()

    def start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._await_one_that_comes_up()
        if self.is_running():
            return
        self._forget_a_stale_server()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        command = ["start", "-w", "-t", str(_RECOVERY_SECONDS), "-o", _NO_PORT + _shared_memory()]
        while (reason := self._control(*command)) and not self.is_running():
            # What is left of a server that was killed takes a moment to go.
            if not re.search("lock file|shared memory block|PID file", reason):
                raise self._unavailable("start", reason)
            if time.monotonic() > deadline:
                raise self._in_use(reason)
            time.sleep(0.2)
            self._forget_a_stale_server()

    def stop(self) -> None:
        reason = self._note.exists() and self._control("stop", "-w", "-m", "fast")
        if reason and self.is_running():
            raise self._unavailable("stop", reason)
        if (folder := self.socket_folder()) != self.data:
            folder.unlink()

    @property
    def _note(self) -> Path:
        """Where the server writes which process it is, and whether it is ready."""
        return self.data / "postmaster.pid"

    def socket_folder(self) -> Path:
        """Where clients find the socket: the data folder, or a short link to it where its path is too long for one."""
        if len(os.fsencode(self.data / _SOCKET)) <= _LONGEST_SOCKET_PATH and "," not in str(self.data):
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        link = Path("/tmp", f"receivables-{os.geteuid()}-{name}")
        try:
            link.symlink_to(self.data)
        except FileExistsError:
            if link.lstat().st_uid != os.geteuid() or link.readlink() != self.data:
                raise Unavailable(f"{link} is in the way: another user has put it there. Remove it.") from None
        return link

    def _create(self) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise Unavailable(
                f"{self.data} is not empty and holds no database: put it back from a backup, or move it away."
            )
        new = self.data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        account = account_for(new)
        account.give(new)
        programs = programs_for(account, LATEST)
        single: list[str | Path] = [programs / "postgres", "--single", "-c", "exit_on_error=on", "template1"]
        reason = self._run([programs / "initdb", *_NEW], account, new, holds=True)
        reason = reason or self._run(single, account, new, asked=f"CREATE DATABASE {DATABASE};\n", holds=True)
        if reason:
            shutil.rmtree(new, ignore_errors=True)
            raise self._unavailable("come into being", reason)
        new.rename(self.data)

    def _control(self, *command: str) -> str | None:
        account = account_for(self.data)
        programs = programs_for(account, (self.data / "PG_VERSION").read_text().strip())
        return self._run([programs / "pg_ctl", *command], account, self.data)

    def _run(
        self, command: list[str | Path], account: Account, folder: Path, asked: str = "", *, holds: bool = False
    ) -> str | None:
        """None when it went well, else the reason given. What `holds` the lock must end by itself."""
        held = [self.lock] if holds and self.lock is not None else []
        if self.log.exists() and self.log.stat().st_size > _LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "a+", encoding="utf-8", errors="replace", opener=_unled) as log:
            account.give(self.log)
            began = log.seek(0, os.SEEK_END)
            if account.run(command, folder, said=log, asked=asked, seconds=_RECOVERY_SECONDS + 60, held=held) == 0:
                return None
            log.seek(began)
            said = log.read()
        # A full disk takes no log either.
        is_full = re.search("No space left|free disk space", said) or shutil.disk_usage(folder).free < _LEAST_ROOM
        return "there is no room left on the disk" if is_full else _reason(said)

    def _is_listening(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_folder() / _SOCKET))
            except (ConnectionRefusedError, FileNotFoundError):
                return False
            return True

    def _await_one_that_comes_up(self) -> None:
        """A server whose starter was killed goes on starting, however long it has to recover."""
        deadline = time.monotonic() + _RECOVERY_SECONDS
        while (process := self._noted()) and _works_in(process, self.data) and not self.is_running():
            if time.monotonic() > deadline:
                raise self._in_use(f"process {process} has been starting it for {_RECOVERY_SECONDS} seconds")
            time.sleep(0.1)

    def _forget_a_stale_server(self) -> None:
        """What a server has left that is no more. No other one is being started meanwhile."""
        if not self._note.exists() or not _PROCESSES.exists():
            return
        deadline = time.monotonic() + _WRITING_SECONDS
        while (process := self._noted()) is None and self._note.exists():
            # Empty while it is being written, and for good where that was cut short.
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        # After a restart of the machine or container, the number of the dead server may be that of any other process.
        workers = [process] if process else _servers()
        if not any(_works_in(each, self.data) for each in workers):
            self._note.unlink(missing_ok=True)

    def _noted(self) -> int | None:
        """The process that the server's note names, None where it names none."""
        try:
            first = self._note.read_text(errors="replace").split("\n")[0].strip()
        except FileNotFoundError:
            return None
        return int(first) if re.fullmatch("[1-9][0-9]{0,9}", first) else None

    def _in_use(self, reason: str) -> Unavailable:
        return Unavailable(
            f"The embedded database in {self.data} does not start yet: {reason}. Nothing is lost: wait until the "
            f"process that uses it has ended, or end it. Its log is {self.log}."
        )

    def _unavailable(self, deed: str, reason: str) -> Unavailable:
        return Unavailable(
            f"The embedded database in {self.data} does not {deed}: {reason}. Its log is {self.log}. Make room on the "
            "disk, put the folder back from a backup, or set RECEIVABLES_HOME to another folder."
        )


def _servers() -> list[int]:
    """Every process of PostgreSQL. The keeper, whose home is the data folder as well, is none."""
    found = []
    for each in _PROCESSES.iterdir():
        with suppress(OSError):
            if each.name.isdecimal() and (each / "comm").read_bytes().strip() == b"postgres":
                found.append(int(each.name))
    return found


def _works_in(process: int, data: Path) -> bool:
    """A server's processes work in its data folder. That of another user, where it cannot be seen, is none of ours."""
    try:
        return os.path.samefile(_PROCESSES / str(process) / "cwd", data)
    except OSError:
        return False


def _unled(path: str, flags: int) -> int:
    """Not to where a link leads: what runs as root would write there."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"\b(FATAL|PANIC|ERROR|error):", line)]
    first = (errors or lines[-1:] or ["it gave no reason"])[0]
    return re.sub(r"^.*?\b(FATAL|PANIC|ERROR|error):\s*", "", first).rstrip(".")


def _shared_memory() -> str:
    # Containers give 64 MB for it by default, less than one parallel query may ask for.
    if sys.platform != "linux":
        return ""
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return " -c dynamic_shared_memory_type=mmap"
    return "" if room.f_bavail * room.f_frsize > 2**29 else " -c dynamic_shared_memory_type=mmap"
