"""Files of payments: each row is money that came in, and none is lost."""

from datetime import date

import pytest

from domain import customer
from domain.customer.facts import Registered
from domain.entry import Cause, customer_stream, invoice_stream
from domain.invoice.facts import Paid, PartiallyPaid
from domain.terms import EarlyDiscount, Share
from services.importing import loading
from tests.services.desk import ask_customer
from tests.services.filing import ANN_1, ANN_2, BOB_3, INVOICES, PAYMENTS, Filing, counts


@pytest.fixture
def filing(app, tmp_path):
    return Filing(app, tmp_path)


def test_a_payment_pays_the_invoice_it_names(filing):
    filing.load("invoices", INVOICES + ANN_1)
    summary = filing.load("payments", PAYMENTS + "R-1,,100.00,2026-01-20,EUR,thanks\n")
    assert counts(summary) == (1, 1, 0, 0)
    assert filing.open_minor("R-1") == 0
    [receipt] = filing.receipts()
    assert receipt.customer == "ann"
    assert receipt.received.references == ("thanks", "R-1")
    fact, day = filing.facts(invoice_stream("R-1", "main"))[-1]
    assert isinstance(fact, Paid) and day == date(2026, 1, 20)


def test_a_payment_in_part_leaves_the_rest_open(filing):
    filing.load("invoices", INVOICES + ANN_1)
    filing.load("payments", PAYMENTS + "R-1,,40.00,2026-01-20,EUR,\n")
    assert filing.open_minor("R-1") == 6000
    assert isinstance(filing.facts(invoice_stream("R-1", "main"))[-1][0], PartiallyPaid)


def test_what_is_paid_too_much_stays_on_account(filing):
    filing.load("invoices", INVOICES + ANN_1 + ANN_2)
    filing.load("payments", PAYMENTS + "R-1,,120.00,2026-01-20,EUR,\n")
    assert (filing.open_minor("R-1"), filing.open_minor("R-2")) == (0, 5000)
    assert filing.receipts()[0].unallocated_minor == 2000


def test_a_payment_without_a_number_pays_the_oldest_invoices_of_its_customer(filing, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 2)
    later = "ann,R-0,2026-01-01,2026-03-04,100.00,EUR\n"
    filing.load("invoices", INVOICES + later + ANN_1 + ANN_2 + BOB_3)
    rows = ",ann,80.00,2026-01-20,EUR,a\n,ann,40.00,2026-01-20,EUR,b\n,ann,50.00,2026-01-20,EUR,c\n"
    assert counts(filing.load("payments", PAYMENTS + rows)) == (3, 3, 0, 0)
    assert [filing.open_minor(number) for number in ("R-1", "R-2", "R-0", "R-3")] == [0, 0, 8000, 7000]


def test_what_a_row_names_is_not_in_the_way_of_the_rows_that_name_nothing(filing):
    filing.load("invoices", INVOICES + ANN_1 + ANN_2)
    filing.load("payments", PAYMENTS + "R-1,,100.00,2026-01-20,EUR,\n,ann,50.00,2026-01-20,EUR,\n")
    assert [filing.open_minor(number) for number in ("R-1", "R-2")] == [0, 0]


def test_discounts_let_the_money_reach_further(filing, app):
    ask_customer(app, customer.register, "ann", on=date(2026, 1, 1), cause=Cause("ann", "c-1"))
    terms = {"schedule": [Share(30, 10000)], "discounts": [EarlyDiscount(10, 200)]}
    ask_customer(app, customer.agree_terms, "ann", on=date(2026, 1, 1), cause=Cause("ann", "c-2"), **terms)
    rows = "".join(f"ann,R-{n},2026-01-05,2026-02-04,100.00,EUR\n" for n in range(60))
    filing.load("invoices", INVOICES + rows)
    filing.load("payments", PAYMENTS + ",ann,5880.00,2026-01-10,EUR,\n")
    assert {filing.open_minor(f"R-{n}") for n in range(60)} == {0}
    assert filing.receipts()[0].unallocated_minor == 0


def test_money_beyond_all_that_is_open_stays_on_account(filing):
    filing.load("invoices", INVOICES + ANN_1 + ANN_2)
    filing.load("payments", PAYMENTS + ",ann,200.00,2026-01-20,EUR,\n")
    assert filing.receipts()[0].unallocated_minor == 5000


def test_a_payment_that_fits_nothing_is_kept_as_unidentified(filing):
    filing.load("invoices", INVOICES + ANN_1)
    summary = filing.load("payments", PAYMENTS + "R-77,,5.00,2026-01-20,EUR,who?\n,,7.00,2026-01-20,EUR,\n")
    assert counts(summary) == (2, 2, 0, 0)
    assert summary.unidentified == 2
    assert [(each.customer, each.received.references) for each in filing.receipts()] == [
        (None, ("who?", "R-77")),
        (None, ()),
    ]


def test_a_deposit_before_the_first_invoice_belongs_to_the_customer_it_names(filing):
    deposit = "number,customer,amount,value_on,currency,payer\n,zoe,6.00,2026-01-20,EUR,Zoe Zimmermann\n"
    summary = filing.load("payments", deposit)
    assert (counts(summary), summary.unidentified) == ((1, 1, 0, 0), 0)
    assert [(note.row, note.code) for note in summary.notes] == [(2, "unknown_customer")]
    assert filing.facts(customer_stream("zoe")) == [(Registered("zoe"), date(2026, 1, 20))]
    [receipt] = filing.receipts()
    assert (receipt.customer, receipt.received.references) == ("zoe", ())
    assert counts(filing.load("payments", deposit)) == (1, 0, 1, 0)


def test_two_deposits_of_one_new_customer_register_them_once(filing):
    rows = ",zoe,6.00,2026-01-20,EUR,\n,zoe,7.00,2026-01-21,EUR,\n"
    summary = filing.load("payments", PAYMENTS + rows)
    assert counts(summary) == (2, 2, 0, 0)
    assert [note.row for note in summary.notes] == [2]
    assert [receipt.customer for receipt in filing.receipts()] == ["zoe", "zoe"]


def test_the_payer_of_a_deposit_is_encrypted_under_the_customer_it_names(filing, app):
    header = "number,customer,amount,value_on,currency,payer\n"
    filing.load("payments", header + ",zoe,6.00,2026-01-20,EUR,Zoe Zimmermann\n")
    [receipt] = filing.receipts()
    encrypted = receipt.received.payer_encrypted
    assert app.encryption.decrypt("zoe", encrypted) == {"payer": "Zoe Zimmermann"}


def test_two_equal_rows_are_two_payments_and_the_same_file_again_is_none(filing):
    filing.load("invoices", INVOICES + ANN_1)
    row = "R-1,,30.00,2026-01-20,EUR,\n"
    assert counts(filing.load("payments", PAYMENTS + row + row)) == (2, 2, 0, 0)
    assert counts(filing.load("payments", PAYMENTS + row + row)) == (2, 0, 2, 0)
    assert counts(filing.load("payments", PAYMENTS + row + row + row)) == (3, 1, 2, 0)
    assert filing.open_minor("R-1") == 1000


def test_payments_written_in_another_form_are_the_same_payments(filing):
    filing.load("payments", PAYMENTS + 'R-1,,"1,234.50",2026-01-20,EUR,x\n')
    text = (PAYMENTS + "R-1,,1234;5,20.01.2026,EUR,x\n").replace(",", "\t").replace(";", ",")
    assert counts(filing.load("payments", text, decimal_comma=True, date_format="%d.%m.%Y")) == (1, 0, 1, 0)


def test_a_payment_id_tells_payments_apart(filing):
    header = "payment_id,number,amount,value_on,currency\n"
    rows = "B-1,R-1,5.00,2026-01-20,EUR\nB-2,R-1,5.00,2026-01-20,EUR\n"
    assert counts(filing.load("payments", header + rows)) == (2, 2, 0, 0)
    again = filing.load("payments", header + "B-2,R-1,5.00,2026-01-20,EUR\nB-1,R-1,6.00,2026-01-20,EUR\n")
    assert counts(again) == (2, 0, 1, 1)
    message = "payment B-1 was recorded before with another amount or day"
    assert again.first_rejects == ((3, "payment_id", "number_taken", message),)


def test_a_payment_without_a_currency_has_that_of_its_invoice(filing):
    filing.load("invoices", INVOICES + BOB_3)
    header = "number,amount,value_on\n"
    summary = filing.load("payments", header + "R-3,70.00,2026-01-20\nR-77,1.00,2026-01-20\n")
    assert filing.open_minor("R-3") == 0
    [(line, field, code, message)] = summary.first_rejects
    assert (line, field, code) == (3, "currency", "missing")
    assert message == "it is empty, and invoice R-77 is not known: name the currency with --currency"
    assert counts(filing.load("payments", header + "R-3,70.00,2026-01-20\n", currency="USD")) == (1, 0, 1, 0)


def test_a_payment_in_another_currency_stays_on_account_of_the_customer(filing):
    filing.load("invoices", INVOICES + BOB_3)
    filing.load("payments", PAYMENTS + "R-3,,70.00,2026-01-20,EUR,\n")
    assert filing.open_minor("R-3") == 7000
    assert filing.receipts()[0].customer == "bob"


def test_who_paid_is_kept_as_ciphertext_under_the_key_of_the_customer(filing, app):
    filing.load("invoices", INVOICES + ANN_1)
    filing.load(
        "payments",
        "number,amount,value_on,currency,payer\nR-1,1,2026-01-20,EUR,Ann Example\nR-9,1,2026-01-20,EUR,Zoe\n",
    )
    known, unknown = filing.receipts()
    assert app.encryption.decrypt("ann", known.received.payer_encrypted) == {"payer": "Ann Example"}
    stream = f"receipt:{unknown.received.receipt}"
    assert app.encryption.decrypt(stream, unknown.received.payer_encrypted) == {"payer": "Zoe"}


def test_a_dry_run_of_payments_pays_nothing_twice(filing, app, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 1)
    filing.load("invoices", INVOICES + ANN_1)
    before = app.ledger.head()
    row = "R-1,,60.00,2026-01-20,EUR,\n"
    assert counts(filing.load("payments", PAYMENTS + row + row, dry_run=True)) == (2, 2, 0, 0)
    assert app.ledger.head() == before
