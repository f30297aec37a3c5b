"""Facts as they lie in databases: what was once written must be read, and written the same, for ever.

A line of golden/facts.jsonl is never changed or taken out. A new fact, or a new version of one, adds its own.
A field that a fact got later, without a new version, is None in the facts from before.
"""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from domain.kinds import FACTS
from infra.log.codec import VERSIONS, FactMapper

GOLDEN = Path(__file__).parents[1] / "golden" / "facts.jsonl"
LINES: list[dict[str, Any]] = [orjson.loads(line) for line in GOLDEN.read_bytes().splitlines()]
MAPPER = FactMapper(FACTS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['name']}-{line['v']}")
def test_golden_bytes_are_read_as_the_fact_they_stand_for(line: dict[str, Any]):
    fact = MAPPER.decode(line["name"], line["stored"].encode()).fact
    assert _without_nones(repr(fact)) == _without_nones(line["fact"])


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


def _without_nones(shown: str) -> str:
    return re.sub(r"(, )?\b\w+=None", "", shown)
