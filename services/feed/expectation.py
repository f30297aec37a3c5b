"""What the topics should hold by the log: a few bytes for each fact and each stream, however many there are."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from hashlib import blake2b
from typing import Any

import orjson

from domain.kinds import FACTS
from infra.kafka.message import Message, Record
from services.feed.messages import type_of, types_of

_CONTENT_TYPE = "content-type"
_CURRENT = {each.encode(): type_of(name).encode() for name in FACTS for each in types_of(name)}
OUTLINED: tuple[str, ...] = ("topic", "key", "ce_id", "ce_source", "ce_subject", "ce_time", "ce_sequence", "ce_loghash")


def content_of(message: Message | Record) -> dict[str, bytes | None]:
    """All of a message that the log determines, by name; what others along the way add to its headers is not ours."""
    ours = {name: _current(name, value) for name, value in message.headers if _is_ours(name)}
    return {"topic": message.topic.encode(), "key": message.key, "value": _plain(message.value), **ours}


def digest_of(message: Message | Record) -> int:
    """Of the same, by which two messages are told apart."""
    ours = sorted((name, _current(name, value) or b"") for name, value in message.headers if _is_ours(name))
    return _digest((message.topic, message.key, _plain(message.value), ours))


def state_digest_of(message: Message | Record) -> int:
    """Of the state of an invoice, whatever name of the ledger it was published under."""
    ours = sorted((name, value) for name, value in message.headers if name in ("ce_type", "ce_sequence", "ce_subject"))
    return _digest((message.key, _plain(message.value), ours))


def outline_digest_of(message: Message | Record) -> int:
    """Of what is known of a message whose fact cannot be read."""
    ours = sorted((name, value or b"") for name, value in message.headers if name in OUTLINED)
    return _digest((message.topic, message.key, ours))


def place_of(stream: str, version: int) -> int:
    """Which fact of which stream, as a number."""
    return _digest((stream, version))


class Facts:
    """By position: the digest of its message, which fact of which stream it is, and whether it was seen."""

    def __init__(self, head: int):
        self.count = 0
        self._digests = array("Q", bytes(8 * (head + 1)))
        self._places = array("Q", bytes(8 * (head + 1)))
        self._seen = bytearray(head + 1)
        self._outlined: set[int] = set()

    def expect(self, position: int, place: int, message: Message) -> None:
        self.count += 1
        self._digests[position] = digest_of(message)
        self._places[position] = place

    def expect_outlined(self, position: int, place: int, outline: Message) -> None:
        """One whose content is not known."""
        self.expect(position, place, outline)
        self._digests[position] = outline_digest_of(outline)
        self._outlined.add(position)

    def is_expected(self, position: int) -> bool:
        return position < len(self._digests) and self._digests[position] != 0

    def is_same(self, position: int, record: Record) -> bool:
        digest = outline_digest_of(record) if position in self._outlined else digest_of(record)
        return self._digests[position] == digest

    def see(self, position: int) -> bool:
        """Whether it was seen before."""
        was_seen, self._seen[position] = bool(self._seen[position]), 1
        return was_seen

    def unseen(self) -> Iterable[int]:
        position = 0
        while (position := self._seen.find(0, position + 1)) > 0:
            if self._digests[position]:
                yield position

    def has(self, place: int) -> bool:
        at = bisect_left(self._sorted, place)
        return at < len(self._sorted) and self._sorted[at] == place

    def position_of(self, place: int) -> int:
        """Of one that it has."""
        return self._places.index(place)

    @cached_property
    def _sorted(self) -> "array[int]":
        """Made when the first message comes whose id says nothing: there are none, or there may be many."""
        return array("Q", sorted(self._places))


class Streams:
    """By stream: its last fact, what its state should be, what was found, and how far it was read in its partition.

    A state is as of now, and so may be later than the last fact that was expected.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self.positions, self.versions = array("q"), array("q")
        self.state_versions, self.digests, self.state_partitions = array("q"), array("Q"), array("q")
        self.found_versions, self.found_digests = array("q"), array("Q")
        self._partitions, self._reached = array("q"), array("q")
        # Of those that are in more than one partition.
        self._elsewhere: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self.versions)

    def number(self, key: bytes | None) -> int | None:
        return self._numbers.get(_digest(key))

    def expect(self, key: bytes) -> int:
        name = _digest(key)
        if name not in self._numbers:
            self._numbers[name] = len(self.versions)
            for each in (self.positions, self.versions, self.state_versions, self.found_versions, self._reached):
                each.append(0)
            for each in (self.digests, self.found_digests):
                each.append(0)
            for each in (self._partitions, self.state_partitions):
                each.append(-1)
        return self._numbers[name]

    def is_elsewhere(self, number: int, partition: int) -> bool:
        """Whether facts of the stream were seen in another partition."""
        return self._partitions[number] not in (-1, partition)

    def comes_late(self, number: int, partition: int, sequence: int) -> bool:
        """Whether it comes after a later fact of its stream, or is the first of the stream in another partition."""
        if self._partitions[number] == -1:
            self._partitions[number] = partition
        if self._partitions[number] == partition:
            before, self._reached[number] = self._reached[number], max(self._reached[number], sequence)
            return sequence < before
        elsewhere = self._elsewhere.get((number, partition))
        self._elsewhere[number, partition] = max(elsewhere or 0, sequence)
        return elsewhere is None or sequence < elsewhere


def _current(name: str, value: bytes | None) -> bytes | None:
    """A type in the version that is published now.

    An earlier release published it in an earlier one, and what has been added since is left out where it says nothing:
    so a message of an earlier version is right if it says all there is to say.
    """
    return _CURRENT.get(value, value) if name == "ce_type" and value else value


def _is_ours(name: str) -> bool:
    return name.startswith("ce_") or name == _CONTENT_TYPE


def _plain(value: bytes | None) -> bytes | None:
    """Whatever the order of names: another release may have written it."""
    try:
        return orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS) if value else value
    except ValueError:
        return value


def _digest(what: Any) -> int:
    # As text the parts cannot run into each other. Never 0, which is where nothing is.
    return int.from_bytes(blake2b(repr(what).encode(), digest_size=8).digest()) or 1
