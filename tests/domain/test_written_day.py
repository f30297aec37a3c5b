"""Days as they stand in files."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies

from domain.written_day import EXAMPLES, DayForm, day_of, forms_of, serial

BERLIN = ZoneInfo("Europe/Berlin")
JUNE_30, JULY_1 = date(2026, 6, 30), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-06-30", DayForm.ISO, JUNE_30),
        ("2026-06-30 00:00:00", DayForm.ISO, JUNE_30),
        ("2026-06-30T23:30:00Z", DayForm.ISO, JULY_1),
        ("2026-06-30T23:30:00.123+02:00", DayForm.ISO, JUNE_30),
        ("2026-06-30 22:00 UTC", DayForm.ISO, JULY_1),
        ("30.06.2026", DayForm.DAY_FIRST, JUNE_30),
        ("30-06-2026", DayForm.DAY_FIRST, JUNE_30),
        ("30/06/26", DayForm.DAY_FIRST, JUNE_30),
        ("30.6.26", DayForm.DAY_FIRST, JUNE_30),
        ("06/30/2026", DayForm.MONTH_FIRST, JUNE_30),
        ("6/30/2026 12:05:00 AM", DayForm.MONTH_FIRST, JUNE_30),
        ("2026/06/30", DayForm.YEAR_FIRST, JUNE_30),
        ("20260630", DayForm.COMPACT, JUNE_30),
        ("46203", DayForm.SERIAL, JUNE_30),
        ("46203.75", DayForm.SERIAL, JUNE_30),
        ("30 Jun 2026", DayForm.WORDS, JUNE_30),
        ("Jun 30, 2026", DayForm.WORDS, JUNE_30),
        ("30. Juni 2026", DayForm.WORDS, JUNE_30),
        ("30-Jun-2026", DayForm.WORDS, JUNE_30),
        ("30-JUN-26", DayForm.WORDS, JUNE_30),
        ("12. mars 2026", DayForm.WORDS, date(2026, 3, 12)),
        ("12 maart 2026", DayForm.WORDS, date(2026, 3, 12)),
        ("1. März 2026", DayForm.WORDS, date(2026, 3, 1)),
        ("1. des. 2026", DayForm.WORDS, date(2026, 12, 1)),
    ],
)
def test_a_day_is_read_in_its_form_and_a_time_with_a_zone_is_of_the_day_of_the_ledger(text, form, day):
    assert day_of(text, form, BERLIN) == day
    assert forms_of(text) == {form}


@pytest.mark.parametrize("text", ["03/04/2026", "03-04-2026", "3/4/26"])
def test_of_two_numbers_up_to_twelve_either_may_be_the_day(text):
    assert forms_of(text) == {DayForm.DAY_FIRST, DayForm.MONTH_FIRST}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "today",
            "31/02/2012",
            "2012-02-31",
            "2026-W05-6",
            "30-06-26",
            "2026-13-01",
            "20261301",
            "19999",
            "80001",
        ),
        *("2026-06-30T25:00:00Z", "6/30/2026 13:05 AM", "30 Foo 2026", "２026-06-30", "2026-06-30T", "1234567"),
    ],
)
def test_what_is_no_day_in_any_form(text):
    assert forms_of(text) == frozenset()


def test_a_time_without_a_zone_is_of_the_day_that_it_names_unless_its_column_says_more():
    assert day_of("2026-06-30 23:30", DayForm.ISO, BERLIN) == JUNE_30
    assert day_of("2026-06-30 23:30", DayForm.ISO, BERLIN, UTC) == JULY_1


def test_excel_counts_from_the_end_of_1899():
    assert (serial("36526"), serial("45658")) == (date(2000, 1, 1), date(2025, 1, 1))


@pytest.mark.parametrize("form", [*DayForm])
def test_the_example_of_each_form_is_of_that_form(form):
    assert day_of(EXAMPLES[form], form, UTC) in (date(2026, 1, 31), date(2026, 1, 31))


@given(strategies.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_any_day_written_in_a_form_is_that_day(day):
    written = {
        DayForm.ISO: f"{day}",
        DayForm.DAY_FIRST: f"{day:%d.%m.%Y}",
        DayForm.MONTH_FIRST: f"{day:%m/%d/%Y}",
        DayForm.YEAR_FIRST: f"{day:%Y/%m/%d}",
        DayForm.COMPACT: f"{day:%Y%m%d}",
        DayForm.SERIAL: str((day - date(1899, 12, 30)) // timedelta(1)),
        DayForm.WORDS: f"{day:%d %B %Y}",
    }
    assert {form: day_of(text, form, UTC) for form, text in written.items()} == dict.fromkeys(written, day)


@given(strategies.text(max_size=30))
def test_any_text_is_a_day_or_none(text):
    forms_of(text)
