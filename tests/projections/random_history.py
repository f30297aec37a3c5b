"""Histories nobody planned: facts of invoices and receipts in any order of days, by a seed.

The amounts fit each other as they are learnt; the days they count for do not, on purpose.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from domain import credit_note, receipt
from domain.entry import Cause, credit_note_stream, invoice_stream, receipt_stream
from domain.invoice import facts
from domain.terms import Instalment
from infra.log.ledger import Batch, Ledger

BEGIN = date(2026, 1, 1)
DAYS = 120
CUSTOMERS, ENTITIES, CURRENCIES = ("ann", "bob", "cy", "dee"), ("main", "north"), ("EUR", "JPY")
CAUSE = Cause("tester", "random history")

Dated = tuple[Any, date]


def record(ledger: Ledger, seed: int, streams: int = 30, per_commit: int = 7) -> None:
    dice = Random(seed)
    stories = histories(dice, streams)
    versions: dict[str, int] = {}
    batches = []
    while stories := [story for story in stories if story[1]]:
        stream, story = dice.choice(stories)
        batches.append(Batch(stream, versions.get(stream, 0), [story.pop(0)], CAUSE))
        versions[stream] = versions.get(stream, 0) + 1
    for start in range(0, len(batches), per_commit):
        ledger.record_many(batches[start : start + per_commit])


def histories(dice: Random, streams: int) -> list[tuple[str, list[Dated]]]:
    """Streams, each with its facts and their days in the order in which they are learnt."""
    told = [_invoice(dice, n) if dice.random() < 0.7 else _receipt(dice, n) for n in range(streams)]
    return [(stream, list(story)) for stream, story in told]


def _day(dice: Random, last: int = DAYS) -> date:
    return BEGIN + timedelta(dice.randrange(last))


def _invoice(dice: Random, n: int) -> tuple[str, Iterator[Dated]]:
    number, entity = f"R-{seed_words(n)}", dice.choice(ENTITIES)
    return invoice_stream(number, entity), _claim(dice, number, entity)


def seed_words(n: int) -> str:
    """Numbers that do not sort as they were given out, and that COPY would have to quote."""
    return f"{n % 7}\t{n}\\N"[: 3 + n % 4].replace("\t", "/")


def _claim(dice: Random, number: str, entity: str) -> Iterator[Dated]:
    issued_on, total = _day(dice, 40), dice.randrange(2, 100_000)
    first = dice.randrange(1, total) if dice.random() < 0.4 else 0
    terms = [Instalment(issued_on + timedelta(dice.randrange(60)), minor) for minor in (first, total - first) if minor]
    document_on = issued_on - timedelta(3) if dice.random() < 0.3 else None
    customer, currency = dice.choice(CUSTOMERS), dice.choice(CURRENCIES)
    yield (
        facts.Issued(number, entity, customer, currency, total, 0, issued_on, tuple(terms), (), document_on),
        issued_on,
    )
    left = [each.minor for each in terms]
    paid: list[facts.Part] = []
    disputed: list[facts.Part] = []
    for at in range(dice.randrange(7)):
        on, item = _day(dice), dice.randrange(len(left)) + 1
        part = facts.Part(item, dice.choice((left[item - 1], left[item - 1] // 2)))
        match dice.randrange(11):
            case 0 | 1 | 2 if part.minor:
                left[item - 1] -= part.minor
                paid.append(part)
                kind = facts.PartiallyPaid if sum(left) else facts.Paid
                yield kind(f"P-{at}", 1, part.minor, (part,)), on
            case 3 if paid:
                back = paid.pop()
                left[back.item - 1] += back.minor
                # As when a discount was taken with the payment: the same item twice.
                halves = (facts.Part(back.item, back.minor // 2), facts.Part(back.item, back.minor - back.minor // 2))
                yield facts.PaymentReversed("P", 1, back.minor, 0, halves), on
                if dice.random() < 0.3:
                    yield facts.PaymentReinstated("P", 1, back.minor, 0, (back,)), on
                    yield facts.PaymentReversed("P", 1, back.minor, 0, (back,)), _day(dice)
            case 4 if part.minor:
                disputed.append(part)
                yield facts.Disputed(at, "price", part.minor, (part,)), on
            case 5 if disputed:
                part = disputed.pop()
                yield facts.DisputeResolved(at, "rejected", 0, (part,)), on
            case 6:
                left.append(dice.randrange(1, 500))
                yield facts.FeeCharged(len(left), left[-1], on, "reminder"), on
            case 7 if sum(left) > 1:
                parts = tuple(facts.Part(n, minor) for n, minor in enumerate(left, 1) if minor)
                half = sum(left) // 2
                plan = tuple(Instalment(on + timedelta(30 * n), m) for n, m in enumerate((half, sum(left) - half), 1))
                yield facts.InstalmentPlanAgreed(plan, len(left) + 1, parts), on
                left = [0] * len(left) + [each.minor for each in plan]
            case 8 if sum(left):
                yield facts.Factored("factor", sum(left), 1, 0, 0, False), on
                if dice.random() < 0.5:
                    yield facts.Reassigned(1), _day(dice)
            case 9 if sum(left):
                parts = tuple(facts.Part(n, minor) for n, minor in enumerate(left, 1) if minor)
                yield facts.WrittenOff(sum(left), 0, parts), on
                if dice.random() < 0.5:
                    yield facts.WriteOffUndone(sum(left), 0, parts), _day(dice)
                else:
                    left = [0] * len(left)
            case 10 if part.minor:
                yield facts.CreditNoteApplied(f"C-{at}", part.minor, 0, (part,), 1), on
                if dice.random() < 0.5:
                    yield facts.CreditNoteUndone(f"C-{at}", 1, part.minor, 0, (part,)), _day(dice)
                else:
                    left[item - 1] -= part.minor


def _receipt(dice: Random, n: int) -> tuple[str, Iterator[Dated]]:
    if dice.random() < 0.3:
        return credit_note_stream(f"C-{n}", "main"), _note(dice, f"C-{n}")
    return receipt_stream(f"M-{n}"), _money(dice, f"M-{n}")


def _note(dice: Random, number: str) -> Iterator[Dated]:
    issued_on, amount, stream = _day(dice), dice.randrange(2, 5_000), invoice_stream("R-1", "main")
    customer, currency = dice.choice(CUSTOMERS), dice.choice(CURRENCIES)
    yield credit_note.Issued(number, "main", customer, currency, amount, 0, issued_on), issued_on
    yield credit_note.Allocated(1, stream, amount // 2), _day(dice)
    if dice.random() < 0.5:
        yield credit_note.Unallocated(1, stream, amount // 2), _day(dice)
        yield credit_note.AllocationReinstated(1, stream, amount // 2), _day(dice)
    ended = dice.choice((credit_note.Undone(1), credit_note.Refunded(1, "out")))
    yield ended, _day(dice)


def _money(dice: Random, number: str) -> Iterator[Dated]:
    value_on, left = _day(dice), dice.randrange(2, 5_000)
    known = dice.choice((*CUSTOMERS, None))
    yield (
        receipt.Received(number, dice.choice(ENTITIES), dice.choice(CURRENCIES), left, value_on, known),
        value_on,
    )
    if known is None and dice.random() < 0.7:
        yield receipt.Identified(dice.choice(CUSTOMERS)), _day(dice)
    for allocation in range(1, dice.randrange(4)):
        amount = dice.choice((left, left // 2))
        if not amount:
            break
        left -= amount
        stream = invoice_stream("R-1", "main")
        yield receipt.Allocated(allocation, stream, amount), dice.choice((value_on, _day(dice)))
        if dice.random() < 0.3:
            left += amount
            yield receipt.Unallocated(allocation, stream, amount), _day(dice)
    if left and dice.random() < 0.5:
        moved_on = _day(dice)
        yield receipt.Moved(dice.choice(ENTITIES), left, 2), moved_on
        gone = dice.randrange(1, left + 1)
        yield dice.choice((receipt.Reversed(gone), receipt.Refunded(gone, "out"))), max(moved_on, _day(dice))
