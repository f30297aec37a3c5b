"""Reports as sheets: the same answers, for people who read tables, workbooks and pages."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from infra.files.sheets import AMOUNT, COUNT, DAY, INSTANT, PERCENT, RATE, RATIO, Column, Sheet, grouped
from projections.audit.words import in_words, subject
from projections.credit_risk.provisions import GIVEN_NAME
from services.answers.aging import AgingReport, AgingRow, AgingTotal, ItemsReport
from services.answers.as_known import KnownTo
from services.answers.forecast import ForecastReport
from services.answers.metrics import CurrencyFigures, FigureName, MetricsReport
from services.answers.provisions import ProvisionReport
from services.answers.reporting_total import InReportingCurrency
from services.answers.restatement import RestatementReport
from services.answers.risk import RiskReport
from services.answers.rollforward import RollforwardReport

UNIDENTIFIED = "(unidentified)"
EMPTY = "The ledger is empty: `receivables import invoices FILE` fills it, `receivables demo` plays a believable year."


def aging_sheet(report: AgingReport) -> Sheet:
    """A line per row of the report, a total per currency; money on account beside it, never netted."""
    by = report["by"]
    group = [] if by == "currency" else [Column(by.replace("_", " ").capitalize())]
    has_names = any("name" in row for row in report["rows"])
    names = [Column("Name")] if has_names else []
    columns = (
        *group,
        *names,
        Column("Currency"),
        Column("Open", AMOUNT),
        Column("Items", COUNT),
        *(Column(_bucket(name), AMOUNT) for name in report["buckets"]),
        Column("Disputed", AMOUNT, is_spare=True),
        Column("Factored", AMOUNT, is_spare=True),
        Column("On account", AMOUNT, is_spare=True),
    )
    rows = [
        [
            *([str(row.get(by) or UNIDENTIFIED)] if group else []),
            *([row.get("name", "")] if names else []),
            *_aging_cells(row),
        ]
        for row in report["rows"]
    ]
    totals = [["Total", *([""] if names else []), *_aging_cells(each)] for each in report["totals"]] if group else []
    counted = f"Age counted from the {_BASES[report['basis']]}; an item is overdue from the day after."
    notes = known_notes(report, counted, *_reporting_total(report))
    return Sheet(f"Aging as of {report['as_of']}", notes, columns, rows, totals)


def items_sheet(report: ItemsReport) -> Sheet:
    columns = {
        "number": Column("Invoice"),
        "item": Column("Item", COUNT),
        "kind": Column("Kind", is_spare=True),
        "issued_on": Column("Issued on", DAY),
        "due_on": Column("Due on", DAY),
        "currency": Column("Currency"),
        "open": Column("Open", AMOUNT),
        "disputed": Column("Disputed", AMOUNT, is_spare=True),
        "days_past_due": Column("Days past due", COUNT),
        "ladder_age": Column("Ladder age", COUNT, is_spare=True),
    }
    whose = f"{report['customer']} {report.get('name', '')}".strip()
    title = f"Open items of {whose} as of {report['as_of']}"
    notes = known_notes(report, "Days of a dispute about all of an item do not count for its ladder.")
    return plain_sheet(title, notes, columns, report["items"])


_RESTATED = {
    "position": Column("Position", COUNT),
    "recorded_at": Column("Recorded at", INSTANT),
    "effective_on": Column("Effective on", DAY, is_spare=True, weight=1),
    "stream": Column("About"),
    "item": Column("Item", COUNT, is_spare=True),
    "name": Column("Fact"),
    "currency": Column("Currency"),
    "difference": Column("Difference", AMOUNT),
}


def restatement_table(report: RestatementReport) -> Sheet:
    """For programs: facts and streams by their own names."""
    columns = {**_RESTATED, "stream": Column("Stream")}
    return plain_sheet(f"Restatement of {report['as_of']}", (), columns, report["facts"])


def restatement_sheet(report: RestatementReport) -> Sheet:
    """In words for people; JSON and CSV have the names of facts and streams."""
    rows = [{**fact, "stream": subject(fact["stream"]), "name": in_words(fact["name"])} for fact in report["facts"]]
    note = (
        f"What was owed on {report['as_of']}: as known at {report['known_1']}, and as known at {report['known_2']}. "
        "Times are UTC."
    )
    totals = [["", "", "", "Total", "", "", each["currency"], each["difference"]] for each in report["totals"]]
    return plain_sheet(f"Restatement of {report['as_of']}", (note,), _RESTATED, rows, totals)


def rollforward_sheet(report: RollforwardReport) -> Sheet:
    columns = {
        "entity": Column("Entity"),
        "currency": Column("Currency"),
        "opening": Column("Opening", AMOUNT),
        "invoiced": Column("Invoiced", AMOUNT),
        "charges": Column("Charges", AMOUNT, is_spare=True, weight=1),
        "credit_notes": Column("Credit notes", AMOUNT, is_spare=True, weight=1),
        "cash": Column("Cash", AMOUNT),
        "discounts": Column("Discounts", AMOUNT, is_spare=True, weight=1),
        "write_offs": Column("Write-offs", AMOUNT, is_spare=True, weight=1),
        "other": Column("Other", AMOUNT, is_spare=True, weight=1),
        "closing": Column("Closing", AMOUNT),
    }
    rule = "Closing = opening + invoiced + charges - credit notes - cash - discounts - write-offs + other."
    title = f"Rollforward from {report['from']} to {report['to']}"
    return plain_sheet(title, known_notes(report, rule), columns, report["totals"])


def risk_sheet(report: RiskReport) -> Sheet:
    columns = {
        "customer": Column("Customer"),
        "currency": Column("Currency"),
        "exposure": Column("Exposure", AMOUNT),
        "overdue": Column("Overdue", AMOUNT, is_spare=True, weight=2),
        "limit": Column("Limit", AMOUNT, is_spare=True, weight=3),
        "headroom": Column("Headroom", AMOUNT, is_spare=True, weight=4),
        "weighted_average_days_late": Column("Days late", RATIO, is_spare=True, weight=1),
        "late_percent": Column("Late %", PERCENT, is_spare=True),
        "broken_promises": Column("Broken", COUNT, is_spare=True),
        "score": Column("Score", RATIO),
        "risk_class": Column("Class"),
        "proposed_limit": Column("Proposed limit", AMOUNT, is_spare=True),
    }
    if any("name" in row for row in report["rows"]):
        columns = {"customer": columns.pop("customer"), "name": Column("Name"), **columns}
    rows = [{**row, "late_percent": _percent(row["late_share"])} for row in report["rows"]]
    notes = known_notes(report, f"Behaviour since {report['from']}.", *_reporting_total(report))
    return plain_sheet(f"Credit risk as of {report['as_of']}", notes, columns, rows)


def metrics_sheet(report: MetricsReport) -> Sheet:
    """One figure a line, one column per currency: figures of two currencies are never one."""
    totals = report["totals"]
    columns = (Column("Figure"), *(Column(each["currency"], RATIO) for each in totals))
    rows = [[_FIGURES[name], *(_figure(name, each) for each in totals)] for name in _FIGURES if totals]
    notes = known_notes(report, "No figure where there is nothing to count it from.")
    return Sheet(f"Metrics from {report['from']} to {report['as_of']}", notes, columns, rows)


def provisions_sheet(report: ProvisionReport) -> Sheet:
    columns = {
        "currency": Column("Currency"),
        "name": Column("Bucket"),
        "open": Column("Open", AMOUNT),
        "loss_percent": Column("Loss %", RATE),
        "allowance": Column("Allowance", AMOUNT),
        "source": Column("Rate from"),
    }
    rows = [
        {
            **bucket,
            "currency": total["currency"],
            "name": _bucket(bucket["name"]),
            "loss_percent": _percent(bucket["loss_rate"]),
        }
        for total in report["totals"]
        for bucket in total["buckets"]
    ]
    sums = [[each["currency"], "Total", each["open"], "", each["allowance"], ""] for each in report["totals"]]
    defaults = sorted({each["default"] for each in report["totals"]})
    is_given = any(bucket["source"] == "given" for total in report["totals"] for bucket in total["buckets"])
    given = [f"Given: {GIVEN_NAME}."] if is_given else []
    more = [f"Roll rates over {report['months']} months.", *(f"Default: {each}." for each in defaults), *given]
    notes = known_notes(report, *more, *_reporting_total(report))
    return plain_sheet(f"Provisions as of {report['as_of']}", notes, columns, rows, sums)


def forecast_sheet(report: ForecastReport) -> Sheet:
    columns = {
        "currency": Column("Currency"),
        "from": Column("From", DAY),
        "to": Column("To", DAY),
        "expected": Column("Expected", AMOUNT),
        "low": Column("Low", AMOUNT),
        "high": Column("High", AMOUNT),
    }
    rows = [{**week, "currency": total["currency"]} for total in report["totals"] for week in total["weeks"]]
    notes = known_notes(report, f"Low to high holds four times in five; {report['note']}.")
    return plain_sheet(f"Forecast from {report['as_of']}", notes, columns, rows)


_BASES = {"due_on": "due day", "issued_on": "issue day", "document_on": "document day"}
_SUMS = ("open", "exposure", "overdue", "allowance")
_SHARES = ("over_90_share", "promise_kept_rate")
_FIGURES: dict[FigureName, str] = {
    "dso": "Days sales outstanding (DSO)",
    "dso_countback": "DSO by count-back",
    "best_possible_dso": "Best possible DSO",
    "average_days_delinquent": "Average days delinquent",
    "cei": "Collection effectiveness index",
    "weighted_average_days_late": "Weighted average days late",
    "over_90_share": "Over 90 days past due, %",
    "promise_kept_rate": "Promises kept, %",
    "contacts_per_paid_invoice": "Contacts per paid invoice",
}


def plain_sheet(
    title: str,
    notes: Sequence[str],
    columns: Mapping[str, Column],
    rows: Sequence[Mapping[str, object]],
    totals: Sequence[Sequence[str]] = (),
) -> Sheet:
    cells = [[_cell(row[key]) for key in columns] for row in rows]
    return Sheet(title, tuple(notes), tuple(columns.values()), cells, totals)


def _aging_cells(row: AgingRow | AgingTotal) -> list[str]:
    amounts = [bucket if isinstance(bucket, str) else bucket["open"] for bucket in row["buckets"]]
    return [
        row["currency"],
        row["open"],
        str(row["items"]),
        *amounts,
        row["disputed"],
        row["factored"],
        row["unapplied"],
    ]


def _bucket(name: str) -> str:
    return name.replace("_", " ").capitalize()


def known_notes(report: KnownTo, *more: str) -> tuple[str, ...]:
    """From which position, and what else there is to know; where nothing was recorded yet only that."""
    if not report["position"]:
        return (f"Nothing was recorded by {report['known_at']}.",)
    assumed = [f"Assumes {assumes}."] if (assumes := report.get("assumes")) else []
    return (f"As known at {report['known_at']}, position {report['position']}.", *assumed, *more)


def _reporting_total(report: InReportingCurrency) -> list[str]:
    """The totals in the reporting currency, and the rates they took."""
    second = report.get("reporting")
    if not second:
        return []
    if second["missing_rates"]:
        return [f"No total in {second['currency']}: no rate for {', '.join(second['missing_rates'])}."]
    sums = [f"{name} {grouped(str(value))}" for name, value in second.items() if name in _SUMS]
    rates = [f"1 {each['from']} = {each['rate']} {each['to']} ({each['on']})" for each in second["rates"]]
    return [f"In {second['currency']}: {', '.join(sums)}{', at ' if rates else ''}{', '.join(rates)}."] if sums else []


def _figure(name: FigureName, total: CurrencyFigures) -> str:
    value = total[name]["value"]
    return _percent(value) if name in _SHARES else _cell(value)


def _percent(ratio: str | None) -> str:
    return "" if ratio is None else str(Decimal(ratio).scaleb(2))


def _cell(value: object) -> str:
    return "" if value is None else str(value)
