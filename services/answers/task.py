"""One task as plain data: what is open, what to say, and what was tried before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypedDict

from domain.kinds import key_of
from domain.money import major
from projections.escalation.listing import Contact
from projections.escalation.work import Owed, Task
from services.answers.contacts import ContactRow, contact_row
from services.answers.facts import FactAnswer
from services.answers.worklist import why


class TaskInvoice(TypedDict):
    """`may_be_chased` is false of one that is to be left alone today; of one that is paid only the number is left."""

    invoice: str
    currency: str | None
    open: str | None
    disputed: str | None
    days_overdue: int | None
    reminders: int
    broken_promises: int
    may_be_chased: bool


class TaskAnswer(TypedDict):
    """`before` are the earlier contacts with the customer, `facts` those of this one."""

    task: str
    kind: str
    state: str
    customer: str
    collector: str | None
    step: str
    due_on: str
    phone: str | None
    why: str
    script: str | None
    invoices: list[TaskInvoice]
    before: list[ContactRow]
    facts: list[FactAnswer]


def task_answer(
    task: Task,
    owed: Mapping[str, Owed],
    today: date,
    phone: str | None,
    script: str | None,
    before: Sequence[Contact],
    facts: list[FactAnswer],
) -> TaskAnswer:
    return {
        "task": task.contact,
        "kind": task.work,
        "state": task.state,
        "customer": task.customer,
        "collector": task.collector,
        "step": task.step,
        "due_on": task.planned_on.isoformat(),
        "phone": phone,
        "why": why(task, [owed[each] for each in task.invoices if each in owed], today),
        "script": script,
        "invoices": [*_invoices(task, owed, today)],
        "before": [contact_row(each) for each in before],
        "facts": facts,
    }


def _invoices(task: Task, owed: Mapping[str, Owed], today: date) -> Iterable[TaskInvoice]:
    for stream in dict.fromkeys(task.invoices):
        each = owed.get(stream)
        yield {
            "invoice": key_of(stream)["number"],
            "currency": each.currency if each else None,
            "open": major(each.open_minor, each.currency) if each else None,
            "disputed": major(each.disputed_minor, each.currency) if each else None,
            "days_overdue": each.days_overdue(today) if each else None,
            "reminders": each.reminders if each else 0,
            "broken_promises": each.broken_promises if each else 0,
            "may_be_chased": bool(each and each.may_be_chased(today, task.blocked_until)),
        }
