"""Lists of open items as programs export them: their titles, names, marks and sums, and what they come to."""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter import Workbook


class Exported(NamedTuple):
    """`totals` by currency in minor units, and one invoice: its customer, number, day of issue and due day."""

    name: str
    content: bytes | list[list[Any]]
    totals: dict[str, int]
    rows: int
    customer: str
    number: str
    issued_on: str
    due_on: str
    left_out: int = 0

    def write(self, folder: Path) -> Path:
        is_text = isinstance(self.content, bytes)
        path = folder / f"{self.name}.{'csv' if is_text else 'xlsx'}"
        if isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            _write_sheet(path, self.content)
        return path


def _write_sheet(path: Path, rows: list[list[Any]]) -> None:
    with Workbook(path) as book:
        book.add_worksheet("Cover")
        sheet, day = book.add_worksheet("Items"), book.add_format({"num_format": "dd.mm.yyyy"})
        for line, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(line, at, value, day)
                elif value is not None:
                    sheet.write(line, at, value)


SAP = Exported(
    "sap",
    [
        ["Customer Line Item Display"],
        ["Open at key date", datetime(2026, 1, 5)],
        [],
        ["Customer", "Document Number", "Document Type", "Document Date", "Net Due Date", "Amount in doc. curr.",
         "Document currency", "Amount in local currency", "Local Currency", "Assignment"],
        [100042, 1800000001, "RV", datetime(2025, 12, 1), datetime(2025, 12, 31), 1190.0, "EUR", 1190.0, "EUR", "A1"],
        [100042, 1800000002, "RV", datetime(2025, 12, 2), datetime(2026, 1, 1), 2380.5, "USD", 2100.0, "EUR", "A2"],
        [100077, 1600000001, "DG", datetime(2025, 12, 3), None, -90.25, "EUR", -90.25, "EUR", "A3"],
        [None, None, None, None, None, 1099.75, "EUR"],
        [None, None, None, None, None, 2380.5, "USD"],
    ],
    {"EUR": 1099_75, "USD": 2380_50}, 3, "100042", "1800000001", "2025-12-01", "2025-12-31", left_out=4,
)  # fmt: skip

SAP_TEXT = Exported(
    "sap_text",
    (
        "Debitor;Belegnummer;Belegdatum;Nettofälligkeit;Betrag in Belegwährung;Belegwährung\r\n"
        "0000100042;1800000001;01.12.2025;31.12.2025;1.190,00;EUR\r\n"
        "0000100042;1800000003;02.12.2025;01.01.2026;2.345,67-;EUR\r\n"
        "Summe;;;;1.155,67-;EUR\r\n"
    ).encode("cp1252"),
    {"EUR": -1155_67}, 2, "0000100042", "1800000001", "2025-12-01", "2025-12-31", left_out=1,
)  # fmt: skip

QUICKBOOKS = Exported(
    "quickbooks",
    (
        b"Acme Inc\nOpen Invoices\n\"As of January 5, 2026\"\n\n"
        b"Date,Transaction type,Num,Customer,Due date,Amount,Open balance,Currency\n"
        b'12/15/2025,Invoice,1037,Sonnenschein Store,01/14/2026,"$1,362.07","$1,062.07",USD\n'
        b'12/03/2025,Invoice,1038,Weiskopf Consulting,01/02/2026,$375.00,$375.00,USD\n'
        b'12/04/2025,Credit Memo,1039,Weiskopf Consulting,,$-75.00,$-75.00,USD\n'
        b',,,,,,,\n'
        b'TOTAL,,,,,"$1,662.07","$1,362.07",\n'
    ),
    {"USD": 1362_07}, 3, "Sonnenschein Store", "1037", "2025-12-15", "2026-01-14", left_out=5,
)  # fmt: skip

XERO = Exported(
    "xero",
    (
        "ContactName,EmailAddress,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,TaxTotal,InvoiceAmountPaid,"
        "InvoiceAmountDue,Currency,Type\n"
        "City Limousines,,INV-0002,P/O 9711,18/12/2025,17/01/2026,250.00,22.73,0.00,250.00,GBP,Sales invoice\n"
        "Bank West,west@example.com,INV-0003,,03/12/2025,02/01/2026,1181.25,107.39,500.00,681.25,GBP,Sales invoice\n"
    ).encode("utf-8-sig"),
    {"GBP": 931_25}, 2, "City Limousines", "INV-0002", "2025-12-18", "2026-01-17",
)  # fmt: skip

STRIPE = Exported(
    "stripe",
    (
        b"id,Number,Customer,Customer Email,Currency,Date (UTC),Due Date (UTC),Amount Due,Total\n"
        b"in_1A,ABCD-0001,cus_N1,a@example.com,eur,2025-12-31 23:30,2026-01-30 23:30,99.00,99.00\n"
        b"in_1B,ABCD-0002,cus_N2,b@example.com,usd,2025-12-30 10:00,2026-01-29 10:00,12.50,12.50\n"
    ),
    {"EUR": 99_00, "USD": 12_50}, 2, "cus_N1", "ABCD-0001", "2026-01-01", "2026-01-31",
)  # fmt: skip

ODOO = Exported(
    "odoo",
    [
        ["Number", "Invoice Partner Display Name", "Invoice/Bill Date", "Due Date", "Reference", "Tax", "Total",
         "Amount Due", "Currency"],
        ["INV/2025/00012", "Azure Interior", datetime(2025, 12, 10), datetime(2026, 1, 9), "", 150.0, 1150.0,
         650.1, "EUR"],
        ["INV/2025/00013", "Deco Addict", datetime(2025, 12, 11), datetime(2026, 1, 10), "", 0.0, 31750.0,
         31750.0, "EUR"],
        [None, None, None, None, None, 150.0, 32900.0, 32400.1],
    ],
    {"EUR": 32400_10}, 2, "Azure Interior", "INV/2025/00012", "2025-12-10", "2026-01-09", left_out=1,
)  # fmt: skip

DATEV = Exported(
    "datev",
    (
        "OPOS-Liste Debitoren;;;;;;;\r\nStichtag: 05.01.2026;;;;;;;\r\n"
        "Konto;Kontobezeichnung;Belegfeld 1;Belegdatum;Fälligkeit;Betrag;Soll/Haben-Kennzeichen;WKZ\r\n"
        "10001;Müller & Söhne;R-2025-17;15.12.2025;14.01.2026;1.234,56;S;EUR\r\n"
        "10001;Müller & Söhne;G-2025-3;16.12.2025;;34,56;H;EUR\r\n"
        ";;;;;;;\r\n"
        "Gesamtsumme;;;;;1.200,00;S;EUR\r\n"
    ).encode("cp1252"),
    {"EUR": 1200_00}, 2, "10001", "R-2025-17", "2025-12-15", "2026-01-14", left_out=4,
)  # fmt: skip

LEXWARE = Exported(
    "lexware",
    (
        "Kundennr.\tFirma\tRechnungsnr.\tRechnungsdatum\tFällig am\tRechnungsbetrag\tOffener Betrag\tWährung\n"
        "K-001\tBäckerei Öz\tRE-1001\t01.12.2025\t15.12.2025\t119,00 €\t19,00 €\tEUR\n"
        "K-002\tJörg Groß\tRE-1002\t02.12.2025\t16.12.2025\t1.190,00 €\t1.190,00 €\tEUR\n"
        "Summe\t\t\t\t\t1.309,00 €\t1.209,00 €\t\n"
    ).encode("utf-16"),
    {"EUR": 1209_00}, 2, "K-001", "RE-1001", "2025-12-01", "2025-12-15", left_out=1,
)  # fmt: skip

EXPORTS = (SAP, SAP_TEXT, QUICKBOOKS, XERO, STRIPE, ODOO, DATEV, LEXWARE)
