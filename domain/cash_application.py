"""Cash application: which invoices a receipt pays, how much of each, and from which day on that is effective."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from domain import receipt as receipts
from domain.by_day import since
from domain.customer import Customer
from domain.entry import receipt_stream
from domain.invoice import dating, evolving, paying
from domain.invoice.facts import Fact as InvoiceFact
from domain.invoice.facts import WrittenOff
from domain.invoice.paying import COSTS_FIRST, Order, require_order
from domain.invoice.state import Invoice, require_issued
from domain.receipt import Allocated, Receipt
from domain.refusal import Refused

Dated = dict[str, list[tuple[Any, date]]]


def require_payable(invoice: Invoice | None, currency: str) -> Invoice:
    """Refuses `not_issued`, `voided`, `currency_differs`, `factored`, `nothing_open`; a written-off one is payable."""
    invoice = require_issued(invoice)
    number = invoice.issued.number
    if currency != invoice.issued.currency:
        raise Refused("currency_differs", f"invoice {number} is in {invoice.issued.currency}, not {currency}")
    if invoice.is_factored:
        raise Refused("factored", f"invoice {number} was factored; the payment is due to the factor")
    if not invoice.open_minor and not invoice.written_off_minor:
        raise Refused("nothing_open", f"nothing is open on invoice {number}")
    return invoice


def payable(invoices: Mapping[str, Invoice | None], currency: str) -> dict[str, Invoice]:
    """Those of the invoices, by stream, that take money in this currency."""
    return {stream: invoice for stream, invoice in invoices.items() if invoice and _is_payable(invoice, currency)}


def owner(invoices: Mapping[str, Invoice | None]) -> str | None:
    """Whose money it is when only the invoices are named: of who owes the first of them."""
    return next((invoice.issued.customer for invoice in invoices.values() if invoice), None)


def shares(receipt: Receipt, invoices: Mapping[str, Invoice], wanted: Mapping[str, int | None]) -> dict[str, int]:
    """What each invoice gets, in their order: the amount the payer named for it, else what settles it.

    Discounts that the payer did not deduct are not granted: what is left after all are settled pays them in full.
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


def record(
    receipt: Receipt | None,
    debtor: Customer | None,
    invoices: Mapping[str, Invoice | None],
    wanted: Mapping[str, int | None],
    *,
    number: str,
    entity: str,
    currency: str,
    amount_minor: int,
    value_on: date,
    customer: str | None = None,
    references: Iterable[str] = (),
    bank_entry: str | None = None,
    payer_encrypted: str | None = None,
    order: Order = COSTS_FIRST,
) -> Dated:
    """Money that came in pays those of the invoices that take it; what is left stays on account.

    Money is never refused because its customer or invoice is missing: an unknown customer is kept as a reference, and
    the receipt waits to be identified and allocated. The same receipt again changes nothing; the same number with other
    content is refused as `number_taken`.
    """
    known = customer if debtor else None
    unknown = (customer,) if customer and not debtor else ()
    received = partial(
        receipts.receive,
        receipt,
        number=number,
        entity=entity,
        currency=currency,
        amount_minor=amount_minor,
        value_on=value_on,
        references=tuple(dict.fromkeys([*references, *unknown])),
        bank_entry=bank_entry,
    )
    require_order(order)
    own = receipt_stream(number)
    if receipt:
        # The receipt may have been identified since, and its payer encrypted under that customer's key.
        first = receipt.received
        received(customer=known or first.customer, payer_encrypted=first.payer_encrypted)
        return {own: []}
    [fact] = received(customer=known or owner(invoices), payer_encrypted=payer_encrypted)
    receipt = receipts.evolve(None, fact, value_on)
    takers = payable(invoices, currency)
    paid = allocate(receipt, takers, shares(receipt, takers, wanted), on=value_on, order=order)
    return paid | {own: [(fact, value_on), *paid[own]]}


def apply(
    receipt: Receipt | None,
    invoices: Mapping[str, Invoice | None],
    wanted: Mapping[str, int | None],
    *,
    on: date,
    order: Order = COSTS_FIRST,
) -> Dated:
    """What is left of a receipt goes to the invoices wanted, else to those of the given that take money.

    Refuses an invoice wanted that takes no money, and an amount wanted that is more than is left or open.
    """
    require_order(order)
    receipt = receipts.require_not_reversed(receipt)
    if not receipt.unallocated_minor:
        number = receipt.received.receipt
        raise Refused("over_unallocated", f"nothing of receipt {number} is left to allocate")
    currency = receipt.received.currency
    if wanted:
        takers = {stream: require_payable(invoices[stream], currency) for stream in wanted}
    else:
        takers = payable(invoices, currency)
    asked = {stream: minor for stream, minor in wanted.items() if minor is not None}
    return allocate(receipt, takers, shares(receipt, takers, wanted) | asked, on=on, order=order)


def allocate(
    receipt: Receipt,
    invoices: Mapping[str, Invoice],
    amounts: Mapping[str, int],
    *,
    on: date,
    order: Order = COSTS_FIRST,
) -> Dated:
    """These amounts go from the receipt to these invoices; refuses as `receipt.allocate` and `invoice.pay` do.

    A discount depends on the day the money came in. A payment is effective from `on`, but never before the money was
    there, nor before what it pays was: what is left once all is paid that was open by then pays what came later, by an
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
    """What the receipt takes back is open again on these invoices, at the earliest from the day of the allocation."""
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
        return minor, on  # the invoice will refuse it
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
