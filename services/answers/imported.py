"""What an import did, as plain data."""

from typing import TypedDict

from services.importing.options import Summary


class ImportAnswer(TypedDict):
    """How many rows; `position` is how far a view must have come to show them."""

    read: int
    imported: int
    already_there: int
    rejected: int
    reject_file: str | None
    position: int
    duplicates_skipped: int
    possible_duplicates: int


def import_answer(summary: Summary) -> ImportAnswer:
    return {
        "read": summary.read,
        "imported": summary.imported,
        "already_there": summary.already_there,
        "rejected": summary.rejected,
        "reject_file": str(summary.reject_file) if summary.reject_file else None,
        "position": summary.position,
        "duplicates_skipped": len(summary.duplicates_skipped),
        "possible_duplicates": len(summary.possible_duplicates),
    }
