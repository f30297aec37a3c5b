"""Giving an invoice up: it leaves the open items, and money may still come (see `paying.recover`)."""

from domain.invoice.facts import Fact, WrittenOff
from domain.invoice.state import Invoice, oldest_first, require_issued, require_ours, require_positive, take
from domain.refusal import Refused


def write_off(
    invoice: Invoice | None,
    *,
    amount_minor: int | None = None,
    tax_minor: int = 0,
    approval: str | None = None,
) -> list[Fact]:
    """All that is open, or part of it; refuses `over_open`, and `factored` or `placed` while others pursue it."""
    invoice = require_issued(invoice)
    if invoice.written_off_minor and not invoice.open_minor:
        return []
    invoice = require_ours(invoice)
    loss = invoice.open_minor if amount_minor is None else amount_minor
    require_positive(loss)
    if loss > invoice.open_minor:
        raise Refused("over_open", "that is more than what is open")
    if not 0 <= tax_minor <= loss:
        raise Refused("tax_out_of_range", "the tax part must lie between zero and the amount written off")
    return [WrittenOff(loss, tax_minor, take(oldest_first(invoice), loss), approval)]
