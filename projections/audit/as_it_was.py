"""An invoice as it was on a day, by its facts."""

from collections.abc import Iterable
from datetime import date

from domain.entry import Entry
from domain.invoice import Invoice, defer, evolve


def invoice_on(entries: Iterable[Entry], as_of: date) -> Invoice | None:
    """The invoice by its facts effective up to that day, in the order of the log; None before its issue."""
    invoice = None
    for entry in entries:
        if entry.effective_on <= as_of:
            invoice = evolve(invoice, entry.fact, entry.effective_on)
        elif invoice is None:
            return None
        else:
            invoice = defer(invoice, entry.fact)
    return invoice
