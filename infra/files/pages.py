"""A sheet as a PDF: landscape pages with the head repeated, and the page number at the foot."""

from collections.abc import Sequence
from functools import lru_cache
from typing import IO
from xml.sax.saxutils import escape

from font_roboto import Roboto, RobotoBold
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from infra.files.sheets import WORDS, Sheet, shown

_MARGIN = 15 * mm
_LINE = colors.HexColor("#c8ccd2")
# The size of letters where there is room, the width of a digit beside it, and the gap between two columns.
_SIZE, _DIGIT, _GAP = 8, 0.58, 13


def write_pdf(sheet: Sheet, stream: IO[bytes]) -> None:
    _fonts()
    width, _ = landscape(A4)
    document = SimpleDocTemplate(
        stream,
        pagesize=landscape(A4),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=sheet.title,
    )
    small = ParagraphStyle("note", fontName="Text", fontSize=8.5, leading=11, textColor=colors.HexColor("#555b66"))
    title = ParagraphStyle("title", fontName="Strong", fontSize=16, leading=22)
    story = [Paragraph(escape(sheet.title), title), *(Paragraph(escape(note), small) for note in sheet.notes)]
    story += [Spacer(1, 5 * mm), _table(sheet, width - 2 * _MARGIN)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)


def _table(sheet: Sheet, width: float) -> LongTable:
    longest = [_longest(sheet, i) for i in range(len(sheet.columns))]
    size = min(_SIZE, (width - _GAP * len(longest)) / sum(longest) / _DIGIT)
    cell = ParagraphStyle("cell", fontName="Text", fontSize=size, leading=size * 1.25)
    bold = ParagraphStyle("total", parent=cell, fontName="Strong")

    def line(row: Sequence[str], style: ParagraphStyle) -> list[str | Paragraph]:
        # Only text may wrap; an amount broken over two lines is misread.
        return [
            Paragraph(escape(text), style) if column.kind in WORDS else shown(text, column.kind)
            for text, column in zip(row, sheet.columns, strict=True)
        ]

    head = [column.title for column in sheet.columns]
    body = [line(row, cell) for row in sheet.rows] + [line(row, bold) for row in sheet.totals]
    style = [
        ("FONT", (0, 0), (-1, -1), "Text", size),
        ("FONT", (0, 0), (-1, 0), "Strong", size),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    if sheet.totals:
        style += [("FONT", (0, -len(sheet.totals)), (-1, -1), "Strong", size)]
        style += [("LINEABOVE", (0, -len(sheet.totals)), (-1, -len(sheet.totals)), 0.8, colors.black)]
    style += [("ALIGN", (i, 0), (i, -1), "RIGHT") for i, column in enumerate(sheet.columns) if column.kind not in WORDS]
    return LongTable(
        [head, *body],
        colWidths=[width * each / sum(longest) for each in longest],
        repeatRows=1,
        style=TableStyle(style),
    )


def _longest(sheet: Sheet, i: int) -> float:
    """In characters, text only so far as it is not wrapped."""
    column = sheet.columns[i]
    most = 40 if column.kind in WORDS else None
    cells = (shown(row[i], column.kind)[:most] for row in [*sheet.rows, *sheet.totals])
    return max([len(column.title) * 1.15, *map(len, cells), 4])


def _foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont("Text", 8)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, _MARGIN / 2, f"Page {canvas.getPageNumber()}")


@lru_cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont("Text", Roboto))
    pdfmetrics.registerFont(TTFont("Strong", RobotoBold))
