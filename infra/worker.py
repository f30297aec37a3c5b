"""A function at work in a Python of its own, beside this one: two Pythons use two cores, two threads do not.

It is no fork, which would copy connections and locks that other threads hold, and it does not import the program's
main module, which may be anybody's script.
"""

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Generic, NamedTuple, TypeVar

Result = TypeVar("Result")
# Called now and then with how far the work is.
Reached = Callable[[int], object]
Work = Callable[[Reached], Result]

_PROGRAM = "import sys; from infra.worker import serve; serve(int(sys.argv[1]))"


class WorkerLost(Exception):
    """The process ended without an answer: it was killed, or could not start."""


class _Answer(NamedTuple):
    result: Any = None
    error: Exception | None = None


class Worker(Generic[Result]):
    def __init__(self, process: "subprocess.Popen[bytes]", channel: "Connection[Any, Any]"):
        self._process, self._channel = process, channel
        self._answer: _Answer | None = None

    def check(self) -> None:
        """Raises what the work has raised, or `WorkerLost`; says nothing while it goes on."""
        while self._answer is None and self._channel.poll():
            self._hear()

    def result(self) -> Result:
        """Waits for it; raises as `check` does."""
        while self._answer is None:
            self._hear()
        result: Result = self._answer.result
        return result

    def _hear(self) -> None:
        try:
            self._answer = self._channel.recv()
        except (EOFError, ConnectionError):
            raise WorkerLost(f"a process that helped ended with {self._process.wait()}") from None
        if self._answer and self._answer.error:
            raise self._answer.error


@contextmanager
def worker(work: Work[Result]) -> "Iterator[Worker[Result]]":
    """Starts it; `work` goes there as a pickle, and its result comes back as one. At the end it is killed.

    A process whose parent is gone ends when the work next says how far it is.
    """
    pickled = pickle.dumps(work)
    mine, theirs = Pipe()
    with mine:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno())],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(each or os.getcwd() for each in sys.path)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # The terminal's Ctrl-C is for the parent, who then kills it.
                process_group=0,
            )
        with process:
            try:
                # What it cannot take, since it has ended already, is noticed when it is heard.
                with suppress(ConnectionError):
                    mine.send_bytes(pickled)
                yield Worker(process, mine)
            finally:
                process.kill()


def serve(channel: int) -> None:
    """What the process does."""
    with Connection(channel) as parent:
        work: Work[Any] = pickle.loads(parent.recv_bytes())
        with suppress(BrokenPipeError):
            parent.send(_answered(work, lambda _: parent.send(None)))


def cores() -> int:
    """How many processes can work at once; one where this Python does not know how to start another."""
    if not sys.executable:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answered(work: Work[Any], reached: Reached) -> _Answer:
    try:
        return _Answer(work(reached))
    except BrokenPipeError:
        raise
    except Exception as error:
        error.add_note(f"In a process that helped:\n{traceback.format_exc()}")
        return _Answer(error=_portable(error))


def _portable(error: Exception) -> Exception:
    """The error, or its words where it does not survive the way."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
