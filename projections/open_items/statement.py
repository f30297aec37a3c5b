"""Statements: of many customers at once what was open, what became of it, what is open, and what is on account.

Every question is about a `Part` as of the last day; what is known of it is bounded by a position, so that one page of
customers after the other is as of the same moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from domain.kinds import number_of
from projections.open_items import bookings
from projections.open_items.asking import SCHEMA, Part, Question, narrowed, periods, values
from projections.open_items.bookings import Booked
from projections.open_items.movements import UNAPPLIED
from projections.projection import Row

_THEIRS = " and customer = any (%(customers)s)"


class Opening(NamedTuple):
    """What was open of a customer, of an entity in a currency."""

    customer: str
    entity: str
    currency: str
    open_minor: int


class OnAccount(NamedTuple):
    """What is left of a receipt or a credit note; `on` is its day."""

    customer: str
    entity: str
    currency: str
    stream: str
    on: date
    minor: int

    @property
    def is_credit_note(self) -> bool:
        return self.stream.startswith("credit_note:")

    @property
    def document(self) -> str:
        """Its number."""
        return number_of(self.stream)


def customers(part: Part, first: date, *, only_open: bool) -> Question[list[str]]:
    """Those of whom anything is open at the end, or, unless `only_open`, was at any time since the first day."""
    now = periods(part, "customer", where=f" and kind <> '{UNAPPLIED}'")
    more = f"{narrowed(part, 'entity', 'currency')}"
    then = " union ".join(
        f"select customer from {SCHEMA}.{table} where valid_from <= %(as_of)s and valid_to >= %(first)s"
        f" and (open_minor <> 0 or valid_from >= %(first)s){more}"
        for table in ("open_periods", "closed_periods")
    )
    sql = f"select distinct customer from ({now if only_open else then}) item where customer <> '' order by 1"
    return Question(sql, {**values(part), "first": first}, lambda rows: [customer for customer, *_ in rows])


def openings(part: Part, first: date, customers: Sequence[str]) -> Question[list[Opening]]:
    """At the end of the day before the first."""
    before = replace(part, as_of=first - timedelta(1))
    columns = "customer, entity, currency, open_minor"
    items = periods(before, columns, where=f" and kind <> '{UNAPPLIED}'{_THEIRS}")
    sql = f"select customer, entity, currency, sum(open_minor)::bigint from ({items}) item group by 1, 2, 3"
    return Question(sql, _asked(before, customers), lambda rows: [Opening._make(row) for row in rows])


def booked(part: Part, first: date, customers: Sequence[str], position: int) -> Question[list[Booked]]:
    """Every booking from the first day to the last, by its day."""
    sql = bookings.bookings(f"{narrowed(part, 'entity', 'currency')}{_THEIRS}")
    given = {**_asked(part, customers), **bookings.values(first, part.as_of, position)}
    return Question(f"{sql} order by 1, 2, 7, 8", given, lambda rows: list(bookings.booked(rows)))


def on_account(part: Part, customers: Sequence[str]) -> Question[list[OnAccount]]:
    """What came in and pays nothing yet, the earliest first."""
    columns = "customer, entity, currency, stream, issued_on, open_minor"
    items = periods(part, columns, where=f" and kind = '{UNAPPLIED}'{_THEIRS}")

    def read(rows: Iterable[Row]) -> list[OnAccount]:
        return [OnAccount._make(row) for row in rows]

    return Question(f"select * from ({items}) item order by 5, 4", _asked(part, customers), read)


def _asked(part: Part, customers: Sequence[str]) -> dict[str, object]:
    return {**values(part), "customers": list(customers)}
