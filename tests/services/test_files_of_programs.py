"""Files as SAP, QuickBooks, Xero, Stripe, Odoo, DATEV, Lexware and others export them, by the plain command."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pytest

from domain.entry import credit_note_stream, invoice_stream
from domain.receipt import Receipt
from services.answers.imported import import_answer
from services.importing import Options, Summary
from tests.services.exports import german, northern, odoo, quickbooks, sap, stripe, xero
from tests.services.filing import Filing

EUR, GBP, USD = {"currency": "EUR"}, {"currency": "GBP"}, {"currency": "USD"}


class Program(NamedTuple):
    """`totals` are net; `invoices` are (customer, issued, due, minor) and `credits` (customer, minor), by number."""

    content: bytes
    ending: str
    totals: Mapping[str, str]
    invoices: Mapping[str, tuple[str, date, date, int]]
    credits: Mapping[str, tuple[str, int]] = {}
    options: Mapping[str, Any] = {}
    entity: str = "main"


def day(text: str) -> date:
    return date.fromisoformat(text)


def owed(customer: str, issued_on: str, due_on: str, minor: int) -> tuple[str, date, date, int]:
    return customer, day(issued_on), day(due_on), minor


CAFE, DENTAL = "Brightwater Cafe, LLC", "Okonkwo Dental Group"
CAFE_1042 = owed(CAFE, "2025-08-14", "2025-09-13", 784_50)
DENTAL_1071 = owed(DENTAL, "2025-10-16", "2025-11-15", 12_640_00)
LARK_231 = owed("Lark & Finch Publishing", "2025-10-03", "2025-11-02", 1000_00)
MILL_240 = owed("Old Mill Bakery", "2025-11-29", "2025-12-29", 96_50)
AZURE_41 = owed("Azure Interieur, Bart", "2025-09-30", "2025-10-30", 605_50)
ROADS = owed("10420", "2025-11-28", "2025-12-28", 1_234_567_89)

OPEN_ITEMS = {
    "SAP, FBL5N with tabs": Program(
        sap.line_items_with_tabs(),
        "txt",
        {"EUR": "12852.50", "USD": "3500.00"},
        {
            "1800000231": owed("100041", "2025-09-12", "2025-10-12", 11_900_00),
            "1800000307": owed("100041", "2025-10-30", "2025-11-29", 1_190_50),
            "1800000288": owed("100077", "2025-10-17", "2025-11-16", 4_500_00),
        },
        {"1600000012": ("100041", 238_00), "1400000093": ("100077", 1000_00)},
        entity="1000",
    ),
    "SAP, FBL5N unconverted": Program(
        sap.line_items_unconverted(),
        "txt",
        {"USD": "10825.09"},
        {
            "1800000416": owed("2000113", "2025-09-12", "2025-10-12", 10_000_00),
            "1800000431": owed("2000113", "2025-10-31", "2025-11-30", 999_99),
            "1800000502": owed("2000208", "2025-12-05", "2026-01-04", 75_10),
        },
        {"1600000044": ("2000113", 250_00)},
    ),
    "SAP, Manage Customer Line Items": Program(
        sap.manage_customer_line_items(),
        "xlsx",
        {"EUR": "23845.55"},
        {
            "9400000123": owed("10100001", "2025-09-12", "2025-10-12", 23_800_00),
            "9400000188": owed("10100001", "2025-11-28", "2025-12-28", 99),
            "9400000191": owed("10100045", "2025-12-30", "2026-01-29", 1_234_56),
        },
        {"1600000007": ("10100001", 1_190_00)},
        entity="1010",
    ),
    "QuickBooks, A/R Aging Detail": Program(
        quickbooks.aging_detail(),
        "csv",
        {"USD": "12829.25"},
        {"1042": CAFE_1042, "1071": DENTAL_1071, "1090": owed("Lakeside:Boathouse", "2025-12-22", "2026-01-21", 95_00)},
        {"CM-9": (DENTAL, 640_25), "5521": (CAFE, 50_00)},
        USD,
    ),
    "QuickBooks, Open Invoices": Program(
        quickbooks.open_invoices(),
        "csv",
        {"USD": "12734.25"},
        {"1042": CAFE_1042, "1071": DENTAL_1071},
        {"CM-9": (DENTAL, 640_25), "5521": (CAFE, 50_00)},
        USD,
    ),
    "QuickBooks, invoices": Program(
        quickbooks.invoice_list(),
        "csv",
        {"USD": "13424.51"},
        {"1042": CAFE_1042, "1071": DENTAL_1071, "1093": owed(DENTAL, "2025-12-28", "2026-01-27", 1)},
        options=USD,
    ),
    "Xero, invoices": Program(
        xero.invoices(),
        "csv",
        {"GBP": "1084.50"},
        {"INV-0231": LARK_231, "INV-0240": MILL_240},
        {"CN-0017": ("Old Mill Bakery", 12_00)},
    ),
    "Xero, Aged Receivables Detail": Program(
        xero.aged_receivables(),
        "xlsx",
        {"GBP": "1084.50"},
        {"INV-0231": LARK_231, "INV-0240": MILL_240},
        {"CN-0017": ("Old Mill Bakery", 12_00)},
        GBP,
    ),
    "Stripe, invoices": Program(
        stripe.invoices(),
        "csv",
        {"EUR": "1190.00", "JPY": "5000", "USD": "250.00"},
        {
            "7B21A4C0-0004": owed("cus_QaT3vJ9", "2025-10-07", "2025-11-06", 250_00),
            "90C3F1D2-0011": owed("cus_RbU8kM2", "2025-11-30", "2025-12-30", 1_190_00),
            "A0B1C2D3-0001": owed("cus_ScV1nP5", "2025-12-24", "2026-01-23", 5000),
        },
    ),
    "Odoo, invoices": Program(
        odoo.invoices_csv(),
        "csv",
        {"EUR": "484.50", "USD": "80.00"},
        {"INV/2025/00041": AZURE_41, "INV/2025/00057": owed('Deco "Addict"', "2025-11-14", "2025-12-31", 80_00)},
        {"RINV/2025/00003": ("Azure Interieur, Bart", 121_00)},
    ),
    "Odoo, workbook of invoices": Program(
        odoo.invoices_xlsx(),
        "xlsx",
        {"EUR": "817.83"},
        {"INV/2025/00041": AZURE_41, "INV/2025/00060": owed("Gemini Furniture", "2025-12-12", "2026-01-11", 333_33)},
        {"RINV/2025/00003": ("Azure Interieur, Bart", 121_00)},
        EUR,
    ),
    "DATEV, OPOS-Liste": Program(
        german.datev_open_items(),
        "csv",
        {"EUR": "1244508.39"},
        {
            "RE-25-0417": owed("10001", "2025-09-12", "2025-10-12", 10_000_00),
            "RE-25-0502": owed("10001", "2025-11-30", "2025-12-30", 59_50),
            "RE-25-0499": ROADS,
        },
        {"GS-25-0031": ("10001", 119_00)},
        EUR,
    ),
    "DATEV, OPOS-Liste on two sides": Program(
        german.datev_open_items_on_two_sides(),
        "csv",
        {"EUR": "1234508.39"},
        {"RE-25-0502": owed("10001", "2025-11-30", "2025-12-30", 59_50), "RE-25-0499": ROADS},
        {"GS-25-0031": ("10001", 119_00)},
        EUR,
    ),
    "Lexware, offene Posten": Program(
        german.lexware_open_items(),
        "csv",
        {"EUR": "967.61"},
        {
            "2025-1188": owed("10007", "2025-10-01", "2025-10-31", 234_56),
            "2025-1240": owed("10007", "2025-11-14", "2025-12-14", 714_00),
            "2025-1301": owed("10031", "2025-12-19", "2026-01-18", 25_00),
        },
        {"G2025-044": ("10031", 5_95)},
    ),
    "Exact, openstaande posten": Program(
        northern.exact_open_items(),
        "csv",
        {"EUR": "12495.17"},
        {
            "25700318": owed("1042", "2025-09-12", "2025-10-12", 210_00),
            "25700355": owed("1042", "2025-11-30", "2025-12-30", 60_50),
            "25700361": owed("1077", "2025-12-15", "2026-01-14", 12_345_67),
        },
        {"25800012": ("1077", 121_00)},
    ),
    "Tripletex, åpne poster": Program(
        northern.tripletex_open_items(),
        "csv",
        {"NOK": "101300.00"},
        {
            "20418": owed("10012", "2025-09-12", "2025-10-12", 100_000_00),
            "20455": owed("10012", "2025-11-30", "2025-12-30", 1_250_50),
            "20460": owed("10033", "2025-12-15", "2026-01-14", 99_00),
        },
        {"20461": ("10033", 49_50)},
    ),
    "Visma, reskontro": Program(
        northern.visma_open_items(),
        "txt",
        {"NOK": "100049.50"},
        {
            "20418": owed("10012", "2025-09-12", "2025-10-12", 100_000_00),
            "20460": owed("10033", "2025-12-15", "2026-01-14", 99_00),
        },
        {"20461": ("10033", 49_50)},
        {"currency": "NOK"},
    ),
}


@pytest.fixture
def filing(app, clock, tmp_path):
    clock.pass_by(days=1)
    return Filing(app, tmp_path)


def load(filing: Filing, kind: str, program: Program) -> Summary:
    path = filing.folder / f"{kind}.{program.ending}"
    path.write_bytes(program.content)
    summary: Summary = getattr(filing.app.imports, kind)(path, Options(actor="ann the accountant", **program.options))
    assert summary.first_rejects == ()
    return summary


def totals(summary: Summary) -> dict[str, str]:
    return {each["currency"]: each["amount"] for each in import_answer(summary)["totals"]}


# What is open, in each program


@pytest.mark.parametrize("name", OPEN_ITEMS)
def test_open_items_are_taken_to_the_cent_with_their_days_and_credits(name, filing):
    program = OPEN_ITEMS[name]
    summary = load(filing, "invoices", program)
    assert totals(summary) == program.totals
    assert summary.imported == len(program.invoices) + len(program.credits)
    found = {number: filing.app.ledger.state(invoice_stream(number, program.entity)) for number in program.invoices}
    assert {
        number: (each.issued.customer, each.issued.issued_on, each.items[0].due_on, each.open_minor)
        for number, each in found.items()
    } == program.invoices
    notes = {number: _credit(filing, number, program.entity) for number in program.credits}
    assert notes == program.credits


def _credit(filing: Filing, number: str, entity: str) -> tuple[str | None, int]:
    note: Receipt = filing.app.ledger.state(credit_note_stream(number, entity))
    return note.received.customer, note.received.amount_minor


@pytest.mark.parametrize("name", ["Xero, invoices", "SAP, FBL5N unconverted", "QuickBooks, A/R Aging Detail"])
def test_the_same_export_again_adds_nothing_and_comes_to_the_same(name, filing):
    program = OPEN_ITEMS[name]
    first = load(filing, "invoices", program)
    again = load(filing, "invoices", program)
    assert (again.imported, again.already_there) == (0, first.read)
    assert totals(again) == totals(first)


# Payments


class Money(NamedTuple):
    """What is paid by the file: (customer, value day, minor) of each payment, and what is then open of invoices."""

    open_items: str
    content: bytes
    ending: str
    totals: Mapping[str, str]
    payments: Sequence[tuple[str, date, int]]
    left: Mapping[str, int]
    options: Mapping[str, Any] = {}


PAYMENTS = {
    "SAP, Manage Customer Line Items": Money(
        "SAP, Manage Customer Line Items",
        sap.incoming_payments(),
        "xlsx",
        {"EUR": "24300.00"},
        [("10100001", day("2025-12-29"), 23_800_00), ("10100045", day("2026-01-02"), 500_00)],
        {"9400000123": 0, "9400000191": 734_56},
    ),
    "QuickBooks, Transaction List": Money(
        "QuickBooks, A/R Aging Detail",
        quickbooks.payments(),
        "csv",
        {"USD": "12500.00"},
        [(CAFE, day("2025-12-15"), 500_00), (DENTAL, day("2025-12-19"), 12_000_00)],
        {"1042": 284_50, "1071": 640_00},
        USD,
    ),
    "Xero, Account Transactions": Money(
        "Xero, invoices",
        xero.receivable_payments(),
        "xlsx",
        {"GBP": "496.50"},
        [("Lark & Finch Publishing", day("2025-12-04"), 400_00), ("Old Mill Bakery", day("2025-12-30"), 96_50)],
        {"INV-0231": 600_00, "INV-0240": 0},
        GBP,
    ),
    "Stripe, itemized payments": Money(
        "Stripe, invoices",
        stripe.payments(),
        "csv",
        {"EUR": "190.00", "USD": "200.00"},
        [("cus_QaT3vJ9", day("2025-12-05"), 200_00), ("cus_RbU8kM2", day("2026-01-02"), 190_00)],
        {"7B21A4C0-0004": 50_00, "90C3F1D2-0011": 1000_00},
    ),
    "Odoo, payments": Money(
        "Odoo, invoices",
        odoo.payments(),
        "csv",
        {"EUR": "605.50", "USD": "30.00"},
        [("Azure Interieur, Bart", day("2025-12-15"), 605_50), ('Deco "Addict"', day("2025-12-20"), 30_00)],
        {"INV/2025/00041": 0, "INV/2025/00057": 50_00},
    ),
    "DATEV, Kontoblatt": Money(
        "DATEV, OPOS-Liste",
        german.datev_payments(),
        "csv",
        {"EUR": "44567.89"},
        [("10001", day("2025-12-29"), 10_000_00), ("10420", day("2025-12-30"), 34_567_89)],
        {"RE-25-0417": 0, "RE-25-0499": 1_200_000_00},
        EUR,
    ),
    "Lexware, Zahlungen": Money(
        "Lexware, offene Posten",
        german.lexware_payments(),
        "csv",
        {"EUR": "244.56"},
        [("10007", day("2025-12-22"), 234_56), ("10031", day("2025-12-29"), 10_00)],
        {"2025-1188": 0, "2025-1301": 15_00},
    ),
    "Exact, betalingen": Money(
        "Exact, openstaande posten",
        northern.exact_payments(),
        "csv",
        {"EUR": "2555.67"},
        [("1042", day("2025-12-22"), 210_00), ("1077", day("2025-12-31"), 2_345_67)],
        {"25700318": 0, "25700361": 10_000_00},
    ),
    "Tripletex, innbetalinger": Money(
        "Tripletex, åpne poster",
        northern.tripletex_payments(),
        "csv",
        {"NOK": "100050.00"},
        [("10012", day("2025-12-22"), 100_000_00), ("10033", day("2025-12-31"), 50_00)],
        {"20418": 0, "20460": 49_00},
    ),
}


@pytest.mark.parametrize("name", PAYMENTS)
def test_payments_are_taken_to_the_cent_and_pay_the_invoices_they_name_or_the_oldest(name, filing):
    money = PAYMENTS[name]
    program = OPEN_ITEMS[money.open_items]
    load(filing, "invoices", program)
    summary = load(
        filing, "payments", program._replace(content=money.content, ending=money.ending, options=money.options)
    )
    assert (totals(summary), summary.unidentified) == (money.totals, 0)
    receipts = [receipt.received for receipt in filing.receipts()]
    assert [(each.customer, each.value_on, each.amount_minor) for each in receipts] == money.payments
    assert {
        number: filing.app.ledger.state(invoice_stream(number, program.entity)).open_minor for number in money.left
    } == money.left


def test_a_credit_note_of_stripe_goes_to_the_invoice_it_names(filing):
    load(filing, "invoices", OPEN_ITEMS["Stripe, invoices"])
    summary = load(filing, "credit_notes", OPEN_ITEMS["Stripe, invoices"]._replace(content=stripe.credit_notes()))
    assert totals(summary) == {"USD": "50.00"}
    assert filing.open_minor("7B21A4C0-0004") == 200_00


def test_days_without_a_year_are_rejected_and_never_guessed(filing):
    path = filing.folder / "EXTF_Buchungsstapel.csv"
    path.write_bytes(german.datev_batch())
    summary = filing.app.imports.invoices(path, Options(actor="ann the accountant"))
    assert (summary.read, summary.imported) == (2, 0)
    assert {(reject.field, reject.code) for reject in summary.first_rejects} == {("issued_on", "not_a_day")}
