"""One receipt as a person reads it."""

from rich.console import Console

from infra.files.sheets import grouped
from services.answers.receipt import ReceiptAnswer
from services.cli.screen.lines import print_day, print_pairs, print_rows, print_title


def print_receipt(receipt: ReceiptAnswer, console: Console, title: str = "Receipt") -> None:
    print_title(f"{title} {receipt['receipt']}", console)
    print_day(receipt, console)
    pairs = [
        ("entity", receipt["entity"]),
        ("customer", receipt["customer"] or "not identified"),
        ("value day", receipt["value_on"]),
        ("amount", _amount(receipt["amount"], receipt)),
        ("unallocated", _amount(receipt["unallocated"], receipt)),
        ("references", ", ".join(receipt["references"])),
        ("reversed", "yes" if receipt["is_reversed"] else ""),
    ]
    print_pairs(pairs, console)
    print_rows(receipt["history"], "Allocations", console)
    print_rows(receipt["refunds"], "Refunds", console)
    print_rows(receipt["reversals"], "Reversals", console)
    print_rows(receipt["moves"], "Moves", console)


def _amount(amount: str, receipt: ReceiptAnswer) -> str:
    return f"{grouped(amount)} {receipt['currency']}"
