"""`receivables customer`: who owes, on which terms, and how far we trust them."""

from typing import Annotated

import typer

from services.cli.catalogued import add_commands
from services.cli.commands.statement import statement
from services.cli.options import (
    AsOf,
    Form,
    Format,
    KnownAt,
    OnlyCollector,
    Output,
    SheetFormat,
    WithNames,
    form_of,
)
from services.cli.screen import account
from services.cli.screen.listings import give_listing
from services.cli.session import ledger, out, print_json
from services.list_sheets import CUSTOMERS, columns_of

app = typer.Typer(
    help="Customers: list them, terms, limit, holds, notes, contact, statement of account.",
    no_args_is_help=True,
    add_completion=False,
)

Number = Annotated[str, typer.Argument(metavar="CUSTOMER", show_default=False, help="The customer's number.")]
OnHold = Annotated[bool, typer.Option("--on-hold", help="Only those on hold.")]
OverLimit = Annotated[bool, typer.Option("--over-limit", help="Only those who owe more than their limit.")]
OnlyCountry = Annotated[str | None, typer.Option("--country", metavar="CODE", help="Only those of this country.")]


@app.command("list")
def list_customers(
    on_hold: OnHold = False,
    over_limit: OverLimit = False,
    collector: OnlyCollector = None,
    country: OnlyCountry = None,
    names: WithNames = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """Customers: what they owe, their limit and what is left of it, holds, collector and terms, as of any day."""
    form = form_of(form, output)
    with ledger(form) as session:
        found = session.lists.customers(
            as_of or session.today(),
            known_at,
            on_hold=on_hold,
            over_limit=over_limit,
            collector=collector,
            country=country,
            names=names,
        )
        give_listing(found, "Customers", columns_of(CUSTOMERS, names), form, output, out, session)


@app.command()
def show(number: Number, as_of: AsOf = None, known_at: KnownAt = None, form: Format = Form.table) -> None:
    """Terms, limit, holds, contact and what is open: now, or as it was on a day as known at an instant."""
    with ledger(form) as session:
        found = session.customers.show(number, as_of, known_at)
        print_json(found) if form == Form.json else account.print_account(found, out)


app.command()(statement)
add_commands(app, "customer")
