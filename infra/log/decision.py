"""A decision on its way into the log, and the answer that is kept of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import orjson

from domain.entry import Cause
from domain.notes import Note
from domain.refusal import Refused
from infra.log.appends import Append, Event, PreviousAnswer
from infra.log.codec import FactMapper
from infra.log.memory import Stream, Unfolded

# Facts per stream; a fact that counts for another day than its command comes as (fact, day).
Decided = Mapping[str, Sequence[object]]
Decide = Callable[..., Decided]


class Overtaken(Exception):
    """What was looked up before the decision no longer holds: look again, at `streams`, too, and decide anew."""

    def __init__(self, streams: Iterable[str] = ()):
        super().__init__(*streams)
        self.streams = frozenset(streams)


class Recorded(NamedTuple):
    position: int
    stream: str
    version: int
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """A command's answer. `position` is how far a reader must have come to see it.

    `notes` say what is worth knowing of it when it is done, and are not kept: a repeat has none.
    """

    command_id: str
    position: int
    facts: tuple[Recorded, ...]
    is_repeat: bool = False
    notes: tuple[Note, ...] = ()


class Decision:
    """What was decided about streams as they stood: `current` is all that the decision looked at."""

    def __init__(self, current: Mapping[str, Stream], decided: Decided, on: date):
        unasked = decided.keys() - current.keys()
        if unasked:
            raise ValueError(f"decided about {', '.join(sorted(unasked))}, which the decision was not shown")
        self.current = current
        self._decided = [
            (stream, version, *(item if isinstance(item, tuple) else (item, on)))
            for stream, items in decided.items()
            for version, item in enumerate(items, current[stream].version + 1)
        ]

    def request(self, mapper: FactMapper, cause: Cause, content_hash: bytes) -> Append:
        """Expects every stream the decision looked at unchanged, those it adds nothing to as well."""
        events = [
            Event(stream, version, *mapper.encode(fact, effective_on, cause))
            for stream, version, fact, effective_on in self._decided
        ]
        answer = orjson.dumps([event[:3] for event in events])
        expected = {stream: known.version for stream, known in self.current.items()}
        return Append(events, expected, cause.command_id, content_hash, answer)

    def outcome(self, evolve: Callable[[str, object, object, date], object]) -> Iterator[tuple[str, Stream | Unfolded]]:
        """The streams as they stand once it is recorded."""
        last = {stream: version for stream, version, _, _ in self._decided}
        for stream, known in self.current.items():
            if stream in last:
                yield stream, Unfolded(last[stream], partial(self._folded, stream, evolve))
            else:
                yield stream, known

    def _folded(self, stream: str, evolve: Callable[[str, object, object, date], object]) -> object:
        state = self.current[stream].state
        for other, _, fact, on in self._decided:
            if other == stream:
                state = evolve(stream, state, fact, on)
        return state


def done(command_id: str, position: int, facts: Sequence[Iterable[Any]], *, is_repeat: bool = False) -> Done:
    """`facts` as (stream, version, name). Positions follow from the last: the facts of a command stand together."""
    first = position - len(facts) + 1
    return Done(command_id, position, tuple(Recorded(at, *fact) for at, fact in enumerate(facts, first)), is_repeat)


def answered(command_id: str, previous: PreviousAnswer) -> Done:
    """The first answer again."""
    return done(command_id, previous.position, orjson.loads(previous.answer), is_repeat=True)


def repeat(command_id: str, previous: PreviousAnswer, content_hash: bytes) -> Done:
    """The first answer again; refuses the same id with other content as `command_reused`."""
    if previous.content_hash != content_hash:
        raise Refused("command_reused", f"command {command_id} was used before with other content")
    return answered(command_id, previous)
