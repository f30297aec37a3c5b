"""Amounts as they stand in files: what they come to, and what cannot be told."""

import pytest
from hypothesis import given, strategies

from domain.money import EXPONENTS, major, minor_units
from domain.refusal import Refused
from domain.written_amount import Separator, plainly, rounded, separator

MOST = 10**15


def minor(text, currency, *, decimal_comma=False):
    return minor_units(plainly(text, currency, decimal_comma=decimal_comma), currency)


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [
        ("$1,234.50", "USD", 1234_50),
        ("-$5", "USD", -5_00),
        ("$-5.00", "USD", -5_00),
        ("($5.00)", "USD", -5_00),
        ("(234.50)", "EUR", -234_50),
        ("1,234.50 CR", "USD", -1234_50),
        ("1,234.50Cr", "USD", -1234_50),
        ("1,234.50 DR", "USD", 1234_50),
        ("25-", "EUR", -25_00),
        ("\u221225", "EUR", -25_00),
        ("1,23,456.00", "INR", 123456_00),
        ("12,34,56,789", "INR", 123456789_00),
        ("12000.00", "JPY", 12000),
        ("¥12,000", "JPY", 12000),
        ("12.5000", "EUR", 12_50),
        ("1'234.50", "CHF", 1234_50),
        ("1’234.50", "CHF", 1234_50),
        ("EUR 5", "EUR", 5_00),
        ("5 EUR", "EUR", 5_00),
    ],
)
def test_an_amount_with_marks_is_read_with_a_decimal_point(text, currency, found):
    assert minor(text, currency) == found


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [
        ("€ 1.234,50", "EUR", 1234_50),
        ("1.234,50 €", "EUR", 1234_50),
        ("2.345,67-", "EUR", -2345_67),
        ("119,00 H", "EUR", -119_00),
        ("1.190,00 S", "EUR", 1190_00),
        ("1 234,50", "EUR", 1234_50),
        ("1\u00a0234,50", "EUR", 1234_50),
        ("1\u202f234\u202f567,8", "EUR", 1234567_80),
        ("1\u2009234,50 kr", "NOK", 1234_50),
        ("kr 99,-", "NOK", None),
    ],
)
def test_an_amount_with_marks_is_read_with_a_decimal_comma(text, currency, found):
    if found is None:
        with pytest.raises(Refused):
            minor(text, currency, decimal_comma=True)
    else:
        assert minor(text, currency, decimal_comma=True) == found


@pytest.mark.parametrize(
    "text",
    [
        *("(5", "5)", "-5-", "(-5)", "(5) CR", "-5 CR", "5 CR-", "ten", "", "-", "$", "1 23", "12 3456", "1,2,3"),
        *("1'23.00", "1,23,45.00", "٣", "=5", "5 XYZ", "5 eur", "1.2.3"),
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refused) as refused:
        minor(text, "EUR")
    assert refused.value.code == "not_an_amount"


@pytest.mark.parametrize(("text", "currency"), [("$5", "EUR"), ("5 USD", "EUR"), ("€5", "USD"), ("5 kr", "EUR")])
def test_a_mark_of_another_currency_is_refused(text, currency):
    with pytest.raises(Refused) as refused:
        minor(text, currency)
    assert refused.value.code == "currency_differs"


def test_a_dollar_may_be_of_many_countries():
    assert minor("$5", "AUD") == minor("$5", "CAD") == minor("A$5", "AUD") == 5_00


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1,234.50", Separator.POINT),
        ("1.234,50", Separator.COMMA),
        ("12.5", Separator.POINT),
        ("12,50", Separator.COMMA),
        ("1,234,567", Separator.POINT),
        ("1.234.567", Separator.COMMA),
        ("0.500", Separator.POINT),
        ("1234,500", Separator.COMMA),
        ("1 234,500", Separator.COMMA),
        ("12,5000", Separator.COMMA),
        ("1,0000", Separator.NONE),
        ("1,234", Separator.EITHER),
        ("$ 1.234", Separator.EITHER),
        ("1234", Separator.NONE),
        ("25-", Separator.NONE),
        ("ten", None),
        ("", None),
    ],
)
def test_what_an_amount_shows_of_its_separator(text, shown):
    assert separator(text) == shown


@pytest.mark.parametrize(
    ("plain", "currency", "found"),
    [
        ("99.99000000000001", "EUR", 99_99),
        ("0.125", "EUR", 13),
        ("-0.125", "EUR", -13),
        ("0.1249999", "EUR", 12),
        ("1,234.5", "JPY", 1235),
        ("1.0005", "KWD", 1001),
    ],
)
def test_half_of_the_smallest_unit_is_rounded_up_away_from_zero(plain, currency, found):
    assert rounded(plain, currency) == found


@given(strategies.integers(-MOST, MOST), strategies.sampled_from(sorted(EXPONENTS)))
def test_an_amount_in_brackets_or_with_a_minus_behind_is_the_negative_one(minor_amount, currency):
    text = major(abs(minor_amount), currency)
    assert minor(f"({text})", currency) == minor(f"{text}-", currency) == minor(f"{text} CR", currency)
    assert minor(f"({text})", currency) == -abs(minor_amount)


@given(strategies.text(max_size=70), strategies.booleans())
def test_any_text_is_an_amount_or_refused(text, decimal_comma):
    try:
        minor(text, "EUR", decimal_comma=decimal_comma)
    except Refused as refused:
        assert refused.code in ("not_an_amount", "too_many_decimals", "amount_too_large", "currency_differs")
    separator(text)
