"""A debtor's ladders without a log: what happens is told day by day, and a tick takes what is due of all invoices."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from typing import Any, NamedTuple

from domain import case as cases
from domain import contact as contacts
from domain import customer as customers
from domain import invoice as invoices
from domain.case import facts as case_facts
from domain.case.deciding import Due, Surroundings, Waiting, decide, decided
from domain.case.judging import judged
from domain.case.ladder import Calendar, Subject
from domain.contact.facts import DeliveryFailed, Done, HandedOver, Planned, Sent, Withheld
from domain.contact.planning import BrokenPromise, DueStep, Plan, Recipient, Served, plan
from domain.customer.facts import Registered
from domain.invoice.facts import Fact as InvoiceFact
from domain.invoice.facts import Issued, Paid, Part, PaymentReversed, PromiseBroken, Reminded
from domain.policy.document import Policy
from domain.terms import Instalment
from tests.domain.ladders import GENERAL, Weekdays

ONE_DAY = timedelta(days=1)


class Step(NamedTuple):
    """A step that was taken: what a story looks at."""

    on: date
    invoice: str
    name: str


class Debtor:
    """One customer of one entity. Facts count for the day on which they are told."""

    def __init__(
        self,
        policy: Policy = GENERAL,
        *,
        calendar: Calendar | None = None,
        channels: tuple[str, ...] = ("email", "letter"),
        last_bank_on: date | None = None,
        customer: Iterable[Any] = (),
    ):
        self.policy, self.calendar = policy, calendar or Weekdays()
        self.to = Recipient("main", "ann", "en", channels)
        self.last_bank_on = last_bank_on
        self.customer = reduce(customers.evolve, customer, customers.evolve(None, Registered("ann")))
        self.told: dict[str, list[tuple[InvoiceFact, date]]] = {}
        self.cases: dict[str, list[tuple[case_facts.Fact, date]]] = {}
        self.contacts: dict[str, contacts.Contact] = {}
        self.steps: list[Step] = []

    # What happens

    def issue(self, number: str, *due: date, minor: int = 1000_00, currency: str = "EUR") -> "Debtor":
        """In equal instalments, 30 days before the first is due."""
        issued_on = due[0] - timedelta(days=30)
        parts = tuple(Instalment(day, minor // len(due)) for day in due)
        issued = Issued(number, "main", "ann", currency, minor, 0, issued_on, parts)
        self.told[number] = [(issued, issued_on)]
        self.cases[number] = []
        return self

    def tell(self, number: str, on: date, *facts: InvoiceFact) -> "Debtor":
        self.told[number] += [(fact, on) for fact in facts]
        return self

    def pay(self, number: str, on: date, minor: int | None = None, item: int = 1) -> "Debtor":
        amount = minor or self.invoice(number, on).open_minor
        return self.tell(number, on, Paid(f"B-{len(self.told[number])}", 1, amount, (Part(item, amount),)))

    def take_back(self, number: str, on: date) -> "Debtor":
        payment = self.invoice(number, on).payments[-1]
        back = PaymentReversed(payment.receipt, payment.allocation, payment.amount_minor, 0, payment.parts)
        return self.tell(number, on, back)

    def send(self, on: date) -> None:
        """What waits goes out."""
        for stream, contact in self.contacts.items():
            if contact.is_message and contact.state == "planned":
                handed = HandedOver(contact.attempt + 1, "email", "<1@x>", "ab", (), "t")
                self._enter(stream, on, handed, Sent(handed.attempt))

    def fail(self, on: date) -> None:
        """What waits is handed over and refused."""
        for stream, contact in self.contacts.items():
            if contact.is_message and contact.state == "planned":
                handed = HandedOver(contact.attempt + 1, "email", "<1@x>", "ab", (), "t")
                self._enter(stream, on, handed, DeliveryFailed(handed.attempt, "550"))

    def withhold(self, on: date, code: str = "paid") -> None:
        for stream, contact in self.contacts.items():
            if contact.is_message and contact.state == "planned":
                self._enter(stream, on, Withheld(code))

    def finish(self, on: date, *, reached: bool = False) -> None:
        """People do all they were asked to."""
        for stream, contact in self.contacts.items():
            if not contact.is_message and contact.state == "planned":
                self._enter(stream, on, Done("reached" if reached else "done", reached))
                for about in contact.planned.about:
                    self.cases[about.invoice].append((case_facts.TaskFinished(stream, "done"), on))

    # The ladder

    def tick(self, today: date) -> list[Step]:
        dues: list[DueStep] = []
        broken: list[BrokenPromise] = []
        facts: dict[str, Any] = {}
        numbers = [number for number in self.told if self.invoice(number, today)]
        for number in numbers:
            subject, facts[number] = self.subject(number, today)
            outcome = decide(subject, self.policy, self.calendar, today, self.around(today))
            broken += self._broken(number, subject.invoice, facts[number])
            if isinstance(outcome, Due):
                dues.append(DueStep(number, outcome, self.policy, 1))
        planned = plan(dues, broken, self.to, today, self._used(today))
        for number in numbers:
            self.tell(number, today, *facts[number])
        taken = [self._take(due, planned, today) for due in dues]
        for stream, contact in planned.contacts.items():
            self._enter(stream, today, contact)
        self.steps += taken
        return taken

    def run(self, first: date, last: date, *, finishing: bool = True, every: int = 1) -> list[tuple[date, str]]:
        """A tick a day; messages leave and people act on the day. Returns the steps of these days."""
        before, day = len(self.steps), first
        while day <= last:
            self.tick(day)
            self.send(day)
            if finishing:
                self.finish(day)
            day += every * ONE_DAY
        return [(step.on, step.name) for step in self.steps[before:]]

    def why(self, number: str, today: date) -> str:
        """What stands in the way that day, or the step that is due."""
        outcome = self.outcome(number, today)
        return outcome.code if isinstance(outcome, Waiting) else outcome.step.name

    def outcome(self, number: str, today: date) -> Due | Waiting:
        subject, _ = self.subject(number, today)
        return decide(subject, self.policy, self.calendar, today, self.around(today))

    def subject(self, number: str, today: date) -> tuple[Subject, Any]:
        """As the tick of that day sees it, and the facts that it finds about promises and plans that are over."""
        invoice = self.invoice(number, today)
        promised = self.invoice(number, invoice.promise.pay_on) if invoice.promise else None
        facts = judged(invoice, promised, self.policy.plan, today)
        after = reduce(lambda state, fact: invoices.evolve(state, fact, today), facts, invoice)
        return Subject(after, self.customer, self.case(number)), facts

    def invoice(self, number: str, today: date) -> Any:
        state: Any = None
        for fact, on in self.told[number]:
            state = invoices.evolve(state, fact, on) if on <= today else invoices.defer(state, fact)
        return state

    def case(self, number: str) -> cases.Case:
        state = cases.Case()
        for fact, on in self.cases[number]:
            state = cases.evolve(state, fact, on)
        return state

    def decisions(self, number: str) -> list[case_facts.StepDecided]:
        return [fact for fact, _ in self.cases[number] if isinstance(fact, case_facts.StepDecided)]

    def around(self, today: date) -> Surroundings:
        return Surroundings(max(self._contacted(today), default=None), self.last_bank_on)

    def _contacted(self, today: date) -> Iterable[date]:
        """The days on which a message was on its way out, or somebody was reached."""
        for each in self.contacts.values():
            if each.is_message and each.state not in ("failed", "withheld"):
                yield each.planned_on
            if each.state == "done" and each.code == "reached":
                yield each.on

    def _take(self, due: DueStep, planned: Plan, today: date) -> Step:
        subject, _ = self.subject(due.invoice, today)
        served = planned.served.get(due.invoice, Served())
        fact = decided(
            subject,
            due.due,
            self.policy,
            1,
            self.calendar,
            today,
            channel=served.channel,
            contact=served.contact,
            task=served.task,
        )
        self.cases[due.invoice].append((fact, today))
        if served.contact:
            step, run = due.due.step, due.due.run.number
            self.tell(due.invoice, today, Reminded(step.name, "email", level=step.level, run=run))
        return Step(today, due.invoice, due.due.step.name)

    def _broken(self, number: str, invoice: Any, facts: Iterable[Any]) -> Iterable[BrokenPromise]:
        task = self.policy.broken_promise
        if task and invoice.open_minor and any(isinstance(fact, PromiseBroken) for fact in facts):
            owed, due_on = invoice.open_minor, invoice.items[0].due_on
            yield BrokenPromise(number, task, self.policy, 1, invoice.issued.currency, owed, due_on)

    def _used(self, today: date) -> dict[str, int]:
        used: dict[str, int] = {}
        for stream in self.contacts:
            _, _, on, how, nth, _ = stream.split(":", 5)
            if on == today.isoformat():
                used[how] = max(used.get(how, 0), int(nth))
        return used

    def _enter(self, stream: str, on: date, *facts: Any) -> None:
        for fact in facts:
            before = None if isinstance(fact, Planned) else self.contacts[stream]
            self.contacts[stream] = contacts.evolve(before, fact, on)


def days(steps: Iterable[tuple[date, str]]) -> list[str]:
    """As `02-24 notice_7`, so that a story reads as a calendar."""
    return [f"{on:%m-%d} {name}" for on, name in steps]
