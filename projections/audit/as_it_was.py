"""The claim as it was: what one invoice's facts said on a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.entry import Entry
from domain.invoice import Invoice, evolve


def invoice_on(entries: Iterable[Entry], as_of: date) -> Invoice | None:
    """The claim by those of its facts, in the order of the log, that counted on that day; None before its issue."""
    invoice = None
    for entry in entries:
        if entry.effective_on <= as_of:
            invoice = evolve(invoice, entry.fact, entry.effective_on)
        elif invoice is None:
            return None
        else:
            # Items are known by their numbers: one that comes later still takes its place in the row.
            to_come = evolve(invoice, entry.fact).items[len(invoice.items) :]
            invoice = replace(invoice, items=invoice.items + tuple(replace(item, open_minor=0) for item in to_come))
    return invoice
