"""The content of messages out of the ledger: what the invoices stand at now, who owes them, what else is open."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from domain.case.ladder import demanded_minor, due_day
from domain.contact import Contact
from domain.contact.rechecking import furthest, pay_by
from domain.customer import Customer, encrypted_contacts
from domain.entry import customer_stream
from domain.invoice import Invoice
from domain.invoice.state import PRINCIPAL
from domain.refusal import Refused
from infra.creditors import Creditors
from infra.encryption import Encryption
from infra.log.ledger import Ledger
from infra.texts.locales import DEFAULT_LANGUAGE
from infra.views.answers import Views
from projections.escalation.reminders import reminded
from projections.open_items import debtors
from services.messages.content import Content, Debtor, Line, Sum

# A customer and an entity.
Account = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a message is to be about: invoices by their streams, in the tone of a step.

    `steps` has the step and the level of single invoices. Without a `language` it is that of the customer's terms.
    """

    customer: str
    entity: str
    invoices: tuple[str, ...]
    step: str
    tone: str
    on: date
    language: str | None = None
    pay_by: date | None = None
    reference: str = ""
    steps: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def planned(cls, contact: Contact, on: date, invoices: Iterable[str], reference: str = "") -> Self:
        """As a contact was planned, about those of its invoices that are left."""
        plan, left = contact.planned, tuple(invoices)
        steps = {about.invoice: (about.step, about.level) for about in plan.about}
        return cls(
            plan.customer,
            plan.entity,
            left,
            *furthest(plan, left),
            on,
            plan.language,
            pay_by(plan, contact.planned_on, left, on),
            reference,
            steps,
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """All that the ledger knows of what is wanted, read at once."""

    states: Mapping[str, Any]
    contacts: Mapping[str, Mapping[str, str]]
    open_of: Mapping[Account, Sequence[str]]
    unapplied_of: Mapping[Account, Sequence[Sum]]
    reminded_on: Mapping[str, Sequence[date]]
    creditors: Creditors


class Gathering:
    """A few queries, however many messages. The invoices are as they are recorded; which others there are says the view
    of open items, and is no later than that has read."""

    def __init__(
        self,
        ledger: Ledger,
        views: Views,
        encryption: Callable[[], Encryption],
        creditors: Callable[[], Creditors],
    ):
        self._ledger, self._views, self._encryption, self._creditors = ledger, views, encryption, creditors

    def content(
        self,
        customer: str,
        entity: str,
        invoices: Sequence[str],
        *,
        step: str,
        tone: str,
        on: date,
        language: str | None = None,
        pay_by: date | None = None,
    ) -> Content:
        """Of one message; refuses `nothing_open` when nothing is to be demanded of these invoices."""
        [content] = self.contents([Wanted(customer, entity, tuple(invoices), step, tone, on, language, pay_by)])
        if not content.lines:
            raise Refused("nothing_open", "nothing is open on these invoices that could be demanded")
        return content

    def contents(self, wanted: Sequence[Wanted]) -> list[Content]:
        """Of each in its order. Of one whose invoices have nothing left to demand, `lines` is empty."""
        known = self._read(wanted)
        return [_content(each, known) for each in wanted]

    def open_invoices(self, customer: str, entity: str) -> list[str]:
        """Streams of all that a customer owes an entity."""
        rows = self._views.ask(debtors.open_invoices([customer]))
        return [stream for _, owner, stream in rows if owner == entity]

    def _read(self, wanted: Sequence[Wanted]) -> _Known:
        customers = sorted({each.customer for each in wanted})
        named = {stream for each in wanted for stream in each.invoices}
        with self._views.snapshot() as snapshot:
            accounts, unapplied, reminders = snapshot.ask(
                debtors.open_invoices(customers), debtors.unapplied(customers), reminded(sorted(named))
            )
        open_of: dict[Account, list[str]] = defaultdict(list)
        for customer, entity, stream in accounts:
            open_of[customer, entity].append(stream)
        unapplied_of: dict[Account, list[Sum]] = defaultdict(list)
        for customer, entity, currency, minor in unapplied:
            unapplied_of[customer, entity].append(Sum(currency, minor))
        reminded_on: dict[str, list[date]] = defaultdict(list)
        for stream, day in reminders:
            reminded_on[stream].append(day)
        streams = {*named, *(stream for streams in open_of.values() for stream in streams)}
        states = self._ledger.states([*streams, *map(customer_stream, customers)])
        encrypted = encrypted_contacts({each: states[customer_stream(each)] for each in customers})
        contacts = self._encryption().contacts(encrypted) if encrypted else {}
        return _Known(states, contacts, open_of, unapplied_of, reminded_on, self._creditors())


def _content(wanted: Wanted, known: _Known) -> Content:
    account = (wanted.customer, wanted.entity)
    customer: Customer | None = known.states[customer_stream(wanted.customer)]
    terms = customer.terms if customer else None
    about = [_line(known.states[stream], wanted, *_step_of(wanted, stream)) for stream in wanted.invoices]
    lines, coming = _demanded([line for line in about if line.demanded_minor])
    others = (known.states[stream] for stream in known.open_of.get(account, ()) if stream not in wanted.invoices)
    reminders = {day for stream in wanted.invoices for day in known.reminded_on.get(stream, ())}
    return Content(
        wanted.language or (terms.language if terms else DEFAULT_LANGUAGE),
        wanted.step,
        wanted.tone,
        wanted.on,
        known.creditors.of(wanted.entity),
        _debtor(
            wanted.customer, known.contacts.get(wanted.customer, {}), is_consumer=bool(terms and terms.is_consumer)
        ),
        tuple(lines),
        _in_order([*coming, *(_line(invoice, wanted) for invoice in others if _is_ours(invoice))]),
        wanted.pay_by,
        wanted.reference,
        len(reminders),
        min(reminders, default=None),
        tuple(known.unapplied_of.get(account, ())),
    )


def _demanded(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """Those that are asked for, and those that are not due yet: beside what is overdue they are only mentioned."""
    overdue = [line for line in lines if line.days_overdue > 0]
    return (overdue, [line for line in lines if line.days_overdue <= 0]) if overdue else (lines, [])


def _line(invoice: Invoice, wanted: Wanted, step: str = "", level: int = 0) -> Line:
    issued, open_minor = invoice.issued, invoice.open_minor
    principal = sum(item.open_minor for item in invoice.items if item.kind == PRINCIPAL)
    is_undisputed = invoice.disputed_minor < open_minor
    open_days = [item.due_on for item in invoice.items if item.open_minor]
    due_on = due_day(invoice) if is_undisputed else min(open_days, default=issued.issued_on)
    return Line(
        issued.number,
        issued.document_on or issued.issued_on,
        due_on,
        (wanted.on - due_on).days,
        issued.currency,
        issued.total_minor,
        issued.total_minor - principal,
        open_minor,
        demanded_minor(invoice, due_on, wanted.on),
        invoice.disputed_minor,
        open_minor - principal,
        step,
        level,
        issued.reference or "",
    )


def _step_of(wanted: Wanted, stream: str) -> tuple[str, int]:
    return wanted.steps.get(stream, (wanted.step, 0))


def _is_ours(invoice: Invoice) -> bool:
    """Open, and to be paid to us."""
    return bool(invoice.open_minor) and not invoice.is_factored and not invoice.agency


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.due_on, line.number)))


def _debtor(number: str, contact: Mapping[str, str], *, is_consumer: bool) -> Debtor:
    return Debtor(
        number,
        contact.get("name", ""),
        address_lines(contact.get("address", "")),
        contact.get("email", ""),
        contact.get("phone", ""),
        is_consumer,
    )


def address_lines(address: str) -> tuple[str, ...]:
    """An address of one line has its parts between commas."""
    parts = address.splitlines() if "\n" in address else address.split(",")
    return tuple(part.strip() for part in parts if part.strip())
