"""What the rows of a file come to: control totals by currency, and what is to be said about single rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.notes import Note

# Kept for a file; of more only the number is, by code.
MOST_NOTES = 10_000

# A currency and minor units of it.
Money = tuple[str, int]


class Total(NamedTuple):
    """Net of rows below zero."""

    currency: str
    minor: int
    rows: int


class RowNote(NamedTuple):
    """`row` is the line where it begins in the file, as in reject files; else as `Note`."""

    row: int
    code: str
    message: str


class Tally:
    """Of the rows that are in the ledger, imported now or there already; rejected ones are in no total.

    Rows of one document that stand below each other, one for each of its lines, are counted once. `last` is the
    document of the row before.
    """

    def __init__(self, last: str = "") -> None:
        self.last = last
        self.notes: list[RowNote] = []
        self._left_off: Counter[str] = Counter()
        self._minor: Counter[str] = Counter()
        self._rows: Counter[str] = Counter()

    def take(self, row: int, document: str, money: Money | None, notes: Sequence[Note]) -> None:
        """`document` is the stream of the row, empty where it asks for nothing."""
        if money and (not document or document != self.last):
            currency, minor = money
            self._minor[currency] += minor
            self._rows[currency] += 1
        self.last = document
        if notes:
            self._keep([RowNote(row, note.code, note.message) for note in notes])

    def add(self, other: "Tally") -> None:
        self.last = other.last
        self._minor.update(other._minor)
        self._rows.update(other._rows)
        self._left_off.update(other._left_off)
        self._keep(other.notes)

    def totals(self) -> tuple[Total, ...]:
        return tuple(Total(currency, self._minor[currency], rows) for currency, rows in sorted(self._rows.items()))

    def left_off(self) -> Mapping[str, int]:
        """How many notes were not kept, by code."""
        return dict(self._left_off)

    def _keep(self, notes: list[RowNote]) -> None:
        space = MOST_NOTES - len(self.notes)
        self.notes += notes[:space]
        self._left_off.update(note.code for note in notes[space:])
