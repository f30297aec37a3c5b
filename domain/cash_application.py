"""Cash application: which invoices a receipt pays, how much of each, and from which day on that is effective."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain import applying, takings
from domain import receipt as receipts
from domain.allocations import is_lost, is_lost_on
from domain.books import Books, Dated
from domain.by_day import least_since
from domain.customer import Customer, register
from domain.entry import customer_stream, receipt_stream
from domain.invoice import paying
from domain.invoice.paying import COSTS_FIRST, Order, require_order
from domain.invoice.state import Invoice, require_issued
from domain.receipt import Receipt
from domain.refusal import Refused


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


def shares(
    receipt: Receipt, invoices: Mapping[str, Invoice], wanted: Mapping[str, int | None], on: date
) -> dict[str, int]:
    """What each invoice gets from a day on, in their order: the amount the payer named for it, else what settles it.

    Discounts that the payer did not deduct are not granted: what is left after all are settled pays them in full.
    """
    left, given = receipt.unallocated_minor, {}
    for stream, invoice in invoices.items():
        asked = wanted.get(stream)
        given[stream] = min(left, _settling(receipt, invoice, on) if asked is None else min(asked, _most(invoice, on)))
        left -= given[stream]
    for stream, invoice in invoices.items():
        if left and wanted.get(stream) is None and not (invoice.offer and invoice.offer.is_accepted):
            more = min(left, _most(invoice, on) - given[stream])
            given[stream] += more
            left -= more
    return given


def record(
    states: Mapping[str, Any],
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
    """Money that came in pays those of the invoices wanted that take it; what is left stays on account.

    `states` are the receipt, its customer, the invoices, and the receipts and credit notes that take from those later
    (`takings.sources_after`), by stream. Money is never refused because its customer or invoice is missing: a customer
    who is not known is registered, and without one the receipt waits to be identified. Money that names invoices goes
    before what took from them on a later day. The same receipt again changes nothing; the same number with other
    content is refused as `number_taken`.
    """
    require_order(order)
    own = receipt_stream(number)
    known: Receipt | None = states.get(own)
    invoices = {stream: states.get(stream) for stream in wanted}
    identified = customer or owner(invoices)
    asked: dict[str, Any] = {"number": number, "entity": entity, "currency": currency, "amount_minor": amount_minor}
    asked |= {"value_on": value_on, "bank_entry": bank_entry}
    if known:
        # The receipt may have been identified since, and its payer encrypted under that customer's key.
        first = known.received
        as_was: dict[str, Any] = {
            "references": _as_was(first.references, references, customer),
            "payer_encrypted": first.payer_encrypted,
        }
        is_as_was = not customer or (not first.customer and customer in first.references)
        receipts.receive(known, **asked, **as_was, customer=first.customer if is_as_was else customer)
        return {own: []}
    noted: dict[str, Any] = {"references": tuple(dict.fromkeys(references)), "payer_encrypted": payer_encrypted}
    [fact] = receipts.receive(None, **asked, **noted, customer=identified)
    books = Books(states)
    books.add(own, fact, value_on)
    takers = payable(_takers(books, invoices, value_on), currency)
    _allocate(
        books,
        own,
        shares(books.source(own), takers, wanted, value_on),
        value_on,
        applying.Rules(order, is_any_part=True),
    )
    return _registered(states, customer) | books.dated


def apply(
    states: Mapping[str, Any],
    own: str,
    wanted: Mapping[str, int | None],
    *,
    on: date | None,
    order: Order = COSTS_FIRST,
    is_named: bool = True,
) -> Dated:
    """What is left of a receipt or a credit note goes to the invoices wanted.

    By default from the day it came, and each part from the first day it can; a day given is the day, or is refused as
    `too_early`. Where invoices are named, refuses one that takes no money, and an amount that is more than is left or
    open; else those of the invoices that take none are passed over.
    """
    require_order(order)
    receipt = receipts.require_received(states.get(own))
    if not (on and least_since(receipts.before_reversals(receipt, on), on) > 0):
        receipts.require_not_reversed(receipt)
    if not receipt.unallocated_minor and not receipt.reversals:
        number = receipt.received.receipt
        raise Refused("over_unallocated", f"nothing of receipt {number} is left to allocate")
    day, currency = on or receipt.received.value_on, receipt.received.currency
    if on:
        receipts.require_since_received(receipt, on)
    books = Books(states)
    takers = _takers(books, {stream: states.get(stream) for stream in wanted}, day)
    found = {stream: require_payable(takers.get(stream), currency) for stream in wanted} if is_named else {}
    found = found or payable(takers, currency)
    asked = {stream: minor for stream, minor in wanted.items() if minor is not None}
    _allocate(
        books, own, shares(receipt, found, wanted, day) | asked, day, applying.Rules(order, is_exact=on is not None)
    )
    return books.dated


def _allocate(books: Books, own: str, amounts: Mapping[str, int], on: date, rules: applying.Rules) -> None:
    for stream, minor in amounts.items():
        if minor:
            applying.apply(books, own, stream, minor, on, rules)


def _takers(books: Books, invoices: Mapping[str, Invoice | None], on: date) -> dict[str, Invoice | None]:
    """As they are for this money: before what took from them later, as far as that was loaded.

    Money that names no invoice goes before write-offs only: no other money goes back on account for it.
    """
    return {
        stream: takings.before_later(books, stream, on) if invoice and not invoice.is_voided else invoice
        for stream, invoice in invoices.items()
    }


def _registered(states: Mapping[str, Any], customer: str | None) -> Dated:
    if not customer:
        return {}
    account: Customer | None = states.get(customer_stream(customer))
    facts = register(account, customer)
    return {customer_stream(customer): facts} if facts else {}  # type: ignore[dict-item]


def _as_was(known: tuple[str, ...], references: Iterable[str], customer: str | None) -> tuple[str, ...]:
    """A receipt from before unknown customers were registered kept such a customer as a reference."""
    given = tuple(dict.fromkeys(references))
    return known if known == tuple(dict.fromkeys([*given, *([customer] if customer else [])])) else given


def _is_payable(invoice: Invoice, currency: str) -> bool:
    try:
        return bool(require_payable(invoice, currency))
    except Refused:
        return False


def _most(invoice: Invoice, on: date) -> int:
    """What was given up by that day is recovered, and what is open again since is paid."""
    is_given_up = is_lost(invoice) or is_lost_on(invoice, on)
    return invoice.open_minor + (invoice.written_off_minor if is_given_up else 0)


def _settling(receipt: Receipt, invoice: Invoice, on: date) -> int:
    if not invoice.open_minor or is_lost_on(invoice, on):
        return _most(invoice, on)
    return paying.payable_minor(invoice, on=receipt.received.value_on)
