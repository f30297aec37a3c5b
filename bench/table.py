"""The figures as a table: for the terminal, and as Markdown."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import Figure

HEAD = ("", "work", "takes", "its limit, in the same run", "ratio", "target", "reached")
WIDTH = 180  # where nobody says how wide it is
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    return [_row(figure) for figure in figures]


def notes(figures: Sequence[Figure]) -> list[str]:
    return [f"{figure.id}: {note}" for figure in figures for note in figure.notes]


def show(figures: Sequence[Figure], machine: str, size: str) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    table = Table(title=f"{size}: {machine}", show_lines=True)
    for title in HEAD:
        table.add_column(title, no_wrap=title in ("", "ratio"))
    for row in rows(figures):
        table.add_row(*row)
    console.print(table)
    for note in notes(figures):
        console.print(note, highlight=False, markup=False)


def markdown(figures: Sequence[Figure], machine: str, size: str) -> str:
    lines = [f"Size `{size}` on {machine}.", "", _line(HEAD), "|" + "---|" * len(HEAD), *map(_line, rows(figures))]
    beside = [f"- {note}" for note in notes(figures)]
    return "\n".join([*lines, *([""] if beside else []), *beside])


def write_markdown(path: Path, text: str) -> None:
    """Between the marks of a document that has them, else the table alone."""
    try:
        before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    except FileNotFoundError:
        before, rest = "", ""
    after = rest.partition(END)[2] or "\n"
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _row(figure: Figure) -> tuple[str, ...]:
    targets = "; ".join(goal.message for goal in figure.goals)
    reached = ", ".join("yes" if goal.is_reached else "NO" for goal in figure.goals)
    return (figure.id, figure.work, figure.took, figure.limit, figure.ratio, targets, reached)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
