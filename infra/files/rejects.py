"""Rejected rows beside the reasons, in a file that appears whole or not at all."""

import csv
import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.files.tabular import Row, Table, Unreadable

COLUMNS = ("row", "field", "code", "reason", "origin")

_ORIGIN = re.compile(r"import:[0-9a-f]{16}:[0-9]{1,12}", re.ASCII)


def own_columns(table: Table) -> int:
    """Where they begin: before them a reject file has its reasons."""
    return len(COLUMNS) if table.columns[: len(COLUMNS)] == COLUMNS else 0


def origin(table: Table, row: Row) -> str:
    """File and line of the row at first; it keeps them when it is corrected in a reject file."""
    reasons = row.values[: own_columns(table)]
    if reasons and _ORIGIN.fullmatch(reasons[-1].strip()):
        return reasons[-1].strip()
    return f"import:{table.digest[:16]}:{row.line}"


class Rejects:
    """The rows keep their columns, delimiter and encoding: once corrected, the file is imported by the same command.

    Without a `path` it lies beside the file, or in the current folder where that one cannot be written. It replaces
    the one of an earlier run only when there is something to reject.
    """

    def __init__(self, table: Table, path: Path | None = None, *, is_dry: bool = False):
        self._table, self._is_dry = table, is_dry
        self._path = _required(path, table.path) if path else _beside(table.path)
        # Of a reject file that is imported again, the old reasons are left out.
        self._first = own_columns(table)
        self._part: Any = None
        self.path: Path | None = None

    def write(self, row: Row, field: str, code: str, reason: str) -> None:
        if self._is_dry:
            return
        if not self._part:
            self._begin()
        reasons = (row.line, field, code, reason, origin(self._table, row))
        self._rows.writerow((*reasons, *row.values[self._first :]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self._part:
            return
        self._part.close()
        if kind:
            with suppress(OSError):
                os.unlink(self._part.name)
        else:
            os.replace(self._part.name, self._path)
            self.path = self._path

    def _begin(self) -> None:
        self._part = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed on leaving
            "w", encoding=self._table.encoding, errors="replace", newline="", dir=self._path.parent, delete=False,
            prefix=f".{self._path.name}.",
        )  # fmt: skip
        self._rows = csv.writer(self._part, delimiter=self._table.delimiter)
        self._rows.writerow((*COLUMNS, *self._table.columns[self._first :]))


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
