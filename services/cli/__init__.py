"""`receivables`: the command line.

The module of a command is imported when it is called, so that help comes at once.
"""

import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from services.cli.ending import ENVIRONMENT, STOPPED, WRONG_USE, say

# What each is for, and in which module it is.
COMMANDS = {
    "import": ("imports", "Load files of customers, invoices, payments, credit notes or settled history."),
    "invoice": ("invoice", "Invoices: list them, look at one, issue it, and everything that can happen to it."),
    "customer": ("customer", "Customers: list them, terms, limit, holds, notes, contact, statement of account."),
    "receipt": ("receipt", "Receipts: list them, record money, say which invoices it pays, give it back."),
    "credit-note": ("credit_note", "One credit note: issue it, say which invoices it lessens, pay it out, undo it."),
    "policy": ("policy", "Dunning policies: list, show, validate, publish, assign."),
    "aging": ("reports", "What is owed and how long it is overdue, of any day, as known at any instant."),
    "restatement": ("reports", "The facts that explain why the aging of a day has changed."),
    "rollforward": ("rollforward", "From what was open to what is: the tie-out to a general ledger, and its journal."),
    "risk": ("reports", "Exposure, lateness, score and proposed limit by customer."),
    "metrics": ("reports", "DSO, best possible DSO, days delinquent, collection effectiveness, days late."),
    "provisions": ("reports", "Expected loss per bucket."),
    "forecast": ("reports", "Cash to come by week."),
    "audit": ("audit", "The audit trail: show, search, export, evidence, verify."),
    "commands": ("commands", "What can be asked of the ledger: names, parameters, permissions."),
    "views": ("views", "The views kept ready over the log: how far they are, rebuild, compare."),
    "worklist": ("worklist", "What people are to do today: calls, visits, decisions; what is worth most first."),
    "task": ("task", "One task of the work list: look at it, say what came of it, skip it."),
    "message": ("message", "Messages, calls and visits: list them, look at one, preview one, approve texts."),
    "adherence": ("adherence", "Whether the ladder was kept: on time, late, withheld, skipped by whom and why."),
    "escalate": ("escalate", "The ladders: take what is due, ask why and why not, forecast, simulate."),
    "work": ("work", "The processes that follow the log: run one, list them, ask whether they are alive."),
    "feed": ("feed", "The feed on Kafka: publish facts, topics, lag, tail, check; a broker to try it out."),
    "home": ("home", "The home: which one is used and why, what is in it; remove it to begin anew."),
    "demo": ("demo", "Play a believable year of business, and show the reports."),
    "keys": ("keys", "The keys of the ledger: which there are, whether they fit; a new master key."),
    "doctor": ("doctor", "What is configured, what answers, what is behind."),
}


class Commands(TyperGroup):
    """Lists commands without importing them, and ends every wrong use in one sentence."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, _imported(name) if name in COMMANDS else command, rest

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:
        args = sys.argv[1:] if args is None else args
        try:
            import_module("services.own_packages")
        except ImportError as clash:
            say("unavailable", str(clash), _asks_json(args))
            sys.exit(ENVIRONMENT)
        try:
            code = super().main(args, *rest, **{**more, "standalone_mode": False})
        except TyperException as wrong:
            sys.exit(_wrong_use(wrong, args))
        if code == STOPPED:
            say("stopped", "what was recorded before stays, and the same command goes on from there", _asks_json(args))
        sys.exit(code)


@cache
def _imported(name: str) -> Any:
    command = typer.main.get_command(import_module(f"services.cli.commands.{COMMANDS[name][0]}").app)
    return getattr(command, "commands", {}).get(name, command)


def _wrong_use(wrong: TyperException, args: Sequence[str]) -> int:
    context = getattr(wrong, "ctx", None)
    # Without any argument the help was asked for, and printed.
    if type(wrong).__name__ != "NoArgsIsHelpError":
        message = (
            wrong.format_message().strip().rstrip(".").removeprefix("Invalid value: ").replace("Value error, ", "")
        )
        # What a command itself finds wrong it says in full.
        is_complete = isinstance(wrong, typer.BadParameter) and wrong.param is None
        hint = f"; `{context.command_path} --help` says what is possible" if context and not is_complete else ""
        say("wrong_use", message + hint, _asks_json(args))
    return WRONG_USE


def _asks_json(args: Sequence[str]) -> bool:
    return "--format=json" in args or ("--format", "json") in pairwise(args)


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib import metadata

        typer.echo(f"receivables {metadata.version('receivables')}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    help="What customers owe, what was promised and done about it, as of any day. Start with `receivables demo`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def receivables(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Say which version this is.")
    ] = False,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", help="Work in this home, whatever RECEIVABLES_HOME says."),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Work in the home of the demonstration.")] = False,
) -> None:
    if not (home or demo):
        return
    if home and demo:
        raise typer.BadParameter("--demo is a home of its own: leave --home out")
    from infra.choosing import use_demo_home, use_home

    use_home(home) if home else use_demo_home()


def _listed(name: str, message: str) -> None:
    @app.command(name, help=message)
    def listed() -> None:
        pass


for _name, (_, _message) in COMMANDS.items():
    _listed(_name, _message)
