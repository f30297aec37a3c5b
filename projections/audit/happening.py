"""What a command did, in sentences: what happened, and the balance it leaves."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from domain.credit_note import Issued as CreditNoteIssued
from domain.invoice import Invoice
from domain.invoice.facts import (
    CreditNoteApplied,
    Issued,
    Paid,
    PartiallyPaid,
    Voided,
    WrittenOff,
)
from domain.kinds import NAMES, kind_of
from domain.money import readable
from domain.receipt import Allocated, Receipt, Received
from projections.audit.difference import difference, invoices, receipts
from projections.audit.difference.phrases import joined
from projections.audit.words import in_words, subject

_PAYING = (PartiallyPaid, Paid, CreditNoteApplied)
# Of which the balance says all there is to say.
_PLAIN = (Voided, WrittenOff)


class Happened(NamedTuple):
    """A fact, with the state of its stream before and after it."""

    before: Any
    fact: Any
    after: Any
    on: date


def happened(stream: str, facts: Sequence[tuple[Any, date]], since: int) -> list[Happened]:
    """Of all facts of a stream, each with its day, those from a version on."""
    state: Any = None
    found = []
    for version, (fact, on) in enumerate(facts, 1):
        before, state = state, kind_of(stream).evolve(state, fact, on)
        if version >= since:
            found.append(Happened(before, fact, state, on))
    return found


def sentences(stream: str, story: Sequence[Happened]) -> Iterator[str]:
    """One, or two where money pays something and more happens; none where other streams say it all."""
    named, [*_, last] = subject(stream), story
    named = named[:1].upper() + named[1:]
    match last.after:
        case Invoice():
            yield from _of_invoice(subject(stream), named, story)
        case Receipt():
            yield _of_money(named, story)
        case _:
            said = joined(*(difference(each.before, each.fact, each.on)[1] for each in story))
            again = said.removeprefix(f"{subject(stream)} ")
            yield f"{named}{':' * (again == said)} {again}."


def _of_invoice(plainly: str, named: str, story: Sequence[Happened]) -> Iterator[str]:
    """In the order in which it happened, so that the last balance is the one that holds."""
    for is_paying, found in groupby(story, lambda each: isinstance(each.fact, _PAYING)):
        if is_paying:
            for each in found:
                yield f"{_paying(each.fact, plainly, each.after)} from {each.on} on: {_left(each.after)}."
        else:
            yield f"{named}{_changed([*found])}."


def _changed(story: Sequence[Happened]) -> str:
    before, after = story[0].before, story[-1].after
    said = [invoices.done(each.before or each.after, each.fact, each.after, each.on) for each in story]
    if isinstance(story[0].fact, Issued):
        return f" is issued: {joined(_left(after), *said)}"
    if plainly := next((each.fact for each in story if isinstance(each.fact, _PLAIN)), None):
        part = " in part" if after.open_minor else ""
        return f" is {in_words(NAMES[type(plainly)])}{part}: {_moved(before, after)}{_left(after)}"
    return f": {joined(*said, _moved(before, after) + _left(after))}"


def _paying(fact: PartiallyPaid | Paid | CreditNoteApplied, invoice: str, after: Invoice) -> str:
    amount = readable(fact.amount_minor, after.issued.currency)
    if isinstance(fact, CreditNoteApplied):
        return f"{amount} of credit note {fact.credit_note} lessens {invoice}"
    return f"{amount} of receipt {fact.receipt} pays {invoice}"


def _moved(before: Invoice, after: Invoice) -> str:
    less = before.open_minor - after.open_minor
    return f"{readable(abs(less), after.issued.currency)} {'less' if less > 0 else 'more'}, " if less else ""


def _left(invoice: Invoice) -> str:
    currency = invoice.issued.currency
    if not invoice.open_minor:
        return "nothing open"
    disputed = f", {readable(invoice.disputed_minor, currency)} of it disputed" if invoice.disputed_minor else ""
    return f"{readable(invoice.open_minor, currency)} open{disputed}"


def _of_money(named: str, story: Sequence[Happened]) -> str:
    after: Receipt = story[-1].after
    currency = after.received.currency
    # What it pays is said of what it pays.
    told = [each for each in story if not isinstance(each.fact, Allocated)]
    said = joined(*(receipts.done(each.before or each.after, each.fact, currency) for each in told))
    if isinstance(story[0].fact, Received | CreditNoteIssued):
        said = f"{readable(story[0].fact.amount_minor, currency)} {said.removeprefix('credit note ')}"
    return f"{named}: {joined(said, _stays(after))}."


def _stays(receipt: Receipt) -> str:
    if not receipt.unallocated_minor:
        return "nothing is left of it"
    whose = f"on account of {receipt.customer}" if receipt.customer else "unidentified"
    return f"{readable(receipt.unallocated_minor, receipt.received.currency)} stays {whose}"
