import socket
import time
from collections.abc import Iterator
from threading import Thread

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from infra import database
from infra.database import Pool, UnfitDatabase, open_pool
from tests.infra.proxy import Proxy


def setting(pool: Pool, name: str) -> str:
    with pool.connection() as conn:
        return str(conn.execute(f"show {name}".encode()).fetchall()[0][0])


@pytest.mark.parametrize("name", ["POSTGRES_ENABLE_DB_FUNCTIONS", "RECEIVABLES_POSTGRES_ENABLE_DB_FUNCTIONS"])
@pytest.mark.parametrize("value", ["y", "True", "1", "on", "please"])
def test_appends_without_the_lock_are_refused_at_the_start(name: str, value: str):
    with pytest.raises(UnfitDatabase, match=f"{name} appends without the lock"):
        open_pool("postgresql://nowhere.invalid", environment={name: value})


def test_the_same_switch_turned_off_is_no_hindrance(database_url: str):
    for value in ("n", "false", "0", ""):
        open_pool(database_url, environment={"POSTGRES_ENABLE_DB_FUNCTIONS": value}).close()


def test_every_connection_is_limited_in_how_long_it_can_hold_up_others(pool: Pool):
    assert setting(pool, "idle_in_transaction_session_timeout") == "5s"
    assert setting(pool, "lock_timeout") == "10s"
    assert setting(pool, "statement_timeout") == "15min"


def test_connections_say_who_they_are_and_think_in_utc(pool: Pool):
    assert setting(pool, "application_name") == "receivables"
    assert setting(pool, "timezone") == "UTC"
    assert setting(pool, "default_transaction_isolation") == "read committed"


def test_a_writer_that_freezes_inside_the_lock_is_ended_and_the_others_go_on(database_url: str):
    hasty = make_conninfo(database_url, options="-c idle_in_transaction_session_timeout=200ms")
    with open_pool(hasty, size=2) as pool:
        frozen = pool.getconn()
        frozen.execute("begin")
        frozen.execute("select from ledger.head for update")
        with pool.connection() as other:
            other.execute("update ledger.head set recorded_at = recorded_at")
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            frozen.execute("select 1")
        pool.putconn(frozen)


def test_commits_wait_for_the_disk_even_where_the_server_would_not(database_url: str):
    with open_pool(make_conninfo(database_url, options="-c synchronous_commit=off")) as pool:
        assert setting(pool, "synchronous_commit") == "on"


def test_a_stricter_commit_than_ours_is_kept(database_url: str):
    with open_pool(make_conninfo(database_url, options="-c synchronous_commit=remote_apply")) as pool:
        assert setting(pool, "synchronous_commit") == "remote_apply"


def test_a_server_that_is_still_starting_is_waited_for(database_url: str):
    proxy = Proxy(database_url)
    place = proxy.listener.getsockname()
    proxy.close()

    def start_late() -> None:
        time.sleep(0.4)
        proxy.listener = socket.create_server(place)
        proxy.serve()

    Thread(target=start_late, daemon=True).start()
    with open_pool(proxy.url, wait_seconds=10) as pool:
        assert setting(pool, "server_encoding") == "UTF8"
    proxy.close()


def test_the_pool_does_not_wait_for_its_own_next_attempt_when_the_server_has_been_away_for_minutes(pool: Pool):
    # Its pauses double, up to this; while it pauses nobody who asks makes it try.
    assert pool.reconnect_timeout <= 5


def test_waiting_for_a_server_has_an_end(database_url: str):
    proxy = Proxy(database_url)
    proxy.close()
    with pytest.raises(psycopg.OperationalError, match="refused"):
        open_pool(proxy.url, wait_seconds=0.3)


def test_what_waiting_cannot_mend_is_said_at_once(database_url: str):
    started = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        open_pool(make_conninfo(database_url, dbname="nowhere"), wait_seconds=30)
    assert time.monotonic() - started < 10


def test_a_server_older_than_15_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "OLDEST_SERVER", 990000)
    with pytest.raises(UnfitDatabase, match="PostgreSQL 99 or newer is needed"):
        open_pool(database_url)


@pytest.fixture
def ascii_url(server_url: str) -> Iterator[str]:
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute("create database receivables_ascii encoding 'SQL_ASCII' locale 'C' template template0")
        yield make_conninfo(server_url, dbname="receivables_ascii")
        admin.execute("drop database receivables_ascii with (force)")


def test_a_database_that_cannot_hold_every_name_is_refused(ascii_url: str):
    with pytest.raises(UnfitDatabase, match="UTF8"):
        open_pool(ascii_url)
