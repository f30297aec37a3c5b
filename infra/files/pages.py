"""A sheet as a PDF: landscape pages that say on each what and whose it is, a block for each currency, totals ruled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO
from unicodedata import east_asian_width

from pypdf import PdfReader, PdfWriter

from infra.clock import now
from infra.files.sheets import WORDS, Sheet, shown
from infra.texts.typesetting import Typesetter

# Of a page in points, and the size of letters where there is room.
_WIDTH, _SIZE = 762, 8
# By the size of letters: the width of a digit, and the gap between two columns.
_DIGIT, _GAP = 0.57, 1.2
_MOST_OF_A_TEXT, _MOST_STRETCHED = 34, 1.5
# Rows: what is tagged for those who listen to it, and what is set at once.
_SHORT, _VOLUME = 1000, 3000

Part = tuple[str, Sheet]


def write_pdf(sheet: Sheet, stream: IO[bytes]) -> None:
    """What is too long to be set at once is set in volumes, each from a page of its own, and bound."""
    parts = sheet.by_currency()
    widths = _widths([part for _, part in parts])
    size = min(_SIZE, _WIDTH / (sum(widths) or 1))
    on = sheet.made_on or now().date()
    page = {
        "title": sheet.title,
        "creditor": sheet.creditor,
        "day": on.isoformat(),
        "notes": [note for note in sheet.notes if note],
        "size": size,
        # Figures far from what they are figures of are hard to read.
        "widths": [each * size * min(_MOST_STRETCHED, _WIDTH / (sum(widths) * size)) for each in widths],
    }
    if len(sheet.rows) <= _VOLUME:
        is_short = len(sheet.rows) <= _SHORT
        whole = {**page, "parts": [_part(*each) for each in parts], "first_page": 1, "pages": 0}
        stream.write(_typesetter().pdf(whole, on, is_archived=False, is_tagged=is_short))
    else:
        _bind(page, on, [*_volumes(parts)], stream)


def _bind(page: Mapping[str, object], on: date, volumes: Sequence[Part], stream: IO[bytes]) -> None:
    """Sets each twice, since how many pages there are is known when the last is set."""
    pages, lengths = 0, []
    for name, part in volumes:
        lengths.append(len(PdfReader(_volume(page, on, name, part, pages + 1, 0)).pages))
        pages += lengths[-1]
    bound, at = PdfWriter(), 1
    for (name, part), length in zip(volumes, lengths, strict=True):
        bound.append(_volume(page, on, name, part, at, pages), import_outline=False)
        at += length
    bound.add_metadata({"/Title": str(page["title"]), "/Author": str(page["creditor"])})
    bound.compress_identical_objects()
    bound.write(stream)


def _volume(page: Mapping[str, object], on: date, name: str, part: Sheet, first_page: int, pages: int) -> BytesIO:
    whole = {**page, "parts": [_part(name, part)], "first_page": first_page, "pages": pages}
    volume = BytesIO(_typesetter().pdf(whole, on, is_archived=False, is_tagged=False))
    _typesetter().forget()
    return volume


def _volumes(parts: Sequence[Part]) -> Iterator[Part]:
    for name, part in parts:
        for at in range(0, len(part.rows) or 1, _VOLUME):
            is_last = at + _VOLUME >= len(part.rows)
            yield name, replace(part, rows=part.rows[at : at + _VOLUME], totals=part.totals if is_last else ())


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
