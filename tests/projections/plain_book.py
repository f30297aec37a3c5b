"""The book kept the plain way: every movement of every item in a list, added up anew for each question."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from domain.entry import Entry
from domain.invoice import facts as invoice_facts
from domain.kinds import NAMES

LESS = (
    invoice_facts.Paid,
    invoice_facts.PartiallyPaid,
    invoice_facts.DiscountTaken,
    invoice_facts.CreditNoteApplied,
    invoice_facts.WrittenOff,
    invoice_facts.Voided,
    invoice_facts.ChargeWaived,
)
SETTLING = {"invoice.paid", "invoice.partially_paid", "invoice.discount_taken", "invoice.written_off"}


@dataclass(slots=True)
class PlainItem:
    stream: str
    customer: str
    currency: str
    kind: str
    due_on: date
    issued_on: date
    original: int
    # day it counts for, minor units, name of the fact
    moves: list[tuple[date, int, str]] = field(default_factory=list)
    disputes: list[tuple[date, int]] = field(default_factory=list)

    def open_on(self, day: date) -> int:
        return sum(minor for on, minor, _ in self.moves if on <= day)

    def disputed_on(self, day: date) -> int:
        return max(0, min(self.open_on(day), sum(minor for on, minor in self.disputes if on <= day)))

    def settled(self, day: date) -> tuple[date, str] | None:
        """Since when, up to that day, nothing has been open, and the last fact that counted for that day."""
        days = sorted({on for on, _, _ in self.moves if on <= day}, reverse=True)
        since = None
        for on in days:
            if self.open_on(on):
                break
            since = on
        return (since, [name for on, _, name in self.moves if on == since][-1]) if since else None


def items(entries: Iterable[Entry], position: int) -> list[PlainItem]:
    """Every item of every invoice, with what was known of it at that position."""
    invoices: dict[str, dict[int, PlainItem]] = {}
    for entry in entries:
        if entry.position <= position and entry.stream.startswith("invoice:"):
            _add(invoices.setdefault(entry.stream, {}), entry)
    return [item for invoice in invoices.values() for item in invoice.values()]


def _add(invoice: dict[int, PlainItem], entry: Entry) -> None:
    fact, on, name = entry.fact, entry.effective_on, NAMES[type(entry.fact)]
    match fact:
        case invoice_facts.Issued():
            for number, each in enumerate(fact.instalments, 1):
                invoice[number] = PlainItem(
                    entry.stream, fact.customer, fact.currency, "principal", each.due_on, fact.issued_on, each.minor
                )
                invoice[number].moves.append((on, each.minor, name))
        case invoice_facts.FeeCharged():
            first = invoice[1]
            invoice[fact.item] = PlainItem(
                entry.stream, first.customer, first.currency, "fee", fact.due_on, first.issued_on, fact.amount_minor
            )
            invoice[fact.item].moves.append((on, fact.amount_minor, name))
        case invoice_facts.PaymentReversed():
            for part in fact.parts:
                invoice[part.item].moves.append((on, part.minor, name))
        case invoice_facts.Disputed() | invoice_facts.DisputeResolved():
            sign = 1 if isinstance(fact, invoice_facts.Disputed) else -1
            for part in fact.parts:
                invoice[part.item].disputes.append((on, sign * part.minor))
        case _ if isinstance(fact, LESS):
            for part in fact.parts:
                invoice[part.item].moves.append((on, -part.minor, name))


def settled_between(book: Iterable[PlainItem], first: date, last: date) -> Iterator[tuple[PlainItem, date]]:
    """Items of goods sold that were paid or given up in those days, and still are at their end."""
    for item in book:
        ended = item.settled(last)
        if ended and item.kind == "principal" and first <= ended[0] and ended[1] in SETTLING:
            yield item, ended[0]


def same(text: str | None, part: Any, whole: Any) -> bool:
    """Whether the text is that ratio with four decimals, half rounded away from zero."""
    if text is None or not whole:
        return text is None and not whole
    return Decimal(text) == (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
