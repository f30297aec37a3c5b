"""A command as a value: a stable name, what it asks for, which streams it reads, the decision it runs, who may give it.

The keyword parameters of `asks` are the command's arguments, and define their form: options of the
command line, bodies, messages and JSON Schemas are derived from them (`services.catalogue.parameters`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Concatenate, Generic, NamedTuple, NewType, ParamSpec, Protocol

from domain.customer import Customer
from domain.customer.facts import Fact as CustomerFact
from domain.entry import Entry, customer_stream
from domain.invoice import Invoice, dating
from domain.invoice.facts import Fact as InvoiceFact
from domain.kinds import key_of
from domain.notes import Note
from domain.refusal import Refused
from domain.takings import sources_after
from infra.log.decision import Decide, Decided, Overtaken

P = ParamSpec("P")

# A text of many lines, such as a policy.
Document = NewType("Document", str)


class Permission(StrEnum):
    """What somebody may do; roles are sets of these."""

    BILL = "bill"
    CHARGE = "charge"
    COLLECT = "collect"
    SETTLE = "settle"
    HAND_OVER = "hand_over"
    BOOK_CASH = "book_cash"
    GRANT_CREDIT = "grant_credit"
    KEEP_CUSTOMERS = "keep_customers"
    KEEP_POLICIES = "keep_policies"
    ERASE = "erase"
    APPROVE_TEXTS = "approve_texts"


class Reader(Protocol):
    """What a command may look at before its decision is made."""

    def state(self, stream: str) -> Any:
        """The state of a stream, None when it does not exist."""

    @property
    def default_entity(self) -> str:
        """Where arguments name none."""

    def oldest_first(self, customer: str, entity: str | None, currency: str, on: date) -> Sequence[str]:
        """Streams of what the customer owed on a day and has not paid since, the earliest due first.

        Of no entity named, those of the only one to which the customer owes, if it is one; else of the default one.
        """

    def entities(self) -> Sequence[str]:
        """Those to which anything is owed."""

    def last_voucher_on(self, customer: str) -> tuple[date | None, int]:
        """The day of the customer's last voucher, and the position of the log up to which that is known."""

    def encrypt(self, owner: str, data: Mapping[str, str]) -> str | None:
        """Personal data under the key of its owner; None when that key was destroyed."""


class Asked(NamedTuple):
    """`on` is the effective date if one was given; `also` are streams that the decision turned out to need."""

    stream: str
    arguments: Mapping[str, object]
    on: date | None
    today: date
    also: frozenset[str] = frozenset()

    @property
    def day(self) -> date:
        return self.on or self.today

    @property
    def key(self) -> dict[str, str]:
        return key_of(self.stream)


class Change(NamedTuple):
    """What is to be decided: the streams whose states `decide` is given, in that order, its own first.

    A decision that rests on views gives the position they had (`read_to`), and what would make it out of date if it
    was recorded since (`concerns`): then it is planned again. `notes` says, after the decision, what is worth knowing
    of it.
    """

    streams: Sequence[str]
    decide: Decide
    on: date
    read_to: int | None = None
    concerns: Callable[[Entry], bool] | None = None
    notes: Callable[[], Sequence[Note]] = tuple


@dataclass(frozen=True, slots=True, eq=False)
class Command(Generic[P]):
    """`day` names the argument that is the effective date; the values of `personal` arguments are personal data.

    `finish` is done after the facts are recorded, and again when the command is repeated: it is given the stream,
    and the position of the log before those facts.
    """

    name: str
    summary: str
    permission: Permission
    asks: Callable[..., object]
    plan: Callable[[Asked, Reader], Change]
    day: str = "on"
    needs_reason: bool = False
    personal: frozenset[str] = field(default=frozenset())
    finish: Callable[["Finisher", str, int], None] | None = None

    @property
    def kind(self) -> str:
        """The prefix of the stream it is about."""
        return self.name.partition(".")[0]

    def __call__(self, *none: P.args, **arguments: P.kwargs) -> "Request":
        """The command with its arguments, to be given to `Commands`."""
        return Request(self, arguments)


class Request(NamedTuple):
    command: "Command[...]"
    arguments: Mapping[str, object]


class Finisher(Protocol):
    """What may be done once a command's facts are recorded."""

    def destroy_keys(self, stream: str, position: int) -> None:
        """Those of a customer's personal data, with what was theirs at a position."""

    def destroy_key_if_erased(self, receipt: str) -> None:
        """That of a payer's name, where the receipt is by now that of a customer whose data was erased."""


# How commands are made


def of_invoice(
    name: str,
    decision: Callable[Concatenate[Invoice | None, P], Sequence[InvoiceFact]],
    summary: str,
    permission: Permission,
    *,
    needs_reason: bool = False,
) -> Command[P]:
    """A decision on the invoice that asks neither for the day nor for other streams."""
    run: Callable[..., Sequence[InvoiceFact]] = decision

    def facts(invoice: Invoice | None, asked: Asked) -> Sequence[InvoiceFact]:
        return run(invoice, **asked.arguments)

    return Command(name, summary, permission, decision, _on_invoice(facts), needs_reason=needs_reason)


def of_invoice_on(
    name: str,
    decision: Callable[Concatenate[Invoice | None, date, P], Sequence[InvoiceFact]],
    summary: str,
    permission: Permission,
    *,
    needs_reason: bool = False,
) -> Command[P]:
    """A decision on the invoice for which the day matters."""
    run: Callable[..., Sequence[InvoiceFact]] = decision

    def facts(invoice: Invoice | None, asked: Asked) -> Sequence[InvoiceFact]:
        return run(invoice, asked.day, **asked.arguments)

    return Command(name, summary, permission, decision, _on_invoice(facts), needs_reason=needs_reason)


def of_invoice_and_debtor(
    name: str,
    decision: Callable[Concatenate[Invoice | None, date, date | None, P], Sequence[InvoiceFact]],
    summary: str,
    permission: Permission,
) -> Command[P]:
    """A contact about the invoice: the day matters, and until when its customer is blocked from dunning."""
    run: Callable[..., Sequence[InvoiceFact]] = decision

    def plan(asked: Asked, reader: Reader) -> Change:
        known: Invoice | None = reader.state(asked.stream)
        debtors = [customer_stream(known.issued.customer)] if known else []

        def decide(invoice: Invoice | None, debtor: Customer | None = None) -> Decided:
            dating.require_issued_by(invoice, asked.day)
            blocked_until = debtor.blocked_until(asked.day) if debtor else None
            facts = run(invoice, asked.day, blocked_until, **asked.arguments)
            return {asked.stream: dating.require_in_time(invoice, facts, asked.day)}

        return Change([asked.stream, *debtors], decide, asked.day)

    return Command(name, summary, permission, decision, plan)


def across(
    asked: Asked,
    streams: Sequence[str],
    decide: Callable[[Mapping[str, Any]], Decided],
    *,
    takes_from: Sequence[str] = (),
    notes: Callable[[], Sequence[Note]] = tuple,
) -> Change:
    """A decision on several streams, by their names.

    Of the invoices of `takes_from` it must see whatever takes from them after the day, to go before it; that is found
    out when it is decided.
    """
    shown = list(dict.fromkeys((asked.stream, *streams, *sorted(asked.also))))

    def decided(*found: Any) -> Decided:
        states = dict(zip(shown, found, strict=True))
        later = [each for stream in takes_from for each in sources_after(states[stream], asked.day)]
        if missing := [each for each in later if each not in states]:
            raise Overtaken(missing)
        return decide(states)

    return Change(shown, decided, asked.day, notes=notes)


def require_its_day(given: date | None, known: Collection[date], what: str, way_out: str) -> None:
    """Refuses `another_day`: what is done already stays on its day, and a day that is given is never passed over."""
    if given and known and given not in known:
        raise Refused("another_day", f"{what} on {max(known)}, and not on {given}: {way_out}")


def of_customer(
    name: str,
    decision: Callable[Concatenate[Customer | None, P], Sequence[CustomerFact]],
    summary: str,
    permission: Permission,
    *,
    needs_reason: bool = False,
) -> Command[P]:
    """A decision on the customer alone."""
    run: Callable[..., Sequence[CustomerFact]] = decision

    def plan(asked: Asked, reader: Reader) -> Change:
        def decide(customer: Customer | None) -> Decided:
            return {asked.stream: run(customer, **asked.arguments)}

        return Change([asked.stream], decide, asked.day)

    return Command(name, summary, permission, decision, plan, needs_reason=needs_reason)


def planned(
    name: str,
    plan: Callable[Concatenate[Asked, Reader, P], Change],
    summary: str,
    permission: Permission,
    *,
    day: str = "on",
    needs_reason: bool = False,
    personal: Sequence[str] = (),
    finish: Callable[[Finisher, str, int], None] | None = None,
) -> Command[P]:
    """A command about several streams, or one that looks something up first: `plan` itself takes the arguments."""
    run: Callable[..., Change] = plan

    def with_arguments(asked: Asked, reader: Reader) -> Change:
        return run(asked, reader, **asked.arguments)

    private = frozenset(personal)
    return Command(name, summary, permission, plan, with_arguments, day, needs_reason, private, finish)


def _on_invoice(facts: Callable[[Invoice | None, Asked], Sequence[InvoiceFact]]) -> Callable[[Asked, Reader], Change]:
    def plan(asked: Asked, reader: Reader) -> Change:
        def decide(invoice: Invoice | None) -> Decided:
            dating.require_issued_by(invoice, asked.day)
            return {asked.stream: dating.require_in_time(invoice, facts(invoice, asked), asked.day)}

        return Change([asked.stream], decide, asked.day)

    return plan
