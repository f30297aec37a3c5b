"""`receivables message`: what customers are told, and how it would read."""

import typer

from services.cli.commands import message_list, message_texts

app = typer.Typer(
    help="Messages, calls and visits: list them, look at one, preview one, approve texts, have one sent once more.",
    no_args_is_help=True,
    add_completion=False,
)

message_list.add_to(app)
message_texts.add_to(app)
