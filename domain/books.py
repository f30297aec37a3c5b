"""Streams as they stand while facts are added to them, each with its effective date, before any of it is recorded."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain import credit_note, receipt
from domain.credit_note import CreditNote
from domain.invoice import evolving
from domain.invoice.facts import Fact as InvoiceFact
from domain.invoice.state import Invoice
from domain.receipt import Receipt

# A stream, a fact and its effective date.
Added = tuple[str, Any, date]
# By stream, each fact with its effective date.
Dated = dict[str, list[tuple[Any, date]]]


class Books:
    """`dated` is what was added, in order."""

    def __init__(self, states: Mapping[str, Any]):
        self._states = dict(states)
        self.added = list[Added]()

    def clean(self) -> "Books":
        """The same state, with nothing added yet."""
        return Books(self._states)

    @property
    def states(self) -> Mapping[str, Any]:
        return self._states

    def replace(self, stream: str, state: Any) -> None:
        """The state after what is not to be recorded."""
        self._states[stream] = state

    def state(self, stream: str) -> Any:
        return self._states.get(stream)

    def invoice(self, stream: str) -> Invoice:
        found = self._states[stream]
        assert isinstance(found, Invoice)
        return found

    def source(self, stream: str) -> Receipt:
        """A receipt or a credit note."""
        found = self._states[stream]
        assert isinstance(found, Receipt)
        return found

    def add(self, stream: str, fact: InvoiceFact | receipt.Fact | credit_note.Issued, on: date) -> None:
        if isinstance(self._states.get(stream), CreditNote):
            fact = credit_note.named(fact)  # type: ignore[arg-type]
        self.put(stream, fact, on)
        self.added.append((stream, fact, on))

    def take_over(self, added: Iterable[Added]) -> None:
        """What was added to other books, word for word."""
        for stream, fact, on in added:
            self.put(stream, fact, on)
            self.added.append((stream, fact, on))

    def put(self, stream: str, fact: Any, on: date) -> None:
        """The state after a fact that is not to be recorded."""
        before = self._states.get(stream)
        if isinstance(before, Invoice):
            self._states[stream] = evolving.evolve(before, fact, on)
        elif isinstance(before, CreditNote) or isinstance(fact, credit_note.Issued):
            self._states[stream] = credit_note.evolve(before, fact, on)
        else:
            self._states[stream] = receipt.evolve(before, fact, on)

    @property
    def dated(self) -> Dated:
        found: Dated = {}
        for stream, fact, on in self.added:
            found.setdefault(stream, []).append((fact, on))
        return found
