"""`receivables task`: one task of the work list: what to say, and what came of it."""

from typing import Annotated

import typer

from services.cli.catalogued import add_command
from services.cli.options import Form, Format, Today
from services.cli.screen.work import print_task
from services.cli.session import ledger, out, print_json

app = typer.Typer(
    help="One task of the work list: look at it, say what came of it, skip it.",
    no_args_is_help=True,
    add_completion=False,
)

Task = Annotated[str, typer.Argument(metavar="TASK", show_default=False, help="Its name, as `worklist` shows it.")]


@app.command()
def show(task: Task, today: Today = None, form: Format = Form.table) -> None:
    """The number to call, what to say, what is open, and what was tried before."""
    with ledger(form) as session:
        found = session.work_list.task(task, today or session.today())
        print_json(found) if form == Form.json else print_task(found, out, session.settings.zone)


add_command(app, "contact.done", "done")
add_command(app, "contact.skip", "skip")
