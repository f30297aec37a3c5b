"""A policy as TOML that can be edited and published again: what is as by default is left out."""

import json
from collections.abc import Iterator, Mapping

from domain.money import major
from domain.policy.document import Amount, Charge, Condition, PlanRules, Policy, Step, StepTask

Value = str | int | bool


def as_toml(policy: Policy) -> str:
    plain = Policy(policy.name, ())
    lines = [f"name = {_text(policy.name)}", f"jurisdiction = {_text(policy.jurisdiction or '')}"]
    for key in ("applies_to", "one_contact_per", "quiet_days"):
        lines.append(f"{key} = {_value(getattr(policy, key))}")
    if policy.least_amount:
        lines.append(f"least_amount = {_amounts(policy.least_amount)}")
    lines += _differing(policy, plain, "late", "most_contacts_a_day", "stale_bank_days")
    for step in policy.steps:
        lines += ["", "[[step]]", *_step(step)]
    lines += ["", "[returned_payment]", f"start_again_at = {_text(policy.start_again_at)}"]
    if policy.broken_promise:
        lines += ["", "[broken_promise]", f"task = {_task(policy.broken_promise)}"]
    if plan := [*_differing(policy.plan, PlanRules(), "broken_after_days", "accelerate")]:
        lines += ["", "[plan]", *plan]
    return "\n".join(lines) + "\n"


def _step(step: Step) -> Iterator[str]:
    plain = Step(step.name, 0)
    yield f"name = {_text(step.name)}"
    yield f"days = {step.days}"
    yield from _differing(step, plain, "after", "channels")
    yield f"tone = {_text(step.tone)}"
    yield from _differing(step, plain, "level", "lapses_when_due", "shows", "pay_within_days")
    if step.task:
        yield f"task = {_task(step.task)}"
    if step.when != plain.when:
        yield f"when = {_condition(step.when)}"
    if step.charges:
        yield f"charges = [{', '.join(map(_charge, step.charges))}]"


def _differing(of: object, plain: object, *keys: str) -> Iterator[str]:
    for key in keys:
        if getattr(of, key) != getattr(plain, key):
            yield f"{key} = {_value(getattr(of, key))}"


def _task(task: StepTask) -> str:
    known: dict[str, Value | None] = {
        "kind": task.kind, "holds": task.holds, "script": task.script, "approval": task.approval or None
    }  # fmt: skip
    return _table({key: _value(value) for key, value in known.items() if value is not None})


def _condition(when: Condition) -> str:
    shown = {"open_at_least": _amounts(when.open_at_least)} if when.open_at_least else {}
    for key in ("customers", "unless", "risk_classes", "contacts_at_least"):
        if getattr(when, key) != getattr(Condition(), key):
            shown[key] = _value(getattr(when, key))
    return _table(shown)


def _charge(charge: Charge) -> str:
    shown = {"kind": _text(charge.kind)}
    if charge.amount:
        amount = charge.amount
        shown |= {"amount": _text(major(amount.minor, amount.currency)), "currency": _text(amount.currency)}
    return _table(shown)


def _amounts(amounts: tuple[Amount, ...]) -> str:
    return _table({each.currency: _text(major(each.minor, each.currency)) for each in amounts})


def _table(shown: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{key} = {value}' for key, value in shown.items())} }}"


def _value(value: Value | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, str):
        return _text(value)
    return str(value).lower()


def _text(text: str) -> str:
    # JSON's escapes are TOML's, which wants one more.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
