"""Workbooks: days are days, numbers are numbers, totals are ruled, pages are fit to print, and nothing in them runs."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from domain.refusal import Refused
from infra.files import workbook
from infra.files.sheets import AMOUNT, DAY, INSTANT, PERCENT, RATE, RATIO, Column
from infra.files.workbook import write_xlsx
from tests.infra.test_sheets import HARMFUL, sheet

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
KINDS = (
    Column("Customer"),
    Column("Due on", DAY),
    Column("Recorded at", INSTANT),
    Column("Late %", PERCENT),
    Column("Loss %", RATE),
    Column("Days late", RATIO),
    Column("Open", AMOUNT),
)


def as_xlsx(page):
    stream = io.BytesIO()
    write_xlsx(page, stream)
    stream.seek(0)
    return stream


def read_back(page):
    """As another program has it."""
    return CalamineWorkbook.from_filelike(as_xlsx(page)).get_sheet_by_index(0).to_python()


class Book:
    """A workbook as a spreadsheet program reads it."""

    def __init__(self, page):
        with zipfile.ZipFile(as_xlsx(page)) as parts:
            texts = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
            self.page = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
            self.names = [
                each.get("name") for each in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
            ]
            self.properties = parts.read("docProps/core.xml").decode()
            self.defined = parts.read("xl/workbook.xml").decode()
            styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
        self.texts = ["".join(part.text or "" for part in each.iter(f"{MAIN}t")) for each in texts]
        formats = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(f"{MAIN}numFmt")}
        fonts = [each.find(f"{MAIN}b") is not None for each in styles.iterfind(f"{MAIN}fonts/*")]
        borders = [
            tuple(side.get("style") for name in ("top", "bottom") for side in each.iterfind(f"{MAIN}{name}"))
            for each in styles.iterfind(f"{MAIN}borders/*")
        ]
        looks = [*styles.iterfind(f"{MAIN}cellXfs/*")]
        self.looks = [(fonts[int(each.attrib["fontId"])], *borders[int(each.attrib["borderId"])]) for each in looks]
        self.formats = [formats.get(each.get("numFmtId")) for each in styles.iterfind(f"{MAIN}cellXfs/*")]

    def cells(self):
        """By row: what each cell holds, a number or a text."""
        return [[self._held(cell) for cell in row] for row in self.page.iter(f"{MAIN}row")]

    def formats_of(self, row):
        cells = list(self.page.iter(f"{MAIN}row"))[row]
        return [self.formats[int(cell.get("s", 0))] for cell in cells]

    def looks_of(self, row):
        """Of each cell whether it is bold, and the rules above and below it."""
        return [self.looks[int(cell.get("s", 0))] for cell in list(self.page.iter(f"{MAIN}row"))[row]]

    def part(self, *path):
        """What there is exactly one of."""
        [found] = self.page.iterfind("/".join(f"{MAIN}{each}" for each in path))
        return found

    def formulas(self):
        return list(self.page.iter(f"{MAIN}f"))

    def _held(self, cell):
        value = cell.find(f"{MAIN}v")
        if value is None:
            return None
        return self.texts[int(value.text)] if cell.get("t") == "s" else float(value.text)


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


def test_days_and_instants_are_days_and_instants_per_cents_are_shares_and_what_is_empty_is_empty():
    cells = ["acme", "2026-03-01", "2026-03-01T12:13:14.500000Z", "12.5", "1.2345", "12.7747", "1234.50"]
    head, full, none = read_back(sheet(cells, ["none", *[""] * 6], columns=KINDS))[3:]
    assert head == [column.title for column in KINDS]
    assert full == [
        "acme",
        date(2026, 3, 1),
        datetime(2026, 3, 1, 12, 13, 14, 500000),
        0.125,
        0.012345,
        12.7747,
        1234.5,
    ]
    assert none == ["none", *[""] * 6]
    formats = Book(sheet(cells, columns=KINDS)).formats_of(3)
    assert formats[1:] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "0.0%", "0.0000%", "#,##0.0", "#,##0.00"]


@pytest.mark.parametrize("cell", ["1900-01-15", "never", "2026-02-30"])
def test_what_a_spreadsheet_has_no_day_for_stays_text(cell):
    assert Book(sheet(["acme", cell], columns=KINDS[:2])).cells()[3][1] == cell


def test_totals_are_bold_between_a_line_and_a_double_line():
    book = Book(sheet(["acme", "1.00", "1", ""], totals=[["Total", "1", "", ""], ["Total", "2", "", ""]]))
    assert [each[0] for each in book.looks_of(3)] == [False] * 4
    assert book.looks_of(4) == [(True, "thin", None)] * 4
    assert book.looks_of(5) == [(True, None, "double")] * 4
    assert Book(sheet(totals=[["Total", "1", "", ""]])).looks_of(3) == [(True, "thin", "double")] * 4


def test_the_head_can_be_filtered_stays_in_sight_and_is_on_every_page():
    book = Book(sheet(["acme", "1.00", "1", ""], ["bolt", "2.00", "1", ""], totals=[["Total", "3.00", "2", ""]]))
    assert book.part("autoFilter").get("ref") == "A4:D6"
    pane = book.part("sheetViews", "sheetView", "pane")
    assert (pane.get("topLeftCell"), pane.get("state")) == ("B5", "frozen")
    assert "'Aging as of 2026-06-30'!$4:$4" in book.defined


def test_a_printed_page_is_landscape_as_wide_as_the_table_and_numbered():
    book = Book(replace(sheet(["acme", "1.00", "1", ""]), creditor="Müller & Søn"))
    setup = book.part("pageSetup")
    assert (setup.get("orientation"), setup.get("fitToHeight"), setup.get("paperSize")) == ("landscape", "0", "9")
    assert book.part("sheetPr", "pageSetUpPr").get("fitToPage") == "1"
    foot = book.part("headerFooter", "oddFooter").text
    assert foot == "&LMüller && Søn&CAging as of 2026-06-30&RPage &P of &N"


def test_a_workbook_says_whose_it_is_and_of_which_day_so_the_same_sheet_is_the_same_bytes():
    page = replace(sheet(["acme", "1.00", "1", ""]), creditor="Müller & Søn", made_on=date(2026, 7, 1))
    properties = Book(page).properties
    assert "<dc:title>Aging as of 2026-06-30</dc:title>" in properties
    assert "<dc:creator>Müller &amp; Søn</dc:creator>" in properties
    assert "2026-07-01T12:00:00Z" in properties
    assert as_xlsx(page).getvalue() == as_xlsx(page).getvalue()
    assert datetime.now(UTC).date().isoformat() in Book(sheet()).properties


def test_a_long_sheet_is_the_same_as_a_short_one(monkeypatch):
    rows = [[f"C{n}", f"{n}.50", "1", ""] for n in range(9)]
    short = read_back(sheet(*rows, totals=[["Total", "1", "9", ""]]))
    monkeypatch.setattr(workbook, "_LONG", 5)
    assert read_back(sheet(*rows, totals=[["Total", "1", "9", ""]])) == short


def test_no_row_is_left_out_in_silence(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "too_many_rows"):
        as_xlsx(sheet(*[["acme", "1.00", "1", ""]] * 3))


def test_an_empty_sheet_is_still_a_workbook():
    assert Book(sheet()).cells()[2:] == [["Customer", "Open", "Items", "Late"]]
    assert read_back(sheet(columns=())) == [["Aging as of 2026-06-30"], ["As known then."]]
