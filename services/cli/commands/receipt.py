"""`receivables receipt`: money that came in, and where it goes."""

from typing import Annotated

import typer

from domain.entry import receipt_stream
from domain.receipt import Receipt
from domain.refusal import Refused
from services.answers.receipt import ReceiptAnswer, receipt_answer
from services.assembly import App
from services.cli.catalogued import add_commands
from services.cli.options import Form, Format
from services.cli.screen.receipt import print_receipt
from services.cli.session import ledger, out, print_json

app = typer.Typer(
    help="One receipt: record money, say which invoices it pays, give it back.",
    no_args_is_help=True,
    add_completion=False,
)

Number = Annotated[
    str, typer.Argument(show_default=False, metavar="NUMBER", help="The receipt's own number: each has one.")
]


@app.command()
def show(number: Number, form: Format = Form.table) -> None:
    """What came in, where it went and what is left."""
    with ledger(form) as session:
        found = _found(session, number)
        print_json(found) if form == Form.json else print_receipt(found, out)


def _found(session: App, number: str) -> ReceiptAnswer:
    stream = receipt_stream(number)
    receipt: Receipt | None = session.ledger.state(stream)
    if receipt is None:
        raise Refused("not_received", f"there is no receipt {number}")
    return receipt_answer(receipt, session.ledger.facts(stream))


add_commands(app, "receipt")
