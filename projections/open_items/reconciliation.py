"""Reconciliation: what is open by item against the sums kept of it, and against what the ledger itself says is open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from projections.open_items.asking import SCHEMA
from projections.open_items.movements import UNAPPLIED
from projections.projection import Query, Row

# What is open by stream; then what the sums by day and by customer come to, beside what they are sums of; then what
# cannot be: less than nothing, or more than there ever was of the item, on any day as it was ever known. Nobody knew
# what lies between two facts of one commit: these have one recording time.
SUMS = (
    Query(f"select stream, sum(open_minor)::bigint from {SCHEMA}.open_periods group by stream"),
    Query(f"""
select entity, currency, sum(day_open)::bigint, sum(customer_open)::bigint, sum(span_open)::bigint,
       sum(day_unapplied)::bigint, sum(customer_unapplied)::bigint, sum(span_unapplied)::bigint
from (
    select entity, currency, open_minor as day_open, 0 as customer_open, 0 as span_open,
           unapplied_minor as day_unapplied, 0 as customer_unapplied, 0 as span_unapplied from {SCHEMA}.open_by_day
    union all select entity, currency, 0, open_minor, 0, 0, unapplied_minor, 0 from {SCHEMA}.open_by_customer
    union all select entity, currency, 0, 0, case when kind <> '{UNAPPLIED}' then open_minor else 0 end,
                     0, 0, case when kind = '{UNAPPLIED}' then open_minor else 0 end from {SCHEMA}.open_periods
) each group by entity, currency order by entity, currency
"""),
    Query(f"""
select stream, min(valid_from), count(*) from {SCHEMA}.item_periods period
where (open_minor < 0 or open_minor > original_minor or disputed_minor < 0 or assignments < 0) and not exists (
    select from ledger.facts first join ledger.facts next using (recorded_at)
    where first.position = period.from_position and next.position = period.to_position)
group by stream order by stream
"""),
)


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
                message = f"{name} comes to {by_day} by day, {by_customer} by customer and {by_item} by item"
                yield f"{entity} {currency}", message
    for stream, day, days in impossible:
        yield stream, f"less than nothing or more than all of it is shown {days} times, the first from {day}"
