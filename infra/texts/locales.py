"""Amounts and days as people of a language write them: 1.234,56 € or € 1.234,56, and 5. Januar 2026."""

from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_currency_symbol

from domain.money import exponent

# The languages that texts are shipped in, each with the conventions that go with it.
_CONVENTIONS = {"en": "en_GB", "de": "de_DE", "nl": "nl_NL", "nb": "nb_NO"}
LANGUAGES = tuple(_CONVENTIONS)
DEFAULT_LANGUAGE = "en"
# What others call them.
_ALSO = {"no": "nb", "nn": "nb"}


@lru_cache(maxsize=1000)
def language_of(tag: str) -> str:
    """The language to write in to somebody with this language tag, as de-AT or no; English where we have none of it."""
    name = tag.strip().lower().replace("_", "-").partition("-")[0]
    name = _ALSO.get(name, name)
    return name if name in _CONVENTIONS else DEFAULT_LANGUAGE


def region_of(language: str) -> str:
    """Whose conventions are used, as DE."""
    return _CONVENTIONS[language].partition("_")[2]


# The same few hundred days are on all letters of a run.
@lru_cache(maxsize=10_000)
def day(on: date, language: str) -> str:
    """In full, for a sentence: 5. Januar 2026."""
    return format_date(on, "long", locale=_CONVENTIONS[language])


@lru_cache(maxsize=10_000)
def short_day(on: date, language: str) -> str:
    """For a table: 05.01.2026."""
    return format_date(on, "medium", locale=_CONVENTIONS[language])


# The same amounts come again and again within one letter.
@lru_cache(maxsize=10_000)
def amount(minor: int, currency: str, language: str) -> str:
    """With its currency: 1.234,56 €."""
    shape = _shape(currency, language)
    before, after = shape.negative if minor < 0 else shape.positive
    return f"{before}{_digits(abs(minor), shape)}{after}"


@lru_cache(maxsize=10_000)
def number(minor: int, currency: str, language: str) -> str:
    """Without its currency, for a table that says which one it is: 1.234,56."""
    shape = _shape(currency, language)
    return f"{shape.minus if minor < 0 else ''}{_digits(abs(minor), shape)}"


class _Shape(NamedTuple):
    """How amounts of a currency are written: what goes before and after them, and between their digits."""

    positive: tuple[str, str]
    negative: tuple[str, str]
    group: str
    point: str
    minus: str
    decimals: int


@cache
def _shape(currency: str, language: str) -> _Shape:
    """From Babel, whose own formatting of one amount takes longer than all else in a letter takes together."""
    locale = Locale.parse(_CONVENTIONS[language])
    pattern, symbols = locale.currency_formats["standard"], locale.number_symbols["latn"]
    symbol, minus = get_currency_symbol(currency, locale), symbols["minusSign"]
    # A name of letters stands apart from its amount in every language.
    gap = "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else ""

    def affix(text: str) -> str:
        return text.replace("¤", symbol + (gap if text.endswith("¤") else "")).replace("-", minus)

    (before, before_negative), (after, after_negative) = pattern.prefix, pattern.suffix
    return _Shape(
        (affix(before), after.replace("¤", symbol)),
        (affix(before_negative), after_negative.replace("¤", symbol)),
        symbols["group"],
        symbols["decimal"],
        minus,
        exponent(currency),
    )


def _digits(minor: int, shape: _Shape) -> str:
    whole, fraction = divmod(minor, 10**shape.decimals)
    grouped = f"{whole:,}".replace(",", shape.group)
    return f"{grouped}{shape.point}{fraction:0{shape.decimals}d}" if shape.decimals else grouped
