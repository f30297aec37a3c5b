"""Ratios: exact fractions, rounded once, when they are shown."""

from fractions import Fraction


def ratio(part: int | Fraction, whole: int | Fraction, times: int = 1) -> Fraction | None:
    """`part / whole x times`, or None when there is no whole to take a part of."""
    return Fraction(part) * times / whole if whole else None


def four(value: Fraction | int | None) -> str | None:
    """Text with four decimals, half rounded away from zero."""
    return None if value is None else _text(value, 4)


def six(value: Fraction) -> str:
    """The same with six, for what amounts are multiplied by."""
    return _text(value, 6)


def _text(value: Fraction | int, places: int) -> str:
    one, part, whole = 10**places, value.numerator, value.denominator
    scaled = (2 * abs(part) * one + whole) // (2 * whole)
    sign = "-" if part < 0 and scaled else ""
    return f"{sign}{scaled // one}.{scaled % one:0{places}d}"


def half_up(value: Fraction | int) -> int:
    """The nearest whole number of a value of zero or more, half rounded up."""
    value = Fraction(value)
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
