"""One claim as a person reads it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console

from infra.files.sheets import grouped
from services.cli.screen.lines import print_pairs, print_rows, print_title

_LISTS = ("items", "discounts", "payments", "credit_notes", "disputes", "plan")
_AGREEMENTS = ("promise", "settlement", "judgment")


def print_invoice(invoice: Mapping[str, Any], console: Console) -> None:
    known = f", as known at {invoice['known_at']}" if invoice["known_at"] else ""
    print_title(f"Invoice {invoice['number']} as of {invoice['as_of']}{known}", console)
    print_pairs(
        [
            ("customer", invoice["customer"]),
            ("issued on", invoice["issued_on"]),
            ("reference", invoice["reference"]),
            ("status", invoice["status"].replace("_", " ")),
            ("held by", invoice["holder"]),
            *((name, _amount(invoice, name)) for name in ("total", "open")),
            *((name.replace("_", " "), _unless_zero(invoice, name)) for name in ("overdue", "disputed", "written_off")),
            ("reminded", ", ".join(invoice["reminders"])),
            ("bureau", invoice["bureau"]),
        ],
        console,
    )
    for name in _LISTS:
        print_rows(invoice[name] or [], name.replace("_", " ").capitalize(), console)
    for name in _AGREEMENTS:
        print_rows([invoice[name]] if invoice[name] else [], name.capitalize(), console)


def _amount(invoice: Mapping[str, Any], name: str) -> str:
    return f"{grouped(invoice[name])} {invoice['currency']}"


def _unless_zero(invoice: Mapping[str, Any], name: str) -> str:
    return _amount(invoice, name) if Decimal(invoice[name]) else ""
