"""The journal of a rollforward as CSV, for a general ledger to take in."""

import csv
from collections.abc import Iterable
from typing import IO

from infra.files.sheets import safe
from services.answers.journal import JournalRow

COLUMNS = tuple(JournalRow.__annotations__)
_AMOUNTS = ("debit", "credit")


def write_journal(rows: Iterable[JournalRow], stream: IO[str]) -> None:
    """As the rows come: no more of them is held than one."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(name, str(value)) for name, value in row.items()] for row in rows)


def _cell(name: str, value: str) -> str:
    return value if name in _AMOUNTS else safe(value)
