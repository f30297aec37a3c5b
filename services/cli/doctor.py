"""`receivables doctor`: what is configured, what answers, what is behind."""

from typing import Annotated

import typer
from rich.text import Text

from infra.settings import Settings
from services.cli.progress import progress
from services.cli.session import ENVIRONMENT, Form, Format, guarded, out, print_json
from services.doctor import FAILED, OK, examine

_MARKS = {OK: ("ok", "green"), FAILED: ("failed", "bold red")}


def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also check over the whole ledger what must always hold.")
    ] = False,
    form: Format = Form.table,
) -> None:
    """Say what is configured, what answers and what is behind; with --deep, whether the books add up."""
    with guarded(form):
        settings = Settings.load()
    with progress("examining") as report:
        diagnosis = examine(settings, deep=deep, progress=report)
    if form == Form.json:
        print_json(diagnosis.shown())
    else:
        for name, value in diagnosis.configured.items():
            out.print(Text.assemble((f"  {name.replace('_', ' '):<20}", "dim"), str(value)), soft_wrap=True)
        for check in diagnosis.checks:
            mark, style = _MARKS.get(check.state, (check.state, "yellow"))
            out.print(
                Text.assemble((f"  {mark:<8}", style), (f"{check.name:<20} ", "bold"), check.words), soft_wrap=True
            )
    if not diagnosis.is_well:
        raise typer.Exit(ENVIRONMENT)
