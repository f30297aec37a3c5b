"""What happens to the invoices of the demonstration: each manner of paying has its stories, played in turn.

A story is a list of acts; an act is a command on a day. Nothing here looks at the ledger: whether an act is possible is
for the decisions to say, and one that is refused simply does not happen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import count

from domain.entry import invoice_stream, receipt_stream
from domain.invoice.disputing import REJECTED, UPHELD, DisputeReason
from domain.money import percentage
from domain.receipt import Remittance
from domain.terms import Instalment, instalments, split
from infra.clock import Dice
from services.catalogue.command import Request
from services.catalogue.invoices import (
    CALL,
    CREDIT,
    DISPUTE,
    FACTOR,
    INTEREST,
    ISSUE,
    PAY_ADVANCE,
    PLACE,
    PLAN,
    PROMISE,
    RECALL,
    RELEASE_RESERVE,
    REMIND,
    RESOLVE,
    REVIEW_PROMISE,
    WARN_OF_BUREAU,
    WRITE_OFF,
)
from services.catalogue.receipts import RECORD, REVERSE
from services.demo.characters import LATE, NEVER, PATCHY, PROMPT, QUARRELSOME, SLOW, Character

ENTITY = "main"
CONTESTED: tuple[DisputeReason, ...] = ("quality", "price", "quantity", "delivery")


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody gives a command about a stream."""

    on: date
    actor: str
    stream: str
    request: Request
    reason: str | None = None


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
        paid_on = max(bill.issued_on, due.due_on - timedelta(days=dice.randint(0, 6)))
        yield _pay(character, bill, paid_on, due.minor, f"instalment {i}")


def _late(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    paid_on = bill.due_on + timedelta(days=dice.randint(2, 24))
    yield from _reminders(character, bill, paid_on)
    total = bill.total_minor
    match bill.turn % 7:
        case 1:
            credited = percentage(total, dice.choice((300, 500, 1000)))
            note = CREDIT(credit_note=f"CN-{bill.number}", amount_minor=credited)
            yield _act(character, bill, bill.due_on, note, "goods returned")
            yield _pay(character, bill, paid_on, total - credited)
        case 3:
            yield _pay(character, bill, paid_on, total + dice.randint(100, 5000))
        case 5:
            yield _pay(character, bill, paid_on, total)
            returned_on = paid_on + timedelta(days=5)
            yield Act(returned_on, "bank", receipt_stream(f"{bill.number} payment"), REVERSE(), "debit returned")
            yield _pay(character, bill, paid_on + timedelta(days=19), total, "again")
        case _:
            yield _pay(character, bill, paid_on, total)


def _slow(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    paid_on = bill.due_on + timedelta(days=dice.randint(35, 95))
    yield from _reminders(character, bill, paid_on)
    late_on = bill.due_on + timedelta(days=30)
    if bill.turn % 3 == 1:
        factored = FACTOR(factor="Nordfactor", advance_basis_points=9000, fee_basis_points=300)
        yield _act(character, bill, late_on, factored)
        yield _act(character, bill, late_on + timedelta(days=1), PAY_ADVANCE())
        yield _act(character, bill, paid_on, RELEASE_RESERVE())
        return
    interest = percentage(bill.total_minor, 150)
    from_on = bill.due_on + timedelta(days=1)
    charge = INTEREST(amount_minor=interest, basis="agreed rate, 30 days", from_on=from_on, until_on=late_on)
    yield _act(character, bill, late_on, charge)
    yield _pay(character, bill, paid_on, bill.total_minor + interest)


def _patchy(character: Character, bill: Bill, dice: Dice) -> Iterator[Act]:
    called_on, promised_on = bill.due_on + timedelta(days=17), bill.due_on + timedelta(days=24)
    yield from _reminders(character, bill, called_on)
    call = CALL(spoke_with="accounts payable", outcome="reached", next_step="promise", reason_given="cannot_pay")
    yield _act(character, bill, called_on, call)
    turn = bill.turn % 5
    if turn == 2:
        yield from _plan(character, bill, called_on)
        return
    yield _act(character, bill, called_on, PROMISE(pay_on=promised_on))
    first, rest = split(bill.total_minor, (dice.randint(2, 8), 5))
    in_time = {0: first, 1: bill.total_minor, 3: first}.get(turn)
    if in_time:
        yield _pay(character, bill, promised_on - timedelta(days=dice.randint(0, 3)), in_time)
    yield _act(character, bill, promised_on + timedelta(days=1), REVIEW_PROMISE())
    if turn == 0:
        yield _pay(character, bill, promised_on + timedelta(days=dice.randint(15, 40)), rest, "rest")
    if turn == 4:
        yield _pay(character, bill, promised_on + timedelta(days=dice.randint(45, 80)), bill.total_minor)


def _plan(character: Character, bill: Bill, agreed_on: date) -> Iterator[Act]:
    shares = split(bill.total_minor, (1, 1, 1))
    dues = tuple(Instalment(agreed_on + timedelta(days=30 * i), share) for i, share in enumerate(shares, 1))
    yield _act(character, bill, agreed_on, PLAN(instalments=dues))
    for i, due in enumerate(dues):
        yield _pay(character, bill, due.due_on - timedelta(days=2), due.minor, f"instalment {i + 1}")


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
    yield from _reminders(character, bill, date.max)
    after = {days: bill.due_on + timedelta(days=days) for days in (17, 28, 60, 150, 180)}
    call = CALL(spoke_with="reception", outcome="not reached", reason_given="other")
    yield _act(character, bill, after[17], call)
    warning = WARN_OF_BUREAU(bureau="Creditinfo", channel="letter", document=_document(bill, "bureau warning"))
    yield _act(character, bill, after[28], warning)
    yield _act(character, bill, after[60], PLACE(agency="Fairway Collections", commission_basis_points=2500))
    yield _act(character, bill, after[150], RECALL(), "nothing collected")
    yield _act(character, bill, after[180], WRITE_OFF(approval="board 12"), "debtor insolvent")
    if bill.turn % 2:
        recovered = percentage(bill.total_minor, 1500)
        yield _pay(character, bill, after[180] + timedelta(days=30), recovered, "dividend")


def _reminders(character: Character, bill: Bill, paid_on: date) -> Iterator[Act]:
    for days, step in ((3, "friendly reminder"), (10, "second reminder")):
        if (on := bill.due_on + timedelta(days=days)) < paid_on:
            reminder = REMIND(step=step, channel="email", document=_document(bill, step))
            yield _act(character, bill, on, reminder)


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


def _invoice(bill: Bill) -> str:
    return invoice_stream(bill.number, ENTITY)


def _document(bill: Bill, step: str) -> str:
    return sha256(f"{bill.number} {step}".encode()).hexdigest()
