"""Amounts as programs and people write them, with signs, groups and marks that `domain.money` itself does not read."""

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.money import EXPONENTS, exponent, minor_units
from domain.refusal import Refused

_LONGEST = 60
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_SIGNS = {
    "€": "EUR",
    "$": "USD AUD CAD NZD SGD HKD MXN BRL TWD ARS CLP COP JMD TTD BBD BSD BZD XCD FJD NAD LRD BND SBD GYD SRD KYD BMD",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD NIO",
    "CA$": "CAD",
    "NZ$": "NZD",
    "S$": "SGD",
    "HK$": "HKD",
    "R$": "BRL",
    "£": "GBP EGP FKP GIP SHP SYP LBP SDG SSP",
    "¥": "JPY CNY",
    "₹": "INR",
    "₩": "KRW KPW",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "₪": "ILS",
    "kr": "NOK SEK DKK ISK",
    "kr.": "NOK SEK DKK ISK",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "R": "ZAR",
}
_MARKS = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_WRITTEN = re.compile(
    rf"(?P<open>\()?\s?(?P<sign>[+-])?\s?(?P<before>{_MARKS}|[A-Z]{{3}})?\s?(?P<inner>[+-])?"
    r"(?P<digits>[0-9](?:[0-9.,'’]|\s(?=[0-9]{3}(?![0-9])))*)"
    rf"\s?(?P<minus>[+-])?\s?(?P<after>{_MARKS}|[A-Z]{{3}})?\s?(?P<close>\))?\s?(?P<side>[CcDd][Rr]|[SH])?(?P<last>-)?"
)
# In German, S is Soll and H is Haben.
_CREDIT = ("CR", "H")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ '’][0-9]{3})+")
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


class Separator(StrEnum):
    """What an amount shows of the separator before its decimals."""

    POINT = "point"
    COMMA = "comma"
    EITHER = "either"
    NONE = "none"


def separator(text: str) -> Separator | None:
    """None of what is no amount. `1,234` may be a thousand or one and a bit."""
    found = _matched(text)
    if not found:
        return None
    digits = _SPACES.sub(" ", found["digits"])
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return Separator.NONE
    if points and commas:
        return Separator.POINT if digits.rfind(".") > digits.rfind(",") else Separator.COMMA
    mark, other = (Separator.POINT, Separator.COMMA) if points else (Separator.COMMA, Separator.POINT)
    if points + commas > 1:
        return other
    whole, _, fraction = digits.replace(",", ".").partition(".")
    if len(fraction) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        return Separator.EITHER
    # Ten thousands are a group in some countries: only a padded amount such as 12,5000 is none.
    may_be_a_group = len(fraction) == 4 and (not fraction.endswith("00") or fraction == "0000")
    return Separator.NONE if may_be_a_group else mark


def plainly(text: str, currency: str | None, *, decimal_comma: bool) -> str:
    """The same amount as `domain.money.minor_units` reads it, with a decimal point.

    In brackets, with a minus at its end, or on the credit side (CR, H) it is below zero. Refuses `not_an_amount`, and
    `currency_differs` when it is marked as of another currency.
    """
    found = _matched(text)
    if not found:
        raise _no_amount(text)
    if currency:
        _require_marked(text, found["before"] or found["after"], currency)
    signs = [found[each] for each in ("sign", "inner", "minus", "last") if found[each]]
    is_bracketed, is_credit = found["open"] is not None, (found["side"] or "").upper() in _CREDIT
    if is_bracketed != (found["close"] is not None) or len(signs) + is_bracketed + is_credit > 1:
        raise _no_amount(text)
    group, point = (".", ",") if decimal_comma else (",", ".")
    whole, mark, fraction = _SPACES.sub(" ", found["digits"]).partition(point)
    if _GROUPED.fullmatch(whole) or (not decimal_comma and _INDIAN.fullmatch(whole)):
        whole = f"{int(re.sub('[^0-9]', '', whole)):,}"
    elif group in whole:
        whole = whole.replace(group, ",")
    is_below = is_bracketed or is_credit or "-" in signs
    return f"{'-' if is_below else ''}{whole}{'.' if mark else ''}{fraction}"


def rounded(plain: str, currency: str) -> int:
    """Minor units of a plain amount, half up: away from zero."""
    value = Decimal(plain.replace(",", "")).quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)
    return minor_units(format(value, "f"), currency)


def _matched(text: str) -> re.Match[str] | None:
    text = text.strip().replace("\u2212", "-")
    return _WRITTEN.fullmatch(text) if len(text) <= _LONGEST else None


def _require_marked(text: str, mark: str | None, currency: str) -> None:
    if not mark:
        return
    may_be = _SIGNS[mark].split() if mark in _SIGNS else [mark]
    if mark not in _SIGNS and mark not in EXPONENTS:
        raise _no_amount(text)
    if currency not in may_be:
        raise Refused("currency_differs", f"{text[:20]!r} is not in {currency}")


def _no_amount(text: str) -> Refused:
    return Refused("not_an_amount", f"{text[:20]!r} is not an amount")
