"""Sheets as PDF, read back by poppler's tools where they are installed."""

import io
import shutil
import subprocess
from datetime import date

import pytest
from typst import Fonts

from infra.files import pages
from infra.files.pages import write_pdf
from infra.files.sheets import AMOUNT, COUNT, Column, Sheet
from infra.texts.typesetting import Typesetter

MADE_ON = date(2026, 7, 1)
COLUMNS = (Column("Customer"), Column("Open", AMOUNT), Column("Items", COUNT))


def as_pdf(*rows, totals=(), columns=COLUMNS):
    stream = io.BytesIO()
    notes = ("As known then & <there>.",)
    write_pdf(Sheet("Aging as of 2026-06-30", notes, columns, rows, totals, "Nordwind & Søn", MADE_ON), stream)
    return stream.getvalue()


@pytest.fixture
def text():
    """The pages of a PDF as text, laid out as they are seen."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext of poppler is not installed")

    def read(pdf):
        out = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        return out.decode().split("\f")[:-1]

    return read


def test_a_page_says_what_it_is_and_amounts_are_set_apart(text):
    [page] = text(as_pdf(["<acme> & sons", "-1234567.89", "3"], totals=[["Total", "84072", "3"]]))
    lines = [line.split() for line in page.splitlines() if line.strip()]
    assert lines == [
        ["Nordwind", "&", "Søn"],
        ["Aging", "as", "of", "2026-06-30"],
        ["As", "known", "then", "&", "<there>."],
        ["Customer", "Open", "Items"],
        ["<acme>", "&", "sons", "-1,234,567.89", "3"],
        ["Total", "84,072", "3"],
        ["2026-07-01", "Page", "1", "of", "1"],
    ]


def test_every_page_begins_with_the_head_of_the_table(text):
    found = text(as_pdf(*([f"C{n}", f"{n}.00", "1"] for n in range(100))))
    assert len(found) > 2
    for n, page in enumerate(found, 1):
        assert page.split().count("Customer") == 1 and f"Page {n} of {len(found)}" in page
        assert "Nordwind & Søn" in page and "Aging as of 2026-06-30" in page and "2026-07-01" in page
    assert [f"C{n}" for n in range(100)] == [
        word for page in found for word in page.split() if word[0] == "C" and word[1:].isdigit()
    ]


def test_the_longest_amounts_do_not_run_into_each_other(text):
    amount, columns = "9999999999999999.99", (Column("Customer"), *(Column(f"Bucket {n}", AMOUNT) for n in range(9)))
    [page] = text(as_pdf(["a customer with a long name", *[amount] * 9], columns=columns))
    assert page.split().count("9,999,999,999,999,999.99") == 9


def test_each_currency_has_a_block_of_its_own_with_its_total(text):
    columns = (Column("Customer"), Column("Currency"), Column("Open", AMOUNT))
    rows = [["acme", "EUR", "1.00"], ["kyoto", "JPY", "84072"], ["bolt", "EUR", "2.00"]]
    [page] = text(as_pdf(*rows, columns=columns, totals=[["Total", "EUR", "3.00"], ["Total", "JPY", "84072"]]))
    lines = [line.split() for line in page.splitlines() if line.strip()]
    assert lines[3:-1] == [
        ["EUR"],
        ["Customer", "Open"],
        ["acme", "1.00"],
        ["bolt", "2.00"],
        ["Total", "3.00"],
        ["JPY"],
        ["Customer", "Open"],
        ["kyoto", "84,072"],
        ["Total", "84,072"],
    ]


@pytest.mark.parametrize(
    "name", ["日本商事", "中国石油", "한국", "Ελλάς", "Жук", "עברית", "العربية", "ไทย", "हिन्दी", "বাংলা"]
)
def test_a_name_shows_in_whatever_script_it_is_and_on_a_machine_without_fonts(monkeypatch, name):
    monkeypatch.setattr(Typesetter, "_all_fonts", Fonts(include_system_fonts=False))
    pages._typesetter.cache_clear()
    pdf = as_pdf([name, "1.00", "1"])
    # An archivable PDF: no sign of it is missing.
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf


def test_a_sign_that_no_font_has_is_a_box_and_no_reason_to_have_no_report(monkeypatch):
    monkeypatch.setattr(Typesetter, "_all_fonts", Fonts(include_system_fonts=False))
    pages._typesetter.cache_clear()
    assert as_pdf(["ᚠᚢᚦ", "1.00", "1"]).startswith(b"%PDF-")


def test_what_people_wrote_is_printed_and_never_run(text):
    harmful = '#panic("x") *b* $a$ @ref'
    [page] = text(as_pdf([harmful, "1.00", "1"]))
    assert harmful in page


def test_the_same_sheet_is_the_same_bytes():
    assert as_pdf(["acme", "1.00", "1"]) == as_pdf(["acme", "1.00", "1"]) != as_pdf(["acme", "1.01", "1"])


def test_a_report_too_long_to_be_set_at_once_is_bound_from_volumes_and_numbered_through(monkeypatch, text):
    monkeypatch.setattr(pages, "_VOLUME", 60)
    rows = [[f"C{n}", f"{n}.00", "1"] for n in range(130)]
    pdf = as_pdf(*rows, totals=[["Total", "8385.00", "130"]])
    assert pdf == as_pdf(*rows, totals=[["Total", "8385.00", "130"]])
    found = text(pdf)
    assert [word for page in found for word in page.split() if word[0] == "C" and word[1:].isdigit()] == [
        f"C{n}" for n in range(130)
    ]
    assert all(f"Page {n} of {len(found)}" in page for n, page in enumerate(found, 1))
    assert "8,385.00" in found[-1] and not any("8,385.00" in page for page in found[:-1])


def test_a_table_of_nothing_is_a_page_all_the_same():
    for columns in (COLUMNS, (Column("Figure"),)):
        assert as_pdf(columns=columns).startswith(b"%PDF-")
