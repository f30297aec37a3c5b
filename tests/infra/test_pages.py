"""Sheets as PDF, read back by poppler's tools where they are installed."""

import io
import shutil
import subprocess
from datetime import date

import pytest

from infra.files.pages import write_pdf
from infra.files.sheets import AMOUNT, COUNT, Column, Sheet

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
    pages = text(as_pdf(*([f"C{n}", f"{n}.00", "1"] for n in range(100))))
    assert len(pages) > 2
    for n, page in enumerate(pages, 1):
        assert page.split().count("Customer") == 1 and f"Page {n} of {len(pages)}" in page
        assert "Nordwind & Søn" in page and "Aging as of 2026-06-30" in page and "2026-07-01" in page
    assert [f"C{n}" for n in range(100)] == [
        word for page in pages for word in page.split() if word[0] == "C" and word[1:].isdigit()
    ]


def test_the_longest_amounts_do_not_run_into_each_other(text):
    amount, columns = "9999999999999999.99", (Column("Customer"), *(Column(f"Bucket {n}", AMOUNT) for n in range(9)))
    [page] = text(as_pdf(["a customer with a long name", *[amount] * 9], columns=columns))
    assert page.split().count("9,999,999,999,999,999.99") == 9


def test_a_table_of_nothing_is_a_page_all_the_same():
    for columns in (COLUMNS, (Column("Figure"),)):
        assert as_pdf(columns=columns).startswith(b"%PDF-")
