"""Lists as sheets: the same rows, for people who read tables, workbooks and pages."""

from collections.abc import Iterable, Mapping

from infra.files.sheets import AMOUNT, COUNT, DAY, Column, Sheet
from services.answers.lists import WholeList
from services.report_sheets import known_notes

INVOICES: Mapping[str, Column] = {
    "number": Column("Invoice"),
    "entity": Column("Entity", is_spare=True, weight=1),
    "customer": Column("Customer"),
    "name": Column("Name"),
    "currency": Column("Currency"),
    "issued_on": Column("Issued on", DAY, is_spare=True, weight=2),
    "due_on": Column("Due on", DAY),
    "total": Column("Total", AMOUNT, is_spare=True, weight=3),
    "open": Column("Open", AMOUNT),
    "days_past_due": Column("Days past due", COUNT),
    "is_disputed": Column("Disputed", is_spare=True),
    "status": Column("Status"),
}
RECEIPTS: Mapping[str, Column] = {
    "receipt": Column("Receipt"),
    "kind": Column("Kind", is_spare=True),
    "entity": Column("Entity", is_spare=True, weight=1),
    "customer": Column("Customer"),
    "name": Column("Name"),
    "value_on": Column("Value day", DAY),
    "currency": Column("Currency"),
    "amount": Column("Amount", AMOUNT),
    "unallocated": Column("Unallocated", AMOUNT),
    "status": Column("Status"),
}
CUSTOMERS: Mapping[str, Column] = {
    "customer": Column("Customer"),
    "name": Column("Name"),
    "country": Column("Country", is_spare=True),
    "currency": Column("Currency"),
    "open": Column("Open", AMOUNT),
    "overdue": Column("Overdue", AMOUNT, is_spare=True, weight=5),
    "unapplied": Column("On account", AMOUNT, is_spare=True),
    "limit": Column("Limit", AMOUNT, is_spare=True, weight=3),
    "headroom": Column("Headroom", AMOUNT, is_spare=True, weight=4),
    "holds": Column("On hold", is_spare=True, weight=7),
    "collector": Column("Collector", is_spare=True, weight=2),
    "terms": Column("Terms", is_spare=True, weight=1),
}


def list_sheet(title: str, listed: WholeList, columns: Mapping[str, Column]) -> Sheet:
    rows = [cells(columns, row) for row in listed["rows"]]
    totals = [_total(columns, total) for total in listed["totals"]] if rows else []
    return Sheet(f"{title} as of {listed['as_of']}", known_notes(listed), tuple(columns.values()), rows, totals)


def columns_of(columns: Mapping[str, Column], named: bool) -> dict[str, Column]:
    """Without the column of names where nobody asked for them."""
    return {key: column for key, column in columns.items() if named or key != "name"}


def cells(columns: Iterable[str], row: Mapping[str, object]) -> list[str]:
    return [_worded(key, _cell(row[key])) for key in columns]


def _total(columns: Iterable[str], total: Mapping[str, object]) -> list[str]:
    """The sums stand in the columns of their names."""
    first = next(iter(columns))
    return ["Total" if key == first else _cell(total.get(key)) for key in columns]


def _worded(key: str, cell: str) -> str:
    """As people say it; that a receipt is one they need not be told."""
    return _WORDS.get((key, cell), cell)


_WORDS = {
    ("status", "written_off"): "written off",
    ("kind", "receipt"): "",
    ("kind", "credit_note"): "credit note",
}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return ", ".join(f"{each['scope']} since {each['since']}" for each in value)
    return "" if value is None else str(value)
