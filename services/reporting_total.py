"""The total in the reporting currency, with every rate used and its day, beside the totals per currency."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.exchange import convert
from domain.money import major
from infra.rates import Rates


def reporting_total(
    currency: str | None, amounts: Mapping[str, Mapping[str, int]], rates: Rates, on: date
) -> dict[str, Any] | None:
    """`amounts` are currency -> name -> minor units. Currencies without a rate are named, and then there is no sum."""
    if not currency:
        return None
    found = {source: rate for source in sorted(amounts) if (rate := rates.rate(source, currency, on))}
    missing = sorted(amounts.keys() - found.keys())
    sums: dict[str, int] = {}
    for source, rate in found.items():
        for name, minor in amounts[source].items():
            sums[name] = sums.get(name, 0) + convert(minor, rate, currency)
    shown = [
        {"from": rate.source, "to": rate.target, "rate": format(rate.rate, "f"), "on": rate.on.isoformat()}
        for source, rate in found.items()
        if source != currency
    ]
    totals = {} if missing else {name: major(minor, currency) for name, minor in sums.items()}
    return {"currency": currency, **totals, "rates": shown, "missing_rates": missing}
