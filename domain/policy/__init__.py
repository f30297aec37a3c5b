"""A dunning policy and its versions: one is never edited, a new version is published beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.entry import ALWAYS, stream_name
from domain.policy.document import Policy
from domain.refusal import Refused

__all__ = ["Policies", "Policy", "Published", "evolve", "fold", "policy_stream", "publish", "version_of"]


@dataclass(frozen=True, slots=True)
class Published:
    version: int
    policy: Policy


Fact = Published

FACTS: dict[str, type] = {"policy.published": Published}


@dataclass(frozen=True, slots=True)
class Policies:
    """All versions of the policy of one name, the first one first."""

    versions: tuple[Policy, ...] = ()

    @property
    def latest(self) -> Policy:
        return self.versions[-1]

    @property
    def version(self) -> int:
        return len(self.versions)


def policy_stream(name: str) -> str:
    return stream_name("policy", name)


def publish(known: Policies | None, *, policy: Policy) -> list[Fact]:
    """The next version; the same as the latest again changes nothing. `domain.policy.law` says what is wrong in one."""
    if known and known.latest == policy:
        return []
    return [Published((known.version if known else 0) + 1, policy)]


def version_of(known: Policies | None, version: int) -> Policy:
    """Refuses `unknown_policy`."""
    if known is None or not 0 < version <= known.version:
        raise Refused("unknown_policy", f"there is no version {version} of that policy")
    return known.versions[version - 1]


# How facts become the state


def evolve(known: Policies | None, fact: Fact, on: date = ALWAYS) -> Policies:
    """The versions after a fact; its effective date `on` makes no difference."""
    known = known or Policies()
    return replace(known, versions=(*known.versions, fact.policy))


def fold(facts: Iterable[Fact]) -> Policies | None:
    known = None
    for fact in facts:
        known = evolve(known, fact)
    return known
