"""The commands on a receipt: money that came in, which invoices it pays, and what happens when it is taken back."""

from collections.abc import Callable, Sequence

from domain import cash_application
from domain import receipt as receipts
from domain.customer import Customer
from domain.customer.account import require_customer
from domain.entry import customer_stream, invoice_stream
from domain.invoice import Invoice
from domain.invoice.paying import COSTS_FIRST, Order
from domain.receipt import Receipt, Remittance
from domain.refusal import Refused
from infra.log.decision import Overtaken
from services.catalogue.command import Asked, Change, Command, Decided, Permission, Reader, planned

CASH = Permission.BOOK_CASH

Undo = Callable[[Receipt | None], Sequence[receipts.Fact]]


def _record(
    asked: Asked,
    reader: Reader,
    *,
    amount_minor: int,
    currency: str,
    entity: str = "main",
    customer: str | None = None,
    invoices: Sequence[Remittance] = (),
    references: Sequence[str] = (),
    bank_entry: str | None = None,
    payer: str | None = None,
    order: Order = COSTS_FIRST,
) -> Change:
    """Money pays the invoices named, else the customer's oldest; what a payer wrote need not be an invoice's number."""
    account = _if_fit(customer_stream, customer) if customer else None
    wanted = _wanted(invoices, entity)
    if account and customer and not invoices:
        wanted = dict.fromkeys(reader.oldest_first(customer, entity, currency))
    accounts = [account] if account else []
    owner, encrypted = asked.stream, None
    if payer and not reader.state(asked.stream):
        owner = _owner(asked.stream, customer, [reader.state(stream) for stream in (*accounts, *wanted)])
        encrypted = reader.encrypt(owner, {"payer": payer})

    def decide(receipt: Receipt | None, *states: Customer | Invoice | None) -> Decided:
        if payer and not receipt and owner != _owner(asked.stream, customer, states):
            raise Overtaken
        debtor = next((each for each in states if isinstance(each, Customer)), None)
        named = [each if isinstance(each, Invoice) else None for each in states[len(accounts) :]]
        return cash_application.record(
            receipt,
            debtor,
            dict(zip(wanted, named, strict=True)),
            wanted,
            number=asked.key["receipt"],
            entity=entity,
            currency=currency,
            amount_minor=amount_minor,
            value_on=asked.day,
            customer=customer,
            references=[*references, *(each.invoice for each in invoices)],
            bank_entry=bank_entry,
            payer_encrypted=encrypted,
            order=order,
        )

    return Change([asked.stream, *accounts, *wanted], decide, asked.day)


def _identify(asked: Asked, reader: Reader, *, customer: str) -> Change:
    def decide(receipt: Receipt | None, debtor: Customer | None) -> Decided:
        require_customer(debtor)
        return _dated(asked, receipt, receipts.identify(receipt, customer=customer))

    return Change([asked.stream, customer_stream(customer)], decide, asked.day)


def _allocate(
    asked: Asked, reader: Reader, *, invoices: Sequence[Remittance] = (), order: Order = COSTS_FIRST
) -> Change:
    """Effective from the day the money came unless a day is given: a customer is not late because a clerk is."""
    known = receipts.require_received(reader.state(asked.stream))
    received, on = known.received, asked.on or known.received.value_on
    wanted = {invoice_stream(number, received.entity): minor for number, minor in _summed(invoices).items()}
    if not wanted and not known.customer:
        raise Refused("unidentified", "say whose money it is, or which invoice it is for")
    streams = [*wanted] or [*reader.oldest_first(known.customer or "", received.entity, received.currency)]

    def decide(receipt: Receipt | None, *states: Invoice | None) -> Decided:
        named = dict(zip(streams, states, strict=True))
        return cash_application.apply(receipt, named, wanted, on=on, order=order)

    return Change([asked.stream, *streams], decide, on)


def _unallocate(asked: Asked, reader: Reader, *, allocation: int) -> Change:
    return _take_back(asked, reader, lambda receipt: receipts.unallocate(receipt, allocation=allocation))


def _reverse(asked: Asked, reader: Reader) -> Change:
    return _take_back(asked, reader, receipts.reverse)


def _refund(asked: Asked, reader: Reader, *, amount_minor: int, reference: str) -> Change:
    def decide(receipt: Receipt | None) -> Decided:
        return _dated(asked, receipt, receipts.refund(receipt, amount_minor=amount_minor, reference=reference))

    return Change([asked.stream], decide, asked.day)


def _take_back(asked: Asked, reader: Reader, undo: Undo) -> Change:
    """Reads the invoices of the allocations undone; if these change meanwhile, the command is planned again."""
    undone = undo(reader.state(asked.stream))
    streams = list(dict.fromkeys(fact.invoice for fact in undone if isinstance(fact, receipts.Unallocated)))

    def decide(receipt: Receipt | None, *states: Invoice | None) -> Decided:
        if undo(receipt) != undone:
            raise Overtaken
        invoices = dict(zip(streams, states, strict=True))
        return cash_application.take_back(receipts.require_received(receipt), invoices, undone, on=asked.day)

    return Change([asked.stream, *streams], decide, asked.day)


def _dated(asked: Asked, receipt: Receipt | None, facts: Sequence[receipts.Fact]) -> Decided:
    return {asked.stream: [(fact, receipts.effective_from(receipt, fact, asked.day)) for fact in facts]}


def _owner(own: str, customer: str | None, states: Sequence[Customer | Invoice | None]) -> str:
    """Whose key encrypts the payer's name: the customer's, or the receipt's while no customer is known."""
    if customer and any(isinstance(each, Customer) for each in states):
        return customer
    return next((each.issued.customer for each in states if isinstance(each, Invoice)), own)


def _wanted(invoices: Sequence[Remittance], entity: str) -> dict[str, int | None]:
    """By stream, in the order named; what cannot be an invoice's number is kept as a reference only."""
    streams = {number: _if_fit(invoice_stream, number, entity) for number in _summed(invoices)}
    return {stream: minor for number, minor in _summed(invoices).items() if (stream := streams[number])}


def _summed(invoices: Sequence[Remittance]) -> dict[str, int | None]:
    """Amounts for an invoice that is named twice are added up."""
    wanted: dict[str, int | None] = {}
    for each in invoices:
        before = wanted.get(each.invoice)
        wanted[each.invoice] = each.minor if before is None else before + (each.minor or 0)
    return wanted


def _if_fit(stream: Callable[..., str], *key: str) -> str | None:
    try:
        return stream(*key)
    except Refused:
        return None


RECORD = planned(
    "receipt.record",
    _record,
    "Money came in: it pays the invoices named, else the customer's oldest; what is left stays on account.",
    CASH,
    day="value_on",
    personal=("payer",),
)
IDENTIFY = planned(
    "receipt.identify",
    _identify,
    "Say whose money it is.",
    CASH,
    finish=lambda finisher, stream, position: finisher.destroy_key_if_erased(stream),
)
ALLOCATE = planned(
    "receipt.allocate",
    _allocate,
    "What is left goes to the invoices named, else to the customer's oldest.",
    CASH,
)
UNALLOCATE = planned(
    "receipt.unallocate",
    _unallocate,
    "Take an allocation back: the invoice is open again exactly as before.",
    CASH,
    needs_reason=True,
)
REVERSE = planned(
    "receipt.reverse",
    _reverse,
    "A returned debit or a chargeback: every invoice it paid is open again.",
    CASH,
    needs_reason=True,
)
REFUND = planned("receipt.refund", _refund, "Money goes back to the payer.", CASH)

COMMANDS: tuple[Command[...], ...] = (RECORD, IDENTIFY, ALLOCATE, UNALLOCATE, REVERSE, REFUND)
