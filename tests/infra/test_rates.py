from datetime import date
from decimal import Decimal

import pytest

from domain.exchange import Rate, convert
from infra.rates import Rates
from infra.unavailable import Unavailable


def load(folder, text):
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return Rates.load(path)


def test_the_rate_of_a_day_is_the_last_one_of_that_day_or_before(tmp_path):
    rates = load(tmp_path, "date,from,to,rate\n2026-01-02,USD,EUR,0.90\n2026-01-05,USD,EUR,0.92\n")
    assert rates.rate("USD", "EUR", date(2026, 1, 4)) == Rate(date(2026, 1, 2), "USD", "EUR", Decimal("0.90"))
    assert rates.rate("USD", "EUR", date(2026, 1, 5)).rate == Decimal("0.92")
    assert rates.rate("USD", "EUR", date(2026, 1, 1)) is None


def test_a_rate_is_read_in_either_direction_and_shown_as_it_was_quoted(tmp_path):
    rates = load(tmp_path, "date,from,to,rate\n2026-01-02,EUR,USD,1.25\n")
    quoted = rates.rate("USD", "EUR", date(2026, 1, 2))
    assert (quoted.source, quoted.target, quoted.rate) == ("EUR", "USD", Decimal("1.25"))
    assert convert(1_000_00, quoted, "EUR") == 800_00
    assert convert(1_000_00, quoted, "USD") == 1_250_00


def test_a_currency_in_itself_needs_no_file():
    assert Rates.load(None).rate("EUR", "EUR", date(2026, 1, 2)) == Rate(date(2026, 1, 2), "EUR", "EUR", Decimal(1))
    assert Rates.load(None).rate("USD", "EUR", date(2026, 1, 2)) is None


@pytest.mark.parametrize(
    ("minor", "source", "target", "rate", "expected"),
    [
        (100, "EUR", "JPY", "160", 160),
        (160, "JPY", "EUR", "0.00625", 100),
        (1_000, "KWD", "EUR", "3", 300),
        (1, "EUR", "USD", "0.5", 1),
        (-1, "EUR", "USD", "0.5", -1),
        (10**17, "EUR", "USD", "1.000000000001", 10**17 + 10**5),
    ],
)
def test_conversion_knows_both_exponents_and_rounds_half_away_from_zero(minor, source, target, rate, expected):
    assert convert(minor, Rate(date(2026, 1, 2), source, target, Decimal(rate)), target) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-01-02,USD,EUR,0", "'0' is not a rate"),
        ("2026-01-02,USD,EUR,NaN", "'NaN' is not a rate"),
        ('2026-01-02,USD,EUR,"0,92"', "'0,92' is not a rate"),
        ("2026-01-02,US,EUR,0.92", "'US' is not an ISO 4217"),
        ("02/01/2026,USD,EUR,0.92", "'02/01/2026' is not a day"),
        ("2026-01-02,USD,EUR", "'' is not a rate"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong_with_it(tmp_path, line, message):
    with pytest.raises(Unavailable) as problem:
        load(tmp_path, f"date,from,to,rate\n{line}\n")
    assert "line 2" in problem.value.message and message in problem.value.message


def test_a_missing_column_and_a_missing_file_are_named(tmp_path):
    with pytest.raises(Unavailable) as problem:
        load(tmp_path, "date,from,to\n")
    assert "no column rate" in problem.value.message
    with pytest.raises(Unavailable):
        Rates.load(tmp_path / "nowhere.csv")
