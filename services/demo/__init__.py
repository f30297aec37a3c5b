"""A believable stretch of business, played through the same services as any other command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, groupby
from operator import attrgetter

from domain import customer as account
from domain.entry import Cause
from domain.refusal import Refused
from infra.clock import Dice
from services.assembly import App
from services.demo.characters import Character, cast
from services.demo.plot import Act, bills, story

_MARK, _END = "demo:", "demo:end"
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
    customers: int
    invoices: int
    commands: int
    refused: int
    position: int


def play(
    app: App, clock: PlayedClock, dice: Dice, *, customers: int, months: int, until: date, progress: Progress
) -> Played:
    """Plays the months up to `until`; what was played before is not played again.

    A demonstration that was cut short goes on where it was, with the days it began with. Refuses `ledger_in_use`
    when the ledger holds other facts.
    """
    began_on = _began_on(app)
    first_on = began_on or until - timedelta(days=30 * months)
    until = first_on + timedelta(days=30 * months)
    characters = list(cast(customers, dice))
    acts = _script(characters, first_on, until, dice)
    stage = _Stage(app)
    if app.ledger.answer(_END):
        acts = []
    clock.turn_to(first_on)
    for character in characters:
        stage.introduce(character, first_on)
    days = [(on, list(acts_of_day)) for on, acts_of_day in groupby(acts, key=attrgetter("on"))]
    for done, (on, acts_of_day) in enumerate(days, 1):
        clock.turn_to(on)
        for act in acts_of_day:
            stage.perform(act)
        progress(done, len(days), f"{on:%B %Y}")
    app.ledger.change((), dict, on=until, cause=Cause(_MARK, _END), content=None)
    app.projector.catch_up()
    invoices = sum(act.kind == "issue" for act in acts)
    return Played(len(characters), invoices, stage.commands, stage.refused, app.ledger.head().position)


def _began_on(app: App) -> date | None:
    first = app.ledger.entries(0, 1)
    if first and not first[0].cause.command_id.startswith(_MARK):
        raise Refused(
            "ledger_in_use",
            "this ledger holds other facts; set RECEIVABLES_HOME to an empty folder for the demonstration",
        )
    return first[0].effective_on if first else None


def _script(characters: list[Character], first_on: date, until: date, dice: Dice) -> list[Act]:
    numbers = count(1)
    acts: list[Act] = []
    for character in characters:
        for bill in bills(character, first_on, until, dice, lambda: f"R-{next(numbers):05d}"):
            acts.extend(act for act in story(character, bill, dice) if act.on <= until)
    return sorted(acts, key=attrgetter("on"))


class _Stage:
    def __init__(self, app: App):
        self.app = app
        self.commands = self.refused = 0
        self._numbers = count(1)

    def introduce(self, character: Character, on: date) -> None:
        customers, who = self.app.customers, character.customer

        def said(why: str) -> Cause:
            return self._cause("sales", why)

        customers.ask(account.register, who, on=on, cause=said("new customer"), country=character.country)
        terms = {"schedule": character.schedule, "discounts": character.discounts, "currency": character.currency}
        customers.ask(account.agree_terms, who, on=on, cause=said("contract"), jurisdiction=character.country, **terms)
        contact = {"name": character.name, "email": f"accounts@{character.name.lower().replace(' ', '-')}.example"}
        customers.set_contact(who, contact, on=on, cause=said("contract"))
        limit = {"amount_minor": character.limit_minor, "currency": character.currency, "why": "opening limit"}
        customers.ask(account.set_limit, who, on=on, cause=said("credit check"), **limit)
        customers.ask(account.assign_collector, who, on=on, cause=said("portfolio"), collector=character.collector)

    def perform(self, act: Act) -> None:
        cause = self._cause(act.actor, None)
        try:
            getattr(self, f"_{act.kind}")(act, cause)
        except Refused:
            self.refused += 1

    def _issue(self, act: Act, cause: Cause) -> None:
        self.app.claims.issue(
            act.number,
            customer=act.character.customer,
            currency=act.character.currency,
            issued_on=act.on,
            cause=cause,
            **act.asked,
        )

    def _ask(self, act: Act, cause: Cause) -> None:
        assert act.decision
        self.app.claims.ask(act.decision, act.number, on=act.on, cause=cause, **act.asked)

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

    def _cause(self, actor: str, why: str | None) -> Cause:
        self.commands += 1
        return Cause(actor, f"{_MARK}{next(self._numbers)}", why)
