"""What comes of the collectors' tasks: what debtors say when they are called, and what is decided about them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from domain.contact import Planned
from domain.contact.state import DECISION, PROMISE
from domain.invoice.contacting import ReasonGiven
from infra.clock import Dice
from services.catalogue.command import Request
from services.catalogue.contacts import DONE, SKIP
from services.catalogue.invoices import FACTOR, PAY_ADVANCE, PLACE, PLAN
from services.demo.characters import LATE, NEVER, PATCHY, PROMPT, QUARRELSOME, SLOW, Character
from services.demo.plot import Bill, is_factored, plan, promised_on

DUE_TODAY = "due_today"
# In major units, of yen by the hundred: what is worth a friendly call, and what an agency or a bureau takes.
WORTH_A_CALL, WORTH_AN_AGENCY = 500, 200
ACCOUNTS = "accounts payable"


class Answer(NamedTuple):
    """`acts` are commands on the invoice that bring about what was decided; then the task is done or skipped."""

    request: Request
    reason: str | None = None
    acts: Sequence[Request] = ()


# When an invoice is long due: what they say, and why they have not paid.
_SAYS: dict[str, tuple[str, ReasonGiven]] = {
    PROMPT: ("the payment is on its way", "other"),
    LATE: ("it was overlooked and goes out with the next run", "forgot"),
    SLOW: ("pays when its own customers have paid", "cannot_pay"),
    PATCHY: ("asks for instalments", "cannot_pay"),
    QUARRELSOME: ("waits for an answer to its complaint", "dissatisfied"),
}
# Why nothing is done: of small amounts, and of others.
_TOO_SMALL = {
    "bureau_report": "the bureau takes no report of so little",
    "agency": "below what an agency takes",
}
_LEFT_ALONE = {
    "compromise": "has asked for nothing, and is expected to pay in full",
    "bureau_report": "talks with us, and is not to be reported",
    "factoring": "the factor does not take this debtor",
    "agency": "pays in the end, and is to stay a customer",
    "legal": "it would cost more than it brings",
}


def answer(planned: Planned, character: Character, bills: Sequence[Bill], on: date, dice: Dice) -> Answer:
    """`bills` are what the task is about, first that of its furthest step."""
    if planned.kind == DECISION:
        return _decided(planned.step, character, bills[0])
    if planned.kind == PROMISE:
        return _reached("could pay only a part, the rest follows", "cannot_pay")
    if planned.step == DUE_TODAY:
        return _called_when_due(character.manner, bills[0], dice)
    return _called(character, bills, on)


def _called_when_due(manner: str, bill: Bill, dice: Dice) -> Answer:
    if _major(bill) < WORTH_A_CALL:
        return _skipped("the notice is enough for such an amount")
    if manner == NEVER or dice.random() < 0.4:
        return _not_reached()
    return _reached("has the invoice, and will see to it")


def _called(character: Character, bills: Sequence[Bill], on: date) -> Answer:
    if character.manner == NEVER:
        return _not_reached()
    days = [day for bill in bills if (day := promised_on(character, bill))]
    if to_come := [day for day in days if day >= on]:
        return Answer(
            DONE(
                outcome="promised to pay",
                reached=True,
                spoke_with=ACCOUNTS,
                reason_given="cannot_pay",
                promise_on=min(to_come),
            )
        )
    return _reached("pays what it can by and by", "cannot_pay") if days else _reached(*_SAYS[character.manner])


def _decided(step: str, character: Character, bill: Bill) -> Answer:
    if step == "compromise" and character.manner == PATCHY and not promised_on(character, bill):
        return Answer(DONE(outcome="instalments agreed"), acts=[PLAN(instalments=plan(bill))])
    if step == "factoring" and is_factored(character, bill):
        factor = FACTOR(factor="Nordfactor", advance_basis_points=9000, fee_basis_points=300)
        return Answer(DONE(outcome="factored with Nordfactor"), acts=[factor, PAY_ADVANCE()])
    is_small = _major(bill) < WORTH_AN_AGENCY
    if step == "agency" and character.manner == NEVER and not is_small:
        place = PLACE(agency="Fairway Collections", commission_basis_points=2500)
        return Answer(DONE(outcome="placed with Fairway Collections"), acts=[place])
    reason = (_TOO_SMALL.get(step) if is_small else None) or _LEFT_ALONE.get(step, "something may still come")
    return _skipped(reason)


def _reached(outcome: str, reason_given: ReasonGiven = "") -> Answer:
    return Answer(DONE(outcome=outcome, reached=True, spoke_with=ACCOUNTS, reason_given=reason_given))


def _not_reached() -> Answer:
    return Answer(DONE(outcome="not reached"))


def _skipped(reason: str) -> Answer:
    return Answer(SKIP(), reason)


def _major(bill: Bill) -> int:
    """In major units, yen by the hundred."""
    return bill.total_minor // 100
