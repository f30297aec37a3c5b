"""`receivables feed`: facts on Kafka for other services, and looking after them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from infra.log.workers import leading
from infra.unavailable import Unavailable
from services.assembly import App
from services.cli.commands import feed_broker, feed_reading, feed_schemas
from services.cli.ending import REFUSED
from services.cli.options import Form, Format
from services.cli.screen.lines import show
from services.cli.screen.progress import progress
from services.cli.session import configured, guarded, opened, out, print_json

if TYPE_CHECKING:
    from services.feed.publisher import Sent

app = typer.Typer(
    help="The feed on Kafka: publish facts, look at topics, lag and messages, check them against the log.",
    no_args_is_help=True,
    add_completion=False,
)

PUBLISHER = "publisher"


@app.command()
def publish(
    once: Annotated[
        bool, typer.Option("--once", help="Publish what is there, and end; else `receivables work publisher`.")
    ] = False,
    form: Format = Form.table,
) -> None:
    """Publish the facts that are not on Kafka yet, in order, each confirmed before the position moves."""
    if not once:
        raise typer.BadParameter("say --once to publish what is there; `receivables work publisher` goes on for good")
    with guarded(form), opened(configured(form)) as session, session.publisher as publisher:
        with _alone(session), progress("publishing") as report:
            sent = publisher.publish_all(report)
        _say(sent, form)


@app.command()
def replay(
    first: Annotated[int, typer.Option("--from", min=1, help="The position of the first fact to be sent again.")],
    form: Format = Form.table,
) -> None:
    """Publish again all facts from a position on, under the same ids: subscribers know them by these.

    For topics that were lost or emptied, or a subscriber that asks for it. Where a publisher is at work it is the one
    that sends them.
    """
    with guarded(form), opened(configured(form)) as session, session.publisher as publisher:
        if first > publisher.position() + 1:
            raise typer.BadParameter(f"nothing beyond position {publisher.position():,} was published yet")
        with leading(session.pool, PUBLISHER) as is_leader, progress("publishing") as report:
            sent = publisher.replay(first, report) if is_leader else publisher.hand_over(first)
        if is_leader or form == Form.json:
            _say(sent, form)
        else:
            out.print(f"the publisher that is at work goes on from position {first:,}")


@app.command("accept-restore")
def accept_restore(form: Format = Form.table) -> None:
    """After the database was restored from a backup: go on publishing, under another name of the ledger in all ids.

    Topics then hold facts that the ledger no longer has. Their ids stay taken: from the first fact that differs on,
    ids bear a new name, so that subscribers tell the two apart.
    """
    from services.answers.feed import restored_answer

    with guarded(form), opened(configured(form)) as session, session.publisher as publisher:
        with _alone(session), progress("comparing topics and log") as report:
            first = publisher.accept_restore(report)
        name = publisher.incarnations().current
        if form == Form.json:
            print_json(restored_answer(first, name))
        elif first is None:
            out.print("topics and log do not differ: nothing was changed")
        else:
            out.print(f"from position {first:,} on, ids begin with {name}; `receivables feed publish --once` publishes")


@app.command()
def topics(
    create: Annotated[bool, typer.Option("--create", help="Make those that are missing.")] = False,
    form: Format = Form.table,
) -> None:
    """The topics there must be, and whether they are as they must be; exits 1 when one is not."""
    from services.answers.feed import topics_answer
    from services.feed import topic_list

    with guarded(form):
        settings = configured(form)
        found = topic_list.found(settings, create=create)
        if form == Form.json:
            print_json(topics_answer(found))
        else:
            table = Table("topic", box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
            for title in ("partitions", "replicas"):
                table.add_column(title, justify="right")
            table.add_column("state", overflow="fold")
            for each in found:
                table.add_row(
                    each.name, str(each.partitions), str(each.replicas), "; ".join(each.wrong) or "as it must be"
                )
            show(table, out)
            if any(not each.partitions for each in found):
                out.print("\n`receivables feed topics --create` makes those that are missing")
    if any(each.wrong for each in found):
        raise typer.Exit(REFUSED)


@contextmanager
def _alone(session: App) -> Iterator[None]:
    with leading(session.pool, PUBLISHER) as is_leader:
        if not is_leader:
            raise Unavailable("a publisher is at work already: `receivables work list` says how far it is")
        yield


def _say(sent: "Sent", form: str) -> None:
    from services.answers.feed import published_answer

    if form == Form.json:
        print_json(published_answer(sent))
    elif sent.published:
        out.print(f"{sent.published:,} facts published, positions {sent.first:,} to {sent.last:,}")
    else:
        out.print(f"nothing to publish: all facts up to position {sent.position:,} are on Kafka")


for _command in (feed_reading.check, feed_reading.lag, feed_reading.tail):
    app.command()(_command)
app.command("dev-broker")(feed_broker.dev_broker)
app.command()(feed_schemas.schemas)
