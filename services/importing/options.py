"""What a person may say about a file, and what was done at the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from domain.einvoice import CustomerFrom
from infra.files.table import LeftOut
from services.importing.tally import RowNote, Total

# report(done, total, note): lines of the file first, then facts on their way into the views.
Report = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a file is to be read. `columns` is field -> the name of its column, where that is another.

    What is None is recognised. `date_format` is a `DayForm` or as for `strptime`. `rounds`: amounts finer than their
    currency are rounded. `is_number_per_year`: numbers begin anew with each year of issue.

    `entity` is that of rows that name none; `is_entity_given` if a person named it, and not the settings.
    `customer_from` is what the buyer of an electronic invoice is known by; else what is there.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    date_format: str | None = None
    decimal_comma: bool | None = None
    delimiter: str | None = None
    sheet: str | None = None
    rounds: bool = False
    accepts_due_before_issue: bool = False
    is_number_per_year: bool = False
    currency: str | None = None
    entity: str = "main"
    is_entity_given: bool = False
    encoding: str | None = None
    dry_run: bool = False
    reject_file: Path | None = None
    actor: str = "import"
    customer_from: CustomerFrom | None = None


class Reject(NamedTuple):
    """Why a row was left out: `line` is where it begins in the file, `code` a stable name of the reason."""

    line: int
    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done, or after a dry run would be. `position` is how far a view must have come to show it.

    `totals` are of the rows that are in the ledger, to be compared with the program the file came from. `notes` are of
    rows that were taken although something may be wrong with them; `notes_left_off` counts those not kept, by code.
    Lines of payments that say the same as one that another file brought: `duplicates_skipped` were taken to be that one
    and are among `already_there`, `possible_duplicates` name another payer and are among `imported`.

    `is_of_files`: a row is a file. `views_lag` says why not all views show the rows, if so. `columns` is field ->
    column where any was taken by a usual name, `recognised` how the file was read where that is not by default,
    `left_out` are lines that are no rows.
    `as_read` are the options with what was recognised, for a profile.
    """

    read: int
    imported: int
    already_there: int
    rejected: int
    reject_file: Path | None
    position: int
    unidentified: int = 0
    duplicates_skipped: Sequence[int] = ()
    possible_duplicates: Sequence[int] = ()
    first_rejects: tuple[Reject, ...] = ()
    totals: Sequence[Total] = ()
    notes: Sequence[RowNote] = ()
    notes_left_off: Mapping[str, int] = field(default_factory=dict)
    views_lag: str = ""
    is_of_files: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    recognised: Mapping[str, str | bool] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)
    as_read: Options = field(default_factory=Options)
