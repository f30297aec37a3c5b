"""The reports: aging, restatement, risk, metrics, provisions, forecast."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from infra.files.sheets import Sheet
from services import report_sheets as sheets
from services.assembly import App
from services.cli.options import END_HELP, AsOf, KnownAt, Output, SheetForm, SheetFormat, any_day, form_of, instant
from services.cli.screen.progress import progress
from services.cli.screen.tables import give, print_table
from services.cli.session import ledger, out

app = typer.Typer(add_completion=False)

Report = TypeVar("Report")


class Dimension(StrEnum):
    customer = "customer"
    entity = "entity"
    currency = "currency"
    collector = "collector"
    country = "country"
    risk_class = "risk_class"


class Basis(StrEnum):
    due_on = "due_on"
    issued_on = "issued_on"
    document_on = "document_on"


OnlyEntity = Annotated[str | None, typer.Option("--entity", metavar="TEXT", help="Only this legal entity.")]
OnlyCurrency = Annotated[str | None, typer.Option("--currency", metavar="CODE", help="Only this currency.")]
OnlyCustomer = Annotated[str | None, typer.Option("--customer", metavar="TEXT", help="Only this customer.")]


@app.command()
def aging(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    by: Annotated[
        Dimension, typer.Option("--by", metavar="WHAT", help=f"A line for each: {', '.join(Dimension)}.")
    ] = Dimension.customer,
    customer: OnlyCustomer = None,
    entity: OnlyEntity = None,
    currency: OnlyCurrency = None,
    basis: Annotated[
        Basis, typer.Option("--basis", metavar="DAY", help=f"Age is counted from {', '.join(Basis)}.")
    ] = Basis.due_on,
    items: Annotated[bool, typer.Option("--items", help="The open items of --customer, one by one.")] = False,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """What is owed and how long it is overdue, of any day, as known at any instant."""
    if items and not customer:
        raise typer.BadParameter("--items needs --customer")
    if items and customer:
        _answer(
            lambda app: app.reports.items(
                as_of or app.today(), known_at, customer=customer, entity=entity, currency=currency, basis=basis.value
            ),
            sheets.items_sheet,
            form,
            output,
            entity,
        )
    else:
        _answer(
            lambda app: app.reports.aging(
                as_of or app.today(),
                known_at,
                by=by.value,
                customer=customer,
                entity=entity,
                currency=currency,
                basis=basis.value,
            ),
            sheets.aging_sheet,
            form,
            output,
            entity,
        )


@app.command()
def restatement(
    as_of: Annotated[date, typer.Option("--as-of", parser=any_day, metavar="DAY", help="The day whose aging changed.")],
    known_1: Annotated[
        datetime, typer.Option("--known-1", parser=instant, metavar="INSTANT", help=f"As known then. {END_HELP}")
    ],
    known_2: Annotated[
        datetime | None,
        typer.Option(
            "--known-2",
            parser=instant,
            metavar="INSTANT",
            help="And as known then; now by default, and not before the first.",
        ),
    ] = None,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """The facts that explain each cent of difference between what we knew then and what we know now."""
    _answer(lambda app: app.reports.restatement(as_of, known_1, known_2), sheets.restatement_sheet, form, output)


@app.command()
def risk(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    from_on: Annotated[
        date | None,
        typer.Option("--from", parser=any_day, metavar="DAY", help="Behaviour since then; a year by default."),
    ] = None,
    customer: OnlyCustomer = None,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """Exposure, lateness, score and proposed limit by customer; --format json gives the facts behind each figure."""
    _answer(
        lambda app: app.risk.risk(as_of or app.today(), known_at, from_on, customer), sheets.risk_sheet, form, output
    )


@app.command()
def metrics(
    as_of: AsOf = None,
    from_on: Annotated[
        date | None,
        typer.Option(
            "--from", parser=any_day, metavar="DAY", help="First day of the period; --window days by default."
        ),
    ] = None,
    window: Annotated[int, typer.Option("--window", min=1, help="Days of sales that DSO looks at.")] = 90,
    known_at: KnownAt = None,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """DSO, best possible DSO, days delinquent, collection effectiveness and days late of a period, per currency."""
    _answer(
        lambda app: app.metrics.metrics(as_of or app.today(), from_on, window, known_at=known_at),
        sheets.metrics_sheet,
        form,
        output,
    )


@app.command()
def provisions(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    months: Annotated[int, typer.Option(min=1, help="How many month ends the roll rates are taken from.")] = 12,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """The provision matrix: expected loss per bucket, from the ledger's own roll rates where there are enough."""
    _answer(
        lambda app: app.risk.provisions(as_of or app.today(), known_at, months), sheets.provisions_sheet, form, output
    )


@app.command()
def forecast(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    weeks: Annotated[int, typer.Option(min=1, help="How many weeks ahead.")] = 8,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """Cash to come by week, from how items of each age were collected; a first version."""
    _answer(lambda app: app.risk.forecast(as_of or app.today(), known_at, weeks), sheets.forecast_sheet, form, output)


def show_aging(app: App, *, as_of: date) -> None:
    print_table(sheets.aging_sheet(app.reports.aging(as_of)), out)


def show_risk(app: App, *, as_of: date, most: int) -> None:
    """The customers with the lowest scores."""
    report = app.risk.risk(as_of)
    worst = sorted(report["rows"], key=lambda row: (float(row["score"] or 999), row["customer"]))[:most]
    print_table(sheets.risk_sheet({**report, "rows": worst}), out)
    if len(worst) < len(report["rows"]):
        out.print(f"The lowest {most} scores of {len(report['rows'])}; `receivables risk` has all.", style="dim")


def _answer(
    asked: Callable[[App], Report],
    sheet: Callable[[Report], Sheet],
    form: SheetForm | None,
    output: Path | None,
    entity: str | None = None,
) -> None:
    form = form_of(form, output)
    with ledger(form) as app:
        with progress("counting"):
            report = asked(app)
        page = sheet if app.ledger.head().position else _of_an_empty_ledger(sheet)
        give(report, page, form, output, out, app, entity)


def _of_an_empty_ledger(sheet: Callable[[Report], Sheet]) -> Callable[[Report], Sheet]:
    """Where there is nothing at all, it is said how to begin."""
    return lambda report: replace(sheet(report), notes=(sheets.EMPTY,))
