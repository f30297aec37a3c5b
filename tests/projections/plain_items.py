"""Open items kept the plain way: every change of every item in a list, added up anew for each question.

It reads the facts by itself and shares nothing with the projection but their classes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain import credit_note, receipt
from domain.entry import Entry
from domain.invoice import facts

LESS = (
    facts.PartiallyPaid,
    facts.Paid,
    facts.WrittenOff,
    facts.InstalmentPlanAgreed,
    facts.CreditNoteApplied,
    facts.CreditNoteReinstated,
    facts.PaymentReinstated,
)
MORE = (facts.PaymentReversed, facts.CreditNoteUndone, facts.WriteOffUndone)
# As what they are of a receipt; of a credit note they are kinds of these.
OUT = (receipt.Allocated, receipt.AllocationReinstated, receipt.Refunded, receipt.Reversed)


@dataclass
class PlainItem:
    stream: str
    number: int
    kind: str
    entity: str
    currency: str
    issued_on: date
    document_on: date
    due_on: date
    # (day it counts for, position, minor units or count)
    moves: list[tuple[date, int, int]] = field(default_factory=list)
    disputes: list[tuple[date, int, int]] = field(default_factory=list)
    assignments: list[tuple[date, int, int]] = field(default_factory=list)
    customers: list[tuple[date, int, str]] = field(default_factory=list)

    def open_on(self, day: date, known: int) -> int:
        return self._sum(self.moves, day, known)

    def disputed_on(self, day: date, known: int) -> int:
        return max(0, min(self.open_on(day, known), self._sum(self.disputes, day, known)))

    def assigned_on(self, day: date, known: int) -> int:
        return self.open_on(day, known) if self._sum(self.assignments, day, known) > 0 else 0

    def customer_on(self, day: date, known: int) -> str:
        """The last one learnt among those that count."""
        told = [(at, customer) for on, at, customer in self.customers if on <= day and at <= known]
        return max(told)[1] if told else self.customers[0][2]

    def ladder_age(self, day: date, known: int) -> int:
        past = [self.due_on + timedelta(n) for n in range(1, (day - self.due_on).days + 1)]
        paused = [each for each in past if 0 < self.open_on(each, known) <= self._sum(self.disputes, each, known)]
        return (day - self.due_on).days - len(paused)

    def _sum(self, told: list[tuple[date, int, int]], day: date, known: int) -> int:
        # What is said of days before the item was there counts from its first day, as it was known when it was said.
        return sum(amount for on, at, amount in told if at <= known and max(on, self._first(at)) <= day)

    def _first(self, known: int) -> date:
        return min(on for on, at, _ in self.moves if at <= known)


def plain_items(entries: Iterable[Entry]) -> list[PlainItem]:
    invoices: dict[str, list[PlainItem]] = {}
    for entry in entries:
        _add(invoices.setdefault(entry.stream, []), entry)
    return [item for invoice in invoices.values() for item in invoice]


def aged(
    items: Iterable[PlainItem],
    as_of: date,
    known: int,
    *,
    by: str = "customer",
    basis: str = "due_on",
    bounds: tuple[int, ...] = (30, 60, 90),
) -> dict[tuple[str, str], Counter[Any]]:
    """(group, currency) -> figures, those that are zero left out."""
    lines: dict[tuple[str, str], Counter[Any]] = {}
    for item in items:
        minor = item.open_on(as_of, known)
        if not minor:
            continue
        group = {"customer": item.customer_on(as_of, known), "entity": item.entity, "currency": ""}[by]
        line = lines.setdefault((group, item.currency), Counter())
        if item.kind == "unapplied":
            line["unapplied"] += minor
            continue
        late = (as_of - getattr(item, basis)).days
        bucket = sum(late > bound for bound in (0, *bounds))
        line["open"] += minor
        line["items"] += 1
        line["disputed"] += item.disputed_on(as_of, known)
        line["assigned"] += item.assigned_on(as_of, known)
        line["open", bucket] += minor
        line["items", bucket] += 1
    return {key: line for key, line in lines.items() if any(line.values())}


def _add(invoice: list[PlainItem], entry: Entry) -> None:
    fact, on, at = entry.fact, entry.effective_on, entry.position

    def begin(kind: str, due_on: date, minor: int) -> None:
        first = invoice[0]
        new = PlainItem(
            entry.stream,
            len(invoice) + 1,
            kind,
            first.entity,
            first.currency,
            first.issued_on,
            first.document_on,
            due_on,
        )
        new.moves.append((on, at, minor))
        new.customers.append((on, at, first.customers[0][2]))
        invoice.append(new)

    match fact:
        case facts.Issued():
            document_on = fact.document_on or fact.issued_on
            for n, each in enumerate(fact.instalments, 1):
                item = PlainItem(
                    entry.stream, n, "principal", fact.entity, fact.currency, fact.issued_on, document_on, each.due_on
                )
                item.moves.append((on, at, each.minor))
                item.customers.append((on, at, fact.customer))
                invoice.append(item)
        case receipt.Received():
            day = fact.value_on
            item = PlainItem(entry.stream, 1, "unapplied", fact.entity, fact.currency, day, day, day)
            item.moves.append((on, at, fact.amount_minor))
            item.customers.append((on, at, fact.customer or ""))
            invoice.append(item)
        case credit_note.Issued():
            day = fact.issued_on
            item = PlainItem(entry.stream, 1, "unapplied", fact.entity, fact.currency, day, day, day)
            item.moves.append((on, at, fact.amount_minor))
            item.customers.append((on, at, fact.customer))
            invoice.append(item)
        case receipt.Moved():
            invoice[-1].moves.append((on, at, -fact.amount_minor))
            begin("unapplied", on, fact.amount_minor)
            invoice[-1].entity = fact.entity
            invoice[-1].customers = [(on, at, invoice[-2].customer_on(date.max, at))]
        case receipt.Identified():
            for item in invoice:
                item.customers.append((on, at, fact.customer))
        case receipt.Unallocated():
            invoice[-1].moves.append((on, at, fact.amount_minor))
        case _ if isinstance(fact, OUT):
            invoice[-1].moves.append((on, at, -fact.amount_minor))
        case _ if isinstance(fact, MORE):
            for part in fact.parts:
                invoice[part.item - 1].moves.append((on, at, part.minor))
        case facts.Disputed() | facts.DisputeResolved():
            sign = 1 if isinstance(fact, facts.Disputed) else -1
            for part in fact.parts:
                invoice[part.item - 1].disputes.append((on, at, sign * part.minor))
        case facts.FeeCharged():
            begin("fee", fact.due_on, fact.amount_minor)
        case facts.Factored() | facts.Reassigned():
            sign = 1 if isinstance(fact, facts.Factored) else -1
            for item in invoice:
                item.assignments.append((on, at, sign))
        case _ if isinstance(fact, LESS):
            for part in fact.parts:
                invoice[part.item - 1].moves.append((on, at, -part.minor))
            if isinstance(fact, facts.InstalmentPlanAgreed):
                for each in fact.instalments:
                    begin("plan", each.due_on, each.minor)
        case _:
            raise AssertionError(f"the plain way does not know {type(fact).__name__}")
