"""What happens to the invoices of the demonstration: each manner of paying has its stories, played in turn.

A story is a list of acts; an act is a command on a day. Nothing here looks at the ledger: whether an act is possible is
for the decisions to say, and one that is refused simply does not happen. Who reminds and calls is the ladder.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from domain.entry import invoice_stream, receipt_stream
from domain.invoice.disputing import REJECTED, UPHELD, DisputeReason
from domain.money import percentage
from domain.receipt import Remittance
from domain.terms import Instalment, instalments, split
from infra.clock import Dice
from services.catalogue.command import Request
from services.catalogue.invoices import (
    CREDIT,
    DISPUTE,
    INTEREST,
    ISSUE,
    RECALL,
    RELEASE_RESERVE,
    RESOLVE,
    WRITE_OFF,
)
from services.catalogue.receipts import RECORD, REFUND, REVERSE, UNALLOCATE
from services.demo.characters import LATE, NEVER, PATCHY, PROMPT, QUARRELSOME, SLOW, Character

ENTITY = "main"
# Instalments of a plan.
PARTS = 3
CONTESTED: tuple[DisputeReason, ...] = ("quality", "price", "quantity", "delivery")


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody gives a command about a stream, effective `on`; where it is given only later, on `learnt_on`."""

    on: date
    actor: str
    stream: str
    request: Request
    reason: str | None = None
    learnt_on: date | None = None

    @property
    def played_on(self) -> date:
        return self.learnt_on or self.on


@dataclass(frozen=True, slots=True)
class Bill:
    """`turn` says which of the stories of its customer's manner is played."""

    number: str
    turn: int
    total_minor: int
    issued_on: date
    due_on: date
    dues: tuple[Instalment, ...]


def story(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    """The acts of one invoice, from issue to whatever becomes of it."""
    currency = character.currency
    issue = ISSUE(customer=character.customer, amount_minor=bill.total_minor, currency=currency)
    yield Act(bill.issued_on, "demo", _invoice(bill), issue)
    stories = {
        PROMPT: _prompt,
        LATE: _late,
        SLOW: _slow,
        PATCHY: _patchy,
        QUARRELSOME: _quarrelsome,
        NEVER: _never,
    }
    yield from stories[character.manner](character, bill, dice)


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
        paid_on = max(bill.issued_on, due.due_on - timedelta(days=dice.randint(0, 12)))
        yield _booked_late(_pay(character, bill, paid_on, due.minor, f"instalment {i}"), dice)


def _late(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    paid_on = bill.due_on + timedelta(days=dice.randint(2, 24))
    total = bill.total_minor
    match bill.turn % 7:
        case 1:
            credited = percentage(total, dice.choice((300, 500, 1000)))
            note = CREDIT(credit_note=f"CN-{bill.number}", amount_minor=credited)
            # The goods came back when the invoice fell due, the note was written later.
            act = _act(character, bill, bill.due_on, note, "goods returned")
            yield replace(act, learnt_on=paid_on - timedelta(days=1))
            yield _pay(character, bill, paid_on, total - credited)
        case 3:
            yield _pay(character, bill, paid_on, total + dice.randint(100, 5000))
        case 5:
            yield _pay(character, bill, paid_on, total)
            returned_on = paid_on + timedelta(days=5)
            yield Act(returned_on, "bank", receipt_stream(f"{bill.number} payment"), REVERSE(), "debit returned")
            yield _pay(character, bill, paid_on + timedelta(days=19), total, "again")
        case 2 if bill.turn % 2 == 0:
            yield from _misbooked(character, bill, paid_on)
        case _:
            yield _booked_late(_pay(character, bill, paid_on, total), dice)


def _misbooked(character: Character, bill: Bill, paid_on: date) -> Iterator[Act]:
    """Money of somebody else's is found to have been booked here: from its own day on it pays nothing."""
    receipt, found_on = receipt_stream(f"{bill.number} payment"), paid_on + timedelta(days=16)
    yield _pay(character, bill, paid_on, bill.total_minor)
    taken_back, refund = UNALLOCATE(allocation=1), REFUND(amount_minor=bill.total_minor, reference="not for us")
    yield Act(paid_on, character.collector, receipt, taken_back, "meant for another firm", found_on)
    yield Act(found_on + timedelta(days=1), "bank", receipt, refund)
    yield _pay(character, bill, found_on + timedelta(days=12), bill.total_minor, "own payment")


def _slow(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    paid_on, late_on = bill.due_on + timedelta(days=dice.randint(35, 95)), bill.due_on + timedelta(days=30)
    if is_factored(character, bill):
        yield _act(character, bill, max(paid_on, bill.due_on + timedelta(days=85)), RELEASE_RESERVE())
        return
    interest = percentage(bill.total_minor, 150)
    from_on = bill.due_on + timedelta(days=1)
    charge = INTEREST(amount_minor=interest, basis="agreed rate, 30 days", from_on=from_on, until_on=late_on)
    yield _act(character, bill, late_on, charge)
    yield _pay(character, bill, paid_on, bill.total_minor + interest)


def _patchy(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    pay_on = promised_on(character, bill)
    if pay_on is None:
        yield from _instalments(character, bill)
        return
    turn = bill.turn % 5
    first, rest = split(bill.total_minor, (dice.randint(2, 8), 5))
    in_time = {0: first, 1: bill.total_minor, 3: first}.get(turn)
    if in_time:
        yield _pay(character, bill, pay_on - timedelta(days=dice.randint(0, 3)), in_time)
    if turn == 0:
        yield _pay(character, bill, pay_on + timedelta(days=dice.randint(15, 40)), rest, "rest")
    if turn == 4:
        yield _pay(character, bill, pay_on + timedelta(days=dice.randint(45, 80)), bill.total_minor)


def _instalments(character: Character, bill: Bill) -> Iterator[Act]:
    """Of every second plan the last instalment comes too late."""
    for i, due in enumerate(plan(bill), 1):
        is_missed = i == PARTS and bill.turn % 10 == 7
        paid_on = due.due_on + timedelta(days=20 if is_missed else -2)
        yield _pay(character, bill, paid_on, due.minor, f"instalment {i}")


def _quarrelsome(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    turn = bill.turn % 3
    if turn == 2:
        yield from _late(character, bill, dice)
        return
    disputed_on = bill.due_on + timedelta(days=dice.randint(1, 9))
    reason = dice.choice(CONTESTED)
    contested = percentage(bill.total_minor, dice.choice((2000, 3500, 10000)))
    yield _act(character, bill, disputed_on, DISPUTE(reason_code=reason, amount_minor=contested))
    resolved_on = disputed_on + timedelta(days=dice.randint(10, 40))
    won = RESOLVE(outcome=UPHELD, credit_note=f"CN-{bill.number}") if turn else RESOLVE(outcome=REJECTED)
    yield _act(character, bill, resolved_on, won)
    left = bill.total_minor - contested if turn else bill.total_minor
    if left:
        yield _pay(character, bill, resolved_on + timedelta(days=dice.randint(3, 20)), left)


def _never(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    after = {days: bill.due_on + timedelta(days=days) for days in (120, 130)}
    yield _act(character, bill, after[120], RECALL(), "nothing collected")
    yield _act(character, bill, after[130], WRITE_OFF(approval="board 12"), "debtor insolvent")
    if bill.turn % 2:
        recovered = percentage(bill.total_minor, 1500)
        yield _pay(character, bill, after[130] + timedelta(days=15), recovered, "dividend")


# What the debtors answer when they are called, and what is decided about them


def promised_on(character: Character, bill: Bill) -> date | None:
    """The day that is named by those who promise: late enough that they have been called by then."""
    if character.manner != PATCHY or bill.turn % 5 == 2:
        return None
    return bill.due_on + timedelta(days=34)


def plan(bill: Bill) -> tuple[Instalment, ...]:
    shares = split(bill.total_minor, (1,) * PARTS)
    return tuple(Instalment(bill.due_on + timedelta(days=30 + 30 * i), share) for i, share in enumerate(shares, 1))


def is_factored(character: Character, bill: Bill) -> bool:
    return character.manner == SLOW and bill.turn % 3 == 1


def _act(character: Character, bill: Bill, on: date, request: Request, reason: str | None = None) -> Act:
    return Act(on, character.collector, _invoice(bill), request, reason)


def _pay(character: Character, bill: Bill, on: date, minor: int, which: str = "payment") -> Act:
    paid = RECORD(
        amount_minor=minor,
        currency=character.currency,
        customer=character.customer,
        invoices=[Remittance(bill.number)],
    )
    return Act(on, "bank", receipt_stream(f"{bill.number} {which}"), paid)


def _booked_late(paid: Act, dice: Dice) -> Act:
    """One payment in six is booked days after the money came."""
    days = dice.choice((*[0] * 10, 4, 9))
    return replace(paid, learnt_on=paid.on + timedelta(days=days)) if days else paid


def _invoice(bill: Bill) -> str:
    return invoice_stream(bill.number, ENTITY)
