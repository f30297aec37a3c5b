"""A sheet as a PDF: landscape pages that say on each what and whose it is, a block for each currency, totals ruled."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO
from unicodedata import east_asian_width

from infra.clock import now
from infra.files.sheets import WORDS, Sheet, shown
from infra.texts.typesetting import Typesetter

# Of a page in points, and the size of letters where there is room.
_WIDTH, _SIZE = 762, 8
# By the size of letters: the width of a digit, and the gap between two columns.
_DIGIT, _GAP = 0.57, 1.2
_MOST_OF_A_TEXT = 34


def write_pdf(sheet: Sheet, stream: IO[bytes]) -> None:
    on = sheet.made_on or now().date()
    parts = sheet.by_currency()
    widths = _widths([part for _, part in parts])
    page = {
        "title": sheet.title,
        "creditor": sheet.creditor,
        "day": on.isoformat(),
        "notes": [note for note in sheet.notes if note],
        "size": min(_SIZE, _WIDTH / (sum(widths) or 1)),
        "widths": widths,
        "parts": [_part(name, part) for name, part in parts],
        "first_page": 1,
        "pages": 0,
    }
    stream.write(_typesetter().pdf(page, on, is_archived=False, is_tagged=False))


def _part(name: str, sheet: Sheet) -> dict[str, object]:
    kinds = [column.kind for column in sheet.columns]
    return {
        "name": name,
        "head": [column.title for column in sheet.columns],
        "is_text": [int(kind in WORDS) for kind in kinds],
        "rows": [_cells(row, kinds) for row in sheet.rows],
        "totals": [_cells(row, kinds) for row in sheet.totals],
    }


def _cells(row: Sequence[str], kinds: Sequence[str]) -> list[str]:
    return [shown(cell, kind) for cell, kind in zip(row, kinds, strict=True)]


def _widths(parts: Sequence[Sheet]) -> list[float]:
    """By the size of letters, the same for every part."""
    columns = range(len(parts[0].columns))
    return [max(_longest(part, i) for part in parts) * _DIGIT + _GAP for i in columns]


def _longest(sheet: Sheet, i: int) -> float:
    """In widths of a digit, text only so far as it is not wrapped."""
    column = sheet.columns[i]
    most = _MOST_OF_A_TEXT if column.kind in WORDS else None
    cells = (_wide(shown(row[i], column.kind)[:most]) for row in [*sheet.rows, *sheet.totals])
    return max([_wide(column.title) * 1.1, *cells, 4])


def _wide(text: str) -> float:
    return len(text) if text.isascii() else sum(1.8 if east_asian_width(sign) in "WF" else 1 for sign in text)


@cache
def _typesetter() -> Typesetter:
    return Typesetter(Path(__file__).with_name("sheet.typ"))
