"""Metrics: the figures of a period per currency, as they are shown, each beside the amounts it is made of."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from domain.money import major
from projections.metrics import figures
from projections.metrics.tallies import Contacts, Month, Open, Period, Promises, Sales, Settled
from projections.projection import Row
from projections.ratios import four, ratio

Figure = dict[str, Any]
T = TypeVar("T")


def readable(period: Period, answers: Sequence[Iterable[Row]]) -> list[dict[str, Any]]:
    """A row per currency from the answers to `tallies.questions`; what has no meaning has the value None."""
    opened, begun, sales, months, settled, promises, contacts = answers
    ends, begins = _by_currency(Open, opened), _by_currency(Open, begun)
    sold, paid = _by_currency(Sales, sales), _by_currency(Settled, settled)
    promised, contacted = _by_currency(Promises, promises), _by_currency(Contacts, contacts)
    sold_by_month: dict[str, list[Month]] = {}
    for currency, month_on, minor in months:
        sold_by_month.setdefault(currency, []).append(Month(currency, month_on, int(minor)))
    rows = []
    for currency in sorted({*ends, *begins, *sold, *paid, *promised}):
        end, begin = (each.get(currency, Open(currency)) for each in (ends, begins))
        sale = sold.get(currency, Sales(currency))
        rows.append(
            {
                "currency": currency,
                **_dso(period, end, sale, sold_by_month.get(currency, [])),
                **_collection(begin, end, sale),
                **_behaviour(
                    paid.get(currency, Settled(currency)),
                    promised.get(currency, Promises(currency)),
                    contacted.get(currency, Contacts(currency)),
                ),
            }
        )
    return rows


def _dso(period: Period, end: Open, sales: Sales, months: Sequence[Month]) -> dict[str, Figure]:
    currency, window = end.currency, period.window_days
    dso = figures.days_sales_outstanding(end.total, sales.window, window)
    best = figures.days_sales_outstanding(end.not_due, sales.window, window)
    countback = figures.countback_dso(end.total, _newest_first(months, period.as_of))
    amounts = {"receivables": major(end.total, currency), "sales": major(sales.window, currency)}
    return {
        "dso": _figure(dso) | amounts | {"window_days": window},
        "dso_countback": _figure(countback),
        "best_possible_dso": _figure(best) | {"not_due": major(end.not_due, currency)},
        "average_days_delinquent": _figure(figures.average_days_delinquent(dso, best)),
    }


def _collection(begin: Open, end: Open, sales: Sales) -> dict[str, Figure]:
    effectiveness = figures.collection_effectiveness(begin.total, sales.period, end.total, end.not_due)
    amounts = {"begin": begin.total, "sales": sales.period, "end_total": end.total, "end_not_due": end.not_due}
    return {
        "cei": _figure(effectiveness) | {name: major(minor, end.currency) for name, minor in amounts.items()},
        "over_90_share": _figure(ratio(end.over_90, end.total)) | {"over_90": major(end.over_90, end.currency)},
    }


def _behaviour(settled: Settled, promises: Promises, contacts: Contacts) -> dict[str, Figure]:
    late = figures.weighted_days(settled.minor_days, settled.minor)
    counted = {"contacts": contacts.contacts, "invoices": contacts.invoices}
    return {
        "weighted_average_days_late": _figure(late) | {"settled": major(settled.minor, settled.currency)},
        "promise_kept_rate": _figure(ratio(promises.kept, promises.decided))
        | {"kept": promises.kept, "decided": promises.decided},
        "contacts_per_paid_invoice": _figure(ratio(contacts.contacts, contacts.invoices)) | counted,
    }


def _figure(value: Fraction | None) -> Figure:
    return {"value": four(value)}


def _newest_first(months: Sequence[Month], as_of: date) -> Iterator[figures.Sales]:
    """Every month from that of `as_of`, in which only the days so far count, to the first with sales."""
    minor = {month.month_on: month.minor for month in months}
    month_on = as_of.replace(day=1)
    while minor and month_on >= min(minor):
        days = as_of.day if month_on == as_of.replace(day=1) else monthrange(month_on.year, month_on.month)[1]
        yield figures.Sales(minor.get(month_on, 0), days)
        month_on = date(month_on.year - (month_on.month == 1), (month_on.month - 2) % 12 + 1, 1)


def _by_currency(kind: Callable[..., T], rows: Iterable[Row]) -> dict[str, T]:
    # Sums come as decimals.
    return {currency: kind(currency, *map(int, sums)) for currency, *sums in rows}
