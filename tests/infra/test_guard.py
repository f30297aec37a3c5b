"""The guard of log and commands: what is recorded is only added to, and whoever could do otherwise is found."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from infra.clock import now
from infra.database import Pool
from infra.embedded.account import LATEST, Account, programs_for
from infra.log import guard
from infra.log.appends import UnfitHead
from infra.log.ledger import Batch, Ledger
from tests.infra.accounts import DAY, KINDS, Moved, Opened, because
from tests.tampering import unguarded

CHANGES = [
    "update ledger.log set topic = 'moved' where notification_id = 1",
    "update ledger.facts set name = 'moved' where position = 1",
    "delete from ledger.log",
    "truncate ledger.log",
    "update ledger.commands set answer = ''",
    "delete from ledger.commands where id = 'c'",
    "truncate ledger.commands",
]


@pytest.fixture
def conn(ledger_url: str, ledger: Ledger) -> Iterator[Connection[Any]]:
    """A ledger with one command and two facts."""
    ledger.change(
        ["account:a"],
        lambda state: {"account:a": [Opened("ann", DAY), Moved(5)]},
        on=DAY,
        cause=because("c"),
        content=1,
    )
    with psycopg.connect(ledger_url, autocommit=True) as conn:
        yield conn


def contents(conn: Connection[Any]) -> list[Any]:
    return [conn.execute(f"select t::text from {table} t".encode()).fetchall() for table in guard.TABLES]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("session", ["select", "set session_replication_role = replica"])
def test_what_is_recorded_is_neither_changed_nor_removed_even_by_an_owner(
    conn: Connection[Any], change: str, session: str
):
    before = contents(conn)
    conn.execute(session.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is only added to"):
        conn.execute(change.encode())
    assert contents(conn) == before


def test_it_is_found_to_be_at_work(conn: Connection[Any]):
    role, is_open, is_owner = guard.look(conn)
    assert (role, is_open, is_owner) == (conn.info.user, (), True)
    assert len(contents(conn)[0]) == 2


DISARMED = [
    "alter table ledger.log disable trigger only_added_to",
    "alter table ledger.log enable trigger only_added_to",  # no longer in every session
    "drop trigger only_added_to on ledger.log",
    "create or replace trigger only_added_to before update or delete on ledger.log"
    " for each statement execute function ledger.refuse_change()",
    "create or replace function ledger.refuse_change() returns trigger language plpgsql as 'begin return null; end'",
]


@pytest.mark.parametrize("change", DISARMED)
def test_a_guard_that_is_off_or_was_replaced_is_found(conn: Connection[Any], change: str):
    with conn.transaction(force_rollback=True):
        conn.execute(change.encode())
        before = contents(conn)
        assert "ledger.log" in guard.look(conn).open
        assert contents(conn) == before


def test_a_dump_that_is_restored_has_log_and_guard(
    conn: Connection[Any], ledger_url: str, empty_database_url: str, tmp_path: Path, pool: Pool
):
    programs, file = programs_for(Account(), LATEST), str(tmp_path / "dump")
    subprocess.run([programs / "pg_dump", "-Fc", "--schema=ledger", "-f", file, ledger_url], check=True)
    subprocess.run([programs / "pg_restore", "-d", empty_database_url, file], check=True)
    with psycopg.connect(empty_database_url, autocommit=True) as restored:
        assert contents(restored) == contents(conn)
        assert guard.look(restored).open == ()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            restored.execute("delete from ledger.log")


def test_data_alone_is_restored_into_a_schema_that_is_guarded(
    conn: Connection[Any], ledger_url: str, database_url: str, tmp_path: Path
):
    programs, file = programs_for(Account(), LATEST), str(tmp_path / "dump")
    tables = [f"--table={table}" for table in guard.TABLES]
    subprocess.run([programs / "pg_dump", "-Fc", "--data-only", *tables, "-f", file, ledger_url], check=True)
    subprocess.run([programs / "pg_restore", "-d", database_url, file], check=True)
    with psycopg.connect(database_url, autocommit=True) as restored:
        assert contents(restored) == contents(conn)


# Commands that could run twice


def test_a_command_whose_answer_is_kept_cannot_run_twice(conn: Connection[Any]):
    assert guard.unanswered(conn, {"c": guard.Span(1, 2)}) == []
    assert guard.unanswered(conn, {}) == []


def test_a_command_whose_answer_was_removed_is_found(conn: Connection[Any], ledger: Ledger):
    with unguarded(conn):
        conn.execute("delete from ledger.commands")
    assert guard.unanswered(conn, {"c": guard.Span(1, 2)}) == ["c"]


@pytest.mark.parametrize("answer", ["{", "", "{}", "7", '"[1, 2]"', "\\377"])
def test_a_command_whose_answer_is_damaged_is_found(conn: Connection[Any], answer: str):
    with unguarded(conn):
        conn.execute("update ledger.commands set answer = %s::bytea", (answer,))
    assert guard.unanswered(conn, {"c": guard.Span(1, 2)}) == ["c"]


def test_a_command_that_has_run_twice_is_found_by_the_facts_of_the_first_time(conn: Connection[Any], ledger: Ledger):
    with unguarded(conn):
        conn.execute("delete from ledger.commands")
    ledger.change(["account:a"], lambda state: {"account:a": [Moved(5)]}, on=DAY, cause=because("c"), content=1)
    assert guard.unanswered(conn, {"c": guard.Span(3, 3)}) == []
    # In one page of the log with those of the second time, and in one before.
    assert guard.unanswered(conn, {"c": guard.Span(1, 3)}) == ["c"]
    assert guard.unanswered(conn, {"c": guard.Span(1, 2)}) == ["c"]


# The head


def test_without_its_head_the_ledger_says_so_whoever_asks(conn: Connection[Any], pool: Pool):
    with conn.transaction():
        kept = conn.execute("select * from ledger.head").fetchall()
        conn.execute("delete from ledger.head")
    ledger = Ledger(pool, clock=now, kinds=KINDS)
    try:
        for ask in (
            lambda: ledger.ledger_id,
            ledger.verify,
            lambda: ledger.change(
                ["account:b"], lambda state: {"account:b": [Opened("b", DAY)]}, on=DAY, cause=because("d"), content=1
            ),
            lambda: ledger.record_many([Batch("account:b", 0, [(Opened("b", DAY), DAY)], because("i"))]),
        ):
            with pytest.raises(UnfitHead, match=r"ledger.head, .* is empty: .* backup"):
                ask()
        assert ledger.head().position == 2
    finally:
        conn.execute("insert into ledger.head values (%s, %s, %s, %s)", kept[0])
        ledger.close()
