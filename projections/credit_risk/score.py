"""A customer's score, risk class and proposed limit: stated rules over how late the money came."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

# Weighted average days late -> score. Between two points a straight line; the last slope goes on down to zero.
SCALE = ((0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (120, 20), (180, 0))

# A class begins at this score: A is at most 15 days late, B 22, C 30, D 90.
CLASSES = (("A", 70), ("B", 60), ("C", 50), ("D", 30), ("E", 0))

# Per cent of an average quarter's sales that a class may owe at once.
LIMIT_PERCENT = {"A": 150, "B": 100, "C": 75, "D": 50, "E": 0}
QUARTER_DAYS = 90


def score(days_late: Fraction, scale: Sequence[tuple[int, int]] = SCALE) -> Fraction:
    """0-100 on the scale of weighted average days late; more than the last point is the last point's score."""
    days_late = max(days_late, Fraction(scale[0][0]))
    for (from_days, high), (to_days, low) in pairwise(scale):
        if days_late <= to_days:
            return high - (days_late - from_days) * Fraction(high - low, to_days - from_days)
    return Fraction(scale[-1][1])


def risk_class(score: Fraction, classes: Sequence[tuple[str, int]] = CLASSES) -> str:
    return next(name for name, at_least in classes if score >= at_least)


def proposed_limit(risk_class: str, sales_minor: int, days: int) -> int | None:
    """The class's share of an average quarter's sales, cut to two leading digits; `days` are those the sales took.

    A customer of a few weeks is taken to buy as much in a quarter. None for a class that this table does not know.
    """
    percent = LIMIT_PERCENT.get(risk_class)
    if percent is None:
        return None
    return two_digits(sales_minor * QUARTER_DAYS * percent // (max(days, QUARTER_DAYS) * 100))


def two_digits(minor: int) -> int:
    """12,345 -> 12,000: a limit is a round figure, and never more than the rule gives."""
    step: int = 10 ** max(0, len(str(minor)) - 2)
    return minor // step * step
