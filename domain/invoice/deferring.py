"""An invoice on a day that comes before some of its facts."""

from dataclasses import replace

from domain.invoice.evolving import evolve
from domain.invoice.facts import Fact
from domain.invoice.state import Invoice


def defer(invoice: Invoice | None, fact: Fact) -> Invoice | None:
    """The invoice before a fact that is recorded and effective on a later day.

    Facts name items by their numbers: one that is added later keeps its number and has nothing open yet.
    """
    if invoice is None:
        return None
    to_come = evolve(invoice, fact).items[len(invoice.items) :]
    if not to_come:
        return invoice
    return replace(invoice, items=invoice.items + tuple(replace(item, open_minor=0, by_day=()) for item in to_come))
