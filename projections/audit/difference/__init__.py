"""The readable difference a fact made: "open 1,000.00 -> 400.00 EUR; overdue instalment 2 paid".

Told by folding: the state before, the fact, the state after. Free words of people (comments, reasons) stay in the
fact's data; a difference holds only amounts, days, codes and the names of parties.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from domain import customer, invoice, receipt
from domain.customer.account import Customer
from domain.entry import Entry
from domain.facts import NAMES
from domain.invoice.claim import Claim
from domain.receipt import Receipt
from projections.audit.difference import claims, customers, receipts

State = Claim | Customer | Receipt


def difference(before: Any, fact: Any, on: date) -> tuple[State, str]:
    """The state after the fact, and what it changed; `on` is the day the fact counts for."""
    match NAMES[type(fact)].partition(".")[0]:
        case "invoice":
            claim = invoice.evolve(before, fact, on)
            return claim, claims.difference(before, fact, claim, on)
        case "customer":
            account = customer.evolve(before, fact, on)
            return account, customers.difference(before, fact, account)
        case _:
            money = receipt.evolve(before, fact, on)
            return money, receipts.difference(before, fact, money)


def differences(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Each entry with its difference, for whole streams in log order, mixed as they may be."""
    states: dict[str, State] = {}
    for entry in entries:
        states[entry.stream], words = difference(states.get(entry.stream), entry.fact, entry.effective_on)
        yield entry, words
