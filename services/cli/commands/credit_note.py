"""`receivables credit-note`: what is taken back of what was invoiced, and where its amount goes."""

from typing import Annotated

import typer

from domain.credit_note import CreditNote, require_issued
from domain.entry import credit_note_stream
from services.answers.receipt import ReceiptAnswer, receipt_answer
from services.assembly import App
from services.cli.catalogued import add_commands
from services.cli.files import give_document
from services.cli.options import Entity, Form, Format, Output
from services.cli.screen.receipt import print_receipt
from services.cli.session import ledger, out, print_json

app = typer.Typer(
    help="One credit note: issue it, say which invoices it lessens, pay it out, undo it.",
    no_args_is_help=True,
    add_completion=False,
)

Number = Annotated[str, typer.Argument(show_default=False, metavar="NUMBER", help="The credit note's number.")]


@app.command()
def show(number: Number, entity: Entity = None, form: Format = Form.table) -> None:
    """What it takes back, where that went and what is on account."""
    with ledger(form) as session:
        found = _found(session, number, entity or session.settings.entity)
        print_json(found) if form == Form.json else print_receipt(found, out, "Credit note")


@app.command()
def document(number: Number, entity: Entity = None, output: Output = None) -> None:
    """The file it was read from, as it came; that it was looked at is on record."""
    with ledger(Form.table) as session:
        data = session.documents.of_credit_note(number, entity or session.settings.entity)
    give_document(number, data, output, out)


def _found(session: App, number: str, entity: str) -> ReceiptAnswer:
    stream = credit_note_stream(number, entity)
    note: CreditNote | None = session.ledger.state(stream)
    return receipt_answer(require_issued(note), session.ledger.facts(stream))


add_commands(app, "credit_note")
