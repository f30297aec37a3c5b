"""What aging is held against: polars over a CSV file, and plain SQL over tables of items and allocations."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from projections.open_items.aging import Line as Aged

BOUNDS = (0, 30, 60, 90)

# Group, currency, open, items, then what is open by bucket.
Line = tuple[Any, ...]


def by_polars(path: Path, as_of: date) -> pl.DataFrame:
    """A line for each customer and currency."""
    schema = {"customer": pl.String, "currency": pl.String, "due_on": pl.Date, "minor": pl.Int64}
    late = (pl.lit(as_of) - pl.col("due_on")).dt.total_days()
    bucket = pl.sum_horizontal([(late > bound).cast(pl.Int8) for bound in BOUNDS])
    sums = [pl.col("minor").sum().alias("open"), pl.len().alias("items")]
    for number in range(len(BOUNDS) + 1):
        sums.append(pl.col("minor").filter(pl.col("bucket") == number).sum().alias(f"open_{number}"))
    return (
        pl.scan_csv(path, schema=schema)
        .with_columns(bucket=bucket)
        .group_by("customer", "currency")
        .agg(sums)
        .sort("customer", "currency")
        .collect()
    )


def _totals(group: str) -> str:
    buckets = [f"coalesce(sum(left_open) filter (where bucket = {n}), 0)::bigint" for n in range(len(BOUNDS) + 1)]
    late = " + ".join(f"(%(as_of)s - due_on > {bound})::int" for bound in BOUNDS)
    return f"""
select {group}, currency, sum(left_open)::bigint, count(*), {", ".join(buckets)} from (
    select customer, currency, minor - coalesce(paid, 0) as left_open, {late} as bucket
    from plain.items left join (
        select item, sum(minor) as paid from plain.allocations
        where paid_on <= %(as_of)s and known <= %(known)s group by item
    ) a on item = id
    where issued_on <= %(as_of)s and known <= %(known)s and minor > coalesce(paid, 0)
) owed group by 1, 2 order by 1, 2
"""


TOTALS = _totals("null::text")
BY_CUSTOMER = _totals("customer")


def lines(found: Iterable[Aged]) -> list[Line]:
    """Lines of the product, without what the limits do not know: disputed, assigned and unapplied money."""
    return [(line.group, line.currency, line.open_minor, line.items, *line.open_by_bucket) for line in found]
