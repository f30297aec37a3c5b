"""What a statement says, as data: accounts by entity and currency, each from an opening balance to a closing one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from projections.open_items.bookings import CHARGES, Booked
from projections.open_items.drill_down import OpenItem
from projections.open_items.statement import OnAccount

# Entity and currency.
Key = tuple[str, str]
Row = TypeVar("Row", Booked, OpenItem, OnAccount)


@dataclass(frozen=True, slots=True)
class Line:
    """What happened to an invoice on a day, and what was open of all after it; `document` is what it was by."""

    on: date
    number: str
    what: str
    document: str
    minor: int
    balance_minor: int


@dataclass(frozen=True)
class Account:
    entity: str
    currency: str
    opening_minor: int
    lines: tuple[Line, ...]
    items: tuple[OpenItem, ...]
    on_account: tuple[OnAccount, ...]

    @cached_property
    def closing_minor(self) -> int:
        """What aging says is open."""
        return sum(item.open_minor for item in self.items)

    @property
    def overdue_minor(self) -> int:
        return sum(item.open_minor for item in self.items if item.days_past_due > 0)

    @property
    def unapplied_minor(self) -> int:
        """What came in and pays nothing yet: no part of the balance."""
        return sum(each.minor for each in self.on_account)

    @property
    def difference_minor(self) -> int:
        """Zero, if the lines lead from the opening balance to what aging says is open."""
        return self.closing_minor - (self.lines[-1].balance_minor if self.lines else self.opening_minor)


@dataclass(frozen=True, slots=True)
class Statement:
    """From the first day to `as_of`; `name` is empty and there is no address where none is known, or not any more."""

    customer: str
    first: date
    as_of: date
    language: str
    name: str
    address: tuple[str, ...]
    accounts: tuple[Account, ...]

    @property
    def entities(self) -> list[str]:
        return sorted({account.entity for account in self.accounts})

    def of(self, entity: str) -> "Statement":
        """With the accounts of one entity alone."""
        return replace(self, accounts=tuple(each for each in self.accounts if each.entity == entity))

    @property
    def is_personal(self) -> bool:
        """Whether anything personal is in it."""
        return bool(self.name or self.address)


def lines(opening_minor: int, booked: Iterable[Booked]) -> tuple[Line, ...]:
    """Bookings in their order, with the balance after each.

    What was made again on the same day, since something of an earlier day was learnt, is one line, or none.
    """
    found, balance = [], opening_minor
    for _, of_a_day in groupby(booked, lambda each: each.on):
        for each in _netted(of_a_day):
            balance += each.minor
            found.append(Line(each.on, each.number, each.what, each.document, each.minor, balance))
    return tuple(found)


def accounts(
    openings: Iterable[tuple[Key, int]],
    booked: Iterable[Booked],
    items: Iterable[OpenItem],
    on_account: Iterable[OnAccount],
) -> tuple[Account, ...]:
    """Of one customer, by entity and currency; one of which nothing was, is or became open is none."""
    begins = dict(openings)
    moves, owed, left = _by_key(booked), _by_key(items), _by_key(on_account)
    return tuple(
        Account(
            *key,
            begins.get(key, 0),
            lines(begins.get(key, 0), moves.get(key, ())),
            tuple(owed.get(key, ())),
            tuple(left.get(key, ())),
        )
        for key in sorted({*begins, *moves, *owed, *left})
    )


def _netted(booked: Iterable[Booked]) -> list[Booked]:
    """One for each invoice, column and document; its word is that of the last with the sign of the sum.

    Charges are never made again: a fee and the interest of a day are two.
    """
    found: dict[tuple[str, str, str], list[Booked]] = {}
    for each in booked:
        column = each.what if each.column == CHARGES else each.column
        found.setdefault((each.stream, column, each.document), []).append(each)
    netted = []
    for alike in found.values():
        minor = sum(each.minor for each in alike)
        last = next((each for each in reversed(alike) if each.minor * minor > 0), None)
        if last:
            netted.append(last._replace(minor=minor))
    return netted


def _by_key(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault((row.entity, row.currency), []).append(row)
    return found
