"""`receivables feed dev-broker`: Apache Kafka on this machine, to try the feed out."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from infra.kafka import jars
from infra.kafka.dev_broker import DevBroker
from services.cli.ending import DONE
from services.cli.screen.progress import progress
from services.cli.session import configured, guarded, out

Port = Annotated[int, typer.Option(min=0, max=65_535, help="Where it listens on 127.0.0.1; 0 takes a free one.")]
Folder = Annotated[Path | None, typer.Option("--dir", help="What it keeps; `kafka` in the home when left out.")]


def dev_broker(port: Port = 9092, directory: Folder = None) -> None:
    """Run Apache Kafka on this machine alone until SIGTERM or Ctrl-C; prints `ready` when it answers.

    Needs Java 17; Maven fetches Kafka the first time, about 45 MB. It keeps its topics for the next time. No place for
    real data: whoever has an account on this machine may read and write there.
    """
    with guarded(), _ended_by_signals():
        broker = DevBroker(directory or configured().home / "kafka", port)
        with progress("fetching Apache Kafka, this once"):
            jars.fetch(jars.cache())
        with progress("starting Apache Kafka"):
            broker.start()
        try:
            out.print("ready")
            out.print(f"RECEIVABLES_KAFKA={broker.address}")
            broker.wait()
        finally:
            broker.stop()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A signal ends what goes on at any moment, and the command well; a second one ends the process at once."""

    def end(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        sys.exit(DONE)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
