"""The publisher: every fact to Kafka, in order, at least once; the log is the outbox.

A page of facts is sent and confirmed before the position moves, so that a crash in between sends it again, under the
same ids. Whether the topics hold facts of this very log is asked whenever a connection is new: a database that was
restored would otherwise give ids a second time.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Self

from infra.database import Pool
from infra.kafka import provisioning, topics
from infra.kafka.producer import Producer
from infra.kafka.reader import reading, size_of
from infra.log import positions
from infra.log.chain import Row
from infra.log.follower import Pages
from infra.log.garbage import searched_seldom
from infra.log.incarnations import END, Incarnations, begin_incarnation, select_incarnations
from infra.log.ledger import Ledger
from infra.log.positions import Fenced
from infra.logs import logger
from infra.unavailable import Unavailable
from services.feed.messages import Messages, log_hash
from services.feed.origin import Origin, origin_of
from services.feed.pages import pages

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
        self._page = range(0)
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
        """All there is up to the end of the log as it is now. Raises as `begin` does."""
        self.begin()
        return self._publish_to(self._ledger.head().position, progress)

    def replay(self, first: int, progress: Progress | None = None) -> Sent:
        """What was published from a position on once more, and what lies beyond. Raises as `begin` does."""
        self.begin()
        self.return_to(first - 1)
        return self._publish_to(self._ledger.head().position, progress)

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
        first = END
        strangers: set[str] = set()
        invoices: dict[str, int] = {}
        for origin in self._all_differing(incarnations, progress):
            first = min(first, origin.position)
            if incarnations.named(origin.incarnation) is None:
                strangers.add(origin.incarnation)
            if origin.stream.startswith("invoice:"):
                invoices[origin.stream] = origin.partition
        if first == END:
            return None
        name, first = self._new_id(), min(first, self._ledger.head().position + 1)
        # Before the name counts: were it given and these not sent, nobody would know that they are still to be sent.
        messages = Messages(self._ledger, incarnations, self._partitions)
        for page in pages(invoices.items(), PAGE):
            self._producer.send(messages.states_of(dict(page), name))
        with self._pool.connection() as conn, conn.transaction():
            begin_incarnation(conn, str(self._ledger.ledger_id), name, first, sorted(strangers))
            positions.begin(conn, NAME)
            positions.place(conn, NAME, min(positions.hold(conn, NAME), first - 1))
        return first

    def _all_differing(self, incarnations: Incarnations, progress: Progress | None) -> Iterator[Origin]:
        with reading(self._servers) as reader:
            spans, done = reader.spans(_FACTS), 0
            for page in pages(reader.read(spans), PAGE):
                yield from self._differing(incarnations, [found for each in page if (found := origin_of(each))])
                done += len(page)
                if progress:
                    progress(done, size_of(spans))

    def hand_over(self, first: int) -> Sent:
        """What was published from a position on is left to the publisher that is at work, to be published once more."""
        self.return_to(first - 1)
        return Sent(0, None, None, first - 1)

    def _publish_to(self, head: int, progress: Progress | None) -> Sent:
        count, first, last = 0, END, 0
        while self.position() < head:
            try:
                if not self.advance():
                    break
            except Fenced:
                # Somebody has asked for a replay meanwhile: it goes on from there.
                continue
            page = self._page
            count, first, last = count + len(page), min(first, page[0]), max(last, page[-1])
            if progress:
                progress(min(page[-1], head), head)
        return Sent(count, first if count else None, last if count else None, self.position())

    def _send(self, rows: Sequence[Row]) -> None:
        assert self._messages, "a worker begins before it advances"
        # B15: a third of the time would go into looking for garbage.
        with searched_seldom():
            made = self._messages.of(rows)
            began = time.perf_counter()
            self._producer.send([*made.facts, *made.states])
        self._page = range(rows[0].position, rows[-1].position + 1)
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
            last = reader.last(_FACTS)
        if not last and self.position():
            # They were made anew, or these are of another broker: what was published there is nowhere here.
            logger(worker=NAME).warning("topics are empty", position=self.position())
            self.return_to(0)
        if any(self._differing(incarnations, [found for record in last if (found := origin_of(record))])):
            raise Restored(
                "The topics hold facts that this ledger does not have: it was restored from a backup, or it is another "
                "one. `receivables feed accept-restore` goes on from the first fact that differs, and subscribers "
                "see from there on ids of another name; nothing is published before."
            )

    def _differing(self, incarnations: Incarnations, found: Sequence[Origin]) -> Iterator[Origin]:
        """Those that are not in the log as they were published, and that nobody has given up."""
        named = [(each, incarnations.named(each.incarnation)) for each in found]
        published = [each for each, known in named if known and known.first <= each.position <= known.last]
        rows = self._ledger.rows_at(sorted({each.position for each in published}))
        hashes = {row.position: log_hash(row) for row in rows}
        yield from (each for each, known in named if known is None)
        yield from (each for each in published if hashes.get(each.position) != each.loghash)


_FACTS = [*topics.FACTS.values()]
