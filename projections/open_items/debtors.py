"""Questions about a debtor: what is open in the order it falls due, since when there were vouchers, what is owed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain.entry import customer_stream
from projections.open_items.asking import SCHEMA, Part, periods, values
from projections.open_items.movements import UNAPPLIED
from projections.open_items.timeline import FOREVER
from projections.projection import Query, Row

VIEW = "open_items"
WRITTEN_OFF = "invoice.written_off"


class Owner(NamedTuple):
    """Whose money may pay which invoices."""

    customer: str
    entity: str
    currency: str


_OLDEST_FIRST = f"""
select min(entity), stream from (
    select entity, stream, due_on, issued_on from {SCHEMA}.open_periods
    where customer = %(customer)s and (%(entity)s::text is null or entity = %(entity)s) and currency = %(currency)s
        and kind <> '{UNAPPLIED}'
    union all
    select entity, stream, due_on, issued_on from {SCHEMA}.closed_periods
    where customer = %(customer)s and (%(entity)s::text is null or entity = %(entity)s) and currency = %(currency)s
        and valid_to = %(forever)s and open_minor = 0 and settled_by = '{WRITTEN_OFF}' and settled_on > %(on)s
) theirs
group by stream order by min(due_on), min(issued_on), stream limit %(most)s
"""
_WRITTEN_OFF_SINCE = f"""
select customer, entity, currency, stream, max(settled_on) from {SCHEMA}.closed_periods
where customer = any (%(customers)s) and valid_to = %(forever)s and open_minor = 0
    and settled_by = '{WRITTEN_OFF}' and settled_on > %(on)s
group by customer, entity, currency, stream
"""
# What is factored may be paid to the factor: it does not count towards what the money can reach.
_OLDEST_FIRST_OF = f"""
select owner.customer, owner.entity, owner.currency, oldest.stream
from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) as owner (customer, entity, currency, minor)
cross join lateral (
    select stream, row_number() over oldest_first as place,
        sum(minor) over (oldest_first rows unbounded preceding) - minor as before
    from (
        select stream, min(due_on) as due_on, min(issued_on) as issued_on,
            coalesce(sum(open_minor) filter (where assignments = 0), 0) as minor
        from {SCHEMA}.open_periods s
        where s.customer = owner.customer and s.entity = owner.entity and s.currency = owner.currency
            and kind <> '{UNAPPLIED}'
        group by stream order by min(due_on), min(issued_on), stream limit %s
    ) invoice
    window oldest_first as (order by due_on, issued_on, stream)
) oldest
where oldest.before < owner.minor
order by oldest.place
"""
_LAST_VOUCHER = f"""
select max(greatest(issued_on, valid_from)) from (
    select issued_on, valid_from from {SCHEMA}.open_periods where customer = %(customer)s
    union all select issued_on, valid_from from {SCHEMA}.closed_periods where customer = %(customer)s
) known
"""
_RECEIPTS = (
    f"select distinct stream from {SCHEMA}.item_periods where customer = %s and kind = '{UNAPPLIED}' order by stream"
)
_OWED = f"""
select entity, currency, items, open_minor, disputed_minor, unapplied_minor from {SCHEMA}.open_by_customer
where customer = %s order by entity, currency
"""
_OWED_ON = f"""
select entity, currency, count(*) filter (where kind <> '{UNAPPLIED}'),
       coalesce({SCHEMA}.sum_minor(open_minor) filter (where kind <> '{UNAPPLIED}'), 0),
       coalesce({SCHEMA}.sum_minor(disputed_minor) filter (where kind <> '{UNAPPLIED}'), 0),
       coalesce({SCHEMA}.sum_minor(open_minor) filter (where kind = '{UNAPPLIED}'), 0)
from ({{items}}) item group by entity, currency order by entity, currency
"""
_ACCOUNTS = f"""
select distinct customer, entity, stream from {SCHEMA}.open_periods
where customer = any (%s) and kind <> '{UNAPPLIED}' order by customer, entity, stream
"""
_UNAPPLIED = f"""
select customer, entity, currency, unapplied_minor from {SCHEMA}.open_by_customer
where customer = any (%s) and unapplied_minor <> 0 order by customer, entity, currency
"""
_ENTITIES_OWED = f"""
select customer, currency, entity from {SCHEMA}.open_by_customer
where customer = any (%s) and items > 0 order by customer, currency, entity
"""
_ENTITIES = f"select distinct entity from {SCHEMA}.open_by_customer order by entity"
_NAMED = f"""
select %(account)s::text is null or exists (select from ledger.facts where stream = %(account)s),
       %(entity)s::text is null or exists (select from {SCHEMA}.item_periods where entity = %(entity)s)
"""


def oldest_first(customer: str, entity: str | None, currency: str, on: date, most: int) -> Query:
    """(entity, stream) of what was open on a day and was not paid since, the earliest due first.

    That is what is open, and what was written off after that day. Of all entities if none is named.
    """
    theirs = {"customer": customer, "entity": entity, "currency": currency, "most": most}
    return Query(_OLDEST_FIRST, {**theirs, "on": on, "forever": FOREVER})


def written_off_since(customers: Sequence[str], on: date) -> Query:
    """(customer, entity, currency, stream, day) of what was written off after a day."""
    return Query(_WRITTEN_OFF_SINCE, {"customers": list(customers), "on": on, "forever": FOREVER})


def oldest_first_of(owed: Mapping[Owner, int], most: int) -> Query:
    """(customer, entity, currency, stream) of the open invoices that so much from each can reach, in that order."""
    return Query(_OLDEST_FIRST_OF, (*map(list, zip(*owed, strict=True)), list(owed.values()), most))


def last_voucher(customer: str) -> Query:
    return Query(_LAST_VOUCHER, {"customer": customer})


def receipts(customer: str) -> Query:
    """Streams of the receipts that are, or ever were, the customer's."""
    return Query(_RECEIPTS, (customer,))


def named(customer: str | None, entity: str | None) -> Query:
    """One row: whether the customer, if one is named, was ever registered, and whether anything was the entity's."""
    account = customer_stream(customer) if customer is not None else None
    return Query(_NAMED, {"account": account, "entity": entity})


def owed(customer: str) -> Query:
    return Query(_OWED, (customer,))


def owed_on(part: Part) -> Query:
    """As `owed`, on a day and as known at a position."""
    columns = "entity, currency, kind, open_minor, greatest(0, least(open_minor, disputed_minor)) as disputed_minor"
    return Query(_OWED_ON.format(items=periods(part, columns)), values(part))


def open_invoices(customers: Sequence[str]) -> Query:
    """(customer, entity, stream) of all that is open of these customers."""
    return Query(_ACCOUNTS, (list(customers),))


def unapplied(customers: Sequence[str]) -> Query:
    """(customer, entity, currency, minor) of what came in and pays nothing yet."""
    return Query(_UNAPPLIED, (list(customers),))


def entities_owed(customers: Sequence[str]) -> Query:
    """(customer, currency, entity) wherever anything is open."""
    return Query(_ENTITIES_OWED, (list(customers),))


def entities() -> Query:
    """Those to which anything is owed."""
    return Query(_ENTITIES)


def column(rows: Iterable[Row]) -> list[str]:
    return [first for first, *_ in rows]


def day(rows: Iterable[Row]) -> date | None:
    return next((first for first, *_ in rows), None)
