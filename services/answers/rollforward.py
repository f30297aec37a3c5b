"""A rollforward as plain data: per entity and currency from what was open to what is, and why."""

from collections.abc import Iterable
from typing import TypedDict

from domain.money import major
from projections.open_items.rollforward import Period, Rollforward
from services.answers.as_known import Assumed, FromTo, KnownTo, assumed, known_to
from services.snapshots import AsOfPosition


class RollforwardTotal(TypedDict):
    """`closing` = opening + invoiced + charges - credit_notes - cash - discounts - write_offs + other."""

    entity: str
    currency: str
    opening: str
    invoiced: str
    charges: str
    credit_notes: str
    cash: str
    discounts: str
    write_offs: str
    other: str
    closing: str


class RollforwardReport(KnownTo, FromTo, Assumed):
    totals: list[RollforwardTotal]


def rollforward_report(period: Period, snapshot: AsOfPosition, found: Iterable[Rollforward]) -> RollforwardReport:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        **known_to(snapshot),
        **assumed(period.last, snapshot),
        "totals": [_total(each) for each in found],
    }


def _total(found: Rollforward) -> RollforwardTotal:
    def amount(column: str) -> str:
        return major(found.columns[column], found.currency)

    return {
        "entity": found.entity,
        "currency": found.currency,
        "opening": major(found.opening_minor, found.currency),
        "invoiced": amount("invoiced"),
        "charges": amount("charges"),
        "credit_notes": amount("credit_notes"),
        "cash": amount("cash"),
        "discounts": amount("discounts"),
        "write_offs": amount("write_offs"),
        "other": amount("other"),
        "closing": major(found.closing_minor, found.currency),
    }
