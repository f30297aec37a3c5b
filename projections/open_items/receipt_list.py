"""Money on account one by one: receipts and credit notes, what came and what was left of each on a day.

Pages as those of invoices. Money of payers nobody knows is a customer's without a name, who comes before all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.kinds import number_of
from projections.open_items import invoice_list
from projections.open_items.asking import SCHEMA, Part, narrowed, periods, values
from projections.open_items.movements import UNAPPLIED
from projections.projection import Query

CREDIT_NOTE = "credit_note"


class Status(StrEnum):
    UNAPPLIED = "unapplied"
    UNIDENTIFIED = "unidentified"
    APPLIED = "applied"
    REVERSED = "reversed"
    ALL = "all"


class ListedReceipt(NamedTuple):
    """`customer` is empty while nobody knows whose money it is."""

    customer: str
    entity: str
    currency: str
    stream: str
    value_on: date
    amount_minor: int
    unallocated_minor: int

    @property
    def is_credit_note(self) -> bool:
        return self.stream.startswith(f"{CREDIT_NOTE}:")

    @property
    def number(self) -> str:
        return number_of(self.stream)

    @property
    def status_left(self) -> Status | None:
        """What it is while something is left of it; None where only its facts can tell."""
        if not self.unallocated_minor:
            return None
        return Status.UNAPPLIED if self.customer else Status.UNIDENTIFIED


# Whether what is all gone was applied or went back is said by its facts, not by these rows.
_LEFT = "unallocated_minor <> 0"
_GONE = "unallocated_minor = 0"
CONDITIONS: Mapping[str, str] = {
    Status.UNAPPLIED: _LEFT,
    Status.UNIDENTIFIED: f"{_LEFT} and customer = ''",
    Status.APPLIED: _GONE,
    Status.REVERSED: _GONE,
    Status.ALL: "true",
}


def page(part: Part, status: str, customers: Sequence[str]) -> Query:
    """Rows of `ListedReceipt` of these customers, by customer, day and number; `known_at` must be a position."""
    of = periods(
        replace(part, entity=None), _COLUMNS, where=_THEIRS, with_settled=not CONDITIONS[status].startswith(_LEFT)
    )
    sql = _PAGE.format(items=of, where=CONDITIONS[status] + narrowed(part, "entity"))
    return Query(sql, {**values(part), "customers": list(customers)})


def customers_after(customer: str, most: int) -> Query:
    """As of invoices, but without those of whom nothing but invoices is known: they may be many."""
    return invoice_list.customers_after(customer, most, f"kind = '{UNAPPLIED}'")


_COLUMNS = "stream, item, customer, entity, currency, issued_on, original_minor, open_minor"
_THEIRS = f" and customer = any (%(customers)s) and kind = '{UNAPPLIED}'"
# Money is with the entity that it was moved to last, and came as the first item.
_PAGE = f"""
select customer, entity, currency, stream, value_on, coalesce(amount_minor, (
    select original_minor from {SCHEMA}.item_periods came where came.stream = receipt.stream and item = 1 limit 1
)), unallocated_minor
from (
    select stream, customer, min(currency) as currency, min(issued_on) as value_on,
           (array_agg(entity order by item desc))[1] as entity,
           min(original_minor) filter (where item = 1) as amount_minor,
           {SCHEMA}.sum_minor(open_minor) as unallocated_minor
    from ({{items}}) item group by stream, customer
) receipt
where {{where}}
order by customer, value_on, stream
"""
