"""Aging as plain data: a total per currency, a row per group, or the open items of one customer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, TypedDict, get_args

from domain.money import major
from projections.open_items.aging import Line, Total
from projections.open_items.drill_down import OpenItem
from services.answers.as_known import AsKnown, as_known
from services.answers.reporting_total import InReportingCurrency
from services.snapshots import AsOfPosition

Dimension = Literal["customer", "entity", "currency", "collector", "country", "risk_class"]
DIMENSIONS: tuple[str, ...] = get_args(Dimension)


class Group(TypedDict, total=False):
    """The one that the report is by; of currencies there is nothing more to say. A `name` is for those who asked."""

    customer: str | None
    name: str
    entity: str | None
    collector: str | None
    country: str | None
    risk_class: str | None


class Amounts(TypedDict):
    """What is disputed and factored is part of what is open; what is unapplied is not."""

    currency: str
    open: str
    items: int
    unapplied: str
    disputed: str
    factored: str


class Bucket(TypedDict):
    name: str
    open: str
    items: int


class AgingTotal(Amounts):
    buckets: list[Bucket]


class AgingRow(Group, Amounts):
    """`buckets` are the amounts of the report's buckets, in their order."""

    buckets: list[str]


class AgingReport(AsKnown, InReportingCurrency):
    basis: str
    by: str
    buckets: list[str]
    totals: list[AgingTotal]
    rows: list[AgingRow]


class Item(TypedDict):
    number: str
    item: int
    kind: str
    entity: str
    currency: str
    issued_on: str
    due_on: str
    original: str
    open: str
    disputed: str
    is_factored: bool
    days_past_due: int
    ladder_age: int


class ItemsReport(AsKnown):
    customer: str
    items: list[Item]


def aging_report(
    as_of: date,
    snapshot: AsOfPosition,
    totals: Iterable[Total],
    rows: Iterable[Line],
    *,
    basis: str,
    by: str,
    buckets: list[str],
    reporting: InReportingCurrency,
) -> AgingReport:
    return {
        **as_known(as_of, snapshot),
        "basis": basis,
        "by": by,
        "buckets": buckets,
        "totals": [_total(line, buckets) for line in totals],
        "rows": [_row(line, by) for line in rows],
        **reporting,
    }


def items_report(as_of: date, snapshot: AsOfPosition, customer: str, items: Iterable[OpenItem]) -> ItemsReport:
    return {**as_known(as_of, snapshot), "customer": customer, "items": [item_answer(each) for each in items]}


def _total(line: Total, names: Sequence[str]) -> AgingTotal:
    figures = zip(names, line.open_by_bucket, line.items_by_bucket, strict=True)
    buckets: list[Bucket] = [
        {"name": name, "open": major(minor, line.currency), "items": items} for name, minor, items in figures
    ]
    return {**_amounts(line), "buckets": buckets}


def _row(line: Line, by: str) -> AgingRow:
    group: Group = {by: line.group} if by != "currency" else {}  # type: ignore[misc]
    buckets = [major(minor, line.currency) for minor in line.open_by_bucket]
    return {**group, **_amounts(line), "buckets": buckets}


def _amounts(line: Line) -> Amounts:
    return {
        "currency": line.currency,
        "open": major(line.open_minor, line.currency),
        "items": line.items,
        "unapplied": major(line.unapplied_minor, line.currency),
        "disputed": major(line.disputed_minor, line.currency),
        "factored": major(line.assigned_minor, line.currency),
    }


def item_answer(item: OpenItem) -> Item:
    return {
        "number": item.number,
        "item": item.item,
        "kind": item.kind,
        "entity": item.entity,
        "currency": item.currency,
        "issued_on": item.issued_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "original": major(item.original_minor, item.currency),
        "open": major(item.open_minor, item.currency),
        "disputed": major(item.disputed_minor, item.currency),
        "is_factored": item.is_assigned,
        "days_past_due": max(0, item.days_past_due),
        "ladder_age": max(0, item.ladder_age),
    }
