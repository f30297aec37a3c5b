"""Following the log as it grows."""

from collections.abc import Sequence
from threading import Thread
from typing import Any

import psycopg
from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription

from infra.database import Pool

CHANNEL = "ledger"


class LogSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """Follows the log: what is there, then what comes, woken by the append itself."""

    def __init__(self, recorder: ApplicationRecorder, pool: Pool, gt: int | None, topics: Sequence[str]):
        self._pool = pool
        super().__init__(recorder, gt, topics)
        self._listener = Thread(target=self._listen, name="ledger-listener", daemon=True)
        self._listener.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._listener.join()

    def _listen(self) -> None:
        try:
            conninfo = self._pool.conninfo
            with psycopg.connect(conninfo() if callable(conninfo) else conninfo, autocommit=True) as conn:
                conn.execute(f"listen {CHANNEL}".encode())
                # What was appended between the first look and the LISTEN announced itself to nobody.
                self._has_been_notified.set()
                while not self._has_been_stopped:
                    for _ in conn.notifies(timeout=0.1, stop_after=1):
                        self._has_been_notified.set()
        except BaseException as error:
            self._thread_error = self._thread_error or error
            self.stop()
