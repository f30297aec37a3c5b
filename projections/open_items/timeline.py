"""What is owed on one item, over two axes: the day it counts for and the log position at which it was known.

A span is a rectangle: the same amounts from `owed_from` until before `owed_to`, known from `known_from` until before
`known_to`. The spans of an item never overlap; a day and a position lie in one of them at most.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

FOREVER = date.max
NEVER = 2**63 - 1


class Span(NamedTuple):
    """`assignments` counts how often the item stands assigned to a factor, `paused_days` the days past due and before
    this span on which all that was open was disputed; `settled_on` is the day since which nothing has been open."""

    owed_from: date
    owed_to: date
    known_from: int
    known_to: int
    open_minor: int
    disputed_minor: int
    assignments: int
    paused_days: int
    settled_on: date | None
    settled_by: str | None
    customer: str


class Item(NamedTuple):
    """What never changes about an item. What is None of a new one is as on the first item of its claim."""

    kind: str
    original_minor: int
    due_on: date
    entity: str | None = None
    currency: str | None = None
    issued_on: date | None = None
    document_on: date | None = None


class Movement(NamedTuple):
    """What one fact changes on one item of its claim; `opening` if the item is new.

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
    now: tuple[Span, ...]
    superseded: list[Span]


def begin(movement: Movement) -> Span:
    """The only span of an item that a movement opens."""
    on, position, minor, disputed, assignments, by, customer, _, _ = movement
    settled_on, settled_by = (None, None) if minor else (on, by)
    span = on, FOREVER, position, NEVER, minor, disputed, assignments, 0, settled_on, settled_by, customer or ""
    return _new(Span, span)


def superpose(known: Sequence[Span], movement: Movement, due_on: date) -> Superposed:
    """`known` are the spans known before the movement, in order of days; its position is higher than all of theirs.

    From its day on every span is superseded by one with the movement's amounts added; a span that the day falls
    into keeps the days before.
    """
    if not known:
        return Superposed((begin(movement),), [])
    on, position = movement.on, movement.position
    if on > known[-1].owed_from and not (known[-1].disputed_minor or movement.disputed_minor):
        return _ended(known, movement)
    if not movement.open_minor:
        # What moves no money cannot count before there is something to count it on.
        on = max(on, known[0].owed_from)
    first = len(known)
    while first and known[first - 1].owed_to > on:
        first -= 1
    now = list(known[:first])
    superseded: list[Span] = []
    if on < known[0].owed_from:
        now.append(begin(movement)._replace(owed_to=known[0].owed_from, customer=known[0].customer))
    for span in known[first:]:
        if span.owed_from < on:
            before, span = _split(span, on, due_on)
            now.append(before)
        if span.known_from < position:
            superseded.append(_new(Span, (*span[:3], position, *span[4:])))
        now.append(_moved(span, movement, now[-1] if now else None, due_on))
    return Superposed(tuple(now), superseded)


def _ended(known: Sequence[Span], movement: Movement) -> Superposed:
    """As nearly always: the day is beyond all others known of an item that nobody disputes."""
    on, position, more, _, assigned, by, customer, _, _ = movement
    start, end, known_from, _, minor, disputed, assignments, paused, settled_on, settled_by, owner = known[-1]
    ended = _new(
        Span, (start, on, known_from, NEVER, minor, disputed, assignments, paused, settled_on, settled_by, owner)
    )
    held = _new(
        Span, (on, end, known_from, position, minor, disputed, assignments, paused, settled_on, settled_by, owner)
    )
    if minor:
        settled_on, settled_by = (None, None) if minor + more else (on, by)
    elif more:
        settled_on = settled_by = None
    minor, assignments, owner = minor + more, assignments + assigned, owner if customer is None else customer
    moved = _new(Span, (on, end, position, NEVER, minor, disputed, assignments, paused, settled_on, settled_by, owner))
    return Superposed((*known[:-1], ended, moved), [held])


def ladder_age(span: Span, due_on: date, as_of: date) -> int:
    """Days past due on a day of the span, without those on which all of it was disputed."""
    return (as_of - due_on).days - paused_days(span, due_on, as_of + timedelta(1))


def paused_days(span: Span, due_on: date, before: date) -> int:
    """Days past due and before `before`, no later than the span, on which all that was open was disputed."""
    if not 0 < span.open_minor <= span.disputed_minor:
        return span.paused_days
    since = max(span.owed_from, due_on + timedelta(1))
    return span.paused_days + max(0, (before - since).days)


# Cheaper than the class: a rebuild makes millions of spans.
_new = tuple.__new__


def _split(span: Span, on: date, due_on: date) -> tuple[Span, Span]:
    start, end, known_from, known_to, minor, disputed, assignments, paused, settled_on, settled_by, customer = span
    until = paused_days(span, due_on, on) if disputed else paused
    rest = minor, disputed, assignments
    ended = settled_on, settled_by, customer
    return (
        _new(Span, (start, on, known_from, known_to, *rest, paused, *ended)),
        _new(Span, (on, end, known_from, known_to, *rest, until, *ended)),
    )


def _moved(span: Span, movement: Movement, previous: Span | None, due_on: date) -> Span:
    start, end, _, _, minor, disputed, assignments, paused, _, _, customer = span
    minor += movement.open_minor
    settled_on, settled_by = (None, None) if minor else _settled(span, movement, previous)
    if previous:
        paused = paused_days(previous, due_on, start) if previous.disputed_minor else previous.paused_days
    disputed, assignments = disputed + movement.disputed_minor, assignments + movement.assignments
    customer = customer if movement.customer is None else movement.customer
    moved = start, end, movement.position, NEVER, minor, disputed, assignments, paused, settled_on, settled_by, customer
    return _new(Span, moved)


def _settled(span: Span, movement: Movement, previous: Span | None) -> tuple[date, str | None]:
    if previous and not previous.open_minor and previous.settled_on:
        return previous.settled_on, previous.settled_by
    if span.settled_on == span.owed_from:
        return span.owed_from, span.settled_by
    return span.owed_from, movement.by
