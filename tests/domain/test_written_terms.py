import pytest

from domain.refusal import Refused
from domain.terms import EarlyDiscount, Share
from domain.written_terms import terms_of

NET_30 = (Share(30, 10_000),)
TWO_IN_TEN = EarlyDiscount(10, 200)


@pytest.mark.parametrize(
    "text",
    ["30", "net 30", "Net30", "n/30", "30 days", "30 net", "Net 30 days", "30 Tage netto", "30 dagen", "30 dager"],
)
def test_net_days_are_read_with_and_without_words(text):
    assert terms_of(text) == (NET_30, ())


@pytest.mark.parametrize(
    "text", ["2/10 net 30", "2/10 n/30", "2/10, 30", "2 % / 10 net 30", "net 30, 2/10", "2%/10 30"]
)
def test_a_discount_stands_before_or_after_the_net_days(text):
    assert terms_of(text) == (NET_30, (TWO_IN_TEN,))


def test_there_may_be_several_discounts_and_their_per_cent_may_have_decimals():
    assert terms_of("2/10, 1.5/20 net 30") == (NET_30, (TWO_IN_TEN, EarlyDiscount(20, 150)))
    assert terms_of("2,5/10 net 30") == (NET_30, (EarlyDiscount(10, 250),))


@pytest.mark.parametrize("text", ["30eom", "30 eom", "30 days EOM", "net 30 eom"])
def test_the_end_of_the_month_belongs_to_its_days(text):
    assert terms_of(text).schedule == (Share(30, 10_000, True),)


def test_instalments_are_as_schedules_have_them():
    assert terms_of("30:30 60:30 90:40").schedule == (Share(30, 3000), Share(60, 3000), Share(90, 4000))
    assert terms_of("15th").schedule == (Share(0, 10_000, None, 15),)
    assert [share.days for share in terms_of("30 60, 90").schedule] == [30, 60, 90]


@pytest.mark.parametrize(
    "text",
    [
        "10 Tage 2 % Skonto, 30 Tage netto",
        "2% Skonto bei Zahlung innerhalb 10 Tagen; zahlbar innerhalb 30 Tagen netto",
        "2 % discount if paid within 10 days, 30 days net",
        "2% korting binnen 10 dagen, 30 dagen netto",
    ],
)
def test_sentences_with_one_reading_are_terms_too(text):
    assert terms_of(text) == (NET_30, (TWO_IN_TEN,))


def test_a_sentence_that_names_a_day_holds_for_one_invoice_alone():
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "bad_schedule"):
        terms_of("zahlbar bis 30.06.2026")


def test_due_on_receipt_is_due_at_once():
    assert terms_of("Due on receipt") == ((Share(0, 10_000),), ())


@pytest.mark.parametrize(
    "text",
    ["", "2/10", "30/60", "net", "someday", "2024-01-01", "30:50 60", "12.5/10/20 30", "1234,5/10 30", "-30", "30 x"],
)
def test_what_leaves_open_when_all_is_due_is_refused(text):
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "bad_schedule"):
        terms_of(text)
