"""Sums of what is open, kept by adding what changes: per due day, and per customer."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from projections.projection import Query


class Delta(NamedTuple):
    entity: str
    currency: str
    customer: str
    due_on: date
    items: int
    open_minor: int
    disputed_minor: int
    assigned_minor: int
    unapplied_minor: int


def rollups(deltas: Iterable[Delta]) -> Iterator[Query]:
    sums: dict[tuple[str, str, str, date], list[int]] = {}
    for entity, currency, customer, due_on, *figures in deltas:
        key = entity, currency, customer, due_on
        known = sums.get(key)
        sums[key] = [a + b for a, b in zip(known, figures, strict=True)] if known else figures
    changed = [(*key, *figures) for key, figures in sums.items() if any(figures)]
    if changed:
        values = [list(column) for column in zip(*changed, strict=True)]
        yield Query(_BY_DAY, values, shared=True)
        yield Query(_BY_CUSTOMER, values, shared=True)


_CHANGED = """changed (
        entity, currency, customer, due_on, items, open_minor, disputed_minor, assigned_minor, unapplied_minor
    ) as (select * from unnest(%s::text[], %s::text[], %s::text[], %s::date[],
                             %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]))"""
_SUMS = """sum_minor(items) as items, sum_minor(open_minor) as open_minor, sum_minor(disputed_minor) as disputed_minor,
    sum_minor(assigned_minor) as assigned_minor, sum_minor(unapplied_minor) as unapplied_minor"""
_ADDED = """items = kept.items + added.items, open_minor = kept.open_minor + added.open_minor,
    disputed_minor = kept.disputed_minor + added.disputed_minor,
    assigned_minor = kept.assigned_minor + added.assigned_minor,
    unapplied_minor = kept.unapplied_minor + added.unapplied_minor"""
_FIGURES = "items, open_minor, disputed_minor, assigned_minor, unapplied_minor"
_IS_NOTHING = "(kept.items + added.items, kept.unapplied_minor + added.unapplied_minor) = (0, 0)"

_BY_DAY = f"""
with {_CHANGED}
merge into open_by_day kept
using (select entity, currency, due_on, {_SUMS} from changed group by 1, 2, 3
       having (sum_minor(items), sum_minor(open_minor), sum_minor(disputed_minor), sum_minor(assigned_minor),
               sum_minor(unapplied_minor))
              <> (0, 0, 0, 0, 0)) added
on kept.entity = added.entity and kept.currency = added.currency and kept.due_on = added.due_on
when matched and {_IS_NOTHING} then delete
when matched then update set {_ADDED}
when not matched then insert (entity, currency, due_on, {_FIGURES})
    values (added.entity, added.currency, added.due_on, added.items, added.open_minor, added.disputed_minor,
            added.assigned_minor, added.unapplied_minor)
"""

_PACKED = """array_agg(due_on order by due_on) as due_on, array_agg(open_until order by due_on) as open_until,
    array_agg(items_until order by due_on) as items_until"""
_RUNNING = "sum_minor(open_minor) over until as open_until, sum_minor(items) over until as items_until"
_UNTIL = "window until as (partition by customer, currency, entity order by due_on)"
_KEY = "customer, currency, entity"

# The days of a customer are taken apart, added to and packed again, each customer's by themselves: sorting those of all
# together by their names would cost more than the rest. A day with nothing open is left out.
_BY_CUSTOMER = f"""
with {_CHANGED},
added as (
    select {_KEY}, {_SUMS}, array_agg(due_on) as days, array_agg(open_minor) as opens, array_agg(items) as counts
    from changed group by {_KEY}
),
packed as (
    select {", ".join(f"added.{column}" for column in f"{_KEY}, {_FIGURES}".split(", "))}, days.*
    from added left join open_by_customer k using ({_KEY}) cross join lateral (
        select coalesce(array_agg(day order by day), '{{}}') as due_on,
               coalesce(array_agg(open_until order by day), '{{}}') as open_until,
               coalesce(array_agg(items_until order by day), '{{}}') as items_until
        from (
            select day, sum_minor(open_minor) over until as open_until, sum_minor(items) over until as items_until
            from (
                select day, sum_minor(open_minor) as open_minor, sum_minor(items) as items
                from (
                    select * from unnest(added.days, added.opens, added.counts) as new (day, open_minor, items)
                    union all
                    select day, open_until - lag(open_until, 1, 0::bigint) over until,
                           items_until - lag(items_until, 1, 0::bigint) over until
                    from unnest(k.due_on, k.open_until, k.items_until) as old (day, open_until, items_until)
                    window until as (order by day)
                ) each group by day having sum_minor(items) <> 0
            ) known window until as (order by day)
        ) running
    ) days
)
merge into open_by_customer kept using packed added
on kept.customer = added.customer and kept.currency = added.currency and kept.entity = added.entity
when matched and {_IS_NOTHING} then delete
when matched then update set {_ADDED}, due_on = added.due_on, open_until = added.open_until,
    items_until = added.items_until
when not matched then insert ({_KEY}, {_FIGURES}, due_on, open_until, items_until)
    values (added.customer, added.currency, added.entity, added.items, added.open_minor, added.disputed_minor,
            added.assigned_minor, added.unapplied_minor, added.due_on, added.open_until, added.items_until)
"""

_OPEN_FIGURES = """count(*) filter (where kind <> 'unapplied') as items,
    sum_minor(open_minor) filter (where kind <> 'unapplied') as open_minor,
    sum_minor(greatest(0, least(open_minor, disputed_minor))) filter (where kind <> 'unapplied') as disputed_minor,
    sum_minor(open_minor) filter (where kind <> 'unapplied' and assignments > 0) as assigned_minor,
    sum_minor(open_minor) filter (where kind = 'unapplied') as unapplied_minor"""

# The same sums from all that is open, for a rebuild.
BY_DAY = f"""
insert into open_by_day (entity, currency, due_on, {_FIGURES})
select entity, currency, due_on, {_OPEN_FIGURES} from open_periods group by 1, 2, 3
"""
BY_CUSTOMER = f"""
with days as (
    select {_KEY}, due_on, {_OPEN_FIGURES} from open_periods group by {_KEY}, due_on
),
packed as (
    select {_KEY}, {_PACKED}
    from (select {_KEY}, due_on, {_RUNNING} from days where items <> 0 {_UNTIL}) running group by {_KEY}
)
insert into open_by_customer ({_KEY}, {_FIGURES}, due_on, open_until, items_until)
select s.*, coalesce(p.due_on, '{{}}'), coalesce(p.open_until, '{{}}'), coalesce(p.items_until, '{{}}')
from (select {_KEY}, {_SUMS} from days group by {_KEY}) s left join packed p using ({_KEY}) order by {_KEY}
"""
