"""Reports in the form that was asked for, on the terminal or in a file."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from infra.files.sheets import TEXT, WORDS, Sheet, shown, write_csv
from services.assembly import App
from services.cli.files import say_written, writing
from services.cli.options import SheetForm
from services.cli.screen.lines import ANY_WIDTH, plain, print_title, room, show
from services.cli.session import as_json, print_json

Report = TypeVar("Report")

# A text up to so long is on one line; where that leaves no room, one of half the length.
_UNFOLDED = (20, 10)
IMPRINTED = (SheetForm.xlsx, SheetForm.pdf)


def give(
    report: Report,
    sheet: Callable[[Report], Sheet],
    form: SheetForm,
    target: Path | None,
    console: Console,
    app: App | None = None,
    entity: str | None = None,
) -> None:
    """Prints the report, or writes it to `target`; a workbook or a PDF without one goes to the current folder.

    With an `app` a workbook or a PDF says whose figures it shows, of one entity or all, and on which day it was made.
    """
    if form == SheetForm.table:
        if target:
            raise typer.BadParameter("a table is printed; a file is json, csv, xlsx or pdf")
        print_table(sheet(report), console)
    elif target is None and form == SheetForm.json:
        print_json(report)
    elif target is None and form == SheetForm.csv:
        with writing(None) as stream:
            write_csv(sheet(report), stream)
    else:
        page = sheet(report)
        if app and form in IMPRINTED:
            page = replace(page, creditor=app.creditor_names(entity), made_on=app.today())
        target = target or Path(f"{page.title.split()[0].lower()}.{form.value}")
        _save(report, page, form, target)
        say_written(target, console)


def _save(report: object, sheet: Sheet, form: SheetForm, target: Path) -> None:
    with writing(target, binary=form != SheetForm.csv) as stream:
        match form:
            case SheetForm.json:
                stream.write(as_json(report))
            case SheetForm.csv:
                write_csv(sheet, stream)
            case SheetForm.xlsx:
                from infra.files.workbook import write_xlsx

                write_xlsx(sheet, stream)
            case SheetForm.pdf:
                from infra.files.pages import write_pdf

                write_pdf(sheet, stream)


def print_table(sheet: Sheet, console: Console) -> None:
    """Spare columns go where there is no room for them, then long texts are folded.

    No amount is ever cut, however wide that makes the lines.
    """
    print_title(sheet.title, console)
    notes = [*filter(None, sheet.notes)]
    if sheet.rows or sheet.totals:
        columns = [i for i in range(len(sheet.columns)) if not _is_empty(sheet, i)]
        table = _table(sheet, columns, gap=2)
        if _width(table, console) > room(console):
            columns = _fitting(sheet, columns, console)
            table = _table(sheet, columns, gap=1)
        left_out = [each.title for i, each in enumerate(sheet.columns) if i not in columns and not _is_empty(sheet, i)]
        notes += [f"No room here for {', '.join(left_out)}; a wider terminal or --format csv has them."] * bool(
            left_out
        )
        for unfolded in _UNFOLDED:
            if _narrowest(table, console) > room(console):
                table = _table(sheet, columns, gap=1, unfolded=unfolded)
        show(table, console, max(_narrowest(table, console), min(_width(table, console), room(console))))
    else:
        console.print("  nothing to show", style="dim")
    for note in notes:
        show(Text(plain(note), style="dim"), console)


def _fitting(sheet: Sheet, columns: Sequence[int], console: Console) -> list[int]:
    """Spare ones go until there is room, the lightest first; where a heavy one had to go, lighter ones may stay."""

    def fits(some: Sequence[int]) -> bool:
        return _width(_table(sheet, some, gap=1), console) <= room(console)

    kept, gone = [*columns], list[int]()
    while (spare := [i for i in kept if sheet.columns[i].is_spare]) and not fits(kept):
        gone.append(min(reversed(spare), key=lambda i: sheet.columns[i].weight))
        kept.remove(gone[-1])
    for i in reversed(gone):
        if fits(more := sorted([*kept, i])):
            kept = more
    return kept


def _table(sheet: Sheet, columns: Sequence[int], gap: int, *, unfolded: int = ANY_WIDTH) -> Table:
    """Texts longer than `unfolded` are folded where there is no room for them."""
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
    for i in columns:
        column = sheet.columns[i]
        longest = max(cell_len(shown(row[i], column.kind)) for row in [*sheet.rows, *sheet.totals])
        least = min(longest, unfolded) if column.kind == TEXT else longest
        table.add_column(
            column.title,
            justify="left" if column.kind in WORDS else "right",
            no_wrap=longest <= least,
            overflow="fold",
            min_width=max(least, cell_len(column.title)),
        )
    for rows, style in ((sheet.rows, ""), (sheet.totals, "bold")):
        for row in rows:
            table.add_row(*(_cell(row[i], sheet.columns[i].kind) for i in columns), style=style)
    return table


def _narrowest(table: Table, console: Console) -> int:
    return Measurement.get(console, console.options.update(max_width=ANY_WIDTH), table).minimum


def _width(table: Table, console: Console) -> int:
    return Measurement.get(console, console.options.update(max_width=ANY_WIDTH), table).maximum


def _is_empty(sheet: Sheet, i: int) -> bool:
    """A column that can be left out where a person looks, since all it says is nothing."""
    return sheet.columns[i].is_spare and not any(row[i].strip("0.") for row in [*sheet.rows, *sheet.totals])


def _cell(cell: str, kind: str) -> Text:
    # Not markup: a customer may be called [red].
    return Text(plain(shown(cell, kind)), style="dim" if kind not in WORDS and not cell.strip("0.") else "")
