"""The messenger: hands over what is planned, one messenger at a time, and hears what comes back."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from infra.clock import Clock
from infra.database import Pool
from infra.log.ledger import Ledger
from infra.log.workers import leading
from infra.logs import logger
from services.messages.checking import Checked, read_again
from services.messages.contact_list import ContactList
from services.messages.dispatch import ACTOR as NAME
from services.messages.dispatch import Dispatch, Ready, Result
from services.messages.returned import Returned
from services.messages.writing import Unwritten

PAGE = 50
MOST_AT_ONCE = 100_000
# A channel that fails so often in a row for reasons of its own is left alone: each further try may spoil a message.
MOST_TROUBLES = 3
REST = timedelta(minutes=5)
# Who is turned away for now is to ask again, but not at once.
TURNED_AWAY = timedelta(minutes=15)


@dataclass(slots=True)
class Outcome:
    """How many messages ended how; `bounced` are those that came back of what was sent before.

    `stopped_by` is the code of a server that failed: what is left waits. `is_elsewhere`: another messenger is at work,
    and nothing was done here.
    """

    sent: int = 0
    withheld: int = 0
    failed: int = 0
    unknown: int = 0
    deferred: int = 0
    bounced: int = 0
    stopped_by: str = ""
    is_elsewhere: bool = False

    @property
    def handled(self) -> int:
        return self.sent + self.withheld + self.failed + self.unknown + self.deferred

    def count(self, kind: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)


class Messenger:
    """`refresh` brings the view of contacts up to date for a single run; where a worker works, a projector does it."""

    def __init__(
        self,
        ledger: Ledger,
        pool: Pool,
        contacts: ContactList,
        dispatch: Dispatch,
        returned: Returned,
        *,
        refresh: Callable[[], object],
        clock: Clock,
        new_id: Callable[[], str],
    ):
        self._ledger, self._pool, self._contacts = ledger, pool, contacts
        self._dispatch, self._returned = dispatch, returned
        self._refresh, self._clock, self._new_id = refresh, clock, new_id
        # For a process that is back a moment later; who begins anew may ask at once.
        self._turned_away: dict[str, datetime] = {}
        self._rests_until: datetime | None = None

    def run_once(self, today: date, limit: int = MOST_AT_ONCE) -> Outcome:
        """Hands over what is due that day, at most so much; nothing where another messenger is at work."""
        with leading(self._pool, NAME) as is_leader:
            if not is_leader:
                return Outcome(is_elsewhere=True)
            self._refresh()
            return self._run(today, self._contacts.waiting(today, limit), lambda: False)

    def step(self, today: date, limit: int, is_over: Callable[[], bool]) -> Outcome:
        """As `run_once`, for who has the lead and is back a moment later: no server is asked again before its time."""
        now = self._clock()
        self._turned_away = {stream: until for stream, until in self._turned_away.items() if until > now}
        if self._rests_until and now < self._rests_until:
            return self._run(today, [], is_over)
        waiting = self._contacts.waiting(today, limit + len(self._turned_away))
        outcome = self._run(today, [each for each in waiting if each not in self._turned_away][:limit], is_over)
        self._rests_until = now + REST if outcome.stopped_by else None
        return outcome

    def _run(self, today: date, streams: Sequence[str], is_over: Callable[[], bool]) -> Outcome:
        outcome = Outcome()
        interrupted = self._contacts.handed_over()
        # Before anything is recorded here, which the view would have to show first.
        outcome.bounced = self._returned.read(today)
        for late in self._dispatch.record_late():
            outcome.count(late.kind)
        for stream in interrupted:
            if self._dispatch.lose(stream, today):
                outcome.unknown += 1
        troubles = Counter[str]()
        run = self._new_id()
        try:
            for checked, prepared in self._prepared(streams, today):
                channel = str(checked.contact.planned.channel)
                if is_over():
                    break
                if troubles[channel] < MOST_TROUBLES:
                    result = self._dispatch.take(checked, prepared, today, run)
                    troubles[channel] = troubles[channel] + 1 if result.is_trouble else 0
                    self._note(checked.stream, channel, result, troubles[channel], outcome)
        finally:
            self._dispatch.close()
        return outcome

    def _prepared(self, streams: Sequence[str], today: date) -> Iterator[tuple[Checked, Ready | Unwritten | None]]:
        """A page at a time, so that what is written is as old as a page takes."""
        for first in range(0, len(streams), PAGE):
            page = read_again(self._ledger, streams[first : first + PAGE], today)
            prepared = self._dispatch.prepare(page, today)
            yield from ((checked, prepared.get(checked.stream)) for checked in page)

    def _note(self, stream: str, channel: str, result: Result, troubles: int, outcome: Outcome) -> None:
        if result.kind:
            outcome.count(result.kind)
        if result.kind == "deferred":
            self._turned_away[stream] = self._clock() + TURNED_AWAY
        if result.is_trouble:
            logger(worker=NAME).warning("trouble", channel=channel, code=result.code)
        if troubles == MOST_TROUBLES:
            outcome.stopped_by = result.code
