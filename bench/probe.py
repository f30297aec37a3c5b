"""The limit of single commands: plain psycopg in a process of its own, over connections that are warm and stay open."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Self

import psycopg
from psycopg import Connection

from bench.measure import each_timed, together
from bench.memory import ROOT

CLIENTS = 8
# As many are committed by each client before any is timed, on both sides: statements are prepared by then, and the
# processors of a virtual machine, which take some 130 commands to notice that somebody waits for the next, are awake.
WARM_UP = 160
INSERT = "insert into plain.log values (%s, %s, %s, %s, %s, %s, %s)"

Row = tuple[Any, ...]
Command = Sequence[Row]


class Probe:
    """Writes rows to `plain.log`, each once; the process ends with `with`."""

    def __init__(self, url: str):
        command = [sys.executable, "-m", "bench.probe", url]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def one_client(self, commands: Sequence[Command]) -> float:
        """Seconds of BEGIN, the INSERTs of one command, COMMIT."""
        return self._asked(_one_client, commands)

    def eight_clients(self, rows: Sequence[Row]) -> float:
        """Seconds per row where eight clients commit each of their rows by itself."""
        return self._asked(_eight_clients, rows)

    def _asked(self, job: Callable[..., float], rows: Sequence[Any]) -> float:
        assert self._process.stdin and self._process.stdout
        pickle.dump((job.__name__, rows), self._process.stdin)
        self._process.stdin.flush()
        return float(pickle.load(self._process.stdout))


def _one_client(conns: Sequence[Connection[Any]], commands: Sequence[Command]) -> float:
    conn = conns[0]
    conn.autocommit = False

    def commit(rows: Command) -> None:
        for row in rows:
            conn.execute(INSERT, row)
        conn.commit()

    each_timed(commit, commands[:WARM_UP])
    seconds = each_timed(commit, commands[WARM_UP:])
    return sum(seconds) / len(seconds)


def _eight_clients(conns: Sequence[Connection[Any]], rows: Sequence[Row]) -> float:
    conns[0].autocommit = True

    def insert(share: Sequence[Row], client: int) -> None:
        for row in share[client::CLIENTS]:
            conns[client].execute(INSERT, row)

    warm = WARM_UP * CLIENTS
    together(CLIENTS, partial(insert, rows[:warm]))
    return together(CLIENTS, partial(insert, rows[warm:])) / len(rows[warm:])


def main() -> None:
    jobs: dict[str, Callable[..., float]] = {job.__name__: job for job in (_one_client, _eight_clients)}
    with ExitStack() as stack:
        connect = partial(psycopg.connect, sys.argv[1], autocommit=True, prepare_threshold=0)
        conns = [stack.enter_context(connect()) for _ in range(CLIENTS)]
        while True:
            try:
                job, rows = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            pickle.dump(jobs[job](conns, rows), sys.stdout.buffer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
