"""How commands end: exit codes, one sentence on standard error, and nothing but the answer on standard output."""

import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from importlib import metadata
from pathlib import Path

import orjson
import psycopg
import pytest
import typer
from typer.main import get_command

from infra.database import translated
from services import assembly
from services.cli import COMMANDS, _imported, app
from services.cli.ending import BAD_INPUT, ENVIRONMENT, STOPPED
from services.cli.session import guarded
from tests.services.terminal import HOUSE, Terminal

ISSUE = ("--customer", "acme", "--amount", "100", "--currency", "EUR", "--issued-on", "2026-01-05")


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A database that nobody can reach, named with a password; nobody waits for it long."""
    monkeypatch.setattr(assembly, "NAMED_WAIT", 0.05)
    return Terminal("postgresql://ann:secret@127.0.0.1:1/books", tmp_path)


def test_the_version_is_said_without_a_ledger(nowhere, monkeypatch):
    monkeypatch.setattr(metadata, "version", {"receivables": "0.1.0"}.get)
    assert nowhere.run("--version").stdout.startswith("receivables 0.1.0")


def test_without_a_command_there_is_help(nowhere):
    result = nowhere.run(exits=2)
    assert "What customers owe" in result.stdout and result.stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_there_at_every_level(nowhere, name):
    assert name in nowhere.run("--help").stdout
    assert "Usage: receivables" in nowhere.run(name, "--help").stdout
    for command in getattr(_imported(name), "commands", {}):
        shown = nowhere.run(name, command, "--help").stdout
        assert f"receivables {name} {command}" in shown
        assert "require_" not in shown and "Refuses" not in shown


def test_every_code_of_wrong_input_is_one_that_something_refuses():
    sources = [path.read_text() for folder in ("domain", "services") for path in (HOUSE / folder).rglob("*.py")]
    assert [code for code in BAD_INPUT if not any(f'Refused("{code}"' in source for source in sources)] == []


def test_why_something_is_done_is_one_word_in_every_command():
    message = {"--reason", "--why", "--because"}
    spelled = {each for _, command in _commands() for option in command.params for each in option.opts}
    assert spelled & message == {"--reason"}


def _commands():
    """With the groups they are in."""
    for name in COMMANDS:
        group = _imported(name)
        yield from ((name, each) for each in getattr(group, "commands", {"": group}).values())


def test_every_option_says_what_it_is_for():
    silent = [
        f"{group} {command.name} {option.opts[0]}"
        for group, command in _commands()
        for option in command.params
        if not getattr(option, "help", None)
    ]
    assert silent == []


def test_the_list_of_commands_is_that_of_the_modules():
    assert set(vars(get_command(app))["commands"]) == set(COMMANDS)
    assert all(isinstance(_imported(name), typer.core.TyperCommand | typer.core.TyperGroup) for name in COMMANDS)


@pytest.mark.parametrize(
    "typed", ["aging", "invoice show A-1", "import invoices {}", "audit verify", "views list", "demo"]
)
def test_a_database_that_does_not_answer_ends_with_3_and_what_to_do_next(nowhere, tmp_path, typed):
    (tmp_path / "a.csv").write_text("number\n")
    result = nowhere.run(*typed.format(tmp_path / "a.csv").split(), exits=ENVIRONMENT)
    assert result.stdout == ""
    assert result.stderr.startswith("unavailable: ") and len(result.stderr.splitlines()) == 1
    assert "RECEIVABLES_DATABASE_URL" in result.stderr and "secret" not in result.stderr


def test_for_programs_it_says_so_as_json(nowhere):
    code, message = nowhere.refused("aging", exits=ENVIRONMENT)
    assert code == "unavailable" and "postgresql://ann@127.0.0.1:1/books" in message


def test_a_wrong_setting_ends_with_3_and_names_itself(nowhere):
    nowhere.environment["RECEIVABLES_BUCKETS"] = "ninety"
    assert "RECEIVABLES_BUCKETS is 'ninety'" in nowhere.refused("aging", exits=ENVIRONMENT)[1]


def test_a_variable_that_is_no_setting_is_warned_about_once(terminal):
    terminal.environment["RECEIVABLES_ENTTY"] = "north"
    result = terminal.run("views", "list")
    assert result.stderr.count("RECEIVABLES_ENTTY is no setting and changes nothing") == 1
    assert "RECEIVABLES_ENTITY" in result.stderr
    told = terminal.run("views", "list", "--format", "json")
    assert orjson.loads(told.stderr).keys() == {"warning"}
    assert orjson.loads(told.stdout)["views"]


def test_what_stands_in_a_name_is_shown_and_never_obeyed(terminal):
    terminal.run("invoice", "issue", "[bold]A", *ISSUE, "--reference", "\x1b[2J\nfake line")
    shown = terminal.run("invoice", "show", "[bold]A").stdout
    assert "Invoice [bold]A" in shown and "\x1b" not in shown
    assert "[2J fake line" in shown


def test_a_view_made_by_another_version_is_told_and_can_be_made_anew(terminal, database_url):
    terminal.run("invoice", "issue", "A-1", *ISSUE)
    terminal.run("aging")
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("alter table view_open_items.open_periods add column other int")
        conn.execute("comment on schema view_open_items is 'other'")
    code, message = terminal.refused("aging", exits=ENVIRONMENT)
    assert code == "rebuild_needed" and "receivables views rebuild" in message
    assert terminal.json("views", "rebuild") == {"rebuilt": "all"}
    assert terminal.json("aging", "--as-of", "2026-01-31")["totals"][0]["open"] == "100.00"


# In a process of its own


@pytest.fixture
def filled(terminal):
    terminal.run("invoice", "issue", "A-1", *ISSUE)
    return terminal


def test_standard_output_is_the_answer_alone(filled):
    process = filled.start("aging", "--as-of", "2026-01-31", "--format", "json")
    printed, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")
    assert orjson.loads(printed)["totals"][0]["open"] == "100.00"


@pytest.mark.parametrize("form", ["table", "csv"])
def test_whoever_stops_reading_ends_the_command_in_peace(filled, form):
    reader, writer = os.pipe()
    os.close(reader)
    process = filled.start("aging", "--format", form, stdout=writer)
    os.close(writer)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_ends_with_3(filled):
    with open("/dev/full", "w") as full:
        process = filled.start("aging", "--format", "csv", stdout=full)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == ENVIRONMENT
    assert said == "unavailable: the machine says: [Errno 28] No space left on device\n"


def test_ctrl_c_ends_with_a_sentence_and_what_was_recorded_stays(terminal, database_url):
    process = terminal.start("demo", "--customers", "60")
    with psycopg.connect(database_url, autocommit=True) as conn:
        recorded = _first_facts(conn, process)
        # However slow we are, it is not done before it is stopped: nothing is recorded while somebody holds the head.
        with conn.transaction():
            conn.execute("select from ledger.head for update")
            process.send_signal(signal.SIGINT)
            printed, said = process.communicate(timeout=120)
    assert (process.returncode, printed) == (STOPPED, "")
    assert said == "stopped: what was recorded before stays, and the same command goes on from there\n"
    assert terminal.json("audit", "verify")["verified"] >= recorded


@pytest.mark.parametrize("translate", [False, True])
def test_what_fails_because_of_ctrl_c_is_not_why_it_ends(translate):
    """The driver cancels what it waits for, and the server may have another error first: 3 instead of 130."""
    with pytest.raises(KeyboardInterrupt), guarded(), translated() if translate else nullcontext():
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise psycopg.errors.LockNotAvailable("canceling statement due to lock timeout")  # noqa: B904


def _first_facts(conn, process):
    while process.poll() is None:
        with suppress(psycopg.errors.UndefinedTable):
            [(head,)] = conn.execute("select position from ledger.head").fetchall()
            if head:
                return head
        time.sleep(0.01)
    raise AssertionError(f"nothing was recorded: {process.communicate()}")


def test_the_console_script_is_the_same_command(filled):
    script = Path(os.path.dirname(sys.executable)) / "receivables"
    if not script.exists():
        pytest.skip("the project is not installed here: make install makes the command")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("receivables 0.")
