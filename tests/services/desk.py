"""Short words for what tests of money do over and over, each act under a command of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain import customer as customers
from domain import invoice as invoices
from domain.entry import Cause, customer_stream, invoice_stream, receipt_stream
from domain.receipt import Remittance
from infra.log.decision import Done
from services.assembly import App
from services.catalogue import CATALOGUE
from services.catalogue.command import Command, Request
from services.catalogue.customers import BLOCK, CONTACT, ERASE, REGISTER, REPORT, WITHDRAW
from services.catalogue.invoices import CREDIT, ISSUE, RESOLVE, WRITE_OFF
from services.catalogue.receipts import ALLOCATE, IDENTIFY, RECORD, REFUND, REVERSE, UNALLOCATE

JAN_5, JAN_12, JAN_20, FEB_10 = date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 20), date(2026, 2, 10)
WHY = "as agreed by phone"

# The command that runs a decision of the domain.
COMMANDS: dict[Callable[..., Any], Command[...]] = {command.asks: command for command in CATALOGUE.values()} | {
    customers.register: REGISTER,
    customers.block: BLOCK,
    customers.report_to_bureau: REPORT,
    customers.withdraw_report: WITHDRAW,
    invoices.credit: CREDIT,
    invoices.resolve: RESOLVE,
    invoices.write_off: WRITE_OFF,
}
CASH: dict[str, Command[...]] = {
    "identify": IDENTIFY,
    "allocate": ALLOCATE,
    "unallocate": UNALLOCATE,
    "reverse": REVERSE,
    "refund": REFUND,
}


def give(app: App, stream: str, request: Request, *, on: date | None, cause: Cause) -> Done:
    """Under a reason, where one is needed and none was said."""
    reason = cause.reason or (WHY if request.command.needs_reason else None)
    return app.commands.give(stream, request, on=on, cause=cause._replace(reason=reason))


def issue_invoice(app: App, number: str, *, issued_on: date, cause: Cause, entity: str = "main", **asked: Any) -> Done:
    return give(app, invoice_stream(number, entity), Request(ISSUE, asked), on=issued_on, cause=cause)


def ask_invoice(
    app: App,
    decision: Callable[..., Any],
    number: str,
    /,
    *,
    on: date,
    cause: Cause,
    entity: str = "main",
    **asked: Any,
) -> Done:
    reason = asked.pop("reason", cause.reason)
    request = Request(COMMANDS[decision], asked)
    return give(app, invoice_stream(number, entity), request, on=on, cause=cause._replace(reason=reason))


def ask_customer(
    app: App,
    decision: Callable[..., Any],
    customer: str,
    /,
    *,
    on: date,
    cause: Cause,
    reason: Any = None,
    **asked: Any,
) -> Done:
    request = Request(COMMANDS[decision], asked)
    return give(app, customer_stream(customer), request, on=on, cause=cause._replace(reason=reason or cause.reason))


def set_contact_of(app: App, customer: str, contact: Mapping[str, str], *, on: date, cause: Cause) -> Done:
    return give(app, customer_stream(customer), Request(CONTACT, {**contact}), on=on, cause=cause)


def erase_customer(app: App, customer: str, *, on: date, cause: Cause) -> Done:
    return give(app, customer_stream(customer), ERASE(), on=on, cause=cause)


def record_receipt(app: App, receipt: str, *, value_on: Any, cause: Cause, invoices: Any = (), **asked: Any) -> Done:
    request = Request(RECORD, asked | {"invoices": remittances(invoices)})
    return give(app, receipt_stream(receipt), request, on=value_on, cause=cause)


def remittances(invoices: Any) -> tuple[Remittance, ...]:
    """Numbers, or how much is to go to each."""
    wanted = invoices if isinstance(invoices, Mapping) else dict.fromkeys(invoices)
    return tuple(Remittance(*each) for each in wanted.items())


class Desk:
    def __init__(self, app: App, name: str = "command"):
        self.app, self.name = app, name
        self.commands = 0

    def cause(self, command=None, reason=None):
        self.commands += 1
        return Cause("ann", command or f"{self.name} {self.commands}", reason)

    def issue(self, number, minor, debtor="acme", currency="EUR", **given):
        asked: dict[str, Any] = {
            "customer": debtor,
            "amount_minor": minor,
            "currency": currency,
            "issued_on": JAN_5,
        } | given
        return issue_invoice(self.app, number, **asked, cause=self.cause())

    def ask(self, decision, number, /, *, on=JAN_12, **asked):
        return ask_invoice(self.app, decision, number, on=on, cause=self.cause(), **asked)

    def receive(self, receipt, minor, command=None, **given):
        asked: dict[str, Any] = {"currency": "EUR", "value_on": JAN_20} | given
        return record_receipt(self.app, receipt, amount_minor=minor, **asked, cause=self.cause(command))

    def do(self, act, receipt, *, on=FEB_10, command=None, reason=None, **asked):
        if "invoices" in asked:
            asked["invoices"] = remittances(asked["invoices"])
        request = Request(CASH[act], asked)
        return give(self.app, receipt_stream(receipt), request, on=on, cause=self.cause(command, reason))

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
        shown: Any = self.app.customers.show("acme")["owed"]
        [row] = shown or [{"open": "0.00", "unapplied": "0.00"}]
        return row["open"], row["unapplied"]


def names(done):
    return [fact.name for fact in done.facts]
