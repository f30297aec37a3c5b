"""Whether what a worker needs is there: said once when it goes, and once when all of it is back."""

from threading import Lock

from infra.log.follower import Report
from infra.logs import logger
from infra.reasons import reason_of


class Condition:
    """Heard from several threads: `away` and `back` name what is meant, such as the broker."""

    def __init__(self, worker: str, report: Report):
        self._log, self._report, self._lock = logger(worker=worker), report, Lock()
        self._reasons: dict[str, str] = {}
        self._is_known = False

    def away(self, what: str, error: Exception) -> None:
        with self._lock:
            if what not in self._reasons:
                self._reasons[what], self._is_known = reason_of(error), True
                self._log.warning("away", what=what, reason=self._reasons[what])
                self._report("away", self._reasons[what])

    def back(self, what: str) -> None:
        with self._lock:
            gone = self._reasons.pop(what, None)
            if self._reasons or (gone is None and self._is_known):
                return
            self._is_known = True
            self._log.warning("back", what=what) if gone else self._log.info("following")
            self._report("following", "")
