"""Facts as people and programs read them: the envelope, the data, and the difference the fact made."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from infra.log.chain import Row
from infra.log.codec import FactMapper
from infra.log.memory import EMPTY, Memory, Stream
from projections.audit.difference import difference
from projections.audit.view import streams_between
from projections.projection import Query
from services.snapshots import instant_text

COLUMNS = (
    "position", "stream", "version", "name", "effective_on", "recorded_at", "actor", "reason", "command_id",
    "correlation_id", "causation_id", "data", "difference",
)  # fmt: skip
ENCRYPTED, ERASED = "(encrypted)", "(erased)"

Ask = Callable[[Query], Sequence[Any]]
Decrypt = Callable[[str, str], dict[str, Any] | None]


class Teller:
    """Tells rows of the log, page after page; `unseal` is given only to those who may read personal data.

    It remembers the streams told last, so that telling the whole log in its order reads hardly a fact twice.
    """

    def __init__(self, ask: Ask, mapper: FactMapper, decrypt: Decrypt | None = None):
        self._ask, self._mapper, self._decrypt = ask, mapper, decrypt
        self._memory = Memory()

    def tell(self, rows: Sequence[Row], *, with_difference: bool = True) -> list[dict[str, Any]]:
        differences = self._differences(rows) if with_difference else {}
        return [self._told(row, differences.get((row.stream, row.version))) for row in rows]

    def _told(self, row: Row, message: str | None) -> dict[str, Any]:
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
            "data": {key: self._shown(row, stored["data"], key) for key in stored["data"]},
            "difference": message,
        }

    def _shown(self, row: Row, data: dict[str, Any], key: str) -> Any:
        value = data[key]
        if key != "encrypted" and not key.endswith("_encrypted"):
            return value
        if not self._decrypt:
            return ENCRYPTED
        return self._decrypt(_owner(row.stream, data), value) or ERASED

    def _differences(self, rows: Sequence[Row]) -> dict[tuple[str, int], str]:
        wanted: dict[str, dict[int, Row]] = {}
        for row in rows:
            wanted.setdefault(row.stream, {})[row.version] = row
        known = {stream: self._before(stream, min(versions)) for stream, versions in wanted.items()}
        told: dict[tuple[str, int], str] = {}
        for stream, version, name, state in self._facts(wanted, known):
            fact, on, _ = self._mapper.decode(name, state)
            after, told[stream, version] = difference(known[stream].state, fact, on)
            known[stream] = Stream(version, after)
        for stream, state in known.items():
            self._memory.put(stream, state)
        return told

    def _before(self, stream: str, version: int) -> Stream:
        remembered = self._memory.get(stream)
        return remembered if remembered and remembered.version < version else EMPTY

    def _facts(self, wanted: Mapping[str, Mapping[int, Row]], known: Mapping[str, Stream]) -> Sequence[Any]:
        """All facts of the streams wanted, from what is known of each on; those that are not at hand are read."""
        last = {stream: max(versions) for stream, versions in wanted.items()}
        gaps = {stream: last[stream] for stream in wanted if len(wanted[stream]) < last[stream] - known[stream].version}
        at_hand = [
            (stream, version, row.name, row.state)
            for stream, versions in wanted.items()
            if stream not in gaps
            for version, row in sorted(versions.items())
        ]
        after = {stream: known[stream].version for stream in gaps}
        return [*at_hand, *self._ask(streams_between(after, gaps))] if gaps else at_hand


def _owner(stream: str, data: Mapping[str, Any]) -> str:
    """Under whose key it was sealed; what an unknown payer wrote has the key of its receipt."""
    kind, _, number = stream.partition(":")
    return number if kind == "customer" else data.get("customer") or stream
