"""`receivables views`: how far the views are, and making them anew."""

from typing import Annotated

import typer
from rich.table import Table

from services.answers.views import comparison_answer, parked_answer, rebuilt_answer, refilled_answer, views_answer
from services.assembly import App
from services.cli.ending import REFUSED
from services.cli.options import Form, Format
from services.cli.screen.lines import plain
from services.cli.screen.progress import progress
from services.cli.session import configured, guarded, ledger, opened, out, print_json

app = typer.Typer(
    help="The views kept ready over the log: how far they are, rebuild, compare.",
    no_args_is_help=True,
    add_completion=False,
)

Name = Annotated[str | None, typer.Argument(help="One view; all when left out.", show_default=False)]
OneName = Annotated[str, typer.Argument(help="The view's name, as `views list` shows it.", show_default=False)]


@app.command("list")
def list_views(form: Format = Form.table) -> None:
    """Every view, the position it has reached, and what it could not apply."""
    with ledger(form) as session:
        lags = session.projector.lag()
        if form == Form.json:
            print_json(views_answer(lags))
            return
        table = Table("view", box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for title in ("position", "of", "parked"):
            table.add_column(title, justify="right")
        table.add_column("state")
        for lag in lags:
            state = "needs a rebuild" if lag.needs_rebuild else "current" if lag.position == lag.head else "behind"
            table.add_row(lag.name, f"{lag.position:,}", f"{lag.head:,}", f"{lag.parked:,}", state)
        out.print(table)


app.command("lag", help="The same as list.")(list_views)


@app.command()
def rebuild(name: Name = None, form: Format = Form.table) -> None:
    """Make a view from the whole log beside the live one, and put it in its place in one transaction."""
    with ledger(form) as session:
        if name:
            _require(session, name)
        with progress(f"rebuilding {name or 'all views'}") as report:
            session.projector.rebuild(name, report)
        print_json(rebuilt_answer(name)) if form == Form.json else out.print(f"{name or 'all views'} rebuilt")


@app.command()
def compare(name: OneName, form: Format = Form.table) -> None:
    """Make a view anew only to see whether the live one has the same rows; exits 1 when it has not."""
    with ledger(form) as session:
        _require(session, name)
        with progress(f"comparing {name}") as report:
            differences = session.projector.compare(name, report)
        if form == Form.json:
            print_json(comparison_answer(name, differences))
        elif not differences:
            out.print(f"{name}: the same rows come out")
        for each in differences if form == Form.table else ():
            message = f"{each.table}, {'live only' if each.is_live else 'rebuilt only'}: {each.row}"
            out.print(plain(message), markup=False, soft_wrap=True)
    if differences:
        raise typer.Exit(REFUSED)


@app.command()
def refill(form: Format = Form.table) -> None:
    """Empty the views of the reporting database; its workers make them anew from the first message of the feed.

    Needed after a restore was accepted, and where another version made them. Reports that ask it are behind until then.
    """
    with guarded(form), opened(configured(form)) as session:
        session.reporting.start_over(session.publisher.incarnations().all())
        if form == Form.json:
            print_json(refilled_answer([*session.reporting.projections]))
        else:
            out.print("emptied; `receivables work reporter` fills them")


@app.command()
def parked(
    name: OneName,
    retry: Annotated[bool, typer.Option("--retry", help="First apply again what now fits.")] = False,
    form: Format = Form.table,
) -> None:
    """The facts a view could not apply, each with its reason; their streams wait, all else goes on."""
    with ledger(form) as session:
        _require(session, name)
        if retry:
            session.projector.retry_parked(name)
        waiting = session.projector.parked(name)
        if form == Form.json:
            print_json(parked_answer(name, waiting))
            return
        for each in waiting:
            out.print(plain(f"{each.position:>10}  {each.stream}: {each.reason}"), markup=False, soft_wrap=True)
        out.print(f"{len(waiting)} parked in {name}")


def _require(session: App, name: str) -> None:
    if name not in session.projector.projections:
        raise typer.BadParameter(f"there is no view {name}; `receivables views list` names them")
