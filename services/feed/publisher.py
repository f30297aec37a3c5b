"""The publisher: every fact to Kafka, in order, at least once; the log is the outbox.

A page of facts is sent and confirmed before the position moves, so that a crash in between sends it again, under the
same ids. The states of invoices follow with a position of their own, when hardly any facts wait. Whether the topics
hold facts of this very log is asked whenever a connection is new: a database that was restored would otherwise give ids
a second time.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple, Self

from psycopg import Connection

from infra.database import Pool
from infra.kafka import provisioning, topics
from infra.kafka.message import Message
from infra.kafka.producer import Producer
from infra.kafka.reader import Reader, latest, reading, size_of
from infra.log import positions
from infra.log.chain import Row
from infra.log.follower import Pages, Step
from infra.log.garbage import searched_seldom
from infra.log.incarnations import END, Incarnations, begin_incarnation, select_incarnations
from infra.log.ledger import Ledger
from infra.log.positions import Fenced
from infra.logs import logger
from infra.unavailable import Unavailable
from infra.views.applying import forget_parked
from services.feed.messages import Messages, log_hash
from services.feed.origin import Origin, origin_of
from services.feed.pages import pages
from services.feed.parking import Parking
from services.feed.states import INVOICE, States

NAME, STATES = "publisher", "publisher-states"
PAGE = 2_000
# So many messages at the end of each partition are held against the log: the last may be somebody else's.
LOOK_BACK = 50
# Of an invoice that is the subject of several facts in a page, one state is published.
STATES_PAGE = 5_000

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
        self._seldom = ExitStack()
        self._messages: Messages | None = None
        self._states: States | None = None
        self._page = range(0)
        self._state_rows: Sequence[Row] = ()
        self._parking = Parking(pool)
        self._pages = Pages(NAME, ledger, pool, before=self._send_facts, within=self._parking.write, size=size)
        self._state_pages = Pages(STATES, ledger, pool, before=self._send_states, size=STATES_PAGE)

    def __enter__(self) -> Self:
        # B15: a third of the time would go into looking for garbage, and a sixth if it were looked for after each page.
        self._seldom.enter_context(searched_seldom())
        return self

    def __exit__(self, *_: object) -> None:
        self._seldom.close()
        self.close()

    def close(self) -> None:
        self._producer.close()

    # As the steps of a worker

    def begin(self) -> None:
        """Raises `Unavailable` when the topics are not what they must be, and `Restored`."""
        self._pages.begin()
        self._parking.begin()
        self._state_pages.begin()
        provisioning.ensure(self._servers, topics.outgoing(), self._partitions)
        self._require_partitions()
        incarnations = self.incarnations()
        with reading(self._servers) as reader:
            self._require_same_log(incarnations, reader)
            self._fill_what_was_lost(reader)
        self._messages = Messages(self._ledger, incarnations, self._partitions)
        self._states = States(self._ledger, incarnations, self._partitions)
        self._producer.connect()

    def advance(self) -> bool:
        has_published = self._pages.advance()
        return (has_published and self._pages.was_full) or self._advance_states() or has_published

    def _advance_states(self) -> bool:
        try:
            return self._state_pages.advance()
        except Fenced:
            # Another publisher was faster, and may have sent later states before these.
            self._send_states(self._state_rows)
            raise

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

    def hand_over(self, first: int) -> Sent:
        """What was published from a position on is left to the publisher that is at work, to be published once more."""
        self.return_to(first - 1)
        return Sent(0, None, None, first - 1)

    def position(self) -> int:
        with self._pool.connection() as conn:
            return positions.position(conn, NAME)

    def incarnations(self) -> Incarnations:
        with self._pool.connection() as conn:
            return select_incarnations(conn, str(self._ledger.ledger_id))

    def return_to(self, position: int) -> None:
        """What lies beyond the position is published again."""
        with self._pool.connection() as conn, conn.transaction():
            _return_to(conn, position)

    def accept_restore(self, progress: Progress | None = None) -> int | None:
        """Facts from the first one on in which topics and log differ go out under another name; returns its position.

        None when nothing differs. Reads all topics.
        """
        incarnations = self.incarnations()
        first, has_own = END, False
        strangers: set[str] = set()
        invoices: dict[str, int] = {}
        for origins in self._all_published(progress):
            has_own = has_own or any(incarnations.named(each.incarnation) for each in origins)
            for origin in self._differing(incarnations, origins):
                if incarnations.named(origin.incarnation):
                    first = min(first, origin.position)
                else:
                    strangers.add(origin.incarnation)
                if origin.stream.startswith(INVOICE):
                    invoices[origin.stream] = origin.partition
        if first == END and not strangers:
            return None
        # Where all on the topics is of another ledger, all of this one is still to come.
        name, first = self._new_id(), min(first, self._ledger.head().position + 1) if has_own else 1
        # Before the name counts: were it given and these not sent, nobody would know that they are still to be sent.
        states = States(self._ledger, incarnations, self._partitions)
        for page in pages(sorted(invoices.items()), STATES_PAGE):
            self._producer.send(states.now(dict(page), name))
        with self._pool.connection() as conn, conn.transaction():
            begin_incarnation(conn, str(self._ledger.ledger_id), name, first, sorted(strangers))
            _return_to(conn, first - 1)
        return first

    def _all_published(self, progress: Progress | None) -> Iterator[list[Origin]]:
        with reading(self._servers) as reader:
            spans, done = reader.spans(_FACTS), 0
            for page in pages(reader.read(spans), PAGE):
                yield [found for each in page if (found := origin_of(each))]
                done += len(page)
                if progress:
                    progress(done, size_of(spans))

    def _publish_to(self, head: int, progress: Progress | None) -> Sent:
        count, first, last = 0, END, 0
        while self.position() < head:
            page = self._page_of(self._pages.advance)
            if page is None:
                break
            count += len(page) and len(page) - len(self._parking.parked)
            first, last = min([first, *page[:1]]), max([last, *page[-1:]])
            if page and progress:
                progress(min(page[-1], head), head)
        while self._page_of(self._advance_states) is not None:
            pass
        return Sent(count, first if count else None, last if count else None, self.position())

    def _page_of(self, advance: Step) -> range | None:
        """The positions of the next page that was published; none of them when it has to be begun again."""
        try:
            return self._page if advance() else None
        except Fenced:
            # Somebody has asked for a replay meanwhile, and moved the position.
            return range(0)

    def _send_facts(self, rows: Sequence[Row]) -> None:
        assert self._messages, "a worker begins before it advances"
        messages = self._parking.messages(self._messages, rows)
        self._sent(len(messages), 0, self._send(messages))
        self._page = range(rows[0].position, rows[-1].position + 1)

    def _send_states(self, rows: Sequence[Row]) -> None:
        assert self._states, "a worker begins before it advances"
        self._state_rows = rows
        states = self._states.of(rows)
        self._sent(0, len(states), self._send(states))

    def _send(self, messages: Sequence[Message]) -> float:
        began = time.perf_counter()
        self._producer.send(messages)
        return time.perf_counter() - began

    def _require_partitions(self) -> None:
        for found in provisioning.inspect(self._servers, topics.outgoing(), self._partitions):
            if found.partitions != self._partitions:
                raise Unavailable(
                    f"The topic {found.name} has {found.partitions} partitions and RECEIVABLES_KAFKA_PARTITIONS says "
                    f"{self._partitions}: with another number the facts of a stream would part. Set it to what the "
                    "topics have; where they differ among themselves, delete all of them, and they are made and filled "
                    "anew."
                )

    def _require_same_log(self, incarnations: Incarnations, reader: Reader) -> None:
        last = reader.read(latest(reader.spans(_FACTS), LOOK_BACK))
        if any(self._differing(incarnations, [found for record in last if (found := origin_of(record))])):
            raise Restored(
                "The topics hold facts that this ledger does not have: it was restored from a backup, or it is another "
                "one. `receivables feed accept-restore` goes on from the first fact that differs, and subscribers "
                "see from there on ids of another name; nothing is published before."
            )

    def _fill_what_was_lost(self, reader: Reader) -> None:
        """Topics that were made anew, or are of another broker, have nothing of what was published there."""
        reached = self.position()
        spans = reader.spans([*_FACTS, topics.INVOICE_STATE])
        filled = {place.topic for place, span in spans.items() if span.end > span.start}
        empty = [kind for kind, topic in topics.FACTS.items() if topic not in filled]
        lost = self._ledger.first_of_kinds(empty, reached) if empty and reached else None
        if lost:
            logger(worker=NAME).warning("topics are empty", kinds=empty, position=lost)
            self.return_to(lost - 1)
        if topics.INVOICE_STATE not in filled:
            with self._pool.connection() as conn:
                positions.place(conn, STATES, 0)

    def _differing(self, incarnations: Incarnations, found: Sequence[Origin]) -> Iterator[Origin]:
        """Those that are not in the log as they were published, and that nobody has given up."""
        named = [(each, incarnations.named(each.incarnation)) for each in found]
        published = [each for each, known in named if known and known.first <= each.position <= known.last]
        rows = self._ledger.rows_at(sorted({each.position for each in published}))
        hashes = {row.position: log_hash(row) for row in rows}
        yield from (each for each, known in named if known is None)
        yield from (each for each in published if hashes.get(each.position) != each.loghash)


_FACTS = [*topics.FACTS.values()]


def _return_to(conn: Connection[Any], position: int) -> None:
    """One that has not come so far stays where it is."""
    for name in (NAME, STATES):
        positions.begin(conn, name)
        positions.place(conn, name, min(positions.hold(conn, name), position))
    forget_parked(conn, NAME, beyond=position)
