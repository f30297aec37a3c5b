"""A ladder played again over what debtors, clerks and the bank did: the same decisions as a tick, in memory.

There is a tick on every day. Days on which nothing can have become due are passed over, invoice by invoice.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from heapq import heapify, heappop, heappush

from domain.case import Case
from domain.case import evolve as evolve_case
from domain.case.deciding import Due, Waiting
from domain.case.facts import StepDecided, TaskFinished
from domain.case.judging import judged
from domain.case.ladder import ONE_DAY, Subject
from domain.contact import Planned
from domain.contact.planning import Plan, Served, plan
from domain.contact.state import MESSAGE
from domain.customer import Customer
from domain.invoice import Invoice
from domain.invoice import evolve as evolve_invoice
from domain.invoice.facts import Fact as InvoiceFact
from domain.invoice.state import plan_items
from domain.policy import Policy
from services.escalation.decisions import (
    Around,
    Considered,
    broken_promises,
    consider,
    due_step,
    step_decided,
    with_customer,
)
from services.escalation.doings import ContactMade, Doings, StepTaken
from services.escalation.history import History
from services.escalation.staff import Staff
from services.escalation.subjects import Owner, Pursued, calendar_of
from services.escalation.ticking import recipient


@dataclass(slots=True)
class Followed:
    """An invoice that is followed: nothing can be due before `look_on`. Its task is finished on `finished_on`."""

    stream: str
    history: History
    case: Case
    look_on: date | None
    finished_on: date | None = None


@dataclass(slots=True)
class Account:
    """What one customer owes to one entity. `calls` were made by people beside the ladder.

    `contacted` are the days of its own contacts, and of those made before; each keeps quiet from the day after.
    """

    owner: Owner
    customer: History
    address: Mapping[str, str] | None
    invoices: Sequence[Followed]
    contacted: list[date] = field(default_factory=list)
    calls: Sequence[date] = ()

    def last_contact_on(self, day: date) -> date | None:
        before = [each for each in self.contacted if each < day]
        called = [each for each in self.calls if each <= day]
        return max(before + called, default=None)

    @property
    def look_on(self) -> date | None:
        return _first(each.look_on for each in self.invoices)


class Replay:
    """`bank_days` are those on which the bank booked something, `staff` says when people finish what they are to do."""

    def __init__(self, policy: Policy, version: int, staff: Staff, bank_days: Sequence[date]):
        self._policy, self._version, self._staff, self._bank_days = policy, version, staff, bank_days
        self._today = date.min
        self._contacts_today = 0
        self.doings = Doings()

    def play(self, accounts: Iterable[Account], last: date) -> Doings:
        """All that the ladder does up to and with the last day."""
        by_owner = {account.owner: account for account in accounts}
        waiting = [(day, owner) for owner, account in by_owner.items() if (day := account.look_on)]
        heapify(waiting)
        while waiting and waiting[0][0] <= last:
            day, owner = heappop(waiting)
            account = by_owner[owner]
            if day > self._today:
                self._today, self._contacts_today = day, 0
            self._take(account, day)
            if following := account.look_on:
                heappush(waiting, (following, owner))
        return self.doings

    def _take(self, account: Account, day: date) -> None:
        customer: Customer | None = account.customer.on(day)
        looked_at = [each for each in account.invoices if each.look_on and each.look_on <= day]
        about: list[tuple[Followed, Pursued]] = []
        for followed in looked_at:
            if pursued := self._pursued(followed, account.owner, customer, day):
                about.append((followed, pursued))
            else:
                followed.look_on = followed.history.next_on(day)
        last_on = account.last_contact_on(day)
        around = Around({account.owner: last_on} if last_on else {}, self._bank_on(day), {})
        considered = consider((pursued for _, pursued in about), around, day)
        planned, is_bound = self._plan(account, customer, considered, day)
        finished = {stream: self._make(account, contact, day) for stream, contact in planned.contacts.items()}
        for (followed, pursued), (_, outcome) in zip(about, considered, strict=True):
            fact = None
            if isinstance(outcome, Due) and not is_bound:
                fact = step_decided(pursued, outcome, planned.served.get(followed.stream, Served()), day)
                self._record(followed, fact, day)
                followed.finished_on = finished[fact.task] if fact.task else None
            followed.look_on = self._next_look(account, followed, pursued, outcome, fact)

    def _pursued(self, followed: Followed, owner: Owner, customer: Customer | None, day: date) -> Pursued | None:
        invoice: Invoice | None = followed.history.on(day)
        if invoice is None:
            return None
        if followed.finished_on and followed.finished_on < day and followed.case.held_by:
            followed.case = evolve_case(followed.case, TaskFinished(followed.case.held_by, ""), followed.finished_on)
        facts = self._judged(followed.history, invoice, day)
        if facts:
            followed.history.add(facts, day)
        subject = Subject(followed.history.on(day), customer, followed.case)
        return Pursued(followed.stream, subject, self._policy, self._version, calendar_of(customer), facts, owner)

    def _judged(self, history: History, invoice: Invoice, day: date) -> Sequence[InvoiceFact]:
        promise = invoice.promise
        then = history.then(promise.pay_on) if promise and promise.pay_on < day else None
        facts = judged(invoice, then, self._policy.plan, day)
        state = reduce(lambda state, fact: evolve_invoice(state, fact, day), facts, invoice)
        if len(state.items) == len(invoice.items) or len(history.then(date.max).items) == len(invoice.items):
            return facts
        # Later facts name items by number: the plan is broken, but what is left of it keeps its items.
        return judged(invoice, then, replace(self._policy.plan, accelerate=False), day)

    def _plan(
        self, account: Account, customer: Customer | None, considered: Sequence[Considered], day: date
    ) -> tuple[Plan, bool]:
        """The contacts, and whether the daily bound leaves no room for the steps."""
        dues = [due_step(*each) for each in considered if isinstance(each.outcome, Due)]
        broken = list(broken_promises(considered))
        if not dues and not broken:
            return Plan(), False
        to = recipient(account.owner, customer, account.address)
        planned = plan(dues, broken, to, day, {})
        is_bound = bool(dues) and self._contacts_today + with_customer(planned) > self._policy.most_contacts_a_day
        if is_bound:
            planned = plan([], broken, to, day, {})
        self._contacts_today += with_customer(planned)
        return planned, is_bound

    def _make(self, account: Account, contact: Planned, day: date) -> date | None:
        """The day on which people finish it, if it is a task that they finish."""
        made = ContactMade(account.owner, contact.kind, contact.channel, day, contact.policy, contact.policy_version)
        self.doings.contacts.append(made)
        if contact.kind == MESSAGE:
            account.contacted.append(day)
            return None
        done = self._staff.done(contact, day)
        if done.on and done.reached:
            account.contacted.append(done.on)
        return done.on

    def _record(self, followed: Followed, fact: StepDecided, day: date) -> None:
        followed.case = evolve_case(followed.case, fact, day)
        step = StepTaken(followed.stream, fact.step, fact.channel, day, fact.policy, fact.version)
        self.doings.steps.append(step)

    def _next_look(
        self, account: Account, followed: Followed, pursued: Pursued, outcome: Due | Waiting, fact: StepDecided | None
    ) -> date | None:
        """The first day on which another answer is possible: something has changed, ended or fallen due by then."""
        invoice, today = pursued.subject.invoice, self._today
        days = [followed.history.next_on(today), account.customer.next_on(today)]
        if isinstance(outcome, Waiting):
            days.append(outcome.next.on if outcome.next else None)
            if outcome.code == "stale_bank":
                days.append(self._next_bank_day(today))
        else:
            days.append(fact.next_on if fact else today + ONE_DAY)
        if followed.case.held_by and followed.finished_on:
            days.append(followed.finished_on + ONE_DAY)
        days += _ends(invoice, pursued.subject.customer, self._policy)
        days += [day for item in invoice.items for day in (item.due_on, item.due_on + ONE_DAY)]
        return _first(day for day in days if day and day > today)

    def _bank_on(self, day: date) -> date | None:
        known = bisect_right(self._bank_days, day)
        return self._bank_days[known - 1] if known else None

    def _next_bank_day(self, day: date) -> date | None:
        known = bisect_right(self._bank_days, day)
        return self._bank_days[known] if known < len(self._bank_days) else None


def _ends(invoice: Invoice, customer: Customer | None, policy: Policy) -> list[date]:
    """The days after a promise, after blocks, and on which a plan is broken."""
    broken_after = timedelta(days=policy.plan.broken_after_days)
    ends = [item.due_on + broken_after for _, item in plan_items(invoice)]
    if invoice.promise:
        ends.append(invoice.promise.pay_on + ONE_DAY)
    return ends + [each.until + ONE_DAY for each in (invoice.block, customer and customer.block) if each]


def _first(days: Iterable[date | None]) -> date | None:
    return min(filter(None, days), default=None)
