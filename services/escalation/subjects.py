"""What the ladder looks at, read for many invoices at once: invoice, customer and case as they are on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import NamedTuple, Protocol

from domain.case import Case, case_of
from domain.case.judging import judged
from domain.case.ladder import Subject
from domain.customer import Customer
from domain.entity import Entity, entity_stream
from domain.entry import customer_stream
from domain.invoice import Invoice
from domain.invoice import evolve as evolve_invoice
from domain.invoice.facts import Fact as InvoiceFact
from domain.policy import Policy
from infra.calendars import Calendar, calendar
from infra.log.ledger import Ledger
from services.policies import Chosen


class Owner(NamedTuple):
    """Who owes to whom: contacts are made, and quiet days kept, for each."""

    customer: str
    entity: str


class PolicyChoice(Protocol):
    def chosen(self, case: Case, customer: Customer | None, entity: Entity | None) -> Chosen:
        """The policy a case goes by: the one it began under, else that of its customer, entity or jurisdiction."""


@dataclass(frozen=True, slots=True)
class Pursued:
    """An invoice with all that is decided on. `judged` are facts of the day about promises and plans that are over."""

    stream: str
    subject: Subject
    policy: Policy
    version: int
    calendar: Calendar
    judged: Sequence[InvoiceFact]
    owner: Owner


@dataclass(frozen=True, slots=True)
class Loaded:
    """`versions` has that of every stream looked at, which it must still have when something is decided on it."""

    pursued: Sequence[Pursued]
    versions: Mapping[str, int]


class Subjects:
    def __init__(self, ledger: Ledger, policies: PolicyChoice):
        self._ledger, self._policies = ledger, policies

    def load(self, streams: Iterable[str], today: date) -> Loaded:
        """Without those not yet issued on that day; two queries however many, and one for each day of a promise."""
        invoices = list(dict.fromkeys(streams))
        known = self._ledger.read_on([*invoices, *map(case_of, invoices)], today)
        issued = {stream: known[stream].state for stream in invoices if isinstance(known[stream].state, Invoice)}
        owners = {stream: Owner(each.issued.customer, each.issued.entity) for stream, each in issued.items()}
        entities = {each.entity: entity_stream(each.entity) for each in set(owners.values())}
        customers = {each.customer: customer_stream(each.customer) for each in set(owners.values())}
        known |= self._ledger.read_on([*entities.values(), *customers.values()], today)
        calendars = {number: calendar_of(known[stream].state) for number, stream in customers.items()}
        promised = self._on_promised_days(issued, today)
        pursued = []
        for stream, invoice in issued.items():
            owner = owners[stream]
            customer = known[customers[owner.customer]].state
            case = known[case_of(stream)].state or Case()
            chosen = self._policies.chosen(case, customer, known[entities[owner.entity]].state)
            facts = judged(invoice, promised.get(stream), chosen.policy.plan, today)
            state = reduce(lambda state, fact: evolve_invoice(state, fact, today), facts, invoice)
            subject = Subject(state, customer, case)
            pursued.append(Pursued(stream, subject, *chosen, calendars[owner.customer], facts, owner))
        return Loaded(pursued, {stream: each.version for stream, each in known.items()})

    def _on_promised_days(self, invoices: Mapping[str, Invoice], today: date) -> dict[str, Invoice]:
        """Invoices of which a promise is over, as they were on its day."""
        by_day: dict[date, list[str]] = {}
        for stream, invoice in invoices.items():
            if invoice.promise and invoice.promise.pay_on < today:
                by_day.setdefault(invoice.promise.pay_on, []).append(stream)
        return {
            stream: known.state
            for day, streams in by_day.items()
            for stream, known in self._ledger.read_on(streams, day).items()
            if known.state
        }


def calendar_of(customer: Customer | None) -> Calendar:
    """That of the jurisdiction agreed on, else of the customer's country."""
    if customer is None:
        return calendar(None)
    return calendar(customer.terms.jurisdiction if customer.terms else None, customer.registered.country)
