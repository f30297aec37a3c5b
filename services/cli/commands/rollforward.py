"""`receivables rollforward`: from what was open to what is open, and the journal that explains it."""

from datetime import date
from typing import Annotated

import typer

from services.cli.files import say_written, writing
from services.cli.options import KnownAt, OnlyCurrency, OnlyEntity, Output, SheetForm, SheetFormat, any_day, form_of
from services.cli.screen.progress import progress
from services.cli.screen.tables import give
from services.cli.session import ledger, out
from services.journal_file import write_journal
from services.report_sheets import rollforward_sheet

app = typer.Typer(add_completion=False)

FirstDay = Annotated[date, typer.Option("--from", parser=any_day, metavar="DAY", help="First day of the period.")]
LastDay = Annotated[date, typer.Option("--to", parser=any_day, metavar="DAY", help="Last day of the period.")]


@app.command()
def rollforward(
    first: FirstDay,
    last: LastDay,
    entity: OnlyEntity = None,
    currency: OnlyCurrency = None,
    known_at: KnownAt = None,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """Opening, what was invoiced, paid, credited and given up, closing: to the cent, by entity and currency.

    --format csv is the journal: every booking with debit and credit, for a general ledger.
    """
    form = form_of(form, output)
    with ledger(form) as app:
        asked = (first, last, known_at)
        if form == SheetForm.csv:
            lines = app.rollforwards.journal(*asked, entity=entity, currency=currency)
            with writing(output) as stream:
                write_journal(lines, stream)
            say_written(output, out)
            return
        with progress("counting"):
            report = app.rollforwards.rollforward(*asked, entity=entity, currency=currency)
        give(report, rollforward_sheet, form, output, out, app, entity)
