"""Following the log: nothing missed, nothing twice, one at a time of a name, and on again after every outage."""

import json
import threading
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from infra import logs
from infra.database import open_pool
from infra.log import positions
from infra.log.follower import Follower, Pages
from infra.log.ledger import Ledger
from infra.log.positions import Fenced
from tests.infra.accounts import DAY, KINDS, Moved, Opened, because
from tests.infra.following import becomes, running

# So long that whatever is seen in time was not seen by chance.
NEVER = 600.0
OWNER = "a1b2-the-owner"


@pytest.fixture
def append(ledger):
    """One more fact; answers its position."""
    count = 0

    def append():
        nonlocal count
        count += 1
        facts = [Opened(OWNER, DAY)] if count == 1 else [Moved(5)]
        decided = {"account:ann": facts}
        return ledger.change(
            ["account:ann"], lambda _: decided, on=DAY, cause=because(str(count)), content=None
        ).position

    return append


@pytest.fixture
def noted(ledger_url):
    """A table of positions that a worker has noted, read on a connection that nobody cuts."""
    with psycopg.connect(ledger_url, autocommit=True) as conn:
        conn.execute("create table noted (position bigint primary key)")
        yield lambda: _column(conn, "select position from noted order by 1")
        conn.execute("drop table noted")


def note(conn, rows):
    with conn.cursor() as cursor:
        cursor.executemany("insert into noted values (%s)", [[row.position] for row in rows])


def _column(conn, query):
    return [value for (value,) in conn.execute(query).fetchall()]


def reached(pool, name="notes"):
    with pool.connection() as conn:
        return positions.position(conn, name)


def notes(ledger, pool, **given):
    defaults: dict[str, Any] = {"within": note, "size": 2}
    pages = Pages("notes", ledger, pool, **defaults | given)
    pages.begin()
    return pages


def follower(pages, pool, **given):
    defaults: dict[str, Any] = {"begin": pages.begin, "look_seconds": NEVER}
    return Follower(pages.name, pool, pages.advance, **defaults | given)


@pytest.fixture
def worker_pool(ledger_url):
    """The worker's connections, which can be cut without those of the test."""
    with open_pool(ledger_url, application_name="worker") as pool:
        yield pool


@pytest.fixture
def worker_log(worker_pool, clock):
    return Ledger(worker_pool, clock=clock, kinds=KINDS)


@pytest.fixture
def cut(ledger_url):
    """Ends all connections of the worker."""

    def cut():
        with psycopg.connect(ledger_url, autocommit=True) as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'worker' and datname = current_database()"
            )

    return cut


# A step


def test_a_page_of_facts_is_worked_through_and_the_position_moves_with_it(ledger, pool, append, noted):
    for _ in range(3):
        append()
    pages = notes(ledger, pool)
    assert [pages.advance(), reached(pool)] == [True, 2]
    assert [pages.advance(), reached(pool)] == [True, 3]
    assert [pages.advance(), noted()] == [False, [1, 2, 3]]


def test_what_is_written_and_the_position_move_together_or_not_at_all(ledger, pool, append, noted):
    append()

    def half(conn, rows):
        note(conn, rows)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        notes(ledger, pool, within=half).advance()
    assert (noted(), reached(pool)) == ([], 0)
    notes(ledger, pool).advance()
    assert (noted(), reached(pool)) == ([1], 1)


def test_an_effect_elsewhere_comes_before_the_position_so_that_a_crash_repeats_it(ledger, pool, append, noted):
    append()
    sent: list[tuple[int, int]] = []

    def crash(conn, rows):
        raise ZeroDivisionError

    def send(rows):
        sent.extend((row.position, reached(pool)) for row in rows)

    with pytest.raises(ZeroDivisionError):
        notes(ledger, pool, before=send, within=crash).advance()
    notes(ledger, pool, before=send).advance()
    assert sent == [(1, 0), (1, 0)]


def test_of_two_that_read_the_same_facts_one_writes(ledger, pool, append, noted):
    append()

    def be_overtaken(rows):
        notes(ledger, pool).advance()

    with pytest.raises(Fenced, match="notes no longer at position 0"):
        notes(ledger, pool, before=be_overtaken).advance()
    assert (noted(), reached(pool)) == ([1], 1)


# Following


def test_a_follower_is_woken_by_every_append(ledger, pool, append, noted):
    with running(follower(notes(ledger, pool), pool).run):
        for count in range(1, 6):
            append()
            assert becomes(lambda: len(noted()) == count)  # noqa: B023 - asked at once
    assert noted() == [1, 2, 3, 4, 5]


def test_an_append_just_after_the_first_look_wakes_it_as_well(ledger, pool, append, noted):
    pages = notes(ledger, pool)
    looks = []

    def advance():
        is_more = pages.advance()
        looks.append(is_more)
        if looks == [False]:
            append()
        return is_more

    with running(Follower("notes", pool, advance, look_seconds=NEVER).run):
        assert becomes(lambda: noted() == [1])


def test_without_being_woken_it_looks_now_and_then(pool):
    looks = []

    def advance():
        looks.append(1)
        return False

    with running(Follower("notes", pool, advance, look_seconds=0.05).run):
        assert becomes(lambda: len(looks) >= 4)


def test_overtaken_by_somebody_else_it_goes_on_behind_them(ledger, pool, append, noted):
    overtakes = iter([True, True, False, False])

    def be_overtaken(rows):
        if next(overtakes):
            notes(ledger, pool, size=1).advance()

    for _ in range(3):
        append()
    with running(follower(notes(ledger, pool, before=be_overtaken), pool).run):
        assert becomes(lambda: reached(pool) == 3)
    assert noted() == [1, 2, 3]


def test_an_error_in_the_work_itself_ends_it(pool):
    def advance():
        raise ZeroDivisionError

    with running(Follower("notes", pool, advance).run) as worker:
        worker.join()
    assert isinstance(worker.error, ZeroDivisionError)


# One at a time


def test_a_second_worker_of_a_name_stands_by_and_takes_over(ledger, pool, append, noted):
    first: list[int] = []
    second: list[int] = []
    third: list[int] = []

    def counting(calls):
        pages = notes(ledger, pool)

        def advance():
            calls.append(1)
            return pages.advance()

        return Follower("notes", pool, advance, look_seconds=NEVER).run

    append()
    with running(counting(first)) as leader:
        assert becomes(lambda: noted() == [1])
        with running(counting(second)), running(counting(third)) as bystander:
            append()
            assert becomes(lambda: noted() == [1, 2])
            assert (second, third) == ([], [])
            bystander.end()
            leader.end()
            append()
            assert becomes(lambda: noted() == [1, 2, 3])
            assert second and not third


def test_workers_of_other_names_do_not_wait_for_each_other(ledger, pool, append, noted):
    append()
    other = Pages("others", ledger, pool)
    with running(follower(notes(ledger, pool), pool).run), running(follower(other, pool).run):
        assert becomes(lambda: reached(pool) == reached(pool, "others") == 1)


# Outages


def test_a_worker_that_is_cut_off_comes_back_and_has_missed_nothing(worker_log, worker_pool, append, noted, cut):
    with running(follower(notes(worker_log, worker_pool), worker_pool).run) as worker:
        for count in range(1, 4):
            cut()
            append()
            assert becomes(lambda: len(noted()) == count)  # noqa: B023 - asked at once
    assert worker.error is None
    assert noted() == [1, 2, 3]


def test_it_begins_anew_after_an_outage_in_which_all_may_have_changed(worker_log, worker_pool, append, noted, cut):
    pages = notes(worker_log, worker_pool)
    begun = []
    with running(follower(pages, worker_pool, begin=lambda: begun.append(reached(worker_pool))).run):
        append()
        assert becomes(lambda: noted() == [1])
        cut()
        assert becomes(lambda: begun[:2] == [0, 1])


def test_the_more_connections_were_cut_the_longer_it_does_not_take(worker_log, worker_pool, append, noted, cut):
    with ExitStack() as many:
        for _ in range(10):
            many.enter_context(worker_pool.connection())
    with running(follower(notes(worker_log, worker_pool), worker_pool).run):
        append()
        assert becomes(lambda: noted() == [1])
        cut()
        append()
        # One after the other they would take half a minute.
        assert becomes(lambda: noted() == [1, 2], 12)


def test_it_says_when_the_database_went_and_when_it_was_back_and_no_more(
    worker_log, worker_pool, append, noted, cut, capsys
):
    logs.configure("warning")
    states = []
    follows = follower(notes(worker_log, worker_pool), worker_pool, report=lambda state, message: states.append(state))
    with running(follows.run):
        append()
        assert becomes(lambda: noted() == [1])
        cut()
        append()
        assert becomes(lambda: states[-2:] == ["away", "following"])
    said = capsys.readouterr().err
    away, back = map(json.loads, said.splitlines())
    assert (away["event"], away["worker"], away["level"]) == ("away", "notes", "warning")
    assert "connection" in away["reason"]
    assert (back["event"], back["state"]) == ("back", "following") and back["position"] in (1, 2)
    assert OWNER not in said and "account:" not in said


def test_what_stays_away_is_asked_ever_more_seldom_and_said_once(pool, capsys):
    logs.configure("warning")
    asked, revived = [], []

    def advance():
        asked.append(1)
        raise psycopg.OperationalError("the disk is full")

    follower = Follower("notes", pool, advance, begin=lambda: None, revive=lambda: revived.append(1))
    with running(follower.run) as worker:
        assert becomes(lambda: len(asked) >= 3)
        assert not becomes(lambda: len(asked) > 8, 1.5)
        assert becomes(lambda: len(revived) >= 3)
        assert worker.end() < 4
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["away"]


def test_one_who_is_always_overtaken_does_not_spin(pool):
    asked = []

    def advance():
        asked.append(1)
        raise Fenced("somebody else was faster")

    with running(Follower("notes", pool, advance).run):
        assert becomes(lambda: len(asked) >= 3)
        assert not becomes(lambda: len(asked) > 8, 1.5)


def test_what_a_worker_needs_beside_the_database_may_be_away_as_well(ledger, pool, append, noted):
    class BrokerAway(Exception):
        pass

    outcomes = iter([BrokerAway, BrokerAway, None])

    def send(rows):
        if (outcome := next(outcomes)) is not None:
            raise outcome

    append()
    with running(follower(notes(ledger, pool, before=send), pool, away=(BrokerAway,)).run):
        assert becomes(lambda: noted() == [1])


def test_a_closed_pool_is_no_outage(ledger_url, ledger):
    with open_pool(ledger_url) as pool:
        pages = notes(ledger, pool)
    with running(follower(pages, pool).run) as worker:
        worker.join()
    assert isinstance(worker.error, psycopg.OperationalError)


# Stopping


@pytest.mark.parametrize("state", ["following", "standby", "away"])
def test_it_stops_promptly_whatever_it_waits_for(ledger, pool, append, noted, state):
    append()
    seen = threading.Event()

    def report(found, message):
        if found == state:
            seen.set()

    def broken():
        raise psycopg.OperationalError

    pages = notes(ledger, pool)
    given = {"begin": broken} if state == "away" else {}
    with ExitStack() as stack:
        if state == "standby":
            stack.enter_context(running(follower(pages, pool).run))
            assert becomes(lambda: len(noted()) == 1)
        worker = stack.enter_context(running(follower(pages, pool, report=report, **given).run))
        assert seen.wait(20)
        assert worker.end() < 4
