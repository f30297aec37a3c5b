"""What programs export is imported as it is: nothing is mapped, and the totals agree to the cent."""

from zoneinfo import ZoneInfo

import pytest

from domain.entry import invoice_stream
from services.importing import Imports, Options
from tests.services.exported import DATEV, EXPORTS, ODOO, SAP, STRIPE, Exported


@pytest.fixture
def imports(app):
    """Of a ledger that counts the days of Berlin."""
    return Imports(
        app.ledger,
        app.encryption,
        app.debtors,
        bring_views_up_to_date=app.bring_views_up_to_date,
        today=app.today,
        zone=ZoneInfo("Europe/Berlin"),
    )


@pytest.mark.parametrize("exported", EXPORTS, ids=lambda each: each.name)
def test_the_open_items_of_a_program_come_over_to_the_cent(imports, app, tmp_path, exported: Exported):
    path = exported.write(tmp_path)
    summary = imports.invoices(path, Options())
    assert (summary.rejected, summary.first_rejects) == (0, ())
    assert (summary.read, summary.imported) == (exported.rows, exported.rows)
    assert {each.currency: each.minor for each in summary.totals} == exported.totals
    issued = app.ledger.state(invoice_stream(exported.number, "main")).issued
    assert issued.customer == exported.customer
    assert (str(issued.issued_on), str(issued.instalments[0].due_on)) == (exported.issued_on, exported.due_on)
    left_out = summary.left_out
    assert len(left_out.titles) + left_out.blank_rows + left_out.total_rows == exported.left_out
    again = imports.invoices(path, Options())
    assert (again.imported, again.already_there) == (0, exported.rows)


def test_a_credit_of_datev_is_below_zero_by_its_mark(imports, app, tmp_path):
    imports.invoices(DATEV.write(tmp_path), Options())
    assert app.ledger.state("credit_note:main:G-2025-3").received.amount_minor == 34_56


def test_what_was_taken_for_what_is_said_with_the_open_amount_before_the_total(imports, tmp_path):
    summary = imports.invoices(ODOO.write(tmp_path), Options())
    assert summary.columns["amount"] == "Amount Due"
    assert summary.columns["customer"] == "Invoice Partner Display Name"
    assert "tax" not in summary.columns


def test_of_two_currencies_the_one_of_the_document_counts(imports, tmp_path):
    summary = imports.invoices(SAP.write(tmp_path), Options())
    assert summary.columns["amount"] == "Amount in doc. curr."
    assert summary.columns["currency"] == "Document currency"
    assert summary.recognised == {"sheet": "Items"}


def test_times_of_a_column_in_utc_are_of_the_day_of_the_ledger(app, tmp_path):
    app.imports.invoices(STRIPE.write(tmp_path), Options())
    assert str(app.ledger.state(invoice_stream("ABCD-0001", "main")).issued.issued_on) == "2025-12-31"
