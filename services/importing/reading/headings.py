"""Lines above rows that say what the rows are of. Some reports name the customer there, and in no column."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from infra.files.rejects import own_columns
from infra.files.table import NoRow, Row, Table, unnoticed

# The column that such a file is given.
COLUMN = "customer"


def is_heading(values: Sequence[str]) -> bool:
    """A line of one value, which stands first."""
    return len(values) > 1 and bool(values[0].strip()) and not any(map(str.strip, values[1:]))


def has_headings(table: Table) -> bool:
    """A heading comes before the first row; those of a reject file are a column already."""
    first = next((row for row in table.again() if any(map(str.strip, row.values))), None)
    return first is not None and not first.fault and not own_columns(table) and is_heading(first.values)


def under_headings(table: Table) -> Table:
    """The same with the heading in a last column of the rows below it."""
    rows = _below(table.rows, partial(table.left_out.take, NoRow.HEADING))
    return replace(table, columns=(*table.columns, COLUMN), rows=rows, again=lambda: _below(table.again()))


def _below(rows: Iterator[Row], take: Callable[[int], None] = unnoticed) -> Iterator[Row]:
    heading = ""
    for row in rows:
        if not row.fault and is_heading(row.values):
            heading = row.values[0].strip()
            take(row.line)
        else:
            yield row if row.fault else row._replace(values=[*row.values, heading])
