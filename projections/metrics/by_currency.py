"""Metrics: the figures of a period per currency, each beside the amounts it is made of."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from projections.metrics import figures
from projections.metrics.tallies import Contacts, Month, Open, Period, Promises, Sales, Settled
from projections.projection import Row
from projections.ratios import ratio

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CurrencyMetrics:
    """The tallies of one currency, and the figures they come to; a figure that has no meaning is None."""

    currency: str
    begin: Open
    end: Open
    sales: Sales
    settled: Settled
    promises: Promises
    contacts: Contacts
    dso: Fraction | None
    dso_countback: Fraction | None
    best_possible_dso: Fraction | None

    @property
    def average_days_delinquent(self) -> Fraction | None:
        return figures.average_days_delinquent(self.dso, self.best_possible_dso)

    @property
    def cei(self) -> Fraction | None:
        return figures.collection_effectiveness(self.begin.total, self.sales.period, self.end.total, self.end.not_due)

    @property
    def over_90_share(self) -> Fraction | None:
        return ratio(self.end.over_90, self.end.total)

    @property
    def weighted_average_days_late(self) -> Fraction | None:
        return figures.weighted_days(self.settled.minor_days, self.settled.minor)

    @property
    def promise_kept_rate(self) -> Fraction | None:
        return ratio(self.promises.kept, self.promises.decided)

    @property
    def contacts_per_paid_invoice(self) -> Fraction | None:
        return ratio(self.contacts.contacts, self.contacts.invoices)


def metrics(period: Period, answers: Sequence[Iterable[Row]]) -> Iterator[CurrencyMetrics]:
    """By currency, from the answers to `tallies.questions`."""
    opened, begun, sales, months, settled, promises, contacts = answers
    ends, begins = _by_currency(Open, opened), _by_currency(Open, begun)
    sold, paid = _by_currency(Sales, sales), _by_currency(Settled, settled)
    promised, contacted = _by_currency(Promises, promises), _by_currency(Contacts, contacts)
    sold_by_month: dict[str, list[Month]] = {}
    for currency, month_on, minor in months:
        sold_by_month.setdefault(currency, []).append(Month(currency, month_on, int(minor)))
    for currency in sorted({*ends, *begins, *sold, *paid, *promised}):
        end, sale = ends.get(currency, Open(currency)), sold.get(currency, Sales(currency))
        by_month = _newest_first(sold_by_month.get(currency, []), period.as_of)
        yield CurrencyMetrics(
            currency,
            begins.get(currency, Open(currency)),
            end,
            sale,
            paid.get(currency, Settled(currency)),
            promised.get(currency, Promises(currency)),
            contacted.get(currency, Contacts(currency)),
            dso=figures.days_sales_outstanding(end.total, sale.window, period.window_days),
            dso_countback=figures.countback_dso(end.total, by_month),
            best_possible_dso=figures.days_sales_outstanding(end.not_due, sale.window, period.window_days),
        )


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
