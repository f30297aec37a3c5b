"""`receivables escalate`: the ladders, and why."""

from datetime import date
from typing import Annotated

import typer

from services.answers.ticked import Ticked, ticked
from services.cli.options import Form, Format, day
from services.cli.screen.lines import plain
from services.cli.screen.progress import progress
from services.cli.session import ledger, out, print_json

app = typer.Typer(
    help="The ladders: take what is due, ask why something was done or was not, and what comes next.",
    no_args_is_help=True,
    add_completion=False,
)

Today = Annotated[
    date | None, typer.Option("--today", parser=day, metavar="DAY", help="For this day; by default the ledger's today.")
]


@app.callback()
def ladders() -> None:
    pass


@app.command()
def run(today: Today = None, form: Format = Form.table) -> None:
    """Take what is due on every ladder on a day: one step at most for each invoice.

    The same day again takes what has become due since. A day before the last run is refused. On the embedded database
    the messages are handed over at the end; elsewhere `receivables work messenger` does it.
    """
    with ledger(form) as session:
        session.policies.ensure_published()
        with progress("taking what is due") as report:
            tick = session.escalator.run(today or session.today(), report)
        session.bring_views_up_to_date()
        sent = session.messenger.run_once(tick.today) if session.is_embedded else None
        if session.digests:
            session.digests.write(tick.today)
        answer = ticked(tick, sent)
        if form == Form.json:
            print_json(answer)
        else:
            _show(answer)


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
