"""Facts that cannot be published: each is parked with its reason, what follows in its stream waits, all else goes on.

They are kept where those of the views are, under the name of the publisher, until they are published once more from an
earlier position on.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from infra.database import Pool
from infra.kafka.message import Message
from infra.log.chain import Row
from infra.logs import logger
from infra.views import applying
from infra.views.applying import Held, Parked, Unreadable
from services.feed.messages import Messages
from services.feed.states import NAME

# Of the positions that a page parks these many are logged.
LOGGED = 10

_WAITS = "waits"
_CODES = {"UnknownFact": "unknown_fact", "MapperDeserialisationError": "damaged_fact", _WAITS: "waits_for_earlier"}


class Parking:
    """For one publisher, who takes page after page. What a page parks is written with the position, or not at all."""

    def __init__(self, pool: Pool):
        self._pool = pool
        self._held: Held = {}
        # The next page, unless somebody has moved the position: then other facts may be parked by now.
        self._next = 0
        self.parked: list[Parked] = []

    def begin(self) -> None:
        self._next = 0

    def messages(self, messages: Messages, rows: Sequence[Row]) -> list[Message]:
        """Of those facts of a page that can be published; the others are what is parked."""
        held = self._held_before(rows[0].position)
        free = [row for row in rows if row.stream not in held]
        read = dict(zip((row.position for row in free), messages.read(free), strict=True))
        found: list[Message] = []
        self.parked = []
        for row in rows:
            if row.stream in held:
                reason = f"{_WAITS} for position {held[row.stream]} of its stream"
                self.parked.append(Parked(row.position, row.stream, reason))
            elif isinstance(each := read[row.position], Unreadable):
                held[row.stream] = row.position
                self.parked.append(Parked(*each))
            else:
                found.append(each)
        self._held, self._next = held, 0
        return found

    def write(self, conn: Connection[Any], rows: Sequence[Row]) -> None:
        """In the transaction that moves the position beyond these."""
        self._next = rows[-1].position + 1
        if self.parked:
            applying.park(conn, NAME, self.parked)
            places = [each.position for each in self.parked]
            logger(worker=NAME).warning("parked", facts=len(places), positions=places[:LOGGED], until=self._next - 1)

    def _held_before(self, position: int) -> Held:
        if position == self._next:
            return self._held
        with self._pool.connection() as conn:
            return applying.held(conn, [NAME])[NAME]


def code_of(reason: str) -> str:
    """What a fact is parked for, without a word of it."""
    name = reason.partition(":")[0].partition(" ")[0]
    return _CODES.get(name, "unfit_fact")
