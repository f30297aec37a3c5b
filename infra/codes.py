"""Countries and languages by what people write: a code, or the name in a language that texts are shipped in."""

from collections.abc import Mapping
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from infra.texts.locales import LANGUAGES

# Codes that CLDR has for what is no country.
_NO_COUNTRIES = frozenset(("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"))


# The same few come again and again in a file.
@lru_cache(maxsize=1000)
def country_code(text: str) -> str | None:
    """ISO 3166 of two letters, of `de`, `DEU`, `Germany`, `Deutschland`, `Duitsland`; None for what is no country."""
    code = text.strip().upper()
    return code if code in _countries() else _country_names().get(text.strip().casefold())


@lru_cache(maxsize=1000)
def language_tag(text: str) -> str | None:
    """`de` or `de-AT`, of `DE`, `de_at`, `German`, `Deutsch`; None for what is no language."""
    language, _, region = text.strip().replace("_", "-").partition("-")
    if language.lower() not in _languages():
        return _language_names().get(text.strip().casefold())
    if not region:
        return language.lower()
    return f"{language.lower()}-{region.upper()}" if region.upper() in _countries() else None


@cache
def _countries() -> frozenset[str]:
    codes = {code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()}
    return frozenset(codes - _NO_COUNTRIES)


@cache
def _country_names() -> Mapping[str, str]:
    """By names, and by the codes of three letters; one that stands for several countries stands for none."""
    countries = _countries()
    also = {
        each.casefold(): codes[0]
        for each, codes in get_global("territory_aliases").items()
        if each.isalpha() and len(codes) == 1 and codes[0] in countries
    }
    return also | {
        name.casefold(): code
        for locale in LANGUAGES
        for code, name in Locale(locale).territories.items()
        if code in countries
    }


@cache
def _languages() -> frozenset[str]:
    return frozenset(
        code for code in map(str, Locale("en").languages) if code.isalpha() and code not in ("mul", "und", "zxx")
    )


@cache
def _language_names() -> Mapping[str, str]:
    languages = _languages()
    return {
        name.casefold(): code
        for locale in LANGUAGES
        for code, name in Locale(locale).languages.items()
        if code in languages
    }
