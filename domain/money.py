"""Money: whole minor units of one currency, never mixed, never rounded by accident."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from domain.refusal import Refused

# ISO 4217, active codes by number of minor digits; every other code is refused.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
    "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS = {code: digits for digits, codes in _CODES.items() for code in codes.split()}

# Eighteen digits fit a 64-bit integer whatever the currency.
_MOST_MINOR = 10**18 - 1
_MOST_TEXT = 40
# Digits between two separators of thousands.
_GROUP = 3


def exponent(currency: str) -> int:
    """Minor digits of an ISO 4217 currency; refuses `unknown_currency`."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise Refused("unknown_currency", f"{currency[:10]!r} is not an ISO 4217 currency code") from None


def major(minor: int, currency: str) -> str:
    """Major units as plain text: 123456 EUR -> '1234.56', 5 JPY -> '5'."""
    digits = exponent(currency)
    if not digits:
        return str(minor)
    text = str(abs(minor)).zfill(digits + 1)
    return f"{'-' if minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def readable(minor: int, currency: str) -> str:
    """For people: 123456 EUR -> '1,234.56 EUR'."""
    return f"{Decimal(major(minor, currency)):,} {currency}"


def minor_units(text: str, currency: str, *, decimal_comma: bool = False) -> int:
    """Minor units of an amount written by people: '1,234.56', or '1.234,56' with `decimal_comma`.

    Zeros at the end beyond what the currency has change nothing: '12000.00' JPY, '12.5000' EUR. With exactly three
    digits after a lone separator it could be a thousand times as much: '1.500' EUR is refused.
    Refuses `not_an_amount`, `too_many_decimals`, `amount_too_large` and `unknown_currency`.
    """
    digits = exponent(currency)
    text = text.strip()
    found = _grammar(decimal_comma).fullmatch(text) if len(text) <= _MOST_TEXT else None
    if not found:
        raise Refused("not_an_amount", f"{text[:20]!r} is not an amount such as {_example(decimal_comma)}")
    sign, whole, fraction = found.groups(default="")
    if len(fraction) > digits:
        is_exact = not fraction[digits:].strip("0")
        may_be_thousands = len(fraction) == _GROUP and whole.isdecimal()
        if may_be_thousands or not is_exact:
            raise Refused("too_many_decimals", _too_many(text, len(fraction), currency, is_exact=is_exact))
    minor = int(whole.replace(",", "").replace(".", "") + fraction[:digits].ljust(digits, "0"))
    if minor > _MOST_MINOR:
        raise Refused("amount_too_large", f"{text[:20]!r} is more than a ledger amount can hold")
    return -minor if sign == "-" else minor


def basis_points(text: str) -> int:
    """Of a share in per cent written by people: '25', '2.5 %'. Refuses `not_a_percent`."""
    text = text.strip()
    try:
        points = Decimal(text.removesuffix("%")) * 100 if len(text) <= _MOST_TEXT else Decimal("NaN")
    except ArithmeticError:
        raise Refused("not_a_percent", f"{text[:20]!r} is not a per cent such as 25 or 2.5") from None
    if not points.is_finite() or points != int(points):
        raise Refused("not_a_percent", f"{text[:20]!r} is finer than a hundredth of a per cent")
    if abs(points) > _MOST_MINOR:
        raise Refused("not_a_percent", f"{text[:20]!r} is more than a ledger can hold")
    return int(points)


def split(minor: int, weights: Sequence[int]) -> list[int]:
    """Shares of an amount in proportion to `weights`, by largest remainder: they always add up to it.

    Ties go to the earlier share.
    """
    if minor < 0 or not weights or min(weights) < 0 or not sum(weights):
        raise ValueError("a split needs an amount of zero or more and weights that are not all zero")
    total = sum(weights)
    shares = [minor * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(minor * weights[i] % total), i))
    for i in by_remainder[: minor - sum(shares)]:
        shares[i] += 1
    return shares


def percentage(minor: int, basis_points: int) -> int:
    """`basis_points` hundredths of a per cent of an amount, half a minor unit rounded up."""
    return proportion(minor, basis_points, 10000)


def proportion(minor: int, part: int, whole: int) -> int:
    """As much of an amount as `part` is of `whole`, half a minor unit rounded up."""
    return (2 * minor * part + whole) // (2 * whole)


@lru_cache
def _grammar(decimal_comma: bool) -> re.Pattern[str]:
    group, point = (r"\.", ",") if decimal_comma else (",", r"\.")
    return re.compile(rf"([+-]?)([0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{point}([0-9]+))?", re.ASCII)


def _too_many(text: str, decimals: int, currency: str, *, is_exact: bool) -> str:
    many = f"{decimals} decimal{'s' if decimals > 1 else ''}"
    doubt = "; thousands may be meant" if is_exact else ""
    return f"{text[:20]!r} has {many}, {currency} has {exponent(currency)}{doubt}"


def _example(decimal_comma: bool) -> str:
    return "1.234,56" if decimal_comma else "1,234.56"
