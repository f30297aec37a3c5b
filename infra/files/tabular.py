"""Delimited files of unknown origin, row by row: memory stays bounded, and a bad row costs only itself."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from infra.files.textfile import Unreadable, survey

__all__ = ["Row", "Table", "Unreadable", "open_table"]

LONGEST_LINE = 65_536  # characters
LONGEST_ROW = 131_072  # characters of a row that goes on over several lines, within quotation marks
MOST_LINES = 100  # of such a row
MOST_COLUMNS = 1_000
LEAST_COLUMNS_OF_A_ROW = 4  # below, an address of several lines looks like rows too

DELIMITERS = ",;\t|"


class Row(NamedTuple):
    """A row as it is in the file; `line` is where it begins in the file, `fault` what keeps it from being a row.

    `file` is the name of one that is itself a file.
    """

    line: int
    values: list[str]
    fault: str | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`digest` is the SHA-256 of the file, `lines` about how many it has. Its rows can be read once."""

    path: Path
    digest: str
    lines: int
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path, *, encoding: str | None = None) -> Iterator[Table]:
    """A delimited text file with a header line; raises `Unreadable`.

    UTF-8 unless an encoding is named. The delimiter is the one the header has most of.
    """
    encoding = "utf-8-sig" if encoding is None or encoding.lower() in ("utf-8", "utf8") else encoding
    digest, count = survey(path, encoding)
    try:
        with path.open(encoding=encoding, newline="") as file:
            lines = _Lines(file)
            delimiter = _delimiter(lines)
            columns = _columns(next(_rows(lines, delimiter), None), path)
            yield Table(path, digest, count, encoding, delimiter, columns, _rows(lines, delimiter, len(columns)))
    except UnicodeError:
        raise Unreadable(f"{path} changed while it was read: import it again") from None


class _Lines:
    """Lines as csv.reader asks for them; those after the first of a broken row can be given again."""

    def __init__(self, file: TextIO):
        self._file = file
        self._again: list[str] = []
        self._size = 0
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if len(line) > LONGEST_LINE and len(self.taken) == 1:
            raise _TooLong(f"the line is longer than {LONGEST_LINE:,} characters")
        if self._size > LONGEST_ROW or len(self.taken) > MOST_LINES:
            raise _TooLong(_UNCLOSED)
        return line

    def begin(self) -> int:
        self.taken.clear()
        self._size = 0
        return self.number + 1

    def give_again(self, after: int = 1) -> None:
        again = self.taken[after:]
        self._again += reversed(again)
        self.number -= len(again)
        del self.taken[after:]

    def _read(self) -> str:
        line = self._file.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._file.readline(LONGEST_LINE)
        return line


class _TooLong(Exception):
    pass


_UNCLOSED = "a quotation mark is opened and not closed"


def _delimiter(lines: _Lines) -> str:
    try:
        header = re.sub(r'"[^"]*"', "", next(lines, ""))
    except _TooLong as error:
        raise Unreadable(f"this is no table with a line of column names: {error}") from None
    lines.give_again(after=0)
    return max(DELIMITERS, key=header.count)


def _rows(lines: _Lines, delimiter: str, width: int | None = None) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        begins = lines.begin()
        try:
            values, fault = next(reader), None
        except StopIteration:
            return
        except (_TooLong, csv.Error) as error:
            values, fault = [], _message(error)
        if width is not None and len(values) != width and any(values):
            fault = _width(values, width)
        if len(lines.taken) > 2 and width and _swallows(lines.taken[1:-1], delimiter, width):
            fault = _UNCLOSED
        if fault and len(lines.taken) > 1:
            # A stray quotation mark swallows good lines up to the next one: only the first is lost.
            fault = _UNCLOSED
            lines.give_again()
        if fault:
            values = _torn(lines.taken[0], delimiter)
        if any("\0" in line for line in lines.taken):
            values, fault = (
                [value.replace("\0", "\N{REPLACEMENT CHARACTER}") for value in values],
                "it holds a NUL byte",
            )
        if fault or any(values):
            yield Row(begins, values, fault)


def _swallows(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether lines within one quoted value look like rows: then two stray quotation marks have met."""
    return width >= LEAST_COLUMNS_OF_A_ROW and any(line.count(delimiter) == width - 1 for line in lines)


def _width(values: list[str], width: int) -> str | None:
    """What is wrong with the number of values; empty ones too many are taken off."""
    if not any(values[width:]):
        del values[width:]
    if len(values) == width:
        return None
    return f"it has {len(values):,} column{'s' if len(values) > 1 else ''}, the header has {width:,}"


def _torn(line: str, delimiter: str) -> list[str]:
    return line.rstrip("\r\n").split(delimiter) if len(line) <= LONGEST_LINE else []


def _message(error: Exception) -> str:
    if isinstance(error, _TooLong):
        return str(error)
    if "unexpected end" in str(error):
        return _UNCLOSED
    if "expected after" in str(error):
        return "a quotation mark stands within a quoted value: double it"
    return f"it is not well formed: {error}"


def _columns(header: Row | None, path: Path) -> tuple[str, ...]:
    if header is None:
        raise Unreadable(f"{path} is empty: it needs a line with the names of its columns")
    if header.fault or len(header.values) > MOST_COLUMNS:
        message = header.fault or f"it has more than {MOST_COLUMNS:,} columns"
        raise Unreadable(f"{path} does not begin with a line of column names: {message}")
    return tuple(value.strip() for value in header.values)
