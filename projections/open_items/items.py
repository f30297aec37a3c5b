"""The items of an invoice, or the one of a receipt, and how movements change what is known of them."""

from collections.abc import Sequence
from typing import NamedTuple

from projections.open_items.movements import EVERY, UNAPPLIED
from projections.open_items.timeline import FOREVER, NEVER, Item, Movement, Period, begin, superpose
from projections.projection import Row


class ItemHistory(NamedTuple):
    """An item as it is in the tables (`stored`), and as it is now."""

    item: Item
    stored: tuple[Period, ...]
    now: tuple[Period, ...]
    superseded: tuple[Period, ...]


# The items of an invoice, item 1 first.
Items = list[ItemHistory]


# Cheaper than the class: a rebuild makes millions of them.
_new = tuple.__new__


class Unfit(Exception):
    """A fact that moves what is not there, or opens what is there already."""


def history(rows: Sequence[Row]) -> ItemHistory:
    """One item from its rows, which begin with its stream and number."""
    end = 2 + len(Item._fields)
    periods = tuple(Period._make(row[end:]) for row in rows)
    return ItemHistory(Item._make(rows[0][2:end]), periods, periods, ())


def moved(items: Items, moves: Sequence[Movement]) -> Items:
    """The items after the movements of one fact; `items` itself is not changed."""
    after = items.copy()
    for movement in moves:
        number = movement.item
        if movement.opening:
            if number != len(after) + 1:
                raise Unfit(f"item {number} cannot follow item {len(after)}")
            after.append(_opened(movement, movement.opening, after))
        elif number == EVERY:
            after = [_superposed(each, movement) for each in after]
        elif number <= len(after):
            if len(after) > 1 and after[0].item.kind == UNAPPLIED:
                # Money is with the entity that it was moved to last.
                number = len(after)
            after[number - 1] = _superposed(after[number - 1], movement)
        else:
            raise Unfit(f"there is no item {number}")
    return after


def ended(opening: Movement, movement: Movement) -> ItemHistory:
    """The only item of an invoice that one movement opens and the next one settles."""
    assert opening.opening
    now, superseded = superpose((begin(opening),), movement, opening.opening.due_on)
    return _new(ItemHistory, (opening.opening, (), now, superseded))


def is_open(period: Period) -> bool:
    return period.open_minor != 0 and period.valid_to == FOREVER


def is_settled(items: Items) -> bool:
    left = 0
    for each in items:
        left |= each.now[-1].open_minor
    return not left


def _superposed(known: ItemHistory, movement: Movement) -> ItemHistory:
    item, stored, periods, before = known
    now, superseded = superpose(periods, movement, item.due_on)
    if not -NEVER < now[-1].open_minor < NEVER:
        raise Unfit("that is more than a table can hold")
    return _new(ItemHistory, (item, stored, now, (*before, *superseded)))


def _opened(movement: Movement, item: Item, items: Items) -> ItemHistory:
    if item.currency is None:
        if not items:
            raise Unfit("an invoice begins with its issue")
        first = items[0]
        item = first.item._replace(
            kind=item.kind,
            original_minor=item.original_minor,
            due_on=item.due_on,
            entity=item.entity or first.item.entity,
        )
        movement = movement._replace(customer=first.now[-1].customer)
    return _new(ItemHistory, (item, (), (begin(movement),), ()))
