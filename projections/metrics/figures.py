"""Figures a credit controller is measured by. Amounts are minor units of one currency; nothing is rounded here.

A figure is None where it has no meaning: days of sales without sales, a share of nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from projections.ratios import ratio


@dataclass(frozen=True, slots=True)
class Sales:
    """What was issued in a stretch of days that ends where the next newer one begins."""

    minor: int
    days: int


def days_sales_outstanding(receivables: int, sales: int, window_days: int) -> Fraction | None:
    """DSO: receivables as days of the window's sales. Best possible DSO is that of what is not due yet."""
    return ratio(receivables, sales, window_days)


def countback_dso(receivables: int, newest_first: Iterable[Sales]) -> Fraction | None:
    """Days until the receivables are used up, counting sales back from the newest month.

    The month in which they run out counts in part. What is more than all sales ever made (charges) adds no day.
    """
    left, days, sold = receivables, Fraction(0), False
    for stretch in newest_first:
        if left <= 0:
            break
        sold = sold or stretch.minor > 0
        used = Fraction(left, stretch.minor) if stretch.minor > left else Fraction(1)
        days += used * stretch.days
        left -= stretch.minor
    return days if sold or receivables <= 0 else None


def average_days_delinquent(dso: Fraction | None, best_possible: Fraction | None) -> Fraction | None:
    return None if dso is None or best_possible is None else dso - best_possible


def collection_effectiveness(begin: int, sales: int, end_total: int, end_not_due: int) -> Fraction | None:
    """CEI: of what could be collected in the period, the per cent that was."""
    return ratio(begin + sales - end_total, begin + sales - end_not_due, 100)


def weighted_days(amount_days: int, amount: int) -> Fraction | None:
    """Days late, each weighted by its amount: the sum of amount x days over the sum of amounts."""
    return ratio(amount_days, amount)
