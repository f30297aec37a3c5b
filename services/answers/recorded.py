"""What a command recorded, as plain data: the answer to every command, and to its repeat."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypedDict

from infra.log.codec import Envelope
from infra.log.decision import Done
from projections.audit.happening import happened, sentences

Histories = Callable[[Iterable[str]], Mapping[str, Sequence[Envelope]]]


class RecordedFact(TypedDict):
    position: int
    stream: str
    version: int
    name: str


class SaidNote(TypedDict):
    code: str
    message: str


class RecordedAnswer(TypedDict):
    """`position` is how far a reader must have come to see it; `notes` say such things as what a payment cannot pay."""

    command_id: str
    position: int
    facts: list[RecordedFact]
    is_repeat: bool
    notes: list[SaidNote]


class InSentences(NamedTuple):
    """`more` is about how many more streams there are some."""

    sentences: list[str]
    more: int


def in_sentences(done: Done, histories: Histories, most: int) -> InSentences:
    """What a command did, about no more than so many streams; of a repeat, what it did the first time."""
    versions: dict[str, list[int]] = {}
    for fact in done.facts:
        versions.setdefault(fact.stream, []).append(fact.version)
    streams = [*islice(versions, most)]
    known = histories(streams)
    said: list[str] = []
    for stream in streams:
        first, last = min(versions[stream]), max(versions[stream])
        facts = [(each.fact, each.effective_on) for each in known[stream][:last]]
        said += sentences(stream, happened(stream, facts, first))
    return InSentences(said, len(versions) - len(streams))


def recorded_answer(done: Done) -> RecordedAnswer:
    facts: list[RecordedFact] = [
        {"position": fact.position, "stream": fact.stream, "version": fact.version, "name": fact.name}
        for fact in done.facts
    ]
    return {
        "command_id": done.command_id,
        "position": done.position,
        "facts": facts,
        "is_repeat": done.is_repeat,
        "notes": [{"code": note.code, "message": note.message} for note in done.notes],
    }
