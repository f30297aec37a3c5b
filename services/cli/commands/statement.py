"""`receivables customer statement`: of one customer in any form, or of all of them as files."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from services.answers.statement import statement_report
from services.cli.commands.reports import OnlyCurrency, OnlyEntity
from services.cli.ending import REFUSED
from services.cli.files import say_written, writing
from services.cli.options import AsOf, SheetForm, SheetFormat, any_day, form_of
from services.cli.screen.progress import progress
from services.cli.screen.tables import give, print_table
from services.cli.session import ledger, out
from services.statements.printing import Written, file_name
from services.statements.sheets import account_sheets, statement_sheet

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
    if every:
        _of_all(as_of, first, entity, currency, only_open, form, output)
    else:
        assert customer
        _of_one(customer, as_of, first, entity, currency, form_of(form, output), output)


def _of_one(
    customer: str,
    as_of: date | None,
    first: date | None,
    entity: str | None,
    currency: str | None,
    form: SheetForm,
    output: Path | None,
) -> None:
    with ledger(form) as app:
        last, narrowed = as_of or app.today(), {"entity": entity, "currency": currency}
        as_known, found = app.statements.statement(customer, last, first, **narrowed)
        if form == SheetForm.pdf:
            data = app.printing.pdf(found, entity or app.settings.entity)
            output = output or Path(file_name(form, customer))
            with writing(output, binary=True) as stream:
                stream.write(data)
            say_written(output, out)
            return
        report = statement_report(as_known, found)
        if form == SheetForm.table and output is None:
            for sheet in account_sheets(report, app.printing.labels("en")):
                print_table(sheet, out)
            return
        language = found.language if form == SheetForm.xlsx else "en"
        labels = app.printing.labels(language)
        output = output or (Path(file_name(form, customer)) if form == SheetForm.xlsx else None)
        give(report, lambda each: statement_sheet(each, labels), form, output, out)


def _of_all(
    as_of: date | None,
    first: date | None,
    entity: str | None,
    currency: str | None,
    only_open: bool,
    form: SheetForm | None,
    output: Path | None,
) -> None:
    if form not in (None, SheetForm.pdf):
        raise typer.BadParameter("with --all statements are written as pdf")
    if output is None:
        raise typer.BadParameter("--all needs the folder to write to: --output FOLDER")
    with ledger() as app:
        run = app.statements.all(as_of or app.today(), first, entity=entity, currency=currency, only_open=only_open)
        with progress("statements") as report:
            written = app.printing.folder(run, output, report)
        _say(written, output)
    if written.unset:
        raise typer.Exit(REFUSED)


def _say(written: Written, folder: Path) -> None:
    out.print(Text(f"{written.files:,} statement{'s' * (written.files != 1)} written to {folder}"), soft_wrap=True)
    for each in written.unset:
        out.print(Text(f"not written: {each.customer}, {each.reason}"), soft_wrap=True)
