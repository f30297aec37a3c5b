"""A ladder that was played again, as plain data: what it would have done, what was done, and the difference."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from statistics import median_low
from typing import TypedDict

from domain.contact.state import DECISION
from domain.policy import Policy
from domain.policy.document import CONTACT_CHANNELS
from projections.escalation.replaying import Period
from services.escalation.doings import Doings, StepTaken

SimulationAnswer = TypedDict(
    "SimulationAnswer",
    {
        "policy": str,
        "version": int | None,
        "from": str,
        "to": str,
        "simulated": "LadderFigures",
        "done": "LadderFigures",
        "difference": "Difference",
        "days": "list[DayOfContacts]",
    },
)


class Difference(TypedDict):
    """`decided` counts steps, `contacts` what was for customers, calls included; `decisions` are among ourselves."""

    contacts: int
    decided: int
    decisions: int
    customers: int
    invoices: int
    steps: dict[str, int]
    channels: dict[str, int]


class PaidAfter(TypedDict):
    """Invoices that were paid after this as their last step; `days` is the median from the step to the payment."""

    step: str
    channel: str | None
    invoices: int
    days: int


class Paid(TypedDict):
    """Invoices paid in the period; those paid without a step before it in the period are `without_step`."""

    invoices: int
    without_step: int
    after: list[PaidAfter]


class PolicyFigures(TypedDict):
    policy: str
    version: int
    contacts: int
    decided: int


class LadderFigures(Difference):
    """`busiest` is the most contacts on one day."""

    busiest: int
    policies: list[PolicyFigures]
    paid: Paid


class DayOfContacts(TypedDict):
    on: str
    simulated: int
    done: int


def simulation_answer(
    policy: Policy,
    version: int | None,
    period: Period,
    simulated: Doings,
    done: Doings,
    paid_on: Mapping[str, date],
) -> SimulationAnswer:
    """`paid_on` is by invoice."""
    own = [step.name for step in policy.steps]
    others = sorted({each.step for each in done.steps} - {*own})
    would, did = (_figures(each, [*own, *others], paid_on) for each in (simulated, done))
    by_day = [_by_day(each) for each in (simulated, done)]
    return {
        "policy": policy.name,
        "version": version,
        "from": period.from_on.isoformat(),
        "to": period.to_on.isoformat(),
        "simulated": would,
        "done": did,
        "difference": _difference(would, did),
        "days": [
            {"on": on.isoformat(), "simulated": by_day[0][on], "done": by_day[1][on]}
            for on in sorted({*by_day[0], *by_day[1]})
        ],
    }


def _figures(doings: Doings, steps: list[str], paid_on: Mapping[str, date]) -> LadderFigures:
    contacts = [each for each in doings.contacts if each.kind != DECISION]
    taken = Counter(each.step for each in doings.steps)
    channels = Counter(each.channel for each in contacts)
    return {
        "contacts": len(contacts),
        "decided": len(doings.steps),
        "decisions": len(doings.contacts) - len(contacts),
        "customers": len({each.owner for each in contacts}),
        "invoices": len({each.invoice for each in doings.steps}),
        "steps": {step: taken[step] for step in steps},
        "channels": {channel: channels[channel] for channel in CONTACT_CHANNELS},
        "busiest": max(_by_day(doings).values(), default=0),
        "policies": _policies(doings),
        "paid": _paid(doings, steps, paid_on),
    }


def _difference(would: LadderFigures, did: LadderFigures) -> Difference:
    return {
        "contacts": would["contacts"] - did["contacts"],
        "decided": would["decided"] - did["decided"],
        "decisions": would["decisions"] - did["decisions"],
        "customers": would["customers"] - did["customers"],
        "invoices": would["invoices"] - did["invoices"],
        "steps": {step: number - did["steps"][step] for step, number in would["steps"].items()},
        "channels": {channel: number - did["channels"][channel] for channel, number in would["channels"].items()},
    }


def _policies(doings: Doings) -> list[PolicyFigures]:
    steps = Counter((each.policy, each.version) for each in doings.steps)
    contacts = Counter((each.policy, each.version) for each in doings.contacts if each.kind != DECISION)
    return [
        {"policy": name, "version": version, "contacts": contacts[name, version], "decided": steps[name, version]}
        for name, version in sorted({*steps, *contacts})
    ]


def _paid(doings: Doings, steps: list[str], paid_on: Mapping[str, date]) -> Paid:
    last: dict[str, StepTaken] = {}
    for taken in doings.steps:
        if taken.invoice in paid_on and taken.on < paid_on[taken.invoice]:
            last[taken.invoice] = max(last.get(taken.invoice, taken), taken, key=lambda each: each.on)
    days: dict[tuple[str, str], list[int]] = {}
    for taken in last.values():
        days.setdefault((taken.step, taken.channel or ""), []).append((paid_on[taken.invoice] - taken.on).days)
    after: list[PaidAfter] = [
        {"step": step, "channel": channel or None, "invoices": len(each), "days": median_low(each)}
        for (step, channel), each in sorted(days.items(), key=lambda pair: (steps.index(pair[0][0]), pair[0][1]))
    ]
    return {"invoices": len(paid_on), "without_step": len(paid_on) - len(last), "after": after}


def _by_day(doings: Doings) -> Counter[date]:
    return Counter(each.on for each in doings.contacts if each.kind != DECISION)
