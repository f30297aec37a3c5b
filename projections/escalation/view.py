"""Escalation: where each invoice stands on its ladder, what is agreed about it, and what became of every contact.

No row waits for an hour to strike: due days are facts' own days, and who asks says for which day. What a case has come
to is decided from the log again (`domain.case`); these rows only say which cases are worth a look.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, fields
from datetime import date
from typing import Any, Generic, TypeVar

from domain.case import facts as case
from domain.contact import facts as contact
from domain.customer import facts as customer
from domain.entry import Entry
from domain.invoice import facts as invoice
from domain.kinds import key_of
from domain.policy import Published
from domain.receipt import Received
from projections.escalation.rows import EASING, Agreements, CaseRow, ContactRow, CustomerRow
from projections.projection import Batch, Query, Row, Rows, Write

NAME = "escalation"

TABLES = """
create table cases (
    case_stream    text collate "C" primary key,
    invoice        text collate "C" not null,
    assigned       text collate "C",
    policy         text collate "C",
    version        integer not null,
    run            integer not null,
    step           text collate "C",
    decided_on     date,
    invoice_due_on date,
    returned       integer not null,
    next_on        date,
    held_by        text collate "C",
    decided_at     bigint not null
);
create table steps (
    position       bigint  not null,
    run            integer not null,
    version        integer not null,
    late_days      integer not null,
    due_on         date    not null,
    decided_on     date    not null,
    invoice_due_on date    not null,
    invoice        text collate "C" not null,
    step           text collate "C" not null,
    policy         text collate "C" not null,
    channel        text collate "C",
    contact        text collate "C",
    task           text collate "C"
);
create table agreements (
    invoice       text collate "C" primary key,
    promise_on    date,
    plan_on       date,
    returned      integer not null,
    eased_at      bigint  not null,
    eased_on      date,
    blocked_until date,
    is_factored   boolean not null,
    is_placed     boolean not null,
    is_legal      boolean not null
);
create table contacts (
    contact        text collate "C" primary key,
    kind           text collate "C" not null,
    channel        text collate "C",
    entity         text collate "C" not null,
    customer       text collate "C" not null,
    step           text collate "C" not null,
    tone           text collate "C" not null,
    policy         text collate "C" not null,
    policy_version integer not null,
    planned_on     date not null,
    position       bigint not null,
    state          text collate "C" not null,
    changed_on     date not null,
    again_on       date,
    attempt        integer not null,
    message_id     text collate "C",
    sha256         text collate "C",
    code           text collate "C" not null,
    actor          text collate "C" not null,
    reason         text,
    reached        boolean not null,
    holds          boolean not null,
    script         text collate "C",
    invoices       text[] not null,
    currencies     text[] not null,
    demanded       bigint[] not null,
    quiet_from     date
);
create table calls (
    invoice text collate "C" not null,
    made_on date not null
);
create table bank_days (
    booked_on date primary key
);
create table customers (
    customer          text collate "C" primary key,
    collector         text collate "C",
    policy            text collate "C",
    blocked_until     date,
    encrypted_contact text collate "C",
    eased_at          bigint not null,
    eased_on          date
);
create table policies (
    policy       text collate "C" not null,
    version      integer not null,
    published_on date not null,
    actor        text collate "C" not null,
    primary key (policy, version)
);
"""
INDEXES = """
create unique index cases_invoice on cases (invoice);
create index steps_invoice on steps (invoice);
create index steps_due_on on steps (due_on);
create index contacts_customer on contacts (customer, quiet_from);
create index contacts_planned_on on contacts (planned_on, position);
create index contacts_waiting on contacts (state)
    where state in ('planned', 'deferred', 'handed_over', 'failed', 'unknown', 'withheld');
create index contacts_message_id on contacts (message_id) where message_id is not null;
create index calls_made_on on calls (made_on);
create index agreements_promise_on on agreements (promise_on) where promise_on is not null;
create index agreements_plan_on on agreements (plan_on) where plan_on is not null;
"""


class Escalation:
    name = NAME
    version = 1
    tables = TABLES
    indexes = INDEXES

    def needs(self, entries: Sequence[Entry]) -> Sequence[Query]:
        concerned = [entry for entry in entries if type(entry.fact) in CONCERNED]
        begun = {entry.stream for entry in concerned if entry.version == 1}
        return [
            _kept(table, {entry.stream for entry in concerned if isinstance(entry.fact, kinds)} - begun)
            for table, kinds in _NEEDED
        ]

    def batch(self, answers: Sequence[Sequence[Row]]) -> Batch:
        return _Rows(*answers)

    def rebuild(self) -> None:
        return None


Kept = TypeVar("Kept", CaseRow, Agreements, ContactRow, CustomerRow)


class _Latest(Generic[Kept]):
    """Rows of which each stream has one, as they were and as they are now."""

    def __init__(self, table: str, kind: type[Kept], stored: Iterable[Row]):
        self.table = table
        self.columns = tuple(each.name for each in fields(kind))
        self.rows: dict[str, Kept] = {row[0]: kind(*row) for row in stored}
        self._stored = set(self.rows)
        self._changed: set[str] = set()

    def put(self, stream: str, row: Kept) -> None:
        self.rows[stream] = row
        self._changed.add(stream)

    def writes(self) -> Iterator[Write]:
        replaced = sorted(self._changed & self._stored)
        if replaced:
            yield Query(f"delete from {self.table} where {self.columns[0]} = any (%s)", [replaced])
        yield Rows(self.table, self.columns, [astuple(self.rows[stream]) for stream in sorted(self._changed)])


class _Rows:
    def __init__(
        self,
        cases: Iterable[Row],
        agreements: Iterable[Row],
        contacts: Iterable[Row],
        customers: Iterable[Row],
    ):
        self._cases = _Latest("cases", CaseRow, cases)
        self._agreements = _Latest("agreements", Agreements, agreements)
        self._contacts = _Latest("contacts", ContactRow, contacts)
        self._customers = _Latest("customers", CustomerRow, customers)
        self._steps: list[Row] = []
        self._calls: list[Row] = []
        self._bank_days: set[date] = set()
        self._policies: list[Row] = []

    def take(self, entry: Entry) -> None:
        fact, stream = entry.fact, entry.stream
        # B7: most facts are about money, and of no concern here.
        if type(fact) not in CONCERNED:
            return
        match fact:
            case case.StepDecided():
                invoice_stream = _invoice_of(stream)
                self._steps.append(_step(entry, invoice_stream, fact))
                self._cases.put(stream, self._case(stream).decided(fact, entry))
            case case.PolicyAssigned() | case.TaskFinished():
                self._cases.put(stream, self._case(stream).after(fact, entry.effective_on))
            case contact.Planned():
                self._contacts.put(stream, ContactRow.planned(entry, fact))
            case _ if isinstance(fact, CONTACT_FACTS):
                self._contacts.put(stream, self._contacts.rows[stream].after(entry))
            case _ if isinstance(fact, AGREEMENT_FACTS):
                before = self._agreements.rows.get(stream) or Agreements(stream)
                self._agreements.put(stream, before.after(entry))
            case invoice.Called() | invoice.BureauWarned() | invoice.Reminded(contact=None):
                self._calls.append((stream, entry.effective_on))
            case Received(bank_entry=str()):
                self._bank_days.add(entry.effective_on)
            case _ if isinstance(fact, CUSTOMER_FACTS):
                number = key_of(stream)["customer"]
                before_ = self._customers.rows.get(number) or CustomerRow(number)
                self._customers.put(number, before_.after(entry))
            case Published(version, policy):
                self._policies.append((policy.name, version, entry.effective_on, entry.cause.actor))

    def writes(self) -> Iterator[Write]:
        for table in (self._cases, self._agreements, self._contacts, self._customers):
            yield from table.writes()
        yield Rows("steps", _STEPS, self._steps)
        yield Rows("calls", ("invoice", "made_on"), self._calls)
        yield Rows("policies", ("policy", "version", "published_on", "actor"), self._policies)
        if self._bank_days:
            days = "insert into bank_days select unnest(%s::date[]) on conflict do nothing"
            yield Query(days, [sorted(self._bank_days)])

    def _case(self, stream: str) -> CaseRow:
        return self._cases.rows.get(stream) or CaseRow(stream, _invoice_of(stream))


CONTACT_FACTS = tuple(contact.FACTS.values())
AGREEMENT_FACTS = (
    invoice.PromiseMade,
    invoice.PromiseKept,
    invoice.PromisePartlyKept,
    invoice.PromiseBroken,
    invoice.InstalmentPlanAgreed,
    invoice.InstalmentPlanBroken,
    invoice.InstalmentPlanCompleted,
    invoice.PaymentReversed,
    invoice.PaymentReinstated,
    invoice.Voided,
    *EASING,
    invoice.DunningBlocked,
    invoice.DunningUnblocked,
    invoice.Factored,
    invoice.PlacedWithAgency,
    invoice.RecalledFromAgency,
    invoice.LegalActionStarted,
)
CUSTOMER_FACTS = (
    customer.CollectorAssigned,
    customer.PolicyAssigned,
    customer.RiskReviewed,
    customer.TermsAgreed,
    customer.DunningBlocked,
    customer.DunningUnblocked,
    customer.ContactSet,
    customer.DataErased,
)
CONCERNED = frozenset(
    (
        *case.FACTS.values(), *CONTACT_FACTS, *AGREEMENT_FACTS, *CUSTOMER_FACTS, invoice.Called, invoice.BureauWarned,
        invoice.Reminded, Received, Published,
    )
)  # fmt: skip
_NEEDED: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("cases", tuple(case.FACTS.values())),
    ("agreements", AGREEMENT_FACTS),
    ("contacts", CONTACT_FACTS),
    ("customers", CUSTOMER_FACTS),
)
_KINDS: dict[str, type[Any]] = {
    "cases": CaseRow,
    "agreements": Agreements,
    "contacts": ContactRow,
    "customers": CustomerRow,
}
_STEPS = (
    "position", "run", "version", "late_days", "due_on", "decided_on", "invoice_due_on", "invoice", "step", "policy",
    "channel", "contact", "task",
)  # fmt: skip


def _kept(table: str, streams: set[str]) -> Query:
    columns = [each.name for each in fields(_KINDS[table])]
    keys = {key_of(stream)["customer"] for stream in streams} if table == "customers" else streams
    return Query(f"select {', '.join(columns)} from {table} where {columns[0]} = any (%s)", [sorted(keys)])


def _invoice_of(case_stream: str) -> str:
    return f"invoice:{case_stream.partition(':')[2]}"


def _step(entry: Entry, invoice_stream: str, fact: case.StepDecided) -> Row:
    return (
        entry.position,
        fact.run,
        fact.version,
        fact.late_days,
        fact.due_on,
        entry.effective_on,
        fact.invoice_due_on,
        invoice_stream,
        fact.step,
        fact.policy,
        fact.channel,
        fact.contact,
        fact.task,
    )
