"""`receivables customer`: who owes, on which terms, and how far we trust them."""

from typing import Annotated

import typer

from services.cli.catalogued import add_commands
from services.cli.commands.statement import statement
from services.cli.options import Form, Format
from services.cli.screen import account
from services.cli.session import ledger, out, print_json

app = typer.Typer(help="One customer: terms, limit, holds, notes, contact.", no_args_is_help=True, add_completion=False)

Number = Annotated[str, typer.Argument(metavar="CUSTOMER", show_default=False, help="The customer's number.")]


@app.command()
def show(number: Number, form: Format = Form.table) -> None:
    """Terms, limit, holds, contact and what is open."""
    with ledger(form) as session:
        found = session.customers.show(number)
        print_json(found) if form == Form.json else account.print_account(found, out)


app.command()(statement)
add_commands(app, "customer")
