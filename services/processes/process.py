"""A worker that follows the log as a process: ended by a signal, alive for all to see, and heard of in the log."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event
from types import FrameType

from infra.log import positions
from infra.log.follower import Report
from infra.log.workers import Heartbeat, State
from infra.monitoring.health import WAIT_SECONDS, Watched
from services.assembly import App, assemble
from services.processes.signing import signed_now_and_then


@dataclass(frozen=True, slots=True)
class Process:
    """`run` works until the event is set; `positions` names those it moves, none where it does not go by facts.

    Of most, one works and others stand by; those that are `shared` work side by side.
    """

    name: str
    summary: str
    run: Callable[[App, Event, Report], None]
    positions: Callable[[App], Sequence[str]]
    shared: bool = False
    # What makes the app it needs, and how far it is and could be, where that is not the ledger's.
    assemble: Callable[..., App] = assemble
    reached: Callable[[App], tuple[int | None, int]] | None = None


def keep(
    app: App, process: Process, stop: Event, *, begins: Callable[[str | None], object] = lambda address: None
) -> None:
    """Works until `stop` is set, with a heartbeat; raises what ends the work otherwise.

    `begins` hears where metrics and health are served, None where the settings name no port.
    """
    heartbeat = Heartbeat(app.pool, process.name, app.new_id(), moves=process.positions(app), shared=process.shared)

    def report(state: State, message: str) -> None:
        if state == "away":
            app.instruments.away(process.name)
        heartbeat.report(state, message)

    # Outside the heartbeat: where its port is taken, it has not begun, and nobody is to miss it.
    with _served(app, process, heartbeat) as address:
        begins(address)
        with heartbeat, nullcontext() if process.reached else signed_now_and_then(app):
            process.run(app, stop, report)


@contextmanager
def _served(app: App, process: Process, heartbeat: Heartbeat) -> Iterator[str | None]:
    settings, names = app.settings, process.positions(app)
    if settings.metrics_port is None:
        yield None
        return
    from infra.monitoring.server import served

    def reached() -> tuple[int | None, int]:
        if process.reached:
            return process.reached(app)
        with app.pool.connection(timeout=WAIT_SECONDS) as conn:
            return positions.reached(conn, names)

    watched = Watched(process.name, heartbeat.reported, reached)
    with served(settings.metrics_host, settings.metrics_port, watched, app.instruments) as address:
        yield address


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
