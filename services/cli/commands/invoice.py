"""`receivables invoice`: one claim, seen and changed."""

from datetime import date
from typing import Annotated, Any

import typer

from domain import invoice as invoices
from domain.entry import invoice_stream
from domain.refusal import Refused
from services.cli import decisions, typed
from services.cli.options import Actor, AsOf, CommandId, Entity, Form, Format, KnownAt, Why, any_day, day
from services.cli.screen import answers, invoice
from services.cli.session import cause, ledger, out, print_json

app = typer.Typer(
    help="One invoice: look at it, issue it, and everything that can happen to it.",
    no_args_is_help=True,
    add_completion=False,
)

Number = Annotated[str, typer.Argument(show_default=False, metavar="NUMBER", help="The invoice's number.")]

DECISIONS: dict[str, tuple[decisions.Decision, str]] = {
    "credit": (invoices.credit, "Apply a credit note: it lessens the principal, the last instalment first."),
    "void": (
        invoices.void,
        "Take the invoice back: it is no longer owed from that day on; only while nothing was paid on it.",
    ),
    "deliver": (invoices.deliver, "Note that a document reached the debtor."),
    "fail-delivery": (invoices.fail_delivery, "Note that a document did not reach the debtor."),
    "remind": (invoices.remind, "Record a reminder: each rung once, and never about a claim that must be left alone."),
    "call": (invoices.call, "Note a call with the debtor; never about a claim that must be left alone."),
    "dispute": (invoices.dispute, "Open a dispute about all, or part, of what is open and not yet disputed."),
    "resolve": (
        invoices.resolve,
        "End a dispute: upheld (for the debtor, with a credit note for what was won), rejected or part_upheld.",
    ),
    "interest": (invoices.charge_interest, "Charge interest, given as an amount."),
    "fee": (invoices.charge_fee, "Charge a dunning fee."),
    "compensation": (invoices.claim_compensation, "Claim the fixed compensation for late payment."),
    "waive": (invoices.waive, "Waive what is still open of a charge, or part of it."),
    "promise": (invoices.promise, "Record a promise to pay all that is open, or part of it, by a day."),
    "review-promise": (invoices.review_promise, "Judge the promise once its day is over: kept, partly kept or broken."),
    "settle": (invoices.offer_settlement, "Offer a settlement: less than what is open, paid by a day, ends the claim."),
    "accept-settlement": (
        invoices.accept_settlement,
        "The debtor takes the settlement; the rest falls away with the payment that completes it in time.",
    ),
    "plan": (invoices.agree_plan, "Agree an instalment plan for all that is open."),
    "review-plan": (
        invoices.review_plan,
        "Break the plan when an instalment was missed, complete it when all is paid.",
    ),
    "warn-of-bureau": (invoices.warn_of_bureau, "Record the warning that comes before a report to a bureau."),
    "factor": (
        invoices.factor,
        "Sell what is open to a factor: 10,000 at an advance of 90 and a fee of 3 per cent is 9,000 now and 700 later.",
    ),
    "pay-advance": (invoices.pay_advance, "The factor pays the advance."),
    "release-reserve": (
        invoices.release_reserve,
        "The factor has its money and releases the reserve; what the debtor did not pay to us counts as paid.",
    ),
    "reassign": (
        invoices.reassign,
        "The factor takes recourse: it gets back what it paid, and the claim is ours again.",
    ),
    "place": (invoices.place, "Hand the claim to a collection agency."),
    "recall": (invoices.recall, "Take the claim back from the agency."),
    "legal": (invoices.start_legal_action, "Start legal action; one step may follow another."),
    "judgment": (invoices.obtain_judgment, "Record a judgment."),
    "write-off": (invoices.write_off, "Write off all that is open, or part of it."),
}


@app.command()
def show(
    number: Number, as_of: AsOf = None, known_at: KnownAt = None, entity: Entity = None, form: Format = Form.table
) -> None:
    """The claim as it stands, or as it was on a day as known at an instant."""
    with ledger(form) as session:
        entity = entity or session.settings.entity
        found = session.audit.state(number, as_of=as_of or session.today(), known_at=known_at, entity=entity)
        if found is None:
            raise Refused("not_issued", f"there is no invoice {number} of {entity} on that day")
        print_json(found) if form == Form.json else invoice.print_invoice(found, out)


@app.command()
def issue(
    number: Number,
    customer: Annotated[str, typer.Option(metavar="TEXT", help="Who owes; registered on the way when unknown.")],
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="The total in major units, tax included.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="ISO 4217 code.")],
    issued_on: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="Today by default.")] = None,
    due_on: Annotated[
        date | None,
        typer.Option(parser=any_day, metavar="DAY", help="By the customer's terms when left out, else net 30."),
    ] = None,
    step: Annotated[
        list[str] | None, typer.Option(metavar="DAYS[:PERCENT]", help="Once per instalment; 30 alone is net 30.")
    ] = None,
    discount: Annotated[
        list[str] | None, typer.Option(metavar="PERCENT/DAYS", help="Once per tier; else by the customer's terms.")
    ] = None,
    tax: Annotated[str | None, typer.Option(metavar="AMOUNT", help="The tax within the total.")] = None,
    reference: Annotated[str | None, typer.Option(metavar="TEXT", help="What the payer should quote.")] = None,
    purchase_order: Annotated[str | None, typer.Option(metavar="TEXT", help="The customer's order number.")] = None,
    document_on: Annotated[
        date | None, typer.Option(parser=any_day, metavar="DAY", help="The day on the document, if another.")
    ] = None,
    entity: Entity = None,
    because: Why = None,
    actor: Actor = None,
    command_id: CommandId = None,
    form: Format = Form.table,
) -> None:
    """Issue an invoice; the same number with the same content again changes nothing."""
    asked: dict[str, Any] = {
        "total_minor": typed.amount(amount, currency),
        "tax_minor": typed.amount(tax, currency) if tax else 0,
        "schedule": tuple(typed.step(text) for text in step) if step else None,
        "discounts": tuple(typed.discount(text) for text in discount) if discount else None,
        "due_on": due_on,
        "document_on": document_on,
        "reference": reference,
        "purchase_order": purchase_order,
    }
    with ledger(form) as session:
        done = session.invoices.issue(
            number,
            customer=customer,
            currency=currency,
            issued_on=issued_on or session.today(),
            entity=entity or session.settings.entity,
            cause=cause(session, actor=actor, why=because, command_id=command_id),
            **asked,
        )
        answers.print_done(done, form, out)


def _ask(
    number: str,
    decision: decisions.Decision,
    given: dict[str, Any],
    *,
    on: date | None,
    entity: str | None,
    actor: str | None,
    command_id: str | None,
    form: Form,
    because: str | None = None,
) -> None:
    with ledger(form) as session:
        entity = entity or session.settings.entity
        state = session.ledger.state(invoice_stream(number, entity))
        if state is None:
            raise Refused("not_issued", f"there is no invoice {number} of {entity}")
        done = session.invoices.ask(
            decision,
            number,
            entity=entity,
            on=on or session.today(),
            cause=cause(session, actor=actor, why=because, command_id=command_id),
            **decisions.converted(given, state.issued.currency),
        )
        answers.print_done(done, form, out)


for _name, (_decision, _message) in DECISIONS.items():
    decisions.add(app, _name, "number", _decision, _message, _ask)
