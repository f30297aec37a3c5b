"""Messages of the feed for somebody who looks: the last ones, those from a place on, those to come."""

import heapq
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from infra.kafka import topics
from infra.kafka.message import Record
from infra.kafka.reader import Reader, latest
from services.feed.origin import origin_of

SHOWN = 20


class Seen(NamedTuple):
    """A message in words; `position` is None where it is no fact of the log, `value` is text where it is no JSON."""

    record: Record
    position: int | None
    headers: dict[str, str]
    value: Any

    @property
    def type(self) -> str:
        """As facts are called: `invoice.paid` for `receivables.invoice.paid.v1`."""
        name = self.headers.get("ce_type", "").removeprefix(topics.PREFIX)
        stem, _, version = name.rpartition(".v")
        return stem if stem and version.isdecimal() else name

    @property
    def customer(self) -> str | None:
        return self.value.get("customer") if isinstance(self.value, dict) else None

    @property
    def stream(self) -> str:
        return (self.record.key or b"").decode("utf-8", "replace")


class Wanted(NamedTuple):
    """All of it must fit; `types` are by either of their names."""

    types: Sequence[str] = ()
    stream: str | None = None
    customer: str | None = None
    position: int = 0

    @property
    def is_everything(self) -> bool:
        return self == Wanted()

    def fits(self, seen: Seen) -> bool:
        return (
            (not self.types or seen.type in self.types or seen.headers.get("ce_type") in self.types)
            and self.stream in (None, seen.stream)
            and self.customer in (None, seen.customer)
            and (not self.position or (seen.position or 0) >= self.position)
        )


class Tail:
    """What fits of the messages there are now on topics, in order of position; by time where not all are facts."""

    def __init__(self, reader: Reader, names: Sequence[str], wanted: Wanted):
        self._reader, self._wanted, self._spans = reader, wanted, reader.spans(names)
        self._order = _by_position if set(names) <= set(topics.FACTS.values()) else _by_time

    @property
    def is_anywhere(self) -> bool:
        """Whether there is any of the topics."""
        return bool(self._spans)

    def last(self, most: int) -> list[Seen]:
        # Of all together: each partition may have all of them, and where any fits, none has more.
        spans = latest(self._spans, most) if self._wanted.is_everything else self._spans
        return sorted(heapq.nlargest(most, self._fitting(self._reader.read(spans)), self._order), key=self._order)

    def first(self, most: int) -> list[Seen]:
        return heapq.nsmallest(most, self._fitting(self._reader.read(self._spans)), self._order)

    def all(self) -> Iterator[Seen]:
        """As they come, which is in order in each partition alone."""
        return self._fitting(self._reader.read(self._spans))

    def coming(self) -> Iterator[Seen | None]:
        """What is written from now on, for good; None each time that nothing came for a while."""
        for record in self._reader.follow(self._spans):
            seen = seen_of(record) if record else None
            if seen is None or self._wanted.fits(seen):
                yield seen

    def _fitting(self, records: Iterator[Record]) -> Iterator[Seen]:
        return (seen for seen in map(seen_of, records) if self._wanted.fits(seen))


def topic_named(name: str) -> str | None:
    """`invoices` is short for `receivables.invoices`; None where there can be no such topic."""
    full = name if name.startswith(topics.PREFIX) else topics.PREFIX + name
    is_request = full.startswith(topics.REQUESTS + ".")
    return full if is_request or full in all_topics() else None


def all_topics() -> list[str]:
    return [topic.name for topic in (*topics.outgoing(), *topics.conversation())]


def seen_of(record: Record) -> Seen:
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
    origin = origin_of(record) if record.topic in topics.FACTS.values() else None
    return Seen(record, origin.position if origin else None, headers, _value(record.value))


def _value(value: bytes | None) -> Any:
    if value is None:
        return None
    try:
        return orjson.loads(value)
    except ValueError:
        return value.decode("utf-8", "replace")


def _by_position(seen: Seen) -> tuple[Any, ...]:
    return seen.position or 0, seen.record.topic, seen.record.partition, seen.record.offset


def _by_time(seen: Seen) -> tuple[Any, ...]:
    return seen.record.timestamp, seen.record.topic, seen.record.partition, seen.record.offset
