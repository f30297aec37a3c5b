"""From the steps of one customer and entity that are due on a day to the contacts that serve them.

A customer with nine late invoices gets one letter that lists nine. Steps of one channel become one contact, in the tone
of its furthest step; a decision is one for each step, since each is decided by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from domain.case.deciding import Due
from domain.contact.facts import About, Planned
from domain.contact.state import CALL, DECISION, MESSAGE, PROMISE, VISIT, contact_stream
from domain.policy.document import EMAIL, INVOICE, LETTER, MESSAGE_CHANNELS, Policy, Step, StepTask

PHONE = "phone"


class DueStep(NamedTuple):
    """A step that is due about an invoice (its stream), by a version of a policy."""

    invoice: str
    due: Due
    policy: Policy
    version: int


class BrokenPromise(NamedTuple):
    """A promise about an invoice that was judged broken today, and what the policy has a person do about it."""

    invoice: str
    task: StepTask
    policy: Policy
    version: int
    currency: str
    open_minor: int
    due_on: date


class Recipient(NamedTuple):
    """Whom it is for. `channels` are those there is an address for; what the customer `prefers` comes before others."""

    entity: str
    customer: str
    language: str
    channels: tuple[str, ...]
    prefers: str | None = None


class Served(NamedTuple):
    """By what a step is served: the streams of its message and of its task, and the channel shown for it."""

    channel: str | None = None
    contact: str | None = None
    task: str | None = None


@dataclass(slots=True)
class Plan:
    """The contacts of one customer and entity, by stream, and how each invoice's step is served."""

    contacts: dict[str, Planned] = field(default_factory=dict)
    served: dict[str, Served] = field(default_factory=dict)


class _Wanted(NamedTuple):
    """One invoice's wish for a contact; wishes with one key become one contact."""

    key: tuple[str, ...]
    kind: str
    channel: str | None
    step: DueStep
    task: StepTask | None


def plan(
    dues: Sequence[DueStep], broken: Sequence[BrokenPromise], to: Recipient, today: date, used: Mapping[str, int]
) -> Plan:
    """`used` is how many contacts there are today already, by the part of the stream's name that says how."""
    planned, numbers = Plan(), dict(used)
    groups: dict[tuple[str, ...], list[_Wanted]] = {}
    for due in dues:
        for wanted in _wanted(due, to):
            groups.setdefault(wanted.key, []).append(wanted)
    for key, wishes in groups.items():
        stream = _next_stream(numbers, key[0], to, today)
        planned.contacts[stream] = _contact(wishes, to, today)
        for wish in wishes:
            before = planned.served.get(wish.step.invoice, Served())
            planned.served[wish.step.invoice] = _served(before, wish, stream)
    for promise in broken:
        stream = _next_stream(numbers, PROMISE, to, today)
        planned.contacts[stream] = _about_promise(promise, to)
    return planned


def channel_of(step: Step, to: Recipient) -> str | None:
    """The first of the step's channels there is an address for, the one the customer prefers before others."""
    there = [channel for channel in step.ways if channel in to.channels]
    return to.prefers if to.prefers in there else there[0] if there else None


def channel_shown(step: Step, to: Recipient) -> str | None:
    """By which channel a step is served: that of its message, else of the person who acts; a decision has none."""
    if channel := channel_of(step, to):
        return channel
    if step.work:
        return {DECISION: None, VISIT: VISIT}.get(step.work.kind, PHONE)
    return _by_person(step) if step.ways else None


def _wanted(due: DueStep, to: Recipient) -> Iterable[_Wanted]:
    step, each = due.due.step, (due.invoice,) if due.policy.one_contact_per == INVOICE else ()
    channel, task = channel_of(step, to), step.work
    if channel:
        yield _Wanted((channel, *each), MESSAGE, channel, due, None)
    elif step.ways and not task:
        # Nowhere to write to: a person reaches them.
        by = _by_person(step)
        yield _Wanted((by, *each), VISIT if by == VISIT else CALL, by, due, None)
    if task and task.kind == DECISION:
        yield _Wanted((DECISION, step.name, due.invoice), DECISION, None, due, task)
    elif task:
        by = VISIT if task.kind == VISIT else PHONE
        yield _Wanted((by, *each), task.kind, by, due, task)


def _by_person(step: Step) -> str:
    """The first of its channels that a person serves; where it has none, a call."""
    return next((each for each in step.channels if each in (PHONE, VISIT)), PHONE)


def _contact(wishes: Sequence[_Wanted], to: Recipient, today: date) -> Planned:
    furthest = max(wishes, key=_how_far)
    step, due = furthest.step.due.step, furthest.step.due
    is_before_due = step.lapses_when_due
    pay_by = due.run.due_on if is_before_due else today + timedelta(days=step.pay_within_days)
    tasks = [wish.task for wish in sorted(wishes, key=_how_far, reverse=True) if wish.task]
    return Planned(
        furthest.kind,
        to.entity,
        to.customer,
        step.name,
        step.tone,
        to.language,
        furthest.step.policy.name,
        furthest.step.version,
        tuple(_about(wish.step) for wish in wishes),
        furthest.channel,
        pay_by if furthest.kind == MESSAGE else None,
        next((task.script for task in tasks if task.script), None),
        holds=any(task.holds for task in tasks),
        approval=any(task.approval for task in tasks),
    )


def _how_far(wish: _Wanted) -> tuple[int, int]:
    return wish.step.due.step.level, wish.step.policy.index(wish.step.due.step.name)


def _about(due: DueStep) -> About:
    step, run, because = due.due.step, due.due.run, due.due.because
    return About(
        due.invoice,
        step.name,
        step.level,
        run.number,
        run.due_on,
        because.currency,
        because.open_minor,
        because.demanded_minor,
        step.tone,
    )


def _about_promise(promise: BrokenPromise, to: Recipient) -> Planned:
    about = About(
        promise.invoice, PROMISE, 0, 0, promise.due_on, promise.currency, promise.open_minor, promise.open_minor
    )
    return Planned(
        PROMISE,
        to.entity,
        to.customer,
        PROMISE,
        "firm",
        to.language,
        promise.policy.name,
        promise.version,
        (about,),
        PHONE,
        script=promise.task.script,
    )


def _served(before: Served, wish: _Wanted, stream: str) -> Served:
    if wish.kind == MESSAGE:
        return Served(wish.channel, stream, before.task)
    return Served(before.channel or wish.channel, before.contact, stream)


def _next_stream(numbers: dict[str, int], how: str, to: Recipient, today: date) -> str:
    numbers[how] = numbers.get(how, 0) + 1
    return contact_stream(to.entity, today, how, numbers[how], to.customer)


def reachable(*, email: str | None, address: str | None) -> tuple[str, ...]:
    """The channels of messages there is an address for."""
    addresses = {EMAIL: email, LETTER: address}
    return tuple(channel for channel in MESSAGE_CHANNELS if addresses[channel])
