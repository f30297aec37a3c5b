"""One claim as a person reads it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console

from infra.files.sheets import grouped
from services.cli.screen.lines import print_pairs, print_rows, print_title

_LISTS = ("items", "discounts", "payments", "credit_notes", "disputes", "plan")
_AGREEMENTS = ("promise", "settlement", "judgment")


def print_claim(claim: Mapping[str, Any], console: Console) -> None:
    known = f", as known at {claim['known_at']}" if claim["known_at"] else ""
    print_title(f"Invoice {claim['number']} as of {claim['as_of']}{known}", console)
    print_pairs(
        [
            ("customer", claim["customer"]),
            ("issued on", claim["issued_on"]),
            ("reference", claim["reference"]),
            ("status", claim["status"].replace("_", " ")),
            ("held by", claim["holder"]),
            *((name, _amount(claim, name)) for name in ("total", "open")),
            *((name.replace("_", " "), _unless_zero(claim, name)) for name in ("overdue", "disputed", "written_off")),
            ("reminded", ", ".join(claim["reminders"])),
            ("bureau", claim["bureau"]),
        ],
        console,
    )
    for name in _LISTS:
        print_rows(claim[name] or [], name.replace("_", " ").capitalize(), console)
    for name in _AGREEMENTS:
        print_rows([claim[name]] if claim[name] else [], name.capitalize(), console)


def _amount(claim: Mapping[str, Any], name: str) -> str:
    return f"{grouped(claim[name])} {claim['currency']}"


def _unless_zero(claim: Mapping[str, Any], name: str) -> str:
    return _amount(claim, name) if Decimal(claim[name]) else ""
