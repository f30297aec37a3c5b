"""`receivables feed check|lag|tail`: what is on the topics, and who is how far."""

import select
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import orjson
import psycopg
import typer

from infra.kafka.message import BrokerAway
from infra.settings import Settings
from infra.unavailable import Unavailable
from services.cli.ending import DONE, REFUSED
from services.cli.options import Form, Format
from services.cli.screen.feed import line_of, print_check, print_lag
from services.cli.screen.lines import room
from services.cli.screen.plainly import plain_json
from services.cli.screen.progress import progress
from services.cli.session import configured, guarded, opened, out, print_json

if TYPE_CHECKING:
    from infra.kafka.groups import Group
    from services.feed.lag import PublisherLag
    from services.feed.tailing import Seen, Tail


def check(form: Format = Form.table) -> None:
    """Read the topics and hold them against the log; exits 1 when anything is missing, doubled, disordered, different.

    Goes by the end of the log as it is when it begins, and gives a publisher that is at work 20 seconds to get there.
    `topic` counts ids, so what was sent again counts once. Reads all there is: about 10,000 facts a second.
    """
    from services.answers.feed import check_answer

    with guarded(form), opened(configured(form)) as session:
        with progress("checking") as report:
            checked = session.feed_check.run(report)
        answer = check_answer(checked)
        print_json(answer) if form == Form.json else print_check(answer, out)
    if not checked.is_clean:
        raise typer.Exit(REFUSED)


def lag(form: Format = Form.table) -> None:
    """How far the publisher is behind the log, and every consumer group of our topics behind the publisher.

    Says what it can while the database or the broker is away, and then ends with 3.
    """
    from services.answers.feed import lag_answer

    with guarded(form):
        settings = configured(form)
        publisher, no_publisher = _publisher(settings)
        groups, no_groups = _groups(settings)
        if publisher is not None or groups is not None:
            answer = lag_answer(publisher, groups)
            print_json(answer) if form == Form.json else print_lag(answer, out)
        if missing := " ".join(filter(None, (no_publisher, no_groups))):
            raise Unavailable(missing)


def _publisher(settings: Settings) -> "tuple[PublisherLag | None, str]":
    from services.feed.lag import publisher_lag

    try:
        with opened(settings) as session:
            return publisher_lag(session.ledger, session.pool), ""
    except (Unavailable, psycopg.Error) as away:
        return None, f"{_first_line(away)} How far the publisher is only the database can say."


def _groups(settings: Settings) -> "tuple[list[Group] | None, str]":
    from infra.kafka.groups import select_groups

    try:
        return select_groups(settings.brokers), ""
    except BrokerAway as away:
        return None, f"No Kafka broker answers ({away}), so nobody can say how far those who read are."


def _first_line(error: Exception) -> str:
    return f"{str(error).splitlines()[0].rstrip('.')}."


class Start(StrEnum):
    beginning = "beginning"
    end = "end"


def _start(text: str) -> str:
    if text in (*Start, "") or (text.isdecimal() and 0 < int(text) < 2**63):
        return text
    raise typer.BadParameter(f"{text!r} is no place to begin at: use beginning, end or a position of the log")


Topics = Annotated[
    list[str] | None, typer.Option("--topic", help="Only this topic, such as invoices; several may be named.")
]
Types = Annotated[
    list[str] | None, typer.Option("--type", help="Only this type, such as invoice.paid; several may be named.")
]


def tail(
    topic: Topics = None,
    kind: Types = None,
    stream: Annotated[str | None, typer.Option(help="Only this stream, such as invoice:main:R-1.")] = None,
    customer: Annotated[str | None, typer.Option(help="Only what names this customer.")] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", parser=_start, metavar="PLACE", help="beginning, end, or the position of a fact."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="End after so many messages.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written until Ctrl-C.")] = False,
    form: Format = Form.table,
) -> None:
    """Show messages, a line each: by default the last 20 of the topics of facts, in order of position.

    As JSON each line is an object with headers and value. With --from and no --limit they come as they are read, which
    is in order in each partition. Needs no database.
    """
    from infra.kafka.reader import reading
    from services.feed.tailing import Tail, Wanted

    if start == Start.end and not follow:
        raise typer.BadParameter("from the end on there is nothing yet: say --follow to wait for it")
    names = _topics(topic)
    position = int(start) if start and start.isdecimal() else 0
    wanted = Wanted(tuple(kind or ()), stream, customer, position)
    with guarded(form), reading(configured(form).brokers) as reader:
        try:
            found = Tail(reader, names, wanted)
            if not found.is_anywhere:
                raise Unavailable("There is no such topic yet: `receivables feed topics --create` makes them.")
            _print_all(_messages(found, start, limit, follow), limit, form)
        except KeyboardInterrupt:
            raise typer.Exit(DONE) from None


def _messages(found: "Tail", start: str | None, limit: int | None, follow: bool) -> "Iterator[Seen | None]":
    from services.feed.tailing import SHOWN

    if start is None:
        yield from found.last(min(limit or SHOWN, SHOWN) if follow else limit or SHOWN)
    elif start != Start.end:
        yield from found.first(limit) if limit else found.all()
    if follow:
        yield from found.coming()


def _print_all(messages: "Iterator[Seen | None]", limit: int | None, form: Form) -> None:
    from services.answers.feed import message_answer

    shown = 0
    for seen in messages:
        if seen is None:
            sys.stdout.flush()
            if _nobody_reads():
                raise BrokenPipeError
            continue
        if form == Form.json:
            line = orjson.dumps(message_answer(seen), option=orjson.OPT_APPEND_NEWLINE)
            sys.stdout.buffer.write(plain_json(line.decode()).encode())
        else:
            overflow: Literal["ellipsis", "ignore"] = "ellipsis" if out.is_terminal else "ignore"
            out.print(line_of(seen, room(out)), no_wrap=True, overflow=overflow, crop=False)
        shown += 1
        if shown == limit:
            break


def _nobody_reads() -> bool:
    """Who follows writes nothing while nothing comes, and would never notice."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), select.POLLERR)
    except OSError:
        return False
    return bool(poll.poll(0))


def _topics(typed: list[str] | None) -> list[str]:
    from infra.kafka import topics
    from services.feed.tailing import all_topics, topic_named

    for name in typed or ():
        if topic_named(name) is None:
            short = ", ".join(each.removeprefix(topics.PREFIX) for each in all_topics())
            raise typer.BadParameter(f"there is no topic {name}, but {short}")
    return [full for name in typed or () if (full := topic_named(name))] or [*topics.FACTS.values()]
