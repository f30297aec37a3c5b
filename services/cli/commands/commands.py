"""`receivables commands`: what can be asked of a ledger, at any of its doors."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from services.answers.catalogue import catalogue_answer
from services.catalogue import CATALOGUE
from services.catalogue.parameters import parameters
from services.cli.options import Form, Format
from services.cli.screen.lines import show
from services.cli.session import guarded, out, print_json

app = typer.Typer(add_completion=False)


@app.command()
def commands(
    prefix: Annotated[str, typer.Argument(help="Only those whose name begins so.", show_default=False)] = "",
    form: Format = Form.table,
) -> None:
    """List the catalogue of commands: names, parameters, permissions; as JSON with the JSON Schema of each."""
    with guarded(form):
        found = [command for command in CATALOGUE.values() if command.name.startswith(prefix)]
        if form == Form.json:
            print_json(catalogue_answer(found))
            return
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for title in ("command", "permission", "parameters"):
            table.add_column(title, no_wrap=title != "parameters", overflow="fold")
        for command in found:
            asked = (each.name if each.is_required else f"[{each.name}]" for each in parameters(command))
            table.add_row(Text(command.name, style="bold"), Text(str(command.permission)), Text(" ".join(asked)))
        show(table, out)
