"""Rejected rows beside the reasons, in a file that appears whole or not at all."""

import csv
import fcntl
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.files.table import Row, Table
from infra.files.textfile import Unreadable

COLUMNS = ("row", "field", "code", "reason", "origin")
# Beside them where the rows are not read as a file without any options is: how they are.
READ_AS = "read_as"

_DRAFT = ".receivables-rejects-"
_ORIGIN = re.compile(r"import:[0-9a-f]{16}:[0-9]{1,12}", re.ASCII)


# What a spreadsheet would take for a formula, unless it is a number.
_LIVE = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*", re.ASCII)
_GUARD = "'"


def own_columns(table: Table) -> int:
    """Where they begin: before them a reject file has its reasons."""
    if table.columns[: len(COLUMNS)] != COLUMNS:
        return 0
    return len(COLUMNS) + (table.columns[len(COLUMNS) : len(COLUMNS) + 1] == (READ_AS,))


def read_as(table: Table) -> str | None:
    """How the rows of a reject file were read at first; None of a file that is none."""
    if not own_columns(table):
        return None
    row = next((row for row in table.again() if not row.fault), None)
    return row.values[len(COLUMNS)] if row and own_columns(table) > len(COLUMNS) else ""


def unguarded(table: Table) -> Table:
    """A reject file with its values as they were, and any other file as it is."""
    first = own_columns(table)
    if not first:
        return table

    def bare(rows: Iterator[Row]) -> Iterator[Row]:
        return (row._replace(values=[*row.values[:first], *map(_bare, row.values[first:])]) for row in rows)

    columns = (*table.columns[:first], *map(_bare, table.columns[first:]))
    return replace(table, columns=columns, rows=bare(table.rows), again=lambda: bare(table.again()))


def _guarded(value: str) -> str:
    is_live = value.startswith(_LIVE) and not _NUMBER.fullmatch(value)
    is_like_guarded = value.startswith(_GUARD) and value[1:].startswith((*_LIVE, _GUARD))
    return _GUARD + value if is_live or is_like_guarded else value


def _bare(value: str) -> str:
    return value[1:] if value.startswith(_GUARD) and value[1:].startswith((*_LIVE, _GUARD)) else value


def origin(table: Table, row: Row) -> str:
    """File and line of the row at first; it keeps them when it is corrected in a reject file."""
    reasons = row.values[: len(COLUMNS)] if own_columns(table) else []
    if reasons and _ORIGIN.fullmatch(reasons[-1].strip()):
        return reasons[-1].strip()
    return f"import:{table.digest[:16]}:{row.line}"


class Rejects:
    """The rows keep their columns, delimiter and encoding: once corrected, the file is imported by the same command.

    Without a `path` it lies beside the file, or in the current folder where that one cannot be written. It replaces
    the one of an earlier run only when there is something to reject. Only its owner may read it, and what an import
    that was killed has left of one is removed by the next that writes there.
    """

    def __init__(self, table: Table, path: Path | None = None, *, is_dry: bool = False):
        self._table, self._is_dry = table, is_dry
        self._path = _required(path, table.path) if path else _beside(table.path)
        # Of a reject file that is imported again, the old reasons are left out.
        self._first = own_columns(table)
        self._part: Any = None
        self._draft = Path()
        self.path: Path | None = None
        self._read_as = ""
        self._spelled: Callable[[int, str], str] = _as_text

    def say_how_read(self, words: str, spelled: Callable[[int, str], str]) -> None:
        """Before the first row, of which alone nobody could tell; `spelled` is the text of a workbook's cell."""
        self._read_as, self._spelled = words, spelled

    def write(self, row: Row, field: str, code: str, reason: str) -> None:
        if self._is_dry:
            return
        if not self._part:
            self._begin()
        reasons = (
            row.line,
            field,
            code,
            _guarded(reason) if reason.startswith(_LIVE) else reason,
            origin(self._table, row),
            *filter(None, [self._read_as]),
        )
        own = [*enumerate(row.values)][self._first :]
        self._rows.writerow((*reasons, *(_guarded(self._spelled(at, value)) for at, value in own)))

    def __enter__(self) -> Self:
        if not self._is_dry:
            _remove_left(self._path.parent)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self._part:
            return
        try:
            self._part.flush()
            if not kind:
                os.replace(self._draft, self._path)
                self.path = self._path
        finally:
            # Closed last: until then it is locked, and no other import takes it for one that was left.
            with suppress(OSError):
                self._draft.unlink()
            self._part.close()

    def _begin(self) -> None:
        file, self._draft = _draft_in(self._path.parent)
        self._part = open(  # noqa: SIM115 - closed on leaving
            file, "w", encoding=self._table.encoding, errors="replace", newline=""
        )
        self._rows = csv.writer(self._part, delimiter=self._table.delimiter)
        how = [READ_AS] if self._read_as else []
        self._rows.writerow((*COLUMNS, *how, *map(_guarded, self._table.columns[self._first :])))


def _as_text(at: int, value: str) -> str:
    return value


def _draft_in(folder: Path) -> tuple[int, Path]:
    """Locked for as long as it is open."""
    while True:
        file, name = tempfile.mkstemp(prefix=_DRAFT, dir=folder)
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file).st_nlink:
            return file, Path(name)
        os.close(file)  # before it was locked, somebody took it for one that was left


def _remove_left(folder: Path) -> None:
    for draft in folder.glob(f"{_DRAFT}*"):
        with suppress(OSError):
            file = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                draft.unlink()
            finally:
                os.close(file)


def _required(path: Path, source: Path) -> Path:
    if not _is_writable(path.absolute().parent) or path.is_dir() or path.resolve() == source.resolve():
        raise Unreadable(f"rejected rows cannot be written to {path}: name another file")
    return path


def _beside(path: Path) -> Path:
    folders: Iterable[Path] = (path.absolute().parent, Path.cwd())
    folder = next((folder for folder in folders if _is_writable(folder)), Path(tempfile.gettempdir()))
    return folder / f"{path.name}.rejects.csv"


def _is_writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK)
