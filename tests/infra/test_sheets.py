"""Sheets as CSV and as workbooks: what is read back is what was there, and nothing in it runs."""

import csv
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from infra.files.sheets import AMOUNT, COUNT, RATE, RATIO, Column, Sheet, grouped, safe, shown, write_csv
from infra.files.workbook import write_xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = (Column("Customer"), Column("Open", AMOUNT), Column("Items", COUNT), Column("Late", RATIO))
HARMFUL = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def sheet(*rows, totals=(), title="Aging as of 2026-06-30", notes=("As known then.",), columns=COLUMNS):
    return Sheet(title, notes, columns, rows, totals)


def as_csv(page):
    stream = io.StringIO()
    write_csv(page, stream)
    return stream.getvalue()


class Book:
    """A workbook as a spreadsheet program reads it."""

    def __init__(self, page):
        stream = io.BytesIO()
        write_xlsx(page, stream)
        with zipfile.ZipFile(stream) as parts:
            texts = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
            self.page = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
            self.names = [
                each.get("name") for each in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
            ]
            styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
        self.texts = ["".join(part.text or "" for part in each.iter(f"{MAIN}t")) for each in texts]
        formats = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(f"{MAIN}numFmt")}
        self.formats = [formats.get(each.get("numFmtId")) for each in styles.iterfind(f"{MAIN}cellXfs/*")]

    def cells(self):
        """By row: what each cell holds, a number or a text."""
        return [[self._held(cell) for cell in row] for row in self.page.iter(f"{MAIN}row")]

    def formats_of(self, row):
        cells = list(self.page.iter(f"{MAIN}row"))[row]
        return [self.formats[int(cell.get("s", 0))] for cell in cells]

    def formulas(self):
        return list(self.page.iter(f"{MAIN}f"))

    def _held(self, cell):
        value = cell.find(f"{MAIN}v")
        if value is None:
            return None
        return self.texts[int(value.text)] if cell.get("t") == "s" else float(value.text)


@pytest.mark.parametrize("cell", HARMFUL)
def test_text_that_a_spreadsheet_would_run_is_kept_from_it(cell):
    kept = "'" + cell.replace("\r", "\n")
    assert safe(cell) == kept
    [_, [first, *_]] = list(csv.reader(io.StringIO(as_csv(sheet([cell, "1.00", "1", "0.5"])), newline="")))
    assert first == kept


def test_numbers_keep_their_sign_in_a_file_for_programs():
    page = sheet(["acme", "-1234.50", "3", "12.7747"], totals=[["Total", "-1234.50", "3", ""]])
    assert as_csv(page) == "Customer,Open,Items,Late\nacme,-1234.50,3,12.7747\n"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_commas_quotes_and_lines_in_a_name_stay_in_their_cell(end):
    page = as_csv(sheet([f'a "b", c{end}d', "1.00", "1", ""]))
    [_, [first, *_]] = list(csv.reader(io.StringIO(page, newline="")))
    assert first == 'a "b", c\nd'


def test_a_workbook_holds_numbers_as_numbers_and_text_as_text():
    book = Book(
        sheet(["acme", "-1234567.50", "3", "12.7747"], ["0012", "84072", "1", ""], totals=[["Total", "1", "4", ""]])
    )
    assert book.cells()[2:] == [
        ["Customer", "Open", "Items", "Late"],
        ["acme", -1234567.5, 3.0, 12.7747],
        ["0012", 84072.0, 1.0, None],
        ["Total", 1.0, 4.0, None],
    ]
    assert book.names == ["Aging as of 2026-06-30"]


def test_amounts_are_shown_with_the_decimals_of_their_currency():
    book = Book(sheet(["acme", "1234.50", "3", ""], ["kyoto", "84072", "3", ""], ["dinar", "1.234", "3", ""]))
    assert [book.formats_of(row)[1] for row in (3, 4, 5)] == ["#,##0.00", "#,##0", "#,##0.000"]


@pytest.mark.parametrize("cell", HARMFUL)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(cell):
    book = Book(sheet([cell, "1.00", "1", ""], ["https://example.org", "1.00", "1", ""], title=cell))
    assert book.formulas() == []
    assert list(book.page.iter(f"{MAIN}hyperlink")) == []
    # XML has no carriage return but by a detour, which text of a workbook takes.
    assert book.cells()[3][0] in (cell, cell.replace("\r", "_x000D_"), cell.replace("\r", "\n"))


def test_an_amount_too_long_for_a_spreadsheet_is_text_and_not_rounded():
    book = Book(sheet(["acme", "9999999999999999.99", "1", ""]))
    assert book.cells()[3][1] == "9999999999999999.99"


@pytest.mark.parametrize("digits", range(13, 19))
@pytest.mark.parametrize("sign", ["", "-"])
def test_whatever_its_length_an_amount_is_what_it_was_to_the_last_digit(digits, sign):
    whole = "123456789012345678"[:digits]
    for cell in (f"{sign}{whole[:-2]}.{whole[-2:]}", f"{sign}{whole}"):
        held = Book(sheet(["acme", cell, "1", ""])).cells()[3][1]
        assert held == cell or (Decimal(repr(held)) == Decimal(cell) and digits <= 15)
        assert isinstance(held, str) or digits <= 15


def test_a_title_that_no_page_may_have_as_its_name_is_made_fit():
    assert Book(sheet(title="'Open items of [a/b]: *?\\ as of 2026-06-30'")).names == [
        "-Open items of -a-b-- --- as of"
    ]


def test_an_empty_sheet_is_still_a_sheet():
    assert as_csv(sheet()) == "Customer,Open,Items,Late\n"
    assert Book(sheet()).cells()[2:] == [["Customer", "Open", "Items", "Late"]]
    assert as_csv(sheet(columns=())) == "\n"


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("0", "0"),
        ("999", "999"),
        ("1234567.89", "1,234,567.89"),
        ("-1234", "-1,234"),
        ("-123.40", "-123.40"),
        ("", ""),
        ("n/a", "n/a"),
    ],
)
def test_thousands_are_set_apart_for_reading(number, read):
    assert grouped(number) == read


@pytest.mark.parametrize(("ratio", "read"), [("12.7747", "12.8"), ("-0.0400", "0.0"), ("-10.0400", "-10.0"), ("", "")])
def test_ratios_are_read_to_one_decimal(ratio, read):
    assert shown(ratio, RATIO) == read


@pytest.mark.parametrize(("rate", "read"), [("0.055", "0.0550"), ("10.6", "10.6000"), ("", "")])
def test_rates_are_read_to_four_decimals(rate, read):
    assert shown(rate, RATE) == read
