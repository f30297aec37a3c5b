"""Amounts and days as people of each language write them; Babel, which is slower, writes them the same."""

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from domain.money import EXPONENTS
from infra.texts.locales import LANGUAGES, amount, day, language_of, number, region_of, short_day

NBSP = "\N{NO-BREAK SPACE}"
DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("language", "currency", "shown"),
    [
        ("de", "EUR", f"1.234,56{NBSP}€"),
        ("nl", "EUR", f"€{NBSP}1.234,56"),
        ("nb", "NOK", f"1{NBSP}234,56{NBSP}kr"),
        ("en", "EUR", "€1,234.56"),
        ("en", "GBP", "£1,234.56"),
        ("en", "NOK", f"NOK{NBSP}1,234.56"),
        ("de", "NOK", f"1.234,56{NBSP}NOK"),
        ("de", "JPY", f"123.456{NBSP}¥"),
    ],
)
def test_an_amount_is_written_as_people_of_the_language_do(language, currency, shown):
    assert amount(123456, currency, language) == shown


def test_a_number_in_a_table_has_no_currency():
    assert [number(123456, "EUR", language) for language in LANGUAGES] == [
        "1,234.56",
        "1.234,56",
        "1.234,56",
        f"1{NBSP}234,56",
    ]


def test_less_than_nothing_is_seen_to_be_less():
    assert amount(-5, "EUR", "de") == f"-0,05{NBSP}€"
    assert amount(-5, "EUR", "nl") == f"€{NBSP}-0,05"
    assert amount(-5, "EUR", "en") == "-€0.05"
    assert number(-5, "EUR", "de") == "-0,05"


def _decimals(currency: str) -> int:
    return len(format_currency(1, currency, locale="en_GB").partition(".")[2])


# Of a few, as the Hungarian forint, people write no cents though banks know them.
AS_BANKS_KNOW_THEM = sorted(currency for currency, digits in EXPONENTS.items() if _decimals(currency) == digits)


@given(
    minor=st.integers(-(10**18) + 1, 10**18 - 1),
    currency=st.sampled_from(AS_BANKS_KNOW_THEM),
    language=st.sampled_from(LANGUAGES),
)
def test_babel_writes_every_amount_the_same(minor, currency, language):
    value = Decimal(minor).scaleb(-EXPONENTS[currency])
    theirs = format_currency(value, currency, locale=f"{language}_{region_of(language)}")
    assert _plain(amount(minor, currency, language)) == _plain(theirs)


def _plain(text: str) -> str:
    """Babel's English sets no space after a currency of letters, its Norwegian a hyphen for a minus."""
    return text.replace(NBSP, "").replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize(
    ("language", "in_full", "short"),
    [
        ("en", "5 January 2026", "5 Jan 2026"),
        ("de", "5. Januar 2026", "05.01.2026"),
        ("nl", "5 januari 2026", "5 jan 2026"),
        ("nb", "5. januar 2026", "5. jan. 2026"),
    ],
)
def test_a_day_is_written_in_full_in_a_sentence_and_short_in_a_table(language, in_full, short):
    assert (day(DAY, language), short_day(DAY, language)) == (in_full, short)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_CH", "de"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("nb", "nb"),
        ("en-US", "en"),
        ("fr", "en"),
        ("", "en"),
        ("../en", "en"),
        (" nl ", "nl"),
    ],
)
def test_the_language_of_a_letter_follows_from_the_customers(tag, language):
    assert language_of(tag) == language
