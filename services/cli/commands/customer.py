"""`receivables customer`: who owes, on which terms, and how far we trust them."""

from datetime import date
from typing import Annotated, Any

import typer

from domain import customer
from domain.entry import customer_stream, invoice_stream
from services.cli import decisions
from services.cli.options import Actor, CommandId, Form, Format, On, Why
from services.cli.screen import account, answers
from services.cli.session import cause, ledger, out, print_json

app = typer.Typer(help="One customer: terms, limit, holds, notes, contact.", no_args_is_help=True, add_completion=False)

Number = Annotated[str, typer.Argument(metavar="CUSTOMER", show_default=False, help="The customer's number.")]

DECISIONS: dict[str, tuple[decisions.Decision, str]] = {
    "register": (customer.register, "Register a customer; again changes nothing."),
    "terms": (
        customer.agree_terms,
        "Agree payment terms: net days or instalments, early-payment discount, language, channel.",
    ),
    "check": (customer.check_credit, "Record a credit check."),
    "limit": (customer.set_limit, "Set the credit limit; zero means no credit at all."),
    "hold": (customer.hold, "Hold orders or deliveries."),
    "release": (customer.release, "Release a hold."),
    "prepayment": (customer.require_prepayment, "Require a share of each order beforehand."),
    "block": (customer.block, "Block dunning until a day."),
    "unblock": (customer.unblock, "End the dunning block."),
    "note": (customer.note_contact, "Note a contact, for all to see: roles, never names."),
    "collector": (customer.assign_collector, "Say which collector looks after the customer."),
    "retainer": (customer.agree_retainer, "Agree a retainer."),
    "replenish": (customer.request_replenishment, "Ask for what is missing of the retainer."),
    "review": (customer.review_risk, "Set the risk class by hand; it counts before the computed one."),
    "report": (customer.report_to_bureau, "Record a report to a bureau; the debtor must have been warned of it."),
    "withdraw": (customer.withdraw_report, "Withdraw a report to a bureau."),
}


@app.command()
def show(number: Number, form: Format = Form.table) -> None:
    """Terms, limit, holds, contact and what is open."""
    with ledger(form) as session:
        found = session.customers.show(number)
        print_json(found) if form == Form.json else account.print_account(found, out)


@app.command()
def contact(
    number: Number,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="Name of the person or company.")] = None,
    email: Annotated[str | None, typer.Option(metavar="TEXT", help="Where letters go by e-mail.")] = None,
    phone: Annotated[str | None, typer.Option(metavar="TEXT", help="Where calls go.")] = None,
    address: Annotated[str | None, typer.Option(metavar="TEXT", help="Where letters go by post.")] = None,
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Set the contact, in place of the one before; it is kept encrypted under the customer's own key."""
    given = {"name": name, "email": email, "phone": phone, "address": address}
    fields = {key: value for key, value in given.items() if value}
    if not fields:
        raise typer.BadParameter("name at least one of --name, --email, --phone and --address")
    with ledger(form) as session:
        said = cause(session, actor=actor, why=because, command_id=command_id)
        done = session.customers.set_contact(number, fields, on=on or session.today(), cause=said)
        answers.print_done(done, form, out)


@app.command()
def erase(
    number: Number,
    why: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Who asked for it, and on which ground.")],
    on: On = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Destroy the key of the customer's personal data; refused while the law keeps their vouchers."""
    with ledger(form) as session:
        said = cause(session, actor=actor, why=None, command_id=command_id)
        done = session.customers.erase(number, why=why, on=on or session.today(), cause=said)
        answers.print_done(done, form, out)


def _ask(
    number: str,
    decision: decisions.Decision,
    given: dict[str, Any],
    *,
    on: date | None,
    actor: str | None,
    command_id: str | None,
    form: Form,
    because: str | None = None,
    entity: str | None = None,
) -> None:
    with ledger(form) as session:
        state = session.ledger.state(customer_stream(number))
        retainer = state.retainer if state else None
        asked = decisions.converted(given, retainer.currency if retainer else None)
        if "invoice" in asked:
            asked["invoice"] = invoice_stream(asked["invoice"], entity or session.settings.entity)
        said = cause(session, actor=actor, why=because, command_id=command_id)
        done = session.customers.ask(decision, number, on=on or session.today(), cause=said, **asked)
        answers.print_done(done, form, out)


for _name, (_decision, _message) in DECISIONS.items():
    decisions.add(app, _name, "customer", _decision, _message, _ask)
