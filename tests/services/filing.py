"""Files as somebody would import them, and what became of them."""

from pathlib import Path
from typing import Any

from domain.entry import invoice_stream
from domain.receipt import Received
from services.assembly import App
from services.importing import Options, Summary

INVOICES = "customer,number,issued_on,due_on,amount,currency\n"
NAMED = "customer,customer_name,email,number,issued_on,due_on,amount,currency\n"
PAYMENTS = "number,customer,amount,value_on,currency,reference\n"
HISTORY = "customer,number,issued_on,due_on,amount,currency,settled_on,disputed\n"
ANN_1 = "ann,R-1,2026-01-05,2026-02-04,100.00,EUR\n"
ANN_2 = "ann,R-2,2026-01-06,2026-02-05,50.00,EUR\n"
BOB_3 = "bob,R-3,2026-01-07,2026-02-06,70.00,USD\n"


class Filing:
    def __init__(self, app: App, folder: Path):
        self.app, self.folder = app, folder

    def load(self, kind: str, text: str, **options: Any) -> Summary:
        path = self.folder / f"{kind}.csv"
        path.write_bytes(text.encode(options.get("encoding", "utf-8")))
        summary: Summary = getattr(self.app.imports, kind)(path, Options(actor="ann the accountant", **options))
        return summary

    def facts(self, stream: str) -> list[Any]:
        """Each with the day it counts for."""
        return [(entry.fact, entry.effective_on) for entry in self.app.ledger.facts(stream)]

    def open_minor(self, number: str) -> int:
        return int(self.app.ledger.state(invoice_stream(number, "main")).open_minor)

    def receipts(self) -> list[Any]:
        """All of them in the order they were recorded."""
        entries = self.app.ledger.entries(0)
        return [self.app.ledger.state(entry.stream) for entry in entries if isinstance(entry.fact, Received)]


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.read, summary.imported, summary.already_there, summary.rejected
