"""What makes a command the same as one asked before: its name, its arguments, its day if given, and its reason.

A line of golden/commands.jsonl is never changed or taken out. A new command adds its own.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from domain.entry import Cause, receipt_stream
from domain.receipt import Remittance
from infra.log.decision import Done
from infra.settings import Settings
from services.assembly import App, assemble
from services.catalogue import CATALOGUE
from services.catalogue.command import Asked, Change, Command, Decided, Reader, Request
from services.catalogue.parameters import Parameter, parameters
from tests.services.conftest import SetClock
from tests.services.examples import another_value_of, example, shortest, value_of
from tests.tampering import unguarded

GOLDEN = Path(__file__).parents[1] / "golden" / "commands.jsonl"
LINES: list[dict[str, Any]] = [orjson.loads(line) for line in GOLDEN.read_bytes().splitlines()]
MASTER_KEY = bytes(range(64))
JAN_20 = date(2026, 1, 20)
PAID = {"receipt": "B-1", "amount": "5.00", "currency": "EUR", "payer": "Ann Example, Hamburg"}


def decides_nothing(asked: Asked, reader: Reader) -> Change:
    def decide(state: object) -> Decided:
        return {}

    return Change([asked.stream], decide, asked.day)


class Door:
    """By name, as all doors give commands; whatever the ledger holds, they decide nothing."""

    def __init__(self, app: App):
        self.app = app

    def __call__(self, name: str, arguments: dict[str, object], command_id: str = "c", actor: str = "ann") -> Done:
        return self.app.commands.run(name, arguments, Cause(actor, command_id))

    def by_value(self, **arguments: object) -> Done:
        request = Request(CATALOGUE["receipt.record"], {"amount_minor": 5_00, "currency": "EUR"} | arguments)
        return self.app.commands.give(receipt_stream("B-1"), request, cause=Cause("ann", "v"))

    def hash_of(self, command_id: str = "c") -> str:
        with self.app.pool.connection() as conn:
            [(content,)] = conn.execute("select content_hash from ledger.commands where id = %s", (command_id,))
        return str(content.hex())


def with_key(home: Path, key: bytes = MASTER_KEY, **settings: Any) -> Settings:
    home.mkdir(exist_ok=True)
    (home / "fixed.key").write_bytes(key)
    return Settings(home=home, master_key_file=home / "fixed.key", **settings)


@pytest.fixture(scope="module")
def house(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    settings = with_key(tmp_path_factory.mktemp("home"))
    with assemble(settings, database_url=shared_database_url, clock=SetClock()) as app:
        yield app


@pytest.fixture
def door(house: App, monkeypatch: pytest.MonkeyPatch) -> Door:
    for name, command in CATALOGUE.items():
        monkeypatch.setitem(CATALOGUE, name, replace(command, plan=decides_nothing, finish=None))
    monkeypatch.setattr(house.commands, "currency_of", lambda stream: "EUR")
    with house.pool.connection() as conn, unguarded(conn):
        conn.execute("truncate ledger.commands")
    return Door(house)


def telling(command: Command[...]) -> list[Parameter]:
    """All but a currency that is only held against that of what the command is about."""
    return [each for each in parameters(command) if each.argument or each.name != "currency"]


def without(asked: dict[str, object], name: str) -> dict[str, object]:
    return {given: value for given, value in asked.items() if given != name}


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_same_command_again_gives_the_first_answer_whoever_asks(door, name):
    asked = example(CATALOGUE[name])
    first = door(name, asked)

    again = door(name, dict(reversed(asked.items())), actor="somebody else")

    assert not first.is_repeat
    assert again == replace(first, is_repeat=True)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_same_command_id_with_any_other_argument_day_or_reason_is_refused(door, name, refused):
    asked = example(CATALOGUE[name])
    door(name, asked)

    for parameter in telling(CATALOGUE[name]):
        with refused("command_reused"):
            door(name, asked | {parameter.name: another_value_of(parameter)})
        if not parameter.is_required:
            with refused("command_reused"):
                door(name, without(asked, parameter.name))


@pytest.mark.parametrize("name", CATALOGUE)
def test_whatever_is_given_only_the_second_time_makes_it_another_command(door, name, refused):
    asked = shortest(CATALOGUE[name])
    door(name, asked)

    for parameter in telling(CATALOGUE[name]):
        if parameter.name not in asked:
            with refused("command_reused"):
                door(name, asked | {parameter.name: value_of(parameter)})


def test_the_same_command_id_for_another_command_is_refused(door, refused):
    door("invoice.pay_advance", {"number": "R-1"})

    with refused("command_reused"):
        door("invoice.release_reserve", {"number": "R-1"})


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_command_without_a_day_is_the_same_after_midnight(door, name):
    asked = shortest(CATALOGUE[name])
    door(name, asked)

    clock: Any = door.app.clock
    clock.pass_by(days=1)

    assert door(name, asked).is_repeat


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_argument_given_as_its_default_is_the_same_as_not_given(door, name):
    asked = shortest(CATALOGUE[name])
    door(name, asked)

    left_out = [each for each in parameters(CATALOGUE[name]) if each.name not in asked]
    assert door(name, asked | {each.name: None for each in left_out}).is_repeat
    assert door(name, asked | {each.name: as_typed(each.default) for each in left_out}).is_repeat


def as_typed(default: object) -> object:
    """A default as it comes in at a door."""
    if default == ():
        return []
    return f"{default}.00" if type(default) is int else default


def test_by_value_too_a_default_that_is_spelled_out_makes_no_other_command(door):
    door.by_value()

    assert door.by_value(invoices=[], references=(), entity="main", payer=None).is_repeat
    assert door.by_value(invoices=(), references=[]).is_repeat


def test_by_value_a_list_is_the_same_as_a_tuple(door):
    door.by_value(invoices=[Remittance("R-1")])

    assert door.by_value(invoices=(Remittance("R-1"),)).is_repeat


def test_by_name_and_by_value_the_same_command_is_one(door):
    door("receipt.record", PAID | {"invoices": ["R-1"], "value_on": "2026-01-20", "reason": "bank file"})

    request = Request(
        CATALOGUE["receipt.record"],
        {"amount_minor": 5_00, "currency": "EUR", "invoices": [Remittance("R-1")], "payer": PAID["payer"]},
    )
    cause = Cause("ann", "c", "bank file")
    assert door.app.commands.give(receipt_stream("B-1"), request, cause=cause, on=JAN_20).is_repeat


def test_the_entity_that_is_configured_is_the_same_as_that_entity_named(database_url, tmp_path, refused):
    with assemble(Settings(home=tmp_path, entity="branch"), database_url=database_url, clock=SetClock()) as app:
        for name, asked in (
            ("invoice.issue", {"number": "R-1", "customer": "acme", "amount": "5.00", "currency": "EUR"}),
            ("receipt.record", {"receipt": "B-1", "amount": "5.00", "currency": "EUR"}),
        ):
            cause = Cause("ann", name)
            app.commands.run(name, asked, cause)
            assert app.commands.run(name, asked | {"entity": "branch"}, cause).is_repeat
            with refused("command_reused"):
                app.commands.run(name, asked | {"entity": "main"}, cause)


# What is pinned


def test_every_command_has_its_golden_line(door):
    known = [line["name"] for line in LINES]
    assert known == sorted({*known})
    lines_to_add = []
    for name in sorted(CATALOGUE.keys() - {*known}):
        arguments = example(CATALOGUE[name])
        door(name, arguments, command_id=name)
        lines_to_add.append(orjson.dumps({"name": name, "arguments": arguments, "hash": door.hash_of(name)}).decode())
    assert lines_to_add == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["name"])
def test_the_content_hash_of_a_command_stays_what_it_was(door, line):
    door(line["name"], line["arguments"])

    assert door.hash_of() == line["hash"]


def test_no_name_of_a_function_or_of_a_module_is_in_the_hash(door, monkeypatch):
    for name, command in CATALOGUE.items():
        monkeypatch.setitem(CATALOGUE, name, replace(command, asks=moved_and_renamed(command.asks)))

    for line in LINES:
        door(line["name"], line["arguments"], command_id=line["name"])
        assert door.hash_of(line["name"]) == line["hash"]


def moved_and_renamed(asks: Callable[..., object]) -> Callable[..., object]:
    """What asks for the same, under another name and in another module."""

    @functools.wraps(asks, assigned=("__annotations__",), updated=())
    def renamed(*given: object, **more: object) -> object:
        raise AssertionError("it is not run here")

    return renamed


# Personal data


def test_the_payer_is_content_and_cannot_be_read_from_it(app, refused):
    first = app.commands.run("receipt.record", PAID, Cause("ann", "c"))

    assert app.commands.run("receipt.record", PAID, Cause("ann", "c")) == replace(first, is_repeat=True)
    for other in ({"payer": "Ann Example, Berlin"}, {"payer": None}):
        with refused("command_reused"):
            app.commands.run("receipt.record", PAID | other, Cause("ann", "c"))
    with app.pool.connection() as conn:
        [(kept, answer)] = conn.execute("select c::text, convert_from(answer, 'UTF8') from ledger.commands c")
    for readable in ("Ann Example", b"Ann Example".hex()):
        assert readable not in kept + answer


def test_names_cannot_be_tried_against_the_hash_by_who_lacks_the_master_key(database_url, tmp_path, monkeypatch):
    contact = replace(CATALOGUE["customer.contact"], plan=decides_nothing)
    monkeypatch.setitem(CATALOGUE, "customer.contact", contact)
    named, unnamed = set(), set()
    for folder, key in (("one", MASTER_KEY), ("two", MASTER_KEY[::-1])):
        with psycopg.connect(database_url, autocommit=True) as conn:
            conn.execute("delete from ledger.shared_keys")
        with assemble(with_key(tmp_path / folder, key), database_url=database_url, clock=SetClock()) as app:
            door = Door(app)
            door("customer.contact", {"customer": "acme", "name": "Ann Example"}, f"named {folder}")
            door("customer.contact", {"customer": "acme"}, f"unnamed {folder}")
            named.add(door.hash_of(f"named {folder}"))
            unnamed.add(door.hash_of(f"unnamed {folder}"))
    assert (len(named), len(unnamed)) == (2, 1)
