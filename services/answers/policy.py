"""Dunning policies as plain data: the list of them, one with its steps, and what is wrong with a document."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from domain.money import major
from domain.policy.document import Amount, Charge, Condition, Policy, Step, StepTask
from infra.policies.reading import Finding
from services.policies import Listed

# In major units, by currency.
Amounts = Mapping[str, str]


class TaskAnswer(TypedDict):
    kind: str
    holds: bool
    script: str | None
    approval: bool


class ConditionAnswer(TypedDict):
    open_at_least: Amounts
    customers: str
    unless: list[str]
    risk_classes: list[str]
    contacts_at_least: int


class ChargeAnswer(TypedDict):
    kind: str
    amount: str | None
    currency: str | None


class StepAnswer(TypedDict):
    name: str
    days: int
    after: str | None
    channels: list[str]
    tone: str
    level: int
    lapses_when_due: bool
    task: TaskAnswer | None
    when: ConditionAnswer
    shows: list[str]
    charges: list[ChargeAnswer]
    pay_within_days: int


class PolicyRow(TypedDict):
    """`is_as_shipped` says that the latest version is the one that comes with the program."""

    policy: str
    version: int
    jurisdiction: str | None
    steps: int
    is_as_shipped: bool
    published_by: str | None
    published_on: str | None
    customers: int
    invoices: int


class PoliciesAnswer(TypedDict):
    policies: list[PolicyRow]


class PolicyAnswer(TypedDict):
    policy: str
    version: int
    jurisdiction: str | None
    applies_to: str
    one_contact_per: str
    quiet_days: int
    least_amount: Amounts
    late: str
    most_contacts_a_day: int
    stale_bank_days: int
    start_again_at: str
    broken_promise: TaskAnswer | None
    plan_broken_after_days: int
    plan_accelerates: bool
    steps: list[StepAnswer]


class FaultAnswer(TypedDict):
    line: int
    rule: str
    step: str | None
    key: str
    message: str


class ValidationAnswer(TypedDict):
    """`policy` is the name of the policy, None where it is not valid."""

    file: str
    policy: str | None
    is_valid: bool
    faults: list[FaultAnswer]


def policies_answer(listed: Iterable[Listed]) -> PoliciesAnswer:
    return {"policies": [_row(each) for each in listed]}


def policy_answer(policy: Policy, version: int) -> PolicyAnswer:
    return {
        "policy": policy.name,
        "version": version,
        "jurisdiction": policy.jurisdiction,
        "applies_to": policy.applies_to,
        "one_contact_per": policy.one_contact_per,
        "quiet_days": policy.quiet_days,
        "least_amount": _amounts(policy.least_amount),
        "late": policy.late,
        "most_contacts_a_day": policy.most_contacts_a_day,
        "stale_bank_days": policy.stale_bank_days,
        "start_again_at": policy.start_again_at,
        "broken_promise": _task(policy.broken_promise) if policy.broken_promise else None,
        "plan_broken_after_days": policy.plan.broken_after_days,
        "plan_accelerates": policy.plan.accelerate,
        "steps": [_step(step) for step in policy.steps],
    }


def validation_answer(file: str, policy: Policy | None, findings: Iterable[Finding]) -> ValidationAnswer:
    faults: list[FaultAnswer] = [
        {"line": each.line, "rule": each.rule, "step": each.step, "key": each.key, "message": each.message}
        for each in findings
    ]
    return {"file": file, "policy": policy.name if policy else None, "is_valid": not faults, "faults": faults}


def _row(each: Listed) -> PolicyRow:
    return {
        "policy": each.policy.name,
        "version": each.version,
        "jurisdiction": each.policy.jurisdiction,
        "steps": len(each.policy.steps),
        "is_as_shipped": each.is_as_shipped,
        "published_by": each.actor,
        "published_on": each.published_on.isoformat() if each.published_on else None,
        "customers": each.customers,
        "invoices": each.invoices,
    }


def _step(step: Step) -> StepAnswer:
    return {
        "name": step.name,
        "days": step.days,
        "after": step.after,
        "channels": [*step.channels],
        "tone": step.tone,
        "level": step.level,
        "lapses_when_due": step.lapses_when_due,
        "task": _task(step.task) if step.task else None,
        "when": _condition(step.when),
        "shows": [*step.shows],
        "charges": [_charge(charge) for charge in step.charges],
        "pay_within_days": step.pay_within_days,
    }


def _task(task: StepTask) -> TaskAnswer:
    return {"kind": task.kind, "holds": task.holds, "script": task.script, "approval": task.approval}


def _condition(when: Condition) -> ConditionAnswer:
    return {
        "open_at_least": _amounts(when.open_at_least),
        "customers": when.customers,
        "unless": [*when.unless],
        "risk_classes": [*when.risk_classes],
        "contacts_at_least": when.contacts_at_least,
    }


def _charge(charge: Charge) -> ChargeAnswer:
    amount = charge.amount
    return {
        "kind": charge.kind,
        "amount": major(amount.minor, amount.currency) if amount else None,
        "currency": amount.currency if amount else None,
    }


def _amounts(amounts: Iterable[Amount]) -> Amounts:
    return {each.currency: major(each.minor, each.currency) for each in amounts}
