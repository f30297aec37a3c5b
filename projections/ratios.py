"""Ratios: exact fractions, rounded once, when they are shown."""

from fractions import Fraction

PLACES = 10**4


def ratio(part: int | Fraction, whole: int | Fraction, times: int = 1) -> Fraction | None:
    """`part / whole x times`, or None when there is no whole to take a part of."""
    return Fraction(part) * times / whole if whole else None


def four(value: Fraction | int | None) -> str | None:
    """Text with four decimals, half rounded away from zero."""
    if value is None:
        return None
    part, whole = value.numerator, value.denominator
    scaled = (2 * abs(part) * PLACES + whole) // (2 * whole)
    sign = "-" if part < 0 and scaled else ""
    return f"{sign}{scaled // PLACES}.{scaled % PLACES:04d}"


def half_up(value: Fraction | int) -> int:
    """The nearest whole number of a value of zero or more, half rounded up."""
    value = Fraction(value)
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
