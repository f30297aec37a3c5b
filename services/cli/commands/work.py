"""`receivables work`: the processes that follow the log."""

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from infra.log.workers import Worker
from infra.logs import logger
from infra.unavailable import Unavailable
from infra.views.projector import RebuildNeeded
from services.cli.ending import ENVIRONMENT, warn
from services.cli.options import Form, Format
from services.cli.screen.lines import plain, show
from services.cli.session import configured, guarded, opened, out, print_json
from services.processes import PROCESSES
from services.processes.process import Process, keep, stopped_by_signals
from services.processes.reporter import REPORTER

app = typer.Typer(
    help="The processes that follow the log: run one, list them, ask whether they are alive.",
    no_args_is_help=True,
    add_completion=False,
)

Port = Annotated[
    int | None,
    typer.Option(
        "--metrics-port",
        min=0,
        max=65_535,
        help="Serve /metrics and /healthz here, 0 for a free port; else on RECEIVABLES_METRICS_PORT, else nowhere.",
    ),
]
Host = Annotated[
    str | None,
    typer.Option(
        "--metrics-host",
        help="The interface of that port; else RECEIVABLES_METRICS_HOST, else 127.0.0.1: this machine alone.",
    ),
]
OneName = Annotated[str | None, typer.Argument(help="One worker; all there have been when left out.")]


def _work(process: Process, port: int | None = None, host: str | None = None) -> None:
    # What goes to a collector of log lines is JSON to the last line.
    form = Form.table if sys.stderr.isatty() else Form.json
    typed = {"metrics_port": port, "metrics_host": host}

    def begins(address: str | None) -> None:
        out.print(f"{process.name} works until it is stopped; `receivables work list` says how far it is")
        if address:
            out.print(f"its metrics are at {address}/metrics, its health at {address}/healthz", soft_wrap=True)

    with (
        stopped_by_signals() as stop,
        guarded(form),
        opened(configured(form, **typed), assemble=process.assemble) as session,
    ):
        try:
            keep(session, process, stop, begins=begins)
        except (RebuildNeeded, Unavailable):
            raise
        except Exception as error:
            # Not said as other commands do, since its text may quote a fact.
            logger(worker=process.name).error("failed", exc_info=error)
            raise typer.Exit(ENVIRONMENT) from None


def _register(process: Process) -> None:
    second = "shares the work" if process.shared else "stands by"

    @app.command(process.name, help=f"{process.summary} Runs until SIGTERM or Ctrl-C; a second one {second}.")
    def command(metrics_port: Port = None, metrics_host: Host = None) -> None:
        _work(process, metrics_port, metrics_host)


for _process in PROCESSES.values():
    _register(_process)


@app.command("list")
def list_workers(form: Format = Form.table) -> None:
    """Every worker that runs or has run: state, position, last sign of life."""
    with guarded(form), opened(configured(form)) as session:
        workers, head = session.workers(), session.ledger.head().position
        try:
            workers += session.reporting_workers()
        except Unavailable as away:
            warn(f"what keeps the reporting database is not shown. {away}", form == Form.json)
        if form == Form.json:
            print_json({"workers": [_shown(worker, head) for worker in workers]})
            return
        table = Table("worker", "state", box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for title in ("position", "of", "last beat"):
            table.add_column(title, justify="right")
        for title in ("process", "host", "message"):
            table.add_column(title, overflow="fold")
        for each in workers:
            beat, numbers = f"{each.silent_seconds:,.0f} s ago", (f"{each.position:,}", f"{head:,}")
            table.add_row(each.name, _state(each), *numbers, beat, str(each.pid), each.host, plain(each.message))
        show(table, out) if workers else out.print("no worker has run")


@app.command()
def health(name: OneName = None, form: Format = Form.table) -> None:
    """Exits 0 while the worker (or each that was not stopped) beats, 3 when it does not."""
    if name and name not in PROCESSES:
        raise typer.BadParameter(f"there is no worker {name}, but {', '.join(PROCESSES)}")
    with guarded(form), opened(configured(form)) as session:
        workers = session.workers()
        # Of all others the reporting database knows nothing, and its outage is none of theirs.
        if name in (None, REPORTER.name):
            workers += session.reporting_workers()
        alive = {worker.name for worker in workers if worker.is_alive}
        expected = {name} if name else {worker.name for worker in workers if worker.state != "stopped"}
        silent = sorted(expected - alive)
        is_healthy = bool(expected) and not silent
        if form == Form.json:
            print_json({"is_healthy": is_healthy, "alive": sorted(alive), "silent": silent})
        else:
            message = f"no sign of life from {', '.join(silent)}" if silent else f"{', '.join(sorted(expected))} beats"
            out.print(message if expected else "no worker runs")
    if not is_healthy:
        raise typer.Exit(ENVIRONMENT)


def _state(worker: Worker) -> str:
    return "lost" if worker.is_lost and worker.state != "failed" else worker.state


def _shown(worker: Worker, head: int) -> dict[str, Any]:
    """As JSON has it."""
    return {**asdict(worker), "state": _state(worker), "is_alive": worker.is_alive, "head": head}
