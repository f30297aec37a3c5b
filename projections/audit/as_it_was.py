"""An invoice as it was on a day, by its facts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.entry import Entry
from domain.invoice import Invoice, evolve


def invoice_on(entries: Iterable[Entry], as_of: date) -> Invoice | None:
    """The invoice by its facts effective up to that day, in the order of the log; None before its issue."""
    invoice = None
    for entry in entries:
        if entry.effective_on <= as_of:
            invoice = evolve(invoice, entry.fact, entry.effective_on)
        elif invoice is None:
            return None
        else:
            # Facts name items by their numbers: one that is added later keeps its number and has nothing open yet.
            to_come = evolve(invoice, entry.fact).items[len(invoice.items) :]
            invoice = replace(invoice, items=invoice.items + tuple(replace(item, open_minor=0) for item in to_come))
    return invoice
