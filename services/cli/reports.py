"""The reports: aging, restatement, risk, metrics, provisions, forecast."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.refusal import Refused
from infra.sheets import Sheet
from services import report_sheets as sheets
from services.assembly import App
from services.cli.session import AsOf, KnownAt, SheetForm, day, instant, ledger, out, print_json
from services.cli.tables import print_table, show

Report = dict[str, Any]

OnlyEntity = Annotated[str | None, typer.Option("--entity", help="Only this legal entity.")]
Currency = Annotated[str | None, typer.Option("--currency", help="Only this currency.")]
Customer = Annotated[str | None, typer.Option("--customer", help="Only this customer.")]
SheetFormat = Annotated[SheetForm, typer.Option("--format", help="table, json, csv, or a file as xlsx or pdf.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; xlsx and pdf else go to the current folder."),
]


def aging(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    by: Annotated[
        str, typer.Option("--by", help="customer, entity, currency, collector, country or risk_class.")
    ] = "customer",
    customer: Customer = None,
    entity: OnlyEntity = None,
    currency: Currency = None,
    basis: Annotated[str, typer.Option(help="Age from due_on, issued_on or document_on.")] = "due_on",
    items: Annotated[bool, typer.Option("--items", help="The open items of --customer, one by one.")] = False,
    form: SheetFormat = SheetForm.table,
    output: Output = None,
) -> None:
    """What is owed and by how long it is overdue: of any day, as known at any instant."""
    with ledger(form) as session:
        day_asked = as_of or session.today()
        narrowed: dict[str, Any] = {"entity": entity, "currency": currency, "customer": customer, "basis": basis}
        if items:
            if not customer:
                raise Refused("customer_missing", "name whose items with --customer")
            _give(session.reports.items(day_asked, known_at, **narrowed), sheets.items_sheet, form, output)
        else:
            _give(session.reports.aging(day_asked, known_at, by=by, **narrowed), sheets.aging_sheet, form, output)


def restatement(
    as_of: Annotated[date, typer.Option("--as-of", parser=day, metavar="DAY", help="The day whose aging changed.")],
    known_1: Annotated[datetime, typer.Option("--known-1", parser=instant, metavar="INSTANT", help="As known then.")],
    known_2: Annotated[
        datetime | None,
        typer.Option("--known-2", parser=instant, metavar="INSTANT", help="And as known then; now by default."),
    ] = None,
    form: SheetFormat = SheetForm.table,
    output: Output = None,
) -> None:
    """The facts that explain each cent of difference between what we knew then and what we know now."""
    with ledger(form) as session:
        _give(session.reports.restatement(as_of, known_1, known_2), sheets.restatement_sheet, form, output)


def risk(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    from_on: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DAY", help="Behaviour since then; a year by default.")
    ] = None,
    customer: Customer = None,
    form: SheetFormat = SheetForm.table,
    output: Output = None,
) -> None:
    """Exposure, lateness, score and proposed limit by customer; --format json gives the facts behind each figure."""
    with ledger(form) as session:
        report = session.risk.risk(as_of or session.today(), known_at, from_on, customer)
        _give(report, sheets.risk_sheet, form, output)


def metrics(
    as_of: AsOf = None,
    from_on: Annotated[
        date | None,
        typer.Option("--from", parser=day, metavar="DAY", help="First day of the period; --window days by default."),
    ] = None,
    window: Annotated[int, typer.Option("--window", help="Days of sales that DSO looks at.")] = 90,
    known_at: KnownAt = None,
    form: SheetFormat = SheetForm.table,
    output: Output = None,
) -> None:
    """DSO, best possible DSO, days delinquent, collection effectiveness and days late of a period, per currency."""
    with ledger(form) as session:
        report = session.metrics.metrics(as_of or session.today(), from_on, window, known_at=known_at)
        _give(report, sheets.metrics_sheet, form, output)


def provisions(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    months: Annotated[int, typer.Option(help="How many month ends the roll rates are taken from.")] = 12,
    form: SheetFormat = SheetForm.table,
    output: Output = None,
) -> None:
    """The provision matrix: expected loss per bucket, from the ledger's own roll rates where there are enough."""
    with ledger(form) as session:
        _give(session.risk.provisions(as_of or session.today(), known_at, months), _provisions, form, output)


def forecast(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    weeks: Annotated[int, typer.Option(help="How many weeks ahead.")] = 8,
    form: SheetFormat = SheetForm.table,
    output: Output = None,
) -> None:
    """Cash to come by week, from how items of each age were collected; a first version."""
    with ledger(form) as session:
        _give(session.risk.forecast(as_of or session.today(), known_at, weeks), _forecast, form, output)


def show_aging(app: App, *, as_of: date) -> None:
    print_table(sheets.aging_sheet(app.reports.aging(as_of)), out)


def show_risk(app: App, *, as_of: date, most: int) -> None:
    """The customers with the most at stake."""
    report = app.risk.risk(as_of)
    worst = sorted(report["rows"], key=lambda row: (float(row["score"] or 999), row["customer"]))[:most]
    print_table(sheets.risk_sheet({**report, "rows": worst}), out)


def _give(report: Report, sheet: Callable[[Report], Sheet], form: SheetForm, output: Path | None) -> None:
    if form == SheetForm.json:
        print_json(report)
    else:
        show(sheet(report), form, output, out)


def _provisions(report: Report) -> Sheet:
    kept = ("open", "loss_rate", "allowance", "source")
    rows = [
        {"bucket": bucket["name"], "currency": total["currency"], **{key: bucket[key] for key in kept}}
        for total in report["totals"]
        for bucket in total["buckets"]
    ]
    return sheets.plain_sheet(
        f"Provisions as of {report['as_of']}", (f"Roll rates over {report['months']} months.",), rows
    )


def _forecast(report: Report) -> Sheet:
    rows = [{"currency": total["currency"], **week} for total in report["totals"] for week in total["weeks"]]
    return sheets.plain_sheet(f"Forecast from {report['as_of']}", (report["note"],), rows)
