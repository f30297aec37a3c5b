"""Statements as PDF: one, or a folder of them, of which a second process sets half."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from domain.refusal import Refused
from infra.creditors import Creditors
from infra.files.wholefile import make_folder, replace_whole
from infra.texts.library import Library
from infra.texts.locales import DEFAULT_LANGUAGE
from infra.texts.templates import TextUnfit
from infra.worker import Reached, cores, worker
from services.messages.page import Page
from services.statements.content import Statement
from services.statements.file_names import file_name
from services.statements.gathering import Run
from services.statements.page import statement_page

if TYPE_CHECKING:
    from infra.texts.letters import Letters

# Starting a process for fewer takes longer than it saves.
WORTH_A_PROCESS = 40

Progress = Callable[[int, int], object]


class Sheet(NamedTuple):
    """A statement ready to be set, and the file it goes to."""

    customer: str
    target: Path
    page: Page
    on: date


class Unset(NamedTuple):
    """A statement that could not be made, and why."""

    customer: str
    reason: str


class Written(NamedTuple):
    files: int
    unset: list[Unset]


class Printing:
    """`home` is where texts are edited and creditors named."""

    def __init__(self, home: Path):
        self._home = home

    def pdf(self, statement: Statement, entity: str) -> bytes:
        """On the letterhead of the only entity in it, `entity` where there is none.

        Refuses `several_entities`; raises `TextUnfit`.
        """
        named = statement.entities
        if len(named) > 1:
            message = f"{statement.customer} owes {' and '.join(named)}: a letterhead is of one entity, so name it"
            raise Refused("several_entities", message, "entity")
        return self._letters.pdf(self._page(statement, named[0] if named else entity), statement.as_of)

    def labels(self, language: str = DEFAULT_LANGUAGE) -> Mapping[str, str]:
        return self._library.edition(language).labels

    def folder(self, run: Run, folder: Path, progress: Progress | None = None) -> Written:
        """A file for each customer and entity. What cannot be set is left out and named."""
        make_folder(folder)
        files, unset, done = 0, list[Unset](), 0
        for statements in run.pages:
            sheets = [sheet for each in statements for sheet in self._sheets(each, folder)]
            failed = _printed(sheets, partial(_report, progress, done, run.customers))
            files, done = files + len(sheets) - len(failed), done + len(statements)
            unset += failed
        return Written(files, unset)

    def _sheets(self, statement: Statement, folder: Path) -> list[Sheet]:
        number, entities = statement.customer, statement.entities
        names = [file_name("pdf", number, *([entity] if len(entities) > 1 else [])) for entity in entities]
        return [
            Sheet(number, folder / name, self._page(statement.of(entity), entity), statement.as_of)
            for entity, name in zip(entities, names, strict=True)
        ]

    def _page(self, statement: Statement, entity: str) -> Page:
        return statement_page(statement, self._creditors.of(entity), self._library.edition(statement.language))

    @cached_property
    def _creditors(self) -> Creditors:
        return Creditors.load(self._home)

    @cached_property
    def _library(self) -> Library:
        return Library(self._home)

    @cached_property
    def _letters(self) -> "Letters":
        return _letters()


def print_sheets(sheets: Sequence[Sheet], reached: Reached) -> list[Unset]:
    """Sets each, and writes it to its file; says now and then how many it has done."""
    letters, unset = _letters(), []
    for nth, sheet in enumerate(sheets, 1):
        try:
            replace_whole(sheet.target, letters.pdf(sheet.page, sheet.on))
        except TextUnfit as unfit:
            unset.append(Unset(sheet.customer, unfit.message))
        reached(nth)
    return unset


def _letters() -> "Letters":
    # Who looks at a table needs none of it.
    from infra.texts.letters import STATEMENT, Letters

    return Letters(STATEMENT)


def _printed(sheets: Sequence[Sheet], reached: Reached) -> list[Unset]:
    """By this process and, where it is worth it, by another that takes every other sheet."""
    if len(sheets) < WORTH_A_PROCESS or cores() < 2:
        return print_sheets(sheets, reached)
    with worker(partial(print_sheets, sheets[1::2])) as helper:

        def both(nth: int) -> None:
            helper.check()
            reached(2 * nth)

        return print_sheets(sheets[::2], both) + helper.result()


def _report(progress: Progress | None, before: int, total: int, so_far: int) -> None:
    if progress:
        progress(min(total, before + so_far), total)
