"""What the debtor contests, and how it ends."""

from collections import Counter

from domain.invoice.claim import Claim, Item, oldest_first, require_claim, require_open, require_positive, take
from domain.invoice.facts import CreditNoteApplied, Disputed, DisputeResolved, Fact, Parts
from domain.refusal import Refused

REASONS = ("goods", "price", "delivery", "quality", "quantity", "not_ordered", "duplicate", "terms", "other")
UPHELD, REJECTED, PART_UPHELD = "upheld", "rejected", "part_upheld"


def dispute(claim: Claim | None, *, reason_code: str, amount_minor: int | None = None, comment: str = "") -> list[Fact]:
    """All or part of what is open, and not yet disputed, is contested; refuses `over_open` and `unknown_reason`."""
    claim = require_open(claim)
    if reason_code not in REASONS:
        raise Refused("unknown_reason", f"a dispute's reason is one of {', '.join(REASONS)}")
    contestable = [(n, item) for n, item in _undisputed(claim) if item.open_minor]
    left = sum(item.open_minor for _, item in contestable)
    if not left or any(_is_same(d.reason_code, d.parts, reason_code, amount_minor) for d in claim.disputes):
        return []
    contested = left if amount_minor is None else amount_minor
    require_positive(contested)
    if contested > left:
        raise Refused("over_open", "that is more than what is open and not yet disputed")
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

    Without a number the claim's only open dispute is meant. Refuses `no_such_dispute`, `which_dispute`,
    `unknown_outcome`, `credit_note_missing`, `over_disputed`.
    """
    claim = require_claim(claim)
    if number is not None and number <= claim.disputes_raised and all(d.number != number for d in claim.disputes):
        return []
    found = [d for d in claim.disputes if number in (None, d.number)]
    if not found:
        raise Refused("no_such_dispute", f"invoice {claim.issued.number} has no such open dispute")
    if len(found) > 1:
        raise Refused("which_dispute", f"invoice {claim.issued.number} has {len(found)} open disputes; name one")
    if outcome not in (UPHELD, REJECTED, PART_UPHELD):
        raise Refused("unknown_outcome", f"a dispute ends as {UPHELD}, {REJECTED} or {PART_UPHELD}")
    [case] = found
    disputed = sum(part.minor for part in case.parts)
    open_disputed = sum(min(part.minor, claim.items[part.item - 1].open_minor) for part in case.parts)
    won = _won(outcome, open_disputed, upheld_minor)
    if won > disputed or won > claim.open_minor:
        raise Refused("over_disputed", "that is more than what is disputed and still open")
    facts: list[Fact] = [DisputeResolved(case.number, outcome, won, case.parts)]
    if won:
        if not credit_note:
            raise Refused("credit_note_missing", "a dispute upheld names the credit note for what the debtor won")
        first = [(part.item, claim.items[part.item - 1]) for part in case.parts]
        rest = [pair for pair in oldest_first(claim) if pair[0] not in {n for n, _ in first}]
        facts.append(CreditNoteApplied(credit_note, won, tax_minor, take(first + rest, won), f"dispute {outcome}"))
    return facts


def _won(outcome: str, open_disputed: int, upheld_minor: int | None) -> int:
    if outcome == REJECTED:
        return 0
    if upheld_minor is None:
        if outcome == PART_UPHELD:
            raise Refused("amount_missing", "a dispute upheld in part names the amount the debtor won")
        return open_disputed
    require_positive(upheld_minor)
    return upheld_minor


def _undisputed(claim: Claim) -> list[tuple[int, Item]]:
    disputed: Counter[int] = Counter()
    for case in claim.disputes:
        for part in case.parts:
            disputed[part.item] += part.minor
    return [(n, Item(item.kind, item.due_on, max(0, item.open_minor - disputed[n]))) for n, item in oldest_first(claim)]


def _is_same(earlier_reason: str, parts: Parts, reason_code: str, amount_minor: int | None) -> bool:
    return earlier_reason == reason_code and amount_minor == sum(part.minor for part in parts)
