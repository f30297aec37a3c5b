"""Files as people have them: what a column leaves one reading of is read, what it leaves two of is asked for."""

import csv
from datetime import date, datetime

import pytest
from xlsxwriter import Workbook

from domain.customer.facts import Registered
from domain.entry import invoice_stream
from infra.files.table import NoRow
from infra.files.tabular import Unreadable
from services.answers.imported import import_answer
from services.importing import Options
from tests.services.filing import Filing, counts

HEAD = "customer,number,issued_on,due_on,amount,currency\n"


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


def issued(app, number):
    return app.ledger.state(invoice_stream(number, "main")).issued


def rows(*amounts, currency="EUR", day="2026-01-05", due="2026-02-04"):
    return HEAD + "".join(f'ann,R-{n},{day},{due},"{amount}",{currency}\n' for n, amount in enumerate(amounts, 1))


def words_of(filing, text, kind="invoices", **options):
    before = filing.app.ledger.head().position
    with pytest.raises(Unreadable) as error:
        filing.load(kind, text, **options)
    assert filing.app.ledger.head().position == before
    return error.value.message


# Amounts


@pytest.mark.parametrize(
    ("amounts", "minor"),
    [
        (["1,234", "12.50"], 1234_00),
        (["1.234", "12,50"], 1234_00),
        (["1.234", "1.234.567"], 1234_00),
        (["1,234", "0.5"], 1234_00),
        (["1 234,50", "3"], 1234_50),
        (["5", "1.234,50-"], 5_00),
        (["1234", "5"], 1234_00),
    ],
)
def test_one_amount_that_has_one_reading_tells_how_all_are_read(filing, amounts, minor):
    summary = filing.load("invoices", rows(*amounts))
    assert summary.rejected == 0
    assert filing.open_minor("R-1") == minor


@pytest.mark.parametrize("amounts", [["1.234"], ["1.234", "5"], ["12.345", "1.000"]])
def test_a_column_that_may_be_read_in_two_ways_is_refused_with_both_and_the_options(filing, amounts):
    said = words_of(filing, rows(*amounts))
    assert f"amounts such as {amounts[0]} may be " in said
    assert "say which with --decimal-point or --decimal-comma" in said
    filing.load("invoices", rows(amounts[0]), decimal_comma=True)
    assert filing.open_minor("R-1") == int(amounts[0].replace(".", "")) * 100


@pytest.mark.parametrize("amounts", [["1,234"], ["1,234", "5"], ["12,345", "1,000"]])
def test_three_digits_after_a_comma_are_thousands_in_a_currency_of_two_decimals(filing, amounts):
    filing.load("invoices", rows(*amounts))
    assert filing.open_minor("R-1") == int(amounts[0].replace(",", "")) * 100


def test_what_is_said_counts_before_what_the_file_shows(filing):
    summary = filing.load("invoices", rows("12,50", "7"), decimal_comma=False)
    assert [reject.code for reject in summary.first_rejects] == ["not_an_amount"]


def test_where_rows_contradict_each_other_the_most_count_and_the_doubtful_are_rejected(filing):
    summary = filing.load("invoices", rows("12.50", "13.50", "14,50", "1,234"))
    assert [(reject.line, reject.code) for reject in summary.first_rejects] == [
        (4, "not_an_amount"),
        (5, "two_readings"),
    ]
    with summary.reject_file.open(encoding="utf-8-sig", newline="") as file:
        assert {row["read_as"] for row in csv.DictReader(file)} == {"amount=point?"}
    # Of the reject file alone both would have one reading.
    again = filing.load("invoices", summary.reject_file.read_text(encoding="utf-8-sig"))
    assert [reject.code for reject in again.first_rejects] == ["not_an_amount", "two_readings"]


@pytest.mark.parametrize("currency", ["KWD", "BHD", "TND"])
def test_a_thousand_in_a_currency_of_three_decimals_is_taken_only_when_somebody_says_so(filing, currency):
    text = rows("1,234", currency=currency)
    assert "may be 1234 or 1.234" in words_of(filing, text)
    shown_by_others = text + f"ann,R-2,2026-01-05,2026-02-04,12.5,{currency}\n"
    [reject] = filing.load("invoices", shown_by_others).first_rejects
    assert (reject.field, reject.code) == ("amount", "two_readings")
    filing.load("invoices", text, decimal_comma=True)
    assert filing.open_minor("R-1") == 1_234


@pytest.mark.parametrize("currency", ["JPY", "KRW"])
def test_a_comma_in_a_currency_of_no_decimals_stands_between_thousands(filing, currency):
    assert filing.load("invoices", rows("84,072", "1,200", currency=currency)).rejected == 0
    assert filing.open_minor("R-1") == 84_072
    # A point may be that of a program that calculates finer.
    assert "may be 1234 or 1.234" in words_of(filing, rows("1.234", currency=currency))


def test_amounts_as_the_ledger_writes_them_need_no_option(filing):
    filing.load("invoices", rows("1.234", currency="KWD"))
    assert filing.open_minor("R-1") == 1_234


def test_a_mark_of_another_currency_is_rejected(filing):
    summary = filing.load("invoices", rows("$12.50", "€12.50"))
    assert [(reject.line, reject.field, reject.code) for reject in summary.first_rejects] == [
        (2, "amount", "currency_differs")
    ]


def test_noise_is_rounded_only_when_asked_and_each_row_says_so(filing):
    text = rows("99.99000000000001", "5.00")
    [reject] = filing.load("invoices", text).first_rejects
    assert reject.code == "too_many_decimals" and "--round" in reject.message
    summary = filing.load("invoices", text, rounds=True)
    assert counts(summary) == (2, 1, 1, 0)
    assert [(note.row, note.code) for note in summary.notes] == [(2, "rounded")]
    assert filing.open_minor("R-1") == 99_99


def test_thousands_are_not_rounded_away(filing):
    [reject] = filing.load("invoices", rows("1.500", "12.50"), decimal_comma=None).first_rejects
    assert reject.code == "too_many_decimals"
    # The file shows that it is a point, and what then is left is noise.
    assert filing.load("invoices", rows("1.505", "12.50"), rounds=True).rejected == 0
    assert filing.open_minor("R-1") == 1_51


def test_debit_and_credit_in_columns_of_their_own_are_one_amount(filing, app):
    text = (
        "Konto;Beleg;Datum;Soll;Haben;Saldo;WKZ\n1;R1;05.01.2026;100,00;;100,00;EUR\n1;G1;06.01.2026;;30,00;70,00;EUR\n"
    )
    summary = filing.load("invoices", text)
    assert [(total.currency, total.minor) for total in summary.totals] == [("EUR", 70_00)]


# Days


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("30.01.2026", "01.03.2026"),
        ("30/01/2026", "01/03/2026"),
        ("01/30/2026", "03/01/2026"),
        ("30-01-2026", "01-03-2026"),
        ("20260130", "20260301"),
        ("46052", "46082"),
        ("30 Jan 2026", "Mar 1, 2026"),
        ("2026-01-30T23:59:00", "2026-03-01 00:00:00"),
        ("2026/01/30", "2026-03-01"),
    ],
)
def test_days_are_read_in_the_one_form_that_fits_their_column(filing, app, day, due):
    text = HEAD + f'ann,R-1,{day},"{due}",5.00,EUR\n'
    assert filing.load("invoices", text).rejected == 0
    found = issued(app, "R-1")
    assert (found.issued_on, found.instalments[0].due_on) == (date(2026, 1, 30), date(2026, 3, 1))


def test_days_that_may_be_months_are_refused_with_both_and_the_option(filing, app):
    text = rows("5.00", day="03/04/2025", due="05/06/2025")
    said = words_of(filing, text)
    assert "days such as 03/04/2025 (issued_on) may be of day/month/year or of month/day/year" in said
    assert "--date-format %d/%m/%Y or --date-format %m/%d/%Y" in said
    filing.load("invoices", text, date_format="%d/%m/%Y")
    assert issued(app, "R-1").issued_on == date(2025, 4, 3)


def test_a_day_whose_number_is_that_of_its_month_has_one_reading(filing, app):
    filing.load("invoices", rows("5.00", day="03/03/2025", due="05-05-2025"))
    assert issued(app, "R-1").issued_on == date(2025, 3, 3)
    mixed = HEAD + "".join(
        f"ann,R-{number},{day},{day},5.00,EUR\n"
        for number, day in enumerate(("31/01/2025", "01/31/2025", "02/02/2025"), 2)
    )
    assert [reject.code for reject in filing.load("invoices", mixed).first_rejects] == ["not_a_day"]


def test_one_day_after_the_twelfth_tells_the_order_of_all_columns(filing, app):
    filing.load("invoices", rows("5.00", day="03/04/2025", due="04/13/2025"))
    assert issued(app, "R-1").issued_on == date(2025, 3, 4)


def test_an_order_that_is_mixed_is_found_wherever_it_is(filing):
    many = "".join(f"ann,R-{n},31/01/2025,28/02/2025,5.00,EUR\n" for n in range(10, 1_500))
    text = HEAD + many + "ann,R-1,03/04/2025,28/05/2025,5,EUR\nann,R-2,03/31/2025,28/05/2025,5,EUR\n"
    summary = filing.load("invoices", text)
    assert [(reject.line, reject.code) for reject in summary.first_rejects] == [
        (1_492, "two_readings"),
        (1_493, "not_a_day"),
    ]


def test_a_row_of_another_form_than_its_column_is_rejected(filing):
    text = rows("5.00") + "ann,R-2,20260105,2026-02-04,5.00,EUR\nann,R-3,05.01.2026,2026-02-04,5.00,EUR\n"
    assert [reject.code for reject in filing.load("invoices", text).first_rejects] == ["not_a_day"] * 2


# Lines that are no rows


def test_lines_above_blank_lines_and_sums_are_left_out_and_counted(filing):
    text = "Open items\n\n" + rows("5.00", "7.00") + ",,,,,\nTotal,,,,12.00,EUR\n  ,,,,12.00,\n"
    summary = filing.load("invoices", text)
    assert counts(summary) == (2, 2, 0, 0)
    assert import_answer(summary)["left_out"] == [
        {"what": "title", "count": 1, "lines": [1]},
        {"what": "blank", "count": 1, "lines": [6]},
        {"what": "total", "count": 2, "lines": [7, 8]},
    ]


@pytest.mark.parametrize("word", ["Total", "TOTALS:", "Summe", "Gesamt", "Gesamtsumme", "Totaal", "Sum", "Totalt",
                                  "Grand Total", "Total for ann", "Zwischensumme"])  # fmt: skip
def test_a_line_of_sums_says_so_in_any_of_four_languages(filing, word):
    summary = filing.load("invoices", rows("5.00") + f"{word},,,,5.00,\n")
    assert (summary.rejected, summary.left_out.first[NoRow.TOTAL]) == (0, [3])


@pytest.mark.parametrize(
    "line",
    [
        "Total,R-7,,,5.00,EUR",
        "Total,,2026-01-05,,5.00,EUR",
        "Total,,,,five,EUR",
        "Total Energies,,,,5.00,EUR",
        ",R-7,,,5.00,EUR",
        "4711,,,,5.00,EUR",
        ",,2026-01-05,,5.00,EUR",
        "ann",
    ],
)
def test_what_may_be_a_row_is_rejected_and_never_left_out(filing, line):
    summary = filing.load("invoices", rows("5.00") + line + "\n")
    assert (summary.read, summary.rejected, summary.left_out.counts[NoRow.TOTAL]) == (2, 1, 0)


def test_a_customer_that_is_called_total_is_a_customer(filing):
    summary = filing.load("invoices", rows("5.00") + "Total,R-7,2026-01-05,2026-02-04,5.00,EUR\n")
    assert counts(summary) == (2, 2, 0, 0)


# Columns


def test_a_field_of_its_own_name_counts_before_a_usual_name_and_what_is_typed_before_both(filing, app):
    head = "customer,Kundennummer,number,issued_on,due_on,amount,currency\n"
    row = "exact,usual,R-1,2026-01-05,2026-02-04,5.00,EUR\n"
    filing.load("invoices", head + row)
    assert issued(app, "R-1").customer == "exact"
    filing.load("invoices", head + row.replace("R-1", "R-2"), columns={"customer": "Kundennummer"})
    assert issued(app, "R-2").customer == "usual"


@pytest.mark.parametrize(("name", "minor"), [("Amount", 3_00), ("amount", 5_00)])
def test_what_is_open_counts_before_the_total_unless_a_column_is_called_as_the_field_is(filing, name, minor):
    head = f"customer,number,issued_on,{name},Open balance,currency\n"
    filing.load("invoices", head + "ann,R-1,2026-01-05,5.00,3.00,EUR\n")
    assert filing.open_minor("R-1") == minor


def test_two_columns_that_could_be_one_field_are_named_with_the_option(filing):
    text = "Kundennummer,Kunden-Nr.,number,issued_on,amount,currency\n1,2,R-1,2026-01-05,5.00,EUR\n"
    said = words_of(filing, text)
    assert "has Kundennummer and Kunden-Nr., and both could be customer" in said
    assert "--map customer=COLUMN" in said
    assert filing.load("invoices", text, columns={"customer": "Kunden-Nr."}).imported == 1


def test_a_field_is_in_no_column_where_somebody_says_so(filing, app):
    text = "customer,number,issued_on,amount,currency,MwSt\nann,R-1,2026-01-05,5.00,EUR,19 %\n"
    assert filing.load("invoices", text).first_rejects[0].field == "tax"
    assert filing.load("invoices", text, columns={"tax": "-"}).imported == 1
    assert "has no column amount" in words_of(filing, text, columns={"amount": "-"})


def test_of_a_country_that_nobody_named_only_a_code_is_taken(filing, app):
    head = "customer,number,issued_on,amount,currency,Land\n"
    rows = "ann,R-1,2026-01-05,5.00,EUR,de\nbob,R-2,2026-01-05,5.00,EUR,Deutschland\ncid,R-3,2026-01-05,5,EUR,391\n"
    assert filing.load("invoices", head + rows).rejected == 0
    registered = [filing.facts(f"customer:{each}")[0][0] for each in ("ann", "bob", "cid")]
    assert registered == [Registered("ann", "DE"), Registered("bob"), Registered("cid")]


def test_a_file_in_the_ledgers_own_words_says_nothing_of_itself(filing):
    answer = import_answer(filing.load("invoices", rows("5.00")))
    assert not {"columns", "recognised", "left_out"} & {*answer}


# Due before issue, and numbers of a year


def test_due_before_issue_is_taken_when_it_is_accepted_and_is_overdue_from_its_first_day(filing, app):
    text = rows("5.00", due="2026-01-01")
    [reject] = filing.load("invoices", text).first_rejects
    assert (reject.field, reject.code) == ("due_on", "due_before_issue")
    assert counts(filing.load("invoices", text, accepts_due_before_issue=True)) == (1, 1, 0, 0)
    assert counts(filing.load("invoices", text)) == (1, 0, 1, 0)
    assert issued(app, "R-1").instalments[0].due_on == date(2026, 1, 1)
    [line] = app.reports.aging(date(2026, 1, 5), by="customer")["rows"]
    assert line["buckets"][:2] == ["0.00", "5.00"]


def test_a_history_that_is_due_before_issue_may_be_disputed(filing):
    head = HEAD.strip() + ",settled_on,disputed\n"
    row = "ann,R-1,2026-01-05,2026-01-01,5.00,EUR,2026-01-09,yes\n"
    assert filing.load("history", head + row, accepts_due_before_issue=True).rejected == 0
    assert filing.open_minor("R-1") == 0


PAID = "number,amount,value_on,currency\n"


def test_the_same_number_in_another_year_is_another_invoice(filing, app):
    text = HEAD + "ann,17,2025-12-30,2026-01-20,5.00,EUR\nann,17,2026-01-05,2026-02-04,7.00,EUR\n"
    [reject] = filing.load("invoices", text).first_rejects
    assert reject.code == "number_taken"
    summary = filing.load("invoices", text, is_number_per_year=True)
    assert counts(summary) == (2, 2, 0, 0)
    assert [(note.row, note.message) for note in summary.notes] == [(2, "invoice 17 is 2025/17 in the ledger")]
    assert (filing.open_minor("2025/17"), filing.open_minor("2026/17")) == (5_00, 7_00)


def test_money_for_such_a_number_goes_to_the_newest_that_is_open_and_says_to_which(filing):
    text = HEAD + "ann,17,2025-12-30,2026-01-20,5.00,EUR\nann,17,2026-01-05,2026-02-04,7.00,EUR\n"
    filing.load("invoices", text, is_number_per_year=True)
    paid = PAID + "17,7.00,2026-01-10,EUR\n"
    summary = filing.load("payments", paid, is_number_per_year=True)
    assert [note.message for note in summary.notes] == ["invoice 17 is 2026/17 in the ledger"]
    filing.load("payments", PAID + "17,5.00,2026-01-11,EUR\n", is_number_per_year=True)
    assert (filing.open_minor("2025/17"), filing.open_minor("2026/17")) == (0, 0)
    assert counts(filing.load("payments", paid, is_number_per_year=True)) == (1, 0, 1, 0)


def test_so_do_credit_notes(filing, app):
    filing.load("invoices", HEAD + "ann,17,2025-12-30,2026-01-20,5.00,EUR\n", is_number_per_year=True)
    head = "credit_note,number,amount,issued_on,currency\n"
    filing.load("credit_notes", head + "3,17,2.00,2026-01-05,EUR\n", is_number_per_year=True)
    assert filing.open_minor("2025/17") == 3_00
    below = HEAD.strip() + ",credited_invoice\nann,4,2026-01-05,,-1.00,EUR,17\n"
    filing.load("invoices", below, is_number_per_year=True)
    assert filing.open_minor("2025/17") == 2_00
    assert app.ledger.state("credit_note:main:2026/4").received.amount_minor == 1_00


# Workbooks


@pytest.fixture
def sheet(filing):
    """sheet(row, ...) -> path of a workbook; a datetime is a cell of days."""

    def sheet(*lines, name="book.xlsx"):
        path = filing.folder / name
        with Workbook(path) as book:
            page, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
            for at, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, datetime):
                        page.write_datetime(at, column, value, day)
                    else:
                        page.write(at, column, value)
        return path

    return sheet


NAMES = HEAD.strip().split(",")


def test_numbers_days_and_serial_days_of_a_workbook_are_what_they_are_in_any_language(app, sheet):
    path = sheet(
        ["Kundennummer", "Rechnungsnummer", "Rechnungsdatum", "Fälligkeit", "Betrag", "Währung"],
        ["00042", 1001, datetime(2026, 1, 5), 46057, 1234.5, "EUR"],
        ["00042", 1002, "05.01.2026", "04.02.2026", "1.234,50", "EUR"],
        ["00042", 1003, 20260105, 46057.5, 1.234, "KWD"],
        ["00042", 1004, datetime(2026, 1, 5), "04.02.2026", 99.99000000000001, "EUR"],
    )
    summary = app.imports.invoices(path, Options())
    assert [(reject.line, reject.code) for reject in summary.first_rejects] == [(5, "too_many_decimals")]
    for number in ("1001", "1002", "1003"):
        found = issued(app, number)
        assert (found.customer, found.issued_on) == ("00042", date(2026, 1, 5))
        assert found.instalments[0].due_on == date(2026, 2, 4)
    assert [issued(app, number).total_minor for number in ("1001", "1002", "1003")] == [1234_50, 1234_50, 1_234]


def test_the_reject_file_of_a_workbook_is_imported_by_the_same_command_with_the_same_values(app, sheet):
    lines = [
        ["ann", 1001, datetime(2026, 1, 5), 46057, 1234.5, "EUR", 7],
        ["ann", "1002", "05.01.2026", "04.02.2026", "1.234,50", "EUR", "=cmd|x"],
        ["", 1003, 46027, datetime(2026, 2, 4), 0.5, "EUR", "-5"],
        ["", "1004", "05.02.2025", "04.03.2025", "1.234", "EUR", "@x"],
    ]
    path = sheet([*NAMES, "reference"], *lines)
    summary = app.imports.invoices(path, Options())
    assert (summary.imported, summary.rejected) == (2, 2)
    rejects = summary.reject_file
    text = rejects.read_text(encoding="utf-8-sig")
    assert "2026-01-05" in text and ",=" not in text and ",@" not in text
    rejects.write_text(text.replace(",,1003", ",bob,1003").replace(",,1004", ",bob,1004"), encoding="utf-8")
    again = app.imports.invoices(rejects, Options())
    assert (again.imported, again.rejected) == (2, 0)
    one, two = issued(app, "1003"), issued(app, "1004")
    assert (one.total_minor, one.issued_on, one.instalments[0].due_on) == (50, date(2026, 1, 5), date(2026, 2, 4))
    assert (two.total_minor, two.issued_on, two.reference) == (1234_00, date(2025, 2, 5), "@x")


def test_a_workbook_is_the_same_rows_as_text_is(app, sheet, filing):
    filing.load("invoices", rows("5.00", "7.25"))
    path = sheet(
        NAMES,
        ["ann", "R-1", datetime(2026, 1, 5), datetime(2026, 2, 4), 5, "EUR"],
        ["ann", "R-2", datetime(2026, 1, 5), datetime(2026, 2, 4), 7.25, "EUR"],
    )
    assert counts(app.imports.invoices(path, Options())) == (2, 0, 2, 0)
