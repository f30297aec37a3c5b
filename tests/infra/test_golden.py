"""Facts as they lie in databases: what was once written must be read, and written the same, for ever.

A line of golden/facts.jsonl is never changed or taken out. A new fact, or a new version of one, adds its own.
A field that a fact got later, without a new version, is as by default in the facts from before, and not written then.
"""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
import pytest

from domain.entry import is_added
from domain.kinds import FACTS
from infra.log.codec import VERSIONS, FactMapper

GOLDEN = Path(__file__).parents[1] / "golden" / "facts.jsonl"
LINES: list[dict[str, Any]] = [orjson.loads(line) for line in GOLDEN.read_bytes().splitlines()]
MAPPER = FactMapper(FACTS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['name']}-{line['v']}")
def test_golden_bytes_are_read_as_the_fact_they_stand_for(line: dict[str, Any]):
    fact = MAPPER.decode(line["name"], line["stored"].encode()).fact
    assert _as_before(fact, repr(fact)) == _as_before(fact, line["fact"])


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['name']}-{line['v']}")
def test_facts_of_the_current_version_are_written_as_the_golden_bytes(line: dict[str, Any]):
    if line["v"] == VERSIONS.get(line["name"], 1):
        assert MAPPER.encode(*MAPPER.decode(line["name"], line["stored"].encode())) == (
            line["name"],
            line["stored"].encode(),
        )


def test_every_version_of_every_fact_has_its_golden_bytes():
    needed = {(name, version) for name in FACTS for version in range(1, VERSIONS.get(name, 1) + 1)}
    assert needed <= {(line["name"], line["v"]) for line in LINES}


def test_the_version_of_a_golden_line_is_the_one_in_its_bytes():
    assert all(orjson.loads(line["stored"])["v"] == line["v"] for line in LINES)


def test_a_field_that_was_added_is_written_where_it_says_something():
    lines = [line for line in LINES if line["name"] == "invoice.credit_note_applied"]
    assert {"allocation" in orjson.loads(line["stored"])["data"] for line in lines} == {True, False}


def _as_before(fact: Any, shown: str) -> str:
    """Without what is not written."""
    added = [f"{each.name}={each.default!r}" for each in fields(fact) if is_added(each)]
    return re.sub(rf"(, )?\b(\w+=None|{'|'.join(map(re.escape, added)) or '$'})(?=[,)])", "", shown)
