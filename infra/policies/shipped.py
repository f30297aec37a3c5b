"""The ladders that come with the program: the general one, and one for each jurisdiction whose law is known."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from domain.policy import Fact, Policies, Policy, publish
from infra.policies.reading import read_policy

LADDERS = Path(__file__).with_name("ladders")
GENERAL = "general"


@cache
def shipped() -> Mapping[str, Policy]:
    """By name; the file of each has that name."""
    read = (read_policy(path.read_text(encoding="utf-8")) for path in sorted(LADDERS.glob("*.toml")))
    return MappingProxyType({policy.name: policy for policy in read})


def first_version(name: str, known: Policies | None) -> list[Fact]:
    """What ships under a name becomes its version 1, before it is first used or another version is published.

    What a later release ships under the name is not published by itself.
    """
    return publish(None, policy=shipped()[name]) if known is None and name in shipped() else []
