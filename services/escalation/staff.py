"""How long people take for what a ladder asks of them: as long as they took, where the log knows."""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median_low
from typing import NamedTuple

from domain.contact import About, Planned
from domain.contact.state import DECISION


class Done(NamedTuple):
    """The day a task is finished, and whether the debtor was reached; no day for one that stays open."""

    on: date | None
    reached: bool


class TaskKnown(NamedTuple):
    """A task about an invoice that the log knows, as it stands: `days` is how long it took, None while it is open."""

    kind: str
    invoice: str
    step: str
    run: int
    planned_on: date
    days: int | None
    reached: bool


class Staff:
    """A task that the log knows takes as long as it took. Another takes the median of its kind, and whoever is called
    or visited is reached; where none of the kind was ever finished it is done on the day it is given."""

    def __init__(self, known: Iterable[TaskKnown], first: date):
        """What was planned before the first day only says how long tasks of its kind take."""
        self._known: dict[tuple[str, str, int], deque[TaskKnown]] = defaultdict(deque)
        days: dict[str, list[int]] = defaultdict(list)
        for task in known:
            if task.planned_on >= first:
                self._known[task.invoice, task.step, task.run].append(task)
            if task.days is not None:
                days[task.kind].append(task.days)
        self._usual = {kind: median_low(each) for kind, each in days.items()}

    def done(self, contact: Planned, today: date) -> Done:
        if task := next(filter(None, map(self._next_known, contact.about)), None):
            return Done(None if task.days is None else today + timedelta(days=task.days), task.reached)
        usual = self._usual.get(contact.kind, 0)
        return Done(today + timedelta(days=usual), contact.kind != DECISION)

    def _next_known(self, about: About) -> TaskKnown | None:
        """Each is given once: of several broken promises the log knows several."""
        known = self._known.get((about.invoice, about.step, about.run))
        return known.popleft() if known else None
