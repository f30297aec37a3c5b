"""Open items from the whole log at once: each claim is written when its life is over, and never taken up again."""

from collections.abc import Iterator, Sequence
from itertools import islice

from domain.entry import Entry
from projections.open_items.item_rows import Changes
from projections.open_items.items import Claim, is_settled, moved
from projections.open_items.movements import movements
from projections.open_items.rollups import BY_CUSTOMER, BY_DAY
from projections.projection import Query, Write

# Some 100 MB.
MOST_CARRIED = 120_000


class Lifetimes:
    """Claims are carried from batch to batch and written when nothing is open on them any more.

    When there are too many to carry, the oldest are written as they stand. What then still moves a claim that was
    written is late.
    """

    steps = (Query(BY_DAY), Query(BY_CUSTOMER))

    def __init__(self, most_carried: int = MOST_CARRIED):
        self._carried: dict[str, Claim] = {}
        self._most = most_carried
        self._changes = Changes()
        self._late: list[int] = []

    def take(self, entry: Entry) -> None:
        moves = movements(entry)
        if not moves:
            return
        stream = entry.stream
        claim = self._carried.get(stream)
        if claim is None and entry.version > 1:
            self._late.append(entry.position)
            return
        claim = moved(claim or [], moves)
        if is_settled(claim):
            self._changes.add(stream, claim)
            self._carried.pop(stream, None)
        else:
            self._carried[stream] = claim

    def writes(self) -> Iterator[Write]:
        excess = len(self._carried) - self._most
        for stream in list(islice(self._carried, max(0, excess))):
            self._changes.add(stream, self._carried.pop(stream))
        yield from self._flush()

    def rest(self) -> Iterator[Write]:
        for stream, claim in self._carried.items():
            self._changes.add(stream, claim)
        self._carried.clear()
        yield from self._flush()

    def late(self) -> Sequence[int]:
        return self._late

    def _flush(self) -> Iterator[Write]:
        written, self._changes = self._changes, Changes()
        yield from written.rows()
