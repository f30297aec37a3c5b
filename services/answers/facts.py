"""Facts as plain data: the envelope, the data, and the difference the fact made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypedDict

import orjson

from infra.disclosures import CONTACT
from infra.encryption import CannotDecrypt
from infra.log.chain import Row
from infra.log.codec import FactMapper
from infra.log.memory import EMPTY, Memory, Stream
from projections.audit.difference import difference
from projections.audit.view import streams_between
from projections.projection import Query
from projections.projection import Row as Found
from services.snapshots import instant_text

ENCRYPTED, ERASED, LOST = "(encrypted)", "(erased)", "(its key is lost)"

Ask = Callable[[Query], Sequence[Found]]
Contact = Mapping[str, str]
Decrypt = Callable[[str, str], Contact | None]
Disclosed = Callable[[Iterable[str], Iterable[str]], None]


class FactAnswer(TypedDict):
    """`reason` is the one in the envelope; `difference` None where it was not asked for."""

    position: int
    stream: str
    version: int
    name: str
    effective_on: str
    recorded_at: str
    actor: str
    reason: str | None
    command_id: str
    correlation_id: str | None
    causation_id: str | None
    data: dict[str, object]
    difference: str | None


COLUMNS = tuple(FactAnswer.__annotations__)


class FactsAnswer(TypedDict):
    facts: list[FactAnswer]


class PageAnswer(FactsAnswer):
    """`next` is where the next page goes on, None on the last; `position` how far the log was searched."""

    next: int | None
    position: int


def page_answer(facts: list[FactAnswer], next_at: int | None, position: int) -> PageAnswer:
    return {"facts": facts, "next": next_at, "position": position}


class _Stored(NamedTuple):
    stream: str
    version: int
    name: str
    state: bytes


class FactFormatter:
    """Rows of the log as answers, page after page; `decrypt` is given only to those who may read personal data.

    `disclosed` hears, before a page is given, whose data is in it in clear and which.

    It remembers the streams of the last pages, so that formatting the whole log in its order reads hardly a fact twice.
    """

    def __init__(
        self,
        ask: Ask,
        mapper: FactMapper,
        decrypt: Decrypt | None = None,
        disclosed: Disclosed = lambda subjects, data: None,
    ):
        self._ask, self._mapper, self._decrypt, self._disclosed = ask, mapper, decrypt, disclosed
        self._shown: dict[str, set[str]] = {}
        self._memory = Memory()

    def format(self, rows: Sequence[Row], *, with_difference: bool = True) -> list[FactAnswer]:
        differences = self._differences(rows) if with_difference else {}
        self._shown = {}
        facts = [self._fact(row, differences.get((row.stream, row.version))) for row in rows]
        if self._shown:
            self._disclosed(self._shown.keys(), {*chain.from_iterable(self._shown.values())})
        return facts

    def _fact(self, row: Row, message: str | None) -> FactAnswer:
        stored = orjson.loads(row.state)
        return {
            "position": row.position,
            "stream": row.stream,
            "version": row.version,
            "name": row.name,
            "effective_on": stored["on"],
            "recorded_at": instant_text(row.recorded_at),
            "actor": stored["actor"],
            "reason": stored.get("reason"),
            "command_id": stored["command"],
            "correlation_id": stored.get("correlation"),
            "causation_id": stored.get("causation"),
            "data": {key: self._value(row, stored["data"], key) for key in stored["data"]},
            "difference": message,
        }

    def _value(self, row: Row, data: Mapping[str, object], key: str) -> object:
        value = data[key]
        if not is_encrypted(key):
            return value
        if not self._decrypt:
            return ENCRYPTED
        subject = owner(row.stream, data)
        try:
            clear = self._decrypt(subject, str(value))
        except CannotDecrypt:
            return LOST
        if clear:
            self._shown.setdefault(subject, set()).add(key.removesuffix("_encrypted").replace("encrypted", CONTACT))
        return clear or ERASED

    def _differences(self, rows: Sequence[Row]) -> dict[tuple[str, int], str]:
        wanted: dict[str, dict[int, Row]] = {}
        for row in rows:
            wanted.setdefault(row.stream, {})[row.version] = row
        known = {stream: self._before(stream, min(versions)) for stream, versions in wanted.items()}
        differences: dict[tuple[str, int], str] = {}
        for stream, version, name, state in self._facts(wanted, known):
            fact, on, _ = self._mapper.decode(name, state)
            after, differences[stream, version] = difference(known[stream].state, fact, on)
            known[stream] = Stream(version, after)
        for stream, after_page in known.items():
            self._memory.put(stream, after_page)
        return differences

    def _before(self, stream: str, version: int) -> Stream:
        remembered = self._memory.get(stream)
        return remembered if remembered and remembered.version < version else EMPTY

    def _facts(self, wanted: Mapping[str, Mapping[int, Row]], known: Mapping[str, Stream]) -> list[_Stored]:
        """All facts of the streams wanted, from what is known of each on; those that are not at hand are read."""
        last = {stream: max(versions) for stream, versions in wanted.items()}
        gaps = {stream: last[stream] for stream in wanted if len(wanted[stream]) < last[stream] - known[stream].version}
        at_hand = [
            _Stored(stream, version, row.name, row.state)
            for stream, versions in wanted.items()
            if stream not in gaps
            for version, row in sorted(versions.items())
        ]
        after = {stream: known[stream].version for stream in gaps}
        return [*at_hand, *map(_Stored._make, self._ask(streams_between(after, gaps)))] if gaps else at_hand


def is_encrypted(key: str) -> bool:
    """Whether the field of a fact by that name holds personal data."""
    return key == "encrypted" or key.endswith("_encrypted")


def owner(stream: str, data: Mapping[str, object]) -> str:
    """Under whose key it was encrypted; what an unknown payer wrote has the key of its receipt."""
    kind, _, number = stream.partition(":")
    return number if kind == "customer" else str(data.get("customer") or stream)
