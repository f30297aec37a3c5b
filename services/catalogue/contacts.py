"""The commands on a contact: what came of tasks, and messages to be sent once more."""

from collections.abc import Callable
from datetime import date
from typing import Any, Concatenate, ParamSpec

from domain import casework
from domain import contact as contacts
from domain.casework import Task, Worked, streams_of
from domain.contact import Contact
from domain.contact.state import require_contact
from domain.customer import Customer
from domain.entry import customer_stream
from services.catalogue.command import Asked, Change, Command, Decided, Permission, Reader, planned

P = ParamSpec("P")

COLLECT = Permission.COLLECT


def _of_task(
    name: str,
    decision: Callable[Concatenate[Task, date, P], Worked],
    summary: str,
    *,
    needs_reason: bool = False,
) -> Command[P]:
    """A decision on a contact, its customer, and the cases and invoices it is about."""
    run: Callable[..., Worked] = decision

    def plan(asked: Asked, reader: Reader) -> Change:
        contact = require_contact(reader.state(asked.stream))
        debtor = customer_stream(contact.planned.customer)
        cases, invoices = streams_of(contact)

        def decide(known: Contact | None, customer: Customer | None, *states: Any) -> Decided:
            task = Task(
                asked.stream,
                known,
                customer,
                dict(zip(cases, states[: len(cases)], strict=True)),
                dict(zip(invoices, states[len(cases) :], strict=True)),
            )
            return run(task, asked.day, **asked.arguments)

        return Change([asked.stream, debtor, *cases, *invoices], decide, asked.day)

    return Command(name, summary, COLLECT, decision, plan, needs_reason=needs_reason)


def _retry(asked: Asked, reader: Reader) -> Change:
    def decide(contact: Contact | None) -> Decided:
        return {asked.stream: contacts.retry(contact)}

    return Change([asked.stream], decide, asked.day)


DONE = _of_task(
    "contact.done",
    casework.finish,
    "Say what came of a task: a few words without personal data, roles and never names. A ladder that waited goes on.",
)
SKIP = _of_task(
    "contact.skip",
    casework.skip,
    "Skip a task, and say why. A ladder that waited for it goes on.",
    needs_reason=True,
)
RETRY = planned(
    "contact.retry",
    _retry,
    "Send a message once more that failed, was withheld, or of which nobody knows whether it has left.",
    COLLECT,
)

COMMANDS: tuple[Command[...], ...] = (DONE, SKIP, RETRY)
