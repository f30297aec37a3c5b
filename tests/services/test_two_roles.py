"""A server of one's own with two roles, set up by the very words of docs/operating.md."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import psycopg
import pytest

from tests.services.terminal import HOUSE, Terminal

OWNER, APP = "receivables_owner", "receivables_app"


def written() -> tuple[list[str], list[str]]:
    """What an administrator types, and what the owner does."""
    chapter = (HOUSE / "docs" / "operating.md").read_text(encoding="utf-8").split("## Two roles")[1].split("\n## ")[0]
    first, second = re.findall(r"```sql\n(.*?)```", chapter, re.DOTALL)
    return first.strip().splitlines(), second.strip().splitlines()


def address(url: str, database: str, role: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}:secret@{place}", path=f"/{database}").geturl()


@pytest.fixture
def roles(server_url, tmp_path):
    """The terminals of the owner and of the application, on a database that both have been given."""
    made, granted = written()
    with psycopg.connect(server_url, autocommit=True) as admin:
        existing = {name for (name,) in admin.execute("select rolname from pg_roles").fetchall()}
        for statement in made:
            if not existing.intersection(statement.split()):
                admin.execute(statement.replace("'...'", "'secret'").encode())
    owner, app = (Terminal(address(server_url, "ledger", role), tmp_path / role) for role in (OWNER, APP))
    owner.run("doctor", "--upgrade")
    with psycopg.connect(owner.environment["RECEIVABLES_DATABASE_URL"], autocommit=True) as conn:
        for statement in granted:
            conn.execute(statement.encode())
    yield owner, app
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute("drop database ledger with (force)")
        for role in (APP, OWNER):
            admin.execute(f"drop role {role}".encode())


def guard(terminal: Terminal) -> Any:
    result = terminal.run("doctor", "--format", "json", exits=...)
    [found] = [check for check in orjson.loads(result.stdout)["checks"] if check["name"] == "guard"]
    return found


def test_the_program_works_as_a_role_that_can_only_add(roles, tmp_path: Path):
    owner, app = roles
    file = tmp_path / "invoices.csv"
    file.write_text("customer,number,issued_on,due_on,amount,currency\nacme,A-1,2026-01-05,2026-01-20,100,EUR\n")

    app.run("import", "invoices", file)
    app.run("receipt", "record", "B-1", "--amount", 40, "--currency", "EUR", "--invoice", "A-1")
    app.run("customer", "contact", "acme", "--name", "Ann")
    app.run("escalate", "run")
    app.run("views", "rebuild")
    app.run("customer", "erase", "acme", "--reason", "asked", exits=1)
    checks = {check["name"]: check for check in app.json("doctor", "--deep")["checks"]}

    assert {check["state"] for check in checks.values()} <= {"ok", "behind"}
    assert checks["guard"]["message"] == f"log and commands are only added to; the role {APP} cannot switch that off"
    assert guard(owner)["message"].endswith(f"the role {OWNER} owns the tables and could switch that off")


@pytest.mark.parametrize("statement", [
    "update ledger.log set topic = ''", "delete from ledger.log", "truncate ledger.log", "delete from ledger.commands",
    "update ledger.facts set name = ''", "alter table ledger.log disable trigger all", "drop table ledger.log",
    "set session_replication_role = replica", "drop function ledger.refuse_change() cascade",
    "delete from ledger.head", "delete from ledger.migrations",
])  # fmt: skip
def test_that_role_is_let_do_nothing_else_to_what_is_recorded(roles, statement):
    _, app = roles
    conn = psycopg.connect(app.environment["RECEIVABLES_DATABASE_URL"], autocommit=True)
    with conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.encode())


def test_a_guard_that_the_owner_has_switched_off_is_found_by_both(roles):
    owner, _ = roles
    with psycopg.connect(owner.environment["RECEIVABLES_DATABASE_URL"], autocommit=True) as conn:
        conn.execute("alter table ledger.commands disable trigger only_added_to")

    for terminal in roles:
        assert guard(terminal)["state"] == "failed"
        assert "ledger.commands can be changed or removed" in guard(terminal)["message"]
