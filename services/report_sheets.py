"""Reports as sheets: the same answers, for people who read tables, workbooks and pages."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from infra.sheets import AMOUNT, COUNT, RATIO, Column, Sheet

Report = Mapping[str, Any]

_BUCKET_TITLES = {"not_due": "Not due"}


def aging_sheet(report: Report) -> Sheet:
    """A line per row of the report, a total per currency; money on account beside it, never netted."""
    by = report["by"]
    names = report["buckets"]
    columns = (
        *([Column(by.replace("_", " ").capitalize())] if by != "currency" else []),
        Column("Currency"),
        Column("Open", AMOUNT),
        Column("Items", COUNT),
        *(Column(_bucket_title(name), AMOUNT) for name in names),
        Column("Disputed", AMOUNT, is_spare=True),
        Column("Sold", AMOUNT, is_spare=True),
        Column("On account", AMOUNT, is_spare=True),
    )
    rows = [[*([row[by] or "-"] if by != "currency" else []), *_aging_cells(row)] for row in report["rows"]]
    totals = [] if by == "currency" else [["Total", *_aging_cells(each)] for each in report["totals"]]
    notes = [_known(report), f"Age counted from the {_BASES[report['basis']]}; an item is overdue from the day after."]
    if second := report.get("reporting"):
        notes.append(_second(second))
    return Sheet(f"Aging as of {report['as_of']}", tuple(notes), columns, rows, totals)


def items_sheet(report: Report) -> Sheet:
    columns = (
        Column("Invoice"),
        Column("Item", COUNT),
        Column("Kind"),
        Column("Issued on"),
        Column("Due on"),
        Column("Currency"),
        Column("Open", AMOUNT),
        Column("Disputed", AMOUNT),
        Column("Days past due", COUNT),
        Column("Days for the ladder", COUNT),
    )
    keys = (
        "number",
        "item",
        "kind",
        "issued_on",
        "due_on",
        "currency",
        "open",
        "disputed",
        "days_past_due",
        "ladder_age",
    )
    rows = [[str(item[key]) for key in keys] for item in report["items"]]
    return Sheet(f"Open items of {report['customer']} as of {report['as_of']}", (_known(report),), columns, rows)


def restatement_sheet(report: Report) -> Sheet:
    columns = (
        Column("Position", COUNT),
        Column("Recorded at"),
        Column("Counts for"),
        Column("Stream"),
        Column("Fact"),
        Column("Currency"),
        Column("Difference", AMOUNT),
    )
    keys = ("position", "recorded_at", "effective_on", "stream", "name", "currency", "difference")
    rows = [[str(fact[key]) for key in keys] for fact in report["facts"]]
    totals = [["", "", "", "", "Total", each["currency"], each["difference"]] for each in report["totals"]]
    notes = (
        f"What was owed on {report['as_of']}: as known at {report['known_1']}, and as known at {report['known_2']}.",
    )
    return Sheet(f"Restatement of {report['as_of']}", notes, columns, rows, totals)


def risk_sheet(report: Report) -> Sheet:
    columns = (
        Column("Customer"),
        Column("Currency"),
        Column("Exposure", AMOUNT),
        Column("Overdue", AMOUNT),
        Column("Limit", AMOUNT),
        Column("Headroom", AMOUNT),
        Column("Days late", RATIO),
        Column("Late %", RATIO),
        Column("Broken", COUNT, is_spare=True),
        Column("Score", RATIO),
        Column("Class"),
        Column("Proposed limit", AMOUNT),
    )
    amounts = ("exposure", "overdue", "limit", "headroom")
    rows = [
        [
            row["customer"],
            row["currency"],
            *(_cell(row[key]) for key in amounts),
            _tenths(row["weighted_average_days_late"]),
            _percent(row["late_share"]),
            _cell(row["broken_promises"]),
            _tenths(row["score"]),
            _cell(row["risk_class"]),
            _cell(row["proposed_limit"]),
        ]
        for row in report["rows"]
    ]
    notes = (_known(report), f"Behaviour since {report['from']}; --format json gives the facts behind each figure.")
    return Sheet(f"Credit risk as of {report['as_of']}", notes, columns, rows)


def metrics_sheet(report: Report) -> Sheet:
    """One figure a line, one column per currency: figures of two currencies are never one."""
    currencies = [each["currency"] for each in report["totals"]]
    columns = (Column("Figure"), *(Column(currency, RATIO) for currency in currencies))
    names = [name for name, figure in report["totals"][0].items() if isinstance(figure, Mapping)] if currencies else []
    rows = [[_FIGURES.get(name, name), *(_cell(each[name]["value"]) for each in report["totals"])] for name in names]
    return Sheet(f"Metrics from {report['from']} to {report['as_of']}", (_known(report),), columns, rows)


def plain_sheet(title: str, notes: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """Rows whose keys are the columns; a column is an amount or a count when all it holds is numbers."""
    names = list(rows[0]) if rows else []
    cells = [[_cell(row[name]) for name in names] for row in rows]
    numeric = [all(_is_number(line[i]) for line in cells) for i in range(len(names))]
    columns = tuple(
        Column(name.replace("_", " ").capitalize(), AMOUNT if is_number else "text")
        for name, is_number in zip(names, numeric, strict=True)
    )
    return Sheet(title, tuple(notes), columns, cells)


_BASES = {"due_on": "due day", "issued_on": "issue day", "document_on": "document day"}
_FIGURES = {
    "dso": "Days sales outstanding",
    "dso_countback": "Days sales outstanding, count-back",
    "best_possible_dso": "Best possible DSO",
    "average_days_delinquent": "Average days delinquent",
    "cei": "Collection effectiveness index",
    "over_90_share": "Share over 90 days past due",
    "weighted_average_days_late": "Weighted average days late",
    "promise_kept_rate": "Promises kept",
    "contacts_per_paid_invoice": "Contacts per paid invoice",
}


def _aging_cells(row: Mapping[str, Any]) -> list[str]:
    amounts = [bucket if isinstance(bucket, str) else bucket["open"] for bucket in row["buckets"]]
    return [row["currency"], row["open"], str(row["items"]), *amounts, row["disputed"], row["sold"], row["unapplied"]]


def _bucket_title(name: str) -> str:
    return _BUCKET_TITLES.get(name, name.replace("_", " ").capitalize())


def _known(report: Report) -> str:
    return f"As known at {report['known_at']}, position {report['position']}."


def _second(second: Mapping[str, Any]) -> str:
    if second["missing_rates"]:
        return f"No total in {second['currency']}: no rate for {', '.join(second['missing_rates'])}."
    rates = ", ".join(f"1 {each['from']} = {each['rate']} {each['to']} ({each['on']})" for each in second["rates"])
    return f"Open in {second['currency']}: {second['open']}, at {rates}." if rates else ""


def _tenths(ratio: str | None) -> str:
    return "" if ratio is None else str(Decimal(ratio).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _percent(ratio: str | None) -> str:
    return "" if ratio is None else _tenths(str(100 * Decimal(ratio)))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _is_number(text: str) -> bool:
    return not text or text.lstrip("-").replace(".", "", 1).isdecimal()
