"""A policy as a credit manager writes it, in TOML: every fault is named by its line and its rule.

A document is hostile until it is read: its size, depth and texts are bounded.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from domain.policy.document import Charge, Condition, PlanRules, Policy, Step, StepTask
from domain.policy.validating import Fault, faults
from domain.refusal import Refused
from infra.policies.places import Keys, line_of, places
from infra.policies.tables import Misfit, Table

MOST_BYTES = 64 * 1024
MOST_SHOWN = 20

_LINE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")


class Finding(NamedTuple):
    """What is wrong on a line, by which rule; `step` is the step's name, or its number where it has none."""

    line: int
    rule: str
    step: str | None
    key: str
    message: str

    def __str__(self) -> str:
        step = f"step {self.step}: " if self.step else ""
        return f"line {self.line}: {step}{self.message} [{self.rule}]"


class BadPolicy(Refused):
    """`findings` are in the order of their lines."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(sorted(findings, key=lambda each: each.line))
        shown = [str(each) for each in self.findings[:MOST_SHOWN]]
        more = len(self.findings) - len(shown)
        super().__init__("bad_policy", "; ".join(shown + [f"and {more} more"] * bool(more)), "document")


def decoded(data: bytes) -> str:
    """The text of a file, or of as much of it as is more than it may be. Refuses `bad_policy`."""
    if len(data) > MOST_BYTES:
        raise _too_large()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise BadPolicy([Finding(line, "not_toml", None, "", "it is no text in UTF-8")]) from None


def read_policy(text: str, on: date = date.max) -> Policy:
    """The policy, valid by the law of a day. Refuses `bad_policy` as `BadPolicy`, with all that is wrong."""
    content = _parsed(text)
    misfits: list[Misfit] = []
    policy = _policy(Table(content, (), misfits))
    if not misfits and not (wrong := faults(policy, on)):
        return policy
    try:
        found = places(text)
    except RecursionError:
        raise _too_deep() from None
    if misfits:
        raise BadPolicy(_of_misfit(each, content, found) for each in misfits)
    raise BadPolicy(_of_fault(each, found) for each in wrong)


def _parsed(text: str) -> Mapping[str, object]:
    if len(text) > MOST_BYTES or len(text.encode(errors="replace")) > MOST_BYTES:
        raise _too_large()
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        message, place = str(wrong), _LINE.search(str(wrong))
        line = int(place[1]) if place else text.count("\n", 0, len(text.rstrip())) + 1
        said = _LINE.sub(rf"(column {place[2]})", message) if place else message
        raise BadPolicy([Finding(line, "not_toml", None, "", said)]) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise BadPolicy([Finding(1, "not_toml", None, "", "a number has thousands of digits")]) from None


def _too_large() -> BadPolicy:
    return BadPolicy([Finding(1, "too_large", None, "", f"a policy has at most {MOST_BYTES // 1024} KB")])


def _too_deep() -> BadPolicy:
    return BadPolicy([Finding(1, "not_toml", None, "", "tables and lists are nested too deeply")])


# From tables to the policy


def _policy(table: Table) -> Policy:
    plain = Policy("", ())
    steps = tuple(_step(each) for each in table.tables("step"))
    policy = Policy(
        table.needed("name", ""),
        steps,
        table.text("jurisdiction") or None,
        table.taken("applies_to", plain.applies_to),
        table.taken("one_contact_per", plain.one_contact_per),
        table.taken("quiet_days", plain.quiet_days),
        table.amounts("least_amount"),
        table.taken("late", plain.late),
        table.taken("most_contacts_a_day", plain.most_contacts_a_day),
        table.taken("stale_bank_days", plain.stale_bank_days),
        _start_again_at(table.table("returned_payment"), steps),
        _broken_promise(table.table("broken_promise")),
        _plan(table.table("plan")),
    )
    table.close()
    return policy


def _step(table: Table) -> Step:
    plain = Step("", 0)
    step = Step(
        table.needed("name", plain.name),
        table.needed("days", plain.days),
        table.texts("channels"),
        table.taken("tone", plain.tone),
        table.taken("level", plain.level),
        table.text("after"),
        table.taken("lapses_when_due", plain.lapses_when_due),
        _task(table.table("task")),
        _condition(table.table("when")),
        table.texts("shows"),
        tuple(_charge(each) for each in table.tables("charges")),
        table.taken("pay_within_days", plain.pay_within_days),
    )
    table.close()
    return step


def _task(table: Table | None) -> StepTask | None:
    if table is None:
        return None
    task = StepTask(
        table.needed("kind", "call"), table.taken("holds", False), table.text("script"), table.taken("approval", False)
    )
    table.close()
    return task


def _condition(table: Table | None) -> Condition:
    if table is None:
        return Condition()
    condition = Condition(
        table.amounts("open_at_least"),
        table.taken("customers", "everyone"),
        table.texts("unless"),
        table.texts("risk_classes"),
        table.taken("contacts_at_least", 0),
    )
    table.close()
    return condition


def _charge(table: Table) -> Charge:
    charge = Charge(table.needed("kind", "interest"), table.amount())
    table.close()
    return charge


def _start_again_at(table: Table | None, steps: tuple[Step, ...]) -> str:
    """Where nothing is said, the first step that is taken after the due day."""
    first = next((step.name for step in steps if not step.lapses_when_due), steps[0].name if steps else "")
    if table is None:
        return first
    step = table.taken("start_again_at", first)
    table.close()
    return step


def _broken_promise(table: Table | None) -> StepTask | None:
    if table is None:
        return None
    task = _task(table.table("task"))
    table.close()
    return task


def _plan(table: Table | None) -> PlanRules:
    if table is None:
        return PlanRules()
    plan = PlanRules(table.taken("broken_after_days", 1), table.taken("accelerate", False))
    table.close()
    return plan


# From what is wrong to its line


def _of_misfit(misfit: Misfit, content: Mapping[str, object], found: dict[Keys, int]) -> Finding:
    path = misfit.path
    step, key = (_name_of(content, path[1]), path[2:]) if path[:1] == ("step",) and path[1:] else (None, path)
    return Finding(line_of(found, path), misfit.rule, step, ".".join(map(str, key)), misfit.message)


def _name_of(content: Mapping[str, object], place: str | int) -> str:
    """Of a step, which need not have one."""
    steps = content.get("step")
    step = steps[place] if isinstance(steps, list) and isinstance(place, int) else None
    name = step.get("name") if isinstance(step, dict) else None
    return name[:40] if isinstance(name, str) and name.isprintable() and name else f"number {int(place) + 1}"


def _of_fault(fault: Fault, found: dict[Keys, int]) -> Finding:
    key: Keys = tuple(int(part) if part.isdecimal() else part for part in fault.key.split("."))
    path = key if fault.place is None else ("step", fault.place, *key)
    return Finding(line_of(found, path), fault.rule, fault.step, fault.key, fault.message)
