"""The decisions on a receipt alone: which invoices it pays is in `domain.cash_application`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.by_day import DayChanges, changed, least_since, since
from domain.entry import ALWAYS, require_part
from domain.money import exponent, readable
from domain.receipt.facts import (
    Allocated,
    AllocationReinstated,
    Dated,
    Fact,
    Identified,
    Moved,
    Received,
    Refunded,
    Unallocated,
)
from domain.receipt.state import Receipt, Undone, evolve
from domain.refusal import Refused


@dataclass(frozen=True, slots=True)
class Remittance:
    """What the payer wants to go to an invoice, named by its number; None is whatever settles it."""

    invoice: str
    minor: int | None = None


def receive(
    receipt: Receipt | None,
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
) -> list[Fact]:
    """The same receipt again changes nothing.

    Refuses the same number with other content as `number_taken`, and an entity that can name none as `bad_key`.
    """
    exponent(currency)
    require_part(entity)
    _require_positive(amount_minor)
    fact = Received(
        number, entity, currency, amount_minor, value_on, customer, tuple(references), bank_entry, payer_encrypted
    )
    if receipt is None:
        return [fact]
    if receipt.received == fact:
        return []
    raise Refused("number_taken", f"receipt {number} was recorded before with other content")


def identify(
    receipt: Receipt | None, on: date | None = None, *, customer: str, pays_theirs: bool = False
) -> list[Fact]:
    """Whose money it is, or was until it went back; again with an earlier day, it was theirs since then.

    Refuses `allocated` when it went to invoices, unless all of them are theirs.
    """
    receipt = require_received(receipt)
    if receipt.customer == customer:
        is_earlier = on and receipt.identified_on and on < receipt.identified_on
        return [Identified(customer)] if is_earlier else []
    if receipt.allocations and not pays_theirs:
        raise Refused("allocated", "take back the allocations before naming another payer")
    return [Identified(customer)]


def allocate(
    receipt: Receipt | None,
    *,
    invoice: str,
    amount_minor: int,
    rate: str | None = None,
) -> list[Fact]:
    """Part of what is left goes to an invoice (its stream); refuses `over_unallocated`."""
    receipt = require_not_reversed(receipt)
    _require_positive(amount_minor)
    if amount_minor > receipt.unallocated_minor:
        left = readable(receipt.unallocated_minor, receipt.received.currency)
        raise Refused("over_unallocated", f"only {left} of the receipt is left to allocate")
    return [Allocated(receipt.allocations_made + 1, invoice, amount_minor, rate)]


def unallocate(receipt: Receipt | None, *, allocation: int, on: date | None = None) -> list[Dated]:
    """From the day of the allocation, as if it had never been made, or from a later day.

    One that was taken back before is taken back from another day, if one is given. Refuses `no_such_allocation`, and
    `too_early` with the first day that is possible.
    """
    receipt = require_received(receipt)
    if made := next((each for each in receipt.allocations if each.allocation == allocation), None):
        day = _not_before(receipt.allocated_on[allocation], on, "the allocation is effective")
        return [(Unallocated(allocation, made.invoice, made.amount_minor), day)]
    if undone := next((each for each in receipt.undone if each.made.allocation == allocation), None):
        if on in (None, undone.on):
            return []
        day = _not_before(receipt.allocated_on[allocation], on, "the allocation is effective")
        return undone_from(receipt, undone, day)
    if 1 <= allocation <= receipt.allocations_made:
        return []
    raise Refused("no_such_allocation", f"the receipt has no allocation {allocation}")


def before_reversals(receipt: Receipt, on: date) -> DayChanges:
    """What is left from each day on, as if nothing had gone back after the day."""
    left = receipt.by_day
    for day, minor in receipt.reversals:
        if day > on:
            left = changed(left, day, minor)
    return left


def undone_from(receipt: Receipt, undone: Undone, on: date) -> list[Dated]:
    """An allocation that was taken back is so from another day. Refuses `over_unallocated` and `moved`."""
    allocation, invoice, amount = undone.made.allocation, undone.made.invoice, undone.made.amount_minor
    if receipt.moved_on and receipt.allocated_on[allocation] < receipt.moved_on:
        message = f"the money has been {receipt.entity}'s since {receipt.moved_on}: what was before that stays as it is"
        raise Refused("moved", message)
    held = evolve(receipt, reinstated := AllocationReinstated(allocation, invoice, amount), undone.on)
    held = evolve(held, unallocated := Unallocated(allocation, invoice, amount), on)
    if on > undone.on and least_since(held.by_day, ALWAYS) < 0:
        message = f"what was allocated went elsewhere on {undone.on}: take that back first"
        raise Refused("over_unallocated", message)
    return [(reinstated, undone.on), (unallocated, on)]


def refund(receipt: Receipt | None, on: date | None = None, *, amount_minor: int, reference: str) -> list[Fact]:
    """Refuses `over_unallocated`, and `too_early` with the first day on which so much was left."""
    receipt = require_received(receipt)
    _require_positive(amount_minor)
    if Refunded(amount_minor, reference) in receipt.refunds:
        return []
    receipt = require_not_reversed(receipt)
    if amount_minor > receipt.unallocated_minor:
        raise Refused("over_unallocated", "only what is not allocated can be refunded")
    require_since_moved(receipt, on)
    require_left(receipt, amount_minor, on)
    return [Refunded(amount_minor, reference)]


def move(receipt: Receipt | None, on: date | None = None, *, entity: str) -> list[Dated]:
    """The money is another entity's, by default from the first day on which all that is left of it was there.

    Refuses `allocated` while any of it pays invoices, and `too_early`.
    """
    receipt = require_not_reversed(receipt)
    require_part(entity)
    if receipt.entity == entity:
        return []
    if receipt.allocations:
        raise Refused("allocated", "take back the allocations before the money goes to another entity")
    changed_on = receipt.by_day[-1][0] if receipt.by_day else receipt.received.value_on
    first = max(changed_on, receipt.moved_on or changed_on)
    day = _not_before(first, on, "what is left has been the same")
    return [(Moved(entity, receipt.unallocated_minor, receipt.moved + 2), day)]


def require_left(receipt: Receipt, amount_minor: int, on: date | None) -> None:
    """Refuses `too_early`: so much was not left on every day since."""
    if on and (first := since(receipt.by_day, amount_minor, on)) > on:
        amount = readable(amount_minor, receipt.received.currency)
        raise Refused("too_early", f"that is possible from {first} on: {amount} was not left on every day since {on}")


def require_since_received(receipt: Receipt, on: date) -> None:
    """Refuses `too_early`: nothing happens to money before it came in."""
    _not_before(receipt.received.value_on, on, "the money was there")


def require_since_moved(receipt: Receipt, on: date | None) -> None:
    """Refuses `too_early`: on days before it was another entity's, money is the earlier one's for good."""
    if receipt.moved_on:
        _not_before(receipt.moved_on, on, f"the money is {receipt.entity}'s")


def require_received(receipt: Receipt | None) -> Receipt:
    if receipt is None:
        raise Refused("not_received", "there is no such receipt")
    return receipt


def require_not_reversed(receipt: Receipt | None) -> Receipt:
    receipt = require_received(receipt)
    if receipt.is_reversed:
        raise Refused("reversed", "the receipt was reversed")
    return receipt


def _not_before(first: date, on: date | None, since_then: str) -> date:
    if on and on < first:
        raise Refused("too_early", f"that is possible from {first} on: since then {since_then}, and not on {on}")
    return on or first


def _require_positive(amount_minor: int) -> None:
    if amount_minor <= 0:
        raise Refused("not_positive", "the amount must be more than zero")
