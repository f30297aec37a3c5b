"""The command on the texts of a language."""

from domain import text
from domain.text import Texts
from services.catalogue.command import Asked, Change, Command, Decided, Permission, Reader, planned


def _approve(asked: Asked, reader: Reader, *, sha256: str) -> Change:
    def decide(texts: Texts | None) -> Decided:
        return {asked.stream: text.approve(texts, asked.key["language"], sha256=sha256)}

    return Change([asked.stream], decide, asked.day)


APPROVE = planned(
    "text.approve",
    _approve,
    "Approve the texts of a language as they read now; edited texts are not sent before that.",
    Permission.APPROVE_TEXTS,
)
COMMANDS: tuple[Command[...], ...] = (APPROVE,)
