"""What the words of payment terms say, and what is not guessed at."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.terms import EarlyDiscount
from domain.worded_terms import terms_in

MAR_5 = date(2026, 3, 5)


def days_of(text: str) -> int | None:
    due_on = terms_in(text, MAR_5).due_on
    return None if due_on is None else (due_on - MAR_5).days


def tiers_of(text: str) -> list[tuple[int, int]]:
    return [(each.days, each.basis_points) for each in terms_in(text, MAR_5).discounts]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Zahlbar sofort ohne Abzug.", 0),
        ("Fällig sofort, ohne Abzug", 0),
        ("Payable on receipt", 0),
        ("Net 30 days", 30),
        ("Zahlungsziel 30 Tage", 30),
        ("Zahlbar innerhalb 30 Tagen netto bis 04.04.2026, 3% Skonto innerhalb 10 Tagen bis 15.03.2026", 30),
        ("Betalingstermijn: 14 dagen netto.", 14),
        ("30 dager netto", 30),
        ("Please pay by 2026-03-19", 14),
        ("Zahlbar in 30 Tagen für die Lieferung vom 01.02.2026", 30),
        ("Wir bitten, 120,00 € innerhalb von 14 Tagen zu überweisen.", 14),
    ],
)
def test_the_due_day_is_read_where_the_words_leave_one(text: str, days: int):
    assert days_of(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "See contract",
        "Pay within 10 days or 30 days",
        "Zahlbar innerhalb von 30 Tagen. Reklamationen innerhalb von 8 Tagen nach Zahlung.",
        "Reklamationen innerhalb von 8 Tagen",
        "Late payment: 9 % interest after 30 days",
        "Der Betrag wird Ihrem Kundenkonto gutgeschrieben.",
        "Zahlbar bis 31.02.2026",
        "Zahlbar bis 01.03.2026",
    ],
)
def test_a_due_day_that_words_leave_open_is_not_guessed(text: str):
    assert days_of(text) is None


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("#SKONTO#TAGE=14#PROZENT=2.25#", [(14, 225)]),
        ("#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=1.50#\n", [(7, 300), (14, 150)]),
        ("2 % discount if paid within 2 days\nPenalty percentage 10% from due date", [(2, 200)]),
        ("14 Tage 2% Skonto, 30 Tage netto", [(14, 200)]),
        ("2,5 % Skonto bis 15.03.2026", [(10, 250)]),
    ],
)
def test_early_payment_discounts_are_read_as_coded_and_in_plain_words(text: str, tiers: list[tuple[int, int]]):
    assert tiers_of(text) == tiers


@pytest.mark.parametrize(
    "text",
    [
        "#SKONTO#TAGE=14#PROZENT=2.25#BASISBETRAG=50.00#",
        "#VERZUG#TAGE=14#PROZENT=9.00#",
        "#SKONTO#TAGE=14#PROZENT=100.00#",
        "Penalty percentage 10% from due date",
        "2 % or 3 % discount within 10 days",
        "1 % per month, 30 days",
        "2 % Skonto bis 01.03.2026",
    ],
)
def test_a_discount_on_a_part_a_penalty_and_what_is_unclear_are_no_discount(text: str):
    assert (tiers_of(text), terms_in(text, MAR_5).is_all) == ([], False)


def test_what_the_words_say_beyond_what_was_read_is_told():
    assert terms_in("Net 30 days", MAR_5).is_all
    assert terms_in("#SKONTO#TAGE=14#PROZENT=2.25#\nZahlbar innerhalb 30 Tagen netto.", MAR_5).is_all
    assert not terms_in("Net 30 days. Goods stay ours until paid.", MAR_5).is_all


@given(st.text(max_size=300))
def test_whatever_the_words_are_they_can_be_read(text: str):
    found = terms_in(text, MAR_5)
    assert all(0 < each.basis_points < 10_000 and each.days >= 0 for each in found.discounts)


@given(st.integers(0, 999), st.integers(1, 9_999))
def test_what_is_coded_is_read_to_the_hundredth_of_a_per_cent(days: int, points: int):
    text = f"#SKONTO#TAGE={days}#PROZENT={points // 100}.{points % 100:02}#"
    assert terms_in(text, MAR_5).discounts == (EarlyDiscount(days, points),)


@given(st.integers(1, 999))
def test_days_after_issue_are_counted_from_issue(days: int):
    assert terms_in(f"Payment within {days} days", MAR_5).due_on == MAR_5 + timedelta(days=days)
