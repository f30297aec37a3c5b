"""What a tick decides about some customers, as facts for the log: steps, reminders, contacts, judged promises."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import NamedTuple

from domain import tick
from domain.case import case_of
from domain.case.deciding import Due, Surroundings, Waiting, decide, decided
from domain.case.facts import StepDecided
from domain.case.ladder import due_day
from domain.contact.planning import BrokenPromise, DueStep, Plan, Recipient, Served, plan
from domain.contact.state import DECISION
from domain.entry import Cause, customer_stream
from domain.invoice.facts import PromiseBroken, Reminded
from infra.log.ledger import Batch
from infra.log.memory import Stream
from services.escalation.subjects import Owner, Pursued

ACTOR = "escalator"
BOUND = "bound"


class Considered(NamedTuple):
    """An invoice, and what its ladder says of it today."""

    pursued: Pursued
    outcome: Due | Waiting


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the invoices: the day of the last contact by customer and entity, the last day of the bank.

    `used` is how many contacts were planned today already, by the part of a contact's name that says how.
    """

    contacted: Mapping[Owner, date]
    bank_on: date | None
    used: Mapping[Owner, Mapping[str, int]]

    def of(self, owner: Owner) -> Surroundings:
        return Surroundings(self.contacted.get(owner), self.bank_on)


class Decisions:
    """Collects them, customer by customer. `versions` are those of the streams read, `ticks` that of the ticks so far.

    Closed, `ticks` is as it will be when all is recorded.
    """

    def __init__(self, today: date, versions: Mapping[str, int], ticks: Stream):
        self._today, self._versions = today, versions
        self._command = f"tick {today}"
        self.ticks = ticks
        before: tick.Ticks | None = ticks.state
        self._planned = before.contacts if before and before.today == today else 0
        self.batches: list[Batch] = []
        self.read: dict[str, int] = {}
        self.considered = self.decided = self.contacts = 0
        self.waiting: Counter[str] = Counter()

    def add(self, about: Sequence[Considered], to: Recipient, used: Mapping[str, int]) -> None:
        """All that was considered of one customer and entity; `used` is how many contacts of each kind there are."""
        self.considered += len(about)
        self.waiting.update(each.outcome.code for each in about if isinstance(each.outcome, Waiting))
        dues = [due_step(*each) for each in about if isinstance(each.outcome, Due)]
        broken = list(broken_promises(about))
        planned = plan(dues, broken, to, self._today, used)
        most = min((due.policy.most_contacts_a_day for due in dues), default=0)
        if dues and self._planned + self.contacts + with_customer(planned) > most:
            self.waiting[BOUND] += len(dues)
            dues, planned = [], plan([], broken, to, self._today, used)
        self._record(about, {due.invoice: due for due in dues}, planned)
        self.decided += len(dues)
        self.contacts += with_customer(planned)

    def close(self) -> None:
        """Adds that this part of the tick was taken: of two who decide at once, the second finds it recorded."""
        version, before = self.ticks
        facts = tick.take(before, today=self._today, decided=self.decided, contacts=self.contacts)
        self.read[tick.STREAM] = version
        if facts:
            self.batches.append(Batch(tick.STREAM, version, [(fact, self._today) for fact in facts], self._cause(None)))
            self.ticks = Stream(version + len(facts), reduce(tick.evolve, facts, before))

    def _record(self, about: Sequence[Considered], dues: Mapping[str, DueStep], planned: Plan) -> None:
        events: dict[str, str] = {}
        for pursued, _ in about:
            due = dues.get(pursued.stream)
            if due:
                served = planned.served.get(pursued.stream, Served())
                events[pursued.stream] = self._step(pursued, due, served)
                self._invoice(pursued, due, served, events[pursued.stream])
            elif pursued.judged:
                self._invoice(pursued, None, Served(), None)
        for stream, contact in planned.contacts.items():
            led_by = next((events[each.invoice] for each in contact.about if each.invoice in events), None)
            cause = self._cause(f"{contact.policy} {contact.policy_version}: {contact.step}", led_by)
            self._append(stream, [contact], cause)

    def _step(self, pursued: Pursued, due: DueStep, served: Served) -> str:
        """Returns the event id of the step."""
        stream = case_of(pursued.stream)
        self._append(stream, [step_decided(pursued, due.due, served, self._today)], self._cause(_why(due)))
        # Who owes, on which terms and whether contacts are blocked: all that was looked at must still be so.
        owner = customer_stream(pursued.owner.customer)
        self.read[owner] = self._versions[owner]
        return f"{stream}@{self._versions[stream] + 1}"

    def _invoice(self, pursued: Pursued, due: DueStep | None, served: Served, led_by: str | None) -> None:
        facts: list[object] = [*pursued.judged]
        if due and served.contact and served.channel:
            step, run = due.due.step, due.due.run.number
            facts.append(Reminded(step.name, served.channel, level=step.level, contact=served.contact, run=run))
        cause = self._cause(_why(due) if due else "what was agreed is over", led_by)
        self._append(pursued.stream, facts, cause)

    def _append(self, stream: str, facts: Sequence[object], cause: Cause) -> None:
        version = self._versions.get(stream, 0)
        self.read[stream] = version
        if facts:
            self.batches.append(Batch(stream, version, [(fact, self._today) for fact in facts], cause))

    def _cause(self, reason: str | None, led_by: str | None = None) -> Cause:
        return Cause(ACTOR, self._command, reason, None, led_by)


def consider(pursued: Iterable[Pursued], around: Around, today: date) -> list[Considered]:
    return [
        Considered(each, decide(each.subject, each.policy, each.calendar, today, around.of(each.owner)))
        for each in pursued
    ]


def step_decided(pursued: Pursued, due: Due, served: Served, today: date) -> StepDecided:
    return decided(
        pursued.subject,
        due,
        pursued.policy,
        pursued.version,
        pursued.calendar,
        today,
        channel=served.channel,
        contact=served.contact,
        task=served.task,
    )


def with_customer(planned: Plan) -> int:
    """How many of the contacts are with the customer: a decision is among ourselves."""
    return sum(contact.kind != DECISION for contact in planned.contacts.values())


def due_step(pursued: Pursued, outcome: Due | Waiting) -> DueStep:
    assert isinstance(outcome, Due)
    return DueStep(pursued.stream, outcome, pursued.policy, pursued.version)


def broken_promises(about: Iterable[Considered]) -> Iterable[BrokenPromise]:
    for pursued, _ in about:
        task, invoice = pursued.policy.broken_promise, pursued.subject.invoice
        if task and invoice.open_minor and any(isinstance(fact, PromiseBroken) for fact in pursued.judged):
            due_on = due_day(invoice) if invoice.open_minor > invoice.disputed_minor else invoice.items[0].due_on
            yield BrokenPromise(
                pursued.stream,
                task,
                pursued.policy,
                pursued.version,
                invoice.issued.currency,
                invoice.open_minor,
                due_on,
            )


def _why(due: DueStep) -> str:
    return f"{due.policy.name} {due.version}: {due.due.step.name}"
