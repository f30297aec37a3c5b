"""Credit risk: what was agreed, granted, checked, promised and contested with each customer, as of any day.

A journal: one row for each fact that says something about how far a customer can be trusted, with the day it counts
for and the position at which it was learnt. Rows are never changed. What held on a day, as known at a position, is
the last row of its topic and subject among those of both; so every figure can name the facts it comes from.
Amounts owed are not here but in `open_items`; `risk` brings the two together.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain import credit_note
from domain.customer import facts as customer
from domain.entry import Entry, invoice_stream
from domain.invoice import facts as invoice_facts
from domain.kinds import NAMES, key_of
from projections.projection import Batch, Query, Row, Rows, Write

NAME = "credit_risk"

TABLES = """
create table invoices (
    stream   text collate "C" primary key,
    customer text collate "C" not null,
    currency text collate "C" not null,
    invoice  text collate "C" not null
);
create table credit_facts (
    position     bigint  not null,
    version      integer not null,
    amount_minor bigint,
    effective_on date    not null,
    until_on     date,
    stream       text collate "C" not null,
    customer     text collate "C" not null,
    currency     text collate "C",
    name         text collate "C" not null,
    topic        text collate "C" not null,
    subject      text collate "C" not null,
    value        text,
    reason       text
);
"""
INDEXES = """
create index credit_facts_customer on credit_facts (customer, topic);
create index credit_facts_topic on credit_facts (topic, effective_on);
"""


class Noted(NamedTuple):
    """What a fact says: of facts with one topic and subject the last one holds. Currency None is the invoice's.

    What credit notes take back of an invoice is not one of these: it adds up (topic `credit`, the invoice as subject).
    """

    topic: str
    subject: str = ""
    value: str | None = None
    amount_minor: int | None = None
    until_on: date | None = None
    currency: str | None = None


_OF_CUSTOMER: dict[type, Callable[[Any], Noted]] = {
    customer.Registered: lambda fact: Noted("country", value=fact.country),
    customer.TermsAgreed: lambda fact: Noted("terms", value="/".join(str(step.days) for step in fact.schedule)),
    customer.CreditChecked: lambda fact: Noted("check", fact.source, str(fact.score), until_on=fact.expires_on),
    customer.CreditLimitSet: lambda fact: Noted(
        "limit", fact.currency, None, fact.amount_minor, fact.until, fact.currency
    ),
    customer.PlacedOnHold: lambda fact: Noted("hold", fact.scope),
    customer.ReleasedFromHold: lambda fact: Noted("hold", fact.scope),
    customer.PrepaymentRequired: lambda fact: Noted("prepayment", value=str(fact.basis_points)),
    customer.CollectorAssigned: lambda fact: Noted("collector", value=fact.collector),
    customer.RiskReviewed: lambda fact: Noted("review", value=fact.risk_class, until_on=fact.next_review_on),
    customer.ReportedToBureau: lambda fact: Noted("bureau", f"{fact.bureau}: {fact.invoice}"),
    customer.BureauReportWithdrawn: lambda fact: Noted("bureau", f"{fact.bureau}: {fact.invoice}"),
}
_OF_INVOICE: dict[type, Callable[[Any], Noted]] = {
    invoice_facts.PromiseMade: lambda fact: Noted(
        "promise", str(fact.promise), amount_minor=fact.amount_minor, until_on=fact.pay_on
    ),
    invoice_facts.PromiseKept: lambda fact: Noted("promise", str(fact.promise)),
    invoice_facts.PromisePartlyKept: lambda fact: Noted("promise", str(fact.promise), amount_minor=fact.paid_minor),
    invoice_facts.PromiseBroken: lambda fact: Noted("promise", str(fact.promise)),
    invoice_facts.Disputed: lambda fact: Noted("dispute", str(fact.dispute), fact.reason_code, fact.amount_minor),
    invoice_facts.DisputeResolved: lambda fact: Noted("dispute", str(fact.dispute), fact.outcome, fact.upheld_minor),
    invoice_facts.Reminded: lambda fact: Noted("contact", fact.step, fact.channel),
    invoice_facts.Called: lambda fact: Noted("contact", "call", fact.outcome),
    invoice_facts.BureauWarned: lambda fact: Noted("contact", "bureau", fact.channel),
}

_CREDITING: dict[type, int] = {
    invoice_facts.CreditNoteApplied: +1,
    invoice_facts.CreditNoteUndone: -1,
    credit_note.Issued: +1,
    credit_note.Undone: -1,
}

_INVOICES = ("stream", "customer", "currency", "invoice")
_CREDIT_FACTS = ("position", "version", "effective_on", "stream", "customer", "name", "reason", *Noted._fields)


class CreditRisk:
    name = NAME
    version = 2
    tables = TABLES
    indexes = INDEXES

    def needs(self, entries: Sequence[Entry]) -> Sequence[Query]:
        noted = {entry.stream for entry in entries if type(entry.fact) in _OF_INVOICE or type(entry.fact) in _CREDITING}
        begun = {entry.stream for entry in entries if entry.version == 1}
        return [Query(f"select {', '.join(_INVOICES)} from invoices where stream = any (%s)", [sorted(noted - begun)])]

    def batch(self, answers: Sequence[Sequence[Row]]) -> Batch:
        return _Notes(answers[0])

    def rebuild(self) -> None:
        return None


class _Notes:
    def __init__(self, invoices: Iterable[Row]):
        self._owners: dict[str, tuple[str, str, str]] = {stream: (*owner,) for stream, *owner in invoices}
        self._invoices: list[Row] = []
        self._credit_facts: list[Row] = []

    def take(self, entry: Entry) -> None:
        fact = entry.fact
        if type(fact) is invoice_facts.Issued:
            self._begin(entry.stream, fact.customer, fact.currency, entry.stream)
        elif sign := _CREDITING.get(type(fact)):
            self._credit(entry, sign)
        elif read := _OF_INVOICE.get(type(fact)):
            if entry.stream not in self._owners:
                raise LookupError(f"{entry.stream} was not issued, so nobody knows whose it is")
            owner, currency, _ = self._owners[entry.stream]
            self._credit_facts.append(_row(entry, owner, read(fact)._replace(currency=currency)))
        elif read := _OF_CUSTOMER.get(type(fact)):
            self._credit_facts.append(_row(entry, key_of(entry.stream)["customer"], read(fact)))

    def _begin(self, stream: str, customer: str, currency: str, invoice: str) -> None:
        self._owners[stream] = customer, currency, invoice
        self._invoices.append((stream, customer, currency, invoice))

    def _credit(self, entry: Entry, sign: int) -> None:
        """What is taken back of an invoice, also where that was paid already and the amount is on account."""
        fact = entry.fact
        if isinstance(fact, credit_note.Issued):
            invoice = invoice_stream(fact.invoice, fact.entity) if fact.invoice else ""
            self._begin(entry.stream, fact.customer, fact.currency, invoice)
        owner, currency, invoice = self._owners[entry.stream]
        # One with a stream of its own says so itself.
        if not invoice or getattr(fact, "allocation", None):
            return
        noted = Noted("credit", invoice, None, sign * fact.amount_minor, None, currency)
        self._credit_facts.append(_row(entry, owner, noted))

    def writes(self) -> Iterator[Write]:
        yield Rows("invoices", _INVOICES, self._invoices)
        yield Rows("credit_facts", _CREDIT_FACTS, self._credit_facts)


def _row(entry: Entry, owner: str, noted: Noted) -> Row:
    name = NAMES[type(entry.fact)]
    return (entry.position, entry.version, entry.effective_on, entry.stream, owner, name, entry.cause.reason, *noted)


# The questions it answers


class CreditFact(NamedTuple):
    """A fact about how far a customer can be trusted; `reason` is the one in its envelope."""

    customer: str
    topic: str
    subject: str
    name: str
    stream: str
    version: int
    position: int
    effective_on: date
    value: str | None
    amount_minor: int | None
    until_on: date | None
    currency: str | None
    reason: str | None

    @property
    def event(self) -> str:
        return f"{self.stream}@{self.version}"


_FIELDS = ", ".join(CreditFact._fields)
_KNOWN = """effective_on <= %(as_of)s and position <= %(position)s
    and (%(customer)s::text is null or customer = %(customer)s)"""


def in_force(topics: Sequence[str], as_of: date, position: int, customer: str | None = None) -> Query:
    """What held for each customer on that day: the last fact of each subject of the topics."""
    return Query(
        f"select distinct on (customer, topic, subject) {_FIELDS} from view_credit_risk.credit_facts"
        f" where {_KNOWN} and topic = any (%(topics)s)"
        " order by customer, topic, subject, effective_on desc, position desc",
        {"topics": list(topics), "as_of": as_of, "position": position, "customer": customer},
    )


def facts_of(topic: str, from_on: date, as_of: date, position: int, customer: str | None = None) -> Query:
    """All facts of one topic that counted on the days from `from_on` to `as_of`, the newest first."""
    return Query(
        f"select {_FIELDS} from view_credit_risk.credit_facts"
        f" where {_KNOWN} and topic = %(topic)s and effective_on >= %(from_on)s"
        " order by effective_on desc, position desc",
        {"topic": topic, "from_on": from_on, "as_of": as_of, "position": position, "customer": customer},
    )
