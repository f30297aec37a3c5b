"""One receipt, for programs and for people."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from domain.money import major, readable
from domain.receipt import Receipt
from infra.files.sheets import grouped
from services.cli.screen.lines import plain, print_pairs, print_rows, print_title


def as_shown(receipt: Receipt) -> dict[str, Any]:
    """As JSON has it."""
    received = receipt.received

    def amount(minor: int) -> str:
        return major(minor, received.currency)

    return {
        "receipt": received.receipt,
        "entity": received.entity,
        "customer": receipt.customer,
        "currency": received.currency,
        "value_on": received.value_on.isoformat(),
        "amount": amount(received.amount_minor),
        "unallocated": amount(receipt.unallocated_minor),
        "is_reversed": receipt.is_reversed,
        "references": list(received.references),
        "allocations": [
            {
                "allocation": made.allocation,
                "invoice": made.invoice.split(":", 2)[2],
                "amount": amount(made.amount_minor),
                "effective_on": receipt.allocated_on[made.allocation].isoformat(),
            }
            for made in receipt.allocations
        ],
        "refunds": [{"reference": made.reference, "amount": amount(made.amount_minor)} for made in receipt.refunds],
    }


def print_whereabouts(receipt: Receipt, console: Console) -> None:
    """Where the money is, and since which day: that need not be the day it came, nor the day asked for."""
    currency = receipt.received.currency
    lines = [
        f"{readable(made.amount_minor, currency)} pays {made.invoice.split(':', 2)[2]}"
        f" from {receipt.allocated_on[made.allocation]} on"
        for made in receipt.allocations
    ]
    if receipt.unallocated_minor:
        whose = f"on account of {receipt.customer}" if receipt.customer else "unidentified"
        lines.append(f"{readable(receipt.unallocated_minor, currency)} stays {whose}")
    for line in lines:
        console.print(Text(plain(f"          {line}"), style="dim"), soft_wrap=True)


def print_receipt(receipt: Mapping[str, Any], console: Console) -> None:
    print_title(f"Receipt {receipt['receipt']}", console)
    pairs = [
        ("customer", receipt["customer"] or "not identified"),
        ("value day", receipt["value_on"]),
        *((name, f"{grouped(receipt[name])} {receipt['currency']}") for name in ("amount", "unallocated")),
        ("references", ", ".join(receipt["references"])),
        ("reversed", "yes" if receipt["is_reversed"] else ""),
    ]
    print_pairs(pairs, console)
    for name in ("allocations", "refunds"):
        print_rows(receipt[name], name.capitalize(), console)
