"""Cash application: which invoices a receipt pays, how much of each, and from which day on it counts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain import invoice
from domain import receipt as receipts
from domain.by_day import since
from domain.entry import receipt_stream
from domain.invoice.claim import Claim, require_claim
from domain.invoice.facts import Fact as InvoiceFact
from domain.invoice.facts import WrittenOff
from domain.invoice.paying import COSTS_FIRST, Order
from domain.receipt import Allocated, Receipt
from domain.refusal import Refused

Dated = dict[str, list[tuple[Any, date]]]


def require_payable(claim: Claim | None, currency: str) -> Claim:
    """Refuses `not_issued`, `voided`, `currency_differs`, `sold` and `nothing_open`; a written-off claim is payable."""
    claim = require_claim(claim)
    number = claim.issued.number
    if currency != claim.issued.currency:
        raise Refused("currency_differs", f"invoice {number} is in {claim.issued.currency}, not {currency}")
    if claim.is_sold:
        raise Refused("sold", f"invoice {number} was sold; the payment is due to the factor")
    if not claim.open_minor and not claim.written_off_minor:
        raise Refused("nothing_open", f"nothing is open on invoice {number}")
    return claim


def payable(claims: Mapping[str, Claim | None], currency: str) -> dict[str, Claim]:
    """Those of the claims, by stream, that take money in this currency."""
    return {stream: claim for stream, claim in claims.items() if claim and _is_payable(claim, currency)}


def owner(claims: Mapping[str, Claim | None]) -> str | None:
    """Whose money it is when only the invoices are named: of who owes the first of them."""
    return next((claim.issued.customer for claim in claims.values() if claim), None)


def shares(receipt: Receipt, claims: Mapping[str, Claim], wanted: Mapping[str, int | None]) -> dict[str, int]:
    """What each claim gets, in their order: what the payer wanted for it, else what settles it.

    A payer who kept no discount back gets none: what is left after all are settled pays the discounts in full.
    """
    left, given = receipt.unallocated_minor, {}
    for stream, claim in claims.items():
        asked = wanted.get(stream)
        given[stream] = min(left, _settling(receipt, claim) if asked is None else min(asked, _most(claim)))
        left -= given[stream]
    for stream, claim in claims.items():
        if wanted.get(stream) is None and not (claim.offer and claim.offer.is_accepted):
            more = min(left, _most(claim) - given[stream])
            given[stream] += more
            left -= more
    return given


def receive(
    claims: Mapping[str, Claim | None],
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
    takers = payable(claims, currency)
    paid = allocate(receipt, takers, shares(receipt, takers, wanted), on=value_on, order=order)
    own = receipt_stream(receipt.received.receipt)
    return paid | {own: [(received, value_on), *paid[own]]}


def allocate(
    receipt: Receipt, claims: Mapping[str, Claim], amounts: Mapping[str, int], *, on: date, order: Order = COSTS_FIRST
) -> Dated:
    """These amounts go from the receipt to these claims; refuses as `receipt.allocate` and `invoice.pay` do.

    A discount is earned by the day the money came in. A payment counts from `on`, but never before the money was there
    nor before what it pays was: what is left once all is paid that was open by then goes to what came later, as an
    allocation of its own.
    """
    own = receipt_stream(receipt.received.receipt)
    dated: Dated = {own: []}
    for stream, minor in amounts.items():
        claim, day, dated[stream] = claims[stream], on, []
        while minor:
            portion, day = _portion(receipt, claim, minor, day)
            [made] = receipts.allocate(receipt, invoice=stream, amount_minor=portion)
            assert isinstance(made, Allocated)
            dated[own].append((made, day))
            receipt = receipts.evolve(receipt, made, day)
            for fact in _pay(receipt, claim, made, order, day):
                counted = invoice.counts_from(claim, [fact], day)
                dated[stream].append((fact, counted))
                claim = invoice.evolve(claim, fact, counted)
            minor -= portion
    return dated


def take_back(
    receipt: Receipt, claims: Mapping[str, Claim | None], undone: Iterable[receipts.Fact], *, on: date
) -> Dated:
    """What the receipt takes back is open again on these claims; an allocation is not undone before it counted."""
    number = receipt.received.receipt
    own = receipt_stream(number)
    dated: Dated = {own: []}
    for fact in undone:
        day = receipts.counts_from(receipt, fact, on)
        dated[own].append((fact, day))
        receipt = receipts.evolve(receipt, fact, day)
        if isinstance(fact, receipts.Unallocated):
            claim = claims[fact.invoice]
            again = invoice.reverse_payment(claim, receipt=number, allocation=fact.allocation, reason=fact.reason)
            dated.setdefault(fact.invoice, []).extend((each, day) for each in again)
    return dated


def _portion(receipt: Receipt, claim: Claim, minor: int, on: date) -> tuple[int, date]:
    """How much may be paid as of the first day, `on` or later, on which any of it may; and that day."""
    if _is_lost(claim):
        return minor, since(receipt.by_day, minor, max(on, claim.days[WrittenOff]))
    if minor > claim.open_minor:
        return minor, on  # for the claim to refuse
    day: date | None = on
    while day and not invoice.standing_minor(claim, day):
        day = invoice.next_change(claim, day)
    assert day, "what is open at the end has been so since some day"
    portion = min(minor, invoice.standing_minor(claim, day))
    return portion, since(receipt.by_day, portion, day)


def _is_payable(claim: Claim, currency: str) -> bool:
    try:
        return bool(require_payable(claim, currency))
    except Refused:
        return False


def _is_lost(claim: Claim) -> bool:
    """Nothing is open of what was written off: money that comes is a recovery."""
    return bool(claim.written_off_minor and not claim.open_minor)


def _most(claim: Claim) -> int:
    return claim.open_minor or claim.written_off_minor


def _settling(receipt: Receipt, claim: Claim) -> int:
    return invoice.payable_minor(claim, on=receipt.received.value_on) if claim.open_minor else claim.written_off_minor


def _pay(receipt: Receipt, claim: Claim, made: Allocated, order: Order, day: date) -> list[InvoiceFact]:
    money: dict[str, Any] = {
        "receipt": receipt.received.receipt,
        "allocation": made.allocation,
        "amount_minor": made.amount_minor,
        "currency": receipt.received.currency,
    }
    if _is_lost(claim):
        return invoice.recover(claim, **money)
    return invoice.pay(claim, **money, on=receipt.received.value_on, order=order, counts_on=day)
