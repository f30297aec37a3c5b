"""A sheet as an Excel workbook: numbers and days as such, a head to filter by, totals ruled, and fit to be printed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import xlsxwriter

from domain.refusal import Refused
from infra.clock import now
from infra.files.sheets import DAY, INSTANT, MOST_ROWS, PERCENT, RATE, RATIO, TEXT, WORDS, Column, Sheet, shown

# Excel keeps 15 significant digits; a longer amount is written as text rather than rounded.
_DIGITS = 15
# It counts days from 1900, the first two months of it wrongly.
_FIRST_YEAR = 1901
# From so many rows on each is put away when the next one begins.
_LONG = 10_000
_A4, _WIDEST, _LINE, _MOST_MEASURED = 9, 44, 15, 10_000
_NOT_IN_A_PAGE_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
_NUMBERS = {RATIO: "#,##0.0", RATE: "0.0000%", PERCENT: "0.0%"}
_PER_CENT = (RATE, PERCENT)
_DAYS = {DAY: "yyyy-mm-dd", INSTANT: "yyyy-mm-dd hh:mm:ss"}

Rules = Mapping[str, object]

_HEAD: Rules = {"bold": True, "top": 1, "bottom": 1, "bg_color": "#f0f1f4", "valign": "top"}
_TOTAL: Rules = {"bold": True}
_UNDER: Rules = {"valign": "top", "bottom": 1, "bottom_color": "#e4e6ea"}


def write_xlsx(sheet: Sheet, stream: IO[bytes]) -> None:
    """Refuses `too_many_rows` where a workbook has no room for them."""
    if len(sheet.rows) > MOST_ROWS:
        raise Refused("too_many_rows", f"a workbook has room for {MOST_ROWS:,} rows: take them as csv")
    is_long = len(sheet.rows) > _LONG
    options = {"constant_memory" if is_long else "in_memory": True}
    with xlsxwriter.Workbook(stream, {**options, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _describe(sheet, book)
        _Page(sheet, book).write()


def _describe(sheet: Sheet, book: Any) -> None:
    made_at = datetime.combine(sheet.made_on or now().date(), time(12), UTC)
    book.set_properties(
        {"title": sheet.title, "author": sheet.creditor, "created": made_at, "comments": "\n".join(sheet.notes)}
    )


class _Page:
    """The one page of a workbook, written from its top to its end."""

    def __init__(self, sheet: Sheet, book: Any):
        self._sheet, self._book = sheet, book
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._page = book.add_worksheet(sheet.title.translate(_NOT_IN_A_PAGE_NAME)[:31])
        self._top = len(sheet.notes) + 2
        self._is_text = [column.kind in WORDS for column in sheet.columns]

    def write(self) -> None:
        sheet, page, top = self._sheet, self._page, self._top
        page.write_string(0, 0, sheet.title, self._format(bold=True, font_size=14))
        for line, note in enumerate(sheet.notes, 1):
            page.write_string(line, 0, note, self._format(font_color="#5c6470"))
        for i, column in enumerate(sheet.columns):
            align = self._beside(i) if column.kind in WORDS else {"align": "right"}
            page.write_string(top, i, column.title, self._format(**_HEAD, **align))
        last = top + len(sheet.rows)
        for line, row in enumerate(sheet.rows, top + 1):
            self._row(line, row, _UNDER)
        for line, row in enumerate(sheet.totals, 1):
            self._row(last + line, row, _ruled(line, len(sheet.totals)))
        self._lay_out(last)

    def _row(self, line: int, row: Sequence[str], rules: Rules) -> None:
        lines = max((_lines(cell) for cell, is_text in zip(row, self._is_text, strict=True) if is_text), default=1)
        if lines > 1:
            self._page.set_row(line, lines * _LINE)
        for i, (cell, column) in enumerate(zip(row, self._sheet.columns, strict=True)):
            self._cell(line, i, cell, column, rules)

    def _cell(self, line: int, i: int, cell: str, column: Column, rules: Rules) -> None:
        page, kind = self._page, column.kind
        if not cell:
            page.write_blank(line, i, None, self._format(**rules))
        elif kind in _DAYS and (at := _instant(cell)):
            page.write_datetime(line, i, at, self._format(**rules, **self._beside(i), num_format=_DAYS[kind]))
        elif kind in WORDS:
            wrapped = {"text_wrap": True} if _lines(cell) > 1 else {}
            page.write_string(line, i, cell, self._format(**rules, **self._beside(i), **wrapped))
        elif sum(map(str.isdigit, cell)) > _DIGITS:
            page.write_string(line, i, cell, self._format(**rules, align="right"))
        else:
            number = Decimal(cell).scaleb(-2 if kind in _PER_CENT else 0)
            page.write_number(line, i, float(number), self._format(**rules, num_format=_NUMBERS.get(kind, _like(cell))))

    def _beside(self, i: int) -> Rules:
        """Text keeps its distance from a number to the left of it."""
        return {"align": "left", **({"indent": 1} if i and not self._is_text[i - 1] else {})}

    def _lay_out(self, last: int) -> None:
        sheet, page = self._sheet, self._page
        for i, width in enumerate(_widths(sheet)):
            page.set_column(i, i, width)
        page.freeze_panes(self._top + 1, 1)
        if sheet.columns:
            page.autofilter(self._top, 0, max(last, self._top), len(sheet.columns) - 1)
        page.repeat_rows(self._top)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        page.hide_gridlines(2)
        page.set_footer(f"&L{_in_a_foot(sheet.creditor, 80)}&C{_in_a_foot(sheet.title, 120)}&RPage &P of &N")
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _format(self, **rules: object) -> Any:
        key = tuple(rules.items())
        if key not in self._formats:
            self._formats[key] = self._book.add_format(rules)
        return self._formats[key]


def _like(amount: str) -> str:
    """With thousands set apart, and as many decimals as it is written with."""
    decimals = len(amount.partition(".")[2])
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _lines(cell: str) -> int:
    """How many of the widest column the cell takes."""
    return sum(max(1, -(-len(each) // _WIDEST)) for each in cell.split("\n"))


def _ruled(line: int, lines: int) -> Rules:
    """A line above the first total, and a double one under the last."""
    return {**_TOTAL, **({"top": 1} if line == 1 else {}), **({"bottom": 6} if line == lines else {})}


def _instant(cell: str) -> datetime | None:
    """Of the clock it was written by; None for what a spreadsheet has no day for."""
    try:
        at = datetime.fromisoformat(cell).replace(tzinfo=None)
    except ValueError:
        return None
    return at if at.year >= _FIRST_YEAR else None


def _in_a_foot(text: str, most: int) -> str:
    # An ampersand begins an instruction.
    return text[:most].replace("&", "&&")


def _widths(sheet: Sheet) -> Iterable[int]:
    measured = [*sheet.totals, *islice(sheet.rows, _MOST_MEASURED)]
    for i, column in enumerate(sheet.columns):
        longest = max((len(_as_seen(row[i], column.kind)) for row in measured), default=0)
        # The head has a button to filter by.
        yield min(_WIDEST, max(len(column.title) + 3, longest + 2))


def _as_seen(cell: str, kind: str) -> str:
    return cell if kind in (TEXT, INSTANT) else shown(cell, kind)
