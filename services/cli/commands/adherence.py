"""`receivables adherence`: whether the ladder was kept."""

from datetime import date
from typing import Annotated

import typer

from services.cli.options import Form, Format, any_day
from services.cli.screen.tables import print_table
from services.cli.session import ledger, out, print_json
from services.work_sheets import adherence_sheet, exceptions_sheet, skips_sheet

app = typer.Typer(add_completion=False)

FromDay = Annotated[date, typer.Option("--from", parser=any_day, metavar="DAY", help="First day of the period.")]
ToDay = Annotated[date, typer.Option("--to", parser=any_day, metavar="DAY", help="Last day of the period.")]
Collector = Annotated[
    str | None, typer.Option("--collector", metavar="TEXT", help="Only the customers this collector looks after.")
]


@app.command()
def adherence(from_on: FromDay, to_on: ToDay, collector: Collector = None, form: Format = Form.table) -> None:
    """Per policy and step: taken on time or late, withheld, failed, skipped by whom and why, still held.

    A step belongs to the period in which its own day lies, whenever it was taken. Below stand the customers with the
    most exceptions.
    """
    with ledger(form) as session:
        found = session.adherence.adherence(from_on, to_on, collector)
        if form == Form.json:
            print_json(found)
            return
        print_table(adherence_sheet(found), out)
        for sheet in (skips_sheet(found), exceptions_sheet(found)):
            if sheet.rows:
                out.print()
                print_table(sheet, out)
