"""What the debtor contests, and how it ends."""

from domain.invoice.claim import Claim, Dispute, require_claim, require_open, require_positive, take, undisputed
from domain.invoice.facts import CreditNoteApplied, Disputed, DisputeResolved, Fact
from domain.invoice.issuing import apply_credit
from domain.refusal import Refused

REASONS = ("goods", "price", "delivery", "quality", "quantity", "not_ordered", "duplicate", "terms", "other")
UPHELD, REJECTED, PART_UPHELD = "upheld", "rejected", "part_upheld"


def dispute(claim: Claim | None, *, reason_code: str, amount_minor: int | None = None, comment: str = "") -> list[Fact]:
    """All or part of what is open, and not yet disputed, is contested; refuses `over_open` and `unknown_reason`."""
    claim = require_open(claim)
    if reason_code not in REASONS:
        raise Refused("unknown_reason", f"a dispute's reason is one of {', '.join(REASONS)}")
    contestable = undisputed(claim)
    left = sum(item.open_minor for _, item in contestable)
    earlier = [case.amount_minor for case in claim.disputes if case.reason_code == reason_code]
    if amount_minor in earlier or (amount_minor is None and earlier and not left):
        return []
    contested = left if amount_minor is None else amount_minor
    if contested > left or not left:
        raise Refused("over_open", "that is more than what is open and not yet disputed")
    require_positive(contested)
    number = claim.disputes_raised + 1
    return [Disputed(number, reason_code, contested, take(contestable, contested), comment)]


def resolve(
    claim: Claim | None,
    *,
    number: int | None = None,
    outcome: str,
    upheld_minor: int | None = None,
    credit_note: str | None = None,
    tax_minor: int = 0,
) -> list[Fact]:
    """For the debtor (`upheld`, with a credit note for what was won), against (`rejected`), or in part.

    Without a number the claim's only open dispute is meant; a credit note applied before is not applied again.
    Refuses `no_such_dispute`, `which_dispute`, `unknown_outcome`, `amount_missing`, `over_disputed`,
    `credit_note_missing`, and what a credit note is refused for.
    """
    claim = require_claim(claim)
    is_open = any(case.number == number for case in claim.disputes)
    if number is not None and 1 <= number <= claim.disputes_raised and not is_open:
        return []
    case = _find(claim, number)
    if outcome not in (UPHELD, REJECTED, PART_UPHELD):
        raise Refused("unknown_outcome", f"a dispute ends as {UPHELD}, {REJECTED} or {PART_UPHELD}")
    if outcome == REJECTED:
        return [DisputeResolved(case.number, outcome, 0, case.parts)]
    note = next((note for note in claim.credit_notes if note.credit_note == credit_note), None)
    won = _won(claim, case, note, outcome, upheld_minor)
    facts: list[Fact] = [DisputeResolved(case.number, outcome, won, case.parts)]
    if note:
        return facts
    if not credit_note:
        raise Refused("credit_note_missing", "a dispute upheld names the credit note for what the debtor won")
    return facts + apply_credit(claim, credit_note, won, tax_minor, f"dispute {outcome}", first=case.parts)


def _find(claim: Claim, number: int | None) -> Dispute:
    found = [case for case in claim.disputes if number in (None, case.number)]
    if not found:
        raise Refused("no_such_dispute", f"invoice {claim.issued.number} has no such open dispute")
    if len(found) > 1:
        raise Refused("which_dispute", f"invoice {claim.issued.number} has {len(found)} open disputes; name one")
    return found[0]


def _won(claim: Claim, case: Dispute, note: CreditNoteApplied | None, outcome: str, upheld_minor: int | None) -> int:
    """What the debtor won: as asked, else all that is disputed and still open, or was credited already."""
    open_disputed = sum(min(part.minor, claim.items[part.item - 1].open_minor) for part in case.parts)
    if upheld_minor is None and outcome == PART_UPHELD:
        raise Refused("amount_missing", "a dispute upheld in part names the amount the debtor won")
    if upheld_minor is not None:
        require_positive(upheld_minor)
        won, most = upheld_minor, note.amount_minor if note else claim.open_minor
    else:
        won = most = note.amount_minor if note else open_disputed
    if not most or won > min(most, case.amount_minor):
        raise Refused("over_disputed", "that is more than what is disputed and still open")
    return won
