"""Keys, checkpoints and clocks as those who run it meet them: nothing is replaced in silence, and all else goes on."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import orjson
import psycopg
import pytest

from infra.clock import now
from infra.settings import Settings
from services.assembly import App, assemble
from services.doctor import BEHIND, FAILED, OK, examine
from services.processes.signing import signed_now_and_then
from tests.infra.following import becomes
from tests.services.conftest import SetClock
from tests.services.desk import Desk
from tests.services.terminal import Terminal

ISSUE = ("--customer", "acme", "--amount", "100", "--currency", "EUR", "--issued-on", "2026-01-05")


@pytest.fixture
def books(terminal: Terminal) -> Terminal:
    """An invoice, and a contact."""
    terminal.run("invoice", "issue", "A-1", *ISSUE)
    terminal.run("customer", "contact", "acme", "--name", "Ann Example", "--email", "ann@acme.example")
    return terminal


@pytest.fixture
def checks(database_url: str, tmp_path: Path) -> Callable[..., dict[str, tuple[str, str]]]:
    def checks(deep: bool = False) -> dict[str, tuple[str, str]]:
        found = examine(Settings(home=tmp_path), database_url=database_url, deep=deep)
        return {check.name: (check.state, check.message) for check in found.checks}

    return checks


# The master key


def test_where_nothing_personal_was_kept_no_key_is_made_and_nothing_is_missed(terminal: Terminal, checks):
    terminal.run("invoice", "issue", "A-1", *ISSUE)
    terminal.run("customer", "show", "acme")
    assert checks(deep=True)["master key"][0] == OK
    assert terminal.json("keys", "show")["master_key"]["state"] == "none yet"
    assert not (terminal.home / "master.key").exists()


def test_without_the_master_key_what_needs_it_refuses_and_says_what_to_put_back(books: Terminal, checks):
    path = books.home / "master.key"
    safe = path.rename(books.home / "safe")
    for asked in (
        ("customer", "show", "acme"),
        ("customer", "contact", "acme", "--name", "Bea Example"),
        ("receipt", "record", "P-1", "--amount", "5", "--currency", "EUR", "--payer", "Zoe"),
        ("audit", "show", "--customer", "acme", "--decrypt"),
        ("keys", "rotate"),
    ):
        code, message = books.refused(*asked, exits=3)
        assert code == "master_key_missing"
        assert str(path) in message and "put the file back" in message
    state, message = checks()["master key"]
    assert state == FAILED and "put the file back" in message
    assert books.json("keys", "show", exits=3)["master_key"]["state"] == "missing"
    assert not path.exists()
    safe.rename(path)
    assert books.json("customer", "show", "acme")["contact"]["name"] == "Ann Example"
    assert checks(deep=True)["master key"][0] == OK


def test_without_the_master_key_everything_else_works(books: Terminal, checks, tmp_path: Path):
    (books.home / "master.key").unlink()
    books.run("invoice", "issue", "A-2", *ISSUE)
    books.run("receipt", "record", "P-1", "--amount", "5", "--currency", "EUR", "--invoice", "A-1")
    rows = tmp_path / "rows.csv"
    rows.write_text("customer,number,issued_on,due_on,amount,currency\nann,R-1,2026-01-05,2026-02-04,100.00,EUR\n")
    assert books.json("import", "invoices", rows)["imported"] == 1
    assert books.json("aging")["totals"]
    assert len(books.json("audit", "show", "--customer", "acme")["facts"]) == 2
    books.run("views", "list")
    books.run("audit", "verify")
    found = checks(deep=True)
    assert [name for name, (state, _) in found.items() if state == FAILED] == ["master key", "personal data"]
    assert found["chain"][0] == OK


def test_another_ledgers_master_key_is_noticed_before_anything_is_encrypted_under_it(books: Terminal, checks):
    (books.home / "master.key").write_bytes(os.urandom(64))
    assert books.refused("customer", "contact", "acme", "--name", "Bea", exits=3)[0] == "master_key_wrong"
    assert books.refused("customer", "show", "acme", exits=3)[0] == "master_key_wrong"
    assert checks()["master key"][0] == FAILED
    assert books.json("keys", "show", exits=3)["master_key"]["state"] == "wrong"


def test_a_new_master_key_is_one_command(books: Terminal, checks):
    before = (books.home / "master.key").read_bytes()
    name = ("customer", "contact", "acme", "--name", "Bea Example", "--command-id", "c-1")
    books.run(*name)
    rotated = books.json("keys", "rotate")
    assert rotated["personal_keys"] == 1 and Path(rotated["old_file"]).read_bytes() == before
    assert books.json("customer", "show", "acme")["contact"]["name"] == "Bea Example"
    # The same command is known by its content, which was personal.
    assert "Done before" in books.run(*name).stdout
    shown = books.run("keys", "show").stdout
    assert "fits" in shown and before.hex() not in shown
    assert checks(deep=True)["personal data"][0] == OK


def test_looking_leaves_the_files_of_a_killed_rotation_where_they_are(books: Terminal, checks):
    key, new = books.home / "master.key", books.home / "master.key.new"
    old = Path(books.json("keys", "rotate")["old_file"])
    key.rename(new)
    os.link(old, key)
    before = {each.name: each.stat().st_ino for each in books.home.glob("master.key*")}
    assert len(before) == 3
    assert books.json("keys", "show")["master_key"]["state"] == "fits"
    found = checks(deep=True)
    assert (found["master key"][0], found["personal data"][0]) == (OK, OK)
    assert {each.name: each.stat().st_ino for each in books.home.glob("master.key*")} == before
    assert books.json("customer", "show", "acme")["contact"]["name"] == "Ann Example"
    assert key.stat().st_ino == before["master.key.new"] and not new.exists()


@pytest.mark.parametrize(
    "done",
    [
        "delete from ledger.personal_keys where customer = 'acme'",
        "update ledger.personal_keys a set wrapped = b.wrapped from ledger.personal_keys b"
        " where (a.customer, b.customer) in (('acme', 'zeta'), ('zeta', 'acme'))",
    ],
)
def test_personal_keys_that_are_missing_or_were_exchanged_are_found(books: Terminal, checks, database_url: str, done):
    books.run("customer", "register", "zeta")
    books.run("customer", "contact", "zeta", "--name", "Zeta Example")
    assert checks(deep=True)["personal data"] == (
        OK,
        "2 encrypted texts, and each can be opened with its customer's key",
    )
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(done.encode())
    code, message = books.refused("customer", "show", "acme", exits=3)
    assert code == "cannot_decrypt" and "acme" in message
    state, message = checks(deep=True)["personal data"]
    assert state == FAILED and "acme" in message and ("zeta" in message) == ("update" in done)
    [_, contact] = books.json("audit", "show", "--customer", "acme", "--decrypt")["facts"]
    assert contact["data"]["encrypted"] == "(its key is lost)"


@pytest.mark.parametrize("is_row_left", [True, False])
def test_an_erased_customers_texts_are_not_missed(books: Terminal, checks, database_url: str, is_row_left: bool):
    books.run("customer", "register", "gone")
    books.run("customer", "contact", "gone", "--name", "Gone Example")
    books.run("customer", "erase", "gone", "--reason", "asked for")
    if not is_row_left:
        with psycopg.connect(database_url, autocommit=True) as conn:
            conn.execute("delete from ledger.personal_keys where customer = 'gone'")
    assert checks(deep=True)["personal data"][0] == OK


# Checkpoints


def lines(terminal: Terminal) -> list[bytes]:
    return (terminal.home / "checkpoints.jsonl").read_bytes().splitlines()


def test_without_the_checkpoint_key_commands_go_on_unsigned_and_say_so_once(books: Terminal, checks):
    key, signed = books.home / "checkpoints.jsonl.key", lines(books)
    key.unlink()
    said = books.start("invoice", "issue", "A-2", *ISSUE).communicate()[1]
    assert said.count("unsigned") == 1 and "audit checkpoint --new-key" in said
    assert lines(books) == signed and not key.exists()
    state, message = checks()["checkpoints"]
    assert state == FAILED and "put the file back" in message
    assert books.json("keys", "show", exits=3)["checkpoint_key"]["state"] == "missing"
    assert books.json("audit", "verify")["checkpoint"] == 3
    assert books.refused("audit", "checkpoint", exits=3)[0] == "checkpoint_key_missing"
    assert lines(books) == signed


def test_a_new_checkpoint_key_is_begun_on_purpose_and_what_was_signed_before_still_counts(books: Terminal, checks):
    key = books.home / "checkpoints.jsonl.key"
    key.unlink()
    books.run("invoice", "issue", "A-2", *ISSUE)
    verified = books.json("audit", "checkpoint", "--new-key")
    assert (verified["checkpoint"], verified["broken_at"]) == (4, None)
    books.run("invoice", "issue", "A-3", *ISSUE)
    assert books.json("audit", "verify")["checkpoint"] == 5
    assert checks()["checkpoints"][0] == OK
    file = books.home / "checkpoints.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"position":3', b'"position":2', 1))
    assert books.refused("audit", "verify")[0] == "checkpoint_forged"


def test_where_another_ledgers_key_alone_is_left_a_new_one_is_begun_as_advised(books: Terminal, checks):
    """As in the home of an earlier release, which kept no public half."""
    (books.home / "checkpoints.jsonl.key").write_bytes(os.urandom(32))
    (books.home / "checkpoints.jsonl.pub").unlink()
    assert "audit checkpoint --new-key" in checks()["checkpoints"][1]
    assert "cannot be checked" in books.run("audit", "verify", exits=3).stderr
    begun = books.run("audit", "checkpoint", "--new-key")
    assert "intact" in begun.stdout and "could not be checked" in begun.stderr
    books.run("invoice", "issue", "A-2", *ISSUE)
    assert books.json("audit", "verify")["checkpoint"] == 4
    assert checks()["checkpoints"][0] == OK


def test_what_was_cut_short_in_the_checkpoint_file_is_said_and_stops_nothing(books: Terminal, checks):
    file = books.home / "checkpoints.jsonl"
    first, second = lines(books)
    file.write_bytes(first + b"\n" + second[:50] + second + b"\n")
    result = books.run("audit", "verify")
    assert "intact: 3 facts" in result.stdout and "line 2" in result.stderr
    state, message = checks()["checkpoints"]
    assert state == BEHIND and "line 2" in message
    books.run("invoice", "issue", "A-2", *ISSUE)
    assert books.json("audit", "verify")["checkpoint"] == 4


@pytest.mark.parametrize("left", [None, "", "garbage\n"])
def test_where_the_checkpoints_were_taken_away_the_log_is_not_signed_anew_by_any_command(books: Terminal, checks, left):
    path = books.home / "checkpoints.jsonl"
    path.unlink()
    if left is not None:
        path.write_text(left)
    books.run("invoice", "issue", "A-2", *ISSUE)
    state, message = checks()["checkpoints"]
    assert state == FAILED and "put the file back" in message and "receivables audit checkpoint" in message
    books.run("audit", "checkpoint")
    assert checks()["checkpoints"][0] == (BEHIND if left == "garbage\n" else OK)
    books.run("invoice", "issue", "A-3", *ISSUE)
    assert "is signed" in checks()["checkpoints"][1]


def test_whoever_has_nothing_to_hold_the_log_against_is_told_so(books: Terminal):
    for each in books.home.glob("checkpoints.jsonl*"):
        each.unlink()
    result = books.run("audit", "verify", "--format", "json")
    assert orjson.loads(result.stdout)["checkpoint"] is None
    assert "recomputed as a whole could not be told from the true one" in orjson.loads(result.stderr)["warning"]
    assert "there is no checkpoint" in books.run("audit", "verify").stderr


@pytest.fixture
def killed(database_url: str, tmp_path: Path) -> App:
    """Something was recorded under the command `c-1`, by a process that was killed before it signed."""
    with assemble(Settings(home=tmp_path), database_url=database_url) as app:
        Desk(app).issue("A-0", 5_00)
    app = assemble(Settings(home=tmp_path), database_url=database_url)
    Desk(app, "late").issue("A-1", 5_00)
    app.close()
    return app


def signed_to(path: Path) -> int:
    return int(orjson.loads((path / "checkpoints.jsonl").read_bytes().splitlines()[-1])["position"])


def test_what_a_killed_process_left_unsigned_the_next_that_comes_to_record_signs(
    killed: App, database_url: str, tmp_path: Path, checks
):
    before, head = signed_to(tmp_path), 3
    assert before == 2
    state, message = checks()["checkpoints"]
    assert state == BEHIND and "1 facts are not, the first of 20" in message
    with assemble(Settings(home=tmp_path), database_url=database_url) as reader:
        assert reader.audit.verify().checkpoint == before
    assert signed_to(tmp_path) == before
    with assemble(Settings(home=tmp_path), database_url=database_url) as repeats:
        assert Desk(repeats, "late").issue("A-1", 5_00).is_repeat
    assert signed_to(tmp_path) == head
    assert checks()["checkpoints"][0] == OK


def test_a_worker_signs_what_is_unsigned_when_it_starts_and_now_and_then(
    killed: App, database_url: str, tmp_path: Path
):
    with (
        assemble(Settings(home=tmp_path), database_url=database_url) as app,
        signed_now_and_then(app, every_seconds=0.05),
    ):
        assert becomes(lambda: signed_to(tmp_path) == 3)
        other = assemble(Settings(home=tmp_path), database_url=database_url)
        Desk(other, "more").issue("A-2", 5_00)
        other.close()
        assert becomes(lambda: signed_to(tmp_path) == 4)
        Event().wait(0.2)
        assert len((tmp_path / "checkpoints.jsonl").read_bytes().splitlines()) == 3


@pytest.mark.parametrize(
    ("done", "undone", "level"),
    [
        ("alter table ledger.head rename to neck", "alter table ledger.neck rename to head", "ERROR"),
        (
            "create table kept as select * from ledger.head; delete from ledger.head",
            "insert into ledger.head select * from kept; drop table kept",
            "WARNING",
        ),
    ],
)
def test_a_worker_that_could_not_sign_says_so_once_and_signs_when_it_can(
    killed: App, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, done: str, undone: str, level: str
):
    with (
        psycopg.connect(database_url, autocommit=True) as conn,
        assemble(Settings(home=tmp_path), database_url=database_url) as app,
    ):
        conn.execute(done.encode())
        with signed_now_and_then(app, every_seconds=0.05):
            assert becomes(lambda: "unsigned" in caplog.text)
            Event().wait(0.3)
            assert [each.levelname for each in caplog.records if "unsigned" in str(each.msg)] == [level]
            assert signed_to(tmp_path) == 2
            conn.execute(undone.encode())
            assert becomes(lambda: signed_to(tmp_path) == 3)


def test_the_projector_as_a_process_signs(killed: App, database_url: str, tmp_path: Path):
    worker = Terminal(database_url, tmp_path).start("work", "projector")
    try:
        assert becomes(lambda: signed_to(tmp_path) == 3)
    finally:
        worker.terminate()
        worker.communicate(timeout=20)


# Clocks


@pytest.fixture
def poisoned(database_url: str, tmp_path: Path) -> Iterator[None]:
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=SetClock(now() + timedelta(days=9))) as app:
        Desk(app).issue("A-1", 5_00)
    yield


def test_a_log_that_says_an_instant_still_to_come_is_an_alarm(poisoned: None, checks):
    state, message = checks()["clock"]
    assert state == FAILED and "is still to come: a clock ran ahead" in message


def test_a_right_clock_is_said_to_be_right(terminal: Terminal, checks):
    terminal.run("invoice", "issue", "A-1", *ISSUE)
    assert checks()["clock"][0] == OK


def test_a_program_with_the_machines_clock_has_it_looked_at_and_one_with_a_clock_of_its_own_has_not(
    database_url: str, tmp_path: Path
):
    far = SetClock(datetime(2999, 1, 1, tzinfo=UTC))
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=far) as app:
        assert app.ledger.recorder._guard is None
    with assemble(Settings(home=tmp_path), database_url=database_url) as app:
        assert app.ledger.recorder._guard is not None


def test_a_clock_that_runs_ahead_ends_a_command_with_a_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, database_url: str
):
    """The server, as it were, is a day late."""
    late = "select clock_timestamp() - interval '1 day', recorded_at, position from ledger.head"
    monkeypatch.setattr("infra.log.clock_guard._LOOK", late)
    code, message = terminal.refused("invoice", "issue", "A-1", *ISSUE, exits=3)
    assert code == "clock_ahead" and "RECEIVABLES_CLOCK_ACCEPTED_TO" in message
    terminal.environment |= {"RECEIVABLES_CLOCK_ACCEPTED_TO": "2999-01-01"}
    terminal.run("invoice", "issue", "A-1", *ISSUE)
    terminal.environment |= {"RECEIVABLES_CLOCK_ACCEPTED_TO": "soon"}
    assert "is no day" in terminal.refused("aging", exits=3)[1]
