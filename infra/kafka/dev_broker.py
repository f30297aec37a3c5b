"""Apache Kafka itself, broker and controller in one process, for tests and for trying out: no place for real data."""

import base64
import ctypes
import fcntl
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from infra.kafka import jars
from infra.kafka.dev_settings import HOST, free_port, is_free, write
from infra.kafka.jars import NotInstalled
from infra.unavailable import Unavailable

_READY_SECONDS = 60.0
_STOPPING_SECONDS = 20.0
_LONGEST_LOG = 10_000_000
_JAVA = ("-Xmx400m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LOGS = "-Dlog4j2.configurationFile=log4j2.properties"
_PR_SET_PDEATHSIG = 1


class DevBroker:
    """Start it again on the same directory, and it has all it had, also after it was killed.

    On Linux it is killed when the thread that started it ends, so that nobody's death leaves it behind.
    """

    def __init__(self, directory: Path, port: int = 0, *, cache: Path | None = None):
        self.directory = Path(directory).expanduser().absolute()
        self.port = port or free_port()
        self.log = self.directory / "kafka.log"
        self._cache = cache or jars.cache()
        self._process: subprocess.Popen[bytes] | None = None
        self._log_began = 0

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """None while it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Returns when it answers."""
        if self.pid:
            return
        java = self._java()
        if not is_free(self.port):
            raise Unavailable(f"Port {self.port} of {HOST} is in use: end what listens there, or take another port.")
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.directory / "in-use", "w") as lock:
            self._take(lock)
            self._prepare()
            if not (self.directory / "data" / "meta.properties").exists():
                self._format(java, lock)
            self._process = self._run([*java, "kafka.Kafka", "server.properties"], lock)
        try:
            self._await_answer()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        if self._process and self.pid:
            self._process.terminate()
            try:
                self._process.wait(_STOPPING_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """As a crash would end it."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def wait(self) -> None:
        """Until it ends by itself, which it does only when something is wrong."""
        if self._process:
            self._process.wait()
            raise self._unavailable("has ended")

    def answers(self) -> bool:
        """Whether it does what it is asked, not only listens."""
        patience: dict[str, Any] = {"bootstrap_timeout_ms": 5_000, "request_timeout_ms": 5_000}
        try:
            # The client would try for long, and log it.
            socket.create_connection((HOST, self.port), 5).close()
            admin = KafkaAdminClient(bootstrap_servers=self.address, **patience)
            try:
                return bool(admin.describe_cluster()["brokers"])
            finally:
                admin.close()
        except (KafkaError, OSError):
            return False

    def __enter__(self) -> "DevBroker":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _java(self) -> list[str]:
        java = shutil.which("java")
        if not java:
            raise NotInstalled(
                "Apache Kafka needs Java 17 or newer, and there is no java on the PATH: install it (on Debian and "
                "Ubuntu: apt-get install default-jre-headless), or name a broker of yours by RECEIVABLES_KAFKA."
            )
        jars.fetch(self._cache)
        return [java, *_JAVA, _LOGS, "-cp", jars.class_path(self._cache)]

    def _take(self, lock: IO[str]) -> None:
        # Kafka locks its folder only after it has written to it, and what two have written is corrupt.
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(f"Another broker runs in {self.directory}: end it, or take another folder.") from None

    def _prepare(self) -> None:
        write(self.directory, self.address)
        if self.log.exists() and self.log.stat().st_size > _LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._log_began = self.log.stat().st_size if self.log.exists() else 0

    def _format(self, java: list[str], lock: IO[str]) -> None:
        # A leading dash would be read as an option.
        cluster = "k" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
        tool = self._run([*java, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", "server.properties"], lock)
        try:
            if tool.wait(_READY_SECONDS):
                raise self._unavailable("cannot make its folder")
        except subprocess.TimeoutExpired:
            raise self._unavailable("does not come to an end with its folder") from None
        finally:
            tool.kill()
            tool.wait()

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not self.answers():
            if not self.pid:
                raise self._unavailable("does not start")
            if time.monotonic() > deadline:
                raise self._unavailable(f"does not answer within {_READY_SECONDS:.0f} seconds")
            time.sleep(0.05)

    def _run(self, command: list[str], lock: IO[str]) -> subprocess.Popen[bytes]:
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.directory,
                # Held for as long as Java lives, whatever becomes of us.
                stdin=lock,
                stdout=log,
                stderr=log,
                # A Ctrl-C is for us alone, who stop it in order.
                start_new_session=True,
                preexec_fn=_end_with_us if sys.platform == "linux" else None,
            )

    def _unavailable(self, what: str) -> Unavailable:
        with open(self.log, "rb") as log:
            log.seek(self._log_began)
            said = log.read().decode(errors="replace")
        # Who is killed has no time to say so: what stands last in the log is about something else.
        ended = self._process.returncode if self._process else None
        reason = f"it was ended by {signal.Signals(-ended).name}" if ended and ended < 0 else _reason(said)
        return Unavailable(f"Apache Kafka in {self.directory} {what}: {reason}. Its log is {self.log}.")


_libc = ctypes.CDLL(None)


def _end_with_us() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _reason(said: str) -> str:
    if "UnsupportedClassVersionError" in said:
        return "it needs Java 17 or newer"
    found = re.search(r"^\S+ \S+ (?:ERROR|FATAL) (.+\n?.*Exception: .*|.+)", said, re.MULTILINE)
    lines = found[1].splitlines() if found else said.strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else "it gave no reason"
