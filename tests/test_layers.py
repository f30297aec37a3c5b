"""The arrows of the house: domain <- projections <- infra <- services, and nothing from outside but through infra."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("domain", "projections", "infra", "services")
CLOSED_ROOMS = ("domain", "projections")
SAYS_NOTHING = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
OUTSIDE = re.compile(
    r"datetime\.(datetime\.(now|utcnow|today)|date\.today)|time\.(time|time_ns|localtime|gmtime|ctime)|uuid\.uuid[1467]"
    r"|os\.(environb?|getenvb?|urandom|getlogin)|getpass\.getuser|(random|secrets)(\..*)?"
)

# Ways in, each for people or programs of its own: none is built upon another.
DOORS = ("services.cli",)
CATALOGUE = "services.catalogue"

# Of the schema `ledger`, SQL of a projection names one view.
OTHER_THAN_FACTS = re.compile(r'\bledger"?\.(?!"?facts\b)"?\w+', re.IGNORECASE)


def infringements(room: str, source: str) -> list[str]:
    """What a module of that room does that it may not, each with its line."""
    tree = ast.parse(source)
    found = [(line, _wrong_import(room, module)) for line, module in _imports(tree)]
    if room != "infra":
        found += [(line, _wrong_use(name)) for line, name in _names(tree)]
    if room == "projections":
        found += [(line, _wrong_sql(text)) for line, text in _texts(tree)]
    return [f"line {line}: {wrong}" for line, wrong in sorted(set(found), key=str) if wrong]


def _wrong_import(room: str, module: str) -> str:
    target = module.split(".")[0]
    if target in ROOMS:
        is_back = ROOMS.index(target) > ROOMS.index(room)
        return f"{room} imports {target}: the arrow runs backwards" if is_back else ""
    if target in ("tests", "bench"):
        return f"{room} imports {target}"
    is_foreign = target not in sys.stdlib_module_names or target == "importlib"
    return f"{room} imports {target}, which is not for it" if room in CLOSED_ROOMS and is_foreign else ""


def wrong_doors(file: str, source: str) -> list[str]:
    """What a file of services imports though it must be there without it: a door, or what is built upon it."""
    found = []
    for line, module in _imported(ast.parse(source)):
        for door in DOORS:
            if _is_in(module, door) and not _is_in(file, door):
                found.append(f"line {line}: {file} imports {module}, and doors are for nobody but themselves")
        if _is_in(file, CATALOGUE) and _is_in(module, "services") and not _is_in(module, CATALOGUE):
            found.append(f"line {line}: {file} imports {module}: the catalogue stands below all who give its commands")
    return found


def _is_in(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """As `_imports`, but by the full name of each thing: `from services import cli` imports `services.cli`."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from ((node.lineno, f"{module}.{each.name}") for each in names)
            case ast.Import(names=names):
                yield from ((node.lineno, each.name) for each in names)


def _wrong_use(name: str) -> str:
    return f"{name}: clock, chance and environment belong to infra" if OUTSIDE.fullmatch(name) else ""


def _wrong_sql(text: str) -> str:
    found = OTHER_THAN_FACTS.search(text)
    return f"{found[0]}: of the ledger, SQL of a projection names ledger.facts alone" if found else ""


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, each.name) for each in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield node.lineno, module
            case ast.Name(id="__import__"):
                yield node.lineno, "importlib"


def _rooms_of_services(source: str) -> set[str]:
    """What of `services` is imported, as far as its second name."""
    tree = ast.parse(source)
    whole = {module for _, module in _imports(tree)} | {name or "" for name in _full_names(tree).values()}
    return {".".join(name.split(".")[:2]) for name in whole}


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported name in use, by its full name, whatever it was imported as."""
    full = _full_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            root, *rest = ast.unparse(node).split(".")
            if root in full:
                yield node.lineno, ".".join([full[root], *rest])


def _full_names(tree: ast.AST) -> dict[str, str]:
    full: dict[str, str | None] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                full |= {each.asname or each.name.split(".")[0]: each.asname and each.name for each in names}
            case ast.ImportFrom(module=str(module), names=names, level=0):
                full |= {each.asname or each.name: f"{module}.{each.name}" for each in names}
    return {name: meant or name for name, meant in full.items()}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_keeps_the_arrows(room):
    files = sorted((HOUSE / room).rglob("*.py"))
    assert files
    found = {str(file.relative_to(HOUSE)): infringements(room, file.read_text(encoding="utf-8")) for file in files}
    assert {file: wrong for file, wrong in found.items() if wrong} == {}


def test_only_the_command_line_knows_the_command_line():
    files = [file for file in (HOUSE / "services").rglob("*.py") if "cli" not in file.relative_to(HOUSE).parts]
    assert [str(file) for file in files if "services.cli" in _rooms_of_services(file.read_text(encoding="utf-8"))] == []
    assert "services.cli" in _rooms_of_services("from services.cli.session import print_json")
    assert "services.cli" in _rooms_of_services("from services import cli")


def test_amounts_become_text_for_programs_in_answers_alone():
    files = [file for room in ("projections", "infra", "services") for file in (HOUSE / room).rglob("*.py")]
    elsewhere = [file for file in files if "answers" not in file.relative_to(HOUSE).parts]
    used = {name for file in elsewhere for _, name in _names(ast.parse(file.read_text(encoding="utf-8")))}
    assert "domain.money.readable" in used
    assert "domain.money.major" not in used


def test_no_door_is_built_upon_another_and_the_catalogue_knows_none():
    files = {
        file: ".".join(file.relative_to(HOUSE).with_suffix("").parts) for file in (HOUSE / "services").rglob("*.py")
    }
    assert {f"{name}.".startswith("services.cli.") for name in files.values()} == {True, False}
    assert [
        wrong for file, name in files.items() for wrong in wrong_doors(name, file.read_text(encoding="utf-8"))
    ] == []


def test_every_module_is_named_for_something():
    files = [file for room in (*ROOMS, "tests") for file in (HOUSE / room).rglob("*.py")]
    assert [file for file in files if SAYS_NOTHING & {file.stem, *file.relative_to(HOUSE).parts}] == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("domain", "import projections.open_items.aging"),
        ("domain", "from infra.log.ledger import Ledger"),
        ("domain", "def later():\n    from services import cash"),
        ("projections", "from infra import database"),
        ("infra", "from services.assembly import assemble"),
        ("services", "from tests.stories import given"),
        ("domain", "import orjson"),
        ("domain", "from eventsourcing.domain import Aggregate"),
        ("projections", "import psycopg"),
        ("domain", "import importlib"),
        ("domain", "infra = __import__('infra')"),
        ("domain", "from datetime import datetime\nnow = datetime.now()"),
        ("domain", "from datetime import datetime as instant\nnow = instant.utcnow()"),
        ("services", "import datetime\ntoday = datetime.date.today()"),
        ("services", "import datetime as dt\nclock = dt.datetime.now"),
        ("services", "from datetime import date\ntoday = date.today()"),
        ("projections", "import time\nat = time.time()"),
        ("projections", "from time import time as clock\nat = clock()"),
        ("services", "from uuid import uuid4\nid = uuid4()"),
        ("services", "import uuid\nid = uuid.uuid4()"),
        ("services", "import os\nurl = os.environ['X']"),
        ("services", "import os\nurl = os.getenv('X')"),
        ("services", "from os import environ\nurl = environ.get('X')"),
        ("domain", "import random\nx = random.random()"),
        ("domain", "from random import Random\nx = Random(1)"),
        ("services", "from secrets import token_hex\nx = token_hex()"),
        ("projections", "sql = 'select notification_id from ledger.log'"),
        ("projections", "sql = f'select from {SCHEMA}.entries e join ledger.log l on l.notification_id = e.position'"),
        ("projections", "sql = 'select state from ledger.facts where position <= ledger.position_at(%s)'"),
        ("projections", 'sql = \'select from "ledger"."log"\''),
    ],
)
def test_the_guard_sees_a_planted_fault(room, source):
    assert infringements(room, source)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("services.catalogue.wire", "from services.cli.options import Form"),
        ("services.catalogue.wire", "from services import cli"),
        ("services.catalogue.wire", "from services.commands import Commands"),
        ("services.catalogue.wire", "def later():\n    import services.assembly"),
        ("services.answers.customer", "from services.cli.screen.lines import plain"),
        ("services.commands", "import services.cli.ending"),
        ("services.climate", "from services import cli"),
    ],
)
def test_a_planted_way_through_a_door_is_seen(file, source):
    assert wrong_doors(file, source)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("services.cli.session", "from services.cli import ending\nfrom services.assembly import App"),
        ("services.catalogue.wire", "from services.catalogue.parameters import Form\nfrom domain.kinds import KINDS"),
        ("services.commands", "from services.catalogue import CATALOGUE\nfrom services.climate import warm"),
    ],
)
def test_what_is_no_way_through_a_door_passes(file, source):
    assert wrong_doors(file, source) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("domain", "from datetime import date, datetime\nday = date(2026, 1, 1)\nwhen = datetime.fromisoformat('x')"),
        ("domain", "words = 'import psycopg; datetime.now(); os.environ'\n# date.today()"),
        ("domain", '"""random.random() and time.time()"""'),
        ("domain", "def draw(random, clock):\n    return random.random(), clock.now()"),
        ("domain", "from domain.money import major"),
        ("projections", "import json\nfrom domain import invoice"),
        ("projections", "sql = 'select position from ledger.facts'\nwords = 'It is in the ledger. It is paid.'"),
        ("infra", "import os, random, psycopg\nfrom datetime import datetime\nx = datetime.now(), os.environ"),
        ("services", "import typer\nfrom infra.clock import now\nat = now()"),
        ("services", "import os, time\nsize = os.path.getsize('x')\nspent = time.perf_counter()"),
    ],
)
def test_the_guard_lets_honest_code_pass(room, source):
    assert infringements(room, source) == []
