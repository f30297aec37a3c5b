"""docs/policies.md explains every rule that a policy may break, and every key that it may have."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from domain.policy import law
from domain.policy.document import Charge, Condition, PlanRules, Policy, Step, StepTask

HOUSE = Path(__file__).parents[1]
DOCS = (HOUSE / "docs" / "policies.md").read_text(encoding="utf-8")
ROWS = [line for line in DOCS.splitlines() if line.startswith("| `")]
EXPLAINED = {word for row in ROWS for word in re.findall(r"`([a-z_0-9]+)`", row.split(" | ")[0])}
SOURCES = [
    HOUSE / "domain/policy/validating.py",
    HOUSE / "infra/policies/reading.py",
    HOUSE / "infra/policies/tables.py",
]

RULE = re.compile(r'(?:_fault|Fault|_note)\("(\w+)"|Finding\(\w+, "(\w+)"|"(unknown_\w+)"')


def test_every_rule_of_law_stands_in_the_docs_with_how_sure_it_is():
    for rule in {rule for rules in law.LAW.values() for rule in rules}:
        [row] = [row for row in ROWS if row.startswith(f"| `{rule.id}` |")]
        assert row.endswith(f"| {rule.sources} |"), row


def test_every_rule_of_form_stands_in_the_docs():
    code = "".join(file.read_text(encoding="utf-8") for file in SOURCES)
    rules = {rule for found in RULE.findall(code) for rule in found if rule}
    assert {"overlap", "wrong_type", "too_large", "unknown_channel"} <= rules
    assert rules <= EXPLAINED


@pytest.mark.parametrize("kind", [Policy, Step])
def test_every_key_stands_in_the_docs(kind):
    names = {field.name for field in fields(kind)} - {"steps", "start_again_at", "broken_promise", "plan"}
    assert names <= EXPLAINED


@pytest.mark.parametrize("kind", [StepTask, Condition, Charge, PlanRules])
def test_every_key_of_a_table_stands_in_the_docs(kind):
    assert [field.name for field in fields(kind) if not re.search(rf"\b{field.name}\b", DOCS)] == []
