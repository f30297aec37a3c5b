"""One fact that cannot be read, one stream of another name: each is said where it is, and everything else goes on."""

from pathlib import Path

import orjson
import psycopg
import pytest

from domain import invoice as invoices
from infra.settings import Settings
from services.doctor import FAILED, OK, examine
from tests.services.desk import JAN_12
from tests.services.terminal import Terminal
from tests.tampering import unguarded

NEWER = "cannot be read by this release"


@pytest.fixture
def sold(desk, app):
    """R-1 paid by B-1, R-2 open: positions 1 to 6 and 7."""
    desk.issue("R-1", 100_00)
    desk.receive("B-1", 40_00, invoices=["R-1"], value_on=JAN_12)
    desk.ask(invoices.dispute, "R-1", reason_code="price", amount_minor=10_00)
    desk.issue("R-2", 60_00)
    app.projector.catch_up()
    # What is signed on leaving needs the head.
    app.sign()
    return app


def spoil(database_url, sql):
    with psycopg.connect(database_url, autocommit=True) as conn, unguarded(conn):
        assert conn.execute(sql.encode()).rowcount


NEWER_VERSION = (
    "update ledger.log set state = convert_to(replace(convert_from(state, 'UTF8'), '\"v\":1', '\"v\":2'), 'UTF8')"
    " where topic = 'invoice.partially_paid'"
)
SPOILT = {
    "of a newer version": NEWER_VERSION,
    "of an unknown name": "update ledger.log set topic = 'invoice.sold_on' where topic = 'invoice.partially_paid'",
    "garbage": "update ledger.log set state = '\\xff00' where topic = 'invoice.partially_paid'",
    "no envelope": "update ledger.log set state = '[1]' where topic = 'invoice.partially_paid'",
}
RENAMED = {
    "of no kind": "update ledger.log set originator_id = 'parcel:7' where originator_id = 'invoice:main:R-1'",
    "without its key": "update ledger.log set originator_id = 'invoice:R-1' where originator_id = 'invoice:main:R-1'",
    "without its beginning": "update ledger.log set originator_id = 'invoice:main:R-9'"
    " where originator_id = 'invoice:main:R-1' and originator_version > 1",
    "of another kind": "update ledger.log set originator_id = 'receipt:R-1' where originator_id = 'invoice:main:R-1'",
    "with nothing left": "update ledger.log set originator_id = '' where originator_id = 'invoice:main:R-1'",
}
HEADS = {"empty head": "delete from ledger.head"}


@pytest.fixture(params=[*SPOILT, *RENAMED, *HEADS])
def spoilt(request, sold, database_url):
    """Views that were there before go on; those of the terminal are made with the fault."""
    spoil(database_url, (SPOILT | RENAMED | HEADS)[request.param])
    return request.param


@pytest.fixture
def told(database_url: str, tmp_path: Path) -> Terminal:
    return Terminal(database_url, tmp_path)


def checks(database_url, tmp_path, **how):
    found = examine(Settings(home=tmp_path), database_url=database_url, **how)
    return {check.name: check for check in found.checks}


def test_every_check_of_the_doctor_is_made_whatever_is_wrong(spoilt, database_url, tmp_path):
    found = checks(database_url, tmp_path, deep=True)

    wrong = {name: check.message for name, check in found.items() if check.state == FAILED}
    names = {"database", "log", "head", "guard", "master key", "checkpoints", "kafka", "chain", "view audit"}
    assert {*names, "facts", "commands", "open items", "buckets", "erasure", "rows of audit"} <= found.keys()
    assert wrong
    assert all("\n" not in message and "Traceback" not in message for message in wrong.values())
    if spoilt not in HEADS:
        assert found["head"].state == found["guard"].state == OK


@pytest.mark.parametrize("name", SPOILT)
def test_the_doctor_says_which_fact_cannot_be_read(sold, database_url, tmp_path, name):
    spoil(database_url, SPOILT[name])

    found = checks(database_url, tmp_path, deep=True)

    assert found["facts"].state == FAILED
    assert found["facts"].message.startswith(f"invoice:main:R-1: position 5 {NEWER}: ")
    assert "; " not in found["facts"].message
    assert found["receipt"].state == found["allocation"].state == OK


COMMANDS = """
    audit search
    audit search --oldest-first --limit 3
    audit search --actor ann
    audit show R-1 --with-receipts
    audit show --customer acme
    audit export --format csv
    audit export --format log
    audit evidence R-1
    audit verify
    aging
    risk
    metrics
    provisions
    forecast
    worklist
    adherence --from 2026-01-01 --to 2026-02-01
    restatement --as-of 2026-02-01 --known-1 2026-01-05
    views list
    views parked audit
    views rebuild
    views compare open_items
    doctor
    doctor --deep
    invoice show R-1
    invoice show R-2
    receipt show B-1
    customer show acme
    escalate run
    escalate why-not R-1
    invoice dispute R-1 --reason-code price
    invoice dispute R-2 --reason-code price
    invoice issue R-7 --customer acme --amount 5 --currency EUR
    receipt record B-7 --amount 5 --currency EUR --invoice R-1 --value-on 2026-01-20
"""


def test_no_command_ends_without_a_sentence(spoilt, told):
    for command in COMMANDS.strip().splitlines():
        result = told.run(*command.split(), exits=...)
        assert result.exit_code in (0, 1, 3), command
        assert "Traceback" not in result.output


@pytest.mark.parametrize("name", SPOILT)
def test_the_audit_trail_shows_a_fact_nobody_can_read_as_such_and_goes_on(sold, told, database_url, name):
    spoil(database_url, SPOILT[name])

    for rows in (
        told.json("audit", "search", "--oldest-first")["facts"],
        [orjson.loads(line) for line in told.run("audit", "export", "--format", "jsonl").stdout.splitlines()],
    ):
        assert [row["position"] for row in rows] == [*range(1, len(rows) + 1)]
        row = rows[4]
        assert (row["stream"], row["version"], row["data"]) == ("invoice:main:R-1", 2, None)
        assert row["difference"].startswith(NEWER)
        assert all(each["data"] for each in rows if each is not row)
        [after] = [each for each in rows if each["name"] == "invoice.disputed"]
        assert after["difference"].startswith(f"not known: version 2 of its stream {NEWER}")
    shown = told.json("audit", "show", "R-1", "--with-receipts")["facts"]
    assert [each["data"] is None for each in shown] == [each["position"] == 5 for each in shown]
    assert NEWER in told.run("audit", "show", "R-1").stdout.replace("\n", " ")


@pytest.mark.parametrize("name", SPOILT)
def test_commands_on_its_stream_are_refused_and_say_which_fact(sold, told, database_url, name):
    spoil(database_url, SPOILT[name])

    code, message = told.refused("invoice", "dispute", "R-1", "--reason-code", "price", exits=3)

    assert code == "unreadable_fact"
    assert f"as version 2 of invoice:main:R-1 {NEWER}" in message
    told.run("invoice", "dispute", "R-2", "--reason-code", "price")


# A command that could run twice


def test_a_command_whose_answer_was_taken_away_is_found(sold, told, database_url, tmp_path):
    assert checks(database_url, tmp_path, deep=True)["commands"].state == OK
    spoil(database_url, "delete from ledger.commands where position = (select max(position) from ledger.commands)")

    found = checks(database_url, tmp_path, deep=True)["commands"]

    assert found.state == FAILED
    assert "would run again" in found.message


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ("update ledger.commands set answer = '{' where position = 5", "has not the answer that belongs to"),
        ("alter table ledger.commands rename answer to reply", "UndefinedColumn"),
    ],
)
def test_where_answers_cannot_be_read_every_other_check_is_made(sold, told, database_url, tmp_path, done, said):
    before = checks(database_url, tmp_path, deep=True)
    spoil(database_url, done)

    found = checks(database_url, tmp_path, deep=True)

    assert found["commands"].state == FAILED
    assert said in found["commands"].message
    assert {name: check.state for name, check in found.items() if name != "commands"} == {
        name: check.state for name, check in before.items() if name != "commands"
    }


def test_nobody_gives_a_command_the_id_of_an_import(told):
    for command_id in ("import:0123456789abcdef:7", "tick 2026-01-05"):
        code, _ = told.refused("customer", "register", "acme", "--command-id", command_id, exits=2)
        assert code == "bad_cause"


def test_imports_and_ticks_need_no_answer(told, tmp_path, database_url):
    file = tmp_path / "invoices.csv"
    file.write_text("customer,number,issued_on,due_on,amount,currency\nacme,A-1,2026-01-05,2026-01-20,100,EUR\n")
    told.run("import", "invoices", file)
    told.run("escalate", "run")

    assert checks(database_url, tmp_path, deep=True)["commands"].state == OK
