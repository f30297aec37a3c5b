"""What a file of rows is, whatever kind of file: its columns, its rows, and the lines that are none of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from infra.files.textfile import Unreadable

MOST_COLUMNS = 1_000
MOST_TITLES = 50  # lines in which the head line is looked for
MOST_NAMED = 100  # lines of a kind that are left out; of more only the number is kept
# Names of columns in one line by which it is known to be the head line.
ENOUGH = 2
SURE = 3

# How many of the values are names of columns that are looked for; None where the first line is the head line.
Names = Callable[[Sequence[str]], int] | None


class Row(NamedTuple):
    """A row as it is in the file; `line` is where it begins in the file, `fault` what keeps it from being a row.

    `file` is the name of one that is itself a file.
    """

    line: int
    values: list[str]
    fault: str | None = None
    file: str = ""


class Number(str):
    """A cell of a workbook that holds a number: always with a decimal point, whatever language its texts are in."""

    __slots__ = ()


class Day(str):
    """A cell of a workbook that holds a day, as an ISO day or an ISO timestamp."""

    __slots__ = ()


class NoRow(StrEnum):
    """What a line is that is no row; a row is settled when nothing of it is open any more."""

    TITLE = "title"
    HEADING = "heading"
    BLANK = "blank"
    TOTAL = "total"
    SETTLED = "settled"


class LeftOut:
    """Lines that are no rows: how many of each kind, and where the first of them are."""

    def __init__(self) -> None:
        self.counts: Counter[NoRow] = Counter()
        self.first: defaultdict[NoRow, list[int]] = defaultdict(list)

    def take(self, what: NoRow, *lines: int) -> None:
        self.counts[what] += len(lines)
        self.first[what] += lines[: MOST_NAMED - len(self.first[what])]


@dataclass(frozen=True, slots=True)
class Table:
    """`digest` is the SHA-256 of the file (and sheet), `lines` about how many it has. `rows` can be read once.

    `again` gives the rows anew, to look at them before; `head` is the line of the column names.
    """

    path: Path
    digest: str
    lines: int
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    again: Callable[[], Iterator[Row]]
    head: int
    left_out: LeftOut
    sheet: str = ""


class Head(NamedTuple):
    """A line that may be the head line, and how many names of columns it has."""

    row: Row
    names: int
    titles: list[int]


def head_of(rows: Iterator[Row], names: Names) -> Head | None:
    """The first line, unless another of the first ones has more of the names that are looked for."""
    first = next(rows, None)
    if first is None or names is None or _is_sure(first, names):
        return first and Head(first, names(first.values) if names else 0, [])
    many = [first, *_first(rows)]
    known = [names(row.values) for row in many]
    at = known.index(max(known)) if max(known) >= ENOUGH else _first_of_several(many)
    return Head(many[at], known[at], [row.line for row in many[:at]])


def column_names(head: Row | None, path: Path) -> tuple[str, ...]:
    if head is None:
        raise Unreadable(f"{path} is empty: it needs a line with the names of its columns")
    if head.fault or len(head.values) > MOST_COLUMNS:
        message = head.fault or f"it has more than {MOST_COLUMNS:,} columns"
        raise Unreadable(f"{path} does not begin with a line of column names: {message}")
    return tuple(value.strip() for value in head.values)


def wrong_width(values: list[str], width: int) -> str | None:
    """What is wrong with the number of values; empty ones too many are taken off."""
    if not any(values[width:]):
        del values[width:]
    if len(values) == width:
        return None
    return f"it has {len(values):,} column{'s' if len(values) > 1 else ''}, the header has {width:,}"


def unnoticed(line: int) -> None:
    """For a reader of rows who does not keep what is left out."""


def _is_sure(row: Row, names: Callable[[Sequence[str]], int]) -> bool:
    return not row.fault and names(row.values) >= min(SURE, sum(map(bool, row.values)))


def _first(rows: Iterator[Row]) -> Iterator[Row]:
    for _, row in zip(range(MOST_TITLES), rows, strict=False):
        yield row


def _first_of_several(rows: Sequence[Row]) -> int:
    """Where nothing is known, a line of one value is a title above others."""
    return next((at for at, row in enumerate(rows) if sum(map(bool, row.values)) > 1), 0)
