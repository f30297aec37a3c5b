"""`receivables worklist`: what people are to do today."""

from typing import Annotated

import typer

from services.cli.options import Output, SheetForm, SheetFormat, Today, form_of
from services.cli.screen.tables import give
from services.cli.screen.work import print_worklist
from services.cli.session import ledger, out
from services.work_sheets import worklist_sheet

app = typer.Typer(add_completion=False)

Collector = Annotated[
    str | None, typer.Option("--collector", metavar="TEXT", help="Only theirs, and what is nobody's.")
]


@app.command()
def worklist(collector: Collector = None, today: Today = None, form: SheetFormat = None, output: Output = None) -> None:
    """Calls, visits, decisions, messages that did not arrive, broken promises: what is worth most first.

    Worth is the open amount times how much the chance to collect it falls by waiting a week. What is paid, disputed,
    promised for later or blocked is left out until that is over. `receivables task done TASK` says what came of one.
    """
    form = form_of(form, output)
    with ledger(form) as session:
        answer = session.work_list.worklist(today or session.today(), collector)
        if form == SheetForm.table and output is None:
            print_worklist(answer, out)
        else:
            give(answer, worklist_sheet, form, output, out, session)
