"""A new kind of stream is added in one place, and whoever records, reads, shows or proves facts takes it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from domain.entry import credit_note_stream, invoice_stream, receipt_stream
from domain.kinds import KINDS, number_of
from tests.services.terminal import HOUSE

NOTE = '''
"""A note that was left: a kind of stream that nobody has thought of yet."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Left:
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    texts: tuple[str, ...]


def evolve(note: Note | None, fact: Left, on: date) -> Note:
    return Note((*(note.texts if note else ()), fact.text))


FACTS: dict[str, type] = {"note.left": Left}
'''
ONE_LINE = '        Kind("note", ("owner", "number"), note.FACTS, note.evolve),\n'

# Records a note, then types each command; what came of it is printed as JSON.
DRIVER = """
import sys
from pathlib import Path
import orjson
from typer.testing import CliRunner
import domain.kinds
from domain.entry import Cause
from domain.note import Left
from infra.settings import Settings
from services.assembly import assemble
from services.cli import app as typed

assert Path(domain.kinds.__file__).is_relative_to(Path.cwd())
with assemble(Settings.load()) as app:
    for name, asked in orjson.loads(sys.argv[1]):
        app.commands.run(name, asked, Cause("ann", name, "as agreed"))
    for number, text in enumerate(("call back", "called")):
        app.ledger.change(
            ["note:ann:7"], lambda note: {"note:ann:7": [Left(text)]},
            on=app.today(), cause=Cause("ann", f"note-{number}", "to remember"), content=text,
        )
    assert app.ledger.state("note:ann:7").texts == ("call back", "called")
runs = {}
for line in sys.argv[2:]:
    result = CliRunner().invoke(typed, line.split())
    runs[line] = [result.exit_code, result.stdout, result.stderr]
sys.stdout.buffer.write(orjson.dumps(runs))
"""
ISSUE = {"number": "R-1", "customer": "acme", "amount": "100.00", "currency": "EUR", "issued_on": "2026-01-05"}
TYPED = (
    "doctor --deep --format json",
    "audit search --kind note --oldest-first --format json",
    "audit search --command-id note-1",
    "audit search --format json",
    "audit export --format jsonl",
    "audit export --format log",
    "audit verify",
    "views rebuild",
    "views compare audit",
    "aging --as-of 2026-03-01 --format json",
    "risk",
    "customer show acme",
)


@pytest.mark.parametrize("number", ["2026/17", "R:1", "main:R:1"])
def test_a_number_is_whole_whatever_is_in_it(number):
    streams = invoice_stream(number, "main"), credit_note_stream(number, "main"), receipt_stream(number)
    assert [number_of(each) for each in streams] == [number] * 3


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of ours, with one kind more."""
    copy = tmp_path_factory.mktemp("house")
    for room in ("domain", "projections", "infra", "services"):
        shutil.copytree(HOUSE / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "domain" / "note.py").write_text(NOTE, encoding="utf-8")
    kinds = copy / "domain" / "kinds.py"
    text = kinds.read_text(encoding="utf-8")
    last = text.index("    )\n}")
    assert text.count("\nfrom domain import ") == 1
    text = (text[:last] + ONE_LINE + text[last:]).replace("\nfrom domain import ", "\nfrom domain import note, ")
    kinds.write_text(text, encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def runs(house: Path, shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each command answers in that house: exit code, output and errors."""
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "RECEIVABLES_DATABASE_URL": shared_database_url, "RECEIVABLES_HOME": str(home)}
    story = orjson.dumps([("invoice.issue", ISSUE)]).decode()
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, story, *TYPED], cwd=house, env=environment, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


@pytest.mark.parametrize("typed", TYPED)
def test_nothing_that_can_be_typed_is_in_the_way_of_a_kind_it_does_not_know(runs, typed):
    code, _, errors = runs[typed]
    assert (code, errors) == (0, "")


def test_the_trail_tells_its_facts_with_who_and_why(runs):
    facts = orjson.loads(runs["audit search --kind note --oldest-first --format json"][1])["facts"]
    assert [(fact["stream"], fact["name"], fact["data"], fact["reason"]) for fact in facts] == [
        ("note:ann:7", "note.left", {"text": "call back"}, "to remember"),
        ("note:ann:7", "note.left", {"text": "called"}, "to remember"),
    ]
    assert len(runs["audit export --format jsonl"][1].splitlines()) == 4
    assert len(runs["audit export --format log"][1].splitlines()) == 4


def test_the_doctor_finds_all_well(runs):
    diagnosis = orjson.loads(runs["doctor --deep --format json"][1])
    assert diagnosis["is_well"]
    assert {check["state"] for check in diagnosis["checks"]} == {"ok"}


def test_the_reports_are_as_they_were(runs):
    [total] = orjson.loads(runs["aging --as-of 2026-03-01 --format json"][1])["totals"]
    assert (total["open"], total["items"]) == ("100.00", 1)


def test_the_name_of_a_stream_says_of_which_kind_it_is_and_whose():
    assert {kind.prefix: kind.key for kind in KINDS.values()} == {
        "customer": ("customer",),
        "invoice": ("entity", "number"),
        "receipt": ("receipt",),
        "credit_note": ("entity", "credit_note"),
        "case": ("entity", "number"),
        "contact": ("entity", "on", "channel", "nth", "customer"),
        "policy": ("policy",),
        "entity": ("entity",),
        "tick": ("ledger",),
        "text": ("language",),
    }
    assert KINDS["invoice"].key_of("invoice:main:R:1") == {"entity": "main", "number": "R:1"}
    assert [name for kind in KINDS.values() for name in kind.facts if not name.startswith(f"{kind.prefix}.")] == []
