"""Workbooks as tables: what their cells are, which sheet is read, and what is too much."""

import csv
import zipfile
import zlib
from datetime import datetime

import pytest
from xlsxwriter import Workbook

from infra.files import spreadsheet
from infra.files.rejects import Rejects
from infra.files.table import Day, NoRow, Number
from infra.files.tabular import Row, Unreadable, open_table

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "file.xlsx"


def written(file, **sheets):
    """sheet name -> rows; a datetime becomes a cell with a format of days."""
    with Workbook(file) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for at, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(line, at, value, day)
                    elif value is not None:
                        sheet.write(line, at, value)
    return file


def with_part(file, name, content):
    """The same file with another content in one of its parts."""
    with zipfile.ZipFile(file) as old:
        parts = {each: old.read(each) for each in old.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for each, before in parts.items():
            new.writestr(each, content if each == name else before)


def words_of(path, **options):
    with pytest.raises(Unreadable) as error, open_table(path, **options) as table:
        list(table.rows)
    return error.value.message


def test_cells_are_numbers_days_and_texts_and_rows_carry_their_line_in_the_sheet(file):
    written(
        file,
        Data=[
            ["number", "day", "amount", "yes"],
            [1001, datetime(2026, 6, 30), 99.99000000000001, True],
            [],
            ["007", datetime(2026, 6, 30, 12, 5), 1e15, "x"],
        ],
    )
    with open_table(file) as table:
        rows = list(table.rows)
    assert rows == [
        Row(2, ["1001", "2026-06-30", "99.99000000000001", "yes"]),
        Row(4, ["007", "2026-06-30 12:05:00", "1000000000000000", "x"]),
    ]
    assert [type(value) for value in rows[0].values] == [Number, Day, Number, str]
    assert [type(value) for value in rows[1].values] == [str, Day, Number, str]
    assert table.left_out.first[NoRow.BLANK] == [3]


def test_the_first_sheet_that_holds_anything_is_read_unless_one_is_named(file):
    written(file, Cover=[], Items=[["a", "b"], [1, 2]], More=[["c"], [3]])
    with open_table(file) as table:
        assert (table.sheet, table.columns) == ("Items", ("a", "b"))
    with open_table(file, sheet="more") as other:
        assert (other.sheet, other.columns) == ("More", ("c",))
        assert other.digest != table.digest, "rows of two sheets are not the same rows"
    assert words_of(file, sheet="Less") == f"{file} has no sheet Less, only Cover, Items, More"


def test_a_cover_and_what_is_hidden_are_passed_over_for_the_sheet_with_the_names_that_are_looked_for(file):
    with Workbook(file) as book:
        secret, cover, items = (book.add_worksheet(name) for name in ("Secret", "Cover", "Items"))
        for sheet, rows in (
            (secret, [["a", "b"], [5, 6]]),
            (cover, [["Open items"], ["of ACME"]]),
            (items, [["a", "b"], [1, 2]]),
        ):
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
        secret.hide()
        items.activate()

    def known(values):
        return len({"a", "b"} & {*values})

    with open_table(file, names=known) as table:
        assert table.sheet == "Items"
    with open_table(file) as table:
        assert table.sheet == "Cover", "where no names are looked for"
    with open_table(file, names=lambda values: 0) as table:
        assert table.sheet == "Cover", "where none is found"
    with open_table(file, sheet="Secret", names=known) as table:
        assert table.sheet == "Secret"


def test_rows_can_be_looked_at_before_they_are_read(file):
    written(file, Data=[["a"], [1], [2]])
    with open_table(file) as table:
        assert list(table.again()) == list(table.again()) == list(table.rows)


def test_the_head_line_is_found_under_titles_and_blank_lines(file):
    written(file, Data=[["Open items"], [], ["number", "amount"], [1, 2.5]])
    with open_table(file, names=lambda values: len({"number", "amount"} & {*values})) as table:
        assert table.columns == ("number", "amount")
        assert [row.values for row in table.rows] == [["1", "2.5"]]
        assert table.left_out.first[NoRow.TITLE] == [1]


def test_a_value_beside_the_named_columns_is_a_fault_of_its_row(file):
    written(file, Data=[["a", "b"], [1, 2], [1, 2, 3]])
    with open_table(file) as table:
        assert [row.fault for row in table.rows] == [None, "it has 3 columns, the header has 2"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 and more", b"\xd0\xcf\x11\xe0 and more"])
def test_what_only_begins_as_a_workbook_is_to_be_exported(file, content):
    file.write_bytes(content)
    assert "open it in a spreadsheet and export it as CSV" in words_of(file)


def test_an_archive_of_something_else_is_no_workbook(file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert words_of(file) == f"{file} is no workbook of a kind that is read: save it as XLSX or CSV"


def test_a_workbook_without_anything_needs_a_header(file):
    written(file, Data=[])
    assert words_of(file) == f"{file} is empty: it needs a line with the names of its columns"


# What is too much


def test_a_file_of_too_many_bytes_is_refused_unread(file, monkeypatch):
    written(file, Data=[["a"], [1]])
    monkeypatch.setattr(spreadsheet, "MOST_BYTES", 1_000)
    assert "of a workbook 1,000 are read: export it as CSV" in words_of(file)


def test_a_small_file_that_unpacks_to_much_is_refused(file, monkeypatch):
    written(file, Data=[["a"], [1]])
    monkeypatch.setattr(spreadsheet, "MOST_UNPACKED", 3_000_000)
    with_part(file, SHEET, b"<worksheet>" + b" " * 4_000_000)
    assert file.stat().st_size < 20_000
    assert "is larger than 3,000,000 bytes when unpacked" in words_of(file)


def test_so_is_one_that_lies_about_its_size(file, monkeypatch):
    written(file, Data=[["a"], [1]])
    monkeypatch.setattr(spreadsheet, "MOST_UNPACKED", 3_000_000)
    content = b"<worksheet>" + b" " * 4_000_000
    with_part(file, SHEET, content)
    size = len(content).to_bytes(4, "little")
    lie = (50).to_bytes(4, "little")
    assert zlib.crc32(content)
    packed = file.read_bytes()
    assert packed.count(size) == 2
    file.write_bytes(packed.replace(size, lie))
    assert "is larger than 3,000,000 bytes when unpacked" in words_of(file)


@pytest.mark.parametrize(
    ("cell", "what"),
    [("XFD1048576", "1,000 columns"), ("Z1048576", "20,000,000 cells"), ("ALM1", "1,000 columns")],
)
def test_two_cells_far_apart_are_refused_before_the_rectangle_between_them_is_made(file, cell, what):
    written(file, Data=[["a"], [1]])
    line = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{line}"><c r="{cell}"><v>1</v></c></row>'
    with_part(file, SHEET, f"<worksheet><sheetData>{far}</sheetData></worksheet>".encode())
    assert f"has a sheet of more than {what}: export it as CSV" in words_of(file)


def test_the_rejects_of_a_workbook_are_text_beside_it(file):
    written(file, Data=[["number", "amount"], ["=A1", -12.5]])
    with open_table(file) as table, Rejects(table) as rejects:
        [row] = table.rows
        rejects.write(row._replace(values=["=A1", row.values[1]]), "number", "missing", "it is not")
    assert rejects.path and rejects.path.name == "file.xlsx.rejects.csv"
    with rejects.path.open(encoding="utf-8-sig", newline="") as found:
        [_, values] = csv.reader(found)
    assert values[5:] == ["'=A1", "-12.5"]
