"""The checker of schemas sees every kind of break that is planted, and lets pass what breaks nobody."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from services.feed.compatibility import compatible, open_for_more, transitively_compatible, without_words
from services.feed.schemas import request_schemas

REQUESTS = request_schemas()
AMOUNT = {"type": "string", "pattern": "^[0-9]+$"}
SCHEMA: dict[str, Any] = {
    "$id": "t.v1",
    "title": "A thing",
    "type": "object",
    "properties": {
        "id": {"type": "string", "maxLength": 10},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "on": {"type": "string", "format": "date"},
        "amount": AMOUNT,
        "count": {"type": "integer", "minimum": 0},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "data": {"type": "object", "properties": {"step": {"type": "string"}}, "required": ["step"]},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
    },
    "required": ["id", "amount", "data"],
    "$defs": {"Part": {"type": "object", "properties": {"amount": AMOUNT, "item": {"type": "integer"}}}},
}
Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> dict[str, Any]:
    after = copy.deepcopy(SCHEMA)
    change(after)
    return after


def put(*path: str, value: Any) -> Change:
    def change(schema: dict[str, Any]) -> None:
        *before, last = path
        for each in before:
            schema = schema[each]
        schema[last] = value

    return change


def take(*path: str) -> Change:
    def change(schema: dict[str, Any]) -> None:
        *before, last = path
        for each in before:
            schema = schema[each]
        del schema[last]

    return change


BREAKS: dict[str, Change] = {
    "a field is gone": take("properties", "kind"),
    "a required field is gone": lambda schema: (
        schema["properties"].pop("amount"),
        schema["required"].remove("amount"),
    ),
    "a field of a part is gone": take("$defs", "Part", "properties", "item"),
    "another type": put("properties", "id", "type", value="integer"),
    "a number for an integer": put("properties", "count", "type", value="number"),
    "any type": take("properties", "id", "type"),
    "it became required": put("required", value=["id", "amount", "data", "kind"]),
    "it is required no more": put("required", value=["id", "data"]),
    "a new field is required": lambda schema: (
        schema["properties"].update(more={"type": "string"}),
        schema["required"].append("more"),
    ),
    "an enum is wider": put("properties", "kind", "enum", value=["a", "b", "c"]),
    "an enum is narrower": put("properties", "kind", "enum", value=["a"]),
    "an enum is no more": take("properties", "kind", "enum"),
    "an enum is new": put("properties", "id", "enum", value=["x"]),
    "another pattern": put("properties", "amount", "pattern", value="^[0-9]{1,9}$"),
    "a pattern is new": put("properties", "id", "pattern", value="^x"),
    "another format": put("properties", "on", "format", value="date-time"),
    "a format is no more": take("properties", "on", "format"),
    "a bound is narrower": put("properties", "id", "maxLength", value=9),
    "a bound is wider": put("properties", "id", "maxLength", value=11),
    "a bound is new": put("properties", "count", "maximum", value=9),
    "a bound is no more": take("properties", "count", "minimum"),
    "an alternative is new": put("properties", "id", value={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    "an alternative is gone": put("properties", "note", value={"type": "string"}),
    "another type within": put("properties", "data", "properties", "step", "type", value="integer"),
    "required within": put("$defs", "Part", "required", value=["item"]),
    "required no more within": put("properties", "data", "required", value=[]),
    "other items": put("properties", "parts", "items", value={"type": "string"}),
    "items of another pattern": put("$defs", "Part", "properties", "amount", "pattern", value="^[0-9.]+$"),
    "closed": put("additionalProperties", value=False),
    "a keyword nobody compares": put("properties", "id", "not", value={"type": "null"}),
    "a schema for what is added": put("additionalProperties", value={"type": "string"}),
}  # fmt: skip
HARMLESS: dict[str, Change] = {
    "nothing": lambda schema: None,
    "other words": put("properties", "id", "description", value="Of the thing."),
    "a field that may be missing": put("properties", "more", value={"type": "string"}),
    "a part that may be missing": put("properties", "more", value=SCHEMA["properties"]["parts"]),
    "a field of a part": put("$defs", "Part", "properties", "more", value={"type": "boolean"}),
    "a reference written out": put("properties", "parts", "items", value=SCHEMA["$defs"]["Part"]),
    "types in a list": put("properties", "note", value={"type": ["null", "string"]}),
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_a_planted_break_is_seen(change: Change):
    after = changed(change)
    # What is closed breaks nobody by itself, but from then on nothing may be added.
    if after.get("additionalProperties") is False:
        after = {**after, "properties": {**after["properties"], "more": {"type": "string"}}}
        assert compatible(after, {**after, "properties": {**after["properties"], "yet": {"type": "string"}}})
    else:
        assert compatible(SCHEMA, after)


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_breaks_nobody_passes(change: Change):
    assert compatible(SCHEMA, changed(change)) == []


def test_it_says_where_and_what():
    assert compatible(SCHEMA, changed(BREAKS["another type within"])) == [
        "data.step is string and not integer, which was written before",
        "data.step is integer and not string, for those who read by the earlier",
    ]


def test_every_version_is_held_against_all_before_it():
    second = changed(put("properties", "more", value={"type": "string"}))
    third = changed(put("properties", "more", value={"type": "integer"}))
    assert transitively_compatible([SCHEMA, second]) == []
    assert transitively_compatible([SCHEMA, third]) == []
    # The second says nothing of what it does not know, and the third fits it; the first is two before.
    found = transitively_compatible([third, {**SCHEMA, "$id": "t.v2"}, {**second, "$id": "t.v3"}])
    assert any(each.startswith("t.v3 after t.v1: more is") for each in found)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_may_get_an_argument_that_may_be_missing_and_no_other(name: str):
    old = open_for_more(REQUESTS[name])
    new = {**old, "properties": {**old["properties"], "more": {"type": "string"}}}
    assert compatible(old, new) == []
    assert compatible(old, {**new, "required": [*old.get("required", ()), "more"]})


def test_words_are_no_part_of_the_wire_and_fields_of_their_names_are():
    schema = {"title": "x", "properties": {"title": {"type": "string", "description": "x"}}}
    assert without_words(schema) == {"properties": {"title": {"type": "string"}}}
