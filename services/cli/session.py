"""One command's session with the ledger: opening it, saying who asks, and ending with the right code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NoReturn

import orjson
import psycopg
import typer
from eventsourcing.domain import EventSourcingError
from psycopg_pool import PoolTimeout
from rich.console import Console
from rich.text import Text

from domain.entry import Cause
from domain.refusal import Refused
from infra.projector import Fenced, RebuildNeeded
from infra.settings import Settings
from infra.tabular import Unreadable
from infra.unavailable import Unavailable
from services.assembly import App, assemble

DONE, REFUSED, WRONG_USE, ENVIRONMENT = 0, 1, 2, 3

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Form(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


class SheetForm(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    pdf = "pdf"


def day(text: str) -> date:
    """A civil day, 2026-06-30."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-06-30") from None


def instant(text: str) -> datetime:
    """An instant with its zone, 2026-06-30T12:00:00Z; a bare day or time counts as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an instant such as 2026-06-30T12:00:00Z") from None
    return found if found.tzinfo else datetime.fromisoformat(text + ("+00:00" if "T" in text else "T00:00:00+00:00"))


Day = Annotated[date | None, typer.Option(parser=day, metavar="DAY")]
AsOf = Annotated[
    date | None, typer.Option("--as-of", parser=day, metavar="DAY", help="What was owed on this day; today by default.")
]
KnownAt = Annotated[
    datetime | None,
    typer.Option("--known-at", parser=instant, metavar="INSTANT", help="As we knew it then; by default all we know."),
]
On = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DAY", help="The day it counts for; today by default.")
]
Entity = Annotated[str | None, typer.Option("--entity", help="The legal entity the invoice belongs to.")]
Format = Annotated[Form, typer.Option("--format", help="table for people, json or csv for programs.")]
Actor = Annotated[str | None, typer.Option("--actor", help="Who asks; your user name by default.")]
Why = Annotated[str | None, typer.Option("--because", help="Why, in words; kept with the fact.")]
CommandId = Annotated[
    str | None,
    typer.Option("--command-id", help="The same id again gives the first answer, so a command may be repeated safely."),
]


@contextmanager
def ledger(form: str = Form.table) -> Iterator[App]:
    """The app for one command: its views as current as the log, and what it records witnessed outside the database."""
    with guarded(form), assemble(Settings.load()) as app:
        with suppress(Fenced):  # a projector at work keeps them current
            app.projector.catch_up()
        before = app.ledger.head().position
        try:
            yield app
        finally:
            if app.ledger.head().position != before:
                app.audit.witness()


@contextmanager
def guarded(form: str) -> Iterator[None]:
    """A refusal ends the command with 1, wrong input with 2, a server or setting in the way with 3."""
    try:
        yield
    except Refused as refusal:
        end(REFUSED, refusal.words, form, refusal.code)
    except Unreadable as unreadable:
        end(WRONG_USE, str(unreadable), form, "unreadable")
    except Unavailable as unavailable:
        end(ENVIRONMENT, str(unavailable), form, "unavailable")
    except (RebuildNeeded, EventSourcingError, psycopg.Error, PoolTimeout) as trouble:
        end(
            ENVIRONMENT,
            f"{str(trouble).strip() or type(trouble).__name__}; `receivables doctor` looks closer",
            form,
            "unavailable",
        )
    except BrokenPipeError:
        raise typer.Exit(DONE) from None


def end(code: int, words: str, form: str, name: str) -> NoReturn:
    """Ends the command with one sentence on standard error, as JSON when the answer would have been JSON."""
    if form == Form.json:
        sys.stderr.write(orjson.dumps({"refused": name, "words": words}).decode() + "\n")
    else:
        err.print(Text.assemble((name, "bold red"), f": {words}"), soft_wrap=True)
    raise typer.Exit(code)


def cause(app: App, *, actor: str | None, why: str | None, command_id: str | None) -> Cause:
    return Cause(actor or app.settings.actor, command_id or app.new_id(), why)


def print_json(answer: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.buffer.flush()
