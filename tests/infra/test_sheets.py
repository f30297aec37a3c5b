"""Sheets as CSV and as people read them: what is read back is what was there, and nothing in it runs."""

import csv
import io

import pytest

from infra.files.sheets import AMOUNT, COUNT, INSTANT, RATE, RATIO, Column, Sheet, grouped, safe, shown, write_csv

COLUMNS = (Column("Customer"), Column("Open", AMOUNT), Column("Items", COUNT), Column("Late", RATIO))
HARMFUL = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def sheet(*rows, totals=(), title="Aging as of 2026-06-30", notes=("As known then.",), columns=COLUMNS):
    return Sheet(title, notes, columns, rows, totals)


def as_csv(page):
    stream = io.StringIO()
    write_csv(page, stream)
    return stream.getvalue()


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


def test_an_empty_sheet_is_still_a_sheet():
    assert as_csv(sheet()) == "Customer,Open,Items,Late\n"
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


def test_an_instant_is_read_to_the_minute():
    assert shown("2026-03-01T12:13:14.123456Z", INSTANT) == "2026-03-01 12:13Z"
    assert shown("", INSTANT) == ""


def test_figures_of_two_currencies_are_two_sheets_and_of_one_it_is_one():
    columns = (Column("Customer"), Column("Currency"), Column("Open", AMOUNT))
    rows = [["a", "EUR", "1.00"], ["b", "JPY", "2"], ["c", "EUR", "3.00"]]
    both = sheet(*rows, columns=columns, totals=[["Total", "EUR", "4.00"], ["Total", "JPY", "2"]]).by_currency()
    assert [(name, [column.title for column in each.columns]) for name, each in both] == [
        ("EUR", ["Customer", "Open"]),
        ("JPY", ["Customer", "Open"]),
    ]
    assert [(each.rows, each.totals) for _, each in both] == [
        ([("a", "1.00"), ("c", "3.00")], [("Total", "4.00")]),
        ([("b", "2")], [("Total", "2")]),
    ]
    one = sheet(rows[0], rows[2], columns=columns)
    assert one.by_currency() == [("", one)]
    assert sheet(["acme", "1.00", "1", ""]).by_currency()[0][0] == ""
