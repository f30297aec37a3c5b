"""`receivables invoice`: one claim, seen and changed."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, get_type_hints

import typer

from domain import invoice
from domain.entry import invoice_stream
from domain.money import minor_units
from domain.refusal import Refused
from services.cli import answers, decisions
from services.cli.session import (
    Actor,
    AsOf,
    CommandId,
    Entity,
    Form,
    Format,
    KnownAt,
    On,
    Why,
    cause,
    day,
    ledger,
    out,
    print_json,
)

app = typer.Typer(help="One invoice: look at it, issue it, and everything that can happen to it.", no_args_is_help=True)

DECISIONS: dict[str, tuple[Callable[..., Any], str]] = {
    "credit": (invoice.credit, "Apply a credit note: it lessens what is open."),
    "void": (invoice.void, "Take the invoice back as if it had never been issued; only while nothing was paid on it."),
    "deliver": (invoice.deliver, "Note that a document reached the debtor."),
    "fail-delivery": (invoice.fail_delivery, "Note that a document did not reach the debtor."),
    "remind": (invoice.remind, "Record a reminder; each rung once, and never about a claim that must be left alone."),
    "call": (invoice.call, "Note a call with the debtor."),
    "dispute": (invoice.dispute, "Open a dispute about all or part of what is open."),
    "resolve": (invoice.resolve, "End a dispute: upheld (with a credit note), rejected, or in part."),
    "interest": (invoice.charge_interest, "Charge interest, given as an amount."),
    "fee": (invoice.charge_fee, "Charge a dunning fee."),
    "compensation": (invoice.claim_compensation, "Claim the fixed compensation for late payment."),
    "waive": (invoice.waive, "Waive a charge, or part of it."),
    "promise": (invoice.promise, "Record a promise to pay."),
    "review-promise": (invoice.review_promise, "Judge the promise once its day is over: kept, partly kept or broken."),
    "settle": (invoice.offer_settlement, "Offer a settlement: less than what is open, by a day."),
    "accept-settlement": (invoice.accept_settlement, "The debtor takes the settlement offered."),
    "plan": (invoice.agree_plan, "Agree an instalment plan for all that is open."),
    "review-plan": (invoice.review_plan, "Break the plan when an instalment was missed."),
    "warn-of-bureau": (invoice.warn_of_bureau, "Record the warning that comes before a report to a bureau."),
    "factor": (invoice.factor, "Sell the claim to a factor."),
    "pay-advance": (invoice.pay_advance, "The factor pays the advance."),
    "release-reserve": (invoice.release_reserve, "The factor has its money and releases the reserve."),
    "reassign": (invoice.reassign, "The factor takes recourse: the claim comes back."),
    "place": (invoice.place, "Hand the claim to a collection agency."),
    "recall": (invoice.recall, "Take the claim back from the agency."),
    "legal": (invoice.start_legal_action, "Start legal action."),
    "judgment": (invoice.obtain_judgment, "Record a judgment."),
    "write-off": (invoice.write_off, "Write off all that is open, or part of it."),
}


@app.command()
def show(
    number: str, as_of: AsOf = None, known_at: KnownAt = None, entity: Entity = None, form: Format = Form.table
) -> None:
    """The claim as it stands, or as it was on a day as known at an instant."""
    with ledger(form) as session:
        entity = entity or session.settings.entity
        claim = session.audit.state(number, as_of=as_of or session.today(), known_at=known_at, entity=entity)
        if claim is None:
            raise Refused("not_issued", f"there is no invoice {number} of {entity} on that day")
        if form == Form.json:
            print_json(claim)
        else:
            answers.print_claim(claim, out)


@app.command()
def issue(
    number: str,
    customer: Annotated[str, typer.Option(help="Who owes; registered on the way when unknown.")],
    amount: Annotated[str, typer.Option(help="The total in major units, tax included.")],
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")],
    issued_on: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="Today by default.")] = None,
    due_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DAY", help="By the customer's terms when left out, else net 30.")
    ] = None,
    step: Annotated[list[str] | None, typer.Option(help="DAYS:PERCENT, once per instalment.")] = None,
    tax: Annotated[str | None, typer.Option(help="The tax within the total.")] = None,
    reference: Annotated[str | None, typer.Option(help="What the payer should quote.")] = None,
    purchase_order: Annotated[str | None, typer.Option(help="The customer's order number.")] = None,
    entity: Entity = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Issue an invoice: the same number with the same content again changes nothing."""
    with ledger(form) as session:
        issued_on = issued_on or session.today()
        done = session.claims.issue(
            number,
            customer=customer,
            total_minor=minor_units(amount, currency),
            currency=currency,
            issued_on=issued_on,
            due_on=due_on,
            schedule=tuple(decisions.step(text) for text in step) if step else None,
            tax_minor=minor_units(tax, currency) if tax else 0,
            reference=reference,
            purchase_order=purchase_order,
            entity=entity or session.settings.entity,
            cause=cause(session, actor=actor, why=because, command_id=command_id),
        )
        answers.print_done(done, form, out)


def _ask(
    number: str,
    decision: Callable[..., Any],
    given: dict[str, Any],
    *,
    on: On = None,
    entity: Entity = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    with ledger(form) as session:
        entity = entity or session.settings.entity
        claim = session.ledger.state(invoice_stream(number, entity))
        currency = claim.issued.currency if claim else None
        done = session.claims.ask(
            decision,
            number,
            entity=entity,
            on=on or session.today(),
            cause=cause(session, actor=actor, why=because, command_id=command_id),
            **decisions.converted(given, get_type_hints(decision), currency or "EUR"),
        )
        answers.print_done(done, form, out)


for _name, (_decision, _words) in DECISIONS.items():
    decisions.add(app, _name, "number", _decision, _words, _ask)
