"""A projector and a server of its own that is stopped, killed and started again under it."""

import os
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from infra.clock import now
from infra.database import open_pool
from infra.embedded import Embedded
from infra.log.ledger import Ledger
from infra.migrations import migrate
from infra.views.projector import Projector
from tests.infra.accounts import DAY, KINDS, Opened, because
from tests.infra.balances import Balances
from tests.infra.following import becomes, running


@pytest.fixture(scope="module")
def embedded():
    # Not pytest's folder, whose long path no socket can have.
    folder = Path(tempfile.mkdtemp(prefix="receivables-"))
    embedded = Embedded(folder / "home", linger_seconds=10)
    embedded.url()
    yield embedded
    embedded.stop()
    shutil.rmtree(folder)


@pytest.fixture
def pool(embedded):
    with open_pool(embedded.url()) as pool:
        with pool.connection() as conn:
            migrate(conn)
        yield pool


@pytest.fixture
def ledger(pool):
    return Ledger(pool, clock=now, kinds=KINDS)


@pytest.fixture
def projector(ledger, pool):
    return Projector(ledger, pool, [Balances()])


@pytest.fixture
def append(ledger):
    """Opens one more account, asking again as clients do where a connection was cut; answers the position."""
    count = ledger.head().position

    def append():
        nonlocal count
        count += 1
        decided = {f"account:{count}": [Opened("ann", DAY)]}

        def is_done():
            with suppress(OperationalError):
                ledger.change([*decided], lambda _: decided, on=DAY, cause=because(f"open {count}"), content=None)
                return True
            return False

        assert becomes(is_done)
        return count

    return append


def shows(pool, projector, position):
    def is_so():
        # The test's own connections were cut as well.
        with suppress(psycopg.OperationalError):
            if projector.positions() == {"balances": position}:
                with pool.connection() as conn:
                    rows = conn.execute("select count(*) from view_balances.balances").fetchone()
                return rows == (position,)
        return False

    return becomes(is_so)


def test_a_server_that_is_restarted_is_waited_for(embedded, pool, projector, append):
    states = []
    with running(lambda stop: projector.run(stop, report=lambda state, _: states.append(state))) as worker:
        assert shows(pool, projector, append())
        assert becomes(lambda: states == ["following"])
        embedded.server.stop()
        assert becomes(lambda: states[-1] == "away")
        embedded.server.start()
        assert becomes(lambda: states[-1] == "following")
        assert shows(pool, projector, append())
    assert worker.error is None
    assert states[:3] == ["following", "away", "following"]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_embedded_server_that_is_gone_is_started_again_by_who_follows(embedded, pool, projector, append, end):
    with running(lambda stop: projector.run(stop, revive=embedded.url)) as worker:
        assert shows(pool, projector, append())
        server = int((embedded.server.data / "postmaster.pid").read_text().split()[0])
        os.kill(server, end)
        assert becomes(lambda: not is_alive(server) and embedded.server.is_running())
        assert shows(pool, projector, append())
    assert worker.error is None


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
