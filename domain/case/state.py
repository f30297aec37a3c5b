"""The case of an invoice: how far its ladder has come, folded from the case's own facts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.case.facts import Fact, PolicyAssigned, StepDecided, TaskFinished
from domain.entry import ALWAYS, stream_name


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, and the day."""

    decided: StepDecided
    on: date


@dataclass(frozen=True, slots=True)
class Case:
    """`assigned` is what was assigned to the invoice itself; `taken` are the steps of the present run, in order.

    `held_by` is the task that the ladder waits for.
    """

    assigned: PolicyAssigned | None = None
    taken: tuple[Taken, ...] = ()
    held_by: str | None = None

    @property
    def pin(self) -> tuple[str, int] | None:
        """The policy and version the case goes by; None while it may still begin under any."""
        if self.assigned:
            return self.assigned.policy, self.assigned.version
        if self.taken:
            decided = self.taken[-1].decided
            return decided.policy, decided.version
        return None

    @property
    def last(self) -> Taken | None:
        return self.taken[-1] if self.taken else None


def case_stream(number: str, entity: str) -> str:
    return stream_name("case", entity, number)


def case_of(invoice: str) -> str:
    """The stream of the case of an invoice, by the invoice's stream."""
    return f"case:{invoice.partition(':')[2]}"


def evolve(case: Case | None, fact: Fact, on: date = ALWAYS) -> Case:
    case = case or Case()
    match fact:
        case PolicyAssigned():
            return replace(case, assigned=fact)
        case StepDecided(run=run):
            is_new_run = case.last is not None and case.last.decided.run != run
            taken = (() if is_new_run else case.taken) + (Taken(fact, on),)
            return replace(case, taken=taken, held_by=fact.task if fact.held else None)
        case TaskFinished(task):
            return replace(case, held_by=None if case.held_by == task else case.held_by)


def defer(case: Case | None, fact: Fact) -> Case | None:
    """The case before a fact of a later day: what a person was to do is done, whichever day the ladder runs for."""
    return evolve(case, fact) if isinstance(fact, TaskFinished) else case


def fold(facts: Iterable[Fact]) -> Case | None:
    case = None
    for fact in facts:
        case = evolve(case, fact)
    return case
