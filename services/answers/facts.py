"""Facts as plain data: the envelope, the data, and the difference the fact made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypedDict

import orjson

from infra.disclosures import CONTACT
from infra.encryption import CannotDecrypt
from infra.log.chain import Row
from infra.log.codec import FactMapper, unreadable
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
    """`reason` is the one in the envelope; `difference` None where it was not asked for.

    Of a fact that this release cannot read `data` is None, `difference` says why, and of the envelope what cannot be
    read is None.
    """

    position: int
    stream: str
    version: int
    name: str
    effective_on: str | None
    recorded_at: str
    actor: str | None
    reason: str | None
    command_id: str | None
    correlation_id: str | None
    causation_id: str | None
    data: dict[str, object] | None
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
        # Streams with a fact that could not be read: what the later ones made of it nobody knows.
        self._lost: dict[str, str] = {}

    def format(self, rows: Sequence[Row], *, with_difference: bool = True) -> list[FactAnswer]:
        differences = self._differences(rows) if with_difference else {}
        self._shown = {}
        facts = [self._fact(row, differences.get((row.stream, row.version))) for row in rows]
        if self._shown:
            self._disclosed(self._shown.keys(), {*chain.from_iterable(self._shown.values())})
        return facts

    def _fact(self, row: Row, message: str | None) -> FactAnswer:
        # What made a difference was read for that.
        wrong = None if message is not None and row.stream not in self._lost else self._unreadable(row)
        said = _said(row.state) if wrong else orjson.loads(row.state)
        return {
            "position": row.position,
            "stream": row.stream,
            "version": row.version,
            "name": row.name,
            "effective_on": said.get("on"),
            "recorded_at": instant_text(row.recorded_at),
            "actor": said.get("actor"),
            "reason": said.get("reason"),
            "command_id": said.get("command"),
            "correlation_id": said.get("correlation"),
            "causation_id": said.get("causation"),
            "data": None if wrong else {key: self._value(row, said["data"], key) for key in said["data"]},
            "difference": wrong or message,
        }

    def _unreadable(self, row: Row) -> str | None:
        try:
            self._mapper.fact(row.name, row.state)
        except Exception as error:
            return unreadable(error)
        return None

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
            if stream in self._lost:
                differences[stream, version] = self._lost[stream]
                continue
            try:
                fact, on = self._mapper.fact(name, state)
                after, differences[stream, version] = difference(known[stream].state, fact, on)
                known[stream] = Stream(version, after)
            except Exception as error:
                differences[stream, version] = unreadable(error)
                self._lost[stream] = f"not known: version {version} of its stream {unreadable(error)}"
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


def _said(state: bytes) -> Mapping[str, Any]:
    """Of the envelope what is text in its place, whatever the rest is."""
    try:
        found = orjson.loads(state)
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def is_encrypted(key: str) -> bool:
    """Whether the field of a fact by that name holds personal data."""
    return key == "encrypted" or key.endswith("_encrypted")


def owner(stream: str, data: Mapping[str, object]) -> str:
    """Under whose key it was encrypted; what an unknown payer wrote has the key of its receipt."""
    kind, _, number = stream.partition(":")
    return number if kind == "customer" else str(data.get("customer") or stream)
