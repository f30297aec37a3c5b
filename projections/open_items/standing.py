"""How a customer stands: what is open in the order it falls due, and until when there were vouchers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from domain.customer import Customer
from domain.customer.facts import CreditLimitSet
from domain.entry import customer_stream
from domain.money import major
from projections.open_items.asking import SCHEMA
from projections.open_items.movements import UNAPPLIED
from projections.projection import Query, Row

VIEW = "open_items"


class Owner(NamedTuple):
    """Whose money may pay which invoices."""

    customer: str
    entity: str
    currency: str


_OLDEST_FIRST = f"""
select stream from {SCHEMA}.open_spans
where customer = %s and entity = %s and currency = %s and kind <> '{UNAPPLIED}'
group by stream order by min(due_on), min(issued_on), stream limit %s
"""
# What is assigned may not be ours to be paid: it does not count towards what the money can reach.
_OLDEST_FIRST_OF = f"""
select owner.customer, owner.entity, owner.currency, oldest.stream
from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) as owner (customer, entity, currency, minor)
cross join lateral (
    select stream, row_number() over oldest_first as place,
        sum(minor) over (oldest_first rows unbounded preceding) - minor as before
    from (
        select stream, min(due_on) as due_on, min(issued_on) as issued_on,
            coalesce(sum(open_minor) filter (where assignments = 0), 0) as minor
        from {SCHEMA}.open_spans s
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
select max(greatest(issued_on, owed_from)) from (
    select issued_on, owed_from from {SCHEMA}.open_spans where customer = %(customer)s
    union all select issued_on, owed_from from {SCHEMA}.closed_spans where customer = %(customer)s
) known
"""
_RECEIPTS = (
    f"select distinct stream from {SCHEMA}.item_spans where customer = %s and kind = '{UNAPPLIED}' order by stream"
)
_OWED = f"""
select entity, currency, items, open_minor, disputed_minor, unapplied_minor from {SCHEMA}.open_by_customer
where customer = %s order by entity, currency
"""
_NAMED = f"""
select %(account)s::text is null or exists (select from ledger.facts where stream = %(account)s),
       %(entity)s::text is null or exists (select from {SCHEMA}.item_spans where entity = %(entity)s)
"""


# What is open by stream; then what the sums by day and by customer come to, beside what they are sums of; then what
# cannot be: less than nothing, or more than there ever was of the item, on any day as it was ever known.
SUMS = (
    Query(f"select stream, sum(open_minor)::bigint from {SCHEMA}.open_spans group by stream"),
    Query(f"""
select entity, currency, sum(day_open)::bigint, sum(customer_open)::bigint, sum(span_open)::bigint,
       sum(day_unapplied)::bigint, sum(customer_unapplied)::bigint, sum(span_unapplied)::bigint
from (
    select entity, currency, open_minor as day_open, 0 as customer_open, 0 as span_open,
           unapplied_minor as day_unapplied, 0 as customer_unapplied, 0 as span_unapplied from {SCHEMA}.open_by_day
    union all select entity, currency, 0, open_minor, 0, 0, unapplied_minor, 0 from {SCHEMA}.open_by_customer
    union all select entity, currency, 0, 0, case when kind <> '{UNAPPLIED}' then open_minor else 0 end,
                     0, 0, case when kind = '{UNAPPLIED}' then open_minor else 0 end from {SCHEMA}.open_spans
) each group by entity, currency order by entity, currency
"""),
    Query(f"""
select stream, min(owed_from), count(*) from {SCHEMA}.item_spans
where open_minor < 0 or open_minor > original_minor or disputed_minor < 0 or assignments < 0
group by stream order by stream
"""),
)


def oldest_first(customer: str, entity: str, currency: str, most: int) -> Query:
    """Streams of the open invoices, the earliest due first."""
    return Query(_OLDEST_FIRST, (customer, entity, currency, most))


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


def differences(open_minor: Mapping[str, int], answers: Sequence[Iterable[Row]]) -> Iterator[tuple[str, str]]:
    """Where the answers to `SUMS` are not what the ledger says is open by stream, or do not fit each other."""
    by_stream, sums, impossible = answers
    shown: dict[str, int] = dict(by_stream)
    for stream in sorted(shown.keys() | open_minor.keys()):
        if shown.get(stream, 0) != open_minor.get(stream, 0):
            yield stream, f"{shown.get(stream, 0)} is shown, {open_minor.get(stream, 0)} is open"
    for entity, currency, *figures in sums:
        for name, (by_day, by_customer, by_item) in (("open", figures[:3]), ("unapplied", figures[3:])):
            if not by_day == by_customer == by_item:
                words = f"{name} comes to {by_day} by day, {by_customer} by customer and {by_item} by item"
                yield f"{entity} {currency}", words
    for stream, day, days in impossible:
        yield stream, f"less than nothing or more than all of it is shown {days} times, the first from {day}"


def column(rows: Iterable[Row]) -> list[str]:
    return [first for first, *_ in rows]


def day(rows: Iterable[Row]) -> date | None:
    return next((first for first, *_ in rows), None)


def readable_account(account: Customer, contact: dict[str, Any] | None, owed: Iterable[Row]) -> dict[str, Any]:
    """As JSON has it; `owed` are the rows of `owed`."""
    return {
        "customer": account.registered.customer,
        "country": account.registered.country,
        "contact": contact,
        "is_erased": account.is_erased,
        "terms": _fields(account.terms),
        "limit": _limit(account.limit) if account.limit else None,
        "credit_check": _fields(account.check),
        "review": _fields(account.review),
        "holds": sorted(account.holds),
        "prepayment": _fields(account.prepayment),
        "dunning_block": _fields(account.block),
        "collector": account.collector,
        "owed": [_owed(*row) for row in owed],
    }


def _owed(entity: str, currency: str, items: int, open_minor: int, disputed: int, unapplied: int) -> dict[str, Any]:
    amounts = {"open": open_minor, "disputed": disputed, "unapplied": unapplied}
    shown = {name: major(minor, currency) for name, minor in amounts.items()}
    return {"entity": entity, "currency": currency, "items": items, **shown}


def _limit(limit: CreditLimitSet) -> dict[str, Any]:
    shown = _fields(limit) or {}
    return {"amount": major(shown.pop("amount_minor"), limit.currency), **shown}


def _fields(fact: Any) -> dict[str, Any] | None:
    return asdict(fact) if fact else None
