"""The daily note to our own staff: to each collector what is to be done, and what goes to their customers today.

It goes into a folder of its own, one file for each collector and day, and only where an address is set. Nothing is
recorded of it: it is no contact with a customer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from domain.kinds import key_of
from infra.clock import Clock
from infra.post.message import Delivery, Message, Transport
from infra.views.answers import Views
from projections.escalation.listing import Written, written_on
from projections.escalation.view import NAME as VIEW
from services.answers.worklist import TaskRow
from services.escalation.worklist import WorkList
from services.messages.message_ids import message_id

SENDER = "receivables@receivables.invalid"
NOBODY = "nobody"


class Digests:
    """`to` is the address of the staff."""

    def __init__(self, worklist: WorkList, views: Views, folder: Transport, *, ledger_id: UUID, to: str, clock: Clock):
        self._worklist, self._views, self._folder = worklist, views, folder
        self._ledger_id, self._to, self._clock = ledger_id, to, clock

    def write(self, today: date) -> list[Delivery]:
        """One for each collector with something to do or to know; of several of a day the first one stays."""
        tasks, written = defaultdict[str, list[TaskRow]](list), defaultdict[str, list[Written]](list)
        for task in self._worklist.worklist(today)["rows"]:
            tasks[task["collector"] or NOBODY].append(task)
        with self._views.snapshot(VIEW) as snapshot:
            for row in snapshot.ask(written_on(today))[0]:
                each = Written(*row)
                written[each.collector or NOBODY].append(each)
        return [self._sent(who, today, tasks[who], written[who]) for who in sorted({*tasks, *written})]

    def _sent(self, collector: str, today: date, tasks: Sequence[TaskRow], written: Sequence[Written]) -> Delivery:
        named = message_id(self._ledger_id, f"digest {today} {collector}", 1, SENDER.partition("@")[2])
        data = _mail(self._to, named, self._clock(), collector, today, tasks, written)
        return self._folder.hand_over(Message(f"digest {today}", 1, named, data, SENDER, self._to))


def _mail(
    to: str, named: str, at: datetime, collector: str, today: date, tasks: Sequence[TaskRow], written: Sequence[Written]
) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = SENDER, to
    mail["Subject"] = f"{today}: {len(tasks)} to do, {len(written)} messages go out ({_plain(collector)})"
    mail["Date"], mail["Message-ID"] = at, named
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join([*_of_tasks(tasks), "", *_of_messages(written), ""]))
    return mail.as_bytes()


def _of_tasks(tasks: Sequence[TaskRow]) -> Iterable[str]:
    yield "To do, what is worth most first:" if tasks else "Nothing to do."
    for task in tasks:
        phone = f", phone {task['phone']}" if task["phone"] else ""
        yield f"- {task['kind']}: customer {task['customer']}, {', '.join(task['invoices'])}{phone}: {task['why']}"
        yield f"  receivables task show {task['task']}"


def _of_messages(written: Sequence[Written]) -> Iterable[str]:
    yield "Messages to customers today:" if written else "No message goes to a customer today."
    for each in written:
        numbers = ", ".join(key_of(stream)["number"] for stream in each.invoices)
        yield f"- {each.step.replace('_', ' ')} by {each.channel}: customer {each.customer}, {numbers}"


def _plain(text: str) -> str:
    """Fit for a header: a collector's name may be anything that prints."""
    return "".join(each if each.isprintable() else " " for each in text)[:60]
