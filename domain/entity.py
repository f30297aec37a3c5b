"""A legal entity whose invoices these are: what holds for all of its customers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.entry import ALWAYS, stream_name


@dataclass(frozen=True, slots=True)
class PolicyAssigned:
    """The dunning policy of cases that begin from now on, where neither invoice nor customer has one; None for none."""

    policy: str | None = None


Fact = PolicyAssigned

FACTS: dict[str, type] = {"entity.policy_assigned": PolicyAssigned}


@dataclass(frozen=True, slots=True)
class Entity:
    policy: str | None = None


def entity_stream(entity: str) -> str:
    return stream_name("entity", entity)


def assign_policy(entity: Entity | None, *, policy: str | None) -> list[Fact]:
    return [] if (entity.policy if entity else None) == policy else [PolicyAssigned(policy)]


def evolve(entity: Entity | None, fact: Fact, on: date = ALWAYS) -> Entity:
    return Entity(fact.policy)


def fold(facts: Iterable[Fact]) -> Entity | None:
    entity = None
    for fact in facts:
        entity = evolve(entity, fact)
    return entity
