"""`receivables work` as those who run it see it: processes that end when told, take over, and are missed when gone."""

import json
import signal
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

from services.cli.commands import work
from services.doctor import FAILED, OK, examine
from services.processes import PROCESSES
from services.processes.process import Process
from tests.infra.following import becomes


@contextmanager
def started(terminal):
    """The projector in a process of its own, at work or standing by."""
    process = terminal.start("work", "projector")
    try:
        assert process.stdout.readline().startswith("projector works until it is stopped")
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def terminal(terminal):
    terminal.environment["RECEIVABLES_LOG_LEVEL"] = "info"
    return terminal


@pytest.fixture
def listed(terminal):
    return lambda: terminal.json("work", "list")["workers"]


@pytest.fixture
def plant(database_url):
    """A worker's row, so many seconds after its last beat."""

    def plant(state="following", seconds=0.0, instance="i-1", message=""):
        with psycopg.connect(database_url, autocommit=True) as conn:
            conn.execute(
                "insert into ledger.workers values (%s, 'projector', 'host-1', 4711, now(),"
                " now() - make_interval(secs => %s), %s, %s, 7)",
                (instance, seconds, state, message),
            )

    return plant


def states(listed):
    return sorted((worker["pid"], worker["state"]) for worker in listed())


def caught_up(app, position):
    return becomes(lambda: set(app.projector.positions().values()) == {position})


def lines(process):
    return [json.loads(line) for line in process.stderr.read().splitlines()]


def test_the_projector_keeps_the_views_current_until_it_is_told_to_stop(app, desk, terminal, listed):
    with started(terminal) as process:
        done = desk.issue("R-1-of-acme", 5_00)
        assert caught_up(app, done.position)
        assert becomes(lambda: states(listed) == [(process.pid, "following")])
        assert terminal.run("work", "health", "projector").output == "projector beats\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        said = lines(process)
    assert [line["event"] for line in said] == ["following", "stopped"]
    assert {line["worker"] for line in said} == {"projector"}
    assert "acme" not in json.dumps(said)
    assert states(listed) == [(process.pid, "stopped")]


def test_an_interrupt_ends_it_as_well(terminal):
    with started(terminal) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_where_one_is_killed_another_takes_over(app, desk, terminal, listed):
    with started(terminal) as first:
        assert becomes(lambda: states(listed) == [(first.pid, "following")])
        with started(terminal) as second:
            assert becomes(lambda: (second.pid, "standby") in states(listed))
            assert (first.pid, "following") in states(listed)
            first.kill()
            done = desk.issue("R-1", 5_00)
            assert caught_up(app, done.position)
            assert becomes(lambda: states(listed) == [(second.pid, "following")])
            terminal.run("work", "health")


def test_where_one_is_frozen_another_takes_over_and_the_first_stands_by_when_it_goes_on(
    app, desk, terminal, listed, database_url
):
    with started(terminal) as first:
        assert becomes(lambda: states(listed) == [(first.pid, "following")])
        with started(terminal) as second:
            assert becomes(lambda: (second.pid, "standby") in states(listed))
            first.send_signal(signal.SIGSTOP)
            with psycopg.connect(database_url, autocommit=True) as conn:
                query = "update ledger.workers set beat_at = beat_at - interval '1 minute' where pid = %s"
                conn.execute(query, (first.pid,))
            done = desk.issue("R-1", 5_00)
            assert caught_up(app, done.position)
            first.send_signal(signal.SIGCONT)
            assert becomes(
                lambda: sorted(states(listed)) == sorted([(first.pid, "standby"), (second.pid, "following")])
            )


def test_views_of_another_version_end_it_with_what_to_do(app, desk, terminal, database_url):
    desk.issue("R-1", 5_00)
    app.projector.catch_up()
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("comment on schema view_audit is 'of another version'")
    process = terminal.start("work", "projector")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    refusal = json.loads(said.splitlines()[-1])
    assert refusal["refused"] == "rebuild_needed" and "receivables views rebuild" in refusal["message"]


def test_an_error_nobody_foresaw_is_said_by_kind_and_place_alone(terminal, monkeypatch, capsys, listed):
    def fail(app, stop, report):
        raise KeyError("acme owes 5")

    for name, value in terminal.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(work.typer.Exit) as end:
        work._work(Process("projector", "", fail, lambda app: ["audit"]))
    said = json.loads(capsys.readouterr().err)
    assert end.value.exit_code == 3
    assert (said["event"], said["error"], said["level"]) == ("failed", "KeyError", "error")
    assert "acme" not in json.dumps(said)
    [worker] = listed()
    assert (worker["state"], worker["message"], worker["is_alive"]) == ("failed", "KeyError", False)


# Health


def test_a_worker_is_healthy_while_it_beats(terminal, plant):
    plant("following", 2)
    assert terminal.json("work", "health", "projector") == {"is_healthy": True, "alive": ["projector"], "silent": []}
    assert terminal.run("work", "list").output.split("\n")[1].split()[:4] == ["projector", "following", "7", "0"]


@pytest.mark.parametrize(("state", "seconds", "shown"), [("following", 60, "lost"), ("failed", 1, "failed")])
def test_a_worker_that_went_without_a_word_is_missed_by_all_who_look(terminal, plant, app, state, seconds, shown):
    plant(state, seconds)
    for words in (["health"], ["health", "projector"]):
        assert terminal.json("work", *words, exits=3)["silent"] == ["projector"]
    assert terminal.json("work", "list")["workers"][0]["state"] == shown
    diagnosis = examine(app.settings, database_url=app.database_url)
    [check] = [check for check in diagnosis.checks if check.name == "worker projector"]
    assert check.state == FAILED and not diagnosis.is_well
    assert "process 4711 on host-1" in check.message and check.message.endswith(": receivables work projector")


def test_a_worker_that_was_stopped_is_not_missed_but_not_healthy_either(terminal, plant, app):
    plant("stopped", 600)
    terminal.run("work", "health", "projector", exits=3)
    terminal.run("work", "health", exits=3)
    diagnosis = examine(app.settings, database_url=app.database_url)
    assert ("worker projector", OK) in [(check.name, check.state) for check in diagnosis.checks]
    assert diagnosis.is_well


def test_who_stands_by_makes_up_for_one_that_is_lost(terminal, plant, app):
    plant("following", 60, "i-1")
    plant("standby", 1, "i-2")
    terminal.run("work", "health", "projector")
    assert examine(app.settings, database_url=app.database_url).is_well


def test_where_no_worker_has_run_none_is_healthy_and_none_is_missed(terminal, app):
    assert terminal.run("work", "list").output == "no worker has run\n"
    assert terminal.run("work", "health", exits=3).output == "no worker runs\n"
    assert examine(app.settings, database_url=app.database_url).is_well


def test_a_worker_nobody_knows_is_wrong_use(terminal):
    terminal.run("work", "health", "nobody", exits=2)
    terminal.run("work", "nobody", exits=2)
    assert "projector" in PROCESSES


# Where the reporting database is away


@pytest.fixture
def without_reports(terminal, plant, server_url):
    """A projector beats, and there is no reporting database where the setting says."""
    plant("following", 2)
    terminal.environment["RECEIVABLES_REPORTING_URL"] = urlsplit(server_url)._replace(path="/nowhere").geturl()
    return terminal


def test_the_ledgers_workers_are_listed_and_what_is_missing_is_said_once(without_reports):
    listed = without_reports.run("work", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["worker", "projector"]
    [said] = listed.stderr.splitlines()
    assert said.startswith("warning: what keeps the reporting database is not shown. ") and "nowhere" in said
    listed = without_reports.run("work", "list", "--format", "json")
    assert [worker["name"] for worker in json.loads(listed.stdout)["workers"]] == ["projector"]
    assert "nowhere" in json.loads(listed.stderr)["warning"]


def test_only_the_health_of_those_that_keep_it_depends_on_the_reporting_database(without_reports):
    assert without_reports.json("work", "health", "projector")["is_healthy"]
    without_reports.run("work", "health", "publisher", exits=3)
    for asked in (["reporter"], []):
        assert "nowhere" in without_reports.refused("work", "health", *asked, exits=3)[1]


@pytest.mark.parametrize("asked", [["list"], ["health"]])
def test_looking_at_workers_leaves_the_views_as_they_are(terminal, app, desk, asked):
    app.bring_views_up_to_date()
    desk.issue("R-1", 5_00)
    before = app.projector.positions()
    terminal.run("work", *asked, exits=3 if asked == ["health"] else 0)
    assert app.projector.positions() == before != {name: app.ledger.head().position for name in before}
