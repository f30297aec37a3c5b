"""The AsyncAPI document is what the code makes, whole in itself, and true of headers, topics and schemas."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from domain.entry import Cause
from domain.kinds import FACTS
from domain.refusal import Refused
from infra.kafka import topics
from infra.kafka.message import Message, Record
from services.catalogue import CATALOGUE
from services.feed import replies, schema_files
from services.feed.asyncapi import DEAD_LETTER, FILE, document
from services.feed.requests import Request
from services.feed.schemas import schemas
from tests.feed.any_fact import filled, headers, message, state

FOLDER = Path(__file__).parents[2] / "schemas"
DOCUMENT: dict[str, Any] = json.loads((FOLDER / FILE).read_bytes())
OURS = {*topics.FACTS.values(), topics.INVOICE_STATE, topics.REPLIES, topics.DEAD_LETTERS}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
REQUEST = Request("q-1", CATALOGUE["invoice.issue"], {}, "", "talk", None, TRACE)
LETTER = Record(topics.REQUESTS, 1, 2, b"k", b"{", (("ce_id", b"q-1"),))


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, each in part.items():
            if name == "$ref":
                yield each
            else:
                yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def found(reference: str) -> Any:
    place: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        place = place[part]
    return place


def test_it_is_committed_as_the_code_makes_it():
    assert (FOLDER / FILE).read_bytes() == schema_files.encoded(document())


def test_it_is_of_that_version_and_says_nothing_of_servers():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"]["title"] and DOCUMENT["info"]["version"]
    assert "servers" not in DOCUMENT and "localhost" not in json.dumps(DOCUMENT)


def test_every_reference_leads_somewhere():
    all_of_them = {*references(DOCUMENT)}
    assert all_of_them
    for each in all_of_them:
        assert isinstance(found(each), dict), each


def test_every_topic_is_a_channel_and_we_receive_requests_alone():
    there = {each.name for each in (*topics.outgoing(), *topics.conversation())}
    assert {each["address"] for each in DOCUMENT["channels"].values()} == there
    done = {found(each["channel"]["$ref"])["address"]: each["action"] for each in DOCUMENT["operations"].values()}
    assert done == dict.fromkeys(OURS, "send") | {topics.REQUESTS: "receive"}
    assert all(each["bindings"]["kafka"]["topic"] == each["address"] for each in DOCUMENT["channels"].values())


def test_every_type_is_a_message_of_one_channel_with_its_schema_and_a_described_key():
    placed = [name for each in DOCUMENT["channels"].values() for name in each["messages"]]
    assert sorted(placed) == sorted([*schemas(), DEAD_LETTER]) and placed
    assert DOCUMENT["components"]["messages"].keys() == {*placed}
    for name, each in DOCUMENT["components"]["messages"].items():
        assert each["name"] == name and each["bindings"]["kafka"]["key"]["description"]
        assert each["payload"] == {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("name", schemas())
def test_a_payload_is_the_schema_that_is_committed(name: str):
    committed = schema_files.read(FOLDER)[name]
    payload = DOCUMENT["components"]["schemas"][name]
    assert {*committed} - {*payload} == {"$schema", "$id"}
    assert json.dumps(payload).replace(f"#/components/schemas/{name}/", "#/") == json.dumps(
        {key: each for key, each in committed.items() if key not in ("$schema", "$id")}
    )


ALL_OF_CAUSE = Cause("kim", "c-1", "why", "talk", "invoice:main:R-1@1", TRACE)
SENT = {
    "a fact": message(filled(FACTS["invoice.paid"], lambda kind, name: "x"), cause=ALL_OF_CAUSE),
    "a fact nothing led to": message(filled(FACTS["invoice.paid"], lambda kind, name: "x")),
    "a state": state(),
    "a reply": replies.reply(REQUEST, replies.refused(REQUEST, Refused("no", "It is not so.")), "/receivables/0b0a"),
    "a dead letter": replies.dead_letter(LETTER, "not_json"),
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_headers_are_those_described_and_no_others(sent: Message):
    given = headers(sent)
    [channel] = [each for each in DOCUMENT["channels"].values() if each["address"] == sent.topic]
    name = DEAD_LETTER if sent.topic == topics.DEAD_LETTERS else given["ce_type"]
    described = found(found(channel["messages"][name]["$ref"])["headers"]["$ref"])
    assert {"$ref": f"#/components/messages/{name}"} == channel["messages"][name]
    check = Draft202012Validator({**described, "additionalProperties": False})
    check.validate(given)
    for missing in described["required"]:
        assert not check.is_valid({key: value for key, value in given.items() if key != missing})
