"""The work list: what people are to do today, what is worth most first, with the number to call.

A contact whose invoices leave nothing to chase today is not on it: paid or voided, disputed, promised for a later day,
blocked, or with somebody else. It is on it again once that is over. A ladder that waits for it waits on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from domain.contact.state import no_such_contact
from domain.kinds import KINDS
from domain.money import EXPONENTS, exponent
from infra.disclosures import CONTACT, Disclose
from infra.encryption import Encryption
from projections.credit_risk import outlook
from projections.escalation import listing, work
from projections.escalation.view import NAME as ESCALATION
from projections.escalation.work import Owed, Task
from projections.escalation.worth import Worth
from services.answers.facts import FactAnswer
from services.answers.task import TaskAnswer, task_answer
from services.answers.worklist import Ranked, WorkListAnswer, worklist_answer
from services.risk import HISTORY_DAYS
from services.snapshots import Snapshots, require_day

VIEWS = (ESCALATION, "open_items", "credit_risk")
TASK = "task show"
MOST_DIGITS = max(EXPONENTS.values())


class WorkList:
    """`trail` gives the facts of a stream, `script` what to say in a call; None where there is nothing to say."""

    def __init__(
        self,
        snapshots: Snapshots,
        encryption: Callable[[], Encryption],
        trail: Callable[[str], list[FactAnswer]],
        script: Callable[[str, date], str | None],
        disclose: Disclose,
    ):
        self._snapshots, self._encryption, self._disclose = snapshots, encryption, disclose
        self._trail, self._script = trail, script

    def worklist(self, today: date, collector: str | None = None) -> WorkListAnswer:
        """All there is to do, or what a collector has to do and what is nobody's. Refuses `bad_day`."""
        since = require_day(today) - timedelta(days=HISTORY_DAYS)
        with self._snapshots.at(None, *VIEWS) as (as_known, ask):
            rows, items, circumstances, seen = ask(
                *work.waiting(today, collector), outlook.seen(since, today, as_known.position)
            )
        worth = Worth(outlook.curve(outlook.Seen(*row) for row in seen))
        tasks = [Task(*row) for row in rows]
        found = sorted(ranked(tasks, work.owed(items, circumstances), worth, today), key=_order)
        phones = self._phones("worklist", [each.task for each in found])
        return worklist_answer(today, collector, as_known, found, phones)

    def task(self, name: str, today: date) -> TaskAnswer:
        """One task, whatever its state, with the number, the script and the history; refuses `no_such_contact`."""
        stream = KINDS["contact"].stream(name)
        require_day(today)
        with self._snapshots.at(None, *VIEWS) as (_, ask):
            rows, items, circumstances = ask(*work.one(stream, today))
            found = [Task(*row) for row in rows]
            contacts = ask(listing.contacts(found[0].customer, None, None, today))[0] if found else []
        if not found:
            raise no_such_contact()
        [task] = found
        phone = self._phones(TASK, found).get(task.customer)
        before = [listing.Contact(*row) for row in contacts if row[0] != stream]
        script, facts = self._script(stream, today), self._trail(stream)
        return task_answer(task, work.owed(items, circumstances), today, phone, script, before, facts)

    def _phones(self, purpose: str, tasks: Iterable[Task]) -> dict[str, str | None]:
        """By customer; of those who left one, and whose data was not erased."""
        encrypted = {task.customer: task.encrypted_contact for task in tasks if task.encrypted_contact}
        contacts = self._encryption().readable_contacts(encrypted) if encrypted else {}
        # What to say in a call begins with the name.
        is_named = purpose == TASK
        self._disclose(purpose, (each for each, of in contacts.items() if is_named or "phone" in of), CONTACT)
        return {customer: contact.get("phone") for customer, contact in contacts.items()}


def ranked(tasks: Iterable[Task], owed: Mapping[str, Owed], worth: Worth, today: date) -> Iterator[Ranked]:
    """Those about an invoice that may be chased today, each with what acting on it is worth."""
    for task in tasks:
        about = {stream: owed[stream] for stream in dict.fromkeys(task.invoices) if stream in owed}
        left = {stream: each for stream, each in about.items() if each.may_be_chased(today, task.blocked_until)}
        if left:
            yield Ranked(task, left, *_value([*left.values()], worth, today))


def _value(owed: Sequence[Owed], worth: Worth, today: date) -> tuple[str, int]:
    """The currency in which most is at stake, and how much; currencies are never added."""
    by_currency: dict[str, list[tuple[int, int]]] = {}
    for each in owed:
        items = by_currency.setdefault(each.currency, [])
        items += [((today - item.due_on).days, item.open_minor) for item in each.items]
    values = [(currency, worth.of(items)) for currency, items in sorted(by_currency.items())]
    return max(values, key=lambda value: _number(*value))


def _number(currency: str, minor: int) -> int:
    """The amount as a number, its currency left aside: 5.00 EUR is as much as 5 JPY."""
    return minor * int(10 ** (MOST_DIGITS - exponent(currency)))


def _order(each: Ranked) -> tuple[int, date, str]:
    """By the number alone: nobody's rates say which of two currencies is worth more."""
    return -_number(each.currency, each.value_minor), each.task.planned_on, each.task.contact
