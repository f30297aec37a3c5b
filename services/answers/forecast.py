"""The forecast as plain data: the chance to collect at each age, and the cash of the coming weeks per currency."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from domain.money import major
from projections.credit_risk.outlook import (
    DEFAULT_CURVE,
    DEFAULT_NAME,
    CashForecast,
    Curve,
    Week,
    collection_probability,
)
from projections.ratios import four
from services.answers.as_known import AsKnown, FromTo, as_known
from services.snapshots import AsOfPosition

FIRST_VERSION = "first version: items are taken to pay as in the past, and independently of each other"


class CollectionChance(TypedDict):
    days_past_due: int
    probability: str | None
    source: str
    items_watched: int


class ForecastWeek(FromTo):
    """`low` to `high` holds eight of ten outcomes."""

    expected: str
    low: str
    high: str


class ForecastTotal(TypedDict):
    currency: str
    open: str
    weeks: list[ForecastWeek]


class ForecastReport(AsKnown):
    """`default` names where chances come from that history does not give."""

    note: str
    default: str
    collection: list[CollectionChance]
    totals: list[ForecastTotal]


def forecast_report(
    as_of: date, snapshot: AsOfPosition, history: Curve, forecasts: Iterable[CashForecast]
) -> ForecastReport:
    return {
        **as_known(as_of, snapshot),
        "note": FIRST_VERSION,
        "default": DEFAULT_NAME,
        "collection": [_chance(history, days) for days, _ in DEFAULT_CURVE],
        "totals": [_total(each) for each in forecasts],
    }


def _chance(history: Curve, days: int) -> CollectionChance:
    found = collection_probability(history, days)
    return {
        "days_past_due": days,
        "probability": four(found.probability),
        "source": found.source,
        "items_watched": found.items,
    }


def _total(forecast: CashForecast) -> ForecastTotal:
    currency = forecast.currency
    return {
        "currency": currency,
        "open": major(forecast.open_minor, currency),
        "weeks": [_week(week, currency) for week in forecast.weeks],
    }


def _week(week: Week, currency: str) -> ForecastWeek:
    return {
        "from": week.from_on.isoformat(),
        "to": week.until_on.isoformat(),
        "expected": major(week.expected, currency),
        "low": major(week.low, currency),
        "high": major(week.high, currency),
    }
