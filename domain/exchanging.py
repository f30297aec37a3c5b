"""Money in one currency that pays an invoice in another, at a rate agreed with the payer."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from domain import receipt as receipts
from domain.books import Books, Dated
from domain.by_day import since
from domain.exchange import Rate, convert
from domain.invoice import dating, paying
from domain.invoice.paying import COSTS_FIRST, Order
from domain.invoice.state import Invoice, require_issued, require_open
from domain.money import exponent, readable
from domain.receipt import Receipt
from domain.refusal import Refused

# What becomes of what is then still open: it is owed, or given up as the difference of the exchange.
Difference = Literal["owed", "given_up"]
OWED: Difference = "owed"
GIVEN_UP: Difference = "given_up"

# More than this share of the invoice is no difference of rates.
_LARGEST = Fraction(1, 10)
_MOST_DIGITS = 20
_FIGURE = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)


def allocate(
    states: Mapping[str, Any],
    own: str,
    stream: str,
    *,
    rate: str,
    minor: int | None = None,
    difference: Difference = OWED,
    on: date | None = None,
    order: Order = COSTS_FIRST,
) -> Dated:
    """`minor` of the receipt, by default what settles the invoice, pays the invoice at `rate`.

    That is how much of the invoice's currency one unit of the receipt's is worth.

    Refuses `bad_rate`, `same_currency`, `over_open`, `over_unallocated`, `difference_too_large` (more than a tenth of
    what is open), and `too_early` where a day is given.
    """
    receipt = receipts.require_not_reversed(states.get(own))
    invoice = require_open(require_issued(states.get(stream)))
    source, target = receipt.received.currency, invoice.issued.currency
    if source == target:
        raise Refused("same_currency", f"both are in {source}: leave the rate out", "rate")
    at = Rate(receipt.received.value_on, source, target, _rate(rate))
    needed = _needed(invoice.open_minor, at)
    given = min(needed, receipt.unallocated_minor) if minor is None else minor
    paid = invoice.open_minor if minor is None and given == needed else convert(given, at, target)
    if paid > invoice.open_minor:
        worth, left = readable(paid, target), readable(invoice.open_minor, target)
        raise Refused("over_open", f"that is worth {worth}, and only {left} is open on invoice {invoice.issued.number}")
    short = invoice.open_minor - paid if difference == GIVEN_UP else 0
    if short > _LARGEST * invoice.open_minor:
        message = f"{readable(short, target)} is more than a tenth of what is open: that is no difference of rates"
        raise Refused("difference_too_large", message)
    return _paid(states, own, stream, (given, paid, short), rate, on, order)


def _paid(
    states: Mapping[str, Any],
    own: str,
    stream: str,
    amounts: tuple[int, int, int],
    rate: str,
    on: date | None,
    order: Order,
) -> Dated:
    given, paid, short = amounts
    books, receipt = Books(states), receipts.require_received(states.get(own))
    [made] = receipts.allocate(receipt, invoice=stream, amount_minor=given, rate=rate)
    assert isinstance(made, receipts.Allocated)
    day = _first_day(receipt, books.invoice(stream), given, paid + short, on or receipt.received.value_on)
    if on and day > on:
        raise Refused("too_early", f"that is possible from {day} on: the money, or what it pays, was not there on {on}")
    books.add(own, made, day)
    facts = paying.pay(
        books.invoice(stream),
        receipt=receipt.received.receipt,
        allocation=made.allocation,
        amount_minor=paid,
        currency=books.invoice(stream).issued.currency,
        on=receipt.received.value_on,
        order=order,
        effective_on=day,
        difference_minor=short,
    )
    for fact in facts:
        books.add(stream, fact, dating.effective_from(books.invoice(stream), [fact], day))
    return books.dated


def _first_day(receipt: Receipt, invoice: Invoice, given: int, taken: int, on: date) -> date:
    """On which so much of the receipt is left, and so much of the invoice open."""
    day: date | None = since(receipt.by_day, given, max(on, receipt.moved_on or on))
    while day and dating.open_since_minor(invoice, day) < taken:
        day = dating.next_change(invoice, day)
    assert day, "what is open at the end has been so since some day"
    return day


def _needed(open_minor: int, at: Rate) -> int:
    """The least of the receipt's currency that is worth what is open."""
    exact = Fraction(open_minor) / Fraction(at.rate) * Fraction(10) ** (exponent(at.source) - exponent(at.target))
    return -(-exact.numerator // exact.denominator)


def _rate(text: str) -> Decimal:
    """A figure and nothing else: it is published as it was written."""
    rate = Decimal(text) if len(text) <= _MOST_DIGITS and _FIGURE.fullmatch(text) else Decimal(0)
    if not rate:
        raise Refused("bad_rate", f"{text[:20]!r} is no rate of exchange such as 1.0875", "rate")
    return rate
