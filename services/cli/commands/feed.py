"""`receivables feed`: facts on Kafka for other services, and looking after them."""

import typer

from services.cli.commands import feed_broker

app = typer.Typer(
    help="The feed on Kafka: publish facts, look at topics, lag and messages, check them against the log.",
    no_args_is_help=True,
    add_completion=False,
)


# One command alone would stand for the group itself.
@app.callback()
def feed() -> None:
    pass


app.command("dev-broker")(feed_broker.dev_broker)
