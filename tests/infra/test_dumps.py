"""The ledger of every release, with its facts, is upgraded by starting the program of today on it."""

from pathlib import Path

import psycopg
import pytest

from infra.migrations import migrations
from tests.infra.dumps import MASTER_KEY, dumps
from tests.services.terminal import Terminal


@pytest.fixture(params=dumps(), ids=lambda dump: f"ledger-{dump.stem}")
def terminal(request: pytest.FixtureRequest, empty_database_url: str, tmp_path: Path) -> Terminal:
    """The command line of today on the ledger of an earlier release, restored from its dump."""
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute(request.param.read_bytes())
    (tmp_path / "master.key").write_bytes(MASTER_KEY)
    return Terminal(empty_database_url, tmp_path)


def count_of_rows(terminal: Terminal) -> int:
    with psycopg.connect(terminal.environment["RECEIVABLES_DATABASE_URL"]) as conn:
        [[count]] = conn.execute("select count(*) from ledger.log").fetchall()
    return int(count)


def applied(terminal: Terminal) -> list[int]:
    with psycopg.connect(terminal.environment["RECEIVABLES_DATABASE_URL"]) as conn:
        return [number for (number,) in conn.execute("select number from ledger.migrations order by number")]


def test_every_dump_was_made_by_the_migrations_as_they_are():
    ours = {f"{each.number:04}": each.sha256 for each in migrations()}
    changed = [dump.stem for dump in dumps() if ours[dump.stem] not in dump.read_text(encoding="utf-8")]
    assert changed == [], "what is released is never changed; what is not, `python -m tests.infra.dumps` dumps anew"
    assert dumps()


def test_its_chain_verifies_to_the_last_fact(terminal: Terminal):
    verified = terminal.json("audit", "verify")
    assert verified["verified"] == count_of_rows(terminal) > 50
    assert verified["broken_at"] is None
    assert applied(terminal) == [each.number for each in migrations()]


def test_its_facts_are_read(terminal: Terminal):
    rows = terminal.json("audit", "search", "--limit", 1000)["facts"]
    assert len(rows) == count_of_rows(terminal)
    assert {row["name"] for row in rows} >= {"customer.registered", "invoice.issued", "invoice.paid"}


def test_its_contacts_are_read_and_those_of_the_erased_are_not(terminal: Terminal):
    assert terminal.json("customer", "show", "C1001")["contact"]["name"]
    assert terminal.json("customer", "show", "erased")["contact"] is None


def test_it_goes_on(terminal: Terminal):
    before = count_of_rows(terminal)
    terminal.run("invoice", "issue", "NEW-1", "--customer", "C1001", "--amount", "120.00", "--currency", "EUR")
    assert terminal.json("invoice", "show", "NEW-1")
    assert terminal.json("audit", "verify")["verified"] == count_of_rows(terminal) > before


def test_a_command_that_it_has_answered_is_known_by_its_id(terminal: Terminal):
    asked = terminal.json("audit", "search", "--kind", "customer.data_erased")["facts"][0]
    before = count_of_rows(terminal)
    terminal.run("customer", "erase", "erased", "--reason", "asked by the person", "--command-id", asked["command_id"])
    assert count_of_rows(terminal) == before


@pytest.mark.parametrize("view", ["open_items", "credit_risk", "audit"])
def test_its_views_are_those_that_a_rebuild_makes(terminal: Terminal, view: str):
    terminal.run("aging")
    terminal.run("views", "compare", view)
    [lag] = [each for each in terminal.json("views", "list")["views"] if each["name"] == view]
    assert lag["position"] == lag["head"] == count_of_rows(terminal)
