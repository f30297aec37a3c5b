"""Adherence as plain data: per step of a policy what was taken on its day, who skipped what and why, and where."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from projections.escalation.adherence import Exceptions, Skips, StepKept
from services.answers.as_known import FromTo, KnownTo, known_to
from services.snapshots import AsOfPosition


class StepRow(TypedDict):
    """`held` are still waiting for a person; days late are None where nothing was late."""

    policy: str
    step: str
    decided: int
    on_time: int
    late: int
    median_days_late: int | None
    most_days_late: int | None
    withheld: int
    failed: int
    unknown: int
    skipped: int
    held: int


class SkipRow(TypedDict):
    policy: str
    step: str
    by: str
    reason: str | None
    steps: int


class ExceptionRow(TypedDict):
    """A customer of whom not every step was taken on its day and came to what it was to."""

    customer: str
    collector: str | None
    steps: int
    exceptions: int
    skipped: int
    withheld: int
    failed: int
    unknown: int
    late: int


class AdherenceAnswer(FromTo, KnownTo):
    collector: str | None
    steps: list[StepRow]
    skips: list[SkipRow]
    customers: list[ExceptionRow]


def adherence_answer(
    from_on: date,
    to_on: date,
    collector: str | None,
    snapshot: AsOfPosition,
    steps: Iterable[StepKept],
    skips: Iterable[Skips],
    customers: Iterable[Exceptions],
) -> AdherenceAnswer:
    return {
        "from": from_on.isoformat(),
        "to": to_on.isoformat(),
        "collector": collector,
        **known_to(snapshot),
        "steps": [_step(each) for each in steps],
        "skips": [
            {"policy": each.policy, "step": each.step, "by": each.by, "reason": each.reason, "steps": each.steps}
            for each in skips
        ],
        "customers": [_customer(each) for each in customers],
    }


def _step(step: StepKept) -> StepRow:
    return {
        "policy": step.policy,
        "step": step.step,
        "decided": step.decided,
        "on_time": step.on_time,
        "late": step.late,
        "median_days_late": step.median_days,
        "most_days_late": step.most_days,
        "withheld": step.withheld,
        "failed": step.failed,
        "unknown": step.unknown,
        "skipped": step.skipped,
        "held": step.held,
    }


def _customer(customer: Exceptions) -> ExceptionRow:
    return {
        "customer": customer.customer,
        "collector": customer.collector,
        "steps": customer.steps,
        "exceptions": customer.exceptions,
        "skipped": customer.skipped,
        "withheld": customer.withheld,
        "failed": customer.failed,
        "unknown": customer.unknown,
        "late": customer.late,
    }
