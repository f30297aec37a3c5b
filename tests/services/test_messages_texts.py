"""What messages say: in every language, at every step, all that a debtor must be told, and the same things."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from minijinja import Environment

from infra.texts.library import COMMON, ENTRIES, LABELS, STEPS, TONES, shipped
from infra.texts.locales import LANGUAGES
from infra.texts.templates import TextUnfit
from services.messages.content import Creditor, Debtor, Sum
from services.messages.rendering import Renderer
from tests.services.contents import CREDITOR, content, line

GOLDEN = Path(__file__).parents[1] / "golden" / "mails"
STEP_NAMES = (
    "notice_7", "notice_3", "due_today", "friendly_reminder", "second_reminder", "firm_call", "compromise",
    "bureau_warning",
)  # fmt: skip
TONE_NAMES = ("friendly", "firm", "last", "formal")
# Whom a letter greets by name, and what the law says of consumers, differ from country to country.
OF_A_COUNTRY = {"debtor.name", "consumer"}
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def renderer(tmp_path) -> Renderer:
    return Renderer(tmp_path)


def said(renderer: Renderer, *given: Any, **more: Any) -> str:
    return renderer.bodies(content(*given, **more)).text


# Every language says all of it


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_and_every_tone_has_every_entry(language):
    texts = shipped(language)
    needed = {f"{STEPS}.{step}.{entry}" for step in STEP_NAMES for entry in ENTRIES}
    needed |= {f"{TONES}.{tone}.{entry}" for tone in TONE_NAMES for entry in ENTRIES}
    found = {name for name in texts if not name.startswith((f"{LABELS}.", f"{COMMON}."))}
    assert found == needed
    assert [name for name, text in texts.items() if not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_labels_and_paragraphs_of_every_other(language):
    assert shipped(language).keys() == shipped("en").keys()


@pytest.mark.parametrize("name", shipped("en"))
def test_a_text_says_the_same_things_in_every_language(name):
    places = Environment()
    said = {
        frozenset(places.undeclared_variables_in_str(shipped(language)[name], nested=True) - OF_A_COUNTRY)
        for language in LANGUAGES
    }
    assert len(said) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_printed_of_whatever_there_is_to_say(renderer, language):
    assert renderer.tried(language).is_shipped


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEP_NAMES)
def test_no_text_has_a_gap_or_a_place_that_nobody_filled(renderer, language, step):
    for what in (
        content(language, step),
        content(language, step, creditor=Creditor("main", "Nordwind"), reminders_sent=0),
    ):
        bodies = renderer.bodies(what)
        for text in (*bodies[:2], renderer.script(what)):
            assert not any(mark in text for mark in ("{", "}", "  ,", " ,", " .", "()", "( ", ",,", "..,", "None"))
            assert "\n\n\n" not in text
        assert "\n" not in bodies.subject
        assert 10 < len(bodies.subject) < 120


# What a debtor must be told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEP_NAMES)
def test_a_message_tells_who_asks_for_how_much_by_when_and_where_to_pay(renderer, language, step):
    lines = (line("R-1", 123456, paid_minor=23456, open_minor=100000, demanded_minor=100000), line("R-2", 5000, 3))
    text = said(renderer, language, step, lines=lines, pay_by=date(2026, 2, 8), reminders_sent=1)
    for fact in (CREDITOR.name, CREDITOR.email, CREDITOR.phone, "DE89 3704 0044 0532 0130 00", "R-1", "R-2"):
        assert fact in text
    plain = text.replace(NBSP, " ")
    shown = {"en": "€1,050.00", "de": "1.050,00 €", "nl": "€ 1.050,00", "nb": "1 050,00 €"}[language]
    pay_by = {"en": "8 February 2026", "de": "8. Februar 2026", "nl": "8 februari 2026", "nb": "8. februar 2026"}
    assert shown in plain
    assert pay_by[language] in plain
    labels = shipped(language)
    assert f"27 {labels['labels.days_overdue']}" in plain
    assert f"3 {labels['labels.days_overdue']}" in plain
    assert f"{labels['labels.reference']}: C-1001: R-1, R-2" in plain


@pytest.mark.parametrize(
    ("language", "if_paid", "dispute"),
    [
        ("en", "If you have already paid", "not right"),
        ("de", "Sollten Sie inzwischen gezahlt haben", "nicht in Ordnung"),
        ("nl", "Heeft u intussen betaald", "Klopt er iets niet"),
        ("nb", "Er beløpet allerede betalt", "noe galt"),
    ],
)
def test_who_has_paid_or_disputes_it_is_told_what_to_do(renderer, language, if_paid, dispute):
    for step in STEP_NAMES:
        text = said(renderer, language, step)
        assert if_paid in text
        assert dispute in text


def test_what_is_disputed_or_falls_due_later_is_said_and_not_asked_for(renderer):
    part = line("R-1", 100_00, open_minor=90_00, paid_minor=10_00, disputed_minor=30_00, demanded_minor=40_00)
    text = said(renderer, "de", lines=(part,)).replace(NBSP, " ")
    assert "Zu zahlen: 40,00 €" in text
    assert "Gezahlt und gutgeschrieben: 10,00 EUR" in text
    assert "Rechnung R-1: 30,00 € sind strittig" in text
    assert "Rechnung R-1: 20,00 € werden später fällig" in text


def test_currencies_are_never_added(renderer):
    lines = (line("R-1", 100_00), line("R-2", 100_00, currency="NOK"), line("R-3", 50_00))
    text = said(renderer, "en", lines=lines).replace(NBSP, " ")
    assert "Total to pay: €150.00" in text
    assert "Total to pay: NOK 100.00" in text
    assert "Please transfer €150.00 and NOK 100.00 by" in text


def test_the_rest_of_the_account_is_a_statement_that_asks_for_nothing(renderer):
    also = tuple(line(f"A-{n}", 10_00, -n) for n in range(70))
    text = said(renderer, "en", also_open=also, unapplied=(Sum("EUR", 5_00),)).replace(NBSP, " ")
    statement = text.partition("\n--\n")[2]
    assert "A-59, due on" in statement
    assert "A-60" not in text
    assert "+ 10 further invoices" in statement
    assert "Also open in all: €700.00" in statement
    assert "not yet assigned to an invoice: €5.00" in statement
    assert "Total to pay: €1,234.56" in text


def test_the_reference_of_one_invoice_is_its_own(renderer):
    assert "Payment reference: RF18539007547034" in said(renderer, "en", lines=(line(reference="RF18539007547034"),))
    assert "Payment reference: R-1" in said(renderer, "en")


def test_of_more_invoices_than_a_transfer_can_name_the_customer_is_named(renderer):
    assert "Payment reference: C-1001\n" in said(
        renderer, "en", lines=tuple(line(f"R-2026-{n:08d}") for n in range(12))
    )


def test_before_the_due_day_nothing_is_called_overdue(renderer):
    text = said(renderer, "en", "notice_7", lines=(line(days=-7),))
    assert "overdue" not in text
    assert "Invoice R-1 falls due on 8 February 2026" in renderer.bodies(
        content("en", "notice_7", lines=(line(days=-7),))
    )


def test_without_an_account_there_is_no_block_that_says_where_to_pay(renderer):
    text = said(renderer, "en", creditor=Creditor("main", "main"))
    assert "IBAN" not in text
    assert "Recipient" not in text


def test_a_script_says_how_often_they_were_reminded_since_when_and_what_to_ask(renderer):
    what = content("en", "firm_call", reminders_sent=2, first_reminded_on=date(2026, 1, 8))
    script = renderer.script(what)
    for asked in (
        "2 reminders sent, the first on 8 January 2026",
        "On which day",
        "dispute",
        "cannot pay",
        "DE89 3704",
    ):
        assert asked in script
    never = renderer.script(replace(what, reminders_sent=0, first_reminded_on=None))
    assert "reminders sent" not in never


def test_a_step_without_texts_of_its_own_is_said_in_its_tone(renderer):
    formal = renderer.bodies(content("en", "our_own_step", "formal"))
    assert formal.subject.startswith("Letter before action")
    assert renderer.script(content("en", "our_own_step"), "last").startswith("Last call")
    assert renderer.script(content("en", "firm_call"), "last").startswith("Good morning")


def test_a_dutch_consumer_is_given_fourteen_days_and_a_firm_is_put_in_default(renderer):
    consumer = Debtor("C-1", "Ann", is_consumer=True)
    assert "veertien dagen" in said(renderer, "nl", "own", "last", debtor=consumer)
    assert "stellen u in gebreke" in said(renderer, "nl", "own", "last")


def test_nothing_left_to_ask_for_is_no_message(renderer):
    with pytest.raises(TextUnfit):
        said(renderer, lines=())


# How a mail reads, word for word


def golden(language: str) -> Any:
    lines = (
        line("R-2026-0042", 1234_56, paid_minor=234_56, open_minor=1000_00, demanded_minor=1000_00),
        line("R-2026-0057", 89_90, 12, disputed_minor=9_90, demanded_minor=80_00),
    )
    return content(
        language,
        "second_reminder",
        "firm",
        lines=lines,
        also_open=(line("R-2026-0071", 500_00, -9),),
        unapplied=(Sum("EUR", 12_50),),
        reminders_sent=1,
        first_reminded_on=date(2026, 1, 8),
        debtor=Debtor("C-1001", "Müller & Søn GmbH", ("Weg 1", "10115 Berlin"), "ap@mueller.example"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_reminder_reads_as_somebody_who_speaks_the_language_read_it(renderer, language):
    bodies = renderer.bodies(golden(language))
    expected = (GOLDEN / f"{language}.txt").read_text(encoding="utf-8")
    assert f"{bodies.subject}\n\n{bodies.text}".rstrip("\n") + "\n" == expected
