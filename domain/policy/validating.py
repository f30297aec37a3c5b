"""What is wrong with a policy: with the form of its ladder, and by the law of its jurisdiction.

Keys are those of the document that a credit manager writes: `when.unless`, `returned_payment.start_again_at`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from domain.money import EXPONENTS
from domain.policy.document import (
    COMPRESS,
    CONTACT_CHANNELS,
    CUSTOMER,
    DEBTORS,
    EXCLUSIONS,
    INVOICE,
    MOVE_ALONG,
    TASK_KINDS,
    TONES,
    Amount,
    Charge,
    Policy,
    Step,
    StepTask,
)
from domain.policy.law import ALL_CHARGES, JURISDICTIONS, rules
from domain.policy.route import Route, days_after_due, reaches, routes

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
STEP_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
MOST_STEPS = 100
EARLIEST_DAY, LATEST_DAY = -365, 3650
MOST_QUIET_DAYS, MOST_DAYS, MOST_LEVEL, MOST_CONTACTS = 60, 365, 9, 1_000_000

# With one of these nobody can say in which order the steps come.
_WITHOUT_ORDER = {"same_name", "loop", "unknown_step", "overlap"}


class Fault(NamedTuple):
    """`rule` is stable. `key` is what is wrong: of the policy, or of the step that has this `place` in it."""

    rule: str
    step: str | None
    key: str
    message: str
    place: int | None = None


def faults(policy: Policy, on: date = date.max) -> list[Fault]:
    """All there are, the policy's own first, then step by step; by the law of a day, which is the newest by default."""
    if not 1 <= len(policy.steps) <= MOST_STEPS:
        return [_fault("steps", "step", f"a policy has 1 to {MOST_STEPS} steps, each under [[step]]")]
    found = [*_of_policy(policy), *_of_order(policy)]
    for place, step in enumerate(policy.steps):
        found += (each._replace(step=step.name, place=place) for each in _of_step(policy, step))
    if not _WITHOUT_ORDER & {each.rule for each in found}:
        for route in routes(policy):
            found += (*_of_levels(route), *_of_quiet_days(route))
        found += _of_law(policy, on)
    return sorted(dict.fromkeys(found), key=lambda each: -1 if each.place is None else each.place)


def _fault(rule: str, key: str, message: str) -> Fault:
    return Fault(rule, None, key, message)


# The policy itself


def _of_policy(policy: Policy) -> Iterator[Fault]:
    if not NAME.fullmatch(policy.name):
        yield _fault("bad_name", "name", f"{_quoted(policy.name)} is no name: small letters, digits, - and _")
    if policy.jurisdiction and policy.jurisdiction not in JURISDICTIONS:
        known = f'{", ".join(JURISDICTIONS)}, or "" for none in particular'
        message = f"the law of {_quoted(policy.jurisdiction)} is unknown; jurisdictions are {known}"
        yield _fault("unknown_jurisdiction", "jurisdiction", message)
    yield from _known("applies_to", policy.applies_to, DEBTORS, "choice", "unknown_debtors")
    yield from _known("one_contact_per", policy.one_contact_per, (CUSTOMER, INVOICE), "choice", "unknown_value")
    yield from _known("late", policy.late, (MOVE_ALONG, COMPRESS), "choice", "unknown_value")
    yield from _bounded("quiet_days", policy.quiet_days, 0, MOST_QUIET_DAYS)
    yield from _bounded("most_contacts_a_day", policy.most_contacts_a_day, 1, MOST_CONTACTS)
    yield from _bounded("stale_bank_days", policy.stale_bank_days, 0, MOST_DAYS)
    yield from _bounded("plan.broken_after_days", policy.plan.broken_after_days, 1, MOST_DAYS)
    yield from _positive("least_amount", policy.least_amount)
    if policy.start_again_at not in {step.name for step in policy.steps}:
        message = f"there is no step {_quoted(policy.start_again_at)} to start again at"
        yield _fault("unknown_step", "returned_payment.start_again_at", message)
    if policy.broken_promise:
        yield from _of_task("broken_promise.task", policy.broken_promise)


# The order of its steps


def _of_order(policy: Policy) -> Iterator[Fault]:
    places: dict[str, int] = {}
    days: dict[str, int] = {}
    before: Step | None = None
    for place, step in enumerate(policy.steps):
        found = [*_of_place(policy, step, place, places)]
        yield from (each._replace(step=step.name, place=place) for each in found)
        places.setdefault(step.name, place)
        days.setdefault(step.name, step.days + days.get(step.after or "", 0))
        if before and not found and days[step.name] <= days[before.name]:
            same = days[step.name] == days[before.name]
            message = f"it comes on {'the same day as' if same else 'a day before'} {before.name}, and days must rise"
            yield Fault("overlap", step.name, "days", message, place)
        before = step


def _of_place(policy: Policy, step: Step, place: int, places: dict[str, int]) -> Iterator[Fault]:
    """The name of a step, and the step it counts from; `places` has the steps before it."""
    if step.name in places:
        yield _fault("same_name", "name", "two steps have this name")
    if step.after is None or (step.after in places and step.after != step.name):
        return
    if step.after == step.name:
        yield _fault("loop", "after", "it counts from itself")
    elif step.after in {each.name for each in policy.steps}:
        yield _fault("loop", "after", f"it counts from {_quoted(step.after)}, which comes later")
    else:
        yield _fault("unknown_step", "after", f"there is no step {_quoted(step.after)} before it")


# A step by itself


def _of_step(policy: Policy, step: Step) -> Iterator[Fault]:
    if not STEP_NAME.fullmatch(step.name):
        yield _fault("bad_name", "name", f"{_quoted(step.name)} is no name: small letters, digits and _")
    yield from _bounded("days", step.days, EARLIEST_DAY, LATEST_DAY)
    yield from _all_known("channels", step.channels, CONTACT_CHANNELS, "channel", "unknown_channel")
    yield from _known("tone", step.tone, TONES, "tone", "unknown_tone")
    yield from _all_known("shows", step.shows, ALL_CHARGES, "charge", "unknown_charge")
    yield from _bounded("level", step.level, 0, MOST_LEVEL)
    yield from _bounded("pay_within_days", step.pay_within_days, 1, MOST_DAYS)
    if not step.channels and not step.task:
        yield _fault("nothing_to_do", "name", "it has neither channels nor a task")
    if step.lapses_when_due and step.days > 0:
        yield _fault("lapses_after_due", "lapses_when_due", "it comes after the due day, when it would have lapsed")
    if any(each.name == step.after and each.lapses_when_due for each in policy.steps):
        yield _fault("after_notice", "after", f"{step.after} may lapse, and then this step would never come")
    if step.task:
        yield from _of_task("task", step.task)
    yield from _of_condition(policy, step)
    for n, charge in enumerate(step.charges):
        yield from _of_charge(f"charges.{n}", charge)


def _of_task(key: str, task: StepTask) -> Iterator[Fault]:
    yield from _known(f"{key}.kind", task.kind, TASK_KINDS, "task", "unknown_task")


def _of_condition(policy: Policy, step: Step) -> Iterator[Fault]:
    when = step.when
    yield from _known("when.customers", when.customers, DEBTORS, "choice", "unknown_debtors")
    yield from _all_known("when.unless", when.unless, EXCLUSIONS, "exclusion", "unknown_exclusion")
    yield from _bounded("when.contacts_at_least", when.contacts_at_least, 0, MOST_STEPS)
    yield from _positive("when.open_at_least", when.open_at_least)
    if when.customers in DEBTORS and policy.applies_to in DEBTORS and not _reaches_any(policy, step):
        message = f"it is for {when.customers}, and the policy applies to {policy.applies_to}"
        yield _fault("never_taken", "when.customers", message)


def _of_charge(key: str, charge: Charge) -> Iterator[Fault]:
    yield from _known(f"{key}.kind", charge.kind, ALL_CHARGES, "charge", "unknown_charge")
    if charge.kind == "fee" and not charge.amount:
        yield _fault("fee_without_amount", f"{key}.kind", "a fee has an amount and a currency")
    if charge.kind == "interest" and charge.amount:
        yield _fault("interest_with_amount", f"{key}.amount", "interest is computed by rate and days, it has no amount")
    if charge.amount:
        yield from _positive(f"{key}.amount", [charge.amount], is_table=False)


def _reaches_any(policy: Policy, step: Step) -> bool:
    return any(reaches(step.when.customers, each) and reaches(policy.applies_to, each) for each in DEBTORS[1:])


# Steps for one kind of debtors, one after the other


def _of_levels(route: Route) -> Iterator[Fault]:
    level = 0
    for place, step in route.steps:
        if step.level > 0 and not level <= step.level <= level + 1:
            message = f"the level before it is {level} and here {step.level}; it stays or rises by one"
            yield Fault("level_jumps", step.name, "level", message, place)
        level = step.level or level


def _of_quiet_days(route: Route) -> Iterator[Fault]:
    days, quiet = days_after_due(route.policy), route.policy.quiet_days
    contacts = [each for each in route.steps if each[1].channels or each[1].is_contact]
    for (_, before), (place, step) in pairwise(contacts):
        between = days[step.name] - days[before.name]
        if between < quiet:
            message = f"it comes {between} days after {before.name}, and quiet_days is {quiet}"
            yield Fault("quiet_days", step.name, "days", message, place)


def _of_law(policy: Policy, on: date) -> Iterable[Fault]:
    """What is unlawful towards businesses and towards consumers is said once."""
    found: dict[tuple[str, int, str], Fault] = {}
    for route in routes(policy):
        for rule in rules(policy.jurisdiction, on):
            for place, step, key, message in rule.requirement.breaches(route) if route.debtors in rule.debtors else ():
                said = f"{rule.sentence} ({rule.source}); {message}"
                found.setdefault((rule.id, place, key), Fault(rule.id, step.name, key, said, place))
    return found.values()


# What many keys have in common


def _known(key: str, value: str, choices: tuple[str, ...], noun: str, rule: str) -> Iterator[Fault]:
    if value not in choices:
        yield _fault(rule, key, f"{noun} {_quoted(value)} is unknown; {noun}s are {', '.join(choices)}")


def _all_known(key: str, values: Iterable[str], choices: tuple[str, ...], noun: str, rule: str) -> Iterator[Fault]:
    for n, value in enumerate(values):
        yield from _known(f"{key}.{n}", value, choices, noun, rule)


def _bounded(key: str, value: int, least: int, most: int) -> Iterator[Fault]:
    if not least <= value <= most:
        yield _fault("out_of_range", key, f"{key} is {value if abs(value) < 10**9 else 'far'}, not {least} to {most}")


def _positive(key: str, amounts: Iterable[Amount], *, is_table: bool = True) -> Iterator[Fault]:
    for amount in amounts:
        at = f"{key}.{amount.currency}" if is_table else key
        if amount.currency not in EXPONENTS:
            yield _fault("unknown_currency", at, f"{_quoted(amount.currency)} is not an ISO 4217 currency code")
        elif amount.minor <= 0:
            yield _fault("not_positive", at, "the amount must be more than zero")


def _quoted(text: str) -> str:
    shown = "".join(each if each.isprintable() else "?" for each in text[:40])
    return f'"{shown}{"..." * (len(text) > 40)}"'
