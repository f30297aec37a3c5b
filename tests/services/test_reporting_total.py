from datetime import date
from decimal import Decimal

from domain.exchange import Rate
from infra.rates import Rates
from services.answers.reporting_total import reporting_total

ON = date(2026, 6, 30)
RATES = Rates([Rate(date(2026, 6, 26), "EUR", "USD", Decimal("1.25")), Rate(ON, "JPY", "EUR", Decimal("0.00625"))])


def test_without_a_reporting_currency_there_is_no_second_total():
    assert reporting_total(None, {"EUR": {"open": 100}}, RATES, ON) is None


def test_each_amount_is_converted_by_the_last_rate_and_each_rate_is_shown_with_its_day():
    amounts = {"EUR": {"open": 100_00}, "USD": {"open": 125_00}, "JPY": {"open": 16_000}}
    assert reporting_total("EUR", amounts, RATES, ON) == {
        "currency": "EUR",
        "open": "300.00",
        "rates": [
            {"from": "JPY", "to": "EUR", "rate": "0.00625", "on": "2026-06-30"},
            {"from": "EUR", "to": "USD", "rate": "1.25", "on": "2026-06-26"},
        ],
        "missing_rates": [],
    }


def test_a_currency_without_a_rate_is_named_and_nothing_is_added_up_without_it():
    found = reporting_total("EUR", {"EUR": {"open": 100_00}, "NOK": {"open": 5_00}}, RATES, ON)
    assert found
    assert (found["missing_rates"], "open" in found) == (["NOK"], False)
