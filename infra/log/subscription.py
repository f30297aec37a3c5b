"""The library's subscription to the log: for programs that are written for the library."""

from collections.abc import Sequence
from threading import Event, Thread
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription

from infra.database import Pool
from infra.log.listener import listener

LONGEST_WAIT_SECONDS = 60.0


class LogSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """Yields what is there, then what comes, woken by the append itself; ends with the error when it is cut off."""

    def __init__(self, recorder: ApplicationRecorder, pool: Pool, gt: int | None, topics: Sequence[str]):
        self._pool = pool
        self._over = Event()
        super().__init__(recorder, gt, topics)
        self._listener = Thread(target=self._listen, name="ledger-listener", daemon=True)
        self._listener.start()

    def stop(self) -> None:
        self._over.set()
        super().stop()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._listener.join()

    def _listen(self) -> None:
        try:
            with listener(self._pool) as log:
                log.listen()
                # What was appended between the first look and the LISTEN announced itself to nobody.
                self._has_been_notified.set()
                while not self._over.is_set():
                    if log.wait(LONGEST_WAIT_SECONDS, self._over):
                        self._has_been_notified.set()
        except BaseException as error:
            self._thread_error = self._thread_error or error
            self.stop()
