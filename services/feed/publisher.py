"""The publisher: every fact to Kafka, in order, at least once; the log is the outbox.

A page of facts is sent and confirmed before the position moves, so that a crash in between sends it again, under the
same ids. Whether the topics hold facts of this very log is asked whenever a connection is new: a database that was
restored would otherwise give ids a second time.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from infra.database import Pool
from infra.kafka import provisioning, topics
from infra.kafka.producer import Producer
from infra.kafka.reader import reading
from infra.log import positions
from infra.log.chain import Row
from infra.log.follower import Pages
from infra.log.garbage import searched_seldom
from infra.log.incarnations import Incarnations, begin_incarnation, select_incarnations
from infra.log.ledger import Ledger
from infra.unavailable import Unavailable
from services.feed.messages import Messages, log_hash
from services.feed.origin import Origin, origin_of

NAME = "publisher"
PAGE = 2_000

Progress = Callable[[int, int], None]


class Restored(Unavailable):
    """The topics hold facts that this log does not have."""


class Sent(NamedTuple):
    """`first` and `last` are the positions of what was published, None where there was nothing."""

    published: int
    first: int | None
    last: int | None
    position: int


class Publisher:
    """`sent` hears of each page how many facts and states were confirmed, and after how many seconds."""

    def __init__(
        self,
        ledger: Ledger,
        pool: Pool,
        servers: Sequence[str],
        partitions: int,
        *,
        new_id: Callable[[], str],
        size: int = PAGE,
        sent: Callable[[int, int, float], None] = lambda facts, states, seconds: None,
    ):
        self._ledger, self._pool, self._servers, self._partitions = ledger, pool, servers, partitions
        self._new_id, self._sent = new_id, sent
        self._producer = Producer(servers)
        self._messages: Messages | None = None
        self._pages = Pages(NAME, ledger, pool, before=self._send, size=size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._producer.close()

    # As the steps of a worker

    def begin(self) -> None:
        """Raises `Unavailable` when the topics are not what they must be, and `Restored`."""
        self._pages.begin()
        provisioning.ensure(self._servers, topics.outgoing(), self._partitions)
        self._require_partitions()
        incarnations = self.incarnations()
        self._require_same_log(incarnations)
        self._messages = Messages(self._ledger, incarnations, self._partitions)

    def advance(self) -> bool:
        return self._pages.advance()

    # By themselves

    def publish_all(self, progress: Progress | None = None) -> Sent:
        """All there is up to the end of the log as it is now. Raises as `begin` does, and `Fenced`."""
        self.begin()
        before, head = self.position(), self._ledger.head().position
        while (reached := self.position()) < head and self.advance():
            if progress:
                progress(min(reached, head), head)
        position = self.position()
        count = position - before
        return Sent(count, before + 1 if count else None, position if count else None, position)

    def position(self) -> int:
        with self._pool.connection() as conn:
            return positions.position(conn, NAME)

    def incarnations(self) -> Incarnations:
        with self._pool.connection() as conn:
            return select_incarnations(conn, str(self._ledger.ledger_id))

    def return_to(self, position: int) -> None:
        """What lies beyond the position is published again."""
        with self._pool.connection() as conn:
            positions.place(conn, NAME, position)

    def accept_restore(self, progress: Progress | None = None) -> int | None:
        """Facts from the first one on in which topics and log differ go out under another name; returns its position.

        None when nothing differs. Reads all topics.
        """
        incarnations = self.incarnations()
        strangers: set[str] = set()
        differ: list[int] = []
        with reading(self._servers) as reader:
            total = reader.count(_FACTS)
            page: list[Origin] = []
            for number, record in enumerate(reader.all(_FACTS), 1):
                if found := origin_of(record):
                    page.append(found)
                if len(page) == PAGE or number == total:
                    differ += self._differing(incarnations, page, strangers)
                    page.clear()
                    if progress:
                        progress(number, total)
            differ += self._differing(incarnations, page, strangers)
        if not differ:
            return None
        first = min(min(differ), self._ledger.head().position + 1)
        with self._pool.connection() as conn, conn.transaction():
            begin_incarnation(conn, str(self._ledger.ledger_id), self._new_id(), first, sorted(strangers))
            positions.begin(conn, NAME)
            positions.place(conn, NAME, min(positions.hold(conn, NAME), first - 1))
        return first

    def _send(self, rows: Sequence[Row]) -> None:
        assert self._messages, "a worker begins before it advances"
        # B15: a third of the time would go into looking for garbage.
        with searched_seldom():
            made = self._messages.of(rows)
            began = time.perf_counter()
            self._producer.send([*made.facts, *made.states])
        self._sent(len(made.facts), len(made.states), time.perf_counter() - began)

    def _require_partitions(self) -> None:
        for found in provisioning.inspect(self._servers, topics.outgoing(), self._partitions):
            if found.partitions != self._partitions:
                raise Unavailable(
                    f"The topic {found.name} has {found.partitions} partitions and RECEIVABLES_KAFKA_PARTITIONS says "
                    f"{self._partitions}: with another number the facts of a stream would part. Set it to what the "
                    "topics have, or make them anew and publish again with `receivables feed replay --from 1`."
                )

    def _require_same_log(self, incarnations: Incarnations) -> None:
        with reading(self._servers) as reader:
            last = [found for record in reader.last(_FACTS) if (found := origin_of(record))]
        if self._differing(incarnations, last, set()):
            raise Restored(
                "The topics hold facts that this ledger does not have: it was restored from a backup, or it is another "
                "one. `receivables feed accept-restore` goes on from the first fact that differs, and subscribers "
                "see from there on ids of another name; nothing is published before."
            )

    def _differing(self, incarnations: Incarnations, found: Sequence[Origin], strangers: set[str]) -> list[int]:
        """Positions of facts that are not in the log as they were published, and that nobody has given up."""
        differ, expected = [], {}
        for each in found:
            known = incarnations.named(each.incarnation)
            if known is None:
                strangers.add(each.incarnation)
                differ.append(each.position)
            elif known.first <= each.position <= known.last:
                expected[each.position] = each.loghash
        rows = self._rows(sorted(expected))
        return differ + [position for position, loghash in expected.items() if rows.get(position) != loghash]

    def _rows(self, wanted: Sequence[int]) -> dict[int, str]:
        return {row.position: log_hash(row) for row in self._ledger.rows_at(wanted)}


_FACTS = [*topics.FACTS.values()]
