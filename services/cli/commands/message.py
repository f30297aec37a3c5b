"""`receivables message`: what customers are told."""

import typer

from services.cli.commands.message_list import add_to

app = typer.Typer(
    help="Messages, calls and visits: list them, look at one, have one sent once more.",
    no_args_is_help=True,
    add_completion=False,
)

add_to(app)
