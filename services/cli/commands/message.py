"""`receivables message`: what customers are told."""

import typer

from services.cli.commands.message_texts import add_to

app = typer.Typer(
    help="Messages: how one would read, and whose texts are approved.", no_args_is_help=True, add_completion=False
)

add_to(app)
