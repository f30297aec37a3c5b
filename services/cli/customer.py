"""`receivables customer`: who owes, on which terms, and how far we trust them."""

from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

from domain import customer
from services.cli import answers, decisions
from services.cli.session import (
    Actor,
    CommandId,
    Form,
    Format,
    On,
    Why,
    cause,
    ledger,
    out,
    print_json,
)

app = typer.Typer(help="One customer: terms, limit, holds, notes, contact.", no_args_is_help=True)

DECISIONS: dict[str, tuple[Callable[..., Any], str]] = {
    "register": (customer.register, "Register a customer."),
    "terms": (
        customer.agree_terms,
        "Agree payment terms: net days or instalments, early-payment discount, language, channel.",
    ),
    "check": (customer.check_credit, "Record a credit check."),
    "limit": (customer.set_limit, "Set the credit limit."),
    "hold": (customer.hold, "Hold orders or deliveries."),
    "release": (customer.release, "Release a hold."),
    "prepayment": (customer.require_prepayment, "Require a share of each order beforehand."),
    "block": (customer.block, "Block dunning until a day."),
    "unblock": (customer.unblock, "End the dunning block."),
    "note": (customer.note_contact, "Note a contact, for all to see: roles, never names."),
    "collector": (customer.assign_collector, "Say which collector looks after the customer."),
    "retainer": (customer.agree_retainer, "Agree a retainer."),
    "review": (customer.review_risk, "Set the risk class by hand; it counts before the computed one."),
}


@app.command()
def show(number: str, form: Format = Form.table) -> None:
    """Terms, limit, holds, contact and what is open."""
    with ledger(form) as session:
        account = session.customers.show(number)
        if form == Form.json:
            print_json(account)
        else:
            answers.print_customer(account, out)


@app.command()
def contact(
    number: str,
    name: Annotated[str | None, typer.Option(help="Name of the person or company.")] = None,
    email: Annotated[str | None, typer.Option()] = None,
    phone: Annotated[str | None, typer.Option()] = None,
    address: Annotated[str | None, typer.Option()] = None,
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Set the contact; it is kept encrypted under the customer's own key."""
    fields = {"name": name, "email": email, "phone": phone, "address": address}
    with ledger(form) as session:
        done = session.customers.set_contact(
            number,
            {key: value for key, value in fields.items() if value},
            on=on or session.today(),
            cause=cause(session, actor=actor, why=because, command_id=command_id),
        )
        answers.print_done(done, form, out)


@app.command()
def erase(
    number: str,
    why: Annotated[str, typer.Option(help="Who asked for it, and on which ground.")],
    on: On = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Destroy the key of the customer's personal data; refused while the law keeps their vouchers."""
    with ledger(form) as session:
        done = session.customers.erase(
            number,
            why=why,
            on=on or session.today(),
            cause=cause(session, actor=actor, why=why, command_id=command_id),
        )
        answers.print_done(done, form, out)


def _ask(
    number: str,
    decision: Callable[..., Any],
    given: dict[str, Any],
    *,
    on: On = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    with ledger(form) as session:
        done = session.customers.ask(
            decision,
            number,
            on=on or session.today(),
            cause=cause(session, actor=actor, why=because, command_id=command_id),
            **decisions.converted(given, get_type_hints(decision), None),
        )
        answers.print_done(done, form, out)


for _name, (_decision, _words) in DECISIONS.items():
    decisions.add(app, _name, "customer", _decision, _words, _ask)
