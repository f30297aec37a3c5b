"""What is committed is what the code makes, fits all that was released before, and is what messages really are.

A file under schemas/ is never changed on the wire or taken out. A new version of a type adds its own.
"""

import copy
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from domain.kinds import FACTS
from domain.refusal import Refused
from infra.kafka.message import Message, Record
from infra.log.codec import FactMapper
from services.answers.published_fact import data_of, fact_of
from services.answers.published_fact import published as fields_of
from services.catalogue import CATALOGUE
from services.catalogue.wire import read as read_request
from services.feed import replies, schema_files
from services.feed.asyncapi import FILE
from services.feed.messages import type_of
from services.feed.origin import Origin
from services.feed.received import UnknownType, entry_of
from services.feed.requests import Request, request_type
from services.feed.schemas import schemas
from services.feed.states import STATE_TYPE
from tests.feed.any_fact import FIRST, LEDGER, any_fact, filled, headers, message, state
from tests.services.terminal import Terminal

HOUSE = Path(__file__).parents[2]
FOLDER = HOUSE / "schemas"
RELEASED = schema_files.read(FOLDER)
CURRENT = schemas()
GOLDEN = [orjson.loads(line) for line in (HOUSE / "tests/golden/facts.jsonl").read_bytes().splitlines()]
MESSAGES = [orjson.loads(line) for line in (HOUSE / "tests/golden/messages.jsonl").read_bytes().splitlines()]
EARLIER = [line for line in MESSAGES if line["type"] not in schemas()]
COMMANDS = [orjson.loads(line) for line in (HOUSE / "tests/golden/commands.jsonl").read_bytes().splitlines()]
ISSUED = "receivables.invoice.issued.v1"


def closed(schema: Any) -> Any:
    """The schema, for one to whom anything it does not know is a fault."""
    if isinstance(schema, dict):
        more = {"additionalProperties": False} if schema.get("type") == "object" and "properties" in schema else {}
        return {name: closed(each) for name, each in schema.items()} | more
    return [*map(closed, schema)] if isinstance(schema, list) else schema


def validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


EXACTLY = {name: validator(closed(schema)) for name, schema in CURRENT.items()}


# The files


def test_every_type_is_committed_as_it_is_made_and_no_other():
    assert {name: RELEASED.get(name) for name in CURRENT} == CURRENT
    earlier = RELEASED.keys() - CURRENT.keys()
    lines = {name.rpartition(".v")[0] for name in CURRENT}
    assert [name for name in earlier if name.rpartition(".v")[0] not in lines] == []


def test_nothing_else_lies_there():
    assert {file.name for file in FOLDER.iterdir()} == {FILE, *(f"{name}.json" for name in RELEASED)}


def test_all_versions_ever_released_fit_each_other():
    assert schema_files.faults(RELEASED) == []


@pytest.mark.parametrize("name", RELEASED)
def test_a_schema_is_one_and_says_which(name: str):
    schema = RELEASED[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == name
    assert schema["title"] and schema["description"]
    assert "_minor" not in schema["description"]


def test_every_fact_request_state_and_reply_has_a_schema():
    assert CURRENT.keys() == {
        *map(type_of, FACTS),
        *map(request_type, CATALOGUE.values()),
        STATE_TYPE,
        replies.TYPE,
    }


# Writing them


def test_the_command_writes_schemas_and_document_and_refuses_to_break_one(tmp_path):
    terminal, there = Terminal("postgresql://127.0.0.1:1/nowhere", tmp_path), tmp_path / "schemas"
    terminal.run("feed", "schemas", "--dir", str(there))
    assert {file.name: file.read_bytes() for file in there.iterdir()} == {
        file.name: file.read_bytes() for file in FOLDER.iterdir() if file.stem in {*CURRENT, "asyncapi"}
    }
    (there / f"{ISSUED}.json").write_bytes(b'{"type": "string"}')
    assert "raise its version" in terminal.run("feed", "schemas", "--dir", str(there), exits=1).stderr


def test_what_is_missing_or_only_said_in_other_words_is_written(tmp_path):
    assert schema_files.write(tmp_path, CURRENT) == [*CURRENT]
    assert schema_files.write(tmp_path, CURRENT) == []
    said = {**CURRENT, ISSUED: {**CURRENT[ISSUED], "description": "An invoice went out."}}
    assert schema_files.write(tmp_path, said) == [ISSUED]
    assert schema_files.read(tmp_path) == said


def test_what_was_released_is_not_changed_on_the_wire(tmp_path):
    schema_files.write(tmp_path, CURRENT)
    more = copy.deepcopy(CURRENT[ISSUED])
    more["properties"]["data"]["properties"]["more"] = {"type": "string"}
    with pytest.raises(Refused) as refusal:
        schema_files.write(tmp_path, {**CURRENT, ISSUED: more, "receivables.invoice.lost.v1": {}})
    assert refusal.value.code == "schema_broken"
    assert refusal.value.message == f"{ISSUED} is released and differs on the wire: raise its version"
    assert schema_files.read(tmp_path) == CURRENT, "and nothing else was written"


def test_a_new_version_adds_and_takes_nothing_away(tmp_path):
    schema_files.write(tmp_path, CURRENT)
    second = ISSUED.replace("v1", "v2")
    fits, breaks = copy.deepcopy(CURRENT[ISSUED]), copy.deepcopy(CURRENT[ISSUED])
    fits["properties"]["data"]["properties"]["more"] = {"type": "string"}
    del breaks["properties"]["data"]["properties"]["tax"]
    others = {name: schema for name, schema in CURRENT.items() if name != ISSUED}
    with pytest.raises(Refused, match=r"data.tax is gone"):
        schema_files.write(tmp_path, {**others, second: {**breaks, "$id": second}})
    assert schema_files.write(tmp_path, {**others, second: {**fits, "$id": second}}) == [second]
    assert schema_files.read(tmp_path).keys() == {*CURRENT, second}


def test_a_folder_may_begin_with_a_later_release_but_leaves_none_out_after_that(tmp_path):
    terms = "receivables.customer.terms_agreed.v2"
    assert schema_files.write(tmp_path, {terms: CURRENT[terms]}) == [terms]
    fourth = terms.replace("v2", "v4")
    with pytest.raises(Refused, match=r"there are the versions 2, 4"):
        schema_files.write(tmp_path, {fourth: {**CURRENT[terms], "$id": fourth}})


def test_a_version_that_was_left_out_is_seen():
    assert schema_files.faults({ISSUED.replace("v1", "v2"): CURRENT[ISSUED]}) == [
        "of receivables.invoice.issued there are the versions 2"
    ]


# What is really sent


def golden_message(line: Any) -> Message:
    fact, on, cause = FactMapper(FACTS).decode(line["name"], line["stored"].encode())
    return message(fact, on=on, cause=cause)


@pytest.mark.parametrize("line", GOLDEN, ids=lambda line: f"{line['name']}-{line['v']}")
def test_the_message_of_every_golden_fact_is_as_described(line: Any):
    made = golden_message(line)
    assert headers(made)["ce_type"] == type_of(line["name"])
    EXACTLY[type_of(line["name"])].validate(orjson.loads(made.value or b""))


def test_the_messages_of_golden_facts_are_golden_themselves():
    """A line of golden/messages.jsonl is never changed or taken out; a new version of a type adds its own."""
    made = [
        {"type": headers(each)["ce_type"], "value": (each.value or b"").decode()}
        for each in (*map(golden_message, GOLDEN), state())
    ]
    assert [each for each in made if each not in MESSAGES] == []


@pytest.mark.parametrize("line", MESSAGES, ids=lambda line: line["type"])
def test_a_golden_message_is_read_by_whoever_goes_by_any_version(line: Any):
    versions = [name for name in RELEASED if name.rpartition(".v")[0] == line["type"].rpartition(".v")[0]]
    assert line["type"] in versions
    for name in versions:
        validator(RELEASED[name]).validate(orjson.loads(line["value"]))


@pytest.mark.parametrize("line", EARLIER, ids=lambda line: line["type"])
def test_what_an_earlier_release_published_is_the_message_of_today_by_another_name(line: Any):
    """So the check of the feed needs no other rule for it, and a replay says the same."""
    [now] = [name for name in CURRENT if name.rpartition(".v")[0] == line["type"].rpartition(".v")[0]]
    assert {**line, "type": now} in MESSAGES


@pytest.mark.parametrize("line", MESSAGES, ids=lambda line: line["type"])
def test_a_golden_message_of_any_version_is_read_back_as_a_fact(line: Any):
    if line["type"] == STATE_TYPE:
        return
    known = (("ce_type", line["type"].encode()),)
    record = Record("topic", 0, 0, b"stream", line["value"].encode(), known)
    entry = entry_of(record, Origin(LEDGER, 17, "", "stream", 2, 0))
    value = orjson.loads(line["value"])
    data = orjson.loads(orjson.dumps(data_of(entry.fact, value.get("currency", ""))))
    assert (data, str(entry.effective_on)) == (value["data"], value["effective_on"])


def test_a_message_of_a_version_that_is_not_known_yet_is_not_read():
    record = Record("topic", 0, 0, b"stream", b"{}", (("ce_type", b"receivables.receipt.allocated.v9"),))
    with pytest.raises(UnknownType):
        entry_of(record, Origin(LEDGER, 17, "", "stream", 2, 0))


def test_the_customer_of_a_receipt_is_there_when_somebody_knows_it():
    known, unknown = (
        orjson.loads(message(FACTS["receipt.reversed"](100), first=each).value or b"")
        for each in (FIRST["receipt"], replace(FIRST["receipt"], customer=None))
    )
    assert "customer" in known and known == {**unknown, "customer": known["customer"]}
    for each in (known, unknown):
        EXACTLY["receivables.receipt.reversed.v1"].validate(each)


def test_the_example_of_the_document_is_a_message():
    text = (HOUSE / "docs" / "feed.md").read_text(encoding="utf-8")
    [headings, value] = text.partition("key               ")[2].partition("```")[0].split("\n\n")
    [name] = [line.split()[1] for line in headings.splitlines() if line.startswith("ce_type")]
    EXACTLY[name].validate(orjson.loads(value))


def test_states_are_as_described():
    names = ("reminded", "promise_made", "factored", "placed_with_agency", "legal_action_started", "disputed")
    held = [filled(FACTS[f"invoice.{name}"], lambda kind, field: "x") for name in names]
    for each in (state(), state(*held)):
        EXACTLY[headers(each)["ce_type"]].validate(orjson.loads(each.value or b""))


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("name", FACTS)
@given(data=st.data())
def test_any_fact_is_as_described_and_comes_back_from_its_message(name: str, data: st.DataObject):
    fact = data.draw(any_fact(FACTS[name]))
    value = orjson.loads(message(fact).value or b"")
    EXACTLY[type_of(name)].validate(value)
    back = fact_of(FACTS[name], value["data"], value.get("currency", ""))
    assert kept(back) == kept(fact)
    assert data_of(back, "EUR") == data_of(fact, "EUR")


def kept(fact: Any) -> Any:
    """Of a fact what is published."""
    if isinstance(fact, tuple):
        return [*map(kept, fact)]
    kind: type = type(fact)
    return {each.name: kept(getattr(fact, each.name)) for each in fields_of(kind)} if is_dataclass(kind) else fact


@pytest.mark.parametrize("name", CURRENT)
def test_nothing_passes_for_a_message_by_being_empty(name: str):
    assert not EXACTLY[name].is_valid({"anything": "else"})


@pytest.mark.parametrize("line", COMMANDS, ids=lambda line: line["name"])
def test_golden_requests_are_as_described_and_can_be_read(line: Any):
    command = CATALOGUE[line["name"]]
    validator(CURRENT[request_type(command)]).validate(line["arguments"])
    assert read_request(command, line["arguments"], entity="main", currency_of=lambda stream: "EUR")


def test_replies_are_as_described():
    request = Request("q-1", CATALOGUE["invoice.issue"], {}, "")
    check = EXACTLY[replies.TYPE]
    check.validate(orjson.loads(replies.refused(request, Refused("no", "It is not so."))))
    done: Any = type("Done", (), {"facts": ()})
    check.validate(orjson.loads(replies.done(request, done)))
