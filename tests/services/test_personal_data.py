"""Personal data: never in clear in the database, under the right key, and nobody is shown it without a record."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from infra.encryption import Encryption
from services.assembly import App
from tests.services.desk import FEB_10, JAN_5, erase_customer, set_contact_of
from tests.services.filing import Filing
from tests.services.terminal import Terminal

PAID = "number,customer,amount,value_on,currency,reference,payer\n"


# What is kept


def kept(app: App) -> Iterator[tuple[str, str]]:
    """Every value of every table, as text."""
    with psycopg.connect(app.database_url) as conn:
        tables = conn.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname = 'ledger' or schemaname like 'view_%'"
        ).fetchall()
        for (table,) in tables:
            for (row,) in conn.execute(f"select to_jsonb(t)::text from {table} t".encode()):
                yield table, row
        for (state,) in conn.execute("select convert_from(state, 'UTF8') from ledger.log"):
            yield "ledger.log", state


@pytest.mark.parametrize("door", ["typed", "file"])
def test_a_payers_name_is_nowhere_in_clear_neither_in_a_reference_nor_anywhere_else(app, desk, tmp_path, door):
    desk.issue("R-1", 100_00)
    if door == "typed":
        desk.receive("B-1", 40_00, customer="acme", invoices=["R-1"], references=["thanks"], payer="Zoe Secret")
        desk.receive("B-2", 40_00, references=["who is it"], payer="Zoe Secret")
    else:
        rows = "R-1,,40,2026-01-20,EUR,thanks,Zoe Secret\n,zeta,40,2026-01-20,EUR,who is it,Zoe Secret\n"
        Filing(app, tmp_path).load("payments", PAID + rows)
    app.bring_views_up_to_date()
    found = [*kept(app)]
    assert any("thanks" in row for _, row in found) and any("who is it" in row for _, row in found)
    assert [table for table, row in found if "Secret" in row or b"Secret".hex() in row] == []
    assert [table for table, row in found if "payer_encrypted" in row and table == "ledger.log"]


@pytest.mark.parametrize("door", ["typed", "file"])
def test_the_payer_of_an_erased_customer_is_not_kept_though_the_erasure_was_cut_short(
    app, desk, tmp_path, monkeypatch, door
):
    """The fact is recorded, and who was to destroy the key was killed before."""
    app.commands.run("customer.register", {"customer": "gone"}, desk.cause())
    set_contact_of(app, "gone", {"name": "Ann"}, on=JAN_5, cause=desk.cause())

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Encryption, "destroy", killed)
        erase_customer(app, "gone", on=FEB_10, cause=desk.cause())
    assert not app.encryption.is_destroyed("gone")
    if door == "typed":
        desk.receive("B-1", 40_00, customer="gone", payer="Ann Gone", value_on=FEB_10)
    else:
        Filing(app, tmp_path).load("payments", PAID + ",gone,40,2026-02-10,EUR,,Ann Gone\n")
    [receipt] = Filing(app, tmp_path).receipts()
    assert (receipt.customer, receipt.received.payer_encrypted) == ("gone", None)


# Who was shown it


@pytest.fixture
def books(terminal: Terminal) -> Terminal:
    """acme with a contact and an invoice, zeta with a contact, and money of somebody unknown."""
    terminal.environment |= {"RECEIVABLES_ACTOR": "ann"}
    issue = ("--customer", "acme", "--amount", "100", "--currency", "EUR", "--issued-on", "2025-09-01")
    terminal.run("invoice", "issue", "R-1", *issue)
    terminal.run("customer", "contact", "acme", "--name", "Acme Ltd", "--phone", "+49 40 1")
    terminal.run("customer", "register", "zeta")
    terminal.run("customer", "contact", "zeta", "--name", "Zeta Ltd")
    terminal.run("receipt", "record", "B-1", "--amount", "5", "--currency", "EUR", "--payer", "Zoe Secret")
    return terminal


def shown(terminal: Terminal, *typed: str) -> list[tuple[str, list[str], list[str]]]:
    found = terminal.json("audit", "disclosures", *typed)["disclosures"]
    return [(each["purpose"], each["data"], each["subjects"]) for each in found]


def test_who_looks_at_a_customers_contact_is_on_record(books: Terminal):
    assert books.json("audit", "disclosures") == {"disclosures": [], "next": None}
    books.run("customer", "show", "acme")
    [each] = books.json("audit", "disclosures")["disclosures"]
    assert list(each) == ["id", "at", "actor", "purpose", "data", "subjects"]
    assert (each["actor"], each["purpose"], each["data"], each["subjects"]) == (
        "ann",
        "customer show",
        ["contact"],
        ["acme"],
    )
    assert "Acme Ltd" not in str(each)
    assert "customer show" in books.run("audit", "disclosures", "--customer", "acme").stdout
    assert shown(books, "--customer", "zeta") == []
    assert books.run("audit", "disclosures", "--customer", "zeta").stdout == "nobody was shown any\n"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("audit show --customer acme --decrypt", ("audit show", ["contact"], ["acme"])),
        ("audit show --receipt B-1 --decrypt", ("audit show", ["payer"], ["receipt:B-1"])),
        ("audit search --decrypt", ("audit search", ["contact", "payer"], ["acme", "receipt:B-1", "zeta"])),
        ("audit export --decrypt", ("audit export", ["contact", "payer"], ["acme", "receipt:B-1", "zeta"])),
        ("message preview acme --step due_today --on 2025-10-20", ("message preview", ["contact"], ["acme"])),
    ],
)
def test_every_question_that_shows_personal_data_leaves_one_record(books: Terminal, typed: str, expected):
    books.run(*typed.split())
    assert shown(books) == [expected]


@pytest.mark.parametrize(
    "typed",
    [
        "audit show --customer acme",
        "audit search",
        "audit export",
        "customer show nobody",
        "invoice show R-1",
        "aging",
        "worklist",
        "doctor --deep",
        "keys show",
        "keys rotate",
    ],
)
def test_what_shows_none_leaves_none(books: Terminal, typed: str):
    books.run(*typed.split(), exits=1 if "nobody" in typed else 0)
    assert shown(books) == []


def test_an_erased_customer_has_nothing_left_to_be_shown(books: Terminal):
    books.run("customer", "erase", "zeta", "--reason", "asked for")
    books.run("customer", "show", "zeta")
    assert shown(books) == []


def test_a_list_of_many_is_one_record_that_is_found_by_each_of_them(books: Terminal):
    books.run("audit", "search", "--decrypt")
    books.run("customer", "show", "zeta")
    assert shown(books, "--customer", "acme") == [("audit search", ["contact", "payer"], ["acme"])]
    assert [purpose for purpose, _, _ in shown(books, "--customer", "zeta")] == ["customer show", "audit search"]
    page = books.json("audit", "disclosures", "--limit", "1")
    assert [each["purpose"] for each in page["disclosures"]] == ["customer show"]
    assert shown(books, "--before", page["next"])[0][0] == "audit search"


def test_what_was_shown_is_no_fact(books: Terminal):
    before = books.json("audit", "verify")
    books.run("customer", "show", "acme")
    assert books.json("audit", "verify") == before
