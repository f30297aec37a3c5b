"""Migrations: numbered SQL files, each applied once, by one process at a time, wholly or not at all."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from infra.database import UnfitDatabase
from infra.migrations import Migration, migrate, migrations
from infra.settings import Settings
from infra.unavailable import Unavailable
from services.assembly import assemble
from tests.infra.dumps import dumps
from tests.services.desk import Desk

# What takes something away from programs of the release before, or changes it under them.
CONTRACTS = re.compile(r"\b(drop|rename|truncate|set not null|set data type|alter (column )?\w+ type)\b", re.IGNORECASE)


@pytest.fixture
def conn(empty_database_url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        yield conn


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Migrations of a program of our own: the real first one, and what a test adds."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    first = migrations()[0]
    (folder / f"{first.name}.sql").write_text(first.script)
    return folder


def add(folder: Path, name: str, script: str) -> None:
    (folder / f"{name}.sql").write_text(script)


def recorded(conn: Connection[Any]) -> list[tuple[int, str, int]]:
    return conn.execute("select number, name, least_code from ledger.migrations order by number").fetchall()


def refusal(conn: Connection[Any], folder: Path) -> str:
    with pytest.raises(UnfitDatabase) as unfit:
        migrate(conn, folder)
    return str(unfit.value)


# What is applied


def test_an_empty_database_gets_every_migration_in_its_order(conn: Connection[Any], folder: Path):
    add(folder, "0002_limits", "create table ledger.limits (minor bigint)")
    add(folder, "0003_limit_days", "alter table ledger.limits add column valid_from date")
    migrate(conn, folder)
    assert recorded(conn) == [(1, "0001_ledger", 1), (2, "0002_limits", 1), (3, "0003_limit_days", 1)]
    assert conn.execute("select minor, valid_from from ledger.limits").fetchall() == []
    assert conn.execute("select position from ledger.head").fetchall() == [(0,)]


def test_a_database_of_the_release_before_gets_only_what_is_new(conn: Connection[Any], folder: Path):
    migrate(conn, folder)
    [ledger_id] = conn.execute("select ledger_id from ledger.head").fetchall()
    add(folder, "0002_limits", "create table ledger.limits (minor bigint)")
    migrate(conn, folder)
    assert [name for _, name, _ in recorded(conn)] == ["0001_ledger", "0002_limits"]
    assert conn.execute("select ledger_id from ledger.head").fetchall() == [ledger_id]


def test_where_nothing_is_missing_one_statement_finds_it(database_url: str, monkeypatch: pytest.MonkeyPatch):
    with psycopg.connect(database_url, autocommit=True) as conn:
        asked: list[object] = []
        execute = conn.execute

        def counted(query: Any, *more: Any, **how: Any) -> Any:
            asked.append(query)
            return execute(query, *more, **how)

        monkeypatch.setattr(conn, "execute", counted)
        migrate(conn)
        assert len(asked) == 1


def test_processes_that_start_at_the_same_time_apply_each_migration_once(empty_database_url: str, folder: Path):
    add(folder, "0002_limits", "create table ledger.limits (minor bigint); select pg_sleep(0.2)")
    errors: list[Exception] = []

    def start() -> None:
        try:
            with psycopg.connect(empty_database_url, autocommit=True) as conn:
                migrate(conn, folder)
        except Exception as error:
            errors.append(error)

    threads = [Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with psycopg.connect(empty_database_url) as conn:
        assert [name for _, name, _ in recorded(conn)] == ["0001_ledger", "0002_limits"]
        assert conn.execute("select count(*) from ledger.head").fetchall() == [(1,)]


def test_who_waits_too_long_for_another_to_finish_is_told_to_start_again(
    conn: Connection[Any], empty_database_url: str, folder: Path
):
    conn.execute("select pg_advisory_lock(hashtext('receivables.migrations'))")
    hasty = make_conninfo(empty_database_url, options="-c lock_timeout=100ms")
    with psycopg.connect(hasty, autocommit=True) as late:
        assert refusal(late, folder) == "another process is upgrading it: wait until it is done and start again"


def test_a_migration_takes_as_long_as_it_needs(empty_database_url: str, folder: Path):
    add(folder, "0002_slow", "select pg_sleep(0.4)")
    with psycopg.connect(
        make_conninfo(empty_database_url, options="-c statement_timeout=200ms"), autocommit=True
    ) as conn:
        migrate(conn, folder)
        assert len(recorded(conn)) == 2


# What fails


def test_a_migration_that_fails_leaves_nothing_half_done_and_says_why(conn: Connection[Any], folder: Path):
    add(folder, "0002_limits", "create table ledger.limits (minor bigint)")
    add(folder, "0003_wrong", "create table ledger.half (minor bigint); insert into ledger.limits values (1), ('x')")
    add(folder, "0004_never", "create table ledger.never (minor bigint)")
    assert refusal(conn, folder) == (
        "migration 0003_wrong failed, and nothing of it was kept; mend the cause and start again: "
        'invalid input syntax for type bigint: "x"'
    )
    assert [name for _, name, _ in recorded(conn)] == ["0001_ledger", "0002_limits"]
    assert conn.execute("select to_regclass('ledger.half'), to_regclass('ledger.never')").fetchall() == [(None, None)]

    add(folder, "0003_wrong", "create table ledger.half (minor bigint)")
    migrate(conn, folder)
    assert len(recorded(conn)) == 4


def test_a_migration_that_cannot_be_recorded_is_not_kept_either(conn: Connection[Any], folder: Path):
    itself = "insert into ledger.migrations (number, name, sha256, least_code) values (2, 'itself', '', 1)"
    add(folder, "0002_itself", f"create table ledger.half (minor bigint); {itself}")
    with pytest.raises(psycopg.errors.UniqueViolation):
        migrate(conn, folder)
    assert [name for _, name, _ in recorded(conn)] == ["0001_ledger"]
    assert conn.execute("select to_regclass('ledger.half')").fetchall() == [(None,)]


def test_a_migration_whose_connection_is_cut_leaves_nothing_half_done(
    conn: Connection[Any], empty_database_url: str, folder: Path
):
    add(folder, "0002_cut", "create table ledger.half (x int); select pg_terminate_backend(pg_backend_pid())")
    with (
        pytest.raises(psycopg.OperationalError),
        psycopg.connect(empty_database_url, autocommit=True) as lost,
    ):
        migrate(lost, folder)
    assert [name for _, name, _ in recorded(conn)] == ["0001_ledger"]
    assert conn.execute("select to_regclass('ledger.half')").fetchall() == [(None,)]


# What is refused


def test_a_migration_that_was_changed_after_it_was_applied_is_refused(conn: Connection[Any], folder: Path):
    add(folder, "0002_limits", "create table ledger.limits (minor bigint)")
    migrate(conn, folder)
    add(folder, "0002_limits", "create table ledger.limits (minor integer)")
    assert refusal(conn, folder).startswith("migration 0002_limits was applied to it in another wording")


def test_a_line_may_end_as_another_system_ends_it(conn: Connection[Any], folder: Path):
    (folder / "0002_limits.sql").write_bytes(b"create table\nledger.limits (minor bigint);\n")
    migrate(conn, folder)
    (folder / "0002_limits.sql").write_bytes(b"create table\r\nledger.limits (minor bigint);\r\n")
    migrate(conn, folder)


def test_an_installation_that_lacks_a_file_is_refused_before_anything_is_applied(conn: Connection[Any], folder: Path):
    add(folder, "0003_limits", "create table ledger.limits (minor bigint)")
    assert refusal(conn, folder) == "migration 0002 is not in this installation of receivables: install it again"
    assert conn.execute("select to_regnamespace('ledger')").fetchall() == [(None,)]


def test_a_database_that_lacks_a_migration_before_its_last_is_refused(conn: Connection[Any], folder: Path):
    add(folder, "0002_limits", "create table ledger.limits (minor bigint)")
    add(folder, "0003_days", "alter table ledger.limits add column valid_from date")
    migrate(conn, folder)
    conn.execute("delete from ledger.migrations where number = 2")
    assert refusal(conn, folder).startswith("migration 0002 was never applied to it, but 0003_days was")


def test_a_schema_of_that_name_that_is_not_ours_is_left_alone(empty_database_url: str, tmp_path: Path):
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute("create schema ledger; create table ledger.log (originator_id text)")
    with pytest.raises(Unavailable) as unavailable:
        assemble(Settings(home=tmp_path), database_url=empty_database_url)
    assert str(unavailable.value) == (
        f"{empty_database_url}: it has a schema named ledger that is not this program's, or was made before its first "
        "release: name another database, or drop or rename that schema."
    )


# Two releases on one database

OURS = len(migrations())


@pytest.fixture
def upgraded(conn: Connection[Any], folder: Path) -> Callable[..., None]:
    """The database after a newer program came by, which had these migrations after the ones of this one."""

    def upgrade(**scripts: str) -> None:
        for ours in migrations():
            add(folder, ours.name, ours.script)
        for number, (name, script) in enumerate(scripts.items(), OURS + 1):
            add(folder, f"{number:04}_{name}", script)
        migrate(conn, folder)

    return upgrade


def test_a_program_of_the_release_before_works_on_a_schema_that_only_grew(
    upgraded: Callable[..., None], empty_database_url: str, tmp_path: Path
):
    upgraded(
        places="alter table ledger.log add column place text; create table ledger.places (name text)",
        append="create function ledger.append_to(place text) returns bigint language sql as 'select 1::bigint'",
    )
    with assemble(Settings(home=tmp_path), database_url=empty_database_url) as app:
        Desk(app).issue("R-1", 5_00)
        app.projector.catch_up()
        assert app.ledger.verify().broken_at is None
        assert app.projector.compare("audit") == []


def test_a_program_works_on_a_schema_that_lost_what_it_did_without(
    upgraded: Callable[..., None], conn: Connection[Any]
):
    upgraded(old="-- least_code: 0001\ndrop function ledger.position_at")
    migrate(conn)


def test_a_program_that_still_needs_what_was_taken_away_is_refused(
    upgraded: Callable[..., None], empty_database_url: str, tmp_path: Path
):
    upgraded(
        new="create table ledger.new (x int)",
        old=f"-- Nothing of release 2 reads it.\n-- least_code: {OURS + 1:04}\ndrop function ledger.position_at",
        more="create table ledger.more (x int)",
    )
    with pytest.raises(Unavailable) as unavailable:
        assemble(Settings(home=tmp_path), database_url=empty_database_url)
    assert str(unavailable.value) == (
        f"{empty_database_url}: migration {OURS + 2:04}_old was applied to it, and this receivables is too old for "
        "that: install the release that applied it, or a newer one."
    )


# Our own files


def in_the_way_of_the_release_before(migration: Migration, last_released: int) -> str:
    """What is wrong with a migration that is not released yet."""
    statements = re.sub(r"--.*", "", migration.script)
    if migration.least_code > last_released:
        return f"the last release knows {last_released:04}, and this asks for {migration.least_code:04}"
    if CONTRACTS.search(statements) and "-- least_code: " not in migration.script:
        return "it takes something away and does not say `-- least_code: NNNN`"
    return ""


def test_what_is_not_released_yet_leaves_the_last_release_what_it_needs():
    *_, newest = dumps()
    last_released = int(newest.stem)
    found = {each.name: in_the_way_of_the_release_before(each, last_released) for each in migrations()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "script",
    [
        "drop function ledger.position_at",
        "alter table ledger.log rename column topic to name",
        "alter table ledger.commands alter column position type text",
        "alter table ledger.commands alter position set not null",
        "-- least_code: 0002\ndrop table ledger.parked",
    ],
)
def test_the_guard_sees_what_the_release_before_would_miss(folder: Path, script: str):
    add(folder, "0002_new", script)
    assert in_the_way_of_the_release_before(migrations(folder)[1], last_released=1)


@pytest.mark.parametrize(
    "script",
    [
        "create table ledger.limits (minor bigint)",
        "-- least_code: 0001\ndrop table ledger.parked",
        "-- we drop nothing",
    ],
)
def test_the_guard_lets_through_what_it_does_not_need(folder: Path, script: str):
    add(folder, "0002_new", script)
    assert in_the_way_of_the_release_before(migrations(folder)[1], last_released=1) == ""
