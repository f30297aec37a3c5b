"""A worker that follows the log as a process: ended by a signal, alive for all to see, and heard of in the log."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from types import FrameType

from infra.log.follower import Report
from infra.log.workers import Heartbeat
from services.assembly import App


@dataclass(frozen=True, slots=True)
class Process:
    """`run` works until the event is set; `positions` names those it moves.

    Of most, one works and the others stand by; those that are `shared` work side by side.
    """

    name: str
    summary: str
    run: Callable[[App, Event, Report], None]
    positions: Callable[[App], Sequence[str]]
    shared: bool = False


def keep(app: App, process: Process, stop: Event) -> None:
    """Works until `stop` is set, with a heartbeat; raises what ends the work otherwise."""
    with Heartbeat(
        app.pool, process.name, app.new_id(), moves=process.positions(app), shared=process.shared
    ) as heartbeat:
        process.run(app, stop, heartbeat.report)


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set; who is impatient ends the process at once by a second SIGINT."""
    stop = Event()

    def ask(number: int, _: FrameType | None) -> None:
        stop.set()
        if number == signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
