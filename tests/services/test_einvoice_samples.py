"""Invoices as others publish them, by the standard: read to the cent, and the whole folder of them at once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from domain.credit_note import CreditNote
from domain.entry import credit_note_stream, invoice_stream
from domain.invoice import Invoice
from infra.settings import Settings
from services.assembly import App, assemble
from services.importing import Options, Summary
from tests.einvoices import SAMPLES, needs_samples
from tests.services.conftest import SetClock
from tests.services.filing import counts

pytestmark = needs_samples

BUYER, NAME = "[Buyer identifier]", "[Buyer name]"
NOR, GLN = "TOSL108", "3456789012098"
# File: number, customer, day of issue, due day, currency, claim and the tax in it.
INVOICES = {
    "en16931_CII_business_example_01.xml": (NOR, GLN, "2013-06-30", "2013-07-20", "NOK", 801_78, 162_55),
    "en16931_CII_example1.xml": ("12115118", "10202", "2015-01-09", "2015-01-09", "EUR", 250_33, 20_73),
    "en16931_ubl-tc434-example2.xml": (NOR, GLN, "2013-06-30", "2013-07-20", "NOK", 801_78, 162_55),
    "kosit_01.01a-INVOICE_ubl.xml": ("123456XX", BUYER, "2016-04-04", "2016-04-04", "EUR", 336_90, 22_04),
    "kosit_01.01a-INVOICE_uncefact.xml": ("123456XX", BUYER, "2016-04-04", "2016-04-04", "EUR", 336_90, 22_04),
    "kosit_01.03a-INVOICE_ubl.xml": ("RR123456", "BI123456", "2016-06-24", "2016-06-24", "EUR", 182_20, 11_92),
    "kosit_01.04a-INVOICE_uncefact.xml": ("1234/78/901", NAME, "2016-06-16", "2016-06-30", "EUR", 120_00, 0),
    "zugferd_EN16931_Einfach_DueDate.pdf": ("471102", "GE2020211", "2018-03-05", "2019-03-05", "EUR", 529_87, 56_87),
    "zugferd_EN16931_Gutschrift.pdf": ("471102", "GE2020211", "2018-03-05", "2018-04-04", "EUR", 529_87, 56_87),
}
CREDIT_NOTE = "en16931_ubl-tc434-creditnote1.xml"


@pytest.fixture(scope="module")
def house(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("home")
    with assemble(Settings(home=home), database_url=shared_database_url, clock=SetClock()) as app:
        yield app


def load(app: App, path: Path, tmp_path: Path, entity: str) -> Summary:
    return app.imports.invoices(path, Options(reject_file=tmp_path / "rejects.csv", entity=entity))


@pytest.mark.parametrize("name", INVOICES)
def test_an_invoice_is_read_to_the_cent(house: App, tmp_path: Path, name: str):
    entity = name.replace(".", "-")
    assert counts(load(house, SAMPLES / name, tmp_path, entity)) == (1, 1, 0, 0)
    number, customer, issued_on, due_on, currency, total, tax = INVOICES[name]
    invoice = house.ledger.state(invoice_stream(number, entity))
    assert isinstance(invoice, Invoice)
    issued = invoice.issued
    assert (issued.customer, issued.currency, issued.total_minor, issued.tax_minor) == (customer, currency, total, tax)
    assert issued.issued_on == date.fromisoformat(issued_on)
    assert [item.due_on.isoformat() for item in invoice.items] == [due_on]
    assert issued.document and house.archive.get(customer, issued.document) == (SAMPLES / name).read_bytes()


def test_a_credit_note_is_on_account_of_who_has_its_vat_number(house: App, tmp_path: Path):
    load(house, SAMPLES / CREDIT_NOTE, tmp_path, "credit")
    note = house.ledger.state(credit_note_stream("018304 / 28865", "credit"))
    assert isinstance(note, CreditNote)
    assert (note.customer, note.unallocated_minor, note.received.value_on) == (
        "BE0000000295",
        100_11,
        date(2019, 9, 23),
    )


def test_the_whole_folder_is_seven_documents_in_ten_files(house: App, tmp_path: Path):
    summary = load(house, SAMPLES, tmp_path, "folder")
    assert counts(summary) == (10, 7, 3, 0)
    assert summary.totals == (("EUR", 2_185_96, 8), ("NOK", 1_603_56, 2))
    assert counts(load(house, SAMPLES, tmp_path, "folder")) == (10, 0, 10, 0)
    said = {code: sum(note.code == code for note in summary.notes) for code in ("not_archived", "not_kept", "prepaid")}
    assert said == {"not_archived": 3, "not_kept": 7, "prepaid": 1}
