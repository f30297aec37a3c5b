"""What bad input gets: a sentence that says what is wrong and what to do, and the good rows all the same."""

import csv
import tracemalloc

import pytest

from domain.entry import invoice_stream
from services.importing import Options, Unreadable, loading

HEADER = "customer,number,issued_on,due_on,amount,currency\n"
GOOD = "ann,GOOD-1,2026-01-05,2026-02-04,100.00,EUR\n"
ALSO = "bob,GOOD-2,2026-01-05,2026-02-04,70.00,EUR\n"


@pytest.fixture
def load(app, tmp_path):
    """load(content, kind, **options) -> Summary"""

    def load(content, kind="invoices", **options):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return getattr(app.imports, kind)(path, Options(**options))

    return load


@pytest.fixture
def rejected(load, app):
    """rejected(row, ...) -> (field, code, words) of the one row between two good ones, which are imported once."""

    def rejected(row, header=HEADER, good=GOOD, also=ALSO, **options):
        content = header + good + row.rstrip("\n") + "\n" + also
        summary = load(content, **options)
        assert (summary.read, summary.imported, summary.rejected) == (3, 2, 1)
        again = load(content, **options)
        assert (again.imported, again.already_there, again.rejected) == (0, 2, 1)
        assert again.first_rejects == summary.first_rejects
        assert again.position == summary.position == app.ledger.head().position
        [(line, field, code, message)] = summary.first_rejects
        assert line == 3
        with summary.reject_file.open(encoding="utf-8-sig", newline="") as file:
            written = list(csv.reader(file))
        assert written[0] == ["row", "field", "code", "reason", "origin", *header.strip().split(",")]
        assert written[1][:4] == ["3", field, code, message]
        return field, code, message

    return rejected


def row(**changed):
    """An invoice's row, good but for what is changed."""
    values = {
        "customer": "cid",
        "number": "R-1",
        "issued_on": "2026-01-05",
        "due_on": "2026-02-04",
        "amount": "10.00",
        "currency": "EUR",
    }
    return ",".join(f'"{value}"' for value in (values | changed).values())


AMOUNT = "is not an amount such as 1,234.56"
RANGE = "does not lie between 1900-01-01 and 2199-12-31"
DAY = "is not a day such as 2026-01-31 (--date-format names another form)"


BAD_VALUES = [
    ({"amount": "1.234,56"}, "amount", "not_an_amount", f"'1.234,56' {AMOUNT}; it would be with --decimal-comma"),
    ({"amount": "12,50"}, "amount", "not_an_amount", f"'12,50' {AMOUNT}; it would be with --decimal-comma"),
    ({"amount": "NaN"}, "amount", "not_an_amount", f"'NaN' {AMOUNT}"),
    ({"amount": "inf"}, "amount", "not_an_amount", f"'inf' {AMOUNT}"),
    ({"amount": "1e5"}, "amount", "not_an_amount", f"'1e5' {AMOUNT}"),
    ({"amount": "ten"}, "amount", "not_an_amount", f"'ten' {AMOUNT}"),
    ({"amount": "$ 10"}, "amount", "currency_differs", "'$ 10' is not in EUR"),
    ({"amount": "١٢"}, "amount", "not_an_amount", f"'١٢' {AMOUNT}"),
    ({"amount": "9" * 25}, "amount", "amount_too_large", f"'{'9' * 20}' is more than a ledger amount can hold"),
    ({"amount": "9" * 100}, "amount", "not_an_amount", f"'{'9' * 20}' {AMOUNT}"),
    ({"amount": "9" * 5000}, "amount", "too_long", "it has 5,000 characters, at most 200 are kept"),
    ({"amount": "0.00"}, "amount", "not_positive", "the amount must be more than zero"),
    ({"amount": ""}, "amount", "missing", "it is empty"),
    ({"amount": "10.005"}, "amount", "too_many_decimals", "'10.005' has 3 decimals, EUR has 2"),
    ({"amount": "10.5", "currency": "JPY"}, "amount", "too_many_decimals", "'10.5' has 1 decimal, JPY has 0"),
    ({"currency": "XXX"}, "currency", "unknown_currency", "'XXX' is not an ISO 4217 currency code"),
    ({"currency": "EURO"}, "currency", "unknown_currency", "'EURO' is not an ISO 4217 currency code"),
    ({"currency": ""}, "currency", "missing", "it is empty: fill it in, or name one for all with --currency"),
    ({"issued_on": "31/02/2012"}, "issued_on", "not_a_day", f"'31/02/2012' {DAY}"),
    ({"issued_on": "2012-02-31"}, "issued_on", "not_a_day", f"'2012-02-31' {DAY}"),
    ({"issued_on": "20260105"}, "issued_on", "not_a_day", f"'20260105' {DAY}"),
    ({"issued_on": "0026-01-05"}, "issued_on", "day_out_of_range", f"0026-01-05 {RANGE}"),
    ({"due_on": "9999-12-31"}, "due_on", "day_out_of_range", f"9999-12-31 {RANGE}"),
    ({"due_on": "2026-01-04"}, "due_on", "due_before_issue",
     "an invoice cannot be due before the day it is issued"),
    ({"customer": " "}, "customer", "missing", "it is empty"),
    ({"number": "7" * 101}, "number", "too_long", "it has 101 characters, at most 100 are kept"),
    ({"number": "R\u202e1"}, "number", "not_printable", "'R\\u202e1' holds characters that cannot be printed"),
    ({"number": "GOOD-1"}, "number", "number_taken", "invoice GOOD-1 was issued before with other content"),
]  # fmt: skip


def test_each_bad_value_is_rejected_with_its_field_and_reason_and_the_good_rows_are_in(load):
    content = HEADER + GOOD + "".join(row(**changed) + "\n" for changed, *_ in BAD_VALUES) + ALSO
    summary = load(content)
    assert (summary.read, summary.imported, summary.rejected) == (len(BAD_VALUES) + 2, 2, len(BAD_VALUES))
    with summary.reject_file.open(encoding="utf-8-sig", newline="") as file:
        _, *written = csv.reader(file)
    expected = [[str(line), *reason] for line, (_, *reason) in enumerate(BAD_VALUES, 3)]
    assert [each[:4] for each in written] == expected
    again = load(content)
    assert (again.imported, again.already_there, again.position) == (0, 2, summary.position)


@pytest.mark.parametrize(
    ("bad", "code", "message"),
    [
        ("cid,R-1,2026-01-05,2026-02-04,10.00", "not_a_row", "it has 5 columns, the header has 6"),
        ("cid,R-1,2026-01-05,2026-02-04,10,00,EUR", "not_a_row", "it has 7 columns, the header has 6"),
        ('"cid,R-1,2026-01-05,2026-02-04,10.00,EUR', "not_a_row", "a quotation mark is opened and not closed"),
        ("cid,R\0-1,2026-01-05,2026-02-04,10.00,EUR", "not_a_row", "it holds a NUL byte"),
    ],
)
def test_a_line_that_is_no_row_is_rejected_whole(rejected, bad, code, message):
    assert rejected(bad) == ("", code, message)


def test_a_tax_beyond_the_total_is_rejected(rejected):
    header = HEADER.replace("currency", "currency,tax")
    good, also = GOOD.replace("EUR", "EUR,"), ALSO.replace("EUR", "EUR,1.00")
    assert rejected(row() + ",10.01", header, good, also) == (
        "tax",
        "tax_out_of_range",
        "the tax must lie between zero and the total",
    )


def test_a_schedule_that_is_not_the_whole_is_rejected(rejected):
    header = HEADER.replace("due_on", "schedule")
    good, also = GOOD.replace("2026-02-04", "30:100"), ALSO.replace("2026-02-04", "30:50 60:50")
    assert rejected(row(due_on="30:30 60:30"), header, good, also) == (
        "schedule",
        "bad_schedule",
        "'30:30 60:30' is not a schedule of 100 % such as 30:30 60:30 90:40",
    )


def test_an_entity_with_a_colon_is_rejected(rejected):
    header = HEADER.replace("currency", "currency,entity")
    good, also = GOOD.replace("EUR", "EUR,north"), ALSO.replace("EUR", "EUR,")
    assert rejected(row() + ",a:b", header, good, also) == ("entity", "not_an_entity", "'a:b' holds a colon")


def test_amounts_with_a_decimal_comma_are_read_when_asked(load, app):
    content = HEADER.replace(",", ";") + "ann;R-1;2026-01-05;2026-02-04;1.234,56;EUR\n"
    bad = "ann;R-2;2026-01-05;2026-02-04;1,234.56;EUR\n"
    summary = load(content + bad, decimal_comma=True)
    assert app.ledger.state(invoice_stream("R-1", "main")).open_minor == 123456
    [reject] = summary.first_rejects
    assert reject.message == "'1,234.56' is not an amount such as 1.234,56; it would be with --decimal-point"


def test_a_day_that_is_none_is_explained_in_the_form_that_was_named(load):
    content = "customer,number,issued_on,due_on,amount,currency\nann,R-1,31/02/2012,01/03/2012,1,EUR\n"
    [reject] = load(content, date_format="%d/%m/%Y").first_rejects
    assert reject == (2, "issued_on", "not_a_day", "'31/02/2012' is not a day such as 31/01/2026")


def test_a_payment_with_a_bad_amount_or_day_is_rejected(rejected):
    header = "number,amount,value_on,currency\n"
    good, also = "R-1,1.00,2026-01-05,EUR\n", "R-2,1.00,2026-01-05,EUR\n"
    asked = {"header": header, "good": good, "also": also, "kind": "payments"}
    assert rejected("R-1,-1.00,2026-01-05,EUR", **asked) == (
        "amount",
        "not_positive",
        "the amount must be more than zero",
    )


def test_a_payment_for_an_invoice_nobody_knows_is_kept(load):
    summary = load("number,amount,value_on,currency\nR-404,1.00,2026-01-05,EUR\n", "payments")
    assert (summary.imported, summary.rejected, summary.unidentified) == (1, 0, 1)


def test_whether_a_row_was_disputed_must_be_yes_or_no(rejected):
    header = HEADER.strip() + ",settled_on,disputed\n"
    good, also = GOOD.strip() + ",2026-02-01,No\n", ALSO.strip() + ",,YES\n"
    asked = {"header": header, "good": good, "also": also, "kind": "history"}
    assert rejected(row() + ",,perhaps", **asked) == (
        "disputed",
        "neither_yes_nor_no",
        "'perhaps' is neither yes nor no",
    )


# Corrected rows


def test_corrected_rejects_are_imported_by_the_same_command(load, app):
    options = {"columns": {"number": "Nº"}, "encoding": "cp1252"}
    content = HEADER.replace("number", "Nº") + GOOD + row(amount="ten", number="Ré-1") + "\n"
    summary = load(content.encode("cp1252"), **options)
    corrected = summary.reject_file.read_bytes().replace(b"ten", b"10")
    assert "Ré-1".encode("cp1252") in corrected
    assert load(corrected, **options).imported == 1
    assert app.ledger.state(invoice_stream("Ré-1", "main")).open_minor == 1000


def test_all_rejects_are_written_though_only_the_first_are_told(load):
    bad = "".join(row(number=f"R-{n}", amount="x") + "\n" for n in range(30))
    summary = load(HEADER + bad)
    assert len(summary.first_rejects) == loading.SHOWN
    assert len(summary.reject_file.read_text(encoding="utf-8-sig").splitlines()) == 31


def test_rejects_of_several_chunks_are_in_the_order_of_the_file(load, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 3)
    bad = [row(number=f"R-{n}", **({"amount": "x"} if n % 2 else {"due_on": "2026-01-01"})) for n in range(8)]
    summary = load(HEADER + "\n".join(bad) + "\n")
    lines = [line.split(",")[0] for line in summary.reject_file.read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert lines == [str(n) for n in range(2, 10)]


# Files that cannot be read at all


def words_of(load, content, kind="invoices", **options):
    with pytest.raises(Unreadable) as error:
        load(content, kind, **options)
    return error.value.message


def test_a_file_that_is_not_there_is_named(app, tmp_path):
    with pytest.raises(Unreadable, match="there is no file"):
        app.imports.invoices(tmp_path / "gone.csv", Options())


def test_a_folder_is_no_file(app, tmp_path):
    with pytest.raises(Unreadable, match="is a folder: name a file in it"):
        app.imports.invoices(tmp_path, Options())


def test_an_empty_file_needs_a_header(load, tmp_path):
    assert words_of(load, "") == f"{tmp_path / 'file.csv'} is empty: it needs a line with the names of its columns"


def test_a_workbook_is_to_be_exported_first(load, tmp_path):
    message = "is a workbook or an archive: open it in a spreadsheet and export it as CSV"
    assert words_of(load, b"PK\x03\x04 and more") == f"{tmp_path / 'file.csv'} {message}"


def test_a_wrong_encoding_imports_nothing_and_names_the_option(load, app, tmp_path):
    content = (HEADER + GOOD + GOOD.replace("ann", "Jürgen").replace("GOOD-1", "R-2")).encode("cp850")
    message = "is not utf-8 text (line 3, byte 0x81): name its encoding, for example --encoding cp1252"
    assert words_of(load, content) == f"{tmp_path / 'file.csv'} {message}"
    assert app.ledger.head().position == 0
    assert load(content, encoding="cp850").imported == 2


def test_a_missing_column_is_named_with_those_there_are_and_the_option(load, tmp_path):
    content = "Wer,number,issued_on,due_on,amount,currency\n"
    assert words_of(load, content) == (
        f"{tmp_path / 'file.csv'} has no column customer, only Wer, number, issued_on, due_on, amount, currency: "
        "name it with --map customer=COLUMN"
    )


def test_without_a_column_for_the_currency_one_is_named_for_all(load):
    content = "customer,number,issued_on,due_on,amount\nann,R-1,2026-01-05,2026-02-04,1\n"
    assert "has no column currency" in words_of(load, content)
    assert load(content, currency="EUR").imported == 1


def test_a_mapped_column_that_is_not_there_is_named(load):
    assert "has no column Steuer" in words_of(load, HEADER, columns={"tax": "Steuer"})


def test_a_field_nobody_knows_is_named_with_those_there_are(load):
    assert words_of(load, HEADER, columns={"colour": "Farbe"}).startswith(
        "--map colour=...: there is no such field, only customer, number, issued_on"
    )


def test_two_columns_of_one_name_are_refused_where_it_matters(load):
    assert "has 2 columns named amount" in words_of(load, HEADER.replace("due_on", "amount"))
    assert load(HEADER.replace("\n", ",note,note\n") + GOOD.replace("\n", ",a,b\n")).imported == 1


def test_columns_are_found_whatever_their_capitals(load):
    assert load(HEADER.upper() + GOOD).imported == 1


@pytest.mark.parametrize("date_format", ["%d/%m", "%Q", "day", "%H:%M", "%"])
def test_a_date_format_that_names_no_day_is_refused(load, date_format):
    message = f"--date-format {date_format!r} does not name day, month and year: use %d/%m/%Y or the like"
    assert words_of(load, HEADER, date_format=date_format) == message


def test_a_default_currency_nobody_knows_is_refused(load):
    message = "--currency 'EURO' is not an ISO 4217 code: use EUR, USD or the like"
    assert words_of(load, HEADER, currency="EURO") == message


def test_a_default_entity_that_fits_no_stream_is_refused(load):
    assert words_of(load, HEADER, entity="a:b").startswith("--entity: ")


def test_payments_need_a_column_that_says_what_is_paid(load):
    message = "no column says what is paid: name one with --map number=COLUMN or --map customer=COLUMN"
    assert words_of(load, "amount,value_on,currency\n1,2026-01-05,EUR\n", "payments") == message


def test_a_header_alone_is_an_import_of_nothing(load):
    summary = load(HEADER)
    assert (summary.read, summary.imported, summary.reject_file) == (0, 0, None)


# Files that are broken


@pytest.mark.parametrize("cut", ["cid,R-1,2026-01", '"cid,R-1,2026-01', "cid"])
def test_half_a_file_keeps_its_whole_rows_and_the_whole_file_adds_the_rest(load, cut):
    half = load(HEADER + GOOD + cut)
    assert (half.read, half.imported, half.rejected) == (2, 1, 1)
    whole = load(HEADER + GOOD + row() + "\n" + ALSO)
    assert (whole.read, whole.imported, whole.already_there, whole.rejected) == (3, 2, 1, 0)


def test_a_line_of_two_hundred_megabytes_fills_no_memory(app, tmp_path):
    path, block = tmp_path / "long.csv", b'x"",\0' * 200_000
    with path.open("wb") as file:
        file.write((HEADER + GOOD).encode())
        for _ in range(200):
            file.write(block)
        file.write(b"\n" + ALSO.encode())
    tracemalloc.start()
    summary = app.imports.invoices(path, Options())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    path.unlink()
    assert (summary.imported, summary.rejected) == (2, 1)
    assert most < 30_000_000
