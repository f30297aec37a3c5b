"""What an invoice, a receipt or a customer was on a day, by its facts."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from domain.customer.facts import DataErased, Registered
from domain.entry import Entry
from domain.invoice import Invoice, defer, evolve
from domain.kinds import kind_of


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


def facts_on(entries: Iterable[Entry], as_of: date | None, position: int) -> list[Entry]:
    """Those known at a position that are effective on the day."""
    known = (each for each in entries if each.position <= position)
    return [each for each in known if as_of is None or each.effective_on <= as_of]


def state_on(entries: Sequence[Entry]) -> Any:
    """What facts of one stream come to; None of none."""
    state = None
    for entry in entries:
        state = kind_of(entry.stream).evolve(state, entry.fact, entry.effective_on)
    return state


def customer_facts_on(entries: Iterable[Entry], as_of: date, position: int) -> list[Entry]:
    """What held on a day, that of the latest day last: who they are is known of any day, an erasure is for ever."""
    known = [each for each in entries if each.position <= position]
    lasting = [each for each in known if isinstance(each.fact, Registered)]
    erased = [each for each in known if isinstance(each.fact, DataErased)]
    rest = [each for each in known if each not in lasting and each not in erased and each.effective_on <= as_of]
    return [*lasting, *sorted(rest, key=attrgetter("effective_on", "position")), *erased]
