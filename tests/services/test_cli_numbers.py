"""Numbers of any size and shape, wherever a number can be typed: done, refused by a rule, or wrong use."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.entry import Cause
from domain.refusal import Refused
from infra.settings import Settings
from services.assembly import App, assemble
from services.catalogue import CATALOGUE
from services.catalogue.command import Command
from services.catalogue.parameters import Form, Parameter, parameters
from services.cli import COMMANDS, _imported
from tests.services.conftest import SetClock
from tests.services.examples import value_of
from tests.services.terminal import Terminal

LARGE = ["9223372036854775807", "9223372036854775808", "-9223372036854775809", "4294967296", "2147483648", "1" * 40]
ODD = ["1e999999", "1e-999999", "1e400", "-1e17", "NaN", "sNaN", "-Infinity", "0x10", "1_000", "١٢", "--1", "+5", ".5"]
ODD += ["-0", "00", "1,2,3", "5%", "5 %", "½", "1e5", " 7 ", "", "36500", "36501", "3650000"]
numbers = st.one_of(
    st.sampled_from(LARGE + ODD),
    st.integers(-(2**70), 2**70).map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
)


def with_number(form: Form, text: str) -> list[Any]:
    """As a door may be given it, for every place in the parameter that a number has."""
    whole = [int(text)] if re.fullmatch(r"-?\d+", text) else []
    match form:
        case Form.NUMBER:
            return whole
        case Form.AMOUNT | Form.PERCENT:
            return [text]
        case Form.INSTALMENTS:
            return [[{"due_on": "2026-03-31", "amount": text}]]
        case Form.SCHEDULE:
            return [[{"days": 10, "percent": text}], *([{"days": each, "percent": "100"}] for each in whole)]
        case Form.DISCOUNTS:
            return [[{"percent": text, "days": 10}], *([{"percent": "2", "days": each}] for each in whole)]
        case Form.REMITTANCES:
            return [[{"invoice": "R-1", "amount": text}]]
    return []


NUMERIC = [
    (command, each)
    for command in CATALOGUE.values()
    for each in parameters(command)
    if with_number(each.form, "7") and each.name not in ("number",)
]


@pytest.fixture(scope="module")
def house(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    with assemble(settings, database_url=shared_database_url, clock=SetClock()) as app:
        owed = {"number": "R-1", "customer": "acme", "amount": "100", "currency": "EUR", "issued_on": "2026-01-05"}
        app.commands.run("invoice.issue", owed | {"due_on": "2026-01-20"}, Cause("ann", "first"))
        app.commands.run("receipt.record", {"receipt": "B-1", "amount": "10", "currency": "EUR"}, Cause("ann", "money"))
        app.bring_views_up_to_date()
        yield app


@pytest.mark.parametrize(("command", "parameter"), NUMERIC, ids=lambda each: each.name)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=numbers)
@example("9223372036854775808")
@example("1e999999")
@example("-1e999999")
def test_every_command_takes_a_number_or_refuses_it(house: App, command: Command[...], parameter: Parameter, text: str):
    for value in with_number(parameter.form, text):
        asked = {each.name: value_of(each) for each in parameters(command) if each.is_required or each is parameter}
        try:
            house.commands.run(
                command.name, asked | {parameter.name: value, "reason": "x"}, Cause("ann", house.new_id())
            )
        except Refused as refusal:
            assert refusal.message


# On the command line

GIVEN = {"--from": "2026-01-01", "--to": "2026-02-01", "--as-of": "2026-02-01", "--known-1": "2026-01-05"}
# Those that run until they are stopped, ask a broker, or make thousands of facts.
LEFT_OUT = {"work", "feed", "demo"}


def leaves(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, each in getattr(command, "commands", {}).items():
        yield from leaves(each, (*path, name))
    if not hasattr(command, "commands"):
        yield path, command


SHAPES = {
    "AMOUNT": ["{}"],
    "PERCENT": ["{}"],
    "DAY=AMOUNT": ["2026-03-31={}"],
    "DAYS[:PERCENT]": ["{}", "{}:100", "10:{}"],
    "PERCENT/DAYS": ["{}/10", "2/{}"],
    "NUMBER[=AMOUNT]": ["R-1={}"],
}


def shapes(option: Any) -> list[str]:
    """How a number is typed for this option; none where it takes none."""
    return ["{}"] if option.type_descriptor.annotation is int else SHAPES.get(option.metavar, [])


TYPED = [
    (path, option, command)
    for name in COMMANDS
    if name not in LEFT_OUT
    for path, command in leaves(_imported(name), (name,))
    for option in command.params
    if option.param_type_name == "option" and shapes(option)
]


def typed(path: tuple[str, ...], option: Any, command: Any, text: str) -> list[str]:
    words = [*path]
    for each in command.params:
        if each.param_type_name == "argument" and each.required:
            words.append("R-1" if path[0] == "invoice" else "general")
        elif each.required and each is not option:
            words += [each.opts[0], GIVEN.get(each.opts[0], "12")]
    return [*words, f"{option.opts[0]}={text}"]


@pytest.mark.parametrize(("path", "option", "command"), TYPED, ids=lambda each: getattr(each, "name", str(each)))
def test_every_number_that_can_be_typed_ends_in_an_answer_or_a_sentence(
    house: App, shared_database_url: str, path: tuple[str, ...], option: Any, command: Any
):
    terminal = Terminal(shared_database_url, house.settings.home)
    for shape in shapes(option):
        for text in ["9223372036854775808", "1" * 40, "-2147483649", "1e999999"]:
            result = terminal.run(*typed(path, option, command, shape.format(text)), exits=...)
            assert result.exit_code in (0, 1, 2), (text, result.output)
            assert "Traceback" not in result.output


DAYS = [
    (path, option, command)
    for name in COMMANDS
    if name not in LEFT_OUT
    for path, command in leaves(_imported(name), (name,))
    for option in command.params
    if option.type_descriptor.annotation in (date, datetime)
]


@pytest.mark.parametrize(("path", "option", "command"), DAYS, ids=lambda each: getattr(each, "name", str(each)))
def test_so_does_the_first_and_the_last_day_there_is(
    house: App, shared_database_url: str, path: tuple[str, ...], option: Any, command: Any
):
    terminal = Terminal(shared_database_url, house.settings.home)
    for text in ("0001-01-01", "9999-12-31"):
        result = terminal.run(*typed(path, option, command, text), exits=...)
        assert result.exit_code in (0, 1, 2), (text, result.output)
        assert "Traceback" not in result.output


def test_the_numbers_that_can_be_typed_are_found():
    assert {"--item", "--limit", "--after", "--before", "--window", "--weeks", "--share", "--commission"} <= {
        option.opts[0] for _, option, _ in TYPED
    }
    assert {command.name for command, _ in NUMERIC} >= {"customer.prepayment", "invoice.factor", "invoice.waive"}
