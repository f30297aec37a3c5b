"""Waiting appends of many callers become one commit: a lock held to commit is then paid for once."""

from collections.abc import Callable, Sequence
from threading import Lock

from eventsourcing.persistence import OperationalError

from infra.log.appends import Append, Outcome

MOST_IN_ONE_COMMIT = 64


class Combiner:
    """The first caller to find nobody at work leads: it commits all that waits, then hands over to the next.

    Two appends to the same stream never share a commit, since the second was decided without the first.
    """

    def __init__(self, append: Callable[[Sequence[Append]], Sequence[Outcome]], most: int = MOST_IN_ONE_COMMIT):
        self._append = append
        self._most = most
        self._lock = Lock()
        self.waiting: list[_Waiting] = []
        self._is_led = False

    def append(self, request: Append) -> Outcome:
        mine = _Waiting(request)
        with self._lock:
            self.waiting.append(mine)
            leads, self._is_led = not self._is_led, True
        if not leads:
            mine.woken.acquire()
        if not mine.is_settled:
            self._lead()
        return mine.result()

    def _lead(self) -> None:
        batch = self._next_batch()
        try:
            self._commit(batch)
        finally:
            self._hand_over(batch)

    def _next_batch(self) -> list["_Waiting"]:
        """The one who waits longest, and all behind it whose streams are free."""
        with self._lock:
            batch: list[_Waiting] = []
            taken: set[str] = set()
            left: list[_Waiting] = []
            for each in self.waiting:
                is_free = len(batch) < self._most and taken.isdisjoint(each.request.expected)
                (batch if is_free else left).append(each)
                # One that has to wait keeps its turn on its streams.
                taken.update(each.request.expected)
            self.waiting = left
            return batch

    def _commit(self, batch: Sequence["_Waiting"]) -> None:
        try:
            outcomes = self._append([each.request for each in batch])
        except Exception as error:
            self._refused(batch, error)
        else:
            for each, outcome in zip(batch, outcomes, strict=True):
                each.settle(outcome)

    def _refused(self, batch: Sequence["_Waiting"], error: Exception) -> None:
        """One caller's bad data must not fail the others; a server that does not answer fails them all."""
        if len(batch) == 1 or isinstance(error, OperationalError):
            for each in batch:
                each.settle(error)
        else:
            for each in batch:
                self._commit([each])

    def _hand_over(self, batch: Sequence["_Waiting"]) -> None:
        for each in batch:
            if not each.is_settled:
                each.settle(OperationalError("the append was interrupted; ask again under the same command id"))
        with self._lock:
            self._is_led = bool(self.waiting)
            heir = self.waiting[0] if self.waiting else None
        for each in (*batch, *([heir] if heir else [])):
            each.woken.release()


class _Waiting:
    __slots__ = ("_settled", "request", "woken")

    def __init__(self, request: Append):
        self.request = request
        self.woken = Lock()
        self.woken.acquire()
        self._settled: Outcome | Exception | None = None

    @property
    def is_settled(self) -> bool:
        return self._settled is not None

    def settle(self, outcome: Outcome | Exception) -> None:
        self._settled = outcome

    def result(self) -> Outcome:
        if isinstance(self._settled, Exception):
            raise self._settled
        assert self._settled is not None
        return self._settled
