"""A long log is read by two processes, each of which takes half of the streams: nobody can tell from the rows."""

import os
import signal
import time
from typing import Any

import pytest

from infra.log.recorder import Share
from infra.views import rebuilding
from infra.views import schema as view_schema
from infra.views.filling import Task, fill_share
from infra.views.projector import Projector
from infra.views.rebuilding import Busy
from infra.worker import WorkerLost
from tests.infra.accounts import DAY, Moved, Opened, because
from tests.infra.balances import Balances
from tests.infra.following import becomes

NAMES = ("ann", "bob", "cy", "dee", "eve", "fay")


class FailingElsewhere(Balances):
    """Cannot be rebuilt but in the process it was made in."""

    is_killed = False
    home = 0

    def needs(self, entries):
        if os.getpid() != self.home:
            if self.is_killed:
                os.kill(os.getpid(), signal.SIGKILL)
            raise LookupError("there is no such account here")
        return super().needs(entries)


class Interrupted(Balances):
    """While a page is written somebody presses Ctrl-C."""

    def __init__(self):
        super().__init__()
        self.home, self.done = os.getpid(), []

    def needs(self, entries):
        if os.getpid() == self.home:
            time.sleep(0.1)
            os.kill(self.home, signal.SIGINT)
            time.sleep(0.1)
            self.done.append("written")
        return super().needs(entries)


@pytest.fixture(autouse=True)
def by_two(monkeypatch):
    monkeypatch.setattr(rebuilding, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(rebuilding, "cores", lambda: 2)


@pytest.fixture
def accounts(ledger):
    """Six of them, each with some movements, among them one of 13."""
    for name in NAMES:
        stream, cause = f"account:{name}", because(name)
        facts: list[Any] = [Opened(name, DAY), Moved(5), Moved(13), Moved(7)]
        ledger.change([stream], lambda _, to=stream, told=facts: {to: told}, on=DAY, cause=cause, content=None)
    return ledger


@pytest.fixture
def made(pool):
    """What there is of views: schemas, and who holds a lock that two rebuilds would want."""

    def found():
        with pool.connection() as conn:
            schemas = conn.execute("select nspname from pg_namespace where nspname like 'view_%' order by 1").fetchall()
            locks = conn.execute("select mode from pg_locks where locktype = 'advisory'").fetchall()
        return [name for (name,) in schemas], locks

    return found


@pytest.fixture
def failing():
    failing = FailingElsewhere()
    failing.home = os.getpid()
    return failing


def test_every_stream_falls_to_one_of_two_shares_with_all_its_facts(accounts):
    end = accounts.head().position
    halves = [accounts.rows_of(Share(number, 2), 0, end) for number in range(2)]
    streams = [{row.stream for row in half} for half in halves]
    assert all(streams) and not streams[0] & streams[1]
    assert sorted(halves[0] + halves[1]) == accounts.rows_of(Share(), 0, end) == accounts.rows(0)
    assert accounts.rows_of(Share(), 2, 5) == accounts.rows(0)[2:5]


def test_two_processes_make_the_rows_that_one_makes(accounts, pool, made):
    projector = Projector(accounts, pool, [Balances("one"), Balances("other")], batch=3)
    projector.catch_up()
    steps = []
    projector.rebuild(progress=lambda reached, end: steps.append(reached))
    assert steps == [3, 6, 9, 12, 15, 18, 21, 24]
    assert projector.compare("one") == projector.compare("other") == []
    assert made() == (["view_one", "view_other"], [])


def test_a_fact_that_does_not_fit_is_parked_whichever_process_meets_it(accounts, pool):
    balances = Balances()
    balances.poison = {13}
    projector = Projector(accounts, pool, [balances], batch=3)
    projector.catch_up()
    before = projector.parked("balances")
    assert len(before) == 2 * len(NAMES)
    projector.rebuild()
    assert projector.parked("balances") == before
    assert projector.compare("balances") == []


@pytest.mark.parametrize("is_killed", [False, True])
def test_when_the_process_beside_it_fails_the_rebuild_ends_and_leaves_nothing(accounts, pool, made, failing, is_killed):
    projector = Projector(accounts, pool, [failing], batch=3)
    projector.catch_up()
    failing.is_killed = is_killed
    with pytest.raises(WorkerLost if is_killed else LookupError):
        projector.rebuild()
    assert made() == (["view_balances"], [])
    Projector(accounts, pool, [Balances()], batch=3).rebuild()


def test_a_rebuild_that_is_stopped_takes_the_process_beside_it_along(accounts, pool, made):
    projector = Projector(accounts, pool, [Balances()], batch=3)
    projector.catch_up()

    def stopped(reached, end):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        projector.rebuild(progress=stopped)
    assert made() == (["view_balances"], [])


def test_ctrl_c_lets_a_page_be_finished_so_that_its_connection_can_clear_up(accounts, pool, made):
    Projector(accounts, pool, [Balances()], batch=3).catch_up()
    interrupted = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        Projector(accounts, pool, [interrupted], batch=3).rebuild()
    assert interrupted.done == ["written"]
    assert made() == (["view_balances"], [])


def test_while_a_process_of_a_killed_rebuild_still_writes_nobody_begins_another(accounts, pool):
    beside, balances = view_schema.beside("balances"), Balances()
    projector = Projector(accounts, pool, [balances])
    projector.catch_up()
    with pool.connection() as conn, conn.transaction():
        view_schema.create(conn, beside, balances.tables)
        schema = view_schema.oid(conn, beside)
    refused = []

    def meanwhile(reached):
        with pytest.raises(Busy):
            projector.rebuild()
        refused.append(reached)

    fill_share(Task(pool.conninfo, accounts.opener(), [balances], [schema], Share(), 24, 12), meanwhile)
    assert refused == [12, 24]

    def is_free():
        try:
            projector.rebuild()
        except Busy:
            return False
        return True

    # The server gives up the lock of a connection a moment after it was closed.
    assert becomes(is_free)


def test_a_process_that_comes_too_late_does_not_write_into_the_tables_of_the_next_rebuild(accounts, pool):
    beside, balances = view_schema.beside("balances"), Balances()
    with pool.connection() as conn, conn.transaction():
        view_schema.create(conn, beside, balances.tables)
        former = view_schema.oid(conn, beside)
        view_schema.create(conn, beside, balances.tables)
    task = Task(pool.conninfo, accounts.opener(), [balances], [former], Share(), 24, 3)
    with pytest.raises(Busy):
        fill_share(task, lambda reached: None)
    with pool.connection() as conn:
        assert conn.execute(f"select count(*) from {beside}.balances").fetchone() == (0,)
