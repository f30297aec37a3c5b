"""What is on the topics, read with kafka-python: another client than the one that wrote it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import CorruptRecordError, KafkaError, UnsupportedCodecError

from infra.kafka.message import NO_TEXT, BrokerAway, Record
from infra.reasons import reason_of

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


class Unreadable(Exception):
    """Among what was to be read next is a message that the client cannot read."""


class Reader:
    """Of no group: nobody else's reading is moved by it."""

    def __init__(self, connect: Callable[[], Any]):
        self._connect = connect
        self._unreadable: TopicPartition | None = None
        with raising_away():
            self._consumer = connect()

    def spans(self, topics: Sequence[str]) -> Spans:
        """What each partition of those topics that there are has now."""
        with raising_away():
            return self._spans(topics)

    def all(self, topics: Sequence[str]) -> Iterator[Record]:
        """Every message that is there now, in order in each partition."""
        return self.read(self.spans(topics))

    def last(self, topics: Sequence[str]) -> list[Record]:
        """The last message of each partition that has any."""
        found: dict[tuple[str, int], Record] = {}
        for record in self.read(latest(self.spans(topics), 1)):
            found[record.topic, record.partition] = record
        return [*found.values()]

    def read(self, spans: Spans) -> Iterator[Record]:
        """The messages in these spans that are there, in order in each partition; without content if unreadable."""
        left = {place: span.start for place, span in spans.items() if span.end > span.start}
        if not left:
            return
        self._begin(left)
        silent = 0
        while left:
            try:
                polled = self._poll()
            except Unreadable:
                polled = self._passed_over(left)
            silent = 0 if polled else silent + 1
            if silent > PATIENCE:
                raise BrokerAway("the broker has messages that it does not give")
            for place, records in polled.items():
                end = spans[place].end
                yield from (each for each in records if each.offset < end)
            with raising_away():
                left = {place: self._consumer.position(place) for place in left}
                # What a topic has lost at its end, or has of no use to readers, is not waited for.
                if done := [place for place, reached in left.items() if reached >= spans[place].end]:
                    self._consumer.pause(*done)
            for place in done:
                del left[place]

    def follow(self, spans: Spans) -> Iterator[Record | None]:
        """What comes after the ends of these spans, for good; None each time that nothing came for a while."""
        left = {place: span.end for place, span in spans.items()}
        self._begin(left)
        while True:
            try:
                polled = self._poll()
            except Unreadable:
                polled = self._passed_over(left)
            for place, records in polled.items():
                yield from records
                left[place] = records[-1].offset + 1
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

    def _poll(self) -> dict[TopicPartition, list[Record]]:
        with raising_away():
            polled = _polled(self._consumer, PAGE)
        return {place: [*map(_record, records)] for place, records in polled.items() if records}

    def _passed_over(self, reached: dict[TopicPartition, int]) -> dict[TopicPartition, list[Record]]:
        """The message that could not be read, without content; what stands beside it is read by a new consumer.

        Names of headers are bytes to the broker, and text to the client. It raises over one that is no text without
        saying where it stands, and hangs when it is asked again.
        """
        for place in sorted(reached, key=lambda each: each != self._unreadable):
            with raising_away(), closing(self._connect()) as consumer:
                consumer.assign([place])
                consumer.seek(place, reached[place])
                try:
                    _polled(consumer, 1)
                except Unreadable:
                    break
        else:
            raise BrokerAway("the broker has messages that nobody can read")
        self._unreadable = place
        self.close()
        with raising_away():
            self._consumer = self._connect()
        passed = Record(place.topic, place.partition, reached[place], None, None, ((NO_TEXT, b""),))
        self._begin({**reached, place: passed.offset + 1})
        return {place: [passed]}

    def close(self) -> None:
        with suppress(KafkaError, OSError):
            self._consumer.close()

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


def _polled(consumer: Any, most: int) -> dict[TopicPartition, list[Any]]:
    try:
        polled: dict[TopicPartition, list[Any]] = consumer.poll(timeout_ms=POLL_MS, max_records=most)
    except (CorruptRecordError, UnsupportedCodecError) as error:
        raise Unreadable from error
    return polled


@contextmanager
def reading(servers: Sequence[str], *, timeout_ms: int = TIMEOUT_MS) -> Iterator[Reader]:
    """Raises `BrokerAway`, as what is read within does."""
    settings = {
        "bootstrap_servers": list(servers),
        "client_id": "receivables-reader",
        "group_id": None,
        "enable_auto_commit": False,
        "allow_auto_create_topics": False,
        "bootstrap_timeout_ms": timeout_ms,
        "request_timeout_ms": timeout_ms,
        "auto_offset_reset": "earliest",
        # In Python they take three quarters of the time, and the broker checked them when it took the messages.
        "check_crcs": False,
    }
    reader = Reader(lambda: KafkaConsumer(**settings))
    try:
        yield reader
    finally:
        reader.close()


@contextmanager
def raising_away() -> Iterator[None]:
    """Only around what the client does: whoever reads has errors of the same kinds, a closed pipe for one."""
    try:
        yield
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerAway(reason_of(error)) from error
