"""The catalogue: every command is whole, its schema says what every door takes, and a fault in one is seen."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pytest

from domain.entry import Cause
from domain.invoice import Invoice
from domain.invoice.facts import Fact, Voided
from domain.kinds import KINDS
from services.catalogue import CATALOGUE, contacts, credit_notes, customers, invoices, policies, receipts, texts
from services.catalogue.command import Asked, Change, Command, Permission, Reader, of_invoice, planned
from services.catalogue.invoices import VOID
from services.catalogue.parameters import Unformed, parameters
from services.catalogue.wire import model, schema
from tests.services.examples import example, shortest

MODULES = (invoices, customers, receipts, credit_notes, contacts, policies, texts)
COMMANDS: list[Command[...]] = [command for module in MODULES for command in module.COMMANDS]


def faults(commands: Sequence[Command[...]]) -> list[str]:
    """What is wrong with each, in a word or two."""
    names = [command.name for command in commands]
    found = [f"{name}: twice" for name in {*names} if names.count(name) > 1]
    for command in commands:
        found += [f"{command.name}: {wrong}" for wrong in _faults(command)]
    return found


def _faults(command: Command[...]) -> Iterable[str]:
    if command.kind not in KINDS:
        yield f"{command.kind} is no kind of stream"
        return
    if command.permission not in {*Permission}:
        yield "no permission"
    if not command.summary.endswith("."):
        yield "no sentence about it"
    try:
        asked = parameters(command)
    except Unformed as unformed:
        yield str(unformed)
        return
    names = [each.name for each in asked]
    yield from (f"{name} twice" for name in {*names} if names.count(name) > 1)
    yield from (f"no summary of {each.name}" for each in asked if not each.summary)
    yield from (f"{name} is personal and no parameter" for name in command.personal - {each.argument for each in asked})
    if sum(each.is_day for each in asked) != 1:
        yield "no day"


def test_every_command_is_whole():
    assert faults(COMMANDS) == []


def test_every_command_that_is_made_is_in_the_catalogue():
    made = [each for module in MODULES for each in vars(module).values() if isinstance(each, Command)]
    assert {id(command) for command in made} == {id(command) for command in CATALOGUE.values()}
    assert len(COMMANDS) == len(CATALOGUE)


# Faults that are planted


def untyped(invoice: Invoice | None, *, credit_note) -> Sequence[Fact]:
    return []


def of_a_type_without_a_form(invoice: Invoice | None, *, amount: float) -> Sequence[Fact]:
    return []


def of_two_types(invoice: Invoice | None, *, until: date | int) -> Sequence[Fact]:
    return []


def of_anything(invoice: Invoice | None, *, until: Any) -> Sequence[Fact]:
    return []


def of_a_mapping(invoice: Invoice | None, *, invoices: dict[str, int]) -> Sequence[Fact]:
    return []


def unexplained(invoice: Invoice | None, *, colour: Literal["red", "blue"]) -> Sequence[Fact]:
    return []


def named_twice(invoice: Invoice | None, *, amount_minor: int, amount: str) -> Sequence[Fact]:
    return []


def void(invoice: Invoice | None) -> Sequence[Fact]:
    return [Voided(())]


def plan(asked: Asked, reader: Reader, *, country: str | None = None) -> Change:
    raise AssertionError("it is not planned here")


def made(decision: Any, name: str = "invoice.planted", summary: str = "It is planted.") -> Command[...]:
    return of_invoice(name, decision, summary, Permission.BILL)


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        (made(untyped), "the type of credit_note says nothing of its form"),
        (made(of_a_type_without_a_form), "the type of amount says nothing of its form"),
        (made(of_two_types), "the type of until says nothing of its form"),
        (made(of_anything), "the type of until says nothing of its form"),
        (made(of_a_mapping), "the type of invoices says nothing of its form"),
        (made(unexplained), "no summary of colour"),
        (made(named_twice), "amount twice"),
        (made(void, "claim.void"), "claim is no kind of stream"),
        (made(void, "invoice.void"), "twice"),
        (made(void, summary=""), "no sentence about it"),
        (replace(made(void), permission=None), "no permission"),  # type: ignore[arg-type]
        (replace(made(void), day=""), "no summary of "),
        (planned("customer.x", plan, "X.", Permission.BILL, personal=("payer",)), "payer is personal and no parameter"),
    ],
)
def test_a_planted_fault_is_seen(planted, fault):
    found = faults([*COMMANDS, planted])
    assert any(fault in each for each in found), found
    assert all(each.startswith(planted.name) for each in found)


def test_a_command_cannot_be_made_without_a_permission():
    # The type checker says it before anybody runs it: were the argument optional, it would find the comment unused.
    with pytest.raises(TypeError, match="permission"):
        of_invoice("invoice.planted", void, "It is planted.")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="permission"):
        planned("customer.planted", plan, "It is planted.")  # type: ignore[call-arg]


def test_arguments_are_checked_with_their_types():
    """By the type checker, which finds these comments unused if it is not: a command takes what its decision takes."""
    assert VOID().arguments == {}
    VOID(colour="red")
    invoices.WRITE_OFF(amount_minor="12.50")  # type: ignore[arg-type]
    invoices.CREDIT(credit_note="C-1")  # type: ignore[call-arg]


# What every door takes


def test_invoices_and_receipts_are_asked_for_by_the_names_of_the_contract():
    named = {name: {each.name: each.is_required for each in parameters(CATALOGUE[name])} for name in CATALOGUE}

    assert named["invoice.issue"].items() >= dict.fromkeys(("number", "customer", "amount", "currency"), True).items()
    assert named["invoice.issue"].items() >= dict.fromkeys(("entity", "issued_on", "due_on"), False).items()
    assert named["receipt.record"].items() >= dict.fromkeys(("receipt", "amount", "currency"), True).items()
    assert named["receipt.record"].items() >= dict.fromkeys(("value_on", "customer", "invoices"), False).items()


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_json_schema_names_every_parameter_with_a_type_and_what_it_means(name):
    command, found = CATALOGUE[name], schema(CATALOGUE[name])
    asked, properties = parameters(command), found["properties"]
    assert isinstance(properties, dict)

    assert found["type"] == "object"
    assert found["additionalProperties"] is False
    assert list(properties) == [each.name for each in asked]
    assert found.get("required", []) == [each.name for each in asked if each.is_required]
    for each in asked:
        assert properties[each.name]["description"] == each.summary
        assert {"type", "enum", "anyOf"} & properties[each.name].keys()
        if each.choices:
            assert properties[each.name]["enum"] == list(each.choices)
    assert {*referred(found)} <= {f"#/$defs/{defined}" for defined in found.get("$defs", {})}  # type: ignore[attr-defined]


def referred(part: object) -> Iterable[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = [*part.values()]
    if isinstance(part, list):
        for each in part:
            yield from referred(each)


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_the_schema_takes_the_door_takes(name):
    for asked in (example(CATALOGUE[name]), shortest(CATALOGUE[name])):
        assert model(CATALOGUE[name]).model_validate(asked).model_fields_set == asked.keys()


ISSUE = {"number": "R-1", "customer": "acme", "amount": "5.00", "currency": "EUR"}


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"number": None}, "argument_missing", "number"),
        ({"number": ""}, "bad_key", None),
        ({"customer": ""}, "bad_key", None),
        ({"entity": "a:b"}, "bad_key", None),
        ({"colour": "red"}, "argument_unknown", "colour"),
        ({"amount": 5}, "argument_wrong", "amount"),
        ({"amount": "5.001"}, "too_many_decimals", "amount"),
        ({"due_on": "31.01.2026"}, "argument_wrong", "due_on"),
        ({"due_on": 20260131}, "argument_wrong", "due_on"),
        ({"due_on": "2026-W06-1"}, "argument_wrong", "due_on"),
        ({"schedule": [{"days": -1}]}, "argument_wrong", "schedule.0.days"),
        ({"reference": "a\0b"}, "argument_wrong", "reference"),
        ({"reference": "x" * 1001}, "argument_wrong", "reference"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name_and_leaves_no_trace(app, refused, given, code, field):
    with refused(code) as refusal:
        app.commands.run("invoice.issue", ISSUE | given, Cause("ann", "c"))

    assert field is None or refusal.value.field == field
    assert app.ledger.head().position == 0


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("invoice.resolve", {"number": "R-1", "outcome": "rejected", "dispute": 10**22}, "argument_wrong"),
        ("invoice.factor", {"number": "R-1", "factor": "bank", "advance": "9" * 30, "fee": "3"}, "not_a_percent"),
    ],
)
def test_a_number_that_no_ledger_can_hold_is_refused(app, refused, name, given, code):
    app.commands.run("invoice.issue", ISSUE, Cause("ann", "i"))
    with refused(code):
        app.commands.run(name, given, Cause("ann", "c"))


def test_a_command_nobody_knows_is_refused(app, refused):
    with refused("unknown_command"):
        app.commands.run("invoice.forget", {}, Cause("ann", "c"))


@pytest.mark.parametrize("entity", ["", None])
def test_an_entity_left_empty_is_the_configured_one(app, entity):
    app.commands.run("invoice.issue", ISSUE | {"entity": entity}, Cause("ann", "i"))
    money = {"receipt": "B-1", "amount": "5.00", "currency": "EUR", "entity": entity}
    app.commands.run("receipt.record", money, Cause("ann", "r"))

    issued, received = (each.fact for each in app.ledger.entries(1))
    assert (issued.entity, received.entity) == ("main", "main")


@pytest.mark.parametrize("entity", ["a:b", " main", "x" * 201])
def test_money_comes_to_no_entity_that_cannot_be_named(app, refused, entity):
    money = {"receipt": "B-1", "amount": "5.00", "currency": "EUR", "entity": entity}
    with refused("bad_key"):
        app.commands.run("receipt.record", money, Cause("ann", "r"))
