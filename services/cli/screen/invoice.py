"""One invoice as a person reads it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rich.console import Console

from infra.files.sheets import grouped
from services.answers.invoice import InvoiceAsOf
from services.cli.screen.lines import print_pairs, print_rows, print_title


def print_invoice(invoice: InvoiceAsOf, console: Console) -> None:
    known = f", as known at {invoice['known_at']}" if invoice["known_at"] else ""
    print_title(f"Invoice {invoice['number']} as of {invoice['as_of']}{known}", console)
    print_pairs(
        [
            ("customer", invoice["customer"]),
            ("issued on", invoice["issued_on"]),
            ("reference", invoice["reference"]),
            ("document", invoice["document"]),
            ("status", invoice["status"].replace("_", " ")),
            ("held by", invoice["holder"]),
            ("total", _amount(invoice["total"], invoice)),
            ("open", _amount(invoice["open"], invoice)),
            ("overdue", _unless_zero(invoice["overdue"], invoice)),
            ("disputed", _unless_zero(invoice["disputed"], invoice)),
            ("written off", _unless_zero(invoice["written_off"], invoice)),
            ("reminded", ", ".join(invoice["reminders"])),
            ("bureau", invoice["bureau"]),
        ],
        console,
    )
    tables: list[tuple[str, Sequence[Mapping[str, object]] | None]] = [
        ("Items", invoice["items"]),
        ("Discounts", invoice["discounts"]),
        ("Payments", invoice["payments"]),
        ("Credit notes", invoice["credit_notes"]),
        ("Disputes", invoice["disputes"]),
        ("Plan", invoice["plan"]),
        ("Promise", [invoice["promise"]] if invoice["promise"] else None),
        ("Settlement", [invoice["settlement"]] if invoice["settlement"] else None),
        ("Judgment", [invoice["judgment"]] if invoice["judgment"] else None),
        ("Notes", invoice["notes"]),
    ]
    for title, rows in tables:
        print_rows(rows or [], title, console)


def _amount(amount: str, invoice: InvoiceAsOf) -> str:
    return f"{grouped(amount)} {invoice['currency']}"


def _unless_zero(amount: str, invoice: InvoiceAsOf) -> str:
    return _amount(amount, invoice) if Decimal(amount) else ""
