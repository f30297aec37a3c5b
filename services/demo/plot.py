"""What happens to the invoices of the demonstration: each manner of paying has its stories, told in turn.

A story is a list of acts; an act is a day and a call on the services. Nothing here looks at the ledger: whether an act
is possible is for the decisions to say, and one that is refused simply does not happen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from domain import invoice as invoices
from domain.money import percentage
from domain.terms import Instalment, instalments, split
from infra.clock import Dice
from services.demo.characters import LATE, NEVER, PATCHY, PROMPT, QUARRELSOME, SLOW, Character

Ask = tuple[str, Callable[..., Any] | None, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Act:
    """`kind` is `issue`, `pay`, `bounce` or `ask` (a decision of the invoice's domain)."""

    on: date
    kind: str
    character: Character
    number: str
    asked: dict[str, Any]
    decision: Callable[..., Any] | None = None
    actor: str = "demo"


@dataclass(frozen=True, slots=True)
class Bill:
    """`turn` says which of the stories of its customer's manner is told of it."""

    number: str
    turn: int
    total_minor: int
    issued_on: date
    due_on: date
    dues: tuple[Instalment, ...]


def story(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    """The acts of one invoice, from issue to whatever becomes of it."""
    yield Act(bill.issued_on, "issue", character, bill.number, {"total_minor": bill.total_minor})
    telling = {
        PROMPT: _prompt,
        LATE: _late,
        SLOW: _slow,
        PATCHY: _patchy,
        QUARRELSOME: _quarrelsome,
        NEVER: _never,
    }
    yield from telling[character.manner](character, bill, dice)


def bills(character: Character, first_on: date, until: date, dice: Dice, number: Callable[[], str]) -> Iterator[Bill]:
    on = first_on + timedelta(days=dice.randint(0, 25))
    turns = count(character.first_turn)
    while on <= until:
        total = character.typical_minor * dice.randint(40, 180) // 100 + dice.randint(0, 99)
        dues = instalments(total, on, character.schedule)
        yield Bill(number(), next(turns), total, on, dues[-1].due_on, dues)
        on += timedelta(days=dice.randint(18, 45))


def _prompt(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    if character.discounts:
        tier = character.discounts[0]
        discounted = bill.total_minor - percentage(bill.total_minor, tier.basis_points)
        yield _pay(character, bill, bill.issued_on + timedelta(days=tier.days - dice.randint(0, 4)), discounted)
        return
    for i, due in enumerate(bill.dues, 1):
        paid_on = max(bill.issued_on, due.due_on - timedelta(days=dice.randint(0, 6)))
        yield _pay(character, bill, paid_on, due.minor, f"instalment {i}")


def _late(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    paid_on = bill.due_on + timedelta(days=dice.randint(2, 24))
    yield from _reminders(character, bill, paid_on)
    total = bill.total_minor
    match bill.turn % 7:
        case 1:
            credited = percentage(total, dice.choice((300, 500, 1000)))
            asked = {"credit_note": f"CN-{bill.number}", "amount_minor": credited, "reason": "goods returned"}
            yield _ask(character, bill, bill.due_on, invoices.credit, asked)
            yield _pay(character, bill, paid_on, total - credited)
        case 3:
            yield _pay(character, bill, paid_on, total + dice.randint(100, 5000))
        case 5:
            yield _pay(character, bill, paid_on, total)
            yield Act(paid_on + timedelta(days=5), "bounce", character, bill.number, {"reason": "debit returned"})
            yield _pay(character, bill, paid_on + timedelta(days=19), total, "again")
        case _:
            yield _pay(character, bill, paid_on, total)


def _slow(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    paid_on = bill.due_on + timedelta(days=dice.randint(35, 95))
    yield from _reminders(character, bill, paid_on)
    late_on = bill.due_on + timedelta(days=30)
    if bill.turn % 3 == 1:
        rates = {"factor": "Nordfactor", "advance_basis_points": 9000, "fee_basis_points": 300, "with_recourse": False}
        yield _ask(character, bill, late_on, invoices.factor, rates)
        yield _ask(character, bill, late_on + timedelta(days=1), invoices.pay_advance, {})
        yield _ask(character, bill, paid_on, invoices.release_reserve, {})
        return
    interest = percentage(bill.total_minor, 150)
    period = {"from_on": bill.due_on + timedelta(days=1), "until_on": late_on}
    asked = {"amount_minor": interest, "basis": "agreed rate, 30 days", **period}
    yield _ask(character, bill, late_on, invoices.charge_interest, asked)
    yield _pay(character, bill, paid_on, bill.total_minor + interest)


def _patchy(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    called_on, promised_on = bill.due_on + timedelta(days=17), bill.due_on + timedelta(days=24)
    yield from _reminders(character, bill, called_on)
    spoke = {"spoke_with": "accounts payable", "outcome": "reached", "next_step": "promise"}
    yield _ask(character, bill, called_on, invoices.call, {**spoke, "reason_given": "cannot_pay"})
    turn = bill.turn % 5
    if turn == 2:
        yield from _plan(character, bill, called_on)
        return
    yield _ask(character, bill, called_on, invoices.promise, {"pay_on": promised_on})
    first, rest = split(bill.total_minor, (dice.randint(2, 8), 5))
    in_time = {0: first, 1: bill.total_minor, 3: first}.get(turn)
    if in_time:
        yield _pay(character, bill, promised_on - timedelta(days=dice.randint(0, 3)), in_time)
    yield _ask(character, bill, promised_on + timedelta(days=1), invoices.review_promise, {})
    if turn == 0:
        yield _pay(character, bill, promised_on + timedelta(days=dice.randint(15, 40)), rest, "rest")
    if turn == 4:
        yield _pay(character, bill, promised_on + timedelta(days=dice.randint(45, 80)), bill.total_minor)


def _plan(character: Character, bill: Bill, agreed_on: date) -> Iterator[Act]:
    shares = split(bill.total_minor, (1, 1, 1))
    dues = tuple(Instalment(agreed_on + timedelta(days=30 * i), share) for i, share in enumerate(shares, 1))
    yield _ask(character, bill, agreed_on, invoices.agree_plan, {"instalments": dues})
    for i, due in enumerate(dues):
        yield _pay(character, bill, due.due_on - timedelta(days=2), due.minor, f"instalment {i + 1}")


def _quarrelsome(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    turn = bill.turn % 3
    if turn == 2:
        yield from _late(character, bill, dice)
        return
    disputed_on = bill.due_on + timedelta(days=dice.randint(1, 9))
    reason = dice.choice(("quality", "price", "quantity", "delivery"))
    contested = percentage(bill.total_minor, dice.choice((2000, 3500, 10000)))
    yield _ask(character, bill, disputed_on, invoices.dispute, {"reason_code": reason, "amount_minor": contested})
    resolved_on = disputed_on + timedelta(days=dice.randint(10, 40))
    won = {"outcome": "upheld", "credit_note": f"CN-{bill.number}"} if turn else {"outcome": "rejected"}
    yield _ask(character, bill, resolved_on, invoices.resolve, won)
    left = bill.total_minor - contested if turn else bill.total_minor
    if left:
        yield _pay(character, bill, resolved_on + timedelta(days=dice.randint(3, 20)), left)


def _never(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    yield from _reminders(character, bill, date.max)
    after = {days: bill.due_on + timedelta(days=days) for days in (17, 28, 60, 150, 180)}
    call = {"spoke_with": "reception", "outcome": "not reached", "reason_given": "other"}
    yield _ask(character, bill, after[17], invoices.call, call)
    warning = {"bureau": "Creditinfo", "channel": "letter", "document": _document(bill, "bureau warning")}
    yield _ask(character, bill, after[28], invoices.warn_of_bureau, warning)
    placed = {"agency": "Fairway Collections", "commission_basis_points": 2500}
    yield _ask(character, bill, after[60], invoices.place, placed)
    yield _ask(character, bill, after[150], invoices.recall, {"reason": "nothing collected"})
    yield _ask(character, bill, after[180], invoices.write_off, {"reason": "debtor insolvent", "approval": "board 12"})
    if bill.turn % 2:
        recovered = percentage(bill.total_minor, 1500)
        yield _pay(character, bill, after[180] + timedelta(days=30), recovered, "dividend")


def _reminders(character: Character, bill: Bill, paid_on: date) -> Iterator[Act]:
    for days, step in ((3, "friendly reminder"), (10, "second reminder")):
        if (on := bill.due_on + timedelta(days=days)) < paid_on:
            asked = {"step": step, "channel": "email", "document": _document(bill, step)}
            yield _ask(character, bill, on, invoices.remind, asked)


def _ask(character: Character, bill: Bill, on: date, decision: Callable[..., Any], asked: dict[str, Any]) -> Act:
    return Act(on, "ask", character, bill.number, asked, decision, character.collector)


def _pay(character: Character, bill: Bill, on: date, minor: int, which: str = "payment") -> Act:
    return Act(on, "pay", character, bill.number, {"amount_minor": minor, "which": which}, actor="bank")


def _document(bill: Bill, step: str) -> str:
    return sha256(f"{bill.number} {step}".encode()).hexdigest()
