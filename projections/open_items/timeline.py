"""What is owed on one item over two axes: valid time (days) and transaction time (positions of the log).

A period is a rectangle: the same amounts from the day `valid_from` until before `valid_to`, as known from the position
`from_position` until before `to_position`. No two periods of an item overlap: a day and a position lie in one at most.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

FOREVER = date.max
NEVER = 2**63 - 1


class Period(NamedTuple):
    """`assignments` counts how often the item is assigned to a factor, `paused_days` the days past due and before
    this period on which all that was open was disputed; `settled_on` is the day since which nothing has been open, and
    `settled_by` what the item was settled by. Where something is open, that is what was taken on the first day of the
    period, if anything: it settles the item once facts of earlier days are recorded.
    """

    valid_from: date
    valid_to: date
    from_position: int
    to_position: int
    open_minor: int
    disputed_minor: int
    assignments: int
    paused_days: int
    settled_on: date | None
    settled_by: str | None
    customer: str


class Item(NamedTuple):
    """What never changes about an item. What is None of a new one is as on the first item of its invoice."""

    kind: str
    original_minor: int
    due_on: date
    entity: str | None = None
    currency: str | None = None
    issued_on: date | None = None
    document_on: date | None = None


class Movement(NamedTuple):
    """What one fact changes on one item of its invoice; `opening` if the item is new.

    `customer` is given when the fact says whose the item is from that day on.
    """

    on: date
    position: int
    open_minor: int = 0
    disputed_minor: int = 0
    assignments: int = 0
    by: str = ""
    customer: str | None = None
    item: int = 1
    opening: Item | None = None


class Superposed(NamedTuple):
    now: tuple[Period, ...]
    superseded: list[Period]


def begin(movement: Movement) -> Period:
    """The only period of an item that a movement opens."""
    on, position, minor, disputed, assignments, by, customer, _, _ = movement
    settled_on, settled_by = (None, None) if minor else (on, by)
    period = on, FOREVER, position, NEVER, minor, disputed, assignments, 0, settled_on, settled_by, customer or ""
    return _new(Period, period)


def superpose(known: Sequence[Period], movement: Movement, due_on: date) -> Superposed:
    """`known` are the periods known before the movement, in order of days; its position is higher than all of theirs.

    From its day on every period is superseded by one with the movement's amounts added; a period that the day falls
    into keeps the days before.
    """
    if not known:
        return Superposed((begin(movement),), [])
    on, position = movement.on, movement.position
    if on > known[-1].valid_from and not (known[-1].disputed_minor or movement.disputed_minor):
        return _ended(known, movement)
    if not movement.open_minor:
        # What moves no money cannot be effective before the item is there.
        on = max(on, known[0].valid_from)
    first = len(known)
    while first and known[first - 1].valid_to > on:
        first -= 1
    now = list(known[:first])
    superseded: list[Period] = []
    if on < known[0].valid_from:
        now.append(begin(movement)._replace(valid_to=known[0].valid_from, customer=known[0].customer))
    for period in known[first:]:
        if period.valid_from < on:
            before, period = _split(period, on, due_on)
            now.append(before)
        if period.from_position < position:
            superseded.append(_new(Period, (*period[:3], position, *period[4:])))
        now.append(_moved(period, movement, now[-1] if now else None, due_on))
    return Superposed(tuple(now), superseded)


def _ended(known: Sequence[Period], movement: Movement) -> Superposed:
    """As nearly always: the day is beyond all others known of an item that nobody disputes."""
    on, position, more, _, assigned, by, customer, _, _ = movement
    start, end, from_position, _, minor, disputed, assignments, paused, settled_on, settled_by, owner = known[-1]
    ended = _new(
        Period, (start, on, from_position, NEVER, minor, disputed, assignments, paused, settled_on, settled_by, owner)
    )
    held = _new(
        Period, (on, end, from_position, position, minor, disputed, assignments, paused, settled_on, settled_by, owner)
    )
    if more:
        settled_on, settled_by = (None if minor + more else on), (by if more < 0 else None)
    minor, assignments, owner = minor + more, assignments + assigned, owner if customer is None else customer
    moved = _new(
        Period, (on, end, position, NEVER, minor, disputed, assignments, paused, settled_on, settled_by, owner)
    )
    return Superposed((*known[:-1], ended, moved), [held])


def ladder_age(period: Period, due_on: date, as_of: date) -> int:
    """Days past due on a day of the period, without those on which all of it was disputed."""
    return (as_of - due_on).days - paused_days(period, due_on, as_of + timedelta(1))


def paused_days(period: Period, due_on: date, before: date) -> int:
    """Days past due and before `before`, no later than the period, on which all that was open was disputed."""
    if not 0 < period.open_minor <= period.disputed_minor:
        return period.paused_days
    since = max(period.valid_from, due_on + timedelta(1))
    return period.paused_days + max(0, (before - since).days)


# Cheaper than the class: a rebuild makes millions of periods.
_new = tuple.__new__


def _split(period: Period, on: date, due_on: date) -> tuple[Period, Period]:
    start, end, from_position, to_position, minor, disputed, assignments, paused, settled_on, settled_by, customer = (
        period
    )
    until = paused_days(period, due_on, on) if disputed else paused
    rest = minor, disputed, assignments
    held_by = None if minor else settled_by
    return (
        _new(Period, (start, on, from_position, to_position, *rest, paused, settled_on, settled_by, customer)),
        _new(Period, (on, end, from_position, to_position, *rest, until, settled_on, held_by, customer)),
    )


def _moved(period: Period, movement: Movement, previous: Period | None, due_on: date) -> Period:
    start, end, _, _, minor, disputed, assignments, paused, _, _, customer = period
    minor += movement.open_minor
    settled_on, settled_by = _settled(period, movement, previous)
    if previous:
        paused = paused_days(previous, due_on, start) if previous.disputed_minor else previous.paused_days
    disputed, assignments = disputed + movement.disputed_minor, assignments + movement.assignments
    customer = customer if movement.customer is None else movement.customer
    moved = start, end, movement.position, NEVER, minor, disputed, assignments, paused, settled_on, settled_by, customer
    return _new(Period, moved)


def _settled(period: Period, movement: Movement, previous: Period | None) -> tuple[date | None, str | None]:
    is_taking = movement.open_minor < 0 and movement.on == period.valid_from
    by = (movement.by if is_taking else None) or period.settled_by
    if period.open_minor + movement.open_minor:
        return None, by
    if previous and not previous.open_minor and previous.settled_on:
        return previous.settled_on, previous.settled_by
    return period.valid_from, by or movement.by
