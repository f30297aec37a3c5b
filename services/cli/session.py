"""One command's session with the ledger: opening it, saying who asks, and ending with the right code."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import orjson
import psycopg
import typer
from eventsourcing.domain import EventSourcingError
from psycopg_pool import PoolTimeout

from domain.refusal import Refused
from infra import logs
from infra.clock import Clock, now
from infra.files.tabular import Unreadable
from infra.home import claim
from infra.kafka.message import BrokerAway
from infra.log.checkpoints import ForgedCheckpoint
from infra.log.codec import UnreadableFact
from infra.settings import Settings
from infra.unavailable import Unavailable
from infra.views.answers import Behind
from infra.views.projector import RebuildNeeded
from infra.views.rebuilding import Busy
from services.assembly import App, assemble
from services.cli.ending import DONE, ENVIRONMENT, REFUSED, WRONG_USE, code_of, hush, say, warn
from services.cli.options import Form
from services.cli.screen.plainly import PlainConsole, plain_json
from services.cli.screen.progress import progress


class Out(PlainConsole):
    def on_broken_pipe(self) -> None:
        # Left to itself it would end the command as if a rule had refused it.
        raise BrokenPipeError


out = Out(highlight=False)


@contextmanager
def ledger(form: str = Form.table) -> Iterator[App]:
    """The app for one command: its views are as far as the log, and what it records is signed when it ends."""
    with guarded(form), opened(configured(form)) as app:
        with progress("bringing the views up to date") as report:
            app.bring_views_up_to_date(report)
        yield app


@contextmanager
def opened(settings: Settings, clock: Clock = now, assemble: Callable[..., App] = assemble) -> Iterator[App]:
    with progress("opening the ledger"):
        app = assemble(settings, clock=clock)
    with app:
        yield app


def configured(form: str = Form.table, **typed: Any) -> Settings:
    """The settings, with a word on standard error about variables that are none; what was typed counts before them."""
    settings = Settings.load(**{name: value for name, value in typed.items() if value not in (None, "")})
    logs.configure(settings.log_level)
    for warning in filter(None, (*settings.warnings, claim(settings.home))):
        warn(warning, form == Form.json)
    return settings


@contextmanager
def guarded(form: str = Form.table) -> Iterator[None]:
    """What a rule refuses ends the command with 1, wrong input with 2, a server or setting in the way with 3."""
    try:
        with _stopping_first():
            yield
        sys.stdout.flush()
    except Refused as refusal:
        end(code_of(refusal.code), refusal.code, refusal.message, form)
    except ForgedCheckpoint as forged:
        end(REFUSED, "checkpoint_forged", str(forged), form)
    except Unreadable as unreadable:
        end(WRONG_USE, "unreadable", str(unreadable), form)
    except RebuildNeeded as stale:
        end(ENVIRONMENT, "rebuild_needed", f"{stale}, with `receivables views rebuild`", form)
    except Unavailable as unavailable:
        end(ENVIRONMENT, unavailable.code, str(unavailable), form)
    except (Busy, Behind) as unavailable:
        end(ENVIRONMENT, "unavailable", str(unavailable), form)
    except BrokerAway as away:
        end(ENVIRONMENT, "unavailable", f"no Kafka broker answers: {away}; `receivables doctor` looks closer", form)
    except UnreadableFact as unreadable_fact:
        end(ENVIRONMENT, "unreadable_fact", str(unreadable_fact), form)
    except (EventSourcingError, psycopg.Error, PoolTimeout) as trouble:
        # What follows the first line are hints, and the statement with what it was about.
        message = (str(trouble).strip() or type(trouble).__name__).splitlines()[0]
        end(ENVIRONMENT, "unavailable", f"{message}; `receivables doctor` looks closer", form)
    except BrokenPipeError:
        hush()
        raise typer.Exit(DONE) from None
    except OSError as trouble:
        hush()
        end(ENVIRONMENT, "unavailable", f"the machine says: {trouble}", form)


@contextmanager
def _stopping_first() -> Iterator[None]:
    """After Ctrl-C other things fail: the driver's wait for what it has cancelled, say. They are not why it ends."""
    try:
        yield
    except typer.Exit:
        # Whoever ends by it has dealt with what was before.
        raise
    except Exception as error:
        for before in _before(error):
            if isinstance(before, KeyboardInterrupt):
                raise before from None
        raise


def _before(error: BaseException) -> Iterator[BaseException]:
    before = error.__cause__ or error.__context__
    if before:
        yield before
        yield from _before(before)


def end(code: int, name: str, message: str, form: str) -> NoReturn:
    say(name, message, form == Form.json)
    raise typer.Exit(code)


def as_json(answer: object) -> bytes:
    return plain_bytes(orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def plain_bytes(made: bytes) -> bytes:
    """The same JSON, whose strings hold nothing that a terminal would obey."""
    return made if made.isascii() and b"\x7f" not in made else plain_json(made.decode()).encode()


def print_json(answer: object) -> None:
    sys.stdout.buffer.write(as_json(answer))
    sys.stdout.buffer.flush()
