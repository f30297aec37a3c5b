"""Xero: invoices exported from their list, and two reports exported as workbooks."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

from tests.services.exports.workbooks import Cell, workbook

_ADDRESS = ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "City", "Region", "PostalCode", "Country")
_HEAD = (
    *("ContactName", "EmailAddress", *(f"PO{part}" for part in _ADDRESS), *(f"SA{part}" for part in _ADDRESS)),
    *("InvoiceNumber", "Reference", "InvoiceDate", "DueDate", "PlannedDate", "Total", "TaxTotal"),
    *("InvoiceAmountPaid", "InvoiceAmountDue", "InventoryItemCode", "Description", "Quantity", "UnitAmount"),
    *("Discount", "LineAmount", "AccountCode", "TaxType", "TaxAmount", "TrackingName1", "TrackingOption1"),
    *("TrackingName2", "TrackingOption2", "Currency", "Type", "Sent", "Status"),
)


def invoices() -> bytes:
    """Invoices, Awaiting Payment, Export: a line for each line of an invoice, every one with the invoice's total.

    A credit note has the amounts of an invoice and another type.
    """
    lark = {
        "ContactName": "Lark & Finch Publishing",
        "EmailAddress": "accounts@lark.example",
        "POCountry": "United Kingdom",
    }
    mill = {"ContactName": "Old Mill Bakery", "POAddressLine1": "The Old Mill\n3 Weir Lane", "POCity": "Bath"}
    first = {"InvoiceNumber": "INV-0231", "Reference": "PO 77/A", "InvoiceDate": "03/10/2025", "DueDate": "02/11/2025"}
    owed = {
        "Total": "1440.0000",
        "TaxTotal": "240.0000",
        "InvoiceAmountPaid": "440.0000",
        "InvoiceAmountDue": "1000.0000",
    }
    second = {"InvoiceNumber": "INV-0240", "InvoiceDate": "29/11/2025", "DueDate": "29/12/2025"}
    credit = {"InvoiceNumber": "CN-0017", "InvoiceDate": "15/12/2025", "DueDate": "", "Type": "Sales credit note"}
    rows = [
        lark | first | owed | {"Description": "Typesetting", "LineAmount": "1000.0000", "TaxAmount": "200.0000"},
        lark | first | owed | {"Description": "Proofs", "LineAmount": "200.0000", "TaxAmount": "40.0000"},
        mill | second | _unpaid("96.5000", "16.0800") | {"Description": 'Signs, 24" wide', "Quantity": "2.0000"},
        mill | credit | _unpaid("12.0000", "2.0000") | {"Description": "Returned"},
    ]
    file = StringIO()
    writer = csv.DictWriter(file, _HEAD, restval="")
    writer.writeheader()
    common = {"Currency": "GBP", "Type": "Sales invoice", "Sent": "Sent", "Status": "Awaiting Payment"}
    writer.writerows(common | row for row in rows)
    return file.getvalue().encode()


def _unpaid(total: str, tax: str) -> dict[str, str]:
    return {"Total": total, "TaxTotal": tax, "InvoiceAmountPaid": "0.0000", "InvoiceAmountDue": total}


def aged_receivables() -> bytes:
    """Aged Receivables Detail: the contact stands in a line of its own, as the sum below its invoices does."""
    bands = ("Current", "< 1 Month", "1 Month", "2 Months", "3 Months", "Older")
    rows: list[tuple[Cell, ...]] = [
        ("Aged Receivables Detail",),
        ("Larkspur Print Ltd",),
        ("As at 31 December 2025",),
        ("Ageing by due date",),
        (),
        ("Invoice Date", "Due Date", "Invoice Number", "Invoice Reference", *bands, "Total"),
        (),
        ("Lark & Finch Publishing",),
        _aged(date(2025, 10, 3), date(2025, 11, 2), "INV-0231", "PO 77/A", 2, "1000.00"),
        ("Total Lark & Finch Publishing", *[None] * 9, Decimal("1000.00")),
        (),
        ("Old Mill Bakery",),
        _aged(date(2025, 11, 29), date(2025, 12, 29), "INV-0240", "", 1, "96.50"),
        _aged(date(2025, 12, 15), date(2025, 12, 15), "CN-0017", "", 1, "-12.00"),
        ("Total Old Mill Bakery", *[None] * 9, Decimal("84.50")),
        (),
        ("Total", *[None] * 9, Decimal("1084.50")),
        ("Percentage of total", *[None] * 9, Decimal(1)),
    ]
    return workbook(rows, sheet="Aged Receivables Detail", days="dd mmm yyyy")


def _aged(on: date, due: date, number: str, reference: str, band: int, amount: str) -> tuple[Cell, ...]:
    bands = [Decimal(amount) if each == band else Decimal(0) for each in range(6)]
    return on, due, number, reference or None, *bands, Decimal(amount)


def receivable_payments() -> bytes:
    """Account Transactions of Accounts Receivable: what customers paid is in the column of credits."""
    rows: list[tuple[Cell, ...]] = [
        ("Account Transactions",),
        ("Larkspur Print Ltd",),
        ("For the period 1 December 2025 to 31 December 2025",),
        (),
        ("Date", "Source", "Contact", "Description", "Invoice Number", "Reference", "Debit", "Credit"),
        (),
        ("Accounts Receivable",),
        (
            date(2025, 12, 4),
            "Receivable Payment",
            "Lark & Finch Publishing",
            "Payment",
            "INV-0231",
            "BACS",
            None,
            Decimal(400),
        ),
        (
            date(2025, 12, 30),
            "Receivable Payment",
            "Old Mill Bakery",
            "Payment",
            "INV-0240",
            None,
            None,
            Decimal("96.50"),
        ),
        ("Total Accounts Receivable", *[None] * 5, Decimal(0), Decimal("496.50")),
        ("Total", *[None] * 5, Decimal(0), Decimal("496.50")),
    ]
    return workbook(rows, sheet="Account Transactions", days="dd mmm yyyy")
