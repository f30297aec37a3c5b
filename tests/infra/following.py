"""A follower in a thread of its own, and waiting for what it does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

# So long on a busy machine; where all is well nothing takes a tenth of it.
PATIENCE_SECONDS = 40.0


class Running:
    """`error` is what ended it, if anything but the stop did."""

    def __init__(self, run: Callable[[Event], None]):
        self.stop = Event()
        self.error: BaseException | None = None
        self._run = run
        self._thread = Thread(target=self._guarded, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """How many seconds it took to stop."""
        began = time.monotonic()
        self.stop.set()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "it does not stop"
        return time.monotonic() - began

    def join(self) -> None:
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "it has not ended by itself"

    def _guarded(self) -> None:
        try:
            self._run(self.stop)
        except BaseException as error:
            self.error = error


@contextmanager
def running(run: Callable[[Event], None]) -> Iterator[Running]:
    follower = Running(run)
    try:
        yield follower
    finally:
        follower.end()


def becomes(what: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether it is so in time."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
