"""A believable stretch of business, played through the same services as any other command."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from domain import tick
from domain.entry import Cause, Entry, invoice_stream
from domain.refusal import Refused
from infra.clock import Dice, seeded
from services.assembly import App
from services.demo import creditor
from services.demo.characters import Character, cast
from services.demo.plot import ENTITY, Act, Bill, bills, story
from services.demo.staff import Staff, is_working_day
from services.demo.stage import Stage
from services.escalation.decisions import ACTOR as ESCALATOR
from services.messages.dispatch import ACTOR as MESSENGER
from services.policies import SHIPPING

_MARK = "demo "
# Whose facts have ids of their own, as in every ledger.
PLAYED_BY = frozenset((ESCALATOR, MESSENGER, SHIPPING.actor))
PAGE = 5000
ONE_DAY = timedelta(days=1)

Progress = Callable[[int, int, str], None]


class PlayedClock:
    """Shows the day being played, some seconds later at every call."""

    def __init__(self, on: date):
        self.day, self._looks = on, 0

    def turn_to(self, on: date) -> None:
        self.day, self._looks = on, 0

    def __call__(self) -> datetime:
        self._looks += 1
        return datetime.combine(self.day, time(8), UTC) + timedelta(seconds=3 * self._looks)


@dataclass(frozen=True, slots=True)
class Played:
    """`invoices` is 0 when all was played before."""

    customers: int
    invoices: int
    refused: int
    position: int


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run has played: the days of its first and its last act, and the number the plot has come to."""

    began_on: date | None
    last_on: date | None
    performed: int


@dataclass(frozen=True, slots=True)
class Script:
    """`accounts` are customer and invoice by the invoice's stream, `acts` by the day on which they are played."""

    accounts: Mapping[str, tuple[Character, Bill]]
    acts: Mapping[date, Sequence[Act]]


def play(
    app: App, clock: PlayedClock, *, seed: int, customers: int, months: int, until: date, progress: Progress
) -> Played:
    """Plays the months up to `until`; what was played before is not played again.

    In the morning the ladders and the messenger are at work, then the collectors, then come payments and all the rest.
    A demonstration that was cut short goes on where it was, with the days it began with. Refuses `ledger_in_use` when
    the ledger holds other facts, and `other_demonstration` when it holds one of another seed or size.
    """
    dice, part = seeded(seed), f"{_MARK}--seed {seed} --customers {customers} --months {months}: "
    end = Cause("demo", f"{part}end")
    if app.ledger.answer(end.command_id):
        return Played(customers, 0, 0, app.ledger.head().position)
    before = _played_before(app, part)
    first_on = before.began_on or until - timedelta(days=30 * months)
    until = first_on + timedelta(days=30 * months)
    creditor.introduce(app.settings.home, ENTITY)
    characters = list(cast(customers, dice))
    script = _script(characters, first_on, until, dice)
    stage = Stage(app, part, before.performed)
    clock.turn_to(first_on)
    for character in characters:
        stage.introduce(character, first_on)
    app.bring_views_up_to_date()
    staff, morning = Staff(app, stage, script.accounts, seed), _mornings(app, before.last_on or first_on)
    days = [on for on in _days(first_on, until) if is_working_day(on) or on in script.acts]
    for done, on in enumerate(days, 1):
        clock.turn_to(on)
        if is_working_day(on):
            morning(on)
            staff.work(on)
        for act in script.acts.get(on, ()):
            stage.perform(act)
        progress(done, len(days), f"{on:%B %Y}")
    app.ledger.change((), dict, on=until, cause=end, content=None)
    app.bring_views_up_to_date()
    return Played(customers, len(script.accounts), stage.refused, app.ledger.head().position)


def _mornings(app: App, last_on: date) -> Callable[[date], None]:
    """The ladders and the messages of a day, unless they are over: after `last_on`, from the last tick on."""
    ticks: tick.Ticks | None = app.ledger.state(tick.STREAM)
    first_on = max(last_on + ONE_DAY, ticks.today if ticks else last_on)

    def morning(on: date) -> None:
        if on >= first_on:
            app.escalator.run(on)
            app.messenger.run_once(on)

    return morning


def _played_before(app: App, part: str) -> Before:
    began_on, last_on, performed, after = None, None, 0, 0
    while entries := app.ledger.entries(after, PAGE):
        began_on = began_on or _began_on(entries[0], part)
        for entry in entries:
            if entry.cause.command_id.startswith(part):
                command = entry.cause.command_id.removeprefix(part)
                performed = max(performed, int(command)) if command.isdecimal() else performed
                last_on = entry.recorded_at.date() if entry.recorded_at else last_on
            elif entry.cause.actor not in PLAYED_BY:
                raise _in_use()
        after = entries[-1].position
    return Before(began_on, last_on, performed)


def _began_on(first: Entry, part: str) -> date:
    command = first.cause.command_id
    if command.startswith(part):
        return first.effective_on
    if command.startswith(_MARK):
        played = command.removeprefix(_MARK).partition(":")[0]
        message = (
            f"this ledger holds the demonstration {played}; ask for that, play it with --home and an empty folder, or "
            "begin anew after `home reset`"
        )
        raise Refused("other_demonstration", message)
    raise _in_use()


def _in_use() -> Refused:
    message = "this ledger holds other facts; `receivables --demo demo` plays in a home of its own, whatever is set"
    return Refused("ledger_in_use", message)


def _script(characters: Sequence[Character], first_on: date, until: date, dice: Dice) -> Script:
    numbers = count(1)
    acts: dict[date, list[Act]] = defaultdict(list)
    accounts: dict[str, tuple[Character, Bill]] = {}
    for character in characters:
        for bill in bills(character, first_on, until, dice, lambda: f"R-{next(numbers):05d}"):
            accounts[invoice_stream(bill.number, ENTITY)] = character, bill
            for act in story(character, bill, dice):
                if act.played_on <= until:
                    acts[act.played_on].append(act)
    return Script(accounts, acts)


def _days(first_on: date, until: date) -> Iterator[date]:
    while first_on <= until:
        yield first_on
        first_on += ONE_DAY
