"""Sheets on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from infra.sheets import TEXT, Sheet, grouped, write_csv
from services.cli.session import SheetForm


def show(sheet: Sheet, form: str, target: Path | None, console: Console) -> None:
    """Prints the sheet, or writes it to `target`; a workbook or a PDF without one goes beside its title's name."""
    if form == SheetForm.table:
        print_table(sheet, console)
    elif form == SheetForm.csv and target is None:
        write_csv(sheet, sys.stdout)
    else:
        target = target or Path(f"{sheet.title.split()[0].lower()}.{form}")
        save(sheet, form, target)
        console.print(f"written to {target}")


def save(sheet: Sheet, form: str, target: Path) -> None:
    if form == SheetForm.csv:
        with target.open("w", newline="", encoding="utf-8") as stream:
            write_csv(sheet, stream)
        return
    with target.open("wb") as binary:
        if form == SheetForm.xlsx:
            from infra.sheets import write_xlsx

            write_xlsx(sheet, binary)
        else:
            from infra.pages import write_pdf

            write_pdf(sheet, binary)


def print_table(sheet: Sheet, console: Console) -> None:
    """No amount is ever cut: a table too wide for the terminal is printed at its own width."""
    table = Table(title=sheet.title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1))
    shown = [i for i in range(len(sheet.columns)) if not _is_spare(sheet, i)]
    for i in shown:
        is_text = sheet.columns[i].kind == TEXT
        table.add_column(sheet.columns[i].title, justify="left" if is_text else "right", no_wrap=True)
    for row in sheet.rows:
        table.add_row(*(_cell(row[i], sheet.columns[i].kind) for i in shown))
    if sheet.rows and sheet.totals:
        table.add_section()
    for row in sheet.totals:
        table.add_row(*(_cell(row[i], sheet.columns[i].kind) for i in shown), style="bold")
    with _as_wide_as(console, Measurement.get(console, console.options.update(max_width=1000), table).maximum):
        console.print(table, crop=False)
    for note in filter(None, sheet.notes):
        console.print(Text(note, style="dim"))


@contextmanager
def _as_wide_as(console: Console, width: int) -> Iterator[None]:
    before = console.width
    console.width = max(before, width)
    yield
    console.width = before


def _is_spare(sheet: Sheet, i: int) -> bool:
    """A column that can be left out where a person looks, since all it says is nothing."""
    return sheet.columns[i].is_spare and not any(row[i].strip("0.") for row in [*sheet.rows, *sheet.totals])


def _cell(cell: str, kind: str) -> Text:
    # Not markup: a customer may be called [red].
    return Text(cell if kind == TEXT else grouped(cell), style="dim" if cell in ("0.00", "0") else "")
