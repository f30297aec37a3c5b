"""`receivables feed`: facts on Kafka for other services, and looking after them."""

import typer

app = typer.Typer(
    help="The feed on Kafka: publish facts, look at topics, lag and messages, check them against the log.",
    no_args_is_help=True,
    add_completion=False,
)
