"""`receivables escalate`: the ladders, and why."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from domain.policy import Policy
from infra.policies.reading import MOST_BYTES, BadPolicy, decoded, read_policy
from projections.escalation.replaying import Period
from services.answers.ticked import Ticked, ticked
from services.assembly import App
from services.cli.ending import REFUSED
from services.cli.files import reading
from services.cli.options import Entity, Form, Format, any_day, day
from services.cli.options import Today as AsOfToday
from services.cli.screen.escalation import print_explanation, print_forecast, print_simulation, print_why_not
from services.cli.screen.lines import plain
from services.cli.screen.progress import progress
from services.cli.session import end, ledger, out, print_json
from services.days import require_reached
from services.snapshots import require_day

app = typer.Typer(
    help="The ladders: take what is due, ask why something was done or was not, and what comes next.",
    no_args_is_help=True,
    add_completion=False,
)

Today = Annotated[
    date | None, typer.Option("--today", parser=day, metavar="DAY", help="For this day; by default the ledger's today.")
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", show_default=False, help="The invoice's number.")]


@app.callback()
def ladders() -> None:
    pass


@app.command()
def run(today: Today = None, form: Format = Form.table) -> None:
    """Take what is due on every ladder on a day: one step at most for each invoice.

    The same day again takes what has become due since. A day before the last run is refused, and one that is
    still to come. On the embedded database the messages are handed over at the end; elsewhere `receivables work
    messenger` does it.
    """
    with ledger(form) as session:
        on = require_reached(require_day(today or session.today()), session.today())
        with progress("taking what is due") as report:
            tick = session.escalator.run(on, report)
        session.bring_views_up_to_date()
        sent = session.messenger.run_once(tick.today) if session.is_embedded else None
        if session.digests:
            session.digests.write(tick.today)
        answer = ticked(tick, sent)
        if form == Form.json:
            print_json(answer)
        else:
            _show(answer)


@app.command()
def explain(number: Number, today: AsOfToday = None, entity: Entity = None, form: Format = Form.table) -> None:
    """Every step the ladder took on an invoice: when, by which policy, on what it rested, what became of it."""
    with ledger(form) as session:
        today, entity = today or session.today(), entity or session.settings.entity
        answer = session.questions.explain(number, entity, today)
        if form == Form.json:
            print_json(answer)
        else:
            print_explanation(answer, session.questions.why_not(number, entity, today), out)


@app.command("why-not")
def why_not(
    number: Number,
    on: Annotated[
        date | None,
        typer.Option("--on", parser=any_day, metavar="DAY", help="The day asked about; the one of --today by default."),
    ] = None,
    today: AsOfToday = None,
    entity: Entity = None,
    form: Format = Form.table,
) -> None:
    """Why nothing is done about an invoice on a day, what to do about it, and what comes next.

    Of a past day it is answered by the invoice, the customer and the case as they were then. Of a day after --today it
    is answered as if nothing happened until then but the steps to come.
    """
    with ledger(form) as session:
        today = today or session.today()
        answer = session.questions.why_not(number, entity or session.settings.entity, on or today, today)
        print_json(answer) if form == Form.json else print_why_not(answer, out)


@app.command()
def forecast(number: Number, today: AsOfToday = None, entity: Entity = None, form: Format = Form.table) -> None:
    """The steps to come if nothing happens: nothing is paid, promised or disputed, and tasks are done on their day."""
    with ledger(form) as session:
        today, entity = today or session.today(), entity or session.settings.entity
        answer = session.questions.forecast(number, entity, today)
        if form == Form.json:
            print_json(answer)
        else:
            print_forecast(answer, session.questions.why_not(number, entity, today), out)


@app.command()
def simulate(
    policy: Annotated[
        str,
        typer.Argument(metavar="POLICY", show_default=False, help="A name, or a TOML file (its name ends in .toml)."),
    ],
    from_on: Annotated[date, typer.Option("--from", parser=any_day, metavar="DAY", help="The first day.")],
    to_on: Annotated[date, typer.Option("--to", parser=any_day, metavar="DAY", help="The last day.")],
    customer: Annotated[str | None, typer.Option("--customer", metavar="TEXT", help="Only this customer.")] = None,
    entity: Annotated[str | None, typer.Option("--entity", metavar="TEXT", help="Only this legal entity.")] = None,
    form: Format = Form.table,
) -> None:
    """Play another ladder over a past period, and compare it with what was done. Nothing is recorded or sent.

    Debtors are assumed to pay, promise and dispute as they did, whatever they are sent: it tells how much work another
    ladder is and when it would have reached whom, not how much sooner they would have paid. Every invoice goes by it
    that was open in the period and whose debtor it is for, from the step that was reached before. The ladder runs every
    day; people take as long for a task as they took, or as is usual for its kind.
    """
    with ledger(form) as session:
        found, version = _policy(session, policy, form)
        period = Period(from_on=from_on, to_on=to_on, customer=customer, entity=entity)
        with progress("playing the ladder again"):
            answer = session.simulation.simulate(found, version, period)
        print_json(answer) if form == Form.json else print_simulation(answer, out)


def _policy(session: App, policy: str, form: Form) -> tuple[Policy, int | None]:
    """By name, in its latest version; a document in a file has none."""
    if not policy.endswith(".toml"):
        return session.policies.show(policy)
    try:
        with reading(Path(policy), binary=True) as stream:
            return read_policy(decoded(stream.read(MOST_BYTES + 1)), session.today()), None
    except BadPolicy as bad:
        end(REFUSED, bad.code, f"{policy} {bad.message}", form)


def _show(answer: Ticked) -> None:
    out.print(f"{answer['today']}: {answer['decided']:,} steps taken of {answer['considered']:,} invoices looked at")
    out.print(
        f"{answer['contacts']:,} contacts planned; {answer['sent']:,} messages sent, {answer['withheld']:,} withheld, "
        f"{answer['failed']:,} failed, {answer['unknown']:,} unknown"
    )
    for code, number in answer["waiting"].items():
        out.print(f"  {number:>6,} wait: {plain(code.replace('_', ' '))}")
    if answer["waiting"].get("bound"):
        out.print(
            "The daily bound of the policy is reached: `receivables policy show` says it, nothing more goes today"
        )
