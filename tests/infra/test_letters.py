"""Letters: PDF/A with the same bytes each time, whatever names and numbers there are on them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from typst import Fonts

from infra.texts.letters import Letters
from infra.texts.library import Library
from infra.texts.locales import LANGUAGES
from infra.texts.payment_code import MOST_MINOR, payment_code
from infra.texts.templates import TextUnfit
from infra.texts.typesetting import Typesetter
from services.messages.content import Content, Debtor, Sum
from services.messages.letter import letter_page
from tests.services.contents import ON, content, line

HOSTILE = '#let x = "1" *bold* $a$ <b>& {{7*7}} \\ `raw` @ref // no comment "'


@pytest.fixture(scope="module")
def letters() -> Letters:
    return Letters()


@pytest.fixture(scope="module")
def pdf(letters: Letters):
    library = Library(Path("/nowhere"))
    return lambda what: letters.pdf(letter_page(what, library.edition(what.language)), what.on)


def pages(data: bytes) -> int:
    """As the root of the tree of pages counts them."""
    return max(int(count) for count in re.findall(rb"/Count (\d+)", data))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_an_archivable_pdf_of_its_day_in_its_language(pdf, language):
    data = pdf(content(language))
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    assert b"2026-02-01T12:00:00" in data
    assert f"<rdf:li>{language}-".encode() in data
    assert pages(data) == 1


def test_the_same_letter_is_the_same_bytes_in_any_process_and_any_thread(pdf):
    what = content(lines=tuple(line(f"R-{n}") for n in range(9)))
    with ThreadPoolExecutor(4) as threads:
        copies = {*threads.map(lambda _: pdf(what), range(8))}
    assert copies == {pdf(what)}
    edition = Library(Path("/nowhere")).edition("de")
    assert Letters().pdf(letter_page(what, edition), what.on) in copies
    assert pdf(content(on=date(2026, 2, 2))) not in copies


@pytest.mark.parametrize(("invoices", "sheets"), [(1, 1), (9, 2), (60, 4)])
def test_as_many_invoices_as_there_are_make_as_many_pages_as_they_need(pdf, invoices, sheets):
    lines = tuple(line(f"R-2026-{n:04d}", 123456 + n, reference="RF18539007547034") for n in range(invoices))
    assert pages(pdf(content(lines=lines))) <= sheets


def test_several_currencies_disputes_charges_and_a_statement_fit_a_letter(pdf):
    lines = (
        line("R-1", paid_minor=20_00, disputed_minor=30_00, demanded_minor=1184_56, open_minor=1214_56),
        line("R-2", currency="NOK", charges_minor=35_00),
        line("R-3", currency="JPY"),
    )
    also = tuple(line(f"A-{n}", disputed_minor=123456 * (n % 2)) for n in range(70))
    full = content(lines=lines, also_open=also, unapplied=(Sum("EUR", 5_00), Sum("NOK", 1_00)), reference="A1B2C3D4")
    assert pdf(full).startswith(b"%PDF")


@pytest.mark.parametrize(
    "debtor",
    [
        Debtor(HOSTILE, HOSTILE, (HOSTILE, HOSTILE)),
        Debtor("C" * 200, "Donaudampfschifffahrtsgesellschaft" * 8, ("x" * 200,) * 9),
        Debtor("C-1", "شركة النور للتجارة", ("ص.ب 123",)),
        Debtor("C-1", "a\r\nb\u2028c\u202ed\u200fe", ("\u200b",)),
        Debtor("C-1"),
    ],
    ids=["markup", "long", "arabic", "marks", "nothing"],
)
def test_whatever_a_debtor_is_called_the_letter_is_set(pdf, debtor):
    assert pages(pdf(content(debtor=debtor, lines=(line("R-" + "9" * 190), line("R 2 " * 40))))) <= 4


def test_markup_in_data_is_printed_and_never_run(pdf):
    harmful = '#read("/etc/passwd") #panic("x") #while true {}'
    assert pages(pdf(content(debtor=Debtor("C-1", harmful, (harmful,)), lines=(line(harmful),)))) == 1


def test_a_name_no_font_has_the_signs_of_is_refused_by_name_and_not_printed_as_boxes(monkeypatch):
    """On a machine with fonts for it, it is printed; here there are none."""
    monkeypatch.setattr(Typesetter, "_all_fonts", Fonts(include_system_fonts=False))
    without = Letters()
    page = letter_page(content(debtor=Debtor("C-1", "ᚠᚢᚦᚨᚱᚲ")), Library(Path("/nowhere")).edition("en"))
    with pytest.raises(TextUnfit, check=lambda refusal: refusal.code == "no_glyph"):
        without.pdf(page, ON)


@pytest.mark.parametrize(
    "name",
    [
        "日本商事株式会社",
        "中国石油",
        "한국전력",
        "Ελλάς ΑΕ",
        "Жук и сыновья",
        "עברית",
        "شركة النور",
        "ไทย",
        "हिन्दी",
        "বাংলা",
        "தமிழ்",
    ],
)
def test_a_name_in_whatever_script_people_write_needs_no_font_of_the_machine(monkeypatch, name):
    monkeypatch.setattr(Typesetter, "_all_fonts", Fonts(include_system_fonts=False))
    page = letter_page(content(debtor=Debtor("C-1", name)), Library(Path("/nowhere")).edition("en"))
    assert pages(Letters().pdf(page, ON)) == 1


def test_a_page_that_lacks_something_is_refused_and_the_next_one_set(letters, pdf):
    with pytest.raises(TextUnfit, check=lambda refusal: refusal.code == "text_unfit"):
        letters.pdf({"labels": {}}, ON)
    assert pdf(content()).startswith(b"%PDF")


# The code beside the account number


def code_of(what: Content) -> object:
    return letter_page(what, Library(Path("/nowhere")).edition("de"))["code"]


def test_a_code_to_pay_by_is_there_where_euro_go_to_a_known_account():
    assert str(code_of(content())).startswith("<svg")
    assert code_of(content(lines=(line(currency="NOK"),))) == ""
    assert str(code_of(content(lines=(line(currency="NOK"), line("R-2"))))).startswith("<svg")


def test_what_no_code_can_say_has_none():
    known = {"name": "Nordwind", "iban": "DE89370400440532013000", "bic": "", "reference": "R-1"}
    assert payment_code(**known, currency="EUR", minor=1) is not None
    assert payment_code(**known, currency="EUR", minor=MOST_MINOR) is not None
    assert payment_code(**known, currency="EUR", minor=0) is None
    assert payment_code(**known, currency="EUR", minor=MOST_MINOR + 1) is None
    assert payment_code(**known, currency="USD", minor=1) is None
    assert payment_code(**known | {"iban": ""}, currency="EUR", minor=1) is None
    long = known | {"name": "Ä" * 300, "reference": "ü" * 300, "bic": "COBADEFFXXX"}
    assert payment_code(**long, currency="EUR", minor=123456) is not None
