"""`receivables receipt`: money that came in, and where it goes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from domain.entry import receipt_stream
from domain.money import minor_units
from domain.receipt import Receipt
from domain.refusal import Refused
from services.cli import answers
from services.cli.session import (
    Actor,
    CommandId,
    Entity,
    Form,
    Format,
    On,
    Why,
    cause,
    day,
    ledger,
    out,
    print_json,
)

app = typer.Typer(help="One receipt: record money, say which invoices it pays, give it back.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(show_default=False, help="The receipt's own number: each has one.")]
Invoices = Annotated[
    list[str] | None,
    typer.Option("--invoice", metavar="NUMBER[=AMOUNT]", help="Once per invoice; the oldest first when left out."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the fact.")]


@app.command()
def show(number: Number, form: Format = Form.table) -> None:
    """What came in, where it went and what is left."""
    with ledger(form) as session:
        receipt: Receipt | None = session.ledger.state(receipt_stream(number))
        if receipt is None:
            raise Refused("not_received", f"there is no receipt {number}")
        shown = answers.receipt_as_shown(receipt)
        print_json(shown) if form == Form.json else answers.print_receipt(shown, out)


@app.command()
def record(
    number: Number,
    amount: Annotated[str, typer.Option(help="In major units.")],
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")],
    customer: Annotated[str | None, typer.Option(help="Who paid; left out, it waits to be identified.")] = None,
    value_on: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="Today by default.")] = None,
    invoice: Invoices = None,
    payer: Annotated[str | None, typer.Option(help="The payer as the bank named them; kept encrypted.")] = None,
    entity: Entity = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Money came in: it pays the invoices named, else the customer's oldest; what is left stays on account."""
    with ledger(form) as session:
        done = session.cash.receive(
            number,
            amount_minor=minor_units(amount, currency),
            currency=currency,
            value_on=value_on or session.today(),
            customer=customer,
            invoices=_invoices(invoice, currency),
            payer=payer,
            entity=entity or session.settings.entity,
            cause=cause(session, actor=actor, why=because, command_id=command_id),
        )
        answers.print_done(done, form, out)


@app.command()
def identify(
    number: Number,
    customer: Annotated[str, typer.Option(help="Whose money it is.")],
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Say whose money it is."""
    _ask("identify", number, {"customer": customer}, on, because, actor, command_id, form)


@app.command()
def allocate(
    number: Number,
    invoice: Invoices = None,
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """What is left goes to the invoices named, else to the customer's oldest."""
    with ledger(form) as session:
        receipt: Receipt | None = session.ledger.state(receipt_stream(number))
        done = session.cash.allocate(
            number,
            invoices=_invoices(invoice, receipt.received.currency if receipt else "EUR"),
            on=on or session.today(),
            cause=cause(session, actor=actor, why=because, command_id=command_id),
        )
        answers.print_done(done, form, out)


@app.command()
def unallocate(
    number: Number,
    allocation: Annotated[int, typer.Option(help="As `receipt show` numbers them.")],
    reason: Reason,
    on: On = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Take an allocation back: the invoice is open again exactly as before."""
    _ask("unallocate", number, {"allocation": allocation, "reason": reason}, on, reason, actor, command_id, form)


@app.command()
def reverse(
    number: Number,
    reason: Reason,
    on: On = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """A returned debit or a chargeback: every invoice it paid is open again."""
    _ask("reverse", number, {"reason": reason}, on, reason, actor, command_id, form)


@app.command()
def refund(
    number: Number,
    amount: Annotated[str, typer.Option(help="In major units, at most what is not allocated.")],
    reference: Annotated[str, typer.Option(help="Of the outgoing payment.")],
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Money goes back to the payer."""
    with ledger(form) as session:
        receipt: Receipt | None = session.ledger.state(receipt_stream(number))
        done = session.cash.refund(
            number,
            amount_minor=minor_units(amount, receipt.received.currency if receipt else "EUR"),
            reference=reference,
            on=on or session.today(),
            cause=cause(session, actor=actor, why=because, command_id=command_id),
        )
        answers.print_done(done, form, out)


def _ask(
    method: str,
    number: str,
    asked: Mapping[str, Any],
    on: date | None,
    why: str | None,
    actor: str | None,
    command_id: str | None,
    form: Form,
) -> None:
    with ledger(form) as session:
        said = cause(session, actor=actor, why=why, command_id=command_id)
        done = getattr(session.cash, method)(number, **asked, on=on or session.today(), cause=said)
        answers.print_done(done, form, out)


def _invoices(named: list[str] | None, currency: str) -> tuple[str, ...] | dict[str, int]:
    pairs = [text.rpartition("=") if "=" in text else (text, "", "") for text in named or ()]
    if any(amount for _, _, amount in pairs):
        return {number: minor_units(amount, currency) for number, _, amount in pairs}
    return tuple(number for number, _, _ in pairs)
