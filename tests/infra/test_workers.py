"""The heartbeats of workers: who is there, how far, and who went without a word."""

import os
import socket

import psycopg
import pytest

from infra.database import open_pool
from infra.log import positions
from infra.log.workers import LOST_SECONDS, Heartbeat, State, leading, leads, select_workers
from tests.infra.following import becomes


@pytest.fixture
def workers(pool):
    def found():
        with pool.connection() as conn:
            return select_workers(conn)

    return found


@pytest.fixture
def age(pool):
    """Makes it so long ago that one has beaten."""

    def age(instance, seconds):
        with pool.connection() as conn:
            query = "update ledger.workers set beat_at = now() - make_interval(secs => %s) where instance = %s"
            assert conn.execute(query, (seconds, instance)).rowcount == 1

    return age


def test_a_worker_says_who_it_is_what_it_does_and_how_far_it_has_come(pool, workers):
    with pool.connection() as conn:
        positions.place(conn, "early", 7)
        positions.place(conn, "late", 3)
    with Heartbeat(pool, "projector", "i-1", moves=["early", "late"], every_seconds=600) as heartbeat:
        assert becomes(lambda: [each.state for each in workers()] == ["starting"])
        heartbeat.report("following", "")
        assert becomes(lambda: [each.state for each in workers()] == ["following"])
        [worker] = workers()
        assert (worker.name, worker.instance, worker.position) == ("projector", "i-1", 3)
        assert (worker.host, worker.pid) == (socket.gethostname(), os.getpid())
        assert worker.is_alive and not worker.is_lost


def test_it_goes_on_beating_without_news(pool, workers, age):
    with Heartbeat(pool, "projector", "i-1", every_seconds=0.05):
        assert becomes(lambda: len(workers()) == 1)
        age("i-1", LOST_SECONDS + 1)
        assert becomes(lambda: workers()[0].is_alive)


def test_one_that_was_stopped_is_neither_alive_nor_lost(pool, workers, age):
    with Heartbeat(pool, "projector", "i-1"):
        pass
    [worker] = workers()
    assert (worker.state, worker.is_alive, worker.is_lost) == ("stopped", False, False)


def test_one_that_failed_is_lost_and_says_by_what_kind_of_error(pool, workers):
    with pytest.raises(KeyError), Heartbeat(pool, "projector", "i-1"):
        raise KeyError("acme")
    [worker] = workers()
    assert (worker.state, worker.message, worker.is_alive, worker.is_lost) == ("failed", "KeyError", False, True)


def test_one_that_was_killed_is_lost_after_a_while(pool, workers, age):
    heartbeat = Heartbeat(pool, "projector", "i-1")
    heartbeat._beat()
    age("i-1", LOST_SECONDS - 5)
    assert workers()[0].is_alive
    age("i-1", LOST_SECONDS + 1)
    assert workers()[0].is_lost


def test_who_takes_over_clears_away_those_that_have_gone_but_not_who_stands_by(pool, workers, age):
    others: list[tuple[str, State]] = [
        ("i-1", "following"),
        ("i-2", "standby"),
        ("i-3", "failed"),
        ("i-4", "standby"),
    ]
    for instance, state in others:
        gone = Heartbeat(pool, "projector", instance)
        gone.report(state, "")
        gone._beat()
    other = Heartbeat(pool, "publisher", "p-1")
    other._beat()
    age("i-4", LOST_SECONDS + 1)
    heir = Heartbeat(pool, "projector", "i-5")
    heir.report("following", "")
    heir._beat()
    assert [each.instance for each in workers()] == ["i-5", "i-2", "p-1"]


def test_a_database_that_is_away_does_not_end_the_heartbeat(ledger_url, pool, workers, age):
    with (
        open_pool(ledger_url, application_name="beating") as its_own,
        Heartbeat(its_own, "projector", "i-1", every_seconds=0.05) as heartbeat,
    ):
        assert becomes(lambda: len(workers()) == 1)
        with pool.connection() as conn:
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'beating'")
        age("i-1", LOST_SECONDS + 1)
        heartbeat.report("following", "")
        assert becomes(lambda: workers()[0].is_alive and workers()[0].state == "following")


# The lead


@pytest.mark.parametrize(("silent_seconds", "is_ended"), [(LOST_SECONDS - 5, False), (LOST_SECONDS + 1, True)])
def test_a_leader_that_is_connected_but_has_stopped_beating_loses_the_lead(
    pool, ledger_url, age, silent_seconds, is_ended
):
    with psycopg.connect(ledger_url, autocommit=True) as frozen, psycopg.connect(ledger_url, autocommit=True) as conn:
        assert leads(frozen, "projector")
        frozen_one = Heartbeat(pool, "projector", "i-1")
        frozen_one.report("following", "")
        frozen_one._beat()
        age("i-1", silent_seconds)
        assert not leads(conn, "projector")
        assert becomes(lambda: leads(conn, "projector"), 1.0) == is_ended


def test_a_new_leader_does_not_answer_for_the_silence_of_the_former(pool, ledger_url, age):
    killed = Heartbeat(pool, "projector", "i-1")
    killed.report("following", "")
    killed._beat()
    age("i-1", LOST_SECONDS + 1)
    with psycopg.connect(ledger_url, autocommit=True) as heir, psycopg.connect(ledger_url, autocommit=True) as conn:
        assert leads(heir, "projector")
        assert not becomes(lambda: leads(conn, "projector"), 0.3)


def test_a_leader_without_a_heartbeat_keeps_the_lead(ledger_url):
    with psycopg.connect(ledger_url, autocommit=True) as first, psycopg.connect(ledger_url, autocommit=True) as conn:
        assert leads(first, "projector")
        assert not becomes(lambda: leads(conn, "projector"), 0.3)


def test_work_that_ends_by_itself_gives_the_lead_up_at_once(pool):
    for _ in range(50):
        with leading(pool, "messenger") as is_leader:
            assert is_leader
            with leading(pool, "messenger") as second, leading(pool, "projector") as other:
                assert not second and other


def test_a_lead_that_was_lost_with_its_connection_is_no_error_at_the_end(pool):
    with leading(pool, "messenger") as is_leader, pool.connection() as conn:
        assert is_leader
        conn.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database())"
        )
