"""What is on the topics, read with kafka-python: another client than the one that wrote it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from infra.kafka.message import BrokerAway, Record

POLL_MS = 500
TIMEOUT_MS = 10_000
PAGE = 2_000
# Polls without a message before those that should be there are taken to be out of reach.
PATIENCE = 40


class Reader:
    """Of no group: nobody else's reading is moved by it."""

    def __init__(self, consumer: Any):
        self._consumer = consumer

    def last(self, topics: Sequence[str]) -> list[Record]:
        """The last message of each partition that has any."""
        ends = self._ends(topics)
        begins = self._consumer.beginning_offsets(list(ends)) if ends else {}
        starts = {place: end - 1 for place, end in ends.items() if end > begins[place]}
        found: dict[TopicPartition, Record] = {}
        for record in self._read(starts, ends):
            found[TopicPartition(record.topic, record.partition)] = record
        return [*found.values()]

    def all(self, topics: Sequence[str]) -> Iterator[Record]:
        """Every message that is there now, in order in each partition."""
        ends = self._ends(topics)
        begins = self._consumer.beginning_offsets(list(ends)) if ends else {}
        return self._read({place: begins[place] for place, end in ends.items() if end > begins[place]}, ends)

    def count(self, topics: Sequence[str]) -> int:
        """How many messages there are at most, to tell how far reading is."""
        ends = self._ends(topics)
        begins = self._consumer.beginning_offsets(list(ends)) if ends else {}
        return sum(end - begins[place] for place, end in ends.items())

    def _ends(self, topics: Sequence[str]) -> dict[TopicPartition, int]:
        there = self._consumer.topics()
        places = [
            TopicPartition(topic, number)
            for topic in topics
            if topic in there
            for number in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]
        ends: dict[TopicPartition, int] = self._consumer.end_offsets(places) if places else {}
        return ends

    def _read(self, starts: dict[TopicPartition, int], ends: dict[TopicPartition, int]) -> Iterator[Record]:
        if not starts:
            return
        self._consumer.assign([*starts])
        for place, start in starts.items():
            self._consumer.seek(place, start)
        left, silent = set(starts), 0
        while left:
            polled = self._consumer.poll(timeout_ms=POLL_MS, max_records=PAGE)
            silent = 0 if polled else silent + 1
            if silent > PATIENCE:
                raise BrokerAway("the broker has messages that it does not give")
            for place, records in polled.items():
                for each in records:
                    if each.offset < ends[place]:
                        yield Record(
                            place.topic, place.partition, each.offset, each.key, each.value, tuple(each.headers)
                        )
            # What a topic has lost at its end, or has of no use to readers, is not waited for.
            done = {place for place in left if self._consumer.position(place) >= ends[place]}
            if done:
                left -= done
                self._consumer.pause(*done)


@contextmanager
def reading(servers: Sequence[str]) -> Iterator[Reader]:
    """Raises `BrokerAway`, also where reading fails within."""
    try:
        consumer = KafkaConsumer(
            bootstrap_servers=list(servers),
            client_id="receivables-reader",
            group_id=None,
            enable_auto_commit=False,
            request_timeout_ms=TIMEOUT_MS,
            auto_offset_reset="earliest",
        )
        try:
            yield Reader(consumer)
        finally:
            consumer.close()
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerAway(f"{type(error).__name__}: {error}".splitlines()[0][:300]) from error
