"""Short words for what tests of money do over and over, each act under a command of its own."""

from datetime import date
from typing import Any

from domain.entry import Cause, invoice_stream, receipt_stream
from services.assembly import App

JAN_5, JAN_12, JAN_20, FEB_10 = date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 20), date(2026, 2, 10)


class Desk:
    def __init__(self, app: App, name: str = "command"):
        self.app, self.name = app, name
        self.commands = 0

    def cause(self, command=None):
        self.commands += 1
        return Cause("ann", command or f"{self.name} {self.commands}")

    def issue(self, number, minor, debtor="acme", currency="EUR", **given):
        asked: dict[str, Any] = {
            "customer": debtor,
            "total_minor": minor,
            "currency": currency,
            "issued_on": JAN_5,
        } | given
        return self.app.invoices.issue(number, **asked, cause=self.cause())

    def ask(self, decision, number, /, *, on=JAN_12, **asked):
        return self.app.invoices.ask(decision, number, on=on, cause=self.cause(), **asked)

    def receive(self, receipt, minor, command=None, **given):
        asked: dict[str, Any] = {"currency": "EUR", "value_on": JAN_20} | given
        return self.app.cash.receive(receipt, amount_minor=minor, **asked, cause=self.cause(command))

    def do(self, act, receipt, *, on=FEB_10, command=None, **asked):
        return getattr(self.app.cash, act)(receipt, on=on, cause=self.cause(command), **asked)

    def invoice(self, number):
        return self.app.ledger.state(invoice_stream(number, "main"))

    def open_minor(self, *numbers):
        return [self.invoice(number).open_minor for number in numbers]

    def receipt(self, number):
        return self.app.ledger.state(receipt_stream(number))

    def left(self, number):
        return self.receipt(number).unallocated_minor

    def owed(self):
        """The first row of what the view says the customer owes: open and unapplied."""
        [row] = self.app.customers.show("acme")["owed"] or [{"open": "0.00", "unapplied": "0.00"}]
        return row["open"], row["unapplied"]


def names(done):
    return [fact.name for fact in done.facts]
