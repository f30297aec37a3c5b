"""The options that many commands share, and how what is typed is read."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from domain.refusal import Refused
from infra.clock import now
from infra.settings import Settings
from infra.unavailable import Unavailable
from services.days import require_near


class Form(StrEnum):
    table = "table"
    json = "json"


class SheetForm(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    pdf = "pdf"


def day(text: str) -> date:
    """A day that facts count for."""
    found = any_day(text)
    try:
        require_near(found, now().astimezone(_zone()).date())
    except Refused as refusal:
        raise typer.BadParameter(refusal.message) from None
    return found


def any_day(text: str) -> date:
    """One asked about, or one that something falls due on."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-06-30") from None


def instant(text: str) -> datetime:
    """An instant; one without a zone is of the ledger's, and a bare day stands for its end, when all of it is known."""
    return _instant(text, time.max)


def beginning(text: str) -> datetime:
    """The same for what begins: a bare day stands for its first instant."""
    return _instant(text, time.min)


def form_of(form: SheetForm | None, output: Path | None) -> SheetForm:
    """The form that was named, else that of the file's ending."""
    if form or output is None:
        return form or SheetForm.table
    ending = output.suffix.lower().removeprefix(".")
    if ending in (SheetForm.json, SheetForm.csv, SheetForm.xlsx, SheetForm.pdf):
        return SheetForm(ending)
    raise typer.BadParameter(f"name the --format of {output}: json, csv, xlsx or pdf")


def _instant(text: str, of_day: time) -> datetime:
    try:
        found = datetime.combine(date.fromisoformat(text), of_day) if _is_day(text) else datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=_zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is not an instant such as 2026-06-30T12:00:00Z") from None


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _zone() -> tzinfo:
    # A wrong setting is told when the command itself loads them.
    with suppress(Unavailable):
        return Settings.load().zone
    return UTC


AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=any_day, metavar="DAY", help="What was owed on this day; today by default."),
]
ZONE_HELP = "Without a zone it is of RECEIVABLES_TIME_ZONE"
# What every option for an instant up to which something counts says of itself.
END_HELP = f"{ZONE_HELP}, and a day alone is its end."
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at", parser=instant, metavar="INSTANT", help=f"As we knew it then; by default all we know. {END_HELP}"
    ),
]
On = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DAY", help="The day it counts for; today by default.")
]
Today = Annotated[
    date | None,
    typer.Option("--today", parser=any_day, metavar="DAY", help="As of this day; by default the ledger's today."),
]
Entity = Annotated[
    str | None, typer.Option("--entity", metavar="TEXT", help="The legal entity the invoice belongs to.")
]
OnlyEntity = Annotated[str | None, typer.Option("--entity", metavar="TEXT", help="Only this legal entity.")]
OnlyCurrency = Annotated[
    str | None, typer.Option("--currency", parser=str.upper, metavar="CODE", help="Only this currency.")
]
OnlyCustomer = Annotated[str | None, typer.Option("--customer", metavar="TEXT", help="Only this customer.")]
OnlyCollector = Annotated[
    str | None, typer.Option("--collector", metavar="TEXT", help="Only customers whom this collector looks after.")
]
WithNames = Annotated[
    bool, typer.Option("--names", help="Customers' names beside their numbers; that they were shown is recorded.")
]
Format = Annotated[Form, typer.Option("--format", help="table for people, json for programs.")]
SheetFormat = Annotated[SheetForm | None, typer.Option("--format", help="table when left out; xlsx and pdf are files.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; its ending is the format if none is named."),
]
Actor = Annotated[str | None, typer.Option("--actor", metavar="TEXT", help="Who asks; your user name by default.")]
Why = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why, in words; kept with the fact.")]
CommandId = Annotated[
    str | None,
    typer.Option(
        "--command-id",
        metavar="TEXT",
        help="The same id again gives the first answer, so a command may be repeated safely.",
    ),
]
