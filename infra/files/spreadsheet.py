"""Sheets of workbooks: read by calamine, within bounds that are checked before it unpacks anything."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from infra.files.table import (
    ENOUGH,
    MOST_COLUMNS,
    Day,
    LeftOut,
    Names,
    NoRow,
    Number,
    Row,
    Table,
    column_names,
    head_of,
    unnoticed,
    wrong_width,
)
from infra.files.textfile import UTF_8, Unreadable, no_workbook, require_file, unreadable

MOST_BYTES = 64_000_000
MOST_UNPACKED = 256_000_000
MOST_CELLS = 20_000_000  # of the rectangle that the cells of a sheet lie in

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BLOCK = 1 << 20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,7})[0-9]""")
_ROW = re.compile(rb"""\br\s*=\s*["']\s*[A-Za-z]{0,7}([0-9]{1,12})\s*["']""")
# Longer than any of both: what stands on the border of two blocks.
_BORDER = 64


def is_workbook(path: Path) -> bool:
    try:
        require_file(path)
        with path.open("rb") as file:
            return file.read(4) in (_ZIP, _OLD)
    except OSError as error:
        raise unreadable(path, error) from None


def workbook_table(path: Path, *, sheet: str | None, names: Names) -> Table:
    """Lines are those of the sheet. Numbers and days are `Number` and `Day`, all else is text."""
    digest, found = _opened(path)
    page = _sheet(path, found, sheet, names)
    left_out, rows = LeftOut(), partial(_rows, page)
    head = head_of(rows(), names)
    columns = column_names(head and head.row, path)
    assert head
    columns = columns[: max((at + 1 for at, name in enumerate(columns) if name), default=0)]
    left_out.take(NoRow.TITLE, *head.titles)

    def read(skipped: Callable[[int], None] = unnoticed) -> Iterator[Row]:
        return rows(head.row.line, len(columns), skipped)

    named = sha256(digest + page.name.encode()).hexdigest()
    below = read(partial(left_out.take, NoRow.BLANK))
    return Table(
        path, named, page.total_height, UTF_8, ",", columns, below, read, head.row.line, left_out, sheet=page.name
    )


def _opened(path: Path) -> tuple[bytes, CalamineWorkbook]:
    try:
        content = path.stat().st_size
        if content > MOST_BYTES:
            raise Unreadable(
                f"{path} has {content:,} bytes, and of a workbook {MOST_BYTES:,} are read: export it as CSV"
            )
        digest = sha256()
        with path.open("rb") as file:
            begins = file.read(4)
            file.seek(0)
            while block := file.read(_BLOCK):
                digest.update(block)
        if begins == _ZIP:
            _require_bounded(path)
        return digest.digest(), CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise Unreadable(f"{path} is protected by a password: save it without one") from None
    except (CalamineError, BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError):
        raise no_workbook(path, begins) from None
    except OSError as error:
        raise unreadable(path, error) from None


def _require_bounded(path: Path) -> None:
    """What is packed is small, whatever it says of itself, and no sheet has more cells than can be held."""
    unpacked = 0
    with ZipFile(path) as archive:
        parts = archive.infolist()
        if not any(_SHEET.fullmatch(part.filename) for part in parts):
            raise Unreadable(f"{path} is no workbook of a kind that is read: save it as XLSX or CSV")
        for part in parts:
            # The size that is written there may be a lie; so what comes out is counted.
            endless = copy(part)
            endless.file_size = 1 << 62
            extent = _Extent()
            with archive.open(endless) as file:
                while block := file.read(_BLOCK):
                    unpacked += len(block)
                    if unpacked > MOST_UNPACKED:
                        raise Unreadable(
                            f"{path} is larger than {MOST_UNPACKED:,} bytes when unpacked: export it as CSV"
                        )
                    # Any part may be a sheet, whatever it is called.
                    extent.take(block)
            extent.require(path)


class _Extent:
    """Of the cells of a sheet: calamine holds the whole rectangle, however few of them are filled."""

    def __init__(self) -> None:
        self._columns: set[bytes] = set()
        self._last = 0
        self._tail = b""

    def take(self, block: bytes) -> None:
        text = self._tail + block
        self._columns.update(_CELL.findall(text))
        self._last = max(self._last, *map(int, _ROW.findall(text)), 0)
        self._tail = block[-_BORDER:]

    def require(self, path: Path) -> None:
        width = max(map(_column, self._columns), default=0)
        if width > MOST_COLUMNS:
            raise Unreadable(f"{path} has a sheet of more than {MOST_COLUMNS:,} columns: export it as CSV")
        if width * self._last > MOST_CELLS:
            raise Unreadable(f"{path} has a sheet of more than {MOST_CELLS:,} cells: export it as CSV")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet(path: Path, workbook: CalamineWorkbook, name: str | None, names: Names) -> CalamineSheet:
    """The one that is named, else the first with a line of the names that are looked for, else the first with anything.

    What somebody has hidden is read only when it is named, or there is nothing else.
    """
    if name is not None:
        return _named_sheet(path, workbook, name)
    seen = [each.name for each in workbook.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    first = None
    for each in seen or workbook.sheet_names:
        with suppress(CalamineError):  # A sheet of charts, say.
            sheet = workbook.get_sheet_by_name(each)
            if not sheet.height:
                continue
            head = head_of(_rows(sheet), names) if names else None
            if names is None or (head and head.names >= ENOUGH):
                return sheet
            first = first or sheet
    if first is None:
        raise Unreadable(f"{path} is empty: it needs a line with the names of its columns")
    return first


def _named_sheet(path: Path, workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    found = workbook.sheet_names
    match = next((each for each in found if each == name), None) or next(
        (each for each in found if each.casefold() == name.strip().casefold()), None
    )
    if match is None:
        raise Unreadable(f"{path} has no sheet {name}, only {', '.join(found)[:500]}")
    try:
        sheet = workbook.get_sheet_by_name(match)
    except CalamineError as error:
        raise Unreadable(f"{path}: sheet {match} cannot be read: {error}") from None
    if not sheet.height:
        raise Unreadable(f"{path} is empty: it needs a line with the names of its columns")
    return sheet


def _rows(
    sheet: CalamineSheet,
    after: int = 0,
    width: int | None = None,
    skipped: Callable[[int], None] = unnoticed,
) -> Iterator[Row]:
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if line <= after:
            continue
        values = [each if type(each) is str else _TEXTS.get(type(each), str)(each) for each in cells]
        if not any(values):
            skipped(line)
            continue
        fault = wrong_width(values, width) if width is not None and len(values) != width else None
        yield Row(line, values, fault)


def _number(value: Any) -> Number:
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    return Number(text.removesuffix(".0"))


def _moment(value: datetime) -> Day:
    return Day(value.date().isoformat() if value.time() == time.min else value.isoformat(" "))


_TEXTS: dict[type, Callable[[Any], str]] = {
    float: _number,
    int: _number,
    bool: lambda value: "yes" if value else "no",
    datetime: _moment,
    date: lambda value: Day(value.isoformat()),
}
