"""`receivables home`: which home is used and why, what is in it, and a reset that asks first."""

import sys
from typing import Annotated

import typer

from domain.refusal import Refused
from services import homes
from services.answers.home import HomeAnswer
from services.cli.options import Form, Format
from services.cli.screen.home import print_home, print_loss, print_reset
from services.cli.session import configured, guarded, out, print_json

app = typer.Typer(help="The home: which one is used and why, what is in it; remove it to begin anew.")


@app.callback(invoke_without_command=True)
def home(context: typer.Context, form: Format = Form.table) -> None:
    """Say which home is used and why, and what is in it."""
    if context.invoked_subcommand:
        return
    with guarded(form):
        found = homes.describe(configured(form))
        print_json(found) if form == Form.json else print_home(found, out)


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")] = False, form: Format = Form.table
) -> None:
    """Remove the home with its embedded ledger, for good; asks for its name first.

    The embedded server is stopped. A database of another server is never touched, nor the keys it needs. A folder that
    is a link, or that holds anything that is not ours, is refused.
    """
    with guarded(form):
        settings = configured(form)
        found = homes.require_removable(settings)
        names = homes.to_be_removed(settings, found)
        if names and not yes:
            _ask(homes.describe(settings), names, homes.what_stays(settings), form)
        done = homes.reset(settings)
        print_json(done) if form == Form.json else print_reset(done, out)


def _ask(found: HomeAnswer, names: list[str], stays: list[str], form: str) -> None:
    """Refuses `not_confirmed`."""
    if form == Form.json or not sys.stdin.isatty():
        raise Refused(
            "not_confirmed", f"{found['home']} would be removed for good: --yes says so where nobody is asked"
        )
    print_loss(found, names, stays, out)
    name = found["home"].rpartition("/")[2]
    try:
        typed = typer.prompt(f"Type {name} to remove it", default="", show_default=False)
    except typer.Abort:
        typed = ""
    if typed.strip() != name:
        raise Refused("not_confirmed", "nothing was removed")
