"""How much there is of something from each day on, and what of it may be taken when.

Facts may be recorded in any order of the days they count for: a payment booked today may count for last month. Whatever
is taken from a day on must be there on that day and on every later one.
"""

from datetime import date

# Each day on which there was more or less, and by how much; in order, no day twice.
Steps = tuple[tuple[date, int], ...]


def changed(steps: Steps, on: date, minor: int) -> Steps:
    """With so much more, or less, from a day on."""
    if not steps or on > steps[-1][0]:
        return (*steps, (on, minor))
    changes = dict(steps)
    changes[on] = changes.get(on, 0) + minor
    return tuple(sorted((day, change) for day, change in changes.items() if change))


def standing(steps: Steps, on: date) -> int:
    """The least there is on any day from `on` on."""
    level = least = sum(change for _, change in steps)
    for day, change in reversed(steps):
        if day <= on:
            break
        level -= change
        least = min(least, level)
    return least


def since(steps: Steps, minor: int, on: date) -> date:
    """The first day, `on` or later, from which so much is there on every day."""
    level, first = sum(change for _, change in steps), date.max
    for day, change in reversed(steps):
        if level < minor:
            break
        first = day
        level -= change
    return max(on, first)


def next_step(steps: Steps, on: date) -> date | None:
    """The first day after `on` on which there is more or less."""
    return next((day for day, _ in steps if day > on), None)
