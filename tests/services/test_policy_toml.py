"""A policy as TOML and back: what is shown can be edited and published again."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import EXPONENTS
from domain.policy.document import (
    CONTACT_CHANNELS,
    DEBTORS,
    EXCLUSIONS,
    TASK_KINDS,
    TONES,
    Amount,
    Charge,
    Condition,
    PlanRules,
    Policy,
    Step,
    StepTask,
)
from domain.policy.validating import faults
from infra.policies.reading import read_policy
from infra.policies.shipped import shipped
from services.answers.policy_toml import as_toml

TEXTS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
CURRENCIES = st.sampled_from(sorted(EXPONENTS))
AMOUNTS = st.dictionaries(CURRENCIES, st.integers(1, 10**18 - 1), max_size=3).map(
    lambda found: tuple(Amount(*each) for each in found.items())
)
TASKS = st.builds(
    StepTask, st.sampled_from(TASK_KINDS), st.booleans(), st.none() | TEXTS | st.just('a "b" \\ #'), st.booleans()
)
CONDITIONS = st.builds(
    Condition,
    AMOUNTS,
    st.sampled_from(DEBTORS),
    st.lists(st.sampled_from(EXCLUSIONS), unique=True).map(tuple),
    st.lists(st.sampled_from("ABCDE"), unique=True).map(tuple),
    st.integers(0, 20),
)
INTEREST = st.just(Charge("interest"))
FEE = st.builds(lambda currency, minor: Charge("fee", Amount(currency, minor)), CURRENCIES, st.integers(1, 10**9))


@st.composite
def policies(draw: Any) -> Policy:
    """Valid ones of any shape: their steps are far enough from each other."""
    steps: list[Step] = []
    day = draw(st.integers(-60, 40))
    for n in range(draw(st.integers(1, 6))):
        apart, after = draw(st.integers(7, 60)), None
        day += apart * (n > 0)
        if steps and not steps[-1].lapses_when_due and draw(st.booleans()):
            after = steps[-1].name
        days = apart if after else day
        task = draw(st.none() | TASKS)
        channels = draw(st.lists(st.sampled_from(CONTACT_CHANNELS), unique=True, min_size=0 if task else 1).map(tuple))
        charges = draw(st.lists(INTEREST | FEE, max_size=2).map(tuple)) if day > 0 else ()
        lapses = days <= 0 and after is None and draw(st.booleans())
        shows, when = draw(st.sampled_from([(), ("interest",), ("fee", "compensation")])), draw(CONDITIONS)
        tone, pay_within = draw(st.sampled_from(TONES)), draw(st.integers(1, 365))
        steps.append(Step(f"step_{n}", days, channels, tone, 0, after, lapses, task, when, shows, charges, pay_within))
    return Policy(
        draw(st.sampled_from(["ours", "a-1", "0"])),
        tuple(steps),
        None,
        "everyone",
        draw(st.sampled_from(["customer", "invoice"])),
        draw(st.integers(0, 7)),
        draw(AMOUNTS),
        draw(st.sampled_from(["move_along", "compress"])),
        draw(st.integers(1, 10_000)),
        draw(st.integers(0, 30)),
        draw(st.sampled_from(steps)).name,
        draw(st.none() | TASKS),
        draw(st.builds(PlanRules, st.integers(1, 30), st.booleans())),
    )


@settings(max_examples=150)
@given(policies())
def test_what_is_written_of_a_policy_is_read_as_the_same_policy(policy):
    assert faults(policy) == []
    assert read_policy(as_toml(policy)) == policy


@pytest.mark.parametrize("name", ["de", "gb", "general", "nl", "no"])
def test_what_ships_is_written_as_it_is_read(name):
    assert read_policy(as_toml(shipped()[name])) == shipped()[name]


def test_what_is_as_by_default_is_left_out():
    step = Step("friendly_reminder", 3, ("email",))
    assert (
        as_toml(Policy("ours", (step,)))
        == """\
name = "ours"
jurisdiction = ""
applies_to = "everyone"
one_contact_per = "customer"
quiet_days = 3

[[step]]
name = "friendly_reminder"
days = 3
channels = ["email"]
tone = "friendly"

[returned_payment]
start_again_at = "friendly_reminder"
"""
    )
