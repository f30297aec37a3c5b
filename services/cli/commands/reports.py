"""The reports: aging, restatement, risk, metrics, provisions, forecast."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, TypeVar, cast

import typer

from infra.files.sheets import Sheet
from projections.credit_risk.provisions import rate_of
from services import report_sheets as sheets
from services.answers.aging import AgingReport, AgingRow, ItemsReport
from services.answers.provisions import ProvisionReport
from services.answers.risk import RiskReport, RiskRow
from services.assembly import App
from services.cli.options import (
    END_HELP,
    AsOf,
    KnownAt,
    OnlyCurrency,
    OnlyCustomer,
    OnlyEntity,
    Output,
    SheetForm,
    SheetFormat,
    WithNames,
    any_day,
    form_of,
    instant,
)
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
    names: WithNames = False,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """What is owed and how long it is overdue, of any day, as known at any instant."""
    if items and not customer:
        raise typer.BadParameter("--items needs --customer")
    if names and by != Dimension.customer:
        raise typer.BadParameter("--names are of customers: they need --by customer")

    def items_of(app: App, customer: str) -> ItemsReport:
        found = app.reports.items(
            as_of or app.today(), known_at, customer=customer, entity=entity, currency=currency, basis=basis.value
        )
        [named] = app.names.beside("items", [found]) if names else [found]
        return cast(ItemsReport, named)

    def aged(app: App) -> AgingReport:
        day, narrowed = as_of or app.today(), {"customer": customer, "entity": entity, "currency": currency}
        found = app.reports.aging(day, known_at, by=by.value, **narrowed, basis=basis.value)
        return {**found, "rows": cast(list[AgingRow], app.names.beside("aging", found["rows"]))} if names else found

    if items and customer:
        _answer(lambda app: items_of(app, customer), sheets.items_sheet, form, output, entity)
    else:
        _answer(aged, sheets.aging_sheet, form, output, entity)


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
    page = sheets.restatement_table if form_of(form, output) == SheetForm.csv else sheets.restatement_sheet
    _answer(lambda app: app.reports.restatement(as_of, known_1, known_2), page, form, output)


@app.command()
def risk(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    from_on: Annotated[
        date | None,
        typer.Option("--from", parser=any_day, metavar="DAY", help="Behaviour since then; a year by default."),
    ] = None,
    customer: OnlyCustomer = None,
    names: WithNames = False,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """Exposure, lateness, score and proposed limit by customer; --format json gives the facts behind each figure."""

    def trusted(app: App) -> RiskReport:
        found = app.risk.risk(as_of or app.today(), known_at, from_on, customer)
        return {**found, "rows": cast(list[RiskRow], app.names.beside("risk", found["rows"]))} if names else found

    _answer(trusted, sheets.risk_sheet, form, output)


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
    rate: Annotated[
        list[str] | None,
        typer.Option(metavar="BUCKET=PERCENT", help="A loss rate of your own, such as over_90=50. Once per bucket."),
    ] = None,
    form: SheetFormat = None,
    output: Output = None,
) -> None:
    """The provision matrix: expected loss per bucket, from the ledger's own roll rates where there are enough.

    Your own rates count before them: those of `provisions.toml` in the home, and before these those of `--rate`.
    """

    def asked(app: App) -> ProvisionReport:
        return app.risk.provisions(as_of or app.today(), known_at, months, _rates(rate or []))

    _answer(asked, sheets.provisions_sheet, form, output)


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


def _rates(given: list[str]) -> dict[str, Fraction]:
    pairs = [text.rpartition("=") for text in given]
    if wrong := next((text for text, (bucket, _, _) in zip(given, pairs, strict=True) if not bucket), None):
        raise typer.BadParameter(f"{wrong!r} is not BUCKET=PERCENT such as over_90=50", param_hint="--rate")
    return {bucket.strip(): rate_of(percent) for bucket, _, percent in pairs}


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
