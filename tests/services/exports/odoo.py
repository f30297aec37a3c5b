"""Odoo: invoices (account.move) and payments (account.payment), exported from their lists."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

from tests.services.exports.workbooks import Cell, workbook


def invoices_csv() -> bytes:
    """Everything in quotation marks, numbers as the program holds them; a credit note is told by its type alone."""
    head = ("Number", "Partner", "Invoice/Bill Date", "Due Date", "Tax", "Total", "Amount Due", "Currency", "Type")
    azure, invoice = "Azure Interieur, Bart", "Customer Invoice"
    return _quoted(
        head,
        ("INV/2025/00041", azure, "2025-09-30", "2025-10-30", "210.0", "1210.0", "605.5", "EUR", invoice),
        ("INV/2025/00057", 'Deco "Addict"', "2025-11-14", "2025-12-31", "0.0", "80.0", "80.0", "USD", invoice),
        ("RINV/2025/00003", azure, "2025-12-01", "2025-12-01", "21.0", "121.0", "121.0", "EUR", "Customer Credit Note"),
    )


def invoices_xlsx() -> bytes:
    """The same list as a workbook, in the company's currency: a credit note is below zero."""
    head = ("Number", "Invoice Partner Display Name", "Invoice/Bill Date", "Due Date", "Activities")
    rows: list[tuple[Cell, ...]] = [
        (*head, "Untaxed Amount Signed", "Total Signed", "Amount Due Signed", "Payment Status", "Status"),
        _move("INV/2025/00041", "Azure Interieur, Bart", date(2025, 9, 30), date(2025, 10, 30), "1210.00", "605.50"),
        _move("INV/2025/00060", "Gemini Furniture", date(2025, 12, 12), date(2026, 1, 11), "333.33", "333.33"),
        _move("RINV/2025/00003", "Azure Interieur, Bart", date(2025, 12, 1), date(2025, 12, 1), "-121.00", "-121.00"),
        (None, None, None, None, None, Decimal("1175.48"), Decimal("1422.33"), Decimal("817.83"), None, None),
    ]
    return workbook(rows, sheet="Sheet1", days="yyyy-mm-dd")


def _move(number: str, partner: str, on: date, due: date, total: str, left: str) -> tuple[Cell, ...]:
    untaxed = (Decimal(total) / Decimal("1.21")).quantize(Decimal("0.01"))
    return number, partner, on, due, None, untaxed, Decimal(total), Decimal(left), "Not Paid", "Posted"


def payments() -> bytes:
    """Customer payments with the number of the invoice they were reconciled with, which the export dialog offers."""
    head = ("Date", "Number", "Journal", "Customer/Vendor", "Amount", "Currency", "Reconciled Invoices/Number", "State")
    azure, deco = "Azure Interieur, Bart", 'Deco "Addict"'
    return _quoted(
        head,
        ("2025-12-15", "PBNK1/2025/00101", "Bank", azure, "605.5", "EUR", "INV/2025/00041", "Paid"),
        ("2025-12-20", "PBNK1/2025/00102", "Bank", deco, "30.0", "USD", "", "In Process"),
    )


def _quoted(*rows: tuple[str, ...]) -> bytes:
    file = StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()
