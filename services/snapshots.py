"""Reads of the views as of a position: what was known at an instant, with answers that fit together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from domain.refusal import Refused
from infra.clock import Clock
from infra.views.answers import Views
from projections.open_items.asking import Question
from projections.open_items.debtors import named
from projections.projection import Row

FIRST_YEAR, LAST_YEAR = 1900, 9000
LAST = 2**63 - 1

Ask = Callable[..., list[list[Row]]]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class AsOfPosition:
    """What was recorded up to a position, which is all that was known at the instant."""

    at: datetime
    position: int
    # The ledger's day when it was asked: of later days nobody knows yet what is paid.
    today: date
    # Whether views take account of facts beyond it, too, so that they must be asked for the position by name.
    has_more: bool = False

    @property
    def at_text(self) -> str:
        return instant_text(self.at)


class Snapshots:
    """Answers of several views that fit together: all as of the position that the one furthest behind has reached."""

    def __init__(
        self,
        views: Views,
        position_at: Callable[[datetime], int],
        recorded_to: Callable[[], int],
        *,
        clock: Clock,
        today: Callable[[], date],
    ):
        self._views, self._position_at, self._recorded_to = views, position_at, recorded_to
        self._clock, self._today = clock, today

    @contextmanager
    def at(self, instant: datetime | None, *views: str) -> Iterator[tuple[AsOfPosition, Ask]]:
        """The as-of position of an instant, by default now, and a function that asks the views within one snapshot.

        No older than what this process has recorded: raises `Behind` when the views do not come that far in time.
        Its instant, asked about again, gives the same position. Refuses `not_yet`.
        """
        now = self._clock()
        until = require_past(instant, now) if instant else now
        # Before the snapshot: whoever holds one connection and waits for another may wait for ever.
        last = self._position_at(instant) if instant else LAST
        with self._views.snapshot(*views, not_before=self._recorded_to()) as snapshot:
            position = min(last, snapshot.position(*views))
            at = snapshot.latest(position, until)
            yield AsOfPosition(at, position, self._today(), snapshot.has_more), snapshot.ask

    def position(self, instant: datetime | None, *views: str) -> AsOfPosition:
        with self.at(instant, *views) as (as_known, _):
            return as_known


def answer(ask: Ask, question: Question[Answer]) -> Answer:
    [rows] = ask(question.query)
    return question.read(rows)


def instant_text(at: datetime) -> str:
    """To the microsecond, as facts are recorded, so that what is printed can be asked about again."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def require_past(instant: datetime, now: datetime) -> datetime:
    """Refuses `not_yet` for an instant still to come: nobody knows what will be recorded by then."""
    if instant > now:
        raise Refused("not_yet", f"{instant_text(instant)} is still to come: nobody knows yet what is recorded by then")
    return instant


def require_named(ask: Ask, *, customer: str | None = None, entity: str | None = None) -> None:
    """For an answer that found nothing: refuses mistyped names as `not_registered` and `unknown_entity`."""
    [[(is_registered, is_entity)]] = ask(named(customer, entity))
    if not is_registered:
        raise Refused("not_registered", f"there is no customer {customer}")
    if not is_entity:
        raise Refused("unknown_entity", f"nothing is recorded of an entity {entity}")


def require_day(day: date) -> date:
    """Refuses `bad_day` outside the years of a ledger: windows of days could not be counted back from there."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("bad_day", f"{day} is not a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day
