"""Sheets: a table of results, written as CSV here, as an Excel workbook by `workbook` and as a PDF by `pages`."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import IO, TypeVar

Cell = TypeVar("Cell")

# A day or instant is ISO text; a per cent is text such as 12.5, and so is a rate, which is one to multiply by again.
TEXT, DAY, INSTANT = "text", "day", "instant"
AMOUNT, COUNT, RATIO, RATE, PERCENT = "amount", "count", "ratio", "rate", "percent"
WORDS = (TEXT, DAY, INSTANT)

# What a spreadsheet has room for, head and totals left aside.
MOST_ROWS = 2**20 - 1000

_DECIMALS = {RATIO: 1, RATE: 4, PERCENT: 1}
# The column that says in which currency the amounts of a row are.
_CURRENCY = "Currency"

# A spreadsheet takes text that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")


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
    """Cells are text already, amounts in major units; `notes` say as of when and from which position.

    `creditor` is whose figures they are, and `made_on` the day they were asked for, where that is known.
    """

    title: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    totals: Sequence[Sequence[str]] = ()
    creditor: str = ""
    made_on: date | None = None

    def by_currency(self) -> list[tuple[str, "Sheet"]]:
        """A sheet for each currency, with its rows and its totals; where there is but one currency, all of it."""
        at = next((i for i, column in enumerate(self.columns) if column.title == _CURRENCY), None)
        found = {} if at is None else dict.fromkeys(row[at] for row in [*self.totals, *self.rows])
        if at is None or len(found) < 2:
            return [("", self)]
        return [
            (
                currency,
                replace(
                    self,
                    columns=_without(self.columns, at),
                    rows=[_without(row, at) for row in self.rows if row[at] == currency],
                    totals=[_without(row, at) for row in self.totals if row[at] == currency],
                ),
            )
            for currency in found
        ]


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
    """A cell as people read it: ratios to one decimal, rates to four, thousands set apart, instants to the minute."""
    if kind == INSTANT:
        return f"{cell[:16].replace('T', ' ')}{'Z' * cell.endswith('Z')}"
    if kind in WORDS:
        return cell
    # Adding zero turns minus zero into zero.
    return grouped(f"{round(Decimal(cell), _DECIMALS[kind]) + 0}" if kind in _DECIMALS and cell else cell)


def _without(row: Sequence[Cell], at: int) -> tuple[Cell, ...]:
    return (*row[:at], *row[at + 1 :])


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
