"""What the debtor contests, and how it ends."""

from typing import Literal, get_args

from domain.invoice.crediting import credit
from domain.invoice.facts import Disputed, DisputeResolved, Fact
from domain.invoice.state import (
    Credit,
    Dispute,
    Invoice,
    require_issued,
    require_open,
    require_positive,
    take,
    undisputed,
)
from domain.refusal import Refused

DisputeReason = Literal[
    "goods", "price", "delivery", "quality", "quantity", "not_ordered", "duplicate", "terms", "other"
]
REASONS: tuple[str, ...] = get_args(DisputeReason)
Outcome = Literal["upheld", "rejected", "part_upheld"]
UPHELD: Outcome = "upheld"
REJECTED: Outcome = "rejected"
PART_UPHELD: Outcome = "part_upheld"


def dispute(
    invoice: Invoice | None, *, reason_code: DisputeReason, amount_minor: int | None = None, comment: str = ""
) -> list[Fact]:
    """All or part of what is open, and not yet disputed, is contested; refuses `over_open` and `unknown_reason`."""
    invoice = require_open(invoice)
    if reason_code not in REASONS:
        raise Refused("unknown_reason", f"a dispute's reason is one of {', '.join(REASONS)}")
    contestable = undisputed(invoice)
    left = sum(item.open_minor for _, item in contestable)
    earlier = [case.amount_minor for case in invoice.disputes if case.reason_code == reason_code]
    if amount_minor in earlier or (amount_minor is None and earlier and not left):
        return []
    contested = left if amount_minor is None else amount_minor
    if contested > left or not left:
        raise Refused("over_open", "that is more than what is open and not yet disputed")
    require_positive(contested)
    number = invoice.disputes_raised + 1
    return [Disputed(number, reason_code, contested, take(contestable, contested), comment)]


def resolve(
    invoice: Invoice | None,
    *,
    outcome: Outcome,
    dispute: int | None = None,
    upheld_minor: int | None = None,
    credit_note: str | None = None,
    tax_minor: int = 0,
) -> list[Fact]:
    """For the debtor (`upheld`, with a credit note for what was won), against (`rejected`), or in part.

    `dispute` is its number, by default that of the only open one; a credit note applied before is not applied again.
    Refuses `no_such_dispute`, `which_dispute`, `unknown_outcome`, `amount_missing`, `over_disputed`,
    `credit_note_missing`, and what a credit note is refused for.
    """
    invoice = require_issued(invoice)
    is_open = any(case.number == dispute for case in invoice.disputes)
    if dispute is not None and 1 <= dispute <= invoice.disputes_raised and not is_open:
        return []
    case = _find(invoice, dispute)
    if outcome not in (UPHELD, REJECTED, PART_UPHELD):
        raise Refused("unknown_outcome", f"a dispute ends as {UPHELD}, {REJECTED} or {PART_UPHELD}")
    if outcome == REJECTED:
        return [DisputeResolved(case.number, outcome, 0, case.parts)]
    note = next((note for note in invoice.credit_notes if note.credit_note == credit_note), None)
    won = _won(invoice, case, note, outcome, upheld_minor)
    facts: list[Fact] = [DisputeResolved(case.number, outcome, won, case.parts)]
    if note:
        return facts
    if not credit_note:
        raise Refused("credit_note_missing", "a dispute upheld names the credit note for what the debtor won")
    return facts + credit(
        invoice, credit_note=credit_note, amount_minor=won, tax_minor=tax_minor, allocation=1, first=case.parts
    )


def _find(invoice: Invoice, number: int | None) -> Dispute:
    found = [case for case in invoice.disputes if number in (None, case.number)]
    if not found:
        raise Refused("no_such_dispute", f"invoice {invoice.issued.number} has no such open dispute")
    if len(found) > 1:
        raise Refused("which_dispute", f"invoice {invoice.issued.number} has {len(found)} open disputes; name one")
    return found[0]


def _won(invoice: Invoice, case: Dispute, note: Credit | None, outcome: str, upheld_minor: int | None) -> int:
    """What the debtor won: as asked, else all that is disputed and still open, or was credited already."""
    open_disputed = sum(min(part.minor, invoice.items[part.item - 1].open_minor) for part in case.parts)
    if upheld_minor is None and outcome == PART_UPHELD:
        raise Refused("amount_missing", "a dispute upheld in part names the amount the debtor won")
    if upheld_minor is not None:
        require_positive(upheld_minor)
        won, most = upheld_minor, note.amount_minor if note else invoice.open_minor
    else:
        won = most = note.amount_minor if note else open_disputed
    if not most or won > min(most, case.amount_minor):
        raise Refused("over_disputed", "that is more than what is disputed and still open")
    return won
