"""Open items from the whole log at once: each invoice is written when its life is over, and never taken up again."""

from collections.abc import Iterator, Sequence
from itertools import islice

from domain.entry import Entry
from projections.open_items.item_rows import Changes
from projections.open_items.items import Items, ended, is_settled, moved
from projections.open_items.movements import movements
from projections.open_items.rollups import BY_CUSTOMER, BY_DAY
from projections.open_items.timeline import Movement
from projections.projection import Query, Write

# Some 50 MB. Two processes may carry as many each.
MOST_CARRIED = 60_000
WRITTEN_AT_ONCE = 5_000


class Lifetimes:
    """Invoices are carried from batch to batch and written when nothing is open on them any more.

    When there are too many to carry, the oldest are written as they stand. What then still moves an item that was
    written is late.
    """

    steps = (Query(BY_DAY), Query(BY_CUSTOMER))

    def __init__(self, most_carried: int = MOST_CARRIED):
        # Of nearly all invoices there is only how they began, and then they are settled at once.
        self._begun: dict[str, Movement] = {}
        self._carried: dict[str, Items] = {}
        self._most = most_carried
        self._changes = Changes()
        self._late: list[int] = []

    def take(self, entry: Entry) -> None:
        moves = movements(entry)
        if not moves:
            return
        stream, first = entry.stream, moves[0]
        begun = self._begun.get(stream)
        if begun is None:
            items = self._carried.get(stream)
            if items is None and entry.version > 1:
                self._late.append(entry.position)
                return
            if items is None and len(moves) == 1 and first.open_minor and first.opening and first.opening.entity:
                self._begun[stream] = first
                return
        elif len(moves) == 1 and _settles(first, begun):
            self._changes.add(stream, [ended(begun, first)])
            del self._begun[stream]
            return
        else:
            items = moved([], [begun])
        items = moved(items or [], moves)
        self._begun.pop(stream, None)
        if is_settled(items):
            self._changes.add(stream, items)
            self._carried.pop(stream, None)
        else:
            self._carried[stream] = items

    def writes(self) -> Iterator[Write]:
        self._put_down(len(self._begun) + len(self._carried) - self._most)
        yield from self._flush()

    def rest(self) -> Iterator[Write]:
        yield from self._flush()
        while self._begun or self._carried:
            self._put_down(WRITTEN_AT_ONCE)
            yield from self._flush()

    def late(self) -> Sequence[int]:
        return self._late

    def _put_down(self, excess: int) -> None:
        for stream in list(islice(self._begun, max(0, excess))):
            self._changes.add(stream, moved([], [self._begun.pop(stream)]))
            excess -= 1
        for stream in list(islice(self._carried, max(0, excess))):
            self._changes.add(stream, self._carried.pop(stream))

    def _flush(self) -> Iterator[Write]:
        written, self._changes = self._changes, Changes()
        yield from written.rows()


def _settles(movement: Movement, begun: Movement) -> bool:
    return movement.item == 1 and movement.open_minor == -begun.open_minor and not movement.opening
