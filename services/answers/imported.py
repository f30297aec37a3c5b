"""What an import did, as plain data."""

from typing import NotRequired, TypedDict

from domain.money import major
from infra.files.table import NoRow
from services.importing.options import Summary


class ImportTotal(TypedDict):
    """Of the rows in one currency that are in the ledger, imported now or there already, net of those below zero."""

    currency: str
    amount: str
    rows: int


class ImportNote(TypedDict):
    """Of a row that was taken although something may be wrong with it; `row` is the line where it begins."""

    row: int
    code: str
    message: str


class LinesLeftOut(TypedDict):
    """Lines that are no rows: `what` is title, heading, blank, total, or settled, of which nothing is open.

    `lines` are the first of them.
    """

    what: str
    count: int
    lines: list[int]


class ImportAnswer(TypedDict):
    """How many rows; `position` is how far a view must have come to show them.

    `updated` rows of a file of customers changed what was there. `notes_left_off` is how many notes there are beyond
    those given. `columns` is field -> column where one was taken by a usual name, `recognised` how the file was read
    where that is not by default.
    """

    read: int
    imported: int
    updated: NotRequired[int]
    already_there: int
    rejected: int
    reject_file: str | None
    position: int
    duplicates_skipped: int
    possible_duplicates: int
    totals: list[ImportTotal]
    notes: list[ImportNote]
    notes_left_off: NotRequired[int]
    columns: NotRequired[dict[str, str]]
    recognised: NotRequired[dict[str, str | bool]]
    left_out: NotRequired[list[LinesLeftOut]]


def import_answer(summary: Summary) -> ImportAnswer:
    answer: ImportAnswer = {
        "read": summary.read,
        "imported": summary.imported,
        "already_there": summary.already_there,
        "rejected": summary.rejected,
        "reject_file": str(summary.reject_file) if summary.reject_file else None,
        "position": summary.position,
        "duplicates_skipped": len(summary.duplicates_skipped),
        "possible_duplicates": len(summary.possible_duplicates),
        "totals": [
            {"currency": each.currency, "amount": major(each.minor, each.currency), "rows": each.rows}
            for each in summary.totals
        ],
        "notes": [{"row": note.row, "code": note.code, "message": note.message} for note in summary.notes],
    }
    if summary.updated is not None:
        answer["updated"] = summary.updated
    if summary.notes_left_off:
        answer["notes_left_off"] = sum(summary.notes_left_off.values())
    if summary.columns:
        answer["columns"] = dict(summary.columns)
    if summary.recognised:
        answer["recognised"] = dict(summary.recognised)
    if left_out := lines_left_out(summary):
        answer["left_out"] = left_out
    return answer


def lines_left_out(summary: Summary) -> list[LinesLeftOut]:
    found = summary.left_out
    return [
        {"what": each, "count": count, "lines": [*found.first[each]]} for each in NoRow if (count := found.counts[each])
    ]
