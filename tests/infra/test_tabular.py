import csv
import tracemalloc
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infra.files.rejects import Rejects, origin, unguarded
from infra.files.table import NoRow
from infra.files.tabular import LONGEST_LINE, Row, Unreadable, open_table

HEADER = "customer,number,amount\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "file.csv"


def rows_of(path, **options):
    with open_table(path, **options) as table:
        return list(table.rows)


def good(rows):
    return [row.values for row in rows if not row.fault]


def bad(rows):
    return [(row.line, row.fault) for row in rows if row.fault]


def words_of(path, **options):
    with pytest.raises(Unreadable) as error, open_table(path, **options) as table:
        list(table.rows)
    return error.value.message


def test_rows_carry_the_line_they_begin_on(file):
    file.write_text(HEADER + 'ann,1,5\n\n"bob\nand son",2,6\ncid,3,7\n')
    assert rows_of(file) == [
        Row(2, ["ann", "1", "5"]),
        Row(4, ["bob\nand son", "2", "6"]),
        Row(6, ["cid", "3", "7"]),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_the_header_has_most_of(file, delimiter):
    file.write_text(f'"customer, of ours"{delimiter}number{delimiter}amount\nann{delimiter}1{delimiter}9\n')
    with open_table(file) as table:
        assert table.delimiter == delimiter
        assert table.columns == ("customer, of ours", "number", "amount")
        assert good(table.rows) == [["ann", "1", "9"]]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(file, ending):
    file.write_bytes(ending.join(["customer,number", "ann,1", "bob,2"]).encode())
    assert good(rows_of(file)) == [["ann", "1"], ["bob", "2"]]


def test_a_byte_order_mark_is_no_part_of_the_first_name(file):
    file.write_bytes(b"\xef\xbb\xbfcustomer,number\nann,1\n")
    with open_table(file) as table:
        assert table.columns == ("customer", "number")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "latin-1"])
def test_another_encoding_is_read_when_it_is_named(file, encoding):
    file.write_bytes("customer,number\nMüller,1\n".encode(encoding))
    assert good(rows_of(file, encoding=encoding)) == [["Müller", "1"]]


def test_a_header_alone_is_a_table_without_rows(file):
    file.write_text(HEADER)
    assert rows_of(file) == []


def test_the_digest_is_that_of_the_bytes_of_the_file(file):
    file.write_text(HEADER)
    with open_table(file) as table:
        assert table.digest == sha256(HEADER.encode()).hexdigest()


# Rows that are none cost themselves only


def test_too_few_and_too_many_values_are_faults_of_their_row(file):
    file.write_text(HEADER + "ann,1\nbob,2,6,extra\ncid,3,7\ndan,4,8,,\nlonely\n")
    rows = rows_of(file)
    assert good(rows) == [["cid", "3", "7"], ["dan", "4", "8"]]
    assert bad(rows) == [
        (2, "it has 2 columns, the header has 3"),
        (3, "it has 4 columns, the header has 3"),
        (6, "it has 1 column, the header has 3"),
    ]


def test_a_stray_quotation_mark_costs_its_own_row_only(file):
    lines = [f"c{n},{n},5" for n in range(500)]
    lines[7] = '"c7,7,5'
    file.write_text(HEADER + "\n".join(lines) + "\n")
    rows = rows_of(file)
    assert bad(rows) == [(9, "a quotation mark is opened and not closed")]
    assert len(good(rows)) == 499


def test_two_stray_quotation_marks_do_not_swallow_the_rows_between_them(file):
    lines = [f"c{n},{n},5,EUR" for n in range(20)]
    lines[3], lines[9] = '"c3,3,5,EUR', 'c9",9,5,EUR'
    file.write_text("customer,number,amount,currency\n" + "\n".join(lines) + "\n")
    rows = rows_of(file)
    assert bad(rows) == [(5, "a quotation mark is opened and not closed")]
    assert len(good(rows)) == 19


def test_a_value_of_several_lines_with_commas_is_one_value(file):
    address = "Main Street 5, Berlin\nBuilding 3, Floor 2\nGermany"
    file.write_text(f'customer,address,amount,currency\nann,"{address}",5,EUR\n')
    assert good(rows_of(file)) == [["ann", address, "5", "EUR"]]


def test_a_quotation_mark_within_a_quoted_value_is_a_fault(file):
    file.write_text(HEADER + '"5" pipe",1,5\nbob,2,6\n')
    rows = rows_of(file)
    assert bad(rows) == [(2, "a quotation mark stands within a quoted value: double it")]
    assert good(rows) == [["bob", "2", "6"]]


def test_a_file_cut_within_quotes_keeps_the_rows_before(file):
    file.write_text(HEADER + 'ann,1,5\n"bob,2')
    rows = rows_of(file)
    assert good(rows) == [["ann", "1", "5"]]
    assert bad(rows) == [(3, "a quotation mark is opened and not closed")]


def test_a_nul_byte_is_a_fault_of_its_row(file):
    file.write_text(HEADER + "ann,1\0,5\nbob,2,6\n")
    rows = rows_of(file)
    assert bad(rows) == [(2, "it holds a NUL byte")]
    assert rows[0].values == ["ann", "1\N{REPLACEMENT CHARACTER}", "5"]
    assert good(rows) == [["bob", "2", "6"]]


def test_a_line_too_long_is_skipped_and_the_next_one_read(file):
    file.write_text(HEADER + "ann,1,5\n" + "x" * (3 * LONGEST_LINE) + "\nbob,2,6\n")
    rows = rows_of(file)
    assert bad(rows) == [(3, "the line is longer than 65,536 characters")]
    assert good(rows) == [["ann", "1", "5"], ["bob", "2", "6"]]


def test_a_line_of_the_longest_length_is_still_a_row(file):
    name = "x" * (LONGEST_LINE - len(",1,5\n"))
    file.write_text(f"{HEADER}{name},1,5\n{name}y,2,5\n")
    rows = rows_of(file)
    assert good(rows) == [[name, "1", "5"]]
    assert [line for line, _ in bad(rows)] == [3]


@pytest.mark.parametrize("filling", [b"x", b'"', b'a,""', b"\0"])
def test_a_line_of_twenty_megabytes_is_read_within_little_memory(file, filling):
    with file.open("wb") as out:
        out.write(HEADER.encode() + b"ann,1,5\n")
        for _ in range(20):
            out.write(filling * (1_000_000 // len(filling)))
        out.write(b"\nbob,2,6\n")
    tracemalloc.start()
    rows = rows_of(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row.fault is None for row in rows] == [True, False, True]
    assert most < 6_000_000


# Files that cannot be read at all


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert words_of(tmp_path / "gone.csv") == f"there is no file {tmp_path / 'gone.csv'}"


def test_a_folder_is_no_file(tmp_path):
    assert words_of(tmp_path) == f"{tmp_path} is a folder: name a file in it"


def test_a_device_is_no_file():
    assert words_of(Path("/dev/zero")) == "/dev/zero is not a file on disk: save it to one first"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_needs_a_header(file, content):
    file.write_bytes(content)
    assert words_of(file) == f"{file} is empty: it needs a line with the names of its columns"


def test_another_encoding_than_said_names_the_place_and_the_option(file):
    file.write_bytes(b"customer,number\nann,1\nM\x81ller,2\n")
    assert words_of(file) == (
        f"{file} is not utf-8 text (line 3, byte 0x81): name its encoding, for example --encoding cp1252"
    )


def test_the_place_of_a_wrong_byte_is_found_beyond_the_first_block(file):
    file.write_bytes(b"customer,number\n" + b"ann,1\n" * 400_000 + b"M\x81ller,2\n")
    assert "(line 400002, byte 0x81)" in words_of(file)


def test_an_encoding_nobody_knows_is_no_encoding(file):
    file.write_text(HEADER)
    assert words_of(file, encoding="klingon") == (
        "'klingon' is not an encoding: use utf-8, cp1252, latin-1 or the like"
    )


@pytest.mark.parametrize(
    ("begins", "message"),
    [
        (b"PK\x03\x04", "is a workbook or an archive: open it in a spreadsheet and export it as CSV"),
        (b"\xd0\xcf\x11\xe0", "is an old Excel workbook: open it in a spreadsheet and export it as CSV"),
        (b"%PDF-1.7", "is a PDF: export the data as CSV"),
        (b"\x1f\x8b\x08", "is compressed: unpack it first"),
        (b"\0\1\2\3,\n", "does not begin with a line of column names: it holds a NUL byte"),
    ],
)
def test_what_is_no_delimited_text_is_called_by_its_name(file, begins, message):
    file.write_bytes(begins + b"\n more")
    assert words_of(file) == f"{file} {message}"


def test_a_first_line_without_end_is_no_header(file):
    file.write_text("x" * (LONGEST_LINE + 1))
    assert "the line is longer than 65,536 characters" in words_of(file)


# What was rejected

NO_ROW = Row(2, [])


def digest(file):
    return sha256(file.read_bytes()).hexdigest()[:16]


def rejected_in(folder, file, *rows, path=None, **options):
    with open_table(file) as table, Rejects(table, path, **options) as rejects:
        for row in rows:
            rejects.write(*row)
    return rejects.path


def test_rejected_rows_keep_their_columns_and_delimiter_beside_the_reason(file, tmp_path):
    file.write_text("customer;number\nMüller;1\n")
    path = rejected_in(tmp_path, file, (Row(2, ["Müller", "1"]), "number", "number_taken", "it was"))
    assert path == tmp_path / "file.csv.rejects.csv"
    with path.open(encoding="utf-8-sig", newline="") as found:
        assert list(csv.reader(found, delimiter=";")) == [
            ["row", "field", "code", "reason", "origin", "customer", "number"],
            ["2", "number", "number_taken", "it was", f"import:{digest(file)}:2", "Müller", "1"],
        ]


def test_what_is_rejected_again_says_why_only_once_and_still_where_it_stood_at_first(file, tmp_path):
    file.write_text("customer,number\nann,1\nbob,2\n")
    first = rejected_in(tmp_path, file, (Row(3, ["bob", "2"]), "number", "number_taken", "it was"))
    with open_table(first) as table:
        [row] = table.rows
        assert origin(table, row) == f"import:{digest(file)}:3"
    again = rejected_in(tmp_path, first, (row, "number", "number_taken", "it still was"))
    assert [row.values for row in rows_of(again)] == [
        ["2", "number", "number_taken", "it still was", f"import:{digest(file)}:3", "bob", "2"]
    ]


@pytest.mark.parametrize("said", ["", "3", "import:abc:3", "=A1", "import:0123456789abcdef:0x3"])
def test_an_origin_that_is_none_is_that_of_any_row(file, said):
    file.write_text(f"row,field,code,reason,origin,customer\n2,,not_a_row,words,{said},ann\n")
    with open_table(file) as table:
        [row] = table.rows
        assert origin(table, row) == f"import:{digest(file)}:2"


def test_without_rejects_there_is_no_reject_file(file, tmp_path):
    file.write_text(HEADER)
    assert rejected_in(tmp_path, file) is None
    assert list(tmp_path.iterdir()) == [file]


def test_a_dry_run_writes_no_reject_file(file, tmp_path):
    file.write_text(HEADER)
    assert rejected_in(tmp_path, file, (NO_ROW, "", "not_a_row", "message"), is_dry=True) is None
    assert list(tmp_path.iterdir()) == [file]


def test_a_run_that_breaks_off_leaves_the_earlier_reject_file_alone(file, tmp_path):
    file.write_text(HEADER)
    path = rejected_in(tmp_path, file, (NO_ROW, "", "not_a_row", "the earlier"))
    with pytest.raises(RuntimeError), open_table(file) as table, Rejects(table) as rejects:
        rejects.write(NO_ROW, "", "not_a_row", "the later")
        raise RuntimeError
    assert "the earlier" in path.read_text(encoding="utf-8")
    assert sorted(tmp_path.iterdir()) == sorted([file, path])


def test_where_the_folder_of_the_file_cannot_be_written_the_current_one_takes_the_rejects(file, tmp_path, monkeypatch):
    file.write_text(HEADER)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setattr("infra.files.rejects.os.access", lambda folder, mode: Path(folder) != tmp_path)
    path = rejected_in(tmp_path, file, (NO_ROW, "", "not_a_row", "message"))
    assert path == elsewhere / "file.csv.rejects.csv"


def test_a_named_reject_file_in_no_folder_is_refused_before_anything_is_read(file, tmp_path):
    file.write_text(HEADER)
    with pytest.raises(Unreadable, match="name another file"):
        rejected_in(tmp_path, file, path=tmp_path / "nowhere" / "rejects.csv")


def test_the_rejects_never_replace_the_file_itself(file):
    file.write_text(HEADER)
    with pytest.raises(Unreadable, match="name another file"), open_table(file) as table:
        Rejects(table, file.parent / "." / file.name)


# Whatever comes


@given(content=st.binary(max_size=500))
@example(content=b'a,b\n"')
@example(content=b"a,b\r\r\n")
def test_any_bytes_are_a_table_or_a_clear_refusal(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        with open_table(path) as table:
            assert all(len(row.values) == len(table.columns) for row in table.rows if not row.fault)
    except Unreadable as unreadable:
        assert str(path) in unreadable.message


VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), max_size=20)


@given(values=st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=20), delimiter=st.sampled_from(",;\t|"))
def test_what_a_spreadsheet_writes_is_read_back(tmp_path_factory, values, delimiter):
    path = tmp_path_factory.getbasetemp() / "written.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows([("a", "b", "c"), *values])
    assert good(rows_of(path)) == [list(each) for each in values if any(each)]


# What nobody said


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("customer,number\nMüller,1\n".encode(), "utf-8-sig"),
        ("customer,number\nMüller,1\n".encode("cp1252"), "cp1252"),
        ("customer,number\nMüller,1\nann,ü".encode("cp1252"), "cp1252"),
        ("customer,number\nO’Brien – 5 €,1\n".encode("cp1252"), "cp1252"),
        ("customer,number\nMüller,1\n".encode("utf-16"), "utf-16"),
    ],
)
def test_an_encoding_is_recognised_where_one_reading_is_left(file, content, encoding):
    file.write_bytes(content)
    with open_table(file) as table:
        assert table.encoding == encoding
        assert good(table.rows)[0][0].startswith(("Müller", "O’Brien"))


@pytest.mark.parametrize(
    "content",
    [
        "customer,number\nMüller,1\n".encode("cp850"),
        "customer,number\nMöbel,1\n".encode("cp850"),
        "customer,number\nMöbel,1\n".encode("mac-roman"),
        "customer,number\nMüller,1\n".encode() + "Müller,2\n".encode("cp1252"),
        "customer,number\nMüller,2\n".encode("cp1252") + "Müller,1\n".encode(),
    ],
)
def test_an_encoding_that_may_be_another_is_asked_for(file, content):
    file.write_bytes(content)
    assert "name its encoding, for example --encoding" in words_of(file)


def test_letters_of_windows_are_recognised_beyond_the_first_block(file):
    file.write_bytes(b"customer,number\n" + b"ann,1\n" * 400_000 + b"M\xfcller,2\n" + b"ann,1\n" * 400_000)
    with open_table(file) as table:
        assert table.encoding == "cp1252"
    file.write_bytes(b"customer,number\n" + b"M\xfcller,2\n" + b"ann,1\n" * 400_000 + b"M\x81ller,2\n")
    assert "(line 400003, byte 0x81)" in words_of(file)


def known(*names):
    return lambda values: len({*names} & {*values})


NAMES = known("customer", "number", "amount")


@pytest.mark.parametrize(
    ("above", "delimiter", "titles"),
    [
        ("sep=;\n", ";", [1]),
        ('"sep=|"\n\n', "|", [1]),
        ("Open items of ACME, as of 30 June, 2026, in EUR\n\n", ";", [1]),
        ("number;4711\nDate;30.06.2026\n", ";", [1, 2]),
        ("Title\nanother, title\n", "\t", [1, 2]),
    ],
)
def test_the_head_line_is_found_under_other_lines(file, above, delimiter, titles):
    rows = f"{above}customer;number;amount\nann;1;5\n".replace(";", delimiter).replace(f"sep={delimiter}", "sep=;")
    file.write_text(rows.replace("sep=;", f"sep={delimiter}"))
    with open_table(file, names=NAMES) as table:
        assert (table.delimiter, table.columns) == (delimiter, ("customer", "number", "amount"))
        assert good(table.rows) == [["ann", "1", "5"]]
        assert table.left_out.first[NoRow.TITLE] == titles
        assert good(table.again()) == [["ann", "1", "5"]]


def test_where_no_name_is_known_the_first_line_of_several_values_is_the_head(file):
    file.write_text("Title\n\nKd;Nr;Btr\nann;1;5\n")
    with open_table(file, names=NAMES) as table:
        assert table.columns == ("Kd", "Nr", "Btr")


def test_a_delimiter_that_is_named_counts(file):
    file.write_text("a,b;c,d\n1,2;3,4\n")
    with open_table(file, delimiter=";") as table:
        assert table.columns == ("a,b", "c,d")


# No live formulas

DANGEROUS = ["=1+1", "=cmd|' /C calc'!A0", "+A1", "-A1", "@SUM(A1)", "\tx", "'=1", "''x", "'", "'x", "-12.50 CR"]


@pytest.mark.parametrize("value", DANGEROUS)
def test_no_value_of_a_reject_file_is_a_formula_and_each_comes_back_as_it_was(file, value):
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([("customer", value), ("ann", value)])
    path = rejected_in(file.parent, file, (Row(2, ["ann", value]), "customer", "missing", value))
    with path.open(encoding="utf-8-sig", newline="") as found:
        written = list(csv.reader(found))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in written for cell in row)
    with open_table(path) as opened:
        table = unguarded(opened)
        assert table.columns[-2:] == ("customer", value.strip())
        assert [row.values[-2:] for row in table.again()] == [["ann", value]]
        assert [row.values[-2:] for row in table.rows] == [["ann", value]]


@pytest.mark.parametrize("value", ["-12.50", "+5", "-1.234,56", "-0"])
def test_a_negative_amount_stays_a_number(file, value):
    file.write_text("customer;amount\n")
    path = rejected_in(file.parent, file, (Row(2, ["ann", value]), "amount", "missing", "it is"))
    assert f";{value}" in path.read_text(encoding="utf-8-sig")


@given(values=st.lists(st.text(st.sampled_from("=+-@'\t1a "), max_size=5), min_size=2, max_size=2))
def test_any_value_comes_back_from_a_reject_file(tmp_path_factory, values):
    path = tmp_path_factory.getbasetemp() / "guarded.csv"
    path.write_text("a,b\n")
    rejects = rejected_in(path.parent, path, (Row(2, values), "a", "missing", "it is"))
    with open_table(rejects) as table:
        assert [row.values[-2:] for row in unguarded(table).rows] == [values]
