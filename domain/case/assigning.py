"""A policy for one invoice: it comes before those of its customer and its entity."""

from domain.case.facts import PolicyAssigned
from domain.case.state import Case


def assign_policy(case: Case | None, *, policy: str, version: int) -> list[PolicyAssigned]:
    """A case that has begun is moved: it goes on with the first step that comes later than the last it took."""
    asked = PolicyAssigned(policy, version)
    return [] if case and case.assigned == asked else [asked]
