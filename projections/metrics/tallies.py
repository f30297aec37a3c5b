"""Tallies: the sums behind the figures, per currency, as of a day and as known at a position."""

from dataclasses import dataclass
from datetime import date, timedelta

from projections.credit_risk.exposure import NOT_VOID, PAYING, SALES, SETTLING, THEN
from projections.projection import Query

# Receivables above the sales of so many months do not come from sales: counting back ends there.
MOST_MONTHS = 60

_ISSUED = f"{THEN} and kind = 'principal' and {NOT_VOID}"

_OPEN = f"""
select currency, sum(open_minor), coalesce(sum(open_minor) filter (where due_on >= %(as_of)s), 0),
       coalesce(sum(open_minor) filter (where %(as_of)s - due_on > 90), 0)
from view_open_items.item_periods where {THEN} and open_minor <> 0 group by currency
"""
# What credit notes took back of each invoice, at most its total, by the day it was issued: as if so much had never been
# sold.
_CREDITED = f"""
select credit.currency, sold.issued_on, -least(credit.minor, sold.minor) as minor
from (
    select subject as stream, currency, sum(amount_minor) as minor from view_credit_risk.credit_facts
    where topic = 'credit' and effective_on between {{from_on}} and %(as_of)s and position <= %(position)s
    group by 1, 2
) credit
cross join lateral (
    select min(issued_on) as issued_on, sum(original_minor) as minor from view_open_items.item_periods s
    where s.stream = credit.stream and {_ISSUED}
) sold
where sold.issued_on between {{from_on}} and %(as_of)s
"""
_SOLD = "sum(minor) filter (where issued_on >= %(window_on)s), sum(minor) filter (where issued_on >= %(from_on)s)"
_EARLIER_ON = "least(%(window_on)s, %(from_on)s)"
_SALES = f"""
select currency, coalesce(sum("window"), 0), coalesce(sum(period), 0) from (
    select currency, sum(original_minor) filter (where issued_on >= %(window_on)s) as "window",
           sum(original_minor) filter (where issued_on >= %(from_on)s) as period
    from view_open_items.item_periods
    where {_ISSUED} and issued_on between {_EARLIER_ON} and %(as_of)s group by currency
    union all
    select currency, {_SOLD} from ({_CREDITED.format(from_on=_EARLIER_ON)}) credited group by currency
) sold group by currency
"""
_MONTHS = f"""
select currency, month_on, sum(minor) from (
    select currency, date_trunc('month', issued_on)::date as month_on, sum(original_minor) as minor
    from view_open_items.item_periods
    where {_ISSUED} and issued_on between %(first_month_on)s and %(as_of)s group by 1, 2
    union all
    select currency, date_trunc('month', issued_on)::date, sum(minor)
    from ({_CREDITED.format(from_on="%(first_month_on)s")}) credited group by 1, 2
) sold group by 1, 2 order by 1, 2 desc
"""
_SETTLED = f"""
select currency, sum(original_minor), sum(original_minor::numeric * greatest(settled_on - due_on, 0))
from view_open_items.item_periods
where {THEN} and open_minor = 0 and settled_on between %(from_on)s and %(as_of)s
      and settled_by = any (%(settling)s) and kind = any (%(sales)s)
group by currency
"""
_PROMISES = """
select currency, count(*) filter (where name = 'invoice.promise_kept'), count(*)
from view_credit_risk.credit_facts
where topic = 'promise' and name <> 'invoice.promise_made'
      and effective_on between %(from_on)s and %(as_of)s and position <= %(position)s
group by currency
"""
_CONTACTS = f"""
with settled as (
    select distinct currency, stream from view_open_items.item_periods
    where {THEN} and open_minor = 0 and settled_on between %(from_on)s and %(as_of)s
          and settled_by = any (%(paying)s) and kind = any (%(sales)s)
),
paid as (
    select * from settled where not exists (
        select from view_open_items.item_periods s where s.stream = settled.stream and {THEN} and s.open_minor <> 0)
),
contacts as (
    select stream, count(*) as contacts from view_credit_risk.credit_facts
    where topic = 'contact' and effective_on <= %(as_of)s and position <= %(position)s group by stream
)
select currency, count(*), coalesce(sum(contacts), 0) from paid left join contacts using (stream) group by currency
"""


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are in it; `window_days` end with it."""

    from_on: date
    as_of: date
    window_days: int
    position: int

    @property
    def values(self) -> dict[str, object]:
        month = self.as_of.year * 12 + self.as_of.month - MOST_MONTHS
        return {
            "as_of": self.as_of,
            "from_on": self.from_on,
            "window_on": self.as_of - timedelta(days=self.window_days - 1),
            "first_month_on": date(max(1, month // 12), month % 12 + 1, 1),
            "position": self.position,
            "settling": list(SETTLING),
            "paying": list(PAYING),
            "sales": list(SALES),
        }

    @property
    def before(self) -> dict[str, object]:
        return {"as_of": self.from_on - timedelta(days=1), "position": self.position}


@dataclass(frozen=True, slots=True)
class Open:
    currency: str
    total: int = 0
    not_due: int = 0
    over_90: int = 0


@dataclass(frozen=True, slots=True)
class Sales:
    currency: str
    window: int = 0
    period: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    currency: str
    month_on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Settled:
    currency: str
    minor: int = 0
    minor_days: int = 0


@dataclass(frozen=True, slots=True)
class Promises:
    currency: str
    kept: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Contacts:
    currency: str
    invoices: int = 0
    contacts: int = 0


def questions(period: Period) -> tuple[Query, ...]:
    """What is open at the end and the day before the period, then sales, months, settled, promises, contacts."""
    values = period.values
    return (
        Query(_OPEN, values),
        Query(_OPEN, period.before),
        *(Query(sql, values) for sql in (_SALES, _MONTHS, _SETTLED, _PROMISES, _CONTACTS)),
    )
