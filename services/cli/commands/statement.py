"""`receivables customer statement`: of one customer in any form, or of all of them as files."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from services.answers.statement import statement_report
from services.assembly import App
from services.cli.ending import REFUSED
from services.cli.files import say_written, writing
from services.cli.options import AsOf, OnlyCurrency, OnlyEntity, SheetForm, SheetFormat, any_day, form_of
from services.cli.screen.progress import progress
from services.cli.screen.tables import give, print_table
from services.cli.session import ledger, out
from services.snapshots import AsOfPosition
from services.statements.content import Statement
from services.statements.file_names import file_name
from services.statements.sheets import account_sheets, statement_sheet

if TYPE_CHECKING:
    from services.statements.printing import Written

Customer = Annotated[
    str | None, typer.Argument(metavar="CUSTOMER", show_default=False, help="The customer's number; or say --all.")
]
FromDay = Annotated[
    date | None,
    typer.Option(
        "--from", parser=any_day, metavar="DAY", help="First day; by default that of the month two months before."
    ),
]
All = Annotated[bool, typer.Option("--all", help="A PDF for each customer with entries, into the folder --output.")]
OnlyOpen = Annotated[bool, typer.Option("--only-open", help="With --all: only of those who owe anything.")]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; with --all a folder.")
]


def statement(
    customer: Customer = None,
    as_of: AsOf = None,
    first: FromDay = None,
    entity: OnlyEntity = None,
    currency: OnlyCurrency = None,
    every: All = False,
    only_open: OnlyOpen = False,
    form: SheetFormat = None,
    output: Target = None,
) -> None:
    """Opening balance, everything that happened, what is open: to look at, or as a PDF to send.

    A PDF and a workbook are in the customer's language; the PDF has the letterhead of creditors.toml.
    """
    if bool(customer) == every:
        raise typer.BadParameter("name one customer, or say --all")
    narrowed = {"entity": entity, "currency": currency}
    if customer:
        form = form_of(form, output)
        with ledger(form) as app:
            made = app.statements.statement(customer, as_of or app.today(), first, **narrowed)
            _give(app, made, entity or app.settings.entity, form, output)
        return
    if output is None:
        raise typer.BadParameter("--all needs the folder to write to: --output FOLDER")
    if form not in (None, SheetForm.pdf):
        raise typer.BadParameter("with --all statements are written as pdf")
    with ledger() as app:
        run = app.statements.all(as_of or app.today(), first, **narrowed, only_open=only_open)
        with progress("statements") as report:
            written = app.printing.folder(run, output, report)
        _say(written, output)
    if written.unset:
        raise typer.Exit(REFUSED)


def _give(app: App, made: tuple[AsOfPosition, Statement], entity: str, form: SheetForm, output: Path | None) -> None:
    """A PDF and a workbook are files, named after the customer where no name is given."""
    _, found = made
    if form in (SheetForm.pdf, SheetForm.xlsx):
        output = output or Path(file_name(form, found.customer))
    if form == SheetForm.pdf:
        data = app.printing.pdf(found, entity)
        with writing(output, binary=True) as stream:
            stream.write(data)
        say_written(output, out)
        return
    report = statement_report(*made)
    labels = app.printing.labels(found.language) if form == SheetForm.xlsx else app.printing.labels()
    if form == SheetForm.table and output is None:
        for sheet in account_sheets(report, labels):
            print_table(sheet, out)
    else:
        give(report, lambda each: statement_sheet(each, labels), form, output, out)


def _say(written: "Written", folder: Path) -> None:
    out.print(Text(f"{written.files:,} statement{'s' * (written.files != 1)} written to {folder}"), soft_wrap=True)
    for each in written.unset:
        out.print(Text(f"not written: {each.customer}, {each.reason}"), soft_wrap=True)
