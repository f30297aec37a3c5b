"""`receivables demo`: a believable stretch of business, and then the reports about it."""

import shutil
from datetime import timedelta
from typing import Annotated

import typer

from domain.refusal import Refused
from infra.clock import now
from infra.settings import Settings
from services.assembly import App
from services.cli.commands import reports
from services.cli.screen import answers
from services.cli.screen.progress import progress
from services.cli.session import guarded, ledger, opened, out
from services.demo import PlayedClock, play

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    customers: Annotated[int, typer.Option(min=6, max=500, help="How many customers.")] = 36,
    months: Annotated[int, typer.Option(min=1, max=60, help="How many months, up to yesterday.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed plays the same business.")] = 7,
) -> None:
    """Play a year of business into an empty ledger, then print aging, risk and one invoice's audit trail.

    What was played before is not played again: a second run only shows the reports.
    """
    # Up to yesterday, so that nothing is recorded at an hour that is still to come.
    yesterday = now().date() - timedelta(days=1)
    clock = PlayedClock(yesterday)
    with guarded(), opened(Settings.load(), clock=clock) as played_on, progress("playing") as report:
        played = play(played_on, clock, seed=seed, customers=customers, months=months, until=yesterday, progress=report)
    with ledger() as session:
        if played.invoices:
            out.print(
                f"{played.invoices:,} invoices of {played.customers} customers over {months} months: "
                f"{played.position:,} facts in the log.\n"
            )
        _show(session)


def _show(session: App) -> None:
    as_of = session.today()
    reports.show_aging(session, as_of=as_of)
    out.print()
    reports.show_risk(session, as_of=as_of, most=12)
    out.print()
    number = _most_eventful(session)
    out.print(f"Invoice {number}, everything that happened to it", style="bold")
    answers.print_facts(session.audit.show(number, entity=session.settings.entity)["facts"], out)
    session.audit.sign_checkpoint()
    _say_what_next(number, as_of.isoformat(), as_of.replace(day=1).isoformat())


def _most_eventful(app: App) -> str:
    """The invoice with the most facts, of those with a promise, a dispute or a recovery if there are any."""
    for kind in ("invoice.recovered", "invoice.promise_broken", "invoice.dispute_resolved", "invoice.issued"):
        found = app.audit.search(app.audit.asked(kind=kind), limit=1).rows
        if found:
            return str(found[0]["stream"].split(":", 2)[2])
    raise Refused("nothing_played", "the demonstration has no invoice")


def _say_what_next(number: str, as_of: str, month_began: str) -> None:
    command = "receivables" if shutil.which("receivables") else ".venv/bin/receivables"
    out.print("\nTry next:", style="bold")
    for line in (
        f"{command} aging --as-of {month_began}",
        f"{command} aging --by country --format pdf",
        f"{command} invoice show {number} --as-of {month_began}",
        f"{command} metrics --from {month_began} --as-of {as_of}",
        f"{command} risk --format json",
        f"{command} audit checkpoint",
        f"RECEIVABLES_HOME=mine {command} import invoices FILE --help",
    ):
        out.print(f"  {line}", soft_wrap=True)
