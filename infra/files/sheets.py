"""Sheets: a table of results, written as CSV, Excel workbook or PDF."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO

# A day is ISO text; a per cent is text such as 12.5.
TEXT, DAY, AMOUNT, COUNT, RATIO, RATE, PERCENT = "text", "day", "amount", "count", "ratio", "rate", "percent"
WORDS = (TEXT, DAY)

# Rates are shown to so many decimals that a reader can multiply by them again.
_DECIMALS = {RATIO: 1, RATE: 4, PERCENT: 1}

# A spreadsheet takes text that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
# Excel keeps 15 significant digits; a longer amount is written as text rather than rounded.
_EXCEL_DIGITS = 15
_NOT_IN_A_PAGE_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))


@dataclass(frozen=True, slots=True)
class Column:
    """One that `is_spare` may be left out where people look: when it says nothing, or when there is no room.

    Of several the lightest goes first, and the last of those that weigh the same.
    """

    title: str
    kind: str = TEXT
    is_spare: bool = False
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells are text already, amounts in major units; `notes` say as of when and from which position."""

    title: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    totals: Sequence[Sequence[str]] = ()


def safe(cell: str) -> str:
    """Text that no spreadsheet will run as a formula, with line ends that a reader of CSV keeps in their cell."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def grouped(number: str) -> str:
    """Thousands set apart for reading: 1234567.89 -> 1,234,567.89."""
    sign = "-" if number.startswith("-") else ""
    whole, point, rest = number.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{rest}" if whole.isdecimal() else number


def shown(cell: str, kind: str) -> str:
    """A cell as people read it: ratios to one decimal, rates to four, thousands set apart."""
    if kind in WORDS:
        return cell
    # Adding zero turns minus zero into zero.
    return grouped(f"{round(Decimal(cell), _DECIMALS[kind]) + 0}" if kind in _DECIMALS and cell else cell)


def write_csv(sheet: Sheet, stream: IO[str]) -> None:
    write_csv_head(sheet.columns, stream)
    write_csv_rows(sheet.columns, sheet.rows, stream)


def write_csv_head(columns: Sequence[Column], stream: IO[str]) -> None:
    csv.writer(stream, lineterminator="\n").writerow(column.title for column in columns)


def write_csv_rows(columns: Sequence[Column], rows: Iterable[Sequence[str]], stream: IO[str]) -> None:
    """For a list too long to be kept, part by part."""
    writer = csv.writer(stream, lineterminator="\n")
    is_text = [column.kind in WORDS for column in columns]
    for row in rows:
        writer.writerow(safe(cell) if text else cell for cell, text in zip(row, is_text, strict=True))


def write_xlsx(sheet: Sheet, stream: IO[bytes]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet.title.translate(_NOT_IN_A_PAGE_NAME)[:31])
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bottom": 1, "align": "right"})
    left = book.add_format({"bold": True, "bottom": 1})
    decimals = [book.add_format({"num_format": "#,##0" + ("." + "0" * n if n else "")}) for n in range(5)]
    page.write_string(0, 0, sheet.title, bold)
    for line, note in enumerate(sheet.notes, 1):
        page.write_string(line, 0, note)
    top = len(sheet.notes) + 2
    for i, column in enumerate(sheet.columns):
        page.write_string(top, i, column.title, left if column.kind in WORDS else head)
    for line, row in enumerate([*sheet.rows, *sheet.totals], top + 1):
        for i, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if column.kind not in WORDS and cell and len(cell) <= _EXCEL_DIGITS:
                page.write_number(line, i, float(cell), decimals[len(cell.partition(".")[2])])
            else:
                page.write_string(line, i, cell)
    for i, width in enumerate(_widths(sheet)):
        page.set_column(i, i, width)
    page.freeze_panes(top + 1, 1)
    book.close()


def _widths(sheet: Sheet) -> Iterable[int]:
    for i, column in enumerate(sheet.columns):
        longest = max((len(row[i]) for row in [*sheet.rows, *sheet.totals]), default=0)
        yield min(40, max(len(column.title), longest) + 2)
