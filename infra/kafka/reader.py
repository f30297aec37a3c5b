"""What is on the topics, read with kafka-python: another client than the one that wrote it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from infra.kafka.message import BrokerAway, Record, reason_of

POLL_MS = 500
TIMEOUT_MS = 10_000
PAGE = 2_000
# Polls without a message before those that should be there are taken to be out of reach.
PATIENCE = 40


class Span(NamedTuple):
    """The offsets of a partition from `start` on, up to `end`, which is not among them."""

    start: int
    end: int


Spans = dict[TopicPartition, Span]


class Reader:
    """Of no group: nobody else's reading is moved by it."""

    def __init__(self, consumer: Any):
        self._consumer = consumer

    def spans(self, topics: Sequence[str]) -> Spans:
        """What each partition of those topics that there are has now."""
        with raising_away():
            return self._spans(topics)

    def all(self, topics: Sequence[str]) -> Iterator[Record]:
        """Every message that is there now, in order in each partition."""
        return self.read(self.spans(topics))

    def count(self, topics: Sequence[str]) -> int:
        """How many messages there are at most, to tell how far reading is."""
        return size_of(self.spans(topics))

    def last(self, topics: Sequence[str]) -> list[Record]:
        """The last message of each partition that has any."""
        found: dict[tuple[str, int], Record] = {}
        for record in self.read(latest(self.spans(topics), 1)):
            found[record.topic, record.partition] = record
        return [*found.values()]

    def read(self, spans: Spans) -> Iterator[Record]:
        """The messages in these spans that are there, in order in each partition."""
        left = {place: span.end for place, span in spans.items() if span.end > span.start}
        if not left:
            return
        self._begin({place: spans[place].start for place in left})
        silent = 0
        while left:
            polled = self._poll()
            silent = 0 if polled else silent + 1
            if silent > PATIENCE:
                raise BrokerAway("the broker has messages that it does not give")
            for place, records in polled.items():
                end = spans[place].end
                yield from (_record(each) for each in records if each.offset < end)
            # What a topic has lost at its end, or has of no use to readers, is not waited for.
            with raising_away():
                done = [place for place, end in left.items() if self._consumer.position(place) >= end]
                if done:
                    self._consumer.pause(*done)
            for place in done:
                del left[place]

    def follow(self, spans: Spans) -> Iterator[Record | None]:
        """What comes after the ends of these spans, for good; None each time that nothing came for a while."""
        self._begin({place: span.end for place, span in spans.items()})
        while True:
            polled = self._poll()
            for records in polled.values():
                yield from map(_record, records)
            if not polled:
                yield None

    def _spans(self, topics: Sequence[str]) -> Spans:
        there = self._consumer.topics()
        places = [
            TopicPartition(topic, number)
            for topic in topics
            if topic in there
            for number in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]
        if not places:
            return {}
        # The end last: what a partition loses in between is at its beginning.
        begins = self._consumer.beginning_offsets(places)
        ends = self._consumer.end_offsets(places)
        return {place: Span(begins[place], ends[place]) for place in places}

    def _poll(self) -> dict[TopicPartition, list[Any]]:
        with raising_away():
            polled: dict[TopicPartition, list[Any]] = self._consumer.poll(timeout_ms=POLL_MS, max_records=PAGE)
        return polled

    def _begin(self, starts: dict[TopicPartition, int]) -> None:
        self._consumer.assign([*starts])
        self._consumer.resume(*starts)
        for place, start in starts.items():
            self._consumer.seek(place, start)


def latest(spans: Spans, most: int) -> Spans:
    """No more than that many offsets of each partition, the last ones."""
    return {place: Span(max(span.start, span.end - most), span.end) for place, span in spans.items()}


def size_of(spans: Spans) -> int:
    """How many messages there are at most, to tell how far reading is."""
    return sum(span.end - span.start for span in spans.values())


def _record(each: Any) -> Record:
    return Record(each.topic, each.partition, each.offset, each.key, each.value, tuple(each.headers), each.timestamp)


@contextmanager
def reading(servers: Sequence[str], *, timeout_ms: int = TIMEOUT_MS) -> Iterator[Reader]:
    """Raises `BrokerAway`, as what is read within does."""
    with raising_away():
        consumer = KafkaConsumer(
            bootstrap_servers=list(servers),
            client_id="receivables-reader",
            group_id=None,
            enable_auto_commit=False,
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=timeout_ms,
            request_timeout_ms=timeout_ms,
            auto_offset_reset="earliest",
            # In Python they take three quarters of the time, and the broker checked them when it took the messages.
            check_crcs=False,
        )
    try:
        yield Reader(consumer)
    finally:
        with suppress(KafkaError, OSError):
            consumer.close()


@contextmanager
def raising_away() -> Iterator[None]:
    """Only around what the client does: whoever reads has errors of the same kinds, a closed pipe for one."""
    try:
        yield
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerAway(reason_of(error)) from error
