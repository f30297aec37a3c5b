"""What a command recorded, as plain data: the answer to every command, and to its repeat."""

from typing import TypedDict

from infra.log.decision import Done


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
