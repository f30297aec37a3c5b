"""Whether a worker is well: what it last reported, and how far it is if the database says so at once."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread

import psycopg

from infra.log.workers import State

# Less than the second after which a container platform takes a worker for dead.
WAIT_SECONDS = 0.5
WELL: tuple[State, ...] = ("starting", "following", "standby")


@dataclass(frozen=True, slots=True)
class Health:
    """`position` and `head` are None where the database does not answer in time; some workers have no position."""

    worker: str
    state: State
    message: str
    position: int | None
    head: int | None

    @property
    def is_well(self) -> bool:
        return self.state in WELL

    @property
    def behind(self) -> int | None:
        return None if self.position is None or self.head is None else self.head - self.position


class Watched:
    """A worker that can be asked how it is, by many at a time.

    `ask` gives position and head. It runs beside, once at a time: an answer that does not come holds up neither the
    worker nor those who want to know, and takes no second connection.
    """

    def __init__(
        self,
        worker: str,
        reported: Callable[[], tuple[State, str]],
        ask: Callable[[], tuple[int | None, int]],
        *,
        wait_seconds: float = WAIT_SECONDS,
    ):
        self.worker = worker
        self._reported, self._ask, self._wait_seconds = reported, ask, wait_seconds
        self._lock = Lock()
        self._asked: Future[tuple[int | None, int]] | None = None

    def health(self) -> Health:
        position, head = self._reached()
        state, message = self._reported()
        return Health(self.worker, state, message, position, head)

    def _reached(self) -> tuple[int | None, int | None]:
        with self._lock:
            asked = self._asked
            if asked is None or asked.done():
                asked = self._asked = Future()
                Thread(target=self._answer, args=(asked,), name=f"health-{self.worker}", daemon=True).start()
        try:
            return asked.result(self._wait_seconds)
        except (TimeoutError, psycopg.Error):
            return None, None

    def _answer(self, asked: "Future[tuple[int | None, int]]") -> None:
        try:
            asked.set_result(self._ask())
        except Exception as error:
            asked.set_exception(error)
