"""The facts of a stream by their days, all read at once: its state on one day after the other."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from domain.kinds import Kind


class History:
    """Folded as `Ledger.read_on` does it, and only when something has changed since the day asked for before."""

    def __init__(self, kind: Kind, facts: Iterable[tuple[Any, date]]):
        self._kind, self._facts = kind, list(facts)
        self._days = sorted({on for _, on in self._facts})
        self._state: Any = None
        self._seen = -1

    def on(self, day: date) -> Any:
        """The state by the facts that are effective up to a day."""
        seen = bisect_right(self._days, day)
        if seen != self._seen:
            self._state, self._seen = self.then(day), seen
        return self._state

    def then(self, day: date) -> Any:
        """As `on`, for a day that is asked for once."""
        state = None
        for fact, on in self._facts:
            state = self._kind.evolve(state, fact, on) if on <= day else self._kind.defer(state, fact)
        return state

    def next_on(self, day: date) -> date | None:
        """The first day after that one on which something changes."""
        following = bisect_right(self._days, day)
        return self._days[following] if following < len(self._days) else None

    def add(self, facts: Sequence[Any], day: date) -> None:
        """After all that is known of that day."""
        place = next((n for n in range(len(self._facts), 0, -1) if self._facts[n - 1][1] <= day), 0)
        self._facts[place:place] = [(fact, day) for fact in facts]
        self._days = sorted({*self._days, day})
        self._seen = -1
