"""`receivables demo`: a believable stretch of business, and then the reports about it."""

import shlex
import shutil
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.text import Text

from infra.choosing import is_demo, is_ledger_named, use_demo_home
from infra.clock import now
from infra.kafka import topics
from infra.settings import Settings
from services.assembly import App
from services.cli.commands import reports
from services.cli.screen.escalation import print_explanation
from services.cli.screen.progress import progress
from services.cli.screen.work import print_worklist
from services.cli.session import guarded, ledger, opened, out
from services.demo import PlayedClock, play, telling
from services.demo.plot import ENTITY

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    customers: Annotated[int, typer.Option(min=6, max=500, help="How many customers.")] = 36,
    months: Annotated[int, typer.Option(min=1, max=60, help="How many months, up to yesterday.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed plays the same business.")] = 7,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="Publish it all to the broker that RECEIVABLES_KAFKA names, as well.")
    ] = False,
) -> None:
    """Play a year of business into an empty ledger, then print aging, risk, the work list and one case explained.

    It has a home of its own beside yours, which `receivables --demo COMMAND` looks at; where RECEIVABLES_HOME or
    RECEIVABLES_DATABASE_URL names a ledger, it is played there, if there is nothing in it. Ladders remind day by day,
    collectors see to their tasks, debtors pay or do not. Messages become files under `outbox` in the home and go
    nowhere. What was played before is not played again: a second run only shows the reports.
    """
    with guarded():
        if not is_ledger_named():
            use_demo_home()
    # Up to yesterday, so that nothing is recorded at an hour that is still to come.
    yesterday = now().date() - timedelta(days=1)
    clock = PlayedClock(yesterday)
    with guarded():
        # Whatever the settings say: no mail server is to carry what is only played.
        settings = Settings.load(smtp_url=None)
        if kafka:
            # Said before a year is played for nothing.
            from infra.kafka import provisioning

            provisioning.ensure(settings.brokers, topics.outgoing(), settings.kafka_partitions)
    with guarded(), opened(settings, clock=clock) as played_on, progress("playing") as report:
        played = play(played_on, clock, seed=seed, customers=customers, months=months, until=yesterday, progress=report)
    with ledger() as session:
        if played.invoices:
            out.print(
                f"{played.invoices:,} invoices of {played.customers} customers over {months} months: "
                f"{played.position:,} facts in the log.\n"
            )
        _show(session)
        if kafka:
            _publish(session)


def _publish(session: App) -> None:
    with session.publisher as publisher, progress("publishing") as report:
        sent = publisher.publish_all(report)
    out.print(f"\nOn Kafka: {sent.position:,} facts, {sent.published:,} of them new. See them pass by:", style="bold")
    brokers, command = ",".join(session.settings.brokers), _command(session.settings)
    out.print(f"  RECEIVABLES_KAFKA={brokers} {command} feed tail --from beginning", soft_wrap=True)


def _show(session: App) -> None:
    today = session.today()
    reports.show_aging(session, as_of=today)
    out.print()
    reports.show_risk(session, as_of=today, most=6)
    out.print()
    to_do = session.work_list.worklist(today)
    print_worklist(to_do, out, most=5)
    out.print()
    number = telling.case(session, today)
    explained = session.questions.explain(number, ENTITY, today)
    print_explanation(explained, session.questions.why_not(number, ENTITY, today), out)
    if letter := telling.letter(session):
        out.print("\nA letter as it went to print:", style="bold")
        out.print(Text(f"  {letter}"), soft_wrap=True)
    session.sign(leftovers=True)
    late = next((row["invoices"][0] for row in to_do["rows"]), number)
    restated = telling.restated_month(session, today)
    _say_what_next(session.settings, number, late, explained["policy"]["name"], today, restated)


def _say_what_next(settings: Settings, number: str, late: str, policy: str, today: date, restated: date | None) -> None:
    command = _command(settings)
    month_began = today.replace(day=1)
    out.print("\nTry next:", style="bold")
    for line in (
        "escalate run",
        "worklist",
        f"escalate why-not {number} --on {month_began}",
        f"escalate forecast {late}",
        f"message list --from {month_began} --to {today}",
        f"policy show {policy}",
        f"invoice show {number} --as-of {month_began}",
        *([f"restatement --as-of {restated} --known-1 {restated}"] if restated else []),
        "aging --by country --format pdf",
        f"metrics --from {month_began} --as-of {today}",
        "audit checkpoint",
    ):
        out.print(f"  {command} {line}", soft_wrap=True)
    if is_demo(settings.home):
        out.print("\nYour own books are another ledger, with nothing of this in it:", style="bold")
        out.print(f"  {_program()} import invoices FILE --help", soft_wrap=True)
        out.print(Text(f"The demonstration is in {settings.home}; `{command} home reset` removes it."), soft_wrap=True)
    else:
        out.print(f"  {_program()} --home mine import invoices FILE --help", soft_wrap=True)


def _command(settings: Settings) -> str:
    """With the home, so that it works wherever it is pasted."""
    where = "--demo" if is_demo(settings.home) else f"--home {shlex.quote(str(settings.home))}"
    return f"{_program()} {where}"


def _program() -> str:
    return "receivables" if shutil.which("receivables") else ".venv/bin/receivables"
