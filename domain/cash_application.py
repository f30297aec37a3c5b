"""Cash application: which invoices a receipt pays, how much of each, and from which day on it counts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain import receipt as receipts
from domain.by_day import since
from domain.entry import receipt_stream
from domain.invoice import dating, evolving, paying
from domain.invoice.facts import Fact as InvoiceFact
from domain.invoice.facts import WrittenOff
from domain.invoice.paying import COSTS_FIRST, Order
from domain.invoice.state import Invoice, require_issued
from domain.receipt import Allocated, Receipt
from domain.refusal import Refused

Dated = dict[str, list[tuple[Any, date]]]


def require_payable(invoice: Invoice | None, currency: str) -> Invoice:
    """Refuses `not_issued`, `voided`, `currency_differs`, `sold` and `nothing_open`; a written-off claim is payable."""
    invoice = require_issued(invoice)
    number = invoice.issued.number
    if currency != invoice.issued.currency:
        raise Refused("currency_differs", f"invoice {number} is in {invoice.issued.currency}, not {currency}")
    if invoice.is_factored:
        raise Refused("factored", f"invoice {number} was sold; the payment is due to the factor")
    if not invoice.open_minor and not invoice.written_off_minor:
        raise Refused("nothing_open", f"nothing is open on invoice {number}")
    return invoice


def payable(invoices: Mapping[str, Invoice | None], currency: str) -> dict[str, Invoice]:
    """Those of the claims, by stream, that take money in this currency."""
    return {stream: invoice for stream, invoice in invoices.items() if invoice and _is_payable(invoice, currency)}


def owner(invoices: Mapping[str, Invoice | None]) -> str | None:
    """Whose money it is when only the invoices are named: of who owes the first of them."""
    return next((invoice.issued.customer for invoice in invoices.values() if invoice), None)


def shares(receipt: Receipt, invoices: Mapping[str, Invoice], wanted: Mapping[str, int | None]) -> dict[str, int]:
    """What each claim gets, in their order: what the payer wanted for it, else what settles it.

    A payer who kept no discount back gets none: what is left after all are settled pays the discounts in full.
    """
    left, given = receipt.unallocated_minor, {}
    for stream, invoice in invoices.items():
        asked = wanted.get(stream)
        given[stream] = min(left, _settling(receipt, invoice) if asked is None else min(asked, _most(invoice)))
        left -= given[stream]
    for stream, invoice in invoices.items():
        if wanted.get(stream) is None and not (invoice.offer and invoice.offer.is_accepted):
            more = min(left, _most(invoice) - given[stream])
            given[stream] += more
            left -= more
    return given


def receive(
    invoices: Mapping[str, Invoice | None],
    wanted: Mapping[str, int | None],
    *,
    customer: str | None,
    currency: str,
    value_on: date,
    order: Order = COSTS_FIRST,
    **money: Any,
) -> Dated:
    """A new receipt pays those of the claims that take its money."""
    [received] = receipts.receive(None, customer=customer, currency=currency, value_on=value_on, **money)
    receipt = receipts.evolve(None, received, value_on)
    takers = payable(invoices, currency)
    paid = allocate(receipt, takers, shares(receipt, takers, wanted), on=value_on, order=order)
    own = receipt_stream(receipt.received.receipt)
    return paid | {own: [(received, value_on), *paid[own]]}


def allocate(
    receipt: Receipt,
    invoices: Mapping[str, Invoice],
    amounts: Mapping[str, int],
    *,
    on: date,
    order: Order = COSTS_FIRST,
) -> Dated:
    """These amounts go from the receipt to these claims; refuses as `receipt.allocate` and `invoice.pay` do.

    A discount is earned by the day the money came in. A payment counts from `on`, but never before the money was there
    nor before what it pays was: what is left once all is paid that was open by then goes to what came later, as an
    allocation of its own.
    """
    own = receipt_stream(receipt.received.receipt)
    dated: Dated = {own: []}
    for stream, minor in amounts.items():
        invoice, day, dated[stream] = invoices[stream], on, []
        while minor:
            portion, day = _portion(receipt, invoice, minor, day)
            [made] = receipts.allocate(receipt, invoice=stream, amount_minor=portion)
            assert isinstance(made, Allocated)
            dated[own].append((made, day))
            receipt = receipts.evolve(receipt, made, day)
            for fact in _pay(receipt, invoice, made, order, day):
                counted = dating.effective_from(invoice, [fact], day)
                dated[stream].append((fact, counted))
                invoice = evolving.evolve(invoice, fact, counted)
            minor -= portion
    return dated


def take_back(
    receipt: Receipt, invoices: Mapping[str, Invoice | None], undone: Iterable[receipts.Fact], *, on: date
) -> Dated:
    """What the receipt takes back is open again on these claims; an allocation is not undone before it counted."""
    number = receipt.received.receipt
    own = receipt_stream(number)
    dated: Dated = {own: []}
    for fact in undone:
        day = receipts.effective_from(receipt, fact, on)
        dated[own].append((fact, day))
        receipt = receipts.evolve(receipt, fact, day)
        if isinstance(fact, receipts.Unallocated):
            invoice = invoices[fact.invoice]
            again = paying.reverse_payment(invoice, receipt=number, allocation=fact.allocation)
            dated.setdefault(fact.invoice, []).extend((each, day) for each in again)
    return dated


def _portion(receipt: Receipt, invoice: Invoice, minor: int, on: date) -> tuple[int, date]:
    """How much may be paid as of the first day, `on` or later, on which any of it may; and that day."""
    if _is_lost(invoice):
        return minor, since(receipt.by_day, minor, max(on, invoice.days[WrittenOff]))
    if minor > invoice.open_minor:
        return minor, on  # for the claim to refuse
    day: date | None = on
    while day and not dating.open_since_minor(invoice, day):
        day = dating.next_change(invoice, day)
    assert day, "what is open at the end has been so since some day"
    portion = min(minor, dating.open_since_minor(invoice, day))
    return portion, since(receipt.by_day, portion, day)


def _is_payable(invoice: Invoice, currency: str) -> bool:
    try:
        return bool(require_payable(invoice, currency))
    except Refused:
        return False


def _is_lost(invoice: Invoice) -> bool:
    """Nothing is open of what was written off: money that comes is a recovery."""
    return bool(invoice.written_off_minor and not invoice.open_minor)


def _most(invoice: Invoice) -> int:
    return invoice.open_minor or invoice.written_off_minor


def _settling(receipt: Receipt, invoice: Invoice) -> int:
    return (
        paying.payable_minor(invoice, on=receipt.received.value_on) if invoice.open_minor else invoice.written_off_minor
    )


def _pay(receipt: Receipt, invoice: Invoice, made: Allocated, order: Order, day: date) -> list[InvoiceFact]:
    money: dict[str, Any] = {
        "receipt": receipt.received.receipt,
        "allocation": made.allocation,
        "amount_minor": made.amount_minor,
        "currency": receipt.received.currency,
    }
    if _is_lost(invoice):
        return paying.recover(invoice, **money)
    return paying.pay(invoice, **money, on=receipt.received.value_on, order=order, effective_on=day)
