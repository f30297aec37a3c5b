"""Exchange: what an amount is worth in another currency, at a stated rate of a stated day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.money import exponent


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `source` was worth `rate` units of `target` on that day."""

    on: date
    source: str
    target: str
    rate: Decimal


def convert(minor: int, rate: Rate, to: str) -> int:
    """Minor units of `to`, either end of the rate, half a minor unit rounded away from zero."""
    if to not in (rate.source, rate.target):
        raise ValueError(f"a rate from {rate.source} to {rate.target} gives no {to}")
    forward = to == rate.target
    came_from = rate.source if forward else rate.target
    worth = Fraction(rate.rate) if forward else 1 / Fraction(rate.rate)
    worth *= Fraction(10) ** (exponent(to) - exponent(came_from))
    exact = abs(minor) * worth
    rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return -rounded if minor < 0 else rounded
