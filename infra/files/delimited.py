"""Delimited text of unknown origin, row by row: memory stays bounded, and a bad row costs only itself."""

import csv
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

from infra.files.table import (
    Head,
    LeftOut,
    Names,
    NoRow,
    Row,
    Table,
    column_names,
    head_of,
    unnoticed,
    wrong_width,
)
from infra.files.textfile import Unreadable, survey

LONGEST_LINE = 65_536  # characters
LONGEST_ROW = 131_072  # characters of a row that goes on over several lines, within quotation marks
MOST_LINES = 100  # of such a row
LEAST_COLUMNS_OF_A_ROW = 4  # below, an address of several lines looks like rows too

DELIMITERS = ",;\t|"
_STATED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def delimited_table(path: Path, *, encoding: str | None, delimiter: str | None, names: Names) -> Table:
    """The delimiter is the one that is named, else stated by a line `sep=;`, else the one the head line has most of."""
    digest, count, encoding = survey(path, encoding)
    delimiter, head, left_out = _head(path, encoding, delimiter, names)
    columns = column_names(head and head.row, path)
    assert head
    above = head.row.line

    def read(skipped: Callable[[int], None] = unnoticed) -> Iterator[Row]:
        with path.open(encoding=encoding, newline="") as file:
            lines = _Lines(file)
            for row in _rows(lines, delimiter):
                if row.line >= above:
                    break
            yield from _rows(lines, delimiter, len(columns), skipped)

    rows = read(partial(left_out.take, NoRow.BLANK))
    return Table(path, digest, count, encoding, delimiter, columns, rows, read, above, left_out)


def _head(path: Path, encoding: str, delimiter: str | None, names: Names) -> tuple[str, Head | None, LeftOut]:
    first, stated = _begin(path, encoding)
    delimiter = delimiter or stated
    usual = delimiter or max(DELIMITERS, key=re.sub(r'"[^"]*"', "", first).count)
    found = {usual: _head_by(path, encoding, usual, names, bool(stated))}
    known = found[usual]
    if not delimiter and names and not (known and known.names):
        found |= {each: _head_by(path, encoding, each, names, False) for each in DELIMITERS if each != usual}
    best = max(found, key=lambda each: _worth(found[each]))
    left_out, head = LeftOut(), found[best]
    left_out.take(NoRow.TITLE, *(head.titles if head else ()))
    return best, head, left_out


def _worth(head: Head | None) -> tuple[int, int]:
    return (head.names, sum(map(bool, head.row.values))) if head else (-1, 0)


def _begin(path: Path, encoding: str) -> tuple[str, str | None]:
    """The first line that is not blank, and the delimiter that it states, if it does that alone."""
    with path.open(encoding=encoding, newline="") as file:
        try:
            first = next((line for line in _Lines(file) if line.strip()), "")
        except _TooLong as error:
            raise Unreadable(f"this is no table with a line of column names: {error}") from None
    stated = _STATED.fullmatch(first)
    return first, stated.group(1) if stated else None


def _head_by(path: Path, encoding: str, delimiter: str, names: Names, is_stated: bool) -> Head | None:
    with path.open(encoding=encoding, newline="") as file:
        rows = _rows(_Lines(file), delimiter)
        stated = next(rows, None) if is_stated else None
        head = head_of(rows, names)
    return head._replace(titles=[stated.line, *head.titles]) if head and stated else head


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


def _rows(
    lines: _Lines, delimiter: str, width: int | None = None, skipped: Callable[[int], None] = unnoticed
) -> Iterator[Row]:
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
            fault = wrong_width(values, width)
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
        else:
            skipped(begins)


def _swallows(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether lines within one quoted value look like rows: then two stray quotation marks have met."""
    return width >= LEAST_COLUMNS_OF_A_ROW and any(line.count(delimiter) == width - 1 for line in lines)


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
