"""B8: how long after its commit a fact is visible in the views, with the projector in a process of its own; for B15
also when it is on Kafka, with the publisher in another."""

import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import psycopg

from bench.measure import require, together
from bench.memory import ROOT
from bench.place import SetClock, app_at
from domain.entry import Cause, invoice_stream, receipt_stream
from domain.money import major
from domain.receipt import Remittance
from infra.log.workers import State
from services.assembly import App
from services.catalogue.invoices import ISSUE
from services.catalogue.receipts import RECORD
from services.processes.projector import PROJECTOR
from services.processes.publisher import PUBLISHER

PER_SECOND = 500
CLIENTS = 8
DEBTORS = 200
LOOK_EVERY = 0.001
PATIENCE = 30.0
DAY = date(2026, 1, 5)
DUE = DAY + timedelta(days=30)
MINOR = 12_345
_REACHED = "select min(position) from ledger.positions"


class Followed(NamedTuple):
    """`seconds` from each commit until all views had it."""

    commands: int
    took: float
    seconds: list[float]


class Commit(NamedTuple):
    position: int
    at: float


def follow(app: App, url: str, home: Path, seconds: int, kafka: str = "") -> Followed:
    """Invoices are issued and every other one is paid, by clients that keep their pace."""
    commits: list[list[Commit]] = [[] for _ in range(CLIENTS)]
    issued = [0] * CLIENTS
    pace = CLIENTS / PER_SECOND
    with ExitStack() as workers:
        workers.enter_context(_worker(url, home))
        if kafka:
            workers.enter_context(_worker(url, home, kafka))
        looks = workers.enter_context(_looking(url))
        time.sleep(0.5)

        def run(client: int) -> None:
            begin = time.perf_counter() + client * pace / CLIENTS
            for n in range(seconds * PER_SECOND // CLIENTS):
                time.sleep(max(0.0, begin + n * pace - time.perf_counter()))
                commits[client].append(_command(app, client, n))
                issued[client] += n % 3 < 2

        took = together(CLIENTS, run)
        made = sorted(commit for each in commits for commit in each)
        _await(looks, made[-1].position)
    paid = len(made) - sum(issued)
    _check(app, sum(issued) - paid)
    return Followed(len(made), took, _delays(made, looks))


def _command(app: App, client: int, n: int) -> Commit:
    """Two invoices, then a payment of the first."""
    whose, cause = f"C{(client + n // 3 * CLIENTS) % DEBTORS}", Cause("bench", app.new_id())
    if n % 3 == 2:
        invoices = [Remittance(f"N{client}-{n - 2}")]
        paid = RECORD(amount_minor=MINOR, currency="EUR", customer=whose, invoices=invoices)
        done = app.commands.give(receipt_stream(f"R{client}-{n}"), paid, on=DUE, cause=cause)
    else:
        issued = ISSUE(customer=whose, amount_minor=MINOR, currency="EUR", due_on=DUE)
        done = app.commands.give(invoice_stream(f"N{client}-{n}", "main"), issued, on=DAY, cause=cause)
    return Commit(done.position, time.perf_counter())


def _check(app: App, items: int) -> None:
    [total] = app.reports.aging(DUE, by="currency")["totals"]
    require((total["open"], total["items"]), (major(items * MINOR, "EUR"), items), "what is open at the end")


@contextmanager
def _worker(url: str, home: Path, *kafka: str) -> Iterator[None]:
    """The projector, or the publisher to a broker."""
    command = [sys.executable, "-m", "bench.following", url, str(home), *kafka]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        require(process.stdout.readline(), "ready\n", "what the worker says")
        yield
    finally:
        process.stdin.close()
        process.wait(PATIENCE)


@contextmanager
def _looking(url: str) -> Iterator[list[Commit]]:
    """The positions the views had reached, and when that was seen."""
    looks: list[Commit] = [Commit(0, time.perf_counter())]
    stop = Event()

    def look() -> None:
        with psycopg.connect(url, autocommit=True, prepare_threshold=0) as conn:
            while not stop.wait(LOOK_EVERY):
                row = conn.execute(_REACHED).fetchone()
                if row and row[0] > looks[-1].position:
                    looks.append(Commit(row[0], time.perf_counter()))

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield looks
    finally:
        stop.set()
        thread.join()


def _await(looks: list[Commit], position: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while looks[-1].position < position and time.monotonic() < deadline:
        time.sleep(0.05)
    require(looks[-1].position >= position, True, "whether the views have come to the last commit")


def _delays(made: list[Commit], looks: list[Commit]) -> list[float]:
    """What was seen before the commit's answer came back counts as at once."""
    positions = [look.position for look in looks]
    return [max(0.0, looks[bisect_left(positions, commit.position)].at - commit.at) for commit in made]


def main() -> None:
    """The worker, until standard input ends."""
    url, home, *kafka = sys.argv[1:]
    stop = Event()
    with app_at(url, Path(home), SetClock(datetime.now(UTC)), kafka=kafka[0] if kafka else None) as app:
        process = PUBLISHER if kafka else PROJECTOR
        at_work = Event()

        def report(state: State, message: str) -> None:
            if state == "following":
                at_work.set()

        running = Thread(target=process.run, args=(app, stop, report))
        running.start()
        at_work.wait(PATIENCE)
        print("ready", flush=True)
        sys.stdin.read()
        stop.set()
        running.join()


if __name__ == "__main__":
    main()
