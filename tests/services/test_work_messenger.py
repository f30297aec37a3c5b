"""`receivables work messenger`: it is woken, hands over, hears what comes back, and ends when told to."""

import pytest

from infra.log import positions
from services.processes import PROCESSES
from services.processes.process import keep
from services.processes.projector import PROJECTOR
from tests.infra.following import becomes, running
from tests.services.desk import set_contact_of
from tests.services.post import DUE, Tray, plan, posting, state_of
from tests.services.test_returned import about, drop

MESSENGER = PROCESSES["messenger"]


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def app(database_url, tmp_path, clock, tray):
    with posting(database_url, tmp_path, clock, tray) as app:
        yield app


@pytest.fixture
def debtor(app, desk):
    desk.issue("R-1", 50_00, due_on=DUE)
    set_contact_of(app, "acme", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())


def test_it_hands_over_what_is_planned_while_it_works_and_hears_what_comes_back(app, debtor, tray):
    with running(lambda stop: keep(app, PROJECTOR, stop)), running(lambda stop: keep(app, MESSENGER, stop)) as worker:
        streams = [plan(app, "R-1", on=app.today(), nth=nth) for nth in range(1, 6)]
        assert becomes(lambda: len(tray.taken) == 5)
        assert becomes(lambda: {state_of(app, stream).state for stream in streams} == {"sent"})
        drop(app.settings.home / "inbox", about(app, streams[0]))
        assert becomes(lambda: state_of(app, streams[0]).state == "failed")
        assert becomes(lambda: moved_to(app) == app.ledger.head().position)
        assert worker.end() < 5
        assert worker.error is None
    assert len(tray.taken) == 5


def moved_to(app):
    with app.pool.connection() as conn:
        return positions.position(conn, "messenger")


def test_a_single_run_does_nothing_while_the_worker_works(app, debtor, tray):
    with running(lambda stop: keep(app, PROJECTOR, stop)), running(lambda stop: keep(app, MESSENGER, stop)):
        assert becomes(lambda: moved_to(app) > 0)
        assert app.messenger.run_once(app.today()).is_elsewhere


def test_the_command_line_knows_it(terminal, app):
    process = terminal.start("work", "messenger")
    try:
        assert process.stdout.readline().startswith("messenger works until it is stopped")
        listed = lambda: {each["name"]: each["state"] for each in terminal.json("work", "list")["workers"]}  # noqa: E731
        assert becomes(lambda: listed() == {"messenger": "following"})
        process.terminate()
        assert process.wait(20) == 0
        assert listed() == {"messenger": "stopped"}
    finally:
        process.kill()
        process.communicate()
