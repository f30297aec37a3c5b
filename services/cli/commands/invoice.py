"""`receivables invoice`: invoices, listed, seen and changed."""

from typing import Annotated

import typer

from domain.refusal import Refused
from projections.open_items.invoice_list import Status
from services.cli.catalogued import add_commands
from services.cli.files import give_document
from services.cli.options import (
    AsOf,
    Entity,
    Form,
    Format,
    KnownAt,
    OnlyCollector,
    OnlyCurrency,
    OnlyCustomer,
    OnlyEntity,
    Output,
    SheetFormat,
    WithNames,
    form_of,
)
from services.cli.screen import invoice
from services.cli.screen.listings import give_listing
from services.cli.session import ledger, out, print_json
from services.list_sheets import INVOICES, columns_of

app = typer.Typer(
    help="Invoices: list them, look at one, issue it, and everything that can happen to it.",
    no_args_is_help=True,
    add_completion=False,
)

Number = Annotated[str, typer.Argument(show_default=False, metavar="NUMBER", help="The invoice's number.")]


OnlyStatus = Annotated[Status, typer.Option("--status", help="Only those of which this is true.")]


@app.command("list")
def list_invoices(
    status: OnlyStatus = Status.OPEN,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    customer: OnlyCustomer = None,
    entity: OnlyEntity = None,
    currency: OnlyCurrency = None,
    collector: OnlyCollector = None,
    names: WithNames = False,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """Invoices by customer and due day: what is open, overdue, disputed, promised, or settled, as of any day."""
    form = form_of(form, output)
    with ledger(form) as session:
        found = session.lists.invoices(
            as_of or session.today(),
            known_at,
            status=status,
            customer=customer,
            entity=entity,
            currency=currency,
            collector=collector,
            names=names,
        )
        give_listing(found, "Invoices", columns_of(INVOICES, names), form, output, out, session, entity)


@app.command()
def show(
    number: Number, as_of: AsOf = None, known_at: KnownAt = None, entity: Entity = None, form: Format = Form.table
) -> None:
    """The invoice as it stands, or as it was on a day as known at an instant."""
    with ledger(form) as session:
        entity = entity or session.settings.entity
        found = session.audit.state(number, as_of=as_of or session.today(), known_at=known_at, entity=entity)
        if found is None:
            raise Refused("not_issued", f"there is no invoice {number} of {entity} on that day")
        print_json(found) if form == Form.json else invoice.print_invoice(found, out)


@app.command()
def document(number: Number, entity: Entity = None, output: Output = None) -> None:
    """The file it was read from, as it came; that it was looked at is on record."""
    with ledger(Form.table) as session:
        data = session.documents.of_invoice(number, entity or session.settings.entity)
    give_document(number, data, output, out)


add_commands(app, "invoice")
