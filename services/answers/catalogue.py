"""The catalogue of commands as plain data: name, permission, and the JSON Schema of the parameters."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from services.catalogue.command import Command
from services.catalogue.wire import schema


class CommandAnswer(TypedDict):
    name: str
    summary: str
    permission: str
    parameters: Mapping[str, object]


class CatalogueAnswer(TypedDict):
    commands: list[CommandAnswer]


def catalogue_answer(commands: Iterable[Command[...]]) -> CatalogueAnswer:
    return {"commands": [_command(each) for each in commands]}


def _command(command: Command[...]) -> CommandAnswer:
    return {
        "name": command.name,
        "summary": command.summary,
        "permission": str(command.permission),
        "parameters": schema(command),
    }
