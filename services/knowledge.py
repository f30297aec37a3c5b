"""What is asked about is what was known: an instant, and the position of the log that stands for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from domain.refusal import Refused
from infra.clock import Clock
from infra.views.answers import Views
from projections.projection import Query, Row

FIRST_YEAR, LAST_YEAR = 1900, 9000


@dataclass(frozen=True, slots=True)
class Known:
    at: datetime
    position: int

    @property
    def at_text(self) -> str:
        return self.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Knowledge:
    """Answers of several views that fit together: all are asked as of the position the furthest behind has reached."""

    def __init__(self, views: Views, position_at: Callable[[datetime], int], clock: Clock):
        self._views, self._position_at, self._clock = views, position_at, clock

    def known(self, at: datetime | None, views: Sequence[str]) -> Known:
        reached = min(self._views.answer(name).position for name in views)
        return Known(at or self._clock(), min(reached, self._position_at(at)) if at else reached)

    def ask(self, *queries: Query) -> list[list[Row]]:
        """Questions that name the schemas they read, all at one moment."""
        return self._views.answer("open_items", *queries).rows


def require_day(day: date) -> date:
    """Refuses as `bad_day` what no ledger is about, and what no window of days could be counted back from."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("bad_day", f"{day} is not a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day
