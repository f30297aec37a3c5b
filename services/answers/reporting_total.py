"""The total in the reporting currency, with every rate used and its day, beside the totals per currency."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict, cast

from domain.exchange import convert
from domain.money import major
from infra.rates import Rates

RateTaken = TypedDict("RateTaken", {"from": str, "to": str, "rate": str, "on": str})


class Sums(TypedDict, total=False):
    """Those that the report adds up; none where a rate is missing."""

    open: str
    exposure: str
    overdue: str
    allowance: str


class ReportingTotal(Sums):
    currency: str
    rates: list[RateTaken]
    missing_rates: list[str]


class InReportingCurrency(TypedDict, total=False):
    """What a report adds when a reporting currency is set."""

    reporting: ReportingTotal


def in_reporting_currency(
    currency: str | None, amounts: Mapping[str, Mapping[str, int]], rates: Rates, on: date
) -> InReportingCurrency:
    """As `reporting_total`, for the end of a report."""
    total = reporting_total(currency, amounts, rates, on)
    return {"reporting": total} if total else {}


def reporting_total(
    currency: str | None, amounts: Mapping[str, Mapping[str, int]], rates: Rates, on: date
) -> ReportingTotal | None:
    """`amounts` are currency -> name -> minor units. Currencies without a rate are named, and then there is no sum."""
    if not currency:
        return None
    found = {source: rate for source in sorted(amounts) if (rate := rates.rate(source, currency, on))}
    missing = sorted(amounts.keys() - found.keys())
    sums: dict[str, int] = {}
    for source, rate in found.items():
        for name, minor in amounts[source].items():
            sums[name] = sums.get(name, 0) + convert(minor, rate, currency)
    taken: list[RateTaken] = [
        {"from": rate.source, "to": rate.target, "rate": format(rate.rate, "f"), "on": rate.on.isoformat()}
        for source, rate in found.items()
        if source != currency
    ]
    totals = cast(Sums, {} if missing else {name: major(minor, currency) for name, minor in sums.items()})
    return {"currency": currency, **totals, "rates": taken, "missing_rates": missing}
