"""The ticks of the ladder: on which day it last ran, and how many contacts it planned that day.

All ticks are one stream, so that of two who decide at the same time one is told that the other was faster.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.entry import ALWAYS
from domain.refusal import Refused

STREAM = "tick:ledger"


@dataclass(frozen=True, slots=True)
class Taken:
    """A part of the tick of a day: so many steps and contacts were decided with it."""

    today: date
    decided: int
    contacts: int


Fact = Taken

FACTS: dict[str, type] = {"tick.taken": Taken}


@dataclass(frozen=True, slots=True)
class Ticks:
    """The day of the last tick, and the contacts planned on it."""

    today: date
    contacts: int = 0


def take(ticks: Ticks | None, *, today: date, decided: int, contacts: int) -> list[Fact]:
    """The first part of a day is recorded, and every one that decided something; refuses as `require_not_past`."""
    require_not_past(ticks, today)
    if ticks and ticks.today == today and not decided:
        return []
    return [Taken(today, decided, contacts)]


def require_not_past(ticks: Ticks | None, today: date) -> None:
    """Refuses `day_before_last_run`: what was decided on a later day could not have known of it."""
    if ticks and today < ticks.today:
        raise Refused(
            "day_before_last_run", f"the ladder last ran for {ticks.today}; it cannot run for {today} after that"
        )


def evolve(ticks: Ticks | None, fact: Fact, on: date = ALWAYS) -> Ticks:
    before = ticks.contacts if ticks and ticks.today == fact.today else 0
    return Ticks(fact.today, before + fact.contacts)


def fold(facts: Iterable[Fact]) -> Ticks | None:
    ticks = None
    for fact in facts:
        ticks = evolve(ticks, fact)
    return ticks
