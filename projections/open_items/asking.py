"""What is asked of open items: a day, a position, a part of the ledger; and the SQL of the periods that answer it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from projections.open_items.timeline import FOREVER
from projections.projection import Query, Row

Answer = TypeVar("Answer", covariant=True)
SCHEMA = "view_open_items"


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """SQL with its values, and how the rows it gives are read. Who asks runs it."""

    sql: str
    values: Mapping[str, object]
    read: Callable[[Iterable[Row]], Answer]

    @property
    def query(self) -> Query:
        return Query(self.sql, self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the ledger on a day: `known_at` is a log position, None for all that is known by now."""

    as_of: date
    known_at: int | None = None
    entity: str | None = None
    currency: str | None = None
    customer: str | None = None


def values(part: Part) -> dict[str, object]:
    return {
        "as_of": part.as_of,
        "known_at": part.known_at,
        "entity": part.entity,
        "currency": part.currency,
        "customer": part.customer,
    }


def narrowed(part: Part, *columns: str) -> str:
    """Conditions on those of the columns that the part is narrowed by."""
    return "".join(f" and {column} = %({column})s" for column in columns if getattr(part, column) is not None)


def periods(part: Part, columns: str, *, where: str = "", with_settled: bool = False) -> str:
    """The one period of each item that has the day and the position in it; not of settled items unless asked."""
    known = " and from_position <= %(known_at)s" if part.known_at is not None else ""
    more = f"{known}{narrowed(part, 'entity', 'currency', 'customer')}{where}"
    # The bound on `valid_to` excludes nothing more, but the server expects far too many rows without it.
    is_open = "" if with_settled else f" and open_minor <> 0 and valid_to < date '{FOREVER}'"
    is_then = "" if with_settled else " and open_minor <> 0"
    tables = [
        f"select {columns} from {SCHEMA}.open_periods where valid_from <= %(as_of)s{more}",
        f"select {columns} from {SCHEMA}.closed_periods"
        f" where valid_to > %(as_of)s and valid_from <= %(as_of)s{is_open}{more}",
    ]
    if part.known_at is not None:
        tables.append(
            f"select {columns} from {SCHEMA}.superseded_periods"
            f" where to_position > %(known_at)s and valid_to > %(as_of)s and valid_from <= %(as_of)s{is_then}{more}"
        )
    return " union all ".join(tables)
