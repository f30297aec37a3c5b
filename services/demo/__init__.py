"""A believable stretch of business, played through the same services as any other command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count, groupby
from operator import attrgetter
from typing import Any

from domain import customer as account
from domain.entry import Cause, Entry
from domain.refusal import Refused
from infra.clock import Dice, seeded
from services.assembly import App
from services.demo.characters import Character, cast
from services.demo.plot import Act, bills, story

_MARK = "demo "
PAGE = 5000

Progress = Callable[[int, int, str], None]


class PlayedClock:
    """Stands at the day being played, a minute on at every look."""

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
    app.projector.catch_up()
    invoices = sum(act.kind == "issue" for act in acts)
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
    """What has a number up to `performed` was decided by an earlier run, and is not decided again with hindsight."""

    def __init__(self, app: App, part: str, performed: int):
        self.app, self._part, self._performed = app, part, performed
        self.number = self.refused = 0

    def introduce(self, character: Character, on: date) -> None:
        who, currency, limit = character.customer, character.currency, character.limit_minor
        contact = {"name": character.name, "email": f"accounts@{character.name.lower().replace(' ', '-')}.example"}
        terms = {"schedule": character.schedule, "discounts": character.discounts, "currency": currency}
        terms["jurisdiction"] = character.country
        ask = partial(self.app.customers.ask, on=on)
        self._do("sales", partial(ask, account.register, who, country=character.country))
        self._do("sales", partial(ask, account.agree_terms, who, **terms))
        self._do("sales", partial(self.app.customers.set_contact, who, contact, on=on))
        self._do("sales", partial(ask, account.set_limit, who, amount_minor=limit, currency=currency, why="opening"))
        self._do("sales", partial(ask, account.assign_collector, who, collector=character.collector))

    def perform(self, act: Act) -> None:
        self._do(act.actor, partial(getattr(self, f"_{act.kind}"), act))

    def _do(self, actor: str, command: Callable[..., Any]) -> None:
        self.number += 1
        if self.number <= self._performed:
            return
        try:
            command(cause=Cause(actor, f"{self._part}{self.number}"))
        except Refused:
            self.refused += 1

    def _issue(self, act: Act, cause: Cause) -> None:
        self.app.invoices.issue(
            act.number,
            customer=act.character.customer,
            currency=act.character.currency,
            issued_on=act.on,
            cause=cause,
            **act.asked,
        )

    def _ask(self, act: Act, cause: Cause) -> None:
        assert act.decision
        self.app.invoices.ask(act.decision, act.number, on=act.on, cause=cause, **act.asked)

    def _pay(self, act: Act, cause: Cause) -> None:
        which = act.asked["which"]
        self.app.cash.receive(
            f"{act.number} {which}",
            customer=act.character.customer,
            invoices=(act.number,),
            amount_minor=act.asked["amount_minor"],
            currency=act.character.currency,
            value_on=act.on,
            cause=cause,
        )

    def _bounce(self, act: Act, cause: Cause) -> None:
        self.app.cash.reverse(f"{act.number} payment", reason=act.asked["reason"], on=act.on, cause=cause)
