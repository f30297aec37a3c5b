"""The options that many commands share, and how what is typed is read."""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import typer


class Form(StrEnum):
    table = "table"
    json = "json"


class SheetForm(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    pdf = "pdf"


# Which day today is, only an open ledger knows: until then the days wait here that facts are to count for.
_counting: ContextVar[tuple[date, ...]] = ContextVar("counting", default=())


def day(text: str) -> date:
    """A day that facts count for."""
    found = any_day(text)
    _counting.set((*_counting.get(), found))
    return found


def counting_days() -> tuple[date, ...]:
    """Those typed since this was last asked."""
    typed = _counting.get()
    _counting.set(())
    return typed


def any_day(text: str) -> date:
    """One asked about, or one that something falls due on."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-06-30") from None


def instant(text: str) -> datetime:
    """An instant with its zone; a bare day or time counts as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an instant such as 2026-06-30T12:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=any_day, metavar="DAY", help="What was owed on this day; today by default."),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option("--known-at", parser=instant, metavar="INSTANT", help="As we knew it then; by default all we know."),
]
On = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DAY", help="The day it counts for; today by default.")
]
Entity = Annotated[
    str | None, typer.Option("--entity", metavar="TEXT", help="The legal entity the invoice belongs to.")
]
Format = Annotated[Form, typer.Option("--format", help="table for people, json for programs.")]
Actor = Annotated[str | None, typer.Option("--actor", metavar="TEXT", help="Who asks; your user name by default.")]
Why = Annotated[str | None, typer.Option("--because", metavar="TEXT", help="Why, in words; kept with the fact.")]
CommandId = Annotated[
    str | None,
    typer.Option(
        "--command-id",
        metavar="TEXT",
        help="The same id again gives the first answer, so a command may be repeated safely.",
    ),
]
