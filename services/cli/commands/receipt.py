"""`receivables receipt`: money that came in, and where it goes."""

from datetime import date
from typing import Annotated

import typer

from domain.entry import receipt_stream
from domain.receipt import Receipt
from domain.refusal import Refused
from infra.log.decision import Done
from services.assembly import App
from services.cli import typed
from services.cli.options import Actor, CommandId, Entity, Form, Format, On, Why, day
from services.cli.screen import answers
from services.cli.screen.receipt import as_shown, print_receipt, print_whereabouts
from services.cli.session import cause, ledger, out, print_json

app = typer.Typer(
    help="One receipt: record money, say which invoices it pays, give it back.",
    no_args_is_help=True,
    add_completion=False,
)

Number = Annotated[
    str, typer.Argument(show_default=False, metavar="NUMBER", help="The receipt's own number: each has one.")
]
Invoices = Annotated[
    list[str] | None,
    typer.Option("--invoice", metavar="NUMBER[=AMOUNT]", help="Once per invoice; the oldest first when left out."),
]
AllocatedOn = Annotated[
    date | None,
    typer.Option("--on", parser=day, metavar="DAY", help="The day it counts for; the value day by default."),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the fact.")]


@app.command()
def show(number: Number, form: Format = Form.table) -> None:
    """What came in, where it went and what is left."""
    with ledger(form) as session:
        shown = as_shown(_found(session, number))
        print_json(shown) if form == Form.json else print_receipt(shown, out)


@app.command()
def record(
    number: Number,
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="In major units.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="ISO 4217 code.")],
    customer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Who paid; left out, it waits to be identified.")
    ] = None,
    value_on: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="Today by default.")] = None,
    invoice: Invoices = None,
    payer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The payer as the bank named them; kept encrypted.")
    ] = None,
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
            amount_minor=typed.amount(amount, currency),
            currency=currency,
            value_on=value_on or session.today(),
            customer=customer,
            invoices=typed.invoices(invoice, currency),
            payer=payer,
            entity=entity or session.settings.entity,
            cause=cause(session, actor=actor, why=because, command_id=command_id),
        )
        _tell(session, number, done, form)


@app.command()
def identify(
    number: Number,
    customer: Annotated[str, typer.Option(metavar="TEXT", help="Whose money it is.")],
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Say whose money it is."""
    with ledger(form) as session:
        said = cause(session, actor=actor, why=because, command_id=command_id)
        done = session.cash.identify(number, customer=customer, on=on or session.today(), cause=said)
        _tell(session, number, done, form)


@app.command()
def allocate(
    number: Number,
    invoice: Invoices = None,
    on: Annotated[
        date | None, typer.Option(parser=day, metavar="DAY", help="Counts from; the value day by default.")
    ] = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """What is left goes to the invoices named, else to the customer's oldest."""
    with ledger(form) as session:
        invoices = typed.invoices(invoice, _found(session, number).received.currency)
        said = cause(session, actor=actor, why=because, command_id=command_id)
        done = session.cash.allocate(number, invoices=invoices, on=on, cause=said)
        _tell(session, number, done, form)


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
    with ledger(form) as session:
        said = cause(session, actor=actor, why=None, command_id=command_id)
        done = session.cash.unallocate(
            number, allocation=allocation, reason=reason, on=on or session.today(), cause=said
        )
        _tell(session, number, done, form)


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
    with ledger(form) as session:
        said = cause(session, actor=actor, why=None, command_id=command_id)
        done = session.cash.reverse(number, reason=reason, on=on or session.today(), cause=said)
        _tell(session, number, done, form)


@app.command()
def refund(
    number: Number,
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="In major units, at most what is not allocated.")],
    reference: Annotated[str, typer.Option(metavar="TEXT", help="Of the outgoing payment.")],
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Money goes back to the payer."""
    with ledger(form) as session:
        minor = typed.amount(amount, _found(session, number).received.currency)
        said = cause(session, actor=actor, why=because, command_id=command_id)
        done = session.cash.refund(
            number, amount_minor=minor, reference=reference, on=on or session.today(), cause=said
        )
        _tell(session, number, done, form)


def _tell(session: App, number: str, done: Done, form: Form) -> None:
    answers.print_done(done, form, out)
    if form != Form.json:
        print_whereabouts(_found(session, number), out)


def _found(session: App, number: str) -> Receipt:
    receipt: Receipt | None = session.ledger.state(receipt_stream(number))
    if receipt is None:
        raise Refused("not_received", f"there is no receipt {number}")
    return receipt
