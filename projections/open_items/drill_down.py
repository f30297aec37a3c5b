"""The items behind a line of aging, each with two ages: for accounting, and for dunning without days of dispute."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from domain.kinds import number_of
from projections.open_items.asking import Part, Question, periods, values
from projections.open_items.item_rows import COLUMNS
from projections.open_items.movements import UNAPPLIED
from projections.open_items.timeline import Period, ladder_age
from projections.projection import Row


class OpenItem(NamedTuple):
    """`number` is the invoice's; days past due are negative before the due day."""

    stream: str
    number: str
    item: int
    kind: str
    entity: str
    customer: str | None
    currency: str
    issued_on: date
    document_on: date
    due_on: date
    original_minor: int
    open_minor: int
    disputed_minor: int
    is_assigned: bool
    days_past_due: int
    ladder_age: int


def items(part: Part, customers: Sequence[str] | None = None) -> Question[list[OpenItem]]:
    """What is open, the earliest due first; of money received and not allocated nothing is due.

    Of these customers alone, if any are named.
    """
    theirs = "" if customers is None else " and customer = any (%(customers)s)"
    of_invoices = periods(part, ", ".join(COLUMNS), where=f" and kind <> '{UNAPPLIED}'{theirs}")
    sql = f"select * from ({of_invoices}) item order by due_on, stream, item"

    def read(rows: Iterable[Row]) -> list[OpenItem]:
        return [_open_item(row, part.as_of) for row in rows]

    return Question(sql, {**values(part), "customers": list(customers or ())}, read)


def _open_item(row: Row, as_of: date) -> OpenItem:
    stream, number, kind, original_minor, due_on, entity, currency, issued_on, document_on, *rest = row
    period = Period._make(rest)
    return OpenItem(
        stream,
        number_of(stream),
        number,
        kind,
        entity,
        period.customer or None,
        currency,
        issued_on,
        document_on,
        due_on,
        original_minor,
        period.open_minor,
        max(0, min(period.open_minor, period.disputed_minor)),
        period.assignments > 0,
        (as_of - due_on).days,
        ladder_age(period, due_on, as_of),
    )
