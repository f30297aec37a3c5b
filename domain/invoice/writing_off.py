"""Giving an invoice up: it leaves the open items, and money may still come (see `paying.recover`)."""

from datetime import date

from domain.invoice.dating import open_since
from domain.invoice.facts import Fact, WriteOffUndone, WrittenOff
from domain.invoice.state import Invoice, oldest_first, require_issued, require_ours, require_positive, take
from domain.refusal import Refused


def write_off(
    invoice: Invoice | None,
    *,
    amount_minor: int | None = None,
    tax_minor: int = 0,
    approval: str | None = None,
    effective_on: date | None = None,
) -> list[Fact]:
    """All that is open on that day, or part of it; refuses `over_open`, and `factored` or `placed`."""
    invoice = require_issued(invoice)
    if invoice.written_off_minor and not invoice.open_minor:
        return []
    invoice = require_ours(invoice)
    there = open_since(invoice, effective_on) if effective_on else invoice
    loss = there.open_minor if amount_minor is None else amount_minor
    if not there.open_minor:
        raise Refused("too_early", f"nothing has been open on every day since {effective_on}")
    require_positive(loss)
    if loss > there.open_minor:
        raise Refused("over_open", "that is more than what is open")
    if not 0 <= tax_minor <= loss:
        raise Refused("tax_out_of_range", "the tax part must lie between zero and the amount written off")
    return [WrittenOff(loss, tax_minor, take(oldest_first(there), loss), approval)]


def undo_write_off(invoice: Invoice | None) -> list[WriteOffUndone]:
    """The last write-off was a mistake: what it took is open again. Refuses `not_written_off`."""
    invoice = require_issued(invoice)
    if not invoice.write_offs:
        raise Refused("not_written_off", f"nothing is written off of invoice {invoice.issued.number}")
    last = invoice.write_offs[-1]
    return [WriteOffUndone(last.amount_minor, last.tax_minor, last.parts)]
