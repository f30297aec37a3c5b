"""A home as plain data: which it is and why, what is in it, and what a reset has removed."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from infra.home_contents import Held


class HeldAnswer(TypedDict):
    """`files` and `bytes` of a folder are of all that is below it."""

    name: str
    what: str
    files: int
    bytes: int


class HomeDatabase(TypedDict):
    """`kind` is embedded or external; `facts` None where it does not say, or there is none yet."""

    kind: str
    address: str
    is_running: bool
    facts: int | None
    problem: NotRequired[str]


class HomeAnswer(TypedDict):
    """`others` are names in the folder that are none of ours."""

    home: str
    why: str
    exists: bool
    database: HomeDatabase
    contents: list[HeldAnswer]
    others: list[str]
    bytes: int


class ResetAnswer(TypedDict):
    """`removed` and `kept` are names in the home; `untouched` is what lies elsewhere."""

    home: str
    removed: list[str]
    kept: list[str]
    untouched: list[str]


def held_answer(held: Sequence[Held]) -> list[HeldAnswer]:
    return [{"name": each.name, "what": each.what, "files": each.files, "bytes": each.size} for each in held]
