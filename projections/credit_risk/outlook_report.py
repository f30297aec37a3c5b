"""The outlook as it is shown: the chance to collect at each age, and the cash of the coming weeks per currency."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from domain.money import major
from projections.credit_risk.outlook import (
    DEFAULT_CURVE,
    DEFAULT_NAME,
    Curve,
    Open,
    Seen,
    Week,
    collection_probability,
    curve,
    forecast,
)
from projections.projection import Row
from projections.ratios import four

FIRST_VERSION = "first version: items are taken to pay as in the past, and independently of each other"


def readable_outlook(seen: Iterable[Row], opened: Iterable[Row], as_of: date, weeks: int) -> dict[str, Any]:
    history = curve(Seen(*row) for row in seen)
    by_currency: dict[str, list[Open]] = {}
    for currency, due_on, minor, squares in opened:
        by_currency.setdefault(currency, []).append(Open(due_on, int(minor), int(squares)))
    return {
        "note": FIRST_VERSION,
        "default": DEFAULT_NAME,
        "collection": [_chance(history, days) for days, _ in DEFAULT_CURVE],
        "totals": [
            {
                "currency": currency,
                "open": major(sum(each.minor for each in items), currency),
                "weeks": [_week(week, currency) for week in forecast(history, items, as_of, weeks)],
            }
            for currency, items in sorted(by_currency.items())
        ],
    }


def _chance(history: Curve, days: int) -> dict[str, Any]:
    found = collection_probability(history, days)
    probability, items = four(found.probability), found.items
    return {"days_past_due": days, "probability": probability, "source": found.source, "items_watched": items}


def _week(week: Week, currency: str) -> dict[str, Any]:
    days = {"from": week.from_on.isoformat(), "to": week.until_on.isoformat()}
    amounts = {"expected": week.expected, "low": week.low, "high": week.high}
    return days | {name: major(minor, currency) for name, minor in amounts.items()}
