"""What is worth knowing of how money was applied: where it could not go as it was said, and what it displaced."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from domain import notes
from domain.books import Dated
from domain.by_day import DayChanges, changed
from domain.credit_note import Issued
from domain.invoice.facts import Recovered
from domain.invoice.state import Invoice
from domain.kinds import key_of
from domain.money import readable
from domain.notes import Note
from domain.receipt import Allocated, AllocationReinstated, Receipt, Received, Unallocated


def of_money(
    states: Mapping[str, Any],
    wanted: Mapping[str, int | None],
    decided: Mapping[str, Any],
    own: str,
    unfit: Iterable[str] = (),
) -> list[Note]:
    """Of what a receipt or credit note was to pay: `wanted` are the invoices named, by stream."""
    facts: Dated = decided  # type: ignore[assignment]
    first = facts[own][0][0] if facts.get(own) else None
    if first is None:
        return []
    money = _of(states.get(own), first)
    left = _left(facts, own)
    found = [_unknown(number, money, left) for number in unfit]
    for stream, minor in wanted.items():
        found += _not_gone(states.get(stream), stream, minor, money, facts, own, left)
    if wanted and not found and left:
        message = f"{readable(left, money.currency)} is more than was open on what it names: that is on account"
        found.append(Note(notes.ON_ACCOUNT, message))
    for stream in wanted:
        found += _of_another(states.get(stream), stream, money, facts)
    if any(each.startswith("customer:") and facts[each] for each in facts):
        customer = next(key_of(each)["customer"] for each in facts if each.startswith("customer:"))
        found.append(Note(notes.UNKNOWN_CUSTOMER, f"customer {customer} was not known and is registered"))
    return [*found, *of_displaced(states, facts, own)]


def of_reopening(states: Mapping[str, Any], decided: Mapping[str, Any], own: str) -> list[Note]:
    """Money that paid an invoice which is open again, and that went on account when something came before it."""
    reopened = {stream for stream, facts in decided.items() if facts and isinstance(states.get(stream), Invoice)}
    found = []
    for stream, money in states.items():
        if stream == own or not isinstance(money, Receipt) or not money.unallocated_minor:
            continue
        for paid in dict.fromkeys(each.made.invoice for each in money.undone if each.made.invoice in reopened):
            left, number = readable(money.unallocated_minor, money.received.currency), key_of(paid)["number"]
            kind, name = stream.partition(":")[0].replace("_", "-"), money.received.receipt
            message = f"{left} of {name} is on account and could pay it: `{kind} allocate {name} --invoice {number}`"
            found.append(Note(notes.ON_ACCOUNT, message))
    return found


def of_displaced(states: Mapping[str, Any], decided: Mapping[str, Any], own: str) -> list[Note]:
    """What other receipts and credit notes have on account again, since this one is effective before them."""
    found = []
    for stream, dated in decided.items():
        source = states.get(stream)
        if stream == own or not isinstance(source, Receipt):
            continue
        changes: DayChanges = ()
        for fact, on in dated:
            changes = changed(changes, on, _back(fact))
        # It may be on account for some days only.
        back, on = max(((minor, day) for day, minor in _levels(changes)), default=(0, None), key=lambda each: each[0])
        if back > 0:
            amount = readable(back, source.received.currency)
            name = f"{stream.partition(':')[0].replace('_', ' ')} {source.received.receipt}"
            message = f"{amount} of {name} is on account again from {on} on: this comes before"
            found.append(Note(notes.DISPLACED, message))
    return found


def _levels(changes: DayChanges) -> Iterator[tuple[date, int]]:
    level = 0
    for day, minor in changes:
        level += minor
        yield day, level


class _Money(NamedTuple):
    currency: str
    entity: str
    customer: str | None


def _of(known: Receipt | None, first: Any) -> _Money:
    if known:
        return _Money(known.received.currency, known.entity, known.customer)
    return _Money(first.currency, first.entity, first.customer)


def _left(facts: Dated, own: str) -> int:
    """Of money that came in just now, or of a credit note just issued."""
    first = facts[own][0][0]
    gone = sum(fact.amount_minor for fact, _ in facts[own] if isinstance(fact, Allocated))
    return first.amount_minor - gone if isinstance(first, Received | Issued) else 0


def _unknown(number: str, money: _Money, left: int) -> Note:
    return Note(
        notes.UNKNOWN_INVOICE, f"there is no invoice {number[:40]} of {money.entity}: {_stays(money, left)}", number
    )


def _stays(money: _Money, left: int) -> str:
    """`left` is of all the money: where it names several invoices, more than one share may be in it."""
    return f"{readable(left, money.currency)} is on account" if left else "nothing goes there"


def _not_gone(
    invoice: Invoice | None, stream: str, minor: int | None, money: _Money, facts: Dated, own: str, left: int
) -> list[Note]:
    """What did not go to an invoice that was named, or goes there later than it came."""
    gone = [(fact, on) for fact, on in facts[own] if isinstance(fact, Allocated) and fact.invoice == stream]
    number = key_of(stream)["number"]
    if not invoice:
        return [_unknown(number, money, left)]
    issued = invoice.issued
    if gone:
        paid = sum(fact.amount_minor for fact, _ in gone)
        came_on = facts[own][0][1] if not isinstance(facts[own][0][0], Allocated) else None
        late = [_later(number, fact.amount_minor, money.currency, on) for fact, on in gone if came_on and on > came_on]
        if minor is not None and left and minor > paid:
            more = readable(min(left, minor - paid), money.currency)
            late.append(Note(notes.OVER_OPEN, f"{more} more than was open on invoice {number}: that is on account"))
        if any(isinstance(fact, Recovered) for fact, _ in facts.get(stream, [])):
            late.append(Note(notes.WRITTEN_OFF, f"invoice {number} was written off: the money is a recovery"))
        return late
    if not left:
        # All of it went to others that it names.
        return []
    stays = _stays(money, left)
    if invoice.is_voided:
        return [Note(notes.VOIDED, f"invoice {number} was voided: {stays}")]
    if issued.currency != money.currency:
        message = f"invoice {number} is in {issued.currency}, another currency than {money.currency}: {stays}"
        return [Note(notes.CURRENCY_DIFFERS, message)]
    if invoice.is_factored:
        return [Note(notes.FACTORED, f"invoice {number} was factored, the payment is due to the factor: {stays}")]
    return [Note(notes.ALREADY_PAID, f"nothing is open on invoice {number}: {stays}")]


def _of_another(invoice: Invoice | None, stream: str, money: _Money, facts: Dated) -> list[Note]:
    """What a customer paid of an invoice that another one owes."""
    if not invoice or not facts.get(stream) or money.customer in (None, invoice.issued.customer):
        return []
    message = f"invoice {invoice.issued.number} is that of {invoice.issued.customer}, the money of {money.customer}"
    return [Note(notes.OTHER_CUSTOMER, message)]


def _later(number: str, minor: int, currency: str, on: date) -> Note:
    message = f"{readable(minor, currency)} pays invoice {number} from {on} on: it was not open before"
    return Note(notes.EFFECTIVE_LATER, message)


def _back(fact: Any) -> int:
    if isinstance(fact, Unallocated):
        return fact.amount_minor
    return -fact.amount_minor if isinstance(fact, (Allocated, AllocationReinstated)) else 0
