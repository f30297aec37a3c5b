"""Reports of programs: lines that are no rows, customers in lines above their rows, and what is a customer's credit."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from domain.entry import credit_note_stream, invoice_stream
from infra.files.tabular import Row, Unreadable
from services.answers.imported import import_answer
from services.importing import Options, loading
from services.importing.kinds.sides import owed_minor
from services.importing.reading.cells import Cells, Place
from services.importing.reading.columns import Columns
from services.importing.reading.days import Zones
from services.importing.reading.forms import Reading
from services.importing.reading.totals import Totals
from tests.services.exports import quickbooks, xero
from tests.services.exports.workbooks import Cell, workbook
from tests.services.filing import Filing, counts
from tests.services.test_import_summary import shown, totals

OPEN = "Date,Transaction type,Num,Due date,Open balance\n"
CAFE = "2025-08-14,Invoice,1042,2025-09-13,784.50\n"
SIDES = "Konto;Rechnungsnummer;Datum;Sollbetrag;Habenbetrag\n"
# Date, Transaction type, Num, Customer, Due date, Open balance.
AGED = Totals({"issued_on": 0, "side": 1, "number": 2, "customer": 3, "due_on": 4, "amount": 5})


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


def left_out(summary):
    return {each["what"]: each["lines"] for each in import_answer(summary).get("left_out", [])}


def loaded(filing, content, name="invoices.csv", **options):
    path = filing.folder / name
    path.write_bytes(content)
    return filing.app.imports.invoices(path, Options(actor="ann the accountant", currency="USD", **options))


# Lines that are no rows


def test_every_line_of_a_report_that_is_no_row_is_named(filing):
    summary = loaded(filing, quickbooks.aging_detail())
    assert counts(summary) == (5, 5, 0, 0)
    assert left_out(summary) == {
        "title": [1, 2, 3],
        "heading": [6, 9, 13, 19],
        "blank": [18],
        "total": [8, 12, 16, 17],
    }
    assert "left out: 4 lines of one value (lines 6, 9, 13, 19)" in shown(summary)


@pytest.mark.parametrize(
    "total",
    [
        "Total for 91 or more days past due,,,,,784.50",
        "Total Brightwater Cafe,,,Brightwater Cafe,,784.50",
        "Summe Konto 10001,,,,,784.50",
        ",,,Summe Konto 10001,,784.50",
        ",*,,10001,,784.50",
        ",**,,,,784.50",
        "Percentage of total,,,,,1",
    ],
)
def test_a_sum_is_no_row_whatever_it_is_called(total):
    assert AGED.has(Row(3, total.split(",")))


@pytest.mark.parametrize(
    "row",
    [
        # Of a day or with a number of its own it is an item, whoever's.
        "2025-08-14,Invoice,,Total Energies,2025-09-13,784.50",
        ",Invoice,1042,Total Energies,,784.50",
        ",Invoice,1042,*,,784.50",
        ",Invoice,,Total Energies,,784.50",
        ",,,Total Energies,,784.50",
    ],
)
def test_an_item_of_a_customer_called_total_is_a_row(row):
    assert not AGED.has(Row(3, row.split(",")))


def test_the_number_of_a_document_alone_is_a_broken_row_and_no_heading(filing):
    text = "Num,Customer,Date,Open balance\n1042,ann,2025-08-14,784.50\n1043,,,\nFriday January 2,,,\n"
    summary = filing.load("invoices", text, currency="USD")
    assert [(reject.line, reject.code) for reject in summary.first_rejects] == [(3, "missing")]
    assert left_out(summary) == {"heading": [4]}


def test_a_rule_between_rows_is_no_row(filing):
    rows = "|ann|R-1|2026-01-05|100.00|\n------------------\n|ann|R-2|2026-01-05|50.00|\n"
    summary = filing.load("invoices", f"|customer|number|issued_on|amount|\n-----\n{rows}", currency="USD")
    assert (counts(summary), left_out(summary)) == ((2, 2, 0, 0), {"blank": [2, 4]})


# Customers in lines above their rows


def test_a_customer_named_above_the_rows_is_that_of_all_of_them(filing, app):
    summary = loaded(filing, quickbooks.open_invoices())
    owners = {number: app.ledger.state(invoice_stream(number, "main")).issued.customer for number in ("1042", "1071")}
    assert owners == {"1042": "Brightwater Cafe, LLC", "1071": "Okonkwo Dental Group"}
    assert left_out(summary)["heading"] == [6, 10, 16]
    assert "customers in the lines above their rows" in shown(summary)


def test_a_row_under_a_heading_that_is_rejected_keeps_its_customer_in_the_reject_file(filing, app):
    text = f"{OPEN}Brightwater Cafe,,,,\n{CAFE.replace('784.50', 'much')}Total for Brightwater Cafe,,,,784.50\n"
    [rejected] = [filing.load("invoices", text, currency="USD").reject_file]
    again = rejected.read_text(encoding="utf-8-sig").replace("much", "784.50")
    [row] = csv.DictReader(again.splitlines())
    assert row["customer"] == "Brightwater Cafe"
    assert counts(filing.load("invoices", again, currency="USD")) == (1, 1, 0, 0)
    assert app.ledger.state(invoice_stream("1042", "main")).issued.customer == "Brightwater Cafe"


def test_rows_above_the_first_heading_are_nobodys_so_the_file_is_refused(filing):
    with pytest.raises(Unreadable, match="no column customer"):
        filing.load("invoices", f"{OPEN}{CAFE}Brightwater Cafe,,,,\n{CAFE}", currency="USD")


def test_a_file_that_names_invoices_has_no_customers_in_lines_above(filing):
    summary = filing.load("payments", "Invoice,Amount,Date\nI 13,,\nR-1,5.00,2026-01-05\n", currency="USD")
    assert [receipt.received.customer for receipt in filing.receipts()] == [None]
    assert left_out(summary) == {"heading": [2]}


# What is to a customer's credit


@pytest.mark.parametrize(
    ("amount", "side", "owed"),
    [
        ("100.00", "S", 100_00),
        ("100.00", "H", -100_00),
        ("-100.00", "H", -100_00),
        ("-100.00", "S", -100_00),
        ("100.00", "Credit Memo", -100_00),
        ("100.00", "GUTSCHRIFT", -100_00),
        ("100.00", "Invoice", 100_00),
        ("100.00", "", 100_00),
    ],
)
def test_the_side_of_a_row_says_whose_it_is_and_a_row_below_zero_stays_there(amount, side, owed):
    cells = Cells(Columns({"amount": 0, "side": 1}, {}), Reading(), Options(), today=date(2026, 1, 5), zones=Zones())
    assert owed_minor(cells.of([amount, side], Place(2, "file:2")), "USD") == owed


def test_a_credit_by_its_flag_is_a_credit_note(filing, app):
    filing.load("invoices", "customer,number,issued_on,amount,S/H\nann,G-1,2026-01-05,100.00,H\n", currency="USD")
    assert app.ledger.state(credit_note_stream("G-1", "main")).received.amount_minor == 100_00


def test_of_two_columns_what_is_owed_is_debit_less_credit(filing):
    rows = "ann;R-1;05.01.2026;100,00;\nann;R-2;05.01.2026;100,00;40,00\nann;G-1;05.01.2026;;25,50\n"
    summary = filing.load("invoices", SIDES + rows, currency="EUR")
    assert (totals(summary), filing.open_minor("R-2")) == ([("EUR", "134.50", 3)], 60_00)


def test_a_row_with_neither_debit_nor_credit_is_rejected(filing):
    summary = filing.load("invoices", f"{SIDES}ann;R-1;05.01.2026;;\n", currency="EUR")
    assert [(reject.field, reject.code) for reject in summary.first_rejects] == [("debit", "missing")]


def test_one_amount_comes_before_two_columns(filing):
    text = "Konto;Rechnungsnummer;Datum;Soll;Haben;Offener Betrag\nann;R-1;05.01.2026;100,00;30,00;70,00\n"
    summary = filing.load("invoices", text, currency="EUR")
    assert totals(summary) == [("EUR", "70.00", 1)]
    assert "debit" not in summary.columns and "credit" not in summary.columns


def test_the_balance_of_an_account_beside_two_columns_is_of_all_rows_so_far_and_no_amount(filing):
    rows = "ann;R-1;05.01.2026;100,00;;100,00\nann;R-2;06.01.2026;50,00;;150,00\nann;R-3;06.01.2026;9,00;9,00;150,00\n"
    summary = filing.load("invoices", f"Konto;Rechnungsnummer;Datum;Soll;Haben;Saldo\n{rows}", currency="EUR")
    assert (totals(summary), left_out(summary)) == ([("EUR", "150.00", 2)], {"settled": [4]})


PAID = "customer,amount,value_on,side\n"


def test_money_that_came_in_may_stand_below_zero_and_a_refund_may_not(filing):
    rows = "ann,-5.00,2026-01-05,DZ\nann,6.00,2026-01-05,Payment\nann,-7.00,2026-01-05,Refund\nann,-8.00,2026-01-05,\n"
    summary = filing.load("payments", PAID + rows, currency="USD")
    assert [receipt.received.amount_minor for receipt in filing.receipts()] == [5_00, 6_00]
    assert [(reject.line, reject.code) for reject in summary.first_rejects] == [
        (4, "not_positive"),
        (5, "not_positive"),
    ]


def test_a_payment_below_zero_of_an_invoice_has_its_currency(filing):
    filing.load("invoices", "customer,number,issued_on,amount,currency\nann,R-1,2026-01-01,9.00,EUR\n")
    filing.load("payments", "number,amount,value_on,side\nR-1,-4.00,2026-01-05,H\n")
    assert filing.open_minor("R-1") == 5_00


def test_payments_are_the_column_of_credits_and_a_row_of_debits_is_rejected(filing):
    text = "Debitor;Datum;Soll;Haben\nann;05.01.2026;;5,00\nann;05.01.2026;3,00;\n"
    summary = filing.load("payments", text, currency="EUR")
    assert totals(summary) == [("EUR", "5.00", 1)]
    assert [(reject.field, reject.code) for reject in summary.first_rejects] == [("credit", "missing")]


def test_payments_without_an_amount_and_without_credits_are_refused(filing):
    with pytest.raises(Unreadable, match="no column amount"):
        filing.load("payments", "Debitor;Datum;Soll\nann;05.01.2026;5,00\n", currency="EUR")


# What is open and what was invoiced


BOTH = "customer,number,issued_on,Total,Tax,Amount Due,currency\nann,R-1,2026-01-05,119.00,19.00,10.00,EUR\n"


def test_what_is_still_open_is_the_claim_and_the_tax_of_the_total_is_left_alone(filing, app):
    filing.load("invoices", BOTH)
    issued = app.ledger.state(invoice_stream("R-1", "main")).issued
    assert (issued.total_minor, issued.tax_minor) == (10_00, 0)


def test_the_total_is_taken_where_somebody_says_so(filing, app):
    filing.load("invoices", BOTH, columns={"amount": "Total"})
    issued = app.ledger.state(invoice_stream("R-1", "main")).issued
    assert (issued.total_minor, issued.tax_minor) == (119_00, 19_00)


def test_a_row_of_which_nothing_is_open_is_left_out_and_said(filing):
    summary = filing.load("invoices", BOTH + BOTH.splitlines()[1].replace("R-1", "R-2").replace("10.00", "0.00") + "\n")
    assert (counts(summary), left_out(summary)) == ((1, 1, 0, 0), {"settled": [3]})
    assert "left out: 1 row of which nothing is open (line 3)" in shown(summary)


def test_a_total_of_zero_is_rejected(filing):
    summary = filing.load("invoices", BOTH.replace("119.00", "0.00"), columns={"amount": "Total", "tax": "Total"})
    assert [reject.code for reject in summary.first_rejects] == ["not_positive"]


BALANCED = "Customer,No.,Date,Amount,Balance\nann,R-1,2026-01-05,100.00,100.00\n"


@pytest.mark.parametrize(
    ("row", "total"),
    [
        # Of 50.00 no more than 50.00 can be open: it is what ann owes by both rows.
        ("ann,R-2,2026-01-06,50.00,150.00\n", "150.00"),
        ("ann,R-2,2026-01-06,50.00,40.00\n", "140.00"),
        ('ann,R-2,2026-01-06,"1,050.00","1,150.00"\n', "1150.00"),
    ],
)
def test_a_balance_is_what_is_open_unless_it_goes_on_from_row_to_row(filing, row, total):
    assert totals(filing.load("invoices", BALANCED + row, currency="USD")) == [("USD", total, 2)]


def test_a_balance_goes_on_in_workbooks_and_with_decimal_commas_too(filing):
    text = "Kunde;Nr.;Datum;Betrag;Saldo\nann;R-1;05.01.2026;1.000,00;1.000,00\nann;R-2;06.01.2026;500,00;1.500,00\n"
    assert totals(filing.load("invoices", text, currency="EUR")) == [("EUR", "1500.00", 2)]
    rows: list[tuple[Cell, ...]] = [("Customer", "No.", "Date", "Amount", "Balance")]
    rows += [("ann", f"W-{n}", date(2026, 1, 5), Decimal("0.5"), Decimal("0.5") * n) for n in (1, 2)]
    assert totals(loaded(filing, workbook(rows, sheet="Balances"), "invoices.xlsx")) == [("USD", "1.00", 2)]


def test_a_history_is_of_totals(filing, app):
    text = BOTH.replace(",currency", ",currency,due_on,settled_on").replace(",EUR", ",EUR,2026-02-04,")
    assert totals(filing.load("history", text)) == [("EUR", "119.00", 1)]


# An invoice in several rows


def test_an_invoice_with_a_row_for_each_of_its_lines_is_counted_once(filing):
    summary = loaded(filing, xero.invoices())
    assert (counts(summary), totals(summary)) == ((4, 3, 1, 0), [("GBP", "1084.50", 3)])


def test_so_it_is_when_the_rows_are_read_in_parts(filing, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 1)
    assert totals(loaded(filing, xero.invoices())) == [("GBP", "1084.50", 3)]


def test_equal_payments_below_each_other_are_as_many(filing):
    summary = filing.load("payments", PAID + "ann,5.00,2026-01-05,\n" * 2, currency="USD")
    assert totals(summary) == [("USD", "10.00", 2)]
    assert totals(filing.load("payments", PAID + "ann,5.00,2026-01-05,\n" * 2, currency="USD")) == [("USD", "10.00", 2)]
