"""Facts to bytes and back, under our own stored names; nothing is ever imported because stored data says so."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec
import orjson
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, MapperDeserialisationError, Notification, StoredEvent, Transcoder

from domain.entry import Cause, Entry, is_added
from domain.refusal import Refused

Upcast = Callable[[dict[str, object]], dict[str, object]]

# The version each fact is written in; a fact that is not named here is in its first.
VERSIONS: dict[str, int] = {}

# (stored name, version) -> how its data becomes that of the next version. Entries are for ever, as the facts are.
UPCASTS: dict[tuple[str, int], Upcast] = {}

# In JSON; a backslash that is itself escaped begins no escape.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class UnknownFact(MapperDeserialisationError):
    """A name or a version of a fact that this program does not know: newer than it, or not ours."""

    def __init__(self, name: str, version: int | None = None):
        super().__init__(f"no fact is stored under {name!r}" + (f" in version {version}" if version else ""))
        self.name, self.version = name, version


class UnreadableFact(MapperDeserialisationError):
    """A fact in the log that this release cannot read, or that does not fit its stream: which one, and why."""

    def __init__(self, stream: str, version: int, name: str, error: Exception, position: int | None = None):
        self.reason = unreadable(error)
        place = f"position {position:,}, " if position else ""
        super().__init__(f"{place}{name} as version {version} of {stream} {self.reason}")


def unreadable(error: Exception) -> str:
    """Why a fact is none for this release, as a sentence about it."""
    if isinstance(error, MapperDeserialisationError):
        return f"cannot be read by this release: {error}"
    return f"does not fit the facts before it in its stream ({type(error).__name__})"


class Envelope(NamedTuple):
    """What the stored bytes say: the fact, the day it counts for, and its cause."""

    fact: Any
    effective_on: date
    cause: Cause


class OrjsonTranscoder(Transcoder):
    """The same value gives the same bytes: fields in their order, those that are None left out."""

    def __init__(self, kinds: Sequence[type]):
        self._lean = _lean({kind: _shape(kind) for kind in _with_parts(kinds)})

    def encode(self, obj: object) -> bytes:
        return orjson.dumps(obj, self._lean, _OWN_DATACLASSES)

    def decode(self, data: bytes) -> Any:
        return orjson.loads(data)


class FactMapper(Mapper[str]):
    """Entries to the library's stored events and back.

    `names` is stored name -> frozen dataclass; `versions` and `upcasts` as the tables above.
    """

    def __init__(
        self,
        names: Mapping[str, type],
        *,
        versions: Mapping[str, int] = VERSIONS,
        upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS,
    ):
        super().__init__(OrjsonTranscoder([*names.values()]))
        self._kinds = {name: _Kind(name, kind, versions.get(name, 1), upcasts) for name, kind in names.items()}
        self._names = {kind: name for name, kind in names.items()}
        if len(self._names) < len(names):
            raise ValueError("one fact cannot be stored under two names")

    def name(self, fact: object) -> str:
        try:
            return self._names[type(fact)]
        except KeyError:
            raise UnknownFact(type(fact).__qualname__) from None

    def encode(self, fact: object, effective_on: date, cause: Cause) -> tuple[str, bytes]:
        """The stored name and bytes of a fact. Refuses `bad_text`."""
        name = self.name(fact)
        content: dict[str, object] = {"on": effective_on, "actor": cause.actor}
        if cause.reason is not None:
            content["reason"] = cause.reason
        content["command"] = cause.command_id
        if cause.correlation_id is not None:
            content["correlation"] = cause.correlation_id
        if cause.causation_id is not None:
            content["causation"] = cause.causation_id
        if cause.trace is not None:
            content["trace"] = cause.trace
        content["v"] = self._kinds[name].version
        content["data"] = fact
        state = self.transcoder.encode(content)
        if b"\\u0000" in state and _NUL.search(state):
            raise Refused("bad_text", f"{name} holds a NUL character, which no view can keep")
        return name, state

    def decode(self, name: str, state: bytes) -> Envelope:
        """Refuses names and versions it does not know as `UnknownFact`, damaged bytes as the library's error."""
        stored = self._stored(name, state)
        cause = Cause(stored.actor, stored.command, stored.reason, stored.correlation, stored.causation, stored.trace)
        return Envelope(stored.data, stored.on, cause)

    def fact(self, name: str, state: bytes) -> tuple[Any, date]:
        """As `decode`, the fact and its effective date alone: what becomes a state."""
        stored = self._stored(name, state)
        return stored.data, stored.on

    def _stored(self, name: str, state: bytes) -> "_Stored":
        try:
            kind = self._kinds[name]
        except KeyError:
            raise UnknownFact(name) from None
        try:
            return kind.decode(state)
        except (msgspec.DecodeError, orjson.JSONDecodeError) as error:
            raise MapperDeserialisationError(f"a stored {name!r} cannot be read: {error}") from error

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        assert isinstance(domain_event, Entry)
        name, state = self.encode(domain_event.fact, domain_event.effective_on, domain_event.cause)
        return StoredEvent(domain_event.stream, domain_event.version, name, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        fact, effective_on, cause = self.decode(stored_event.topic, stored_event.state)
        position = stored_event.id if isinstance(stored_event, Notification) else 0
        recorded_at = getattr(stored_event, "recorded_at", None)
        stream, version = str(stored_event.originator_id), stored_event.originator_version
        return Entry(stream, version, fact, effective_on, cause, position, recorded_at)


class _Stored(msgspec.Struct, kw_only=True, gc=False):
    on: date
    actor: str
    command: str
    v: int
    data: Any
    reason: str | None = None
    correlation: str | None = None
    causation: str | None = None
    trace: str | None = None


class _Old(_Stored, kw_only=True, gc=False):
    data: msgspec.Raw


_OWN_DATACLASSES = orjson.OPT_PASSTHROUGH_DATACLASS
_OLD = msgspec.json.Decoder(_Old)


class _Kind:
    """One stored name: how what is stored under it, in whatever version, becomes the fact of today."""

    def __init__(self, name: str, kind: type, version: int, upcasts: Mapping[tuple[str, int], Upcast]):
        self.name, self.kind, self.version, self._upcasts = name, kind, version, upcasts
        stored = msgspec.defstruct("_Stored", [("data", kind)], bases=(_Stored,), kw_only=True, gc=False)
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(stored).decode
        missing = [old for old in range(1, version) if (name, old) not in upcasts]
        if missing:
            raise ValueError(f"{name} is written in version {version}, but nothing lifts version {missing[0]}")

    def decode(self, state: bytes) -> _Stored:
        try:
            stored: _Stored = self._decode(state)
            return stored if stored.v == self.version else self._lifted(state)
        except msgspec.ValidationError:
            # Data of an older version need not look like that of today.
            if _OLD.decode(state).v == self.version:
                raise
            return self._lifted(state)

    def _lifted(self, state: bytes) -> "_Stored":
        stored = _OLD.decode(state)
        if not 0 < stored.v < self.version:
            raise UnknownFact(self.name, stored.v)
        content = orjson.loads(bytes(stored.data))
        for old in range(stored.v, self.version):
            content = self._upcasts[self.name, old](content)
        return msgspec.structs.replace(stored, data=msgspec.convert(content, self.kind))


Shape = tuple[tuple[str, ...], Callable[[object], Sequence[object]]]


def _lean(shapes: Mapping[type, Shape]) -> Callable[[object], dict[str, object]]:
    def lean(obj: object) -> dict[str, object]:
        names, values = shapes[type(obj)]
        return {name: value for name, value in zip(names, values(obj), strict=False) if value is not None}

    return lean


def _shape(kind: type) -> Shape:
    """What is written of a dataclass. A field that is None is left out, so None must be what its absence means.

    So is one that was added later and is as by default.
    """
    hints = get_type_hints(kind)
    for field in fields(kind):
        if NoneType in get_args(hints[field.name]) and field.default is not None:
            raise TypeError(f"{kind.__qualname__}.{field.name} may be None and must default to it")
    names = tuple(hints)
    if added := {field.name: field.default for field in fields(kind) if is_added(field)}:
        return names, lambda fact: [_unless(added.get(name), getattr(fact, name)) for name in names]
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda fact: [getattr(fact, name) for name in names]


def _unless(default: object, value: object) -> object:
    return None if value == default else value


def _with_parts(kinds: Sequence[type]) -> set[type]:
    """The kinds and every dataclass they are made of."""
    found: set[type] = set()
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += [part for hint in get_type_hints(kind).values() for part in _dataclasses_in(hint)]
    return found


def _dataclasses_in(hint: object) -> list[type]:
    if is_dataclass(hint):
        return [hint] if isinstance(hint, type) else []
    return [part for inner in get_args(hint) for part in _dataclasses_in(inner)]
