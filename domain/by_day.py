"""How much there is of something from each day on, and what of it may be taken when.

Facts may be recorded in any order of their effective dates: a payment booked today may be effective last month.
Whatever is taken from a day on must be there on that day and on every later one.
"""

from datetime import date

# Each day on which there was more or less, and by how much; in order, no day twice.
DayChanges = tuple[tuple[date, int], ...]


def changed(changes: DayChanges, on: date, minor: int) -> DayChanges:
    """The same with so much more, or less, from a day on."""
    if not changes or on > changes[-1][0]:
        return (*changes, (on, minor))
    by_day = dict(changes)
    by_day[on] = by_day.get(on, 0) + minor
    return tuple(sorted((day, change) for day, change in by_day.items() if change))


def least_since(changes: DayChanges, on: date) -> int:
    """The least there is on any day from `on` on."""
    level = least = sum(change for _, change in changes)
    for day, change in reversed(changes):
        if day <= on:
            break
        level -= change
        least = min(least, level)
    return least


def least_between(changes: DayChanges, on: date, until: date) -> int:
    """The least there is on any day from `on` on and before `until`."""
    level = sum(change for day, change in changes if day <= on)
    least = level
    for day, change in changes:
        if on < day < until:
            level += change
            least = min(least, level)
    return least


def first_below(changes: DayChanges, minor: int, on: date) -> date | None:
    """The first day, `on` or later, on which there is less."""
    level = sum(change for day, change in changes if day <= on)
    if level < minor:
        return on
    for day, change in changes:
        if day > on:
            level += change
            if level < minor:
                return day
    return None


def since(changes: DayChanges, minor: int, on: date) -> date:
    """The first day, `on` or later, from which at least so much is there on every day."""
    level, first = sum(change for _, change in changes), date.max
    for day, change in reversed(changes):
        if level < minor:
            break
        first = day
        level -= change
    return max(on, first)


def next_change_on(changes: DayChanges, on: date) -> date | None:
    """The first day after `on` on which there is more or less."""
    return next((day for day, _ in changes if day > on), None)
