"""Giving a claim up: it leaves the open items, and money may still come (see `paying.recover`)."""

from domain.invoice.claim import Claim, oldest_first, require_claim, require_ours, require_positive, take
from domain.invoice.facts import Fact, WrittenOff
from domain.refusal import Refused


def write_off(
    claim: Claim | None,
    *,
    reason: str,
    amount_minor: int | None = None,
    tax_minor: int = 0,
    approval: str | None = None,
) -> list[Fact]:
    """All that is open, or part of it; refuses `over_open`, and `sold` or `placed` while somebody else pursues it."""
    claim = require_claim(claim)
    if claim.written_off_minor and not claim.open_minor:
        return []
    claim = require_ours(claim)
    loss = claim.open_minor if amount_minor is None else amount_minor
    require_positive(loss)
    if loss > claim.open_minor:
        raise Refused("over_open", "that is more than what is open")
    if not 0 <= tax_minor <= loss:
        raise Refused("tax_out_of_range", "the tax part must lie between zero and the amount written off")
    return [WrittenOff(reason, loss, tax_minor, take(oldest_first(claim), loss), approval)]
