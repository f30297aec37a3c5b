"""The books added up again from the facts alone: what always holds, and where it does not.

Amounts are summed from the amounts that the facts name, not from the items they moved, so that this and the state
that decisions use are two independent ways to the same figure.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain import credit_note
from domain.customer import Customer
from domain.entry import Entry, credit_note_stream, receipt_stream
from domain.invoice import Invoice
from domain.invoice import facts as invoice_facts
from domain.invoice.state import Payment
from domain.kinds import kind_of
from domain.receipt import Allocated, AllocationReinstated, Receipt, Received, Refunded, Reversed, Unallocated

_ADDED = (
    invoice_facts.InterestCharged,
    invoice_facts.FeeCharged,
    invoice_facts.CompensationClaimed,
    invoice_facts.CreditNoteUndone,
    invoice_facts.WriteOffUndone,
)
_TAKEN = (
    invoice_facts.DiscountTaken,
    invoice_facts.ExchangeDifferenceTaken,
    invoice_facts.CreditNoteApplied,
    invoice_facts.CreditNoteReinstated,
    invoice_facts.PartiallyPaid,
    invoice_facts.Paid,
    invoice_facts.ChargeWaived,
    invoice_facts.WrittenOff,
)


class Fault(NamedTuple):
    rule: str
    stream: str
    message: str


class Proof:
    """Takes the whole log in its order; `faults` says what did not hold."""

    def __init__(self) -> None:
        self.position = 0
        self.states: dict[str, Any] = {}
        self._versions: dict[str, int] = {}
        self._sums: dict[str, int] = {}
        self._found: list[Fault] = []
        self._lost: set[str] = set()

    def take(self, entry: Entry) -> None:
        stream, fact = entry.stream, entry.fact
        self._follow(entry.position, stream, entry.version)
        if not entry.cause.actor or not entry.cause.command_id:
            self._fault("cause", stream, f"position {entry.position} does not say who or under which command")
        if stream in self._lost:
            return
        try:
            moved = _moved(self.states.get(stream), fact)
            after = kind_of(stream).evolve(self.states.get(stream), fact, entry.effective_on)
        except Exception as error:
            self._lose(stream, f"position {entry.position:,} does not fit its stream ({type(error).__name__})")
            return
        self._sums[stream] = self._sums.get(stream, 0) + moved
        self.states[stream] = after

    def miss(self, position: int, stream: str, version: int, message: str) -> None:
        """A fact that cannot be read: no sum of its stream can be proved."""
        self._follow(position, stream, version)
        self._lose(stream, message)

    def faults(self) -> list[Fault]:
        invoices, receipts = self.of(Invoice), self.of(Receipt)
        return [
            *self._found,
            *(
                fault
                for stream, invoice in invoices.items()
                for fault in _of_invoice(stream, invoice, self._sums[stream])
            ),
            *(fault for stream, money in receipts.items() for fault in _of_receipt(stream, money, self._sums[stream])),
            *_of_allocations(invoices, receipts, self._lost),
        ]

    def of(self, kind: type) -> dict[str, Any]:
        """The states of one kind, by stream."""
        return {stream: state for stream, state in self.states.items() if isinstance(state, kind)}

    def open_minor(self) -> dict[str, int]:
        """What is open by stream: of an invoice what is owed, of a receipt what is not applied; never zero."""
        invoices = {stream: invoice.open_minor for stream, invoice in self.of(Invoice).items()}
        money = {stream: each.unallocated_minor for stream, each in self.of(Receipt).items()}
        return {stream: minor for stream, minor in (invoices | money).items() if minor}

    def erased(self) -> list[str]:
        """The owners of personal data that was erased: customers, and their receipts that were nobody's at first."""
        customers = [each.registered.customer for each in self.of(Customer).values() if each.is_erased]
        receipts = [
            stream
            for stream, each in self.of(Receipt).items()
            if each.customer in customers and each.received.payer_encrypted and not each.received.customer
        ]
        return customers + receipts

    def _follow(self, position: int, stream: str, version: int) -> None:
        if position != self.position + 1:
            self._fault("log", stream, f"position {position} follows {self.position}")
        if version != self._versions.get(stream, 0) + 1:
            self._fault("log", stream, f"version {version} follows {self._versions.get(stream, 0)}")
        self.position, self._versions[stream] = position, version

    def _lose(self, stream: str, message: str) -> None:
        self._fault("facts", stream, message)
        self._lost.add(stream)
        self.states.pop(stream, None)

    def _fault(self, rule: str, stream: str, message: str) -> None:
        self._found.append(Fault(rule, stream, message))


def _moved(before: Any, fact: Any) -> int:
    """What a fact adds to what is open of an invoice, or to what is left of a receipt."""
    match fact:
        case invoice_facts.Issued():
            return fact.total_minor
        case invoice_facts.PaymentReversed():
            return 0 if _is_recovery(before.payments, fact) else _whole(fact)
        case invoice_facts.PaymentReinstated():
            return 0 if _is_recovery(before.taken_back, fact) else -_whole(fact)
        case invoice_facts.Voided():
            return -sum(part.minor for part in fact.parts)
        case invoice_facts.VoidUndone():
            return sum(part.minor for part in fact.parts)
        case Received() | credit_note.Issued() | Unallocated():
            return fact.amount_minor
        case Allocated() | AllocationReinstated() | Refunded() | Reversed():
            return -fact.amount_minor
    if isinstance(fact, _ADDED):
        return int(fact.amount_minor)
    return -int(fact.amount_minor) if isinstance(fact, _TAKEN) else 0


def _whole(fact: invoice_facts.PaymentReversed | invoice_facts.PaymentReinstated) -> int:
    return fact.amount_minor + fact.discount_minor + fact.difference_minor


def _is_recovery(
    payments: tuple[Any, ...], fact: invoice_facts.PaymentReversed | invoice_facts.PaymentReinstated
) -> bool:
    return any(
        isinstance(each, Payment)
        and each.is_recovery
        and (each.receipt, each.allocation) == (fact.receipt, fact.allocation)
        for each in payments
    )


def _of_invoice(stream: str, invoice: Invoice, open_minor: int) -> Iterator[Fault]:
    if invoice.open_minor != open_minor:
        yield Fault("open", stream, f"its items come to {invoice.open_minor}, its facts to {open_minor}")
    if any(item.open_minor < 0 for item in invoice.items):
        yield Fault("open", stream, "an item is less than nothing")
    if invoice.written_off_minor < 0:
        yield Fault("open", stream, "more was recovered than written off")


def _of_receipt(stream: str, money: Receipt, left_minor: int) -> Iterator[Fault]:
    if money.unallocated_minor != left_minor or left_minor < 0:
        yield Fault("receipt", stream, f"{money.unallocated_minor} is left of it, its facts come to {left_minor}")
    allocated = sum(each.amount_minor for each in money.allocations)
    refunded = sum(each.amount_minor for each in money.refunds)
    if allocated + refunded + money.unallocated_minor + money.reversed_minor != money.received.amount_minor:
        yield Fault("receipt", stream, "what was allocated, refunded and is left is not what came in")


def _of_allocations(invoices: dict[str, Invoice], receipts: dict[str, Receipt], lost: set[str]) -> Iterator[Fault]:
    """What receipts gave to invoices is what invoices had from receipts; nobody knows that of streams that are lost."""
    made = [(stream, each) for stream, money in receipts.items() for each in money.allocations]
    allocated = {(stream, each.allocation, each.invoice): each.amount_minor for stream, each in made}
    # At a rate of exchange, the invoice has another amount, in its own currency.
    exchanged = {(stream, each.allocation, each.invoice) for stream, each in made if each.rate is not None}
    had = {
        (receipt_stream(each.receipt), each.allocation, stream): each.amount_minor
        for stream, invoice in invoices.items()
        for each in invoice.payments
        if not each.is_by_factor
    } | {
        (credit_note_stream(each.credit_note, invoice.issued.entity), each.allocation, stream): each.amount_minor
        for stream, invoice in invoices.items()
        for each in invoice.credit_notes
        if each.allocation
    }
    for stream, allocation, paid in sorted(allocated.keys() | had.keys()):
        key = stream, allocation, paid
        is_there = key in allocated and key in had
        if lost & {stream, paid} or (is_there and key in exchanged):
            continue
        if allocated.get(key) != had.get(key):
            amounts = f"{allocated.get(key)} given, {had.get(key)} had"
            yield Fault("allocation", paid, f"allocation {allocation} of {stream}: {amounts}")
