"""Signs that a terminal would obey: of a file's head or name, an argument or a stored text, none reaches it."""

import io
import sys

import orjson
import pytest
from rich.console import Console
from rich.text import Text

from services.cli.screen.plainly import PlainConsole, PlainStream, plain_json
from services.cli.session import as_json
from tests.services.terminal import Terminal

# Red, erase the screen, a title, the same in one sign, from right to left, a bell.
EVIL = "x\x1b[31m\x1b[2J\x1b]0;owned\x07\x9b31m\u202ey"
HEAD = f"customer,{EVIL},issued_on,due_on,amount,currency\n"
ROWS = "customer,number,issued_on,due_on,amount,currency\nacme,A-1,2026-01-05,2026-01-20,x,EUR\n"


def obeyed(text: str) -> list[str]:
    return [each for each in text if not each.isprintable() and each != "\n"]


@pytest.fixture
def terminal(shared_database_url, tmp_path_factory):
    """One ledger for all that is typed here."""
    return Terminal(shared_database_url, tmp_path_factory.getbasetemp() / "plainly")


@pytest.fixture
def evil_file(tmp_path):
    file = tmp_path / f"{EVIL}[bold].csv"
    file.write_text(ROWS)
    return file


@pytest.fixture
def evil_head(tmp_path):
    file = tmp_path / "invoices.csv"
    file.write_text(HEAD + "acme,A-1,2026-01-05,2026-01-20,1,EUR\n")
    return file


def typed(file, head):
    return {
        "a file's head": ["import", "invoices", head],
        "a file's head, asked for by name": ["import", "invoices", head, "--map", f"number={EVIL}", "--map", "tax=no"],
        "a column that is asked for": ["import", "invoices", file, "--map", f"number={EVIL}"],
        "a field that is asked for": ["import", "invoices", file, "--map", f"{EVIL}=number"],
        "a file's name": ["import", "invoices", file],
        "the name of a file that is not there": ["import", "invoices", f"{EVIL}.csv"],
        "an encoding": ["import", "invoices", file, "--encoding", EVIL],
        "a date format": ["import", "invoices", file, "--date-format", EVIL],
        "a currency": ["import", "invoices", file, "--currency", EVIL],
        "the file of rejects": ["import", "invoices", file, "--rejects", f"/nowhere/{EVIL}"],
        "an export": ["audit", "verify", "--export", EVIL],
        "an output": ["aging", "--output", f"/nowhere/{EVIL}.csv"],
        "an ending": ["aging", "--output", f"/nowhere/{EVIL}"],
        "a customer": ["customer", "show", EVIL],
        "an invoice": ["invoice", "show", EVIL],
        "an invoice to be written off": ["invoice", "write-off", EVIL, "--reason", EVIL],
        "an amount": ["invoice", "fee", "A-1", "--amount", EVIL, "--basis", "x"],
        "a day": ["aging", "--as-of", EVIL],
        "an instant": ["aging", "--known-at", EVIL],
        "a choice": ["aging", "--by", EVIL],
        "a form": ["aging", "--format", EVIL],
        "a command": [EVIL],
        "a command of a group": ["invoice", EVIL],
        "an option": ["aging", f"--{EVIL}"],
        "a kind": ["audit", "search", "--kind", EVIL],
        "a policy": ["policy", "show", EVIL],
        "a policy's file": ["policy", "validate", EVIL],
        "a contact": ["message", "show", EVIL],
        "an actor": ["customer", "register", "acme", "--actor", EVIL],
        "a view": ["views", "rebuild", EVIL],
    }


@pytest.mark.parametrize("where", typed("", ""))
def test_nothing_that_a_terminal_would_obey_is_printed(terminal, evil_file, evil_head, where):
    for form in ([], ["--format", "json"]):
        result = terminal.run(*typed(evil_file, evil_head)[where], *form, exits=...)
        assert result.exit_code in (0, 1, 2)
        assert result.output
        assert obeyed(result.stdout) == obeyed(result.stderr) == []


def test_a_program_reads_the_very_text(terminal, evil_file):
    answer = terminal.json("import", "invoices", evil_file, exits=1)

    assert answer["reject_file"] == f"{evil_file}.rejects.csv"


def test_a_setting_that_is_wrong_is_only_shown(terminal):
    terminal.environment["RECEIVABLES_TIME_ZONE"] = EVIL

    assert obeyed(terminal.run("aging", exits=3).output) == []


def test_what_was_stored_is_only_shown(terminal):
    terminal.run("customer", "register", "acme")
    terminal.run("customer", "contact", "acme", "--name", EVIL)

    for shown in (["customer", "show", "acme"], ["audit", "search", "--decrypt"]):
        assert obeyed(terminal.run(*shown).output) == []
    assert terminal.json("customer", "show", "acme")["contact"]["name"] == EVIL


def test_a_console_keeps_its_colours_and_lines_and_nothing_of_the_text():
    def printed(console: type[Console]) -> str:
        stream = io.StringIO()
        console(file=stream, force_terminal=True, color_system="standard", width=200).print(
            Text.assemble(("bold", "bold"), f" {EVIL}\nnext")
        )
        return stream.getvalue()

    assert printed(PlainConsole) == "\x1b[1mbold\x1b[0m x [31m [2J ]0;owned 31m y\nnext\n"
    assert "\x1b[2J" in printed(Console)


def test_a_sheet_on_a_terminal_is_plain_and_in_a_file_as_it_is():
    stream = io.StringIO()
    plainly = PlainStream(stream)
    plainly.writelines([f"{EVIL},1\r\n", "b,2\n"])
    assert stream.getvalue() == "x [31m [2J ]0;owned  31m y,1\nb,2\n"
    assert plainly.isatty()


@pytest.mark.parametrize("text", [EVIL, "Müller", "plain", "\x7f", "日本", "\u2028", "a\\u001b"])
def test_json_says_the_same_with_signs_that_no_terminal_obeys(text):
    answer = {"name": text}
    assert orjson.loads(as_json(answer)) == answer
    assert obeyed(as_json(answer).decode()) == []
    assert plain_json('"ü"') == '"ü"'


def test_undecodable_names_are_shown_as_far_as_they_are(terminal, tmp_path):
    name = tmp_path / b"\xff\x1b[31m.csv".decode(sys.getfilesystemencoding(), "surrogateescape")
    assert obeyed(terminal.run("import", "invoices", name, exits=2).output) == []
