"""`receivables receipt`: money that came in, and where it goes."""

from typing import Annotated

import typer

from projections.open_items.receipt_list import Status
from services.cli.catalogued import add_commands
from services.cli.options import (
    AsOf,
    Form,
    Format,
    KnownAt,
    OnlyCurrency,
    OnlyCustomer,
    OnlyEntity,
    Output,
    SheetFormat,
    WithNames,
    form_of,
)
from services.cli.screen.listings import give_listing
from services.cli.screen.receipt import print_receipt
from services.cli.session import ledger, out, print_json
from services.list_sheets import RECEIPTS, columns_of

app = typer.Typer(
    help="Receipts: list them, record money, say which invoices it pays, give it back.",
    no_args_is_help=True,
    add_completion=False,
)

Number = Annotated[
    str, typer.Argument(show_default=False, metavar="NUMBER", help="The receipt's own number: each has one.")
]


OnlyStatus = Annotated[Status, typer.Option("--status", help="Only those of which this is true.")]


@app.command("list")
def list_receipts(
    status: OnlyStatus = Status.UNAPPLIED,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    customer: OnlyCustomer = None,
    entity: OnlyEntity = None,
    currency: OnlyCurrency = None,
    names: WithNames = False,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """Money that came in, and credit notes: what is not applied yet, or all of it, as of any day."""
    form = form_of(form, output)
    with ledger(form) as session:
        day, narrowed = as_of or session.today(), {"customer": customer, "entity": entity, "currency": currency}
        found = session.lists.receipts(day, known_at, status=status, **narrowed, names=names)
        give_listing(found, "Receipts", columns_of(RECEIPTS, names), form, output, out, session, entity)


@app.command()
def show(number: Number, as_of: AsOf = None, known_at: KnownAt = None, form: Format = Form.table) -> None:
    """What came in, where it went and what is left: as it stands, or as it was on a day as known at an instant."""
    with ledger(form) as session:
        found = session.receipts.show(number, as_of, known_at)
        print_json(found) if form == Form.json else print_receipt(found, out)


add_commands(app, "receipt")
