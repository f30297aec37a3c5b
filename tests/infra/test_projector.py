import json
import threading
import time
from typing import Any

import psycopg
import pytest

from infra import logs
from infra.log.ledger import Ledger
from infra.views import projector as projecting
from infra.views.projector import Fenced, Projector, RebuildNeeded
from infra.views.rebuilding import Busy
from projections.projection import Query
from tests.infra.accounts import DAY, KINDS, Moved, Opened, because
from tests.infra.balances import Balances


@pytest.fixture
def balances():
    return Balances()


@pytest.fixture
def projector(ledger, pool, balances):
    return Projector(ledger, pool, [balances], batch=3)


@pytest.fixture
def tell(ledger):
    """Facts to one account, each amount a movement; the first time it is opened."""
    versions: dict[str, int] = {}

    def told(name, *amounts):
        stream = f"account:{name}"
        version = versions.get(stream, 0)
        facts: list[Any] = [Moved(amount) for amount in amounts]
        if not version:
            facts.insert(0, Opened(name, DAY))
        versions[stream] = version + len(facts)
        cause = because(f"{stream}@{version}")
        return ledger.change([stream], lambda _: {stream: facts}, on=DAY, cause=cause, content=None).position

    return told


@pytest.fixture
def shown(pool):
    def rows(name="balances"):
        with pool.connection() as conn:
            found = conn.execute(f"select stream, balance_minor, facts from view_{name}.balances order by 1").fetchall()
        return {stream.partition(":")[2]: (balance, facts) for stream, balance, facts in found}

    return rows


@pytest.fixture
def schemas(pool):
    def names():
        with pool.connection() as conn:
            found = conn.execute("select nspname from pg_namespace where nspname like 'view_%' order by 1").fetchall()
        return [name for (name,) in found]

    return names


# Following


def test_what_was_recorded_is_shown_once_the_projector_has_caught_up(projector, tell, shown):
    tell("ann", 5, 7)
    position = tell("bob", 1)
    assert projector.catch_up() == position
    assert shown() == {"ann": (12, 3), "bob": (1, 2)}
    tell("ann", 8)
    projector.catch_up()
    assert shown()["ann"] == (20, 4)


def test_catching_up_twice_changes_nothing(projector, tell, shown):
    tell("ann", 5)
    assert projector.catch_up() == projector.catch_up() == 2
    assert shown() == {"ann": (5, 2)}


def test_an_empty_log_is_caught_up_with(projector, shown):
    assert projector.catch_up() == 0
    assert shown() == {}


def test_progress_goes_from_where_the_views_are_to_the_end_of_the_log(projector, tell):
    tell("ann", *range(10))
    steps = []
    projector.catch_up(lambda reached, end: steps.append((reached, end)))
    assert steps == [(0, 11), (3, 11), (6, 11), (9, 11), (11, 11)]


@pytest.mark.parametrize("trouble", ["select * from nowhere", "select pg_terminate_backend(pg_backend_pid())"])
def test_rows_and_position_move_together_or_not_at_all(projector, balances, tell, shown, trouble):
    tell("ann", 5)
    projector.catch_up()
    tell("ann", 6)
    balances.extra_writes = [Query(trouble)]
    with pytest.raises(psycopg.Error):
        projector.catch_up()
    assert (shown(), projector.positions()) == ({"ann": (5, 2)}, {"balances": 2})
    balances.extra_writes = []
    projector.catch_up()
    assert (shown(), projector.positions()) == ({"ann": (11, 3)}, {"balances": 3})


def test_a_projector_overtaken_by_another_writes_nothing_and_stops(ledger, pool, tell, shown):
    class Slow:
        """Between its reading of the log and its writing, somebody else does the work."""

        def __init__(self):
            self.head, self.entry = ledger.head, ledger.entry
            self.rows_of, self.opener = ledger.rows_of, ledger.opener

        def rows(self, after, limit):
            rows = ledger.rows(after, limit)
            Projector(ledger, pool, [Balances()]).catch_up()
            return rows

    tell("ann", 5, 6)
    with pytest.raises(Fenced, match="another worker"):
        Projector(Slow(), pool, [Balances()]).catch_up()
    assert shown() == {"ann": (11, 3)}


def test_each_projection_may_lag_on_its_own(ledger, pool, tell, shown):
    tell("ann", 5)
    Projector(ledger, pool, [Balances("early")], batch=2).catch_up()
    tell("ann", 6)
    tell("bob", 1, 1, 1)
    both = Projector(ledger, pool, [Balances("early"), Balances("late")], batch=2)
    assert both.lag()[0].facts == 5
    both.catch_up()
    assert shown("early") == shown("late") == {"ann": (11, 3), "bob": (3, 4)}
    assert set(both.positions().values()) == {7}


def test_the_lag_says_how_many_facts_are_not_shown_yet_and_since_when(projector, tell, clock):
    tell("ann", 5)
    projector.catch_up()
    [lag] = projector.lag()
    assert (lag.position, lag.facts, lag.waits_since, lag.parked, lag.needs_rebuild) == (2, 0, None, 0, False)
    tell("ann", 6, 7)
    recorded_at = clock.at
    tell("ann", 8)
    [lag] = projector.lag()
    assert (lag.facts, lag.head, lag.waits_since) == (3, 5, recorded_at)


def test_a_running_projector_is_woken_by_the_log_and_stops_when_told(projector, tell, shown):
    stop = threading.Event()
    thread = threading.Thread(target=projector.run, args=[stop])
    thread.start()
    try:
        time.sleep(0.6)
        for n in range(1, 6):
            position = tell("ann", 1)
            deadline = time.monotonic() + 5
            while projector.positions()["balances"] < position and time.monotonic() < deadline:
                time.sleep(0.001)
            assert shown()["ann"] == (n, n + 1)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_one_that_is_far_behind_stops_between_two_batches(ledger, pool, tell):
    stop = threading.Event()

    class Long:
        head, entry = staticmethod(ledger.head), staticmethod(ledger.entry)
        opener, rows_of = staticmethod(ledger.opener), staticmethod(ledger.rows_of)

        def rows(self, after, limit):
            if after:
                stop.set()
            return ledger.rows(after, limit)

    tell("ann", *range(20))
    projector = Projector(Long(), pool, [Balances()], batch=3)
    projector.run(stop)
    assert projector.positions() == {"balances": 6}


# What cannot be applied


def test_a_fact_that_does_not_fit_holds_back_its_stream_and_nothing_else(projector, balances, tell, shown):
    balances.poison = {13}
    tell("ann", 5, 13, 1)
    tell("bob", 1)
    tell("ann", 2)
    projector.catch_up()
    assert shown() == {"ann": (5, 2), "bob": (1, 2)}
    reasons = {each.position: each.reason for each in projector.parked("balances")}
    assert reasons[3] == "ArithmeticError: 13 does not agree with us"
    assert reasons.keys() == {3, 4, 7} and "waits for position 3" in reasons[7]
    assert projector.lag()[0].parked == 3


def test_that_a_fact_is_parked_is_said_without_a_word_of_it(projector, balances, tell, capsys):
    logs.configure("warning")
    balances.poison = {13}
    tell("ann", 5, 13, 1)
    projector.catch_up()
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["view"]) for line in said] == [("parked", "balances")] * len(said)
    assert sum(line["facts"] for line in said) == 2
    assert "ann" not in str(said) and "agree" not in str(said)


def test_a_parked_stream_still_waits_after_a_restart(ledger, pool, balances, tell, shown):
    balances.poison = {13}
    tell("ann", 13)
    Projector(ledger, pool, [balances]).catch_up()
    tell("ann", 1)
    Projector(ledger, pool, [Balances()]).catch_up()
    assert shown() == {"ann": (0, 1)}


def test_once_the_cause_is_mended_what_was_parked_is_applied_in_its_order(projector, balances, tell, shown):
    balances.poison = {13, 14}
    tell("ann", 13, 14, 1)
    tell("bob", 13, 2)
    projector.catch_up()
    balances.poison = {14}
    assert projector.retry_parked("balances") == 2
    assert shown() == {"ann": (13, 2), "bob": (15, 3)}
    balances.poison = set()
    assert projector.retry_parked("balances") == 0
    assert shown() == {"ann": (28, 4), "bob": (15, 3)}
    assert projector.compare("balances") == []


def test_a_fact_nobody_knows_any_more_is_parked_by_name(pool, ledger, clock, tell, shown):
    tell("ann", 5)
    tell("bob")
    forgetful = Ledger(
        pool, clock=clock, kinds={"account": KINDS["account"]._replace(facts={"account.opened": Opened})}
    )
    projector = Projector(forgetful, pool, [Balances()])
    projector.catch_up()
    assert shown() == {"ann": (0, 1), "bob": (0, 1)}
    [parked] = projector.parked("balances")
    assert parked.position == 2 and "account.moved" in parked.reason
    assert Projector(ledger, pool, [Balances()]).retry_parked("balances") == 0
    assert shown()["ann"] == (5, 2)


def test_a_value_that_no_table_can_hold_is_parked_like_any_fact_that_does_not_fit(projector, tell, shown):
    tell("ann", 5, 2**62, 2**62, 1)
    tell("bob", 1)
    projector.catch_up()
    assert shown() == {"ann": (5 + 2**62, 3), "bob": (1, 2)}
    assert [each.position for each in projector.parked("balances")] == [4, 5]
    assert projector.positions() == {"balances": 7}


def test_a_database_in_trouble_is_no_reason_to_park_a_fact(projector, balances, tell):
    tell("ann", 5)
    balances.extra_writes = [Query("select pg_terminate_backend(pg_backend_pid())")]
    with pytest.raises(psycopg.OperationalError):
        projector.catch_up()
    assert projector.parked("balances") == []


# Making anew


def test_a_rebuilt_view_has_the_rows_of_the_live_one(projector, tell, shown, schemas):
    tell("ann", 5, 7)
    tell("bob", *range(9))
    projector.catch_up()
    before = shown()
    steps = []
    projector.rebuild("balances", lambda reached, end: steps.append((reached, end)))
    assert (shown(), projector.positions()) == (before, {"balances": 13})
    assert steps == [(3, 13), (6, 13), (9, 13), (12, 13), (13, 13)]
    assert schemas() == ["view_balances"]
    tell("ann", 1)
    projector.catch_up()
    assert shown()["ann"] == (13, 4)


def test_the_live_view_works_on_while_another_is_made_beside_it(projector, tell, shown):
    tell("ann", *range(20))
    projector.catch_up()
    seen = []

    def meanwhile(reached, end):
        tell("ann", 1)
        projector.catch_up()
        seen.append(shown()["ann"][1])

    projector.rebuild(progress=meanwhile)
    assert seen == list(range(22, 22 + len(seen)))
    assert shown()["ann"] == (190 + len(seen), 21 + len(seen))
    assert projector.positions() == {"balances": 21 + len(seen)}
    assert projector.compare("balances") == []


class Killed(BaseException):
    pass


def test_a_rebuild_that_is_stopped_leaves_the_live_view_as_it_was_and_can_be_begun_again(
    projector, tell, shown, schemas
):
    tell("ann", *range(10))
    projector.catch_up()

    def killed(reached, end):
        if reached > 5:
            raise Killed

    with pytest.raises(Killed):
        projector.rebuild(progress=killed)
    assert shown() == {"ann": (45, 11)}
    projector.rebuild()
    assert (shown(), schemas()) == ({"ann": (45, 11)}, ["view_balances"])


def test_an_index_that_cannot_be_made_ends_the_rebuild_and_all_that_is_made_beside_it(
    ledger, pool, tell, shown, schemas
):
    slow, broken = Balances("slow"), Balances("broken")
    tell("ann", 5)
    projector = Projector(ledger, pool, [slow, broken])
    projector.catch_up()
    slow.indexes, broken.indexes = "select pg_sleep(60)", "create index on nowhere (balance_minor)"
    start = time.monotonic()
    with pytest.raises(psycopg.errors.UndefinedTable):
        projector.rebuild()
    assert time.monotonic() - start < 30
    assert schemas() == ["view_broken", "view_slow"]
    assert shown("slow") == shown("broken") == {"ann": (5, 2)}


def test_what_a_killed_rebuild_left_behind_is_cleared_by_the_next(projector, pool, tell, shown, schemas):
    tell("ann", 5)
    projector.catch_up()
    with pool.connection() as conn:
        conn.execute("create schema view_balances_new create table balances (rubbish text)")
        conn.execute("create schema view_balances_old create table balances (rubbish text)")
    projector.rebuild()
    assert (shown(), schemas()) == ({"ann": (5, 2)}, ["view_balances"])


def test_a_view_that_was_deleted_is_made_anew_from_the_log(projector, pool, tell, shown):
    tell("ann", *range(10))
    projector.catch_up()
    with pool.connection() as conn:
        conn.execute("drop schema view_balances cascade")
    projector.rebuild()
    assert (shown(), projector.positions()) == ({"ann": (45, 11)}, {"balances": 11})


def test_two_rebuilds_of_one_view_at_once_are_refused(projector, ledger, pool, tell):
    tell("ann", *range(10))
    projector.catch_up()
    second = Projector(ledger, pool, [Balances()])
    refused = []

    def meanwhile(reached, end):
        with pytest.raises(Busy):
            second.rebuild()
        refused.append(reached)

    projector.rebuild(progress=meanwhile)
    assert refused


def test_a_rebuild_parks_anew_what_does_not_fit_and_frees_what_now_does(projector, balances, tell, shown):
    balances.poison = {13}
    tell("ann", 13, 1)
    tell("bob", 14, 1)
    projector.catch_up()
    balances.poison = {14}
    projector.rebuild()
    assert shown() == {"ann": (14, 3), "bob": (0, 1)}
    assert [each.position for each in projector.parked("balances")] == [5, 6]


def test_comparing_finds_a_row_that_was_tampered_with_and_changes_nothing(projector, pool, tell, shown, schemas):
    tell("ann", 5)
    tell("bob", 6)
    projector.catch_up()
    assert projector.compare("balances") == []
    with pool.connection() as conn:
        conn.execute("update view_balances.balances set balance_minor = 600 where owner = 'bob'")
    live, anew = projector.compare("balances")
    assert (live.table, live.is_live, live.row) == ("balances", True, ("account:bob", "bob", 600, 2))
    assert (anew.is_live, anew.row) == (False, ("account:bob", "bob", 6, 2))
    assert (shown()["bob"], schemas()) == ((600, 2), ["view_balances"])


def test_comparing_leaves_what_is_parked_alone(projector, balances, tell):
    balances.poison = {13}
    tell("ann", 13, 1)
    projector.catch_up()
    parked = projector.parked("balances")
    assert projector.compare("balances") == []
    assert projector.parked("balances") == parked


def test_tables_made_by_other_code_are_not_written_to_until_they_are_rebuilt(ledger, pool, tell, shown):
    tell("ann", 5)
    Projector(ledger, pool, [Balances()]).catch_up()
    newer = Projector(ledger, pool, [Balances(version=2)])
    assert newer.lag()[0].needs_rebuild
    with pytest.raises(RebuildNeeded, match="rebuild the view balances"):
        newer.catch_up()
    newer.rebuild()
    tell("ann", 6)
    newer.catch_up()
    assert shown() == {"ann": (11, 3)}


def test_tables_made_by_other_code_that_hold_nothing_yet_are_simply_made_anew(ledger, pool, tell, shown):
    Projector(ledger, pool, [Balances()]).catch_up()
    tell("ann", 5)
    Projector(ledger, pool, [Balances(version=2)]).catch_up()
    assert shown() == {"ann": (5, 2)}


def test_a_new_view_over_a_long_log_is_rebuilt_rather_than_caught_up(projector, tell, shown, monkeypatch):
    monkeypatch.setattr(projecting, "MOST_TO_CATCH_UP", 5)
    tell("ann", *range(10))
    steps = []
    projector.catch_up(lambda reached, end: steps.append(reached))
    assert steps == [3, 6, 9, 11, 11]
    assert shown() == {"ann": (45, 11)}
