"""Workbooks as programs write them: real days and numbers with formats, texts as texts."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlsxwriter

Cell = str | int | Decimal | date | None


def workbook(
    rows: Iterable[Sequence[Cell]], *, sheet: str, amounts: str = "#,##0.00", days: str = "dd/mm/yyyy", hidden: str = ""
) -> bytes:
    """`hidden` is a sheet of the program's own beside the one with the rows."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        amount, day = book.add_format({"num_format": amounts}), book.add_format({"num_format": days})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, cell, day)
                elif isinstance(cell, Decimal):
                    page.write_number(row, column, float(cell), amount)
                elif isinstance(cell, int):
                    page.write_number(row, column, cell)
                elif cell is not None:
                    page.write_string(row, column, cell)
        if hidden:
            book.add_worksheet(hidden).hide()
    return file.getvalue()
