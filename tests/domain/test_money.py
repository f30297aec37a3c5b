from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies

from domain.money import EXPONENTS, exponent, major, minor_units, percentage, proportion, readable, split
from domain.refusal import Refused

CURRENCIES = strategies.sampled_from(sorted(EXPONENTS))
MOST = 10**18 - 1


def refusal(*asked, **options):
    with pytest.raises(Refused) as refused:
        minor_units(*asked, **options)
    return refused.value.code


@pytest.mark.parametrize(
    ("currency", "digits"), [("JPY", 0), ("EUR", 2), ("USD", 2), ("KWD", 3), ("CLF", 4), ("XCG", 2), ("ISK", 0)]
)
def test_a_currency_has_the_minor_digits_of_iso_4217(currency, digits):
    assert exponent(currency) == digits


def test_every_active_currency_is_known():
    assert Counter(EXPONENTS.values()) == {0: 17, 2: 139, 3: 7, 4: 2}
    assert {"BIF", "XPF", "AED", "CHW", "CHF", "MXV", "SOS", "SRD", "ZWG", "BHD", "TND", "CLF", "UYW"} <= {*EXPONENTS}


@pytest.mark.parametrize("code", ["", "eur", "EU", "EURO", "XXX", "BTC", "ABC", " EUR"])
def test_a_code_that_is_no_currency_is_refused(code):
    with pytest.raises(Refused) as refused:
        exponent(code)
    assert refused.value.code == "unknown_currency"
    assert refusal("1", code) == "unknown_currency"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1,234.56", "EUR", 123456),
        ("1234.56", "EUR", 123456),
        ("1,234,567.8", "EUR", 123456780),
        ("12", "EUR", 1200),
        ("0.05", "EUR", 5),
        ("0", "EUR", 0),
        ("-0", "EUR", 0),
        ("0" * 40, "EUR", 0),
        ("-12.50", "EUR", -1250),
        ("+12.50", "EUR", 1250),
        ("  12.50\t\n", "EUR", 1250),
        ("\u00a012.50\u202f", "EUR", 1250),
        ("007.50", "EUR", 750),
        ("1,234", "EUR", 123400),
        ("1.234", "KWD", 1234),
        ("1.2", "KWD", 1200),
        ("1,234.567", "KWD", 1234567),
        ("1234", "JPY", 1234),
        ("1,234", "JPY", 1234),
        ("0.0001", "CLF", 1),
        ("9,999,999,999,999,999.99", "EUR", MOST),
        ("999999999999999999", "JPY", MOST),
    ],
)
def test_an_amount_is_read_with_a_decimal_point(text, currency, minor):
    assert minor_units(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1.234,56", "EUR", 123456),
        ("1234,56", "EUR", 123456),
        ("1.234.567,8", "EUR", 123456780),
        ("1.234", "EUR", 123400),
        ("-12,5", "EUR", -1250),
        ("1,234", "KWD", 1234),
        ("1.234", "JPY", 1234),
    ],
)
def test_an_amount_is_read_with_a_decimal_comma_when_asked_for(text, currency, minor):
    assert minor_units(text, currency, decimal_comma=True) == minor


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "+", ".", ",", "--1", "+-1", "1-", "(1)", "- 1"),
        *("nan", "NaN", "inf", "-Infinity", "1e3", "1E3", "1e-2", "0x10", "1_000", "ten", "1/2"),
        *("1.234,56", "1,23", "1,2345", "12,34.56", ",123", "1234,567", "1,,234", "1.2.3", "1 234.56", "1'234.56"),
        *(".5", "5.", "1,234.", "EUR 5", "5 EUR", "5€", "$5"),
        *("١٢٣", "１２", "²", "Ⅻ", "1\u066b5", "−5", "1\x00", "1\n2"),
        *("9" * 41, "9" * 5000, "1" + ",000" * 2000),
    ],
)
def test_what_is_no_amount_is_refused(text):
    assert refusal(text, "EUR") == "not_an_amount"


@pytest.mark.parametrize("text", ["1,234.56", "12.34", "1.23", "1,2,3", ",5"])
def test_what_is_no_amount_with_a_decimal_comma_is_refused(text):
    assert refusal(text, "EUR", decimal_comma=True) == "not_an_amount"


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.234", "EUR"),
        ("5.5", "JPY"),
        ("12000.50", "JPY"),
        ("1,234.567", "EUR"),
        ("12.5001", "EUR"),
        ("1.2345", "KWD"),
        ("0.00001", "CLF"),
    ],
)
def test_more_decimals_than_the_currency_has_are_refused(text, currency):
    assert refusal(text, currency) == "too_many_decimals"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12000.00", "JPY", 12000),
        ("5.0", "JPY", 5),
        ("12.5000", "EUR", 1250),
        ("-12.5000", "EUR", -1250),
        ("1,234.500", "EUR", 123450),
        ("1,234.000", "JPY", 1234),
        ("1.2340", "KWD", 1234),
        ("1.500", "KWD", 1500),
        ("1.500", "CLF", 15000),
        ("0.00010", "CLF", 1),
    ],
)
def test_zeros_at_the_end_change_nothing(text, currency, minor):
    assert minor_units(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"), [("1.500", "EUR"), ("1.230", "EUR"), ("5.000", "JPY"), ("1234.500", "EUR")]
)
def test_three_digits_after_a_lone_separator_may_be_thousands_and_are_refused(text, currency):
    assert refusal(text, currency) == "too_many_decimals"
    assert refusal(text.replace(".", ","), currency, decimal_comma=True) == "too_many_decimals"
    with pytest.raises(Refused, match="thousands may be meant"):
        minor_units(text, currency)


def test_three_decimals_in_euro_are_refused_with_a_decimal_comma_too():
    assert refusal("1,234", "EUR", decimal_comma=True) == "too_many_decimals"


@pytest.mark.parametrize(
    ("text", "currency"),
    [("10,000,000,000,000,000.00", "EUR"), ("-1" + "0" * 18, "JPY"), ("9" * 39, "JPY"), ("9" * 16, "KWD")],
)
def test_an_amount_a_ledger_cannot_hold_is_refused(text, currency):
    assert refusal(text, currency) == "amount_too_large"


def test_a_refusal_repeats_no_more_than_the_beginning_of_what_was_typed():
    with pytest.raises(Refused) as refused:
        minor_units("x" * 10_000, "EUR")
    assert "x" * 20 in refused.value.message
    assert "x" * 21 not in refused.value.message


@pytest.mark.parametrize(("decimal_comma", "example"), [(False, r"1,234\.56"), (True, r"1\.234,56")])
def test_a_refusal_shows_what_an_amount_looks_like(decimal_comma, example):
    with pytest.raises(Refused, match=f"such as {example}$"):
        minor_units("?", "EUR", decimal_comma=decimal_comma)


@pytest.mark.parametrize(
    ("minor", "currency", "text", "for_people"),
    [
        (123456, "EUR", "1234.56", "1,234.56 EUR"),
        (5, "EUR", "0.05", "0.05 EUR"),
        (-5, "EUR", "-0.05", "-0.05 EUR"),
        (-123456, "EUR", "-1234.56", "-1,234.56 EUR"),
        (0, "EUR", "0.00", "0.00 EUR"),
        (5, "JPY", "5", "5 JPY"),
        (-1234, "JPY", "-1234", "-1,234 JPY"),
        (1234, "KWD", "1.234", "1.234 KWD"),
        (12, "CLF", "0.0012", "0.0012 CLF"),
    ],
)
def test_minor_units_are_written_in_major_units(minor, currency, text, for_people):
    assert major(minor, currency) == text
    assert readable(minor, currency) == for_people


@given(strategies.integers(-MOST, MOST), CURRENCIES)
def test_an_amount_written_and_read_is_the_same_amount(minor, currency):
    text = major(minor, currency)
    assert minor_units(text, currency) == minor
    assert minor_units(text.replace(".", ","), currency, decimal_comma=True) == minor


@given(strategies.integers(-MOST, MOST), CURRENCIES)
def test_an_amount_written_with_groups_is_the_same_amount(minor, currency):
    text = f"{Decimal(major(minor, currency)):,}"
    assert minor_units(text, currency) == minor
    assert minor_units(text.translate(str.maketrans(",.", ".,")), currency, decimal_comma=True) == minor


@given(strategies.integers(-MOST, MOST), CURRENCIES, strategies.integers(1, 12))
def test_an_amount_with_more_zeros_is_the_same_amount_or_refused_as_doubtful(minor, currency, zeros):
    plain = major(minor, currency)
    text = f"{plain if '.' in plain else f'{plain}.'}{'0' * zeros}"
    if len(text.partition(".")[2]) == 3:
        assert refusal(text, currency) == "too_many_decimals"
    elif len(text) <= 40:
        assert minor_units(text, currency) == minor
        assert minor_units(text.replace(".", ","), currency, decimal_comma=True) == minor


@given(strategies.integers(-MOST, MOST), CURRENCIES, strategies.integers(1, 12), strategies.integers(1, 9))
def test_what_would_have_to_be_rounded_is_refused(minor, currency, zeros, last):
    plain = major(minor, currency)
    text = f"{plain if '.' in plain else f'{plain}.'}{'0' * (zeros - 1)}{last}"
    assert refusal(text, currency) == ("too_many_decimals" if len(text) <= 40 else "not_an_amount")


@given(strategies.text(max_size=45), CURRENCIES, strategies.booleans())
def test_any_text_is_read_as_decimal_reads_it_or_refused(text, currency, decimal_comma):
    try:
        minor = minor_units(text, currency, decimal_comma=decimal_comma)
    except Refused as refused:
        assert refused.code in ("not_an_amount", "too_many_decimals", "amount_too_large")
    else:
        point, group = (",", ".") if decimal_comma else (".", ",")
        assert Decimal(text.strip().replace(group, "").replace(point, ".")).scaleb(exponent(currency)) == minor


@pytest.mark.parametrize(
    ("minor", "weights", "shares"),
    [
        (100_00, [30, 30, 40], [30_00, 30_00, 40_00]),
        (100_01, [30, 30, 40], [30_00, 30_00, 40_01]),
        (100_03, [30, 30, 40], [30_01, 30_01, 40_01]),
        (1, [30, 30, 40], [0, 0, 1]),
        (2, [30, 30, 40], [1, 0, 1]),
        (10, [1, 1, 1], [4, 3, 3]),
        (11, [1, 1, 1], [4, 4, 3]),
        (0, [1, 2], [0, 0]),
        (7, [0, 1], [0, 7]),
        (7, [1], [7]),
    ],
)
def test_a_split_gives_what_is_left_over_to_the_largest_remainders_the_earlier_first(minor, weights, shares):
    assert split(minor, weights) == shares


@given(
    strategies.integers(0, MOST),
    strategies.lists(strategies.integers(0, 10_000), min_size=1, max_size=40).filter(any),
)
def test_a_split_adds_up_and_is_fair_within_one_unit(minor, weights):
    shares = split(minor, weights)
    assert sum(shares) == minor
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(minor * weight, sum(weights))) < 1
        assert share >= 0


@pytest.mark.parametrize(("minor", "weights"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_a_split_that_makes_no_sense_is_an_error_of_the_program(minor, weights):
    with pytest.raises(ValueError):
        split(minor, weights)


@pytest.mark.parametrize(
    ("minor", "basis_points", "share"),
    [(1000_00, 200, 20_00), (25, 200, 1), (24, 200, 0), (333, 9000, 300), (1, 5000, 1), (1, 4999, 0), (0, 200, 0)],
)
def test_a_percentage_rounds_half_a_minor_unit_up(minor, basis_points, share):
    assert percentage(minor, basis_points) == share


@pytest.mark.parametrize(
    ("minor", "part", "whole", "share"), [(20_00, 500, 1000, 10_00), (5, 1, 2, 3), (5, 1, 3, 2), (4, 1, 3, 1)]
)
def test_a_proportion_rounds_half_a_minor_unit_up(minor, part, whole, share):
    assert proportion(minor, part, whole) == share
