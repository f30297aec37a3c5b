"""Names and values, and small tables, as a person reads them on a terminal."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from infra.files.sheets import grouped
from services.answers.as_known import AsOf
from services.cli.screen.plainly import plain as plain

_RIGHT = {"open", "amount", "discount", "paid", "pay", "item", "items", "days_past_due", "allocation", "disputed"}
_RIGHT |= {"unapplied", "dispute", "share", "demanded", "days_overdue", "reminders", "broken_promises"}


ANY_WIDTH = 1000


def room(console: Console) -> int:
    """How wide a line may be: what goes to a file or another program is not folded."""
    return console.width if console.is_terminal else ANY_WIDTH


def show(what: RenderableType, console: Console, width: int = 0) -> None:
    """In the room there is, or as wide as it must be."""
    before, console.width = console.width, max(room(console), width)
    try:
        console.print(what, crop=False)
    finally:
        console.width = before


def print_title(message: str, console: Console) -> None:
    show(Text(plain(message), style="bold"), console)


def print_day(shown: AsOf, console: Console) -> None:
    """Of which day it is, and as known when, where that was asked for."""
    when = [f"of {shown['as_of']}"] if shown.get("as_of") else []
    when += [f"known at {shown['known_at']}"] if shown.get("known_at") else []
    if when:
        show(Text(f"As {', as '.join(when)}.", style="dim"), console)


def print_pairs(pairs: Iterable[tuple[str, object]], console: Console) -> None:
    """A line each; what has no value is left out, and several values stand below each other."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        values = [each for each in (value if isinstance(value, list) else [value]) if each not in (None, "")]
        for label, each in zip([name, *[""] * len(values)], values, strict=False):
            table.add_row(f"  {label}", Text(plain(str(each))))
    show(table, console)


def print_rows(rows: Sequence[Mapping[str, object]], title: str, console: Console) -> None:
    """The keys of the rows are the columns; nothing is printed of no rows."""
    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="right" if name in _RIGHT else "left")
    for row in rows:
        table.add_row("", *(Text(_shown(name, value)) for name, value in row.items()))
    console.print()
    print_title(title, console)
    show(table, console)


def _shown(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else grouped(str(value)) if name in _RIGHT else plain(str(value))
