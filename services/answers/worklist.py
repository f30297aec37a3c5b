"""The work list as plain data: what there is to do, what acting today is worth, whom to call, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypedDict

from domain.contact.state import DECISION, DELIVERY, PROMISE
from domain.kinds import key_of
from domain.money import major, readable
from projections.escalation.work import Owed, Task
from services.answers.as_known import KnownTo, known_to
from services.snapshots import AsOfPosition


class TaskRow(TypedDict):
    """`value` is what is lost by waiting a week, in `currency`; `collector` None is the common list.

    `phone` is None where none is known, or where the customer's data was erased.
    """

    task: str
    kind: str
    customer: str
    invoices: list[str]
    collector: str | None
    currency: str
    value: str
    due_on: str
    phone: str | None
    why: str


class WorkListAnswer(KnownTo):
    today: str
    collector: str | None
    rows: list[TaskRow]


class Ranked(NamedTuple):
    """A task with its invoices that may still be chased, and its value."""

    task: Task
    owed: Mapping[str, Owed]
    currency: str
    value_minor: int


def worklist_answer(
    today: date,
    collector: str | None,
    snapshot: AsOfPosition,
    ranked: Iterable[Ranked],
    phones: Mapping[str, str | None],
) -> WorkListAnswer:
    """`phones` are by customer."""
    return {
        "today": today.isoformat(),
        "collector": collector,
        **known_to(snapshot),
        "rows": [task_row(each, phones.get(each.task.customer), today) for each in ranked],
    }


def task_row(ranked: Ranked, phone: str | None, today: date) -> TaskRow:
    task = ranked.task
    return {
        "task": task.contact,
        "kind": task.work,
        "customer": task.customer,
        "invoices": [key_of(stream)["number"] for stream in ranked.owed],
        "collector": task.collector,
        "currency": ranked.currency,
        "value": major(ranked.value_minor, ranked.currency),
        "due_on": task.planned_on.isoformat(),
        "phone": phone,
        "why": why(task, [*ranked.owed.values()], today),
    }


def why(task: Task, owed: Sequence[Owed], today: date) -> str:
    """What it is for, how much is open and how long overdue, and what was tried so far."""
    days = max((each.days_overdue(today) for each in owed), default=0)
    reminders = max((each.reminders for each in owed), default=0)
    broken = sum(each.broken_promises for each in owed)
    parts = [
        f"{_amounts(owed)} open{f' on {len(owed)} invoices' if len(owed) > 1 else ''}",
        _counted(days, "day", " overdue") if days else "not overdue",
        _counted(reminders, "reminder", " so far") if reminders else "no reminder so far",
        *([_counted(broken, "broken promise")] if broken else []),
    ]
    return f"{_occasion(task)}: {', '.join(parts)}"


def _occasion(task: Task) -> str:
    step = task.step.replace("_", " ")
    if task.work == PROMISE:
        return "a promise was broken"
    if task.work == DECISION:
        return f"to decide, {step}"
    if task.work != DELIVERY:
        return step
    message = f"the {task.channel} of {step}"
    code = task.code.replace("_", " ")
    match task.state:
        case "failed":
            return f"{message} did not arrive ({code})"
        case "withheld":
            return f"{message} was withheld ({code})"
        case _:
            return f"nobody knows whether {message} has left ({code})"


def _amounts(owed: Sequence[Owed]) -> str:
    sums: dict[str, int] = {}
    for each in owed:
        sums[each.currency] = sums.get(each.currency, 0) + each.open_minor
    return " and ".join(readable(minor, currency) for currency, minor in sorted(sums.items())) or "nothing"


def _counted(number: int, thing: str, rest: str = "") -> str:
    return f"{number:,} {thing}{'s' * (number != 1)}{rest}"
