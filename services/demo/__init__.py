"""A believable stretch of business, played through the same services as any other command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, groupby
from operator import attrgetter

from domain.entry import Cause, Entry, customer_stream
from domain.refusal import Refused
from infra.clock import Dice, seeded
from services.assembly import App
from services.catalogue.customers import COLLECTOR, CONTACT, LIMIT, REGISTER, TERMS
from services.catalogue.invoices import ISSUE
from services.demo.characters import Character, cast
from services.demo.plot import Act, bills, story

_MARK = "demo "
PAGE = 5000

Progress = Callable[[int, int, str], None]


class PlayedClock:
    """Shows the day being played, a minute later at every call."""

    def __init__(self, on: date):
        self.day, self._minutes = on, 0

    def turn_to(self, on: date) -> None:
        self.day, self._minutes = on, 0

    def __call__(self) -> datetime:
        self._minutes += 1
        return datetime.combine(self.day, time(8), UTC) + timedelta(seconds=20 * self._minutes)


@dataclass(frozen=True, slots=True)
class Played:
    """`invoices` is 0 when all was played before."""

    customers: int
    invoices: int
    refused: int
    position: int


def play(
    app: App, clock: PlayedClock, *, seed: int, customers: int, months: int, until: date, progress: Progress
) -> Played:
    """Plays the months up to `until`; what was played before is not played again.

    A demonstration that was cut short goes on where it was, with the days it began with. Refuses `ledger_in_use` when
    the ledger holds other facts, and `other_demonstration` when it holds one of another seed or size.
    """
    dice, part = seeded(seed), f"{_MARK}--seed {seed} --customers {customers} --months {months}: "
    began_on, performed = _so_far(app, part)
    first_on = began_on or until - timedelta(days=30 * months)
    until = first_on + timedelta(days=30 * months)
    end = Cause("demo", f"{part}end")
    if app.ledger.answer(end.command_id):
        return Played(customers, 0, 0, app.ledger.head().position)
    characters = list(cast(customers, dice))
    acts = _script(characters, first_on, until, dice)
    stage = _Stage(app, part, performed)
    clock.turn_to(first_on)
    for character in characters:
        stage.introduce(character, first_on)
    days = [(on, list(acts_of_day)) for on, acts_of_day in groupby(acts, key=attrgetter("on"))]
    for done, (on, acts_of_day) in enumerate(days, 1):
        clock.turn_to(on)
        for act in acts_of_day:
            stage.perform(act)
        progress(done, len(days), f"{on:%B %Y}")
    app.ledger.change((), dict, on=until, cause=end, content=None)
    app.bring_views_up_to_date()
    invoices = sum(act.request.command is ISSUE for act in acts)
    return Played(customers, invoices, stage.refused, app.ledger.head().position)


def _so_far(app: App, part: str) -> tuple[date | None, int]:
    """The day it began, and the number of its last command that left facts."""
    began_on, last, after = None, 0, 0
    while entries := app.ledger.entries(after, PAGE):
        began_on = began_on or _began_on(entries[0], part)
        commands = (each.cause.command_id for each in entries)
        last = max([last, *(int(each.removeprefix(part)) for each in commands if each.startswith(part))])
        after = entries[-1].position
    return began_on, last


def _began_on(first: Entry, part: str) -> date:
    command = first.cause.command_id
    if command.startswith(part):
        return first.effective_on
    if command.startswith(_MARK):
        played = command.removeprefix(_MARK).partition(":")[0]
        message = (
            f"this ledger holds the demonstration {played}; ask for that, or set RECEIVABLES_HOME to an empty folder"
        )
        raise Refused("other_demonstration", message)
    raise Refused("ledger_in_use", "this ledger holds other facts; set RECEIVABLES_HOME to an empty folder")


def _script(characters: list[Character], first_on: date, until: date, dice: Dice) -> list[Act]:
    numbers = count(1)
    acts: list[Act] = []
    for character in characters:
        for bill in bills(character, first_on, until, dice, lambda: f"R-{next(numbers):05d}"):
            acts.extend(act for act in story(character, bill, dice) if act.on <= until)
    return sorted(acts, key=attrgetter("on"))


class _Stage:
    """Commands numbered up to `performed` were decided by an earlier run, and are not decided again."""

    def __init__(self, app: App, part: str, performed: int):
        self.app, self._part, self._performed = app, part, performed
        self.number = self.refused = 0

    def introduce(self, character: Character, on: date) -> None:
        who, currency = customer_stream(character.customer), character.currency
        email = f"accounts@{character.name.lower().replace(' ', '-')}.example"
        for request, reason in (
            (REGISTER(country=character.country), None),
            (
                TERMS(
                    schedule=character.schedule,
                    discounts=character.discounts,
                    currency=currency,
                    jurisdiction=character.country,
                ),
                None,
            ),
            (CONTACT(name=character.name, email=email), None),
            (LIMIT(amount_minor=character.limit_minor, currency=currency), "opening"),
            (COLLECTOR(collector=character.collector), None),
        ):
            self.perform(Act(on, "sales", who, request, reason))

    def perform(self, act: Act) -> None:
        self.number += 1
        if self.number <= self._performed:
            return
        try:
            cause = Cause(act.actor, f"{self._part}{self.number}", act.reason)
            self.app.commands.give(act.stream, act.request, on=act.on, cause=cause)
        except Refused:
            self.refused += 1
