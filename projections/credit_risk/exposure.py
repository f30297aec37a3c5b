"""Exposure: what each customer owed on a day and how late they had paid by then, as known at a position.

Sums and the items that weigh most in them, per customer and currency, in one query each over all customers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from projections.projection import Query

# So many items are named for a figure; the others are counted.
SHOWN = 5

# Items settled by these were paid or given up; one credited, voided, waived or rescheduled says nothing of lateness.
PAYING = ("invoice.paid", "invoice.partially_paid", "invoice.discount_taken")
SETTLING = (*PAYING, "invoice.written_off")
# Charges and what is on account are owed, but lateness is measured on sales.
SALES = ("principal", "plan")

# One period of every item that was there on a day, as known at a position; money on account is left out.
THEN = """valid_from <= %(as_of)s and valid_to > %(as_of)s
    and from_position <= %(position)s and to_position > %(position)s and kind <> 'unapplied'"""
# A void that was undone leaves something open, or what was paid instead.
NOT_VOID = "(open_minor <> 0 or settled_by is distinct from 'invoice.voided')"
_THEIRS = THEN + " and (%(customer)s::text is null or customer = %(customer)s)"
_EVIDENCE = f"""jsonb_agg(jsonb_build_array(stream, item, minor, days, position) order by {{rank}})
    filter (where {{rank}} <= {SHOWN})"""
_RANKED = "row_number() over (partition by customer, currency order by {by} desc, position, item)"

_OWED = f"""
select customer, currency, count(*), sum(minor),
       count(*) filter (where days > 0), coalesce(sum(minor) filter (where days > 0), 0),
       count(*) filter (where disputed > 0), sum(disputed),
       {_EVIDENCE.format(rank="by_amount")},
       jsonb_agg(jsonb_build_array(stream, item, minor, days, position) order by by_age)
           filter (where by_age <= {SHOWN} and days > 0)
from (
    select *, {_RANKED.format(by="minor")} as by_amount, {_RANKED.format(by="days > 0, minor")} as by_age
    from (
        select customer, currency, stream, item, open_minor as minor, greatest(%(as_of)s - due_on, 0) as days,
               greatest(0, least(open_minor, disputed_minor)) as disputed, from_position as position
        from view_open_items.item_periods where {_THEIRS} and open_minor <> 0
    ) owed
) ranked
group by customer, currency
"""

_PAID = f"""
select customer, currency, is_recent, is_open, count(*), count(*) filter (where days > 0), sum(minor),
       coalesce(sum(minor) filter (where days > 0), 0), sum(minor::numeric * days),
       {_EVIDENCE.format(rank="rank")}
from (
    select *, row_number() over (partition by customer, currency, is_recent, is_open
                                 order by minor::numeric * days desc, minor desc, position, item) as rank
    from (
        select customer, currency, stream, item, original_minor as minor, greatest(settled_on - due_on, 0) as days,
               from_position as position, settled_on > %(middle_on)s as is_recent, false as is_open
        from view_open_items.item_periods
        where {_THEIRS} and open_minor = 0 and settled_on between %(from_on)s and %(as_of)s
              and settled_by = any (%(settling)s) and kind = any (%(sales)s)
        union all
        select customer, currency, stream, item, open_minor, %(as_of)s - due_on, from_position, true, true
        from view_open_items.item_periods
        where {_THEIRS} and open_minor > 0 and due_on < %(as_of)s and kind = any (%(sales)s)
    ) weighed
) ranked
group by customer, currency, is_recent, is_open
"""

_SOLD = f"""
select customer, currency, count(*), sum(original_minor), min(issued_on)
from view_open_items.item_periods
where {_THEIRS} and kind = 'principal' and issued_on between %(from_on)s and %(as_of)s
      and {NOT_VOID}
group by customer, currency
"""


@dataclass(frozen=True, slots=True)
class Asked:
    as_of: date
    from_on: date
    position: int
    customer: str | None = None

    @property
    def days(self) -> int:
        return (self.as_of - self.from_on).days + 1

    @property
    def middle_on(self) -> date:
        """The last day of the earlier half."""
        return self.from_on + timedelta(days=self.days // 2 - 1)

    @property
    def values(self) -> dict[str, object]:
        known = {"as_of": self.as_of, "position": self.position, "customer": self.customer}
        window = {"from_on": self.from_on, "middle_on": self.middle_on}
        return {**known, **window, "settling": list(SETTLING), "sales": list(SALES)}


class Item(NamedTuple):
    """An item that weighs in a figure; `position` is that of the fact its amount follows from."""

    stream: str
    item: int
    minor: int
    days: int
    position: int


class Owed(NamedTuple):
    """Sums come as decimals."""

    customer: str
    currency: str
    items: int
    minor: Decimal
    overdue_items: int
    overdue_minor: Decimal
    disputed_items: int
    disputed_minor: Decimal
    largest: Sequence[Sequence[Any]]
    largest_overdue: Sequence[Sequence[Any]] | None


class Paid(NamedTuple):
    """Items settled in one half of the window, or (`is_open`) open and overdue at its end."""

    customer: str
    currency: str
    is_recent: bool
    is_open: bool
    items: int
    late_items: int
    minor: Decimal
    late_minor: Decimal
    minor_days: Decimal
    latest: Sequence[Sequence[Any]]


class Sales(NamedTuple):
    customer: str
    currency: str
    items: int
    minor: Decimal
    first_on: date


def owed(asked: Asked) -> Query:
    return Query(_OWED, asked.values)


def paid(asked: Asked) -> Query:
    return Query(_PAID, asked.values)


def sales(asked: Asked) -> Query:
    return Query(_SOLD, asked.values)
