"""The readable difference a fact made: "open 1,000.00 -> 400.00 EUR; overdue instalment 2 paid".

Found by folding: the state before, the fact, the state after. What people wrote (comments, reasons) stays in the
fact and its envelope; a difference holds only amounts, days, codes and the names of parties.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from domain.entry import Entry
from domain.kinds import KINDS, NAMES
from projections.audit.difference import chasing, customers, invoices, receipts

# Of a kind that is not named here, only the names of the facts are shown.
_PHRASES: dict[str, Callable[[Any, Any, Any, date], str]] = {
    "customer": lambda before, fact, after, on: customers.difference(before, fact, after),
    "invoice": invoices.difference,
    "receipt": lambda before, fact, after, on: receipts.difference(before, fact, after),
    "credit_note": lambda before, fact, after, on: receipts.difference(before, fact, after),
    "case": lambda before, fact, after, on: chasing.of_case(fact),
    "contact": lambda before, fact, after, on: chasing.of_contact(fact),
    "policy": lambda before, fact, after, on: f"version {fact.version} published",
    "entity": lambda before, fact, after, on: f"dunning policy {fact.policy or 'by jurisdiction'}",
    "text": lambda before, fact, after, on: f"texts in {fact.language} approved",
    "tick": lambda before, fact, after, on: f"{fact.decided} steps and {fact.contacts} contacts for {fact.today}",
}


def difference(before: Any, fact: Any, on: date) -> tuple[Any, str]:
    """The state after the fact, and what it changed; `on` is the fact's effective date."""
    kind = KINDS[NAMES[type(fact)].partition(".")[0]]
    after = kind.evolve(before, fact, on)
    phrases = _PHRASES.get(kind.prefix)
    return after, phrases(before, fact, after, on) if phrases else ""


def differences(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Each entry with its difference, for whole streams in log order, mixed as they may be."""
    states: dict[str, Any] = {}
    for entry in entries:
        states[entry.stream], phrase = difference(states.get(entry.stream), entry.fact, entry.effective_on)
        yield entry, phrase
