"""`receivables doctor`: what is configured, what answers, what is behind."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from infra.opening import bring_schema_up_to_date
from infra.settings import Settings
from services.answers.diagnosis import configuration, diagnosis_answer
from services.cli.ending import ENVIRONMENT
from services.cli.options import Form, Format
from services.cli.screen.lines import plain, print_pairs, show
from services.cli.screen.progress import progress
from services.cli.session import guarded, out, print_json
from services.doctor import FAILED, OK, Diagnosis, examine

app = typer.Typer(add_completion=False)

_MARKS = {OK: ("ok", "green"), FAILED: ("failed", "bold red")}


@app.command()
def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also check over the whole ledger what must always hold.")
    ] = False,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Only bring the database's schema up to date, as the role that owns it.")
    ] = False,
    form: Format = Form.table,
) -> None:
    """Say what is configured, what answers and what is behind; with --deep, whether the books add up."""
    with guarded(form):
        settings = Settings.load()
        if upgrade:
            print_pairs([("schema", bring_schema_up_to_date(settings))], out)
            return
        with progress("examining") as report:
            diagnosis = examine(settings, deep=deep, progress=report)
        print_json(diagnosis_answer(diagnosis)) if form == Form.json else _print(diagnosis)
    if not diagnosis.is_well:
        raise typer.Exit(ENVIRONMENT)


def _print(diagnosis: Diagnosis) -> None:
    print_pairs([(name.replace("_", " "), _text(value)) for name, value in configuration(diagnosis).items()], out)
    out.print()
    table = Table.grid(padding=(0, 2, 0, 0))
    for folds in (False, False, True):
        table.add_column(no_wrap=not folds, overflow="fold")
    for check in diagnosis.checks:
        mark, style = _MARKS.get(check.state, (check.state, "yellow"))
        table.add_row(Text(f"  {mark}", style=style), Text(check.name, style="bold"), Text(plain(check.message)))
    show(table, out)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
