"""Metrics as plain data: per currency the figures of a period, each beside the amounts it is made of."""

from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict

from domain.money import major
from projections.metrics.by_currency import CurrencyMetrics
from projections.metrics.tallies import Period
from projections.ratios import four
from services.answers.as_known import AsKnown, From, assumed
from services.snapshots import AsOfPosition

FigureName = Literal[
    "dso",
    "dso_countback",
    "best_possible_dso",
    "average_days_delinquent",
    "cei",
    "over_90_share",
    "weighted_average_days_late",
    "promise_kept_rate",
    "contacts_per_paid_invoice",
]


class Figure(TypedDict):
    """`value` has four decimals, None where there is nothing to count it from; with it stands what it is made of."""

    value: str | None
    receivables: NotRequired[str]
    sales: NotRequired[str]
    window_days: NotRequired[int]
    not_due: NotRequired[str]
    begin: NotRequired[str]
    end_total: NotRequired[str]
    end_not_due: NotRequired[str]
    over_90: NotRequired[str]
    settled: NotRequired[str]
    kept: NotRequired[int]
    decided: NotRequired[int]
    contacts: NotRequired[int]
    invoices: NotRequired[int]


class CurrencyFigures(TypedDict):
    currency: str
    dso: Figure
    dso_countback: Figure
    best_possible_dso: Figure
    average_days_delinquent: Figure
    cei: Figure
    over_90_share: Figure
    weighted_average_days_late: Figure
    promise_kept_rate: Figure
    contacts_per_paid_invoice: Figure


class MetricsReport(AsKnown, From):
    totals: list[CurrencyFigures]


def metrics_report(period: Period, snapshot: AsOfPosition, by_currency: Iterable[CurrencyMetrics]) -> MetricsReport:
    return {
        "as_of": period.as_of.isoformat(),
        "from": period.from_on.isoformat(),
        "known_at": snapshot.at_text,
        "position": snapshot.position,
        **assumed(period.as_of, snapshot),
        "totals": [_figures(each, period.window_days) for each in by_currency],
    }


def _figures(found: CurrencyMetrics, window_days: int) -> CurrencyFigures:
    begin, end, sales = found.begin, found.end, found.sales
    promises, contacts = found.promises, found.contacts

    def amount(minor: int) -> str:
        return major(minor, found.currency)

    return {
        "currency": found.currency,
        "dso": {
            "value": four(found.dso),
            "receivables": amount(end.total),
            "sales": amount(sales.window),
            "window_days": window_days,
        },
        "dso_countback": {"value": four(found.dso_countback)},
        "best_possible_dso": {"value": four(found.best_possible_dso), "not_due": amount(end.not_due)},
        "average_days_delinquent": {"value": four(found.average_days_delinquent)},
        "cei": {
            "value": four(found.cei),
            "begin": amount(begin.total),
            "sales": amount(sales.period),
            "end_total": amount(end.total),
            "end_not_due": amount(end.not_due),
        },
        "over_90_share": {"value": four(found.over_90_share), "over_90": amount(end.over_90)},
        "weighted_average_days_late": {
            "value": four(found.weighted_average_days_late),
            "settled": amount(found.settled.minor),
        },
        "promise_kept_rate": {
            "value": four(found.promise_kept_rate),
            "kept": promises.kept,
            "decided": promises.decided,
        },
        "contacts_per_paid_invoice": {
            "value": four(found.contacts_per_paid_invoice),
            "contacts": contacts.contacts,
            "invoices": contacts.invoices,
        },
    }
