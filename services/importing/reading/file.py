"""A file that is taken in: its table, which column is which field, and how its amounts and days are read."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from pathlib import Path

from domain.written_day import DayForm, day_of, serial
from infra.files.rejects import unguarded
from infra.files.table import Day, Number
from infra.files.tabular import Table, open_table
from infra.files.textfile import UTF_8
from services.importing.options import Options
from services.importing.reading.cells import Cells
from services.importing.reading.columns import Columns, Vocabulary, is_known, names_of, placed
from services.importing.reading.days import Zones
from services.importing.reading.forms import Reading, is_day, reading_of
from services.importing.reading.headings import COLUMN, has_headings, under_headings
from services.importing.reading.totals import Totals

# A row of a payment needs one of them, one of an invoice the customer.
_SAY_WHOSE = ("customer", "number")
# Times in a column that says so are not of the ledger's zone.
_IN_UTC = "(utc)"


@dataclass(frozen=True, slots=True)
class File:
    """`is_headed`: customers stand in lines above their rows, and in no column."""

    table: Table
    columns: Columns
    reading: Reading
    is_headed: bool

    def cells(self, options: Options, *, today: date, zone: tzinfo) -> Cells:
        named = {field: self.table.columns[at].casefold() for field, at in self.columns.at.items()}
        of_times: Mapping[str, tzinfo] = {field: UTC for field, name in named.items() if name.endswith(_IN_UTC)}
        return Cells(self.columns, self.reading, options, today=today, zones=Zones(zone, of_times))

    def totals(self) -> Totals:
        return Totals(self.columns.at)

    def columns_shown(self) -> dict[str, str]:
        """Of all fields, where any is called otherwise."""
        shown = {field: self.table.columns[at] for field, at in self.columns.at.items()}
        return shown if self.columns.known else {}

    def recognised(self, options: Options) -> dict[str, str | bool]:
        """What nobody said, and is not as by default."""
        table, reading = self.table, self.reading
        found: dict[str, str | bool] = {}
        if table.sheet and not options.sheet:
            found["sheet"] = table.sheet
        if not table.sheet and table.delimiter != "," and not options.delimiter:
            found["delimiter"] = table.delimiter
        if not table.sheet and table.encoding != UTF_8 and not options.encoding:
            found["encoding"] = table.encoding
        if self.is_headed:
            found["headings"] = True
        if options.decimal_comma is None and reading.decimal_comma:
            found["decimal_comma"] = True
        forms = set(reading.days.values())
        if forms - {DayForm.ISO}:
            [first, *others] = sorted(forms)
            found["date_format"] = (
                f"{first}" if not others else ", ".join(f"{field} {form}" for field, form in reading.days.items())
            )
        return found

    def as_read(self, options: Options) -> Options:
        """With what was recognised said, as far as it holds for other files of the same program."""
        forms = set(self.reading.days.values())
        is_known = self.reading.is_stated or self.reading.is_sure
        return replace(
            options,
            columns={field: self.table.columns[at] for field, at in self.columns.at.items()},
            date_format=options.date_format or (str(*forms) if len(forms) == 1 else None),
            decimal_comma=self.reading.decimal_comma if is_known else None,
            delimiter=None if self.table.sheet else self.table.delimiter,
            encoding=options.encoding or (None if self.table.encoding == UTF_8 else self.table.encoding),
        )

    def spelled(self, at: int, value: str) -> str:
        """A cell of a workbook as it is written in a reject file, to be read the same from there."""
        if isinstance(value, Day):
            return value[: len("2026-01-31")]
        if isinstance(value, Number):
            if any(place == at and is_day(field) for field, place in self.columns.at.items()):
                day = serial(value) or day_of(value, DayForm.COMPACT, UTC)
                return day.isoformat() if day else value
            return value.replace(".", ",") if self.reading.decimal_comma else value
        return value


@contextmanager
def opened_file(
    path: Path,
    fields: Mapping[str, bool],
    vocabulary: Vocabulary,
    options: Options,
    found: AbstractContextManager[Table] | None = None,
) -> Iterator[File]:
    """Raises `Unreadable` for a file that cannot be read, and for one that can be read in two ways.

    `found` is its table where that is no delimited text and no workbook.
    """
    names = names_of(fields, vocabulary, options.columns)
    with found or open_table(
        path, encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet, names=names
    ) as opened:
        table = unguarded(opened)
        says_whose = [field for field in _SAY_WHOSE if is_known(table, field, vocabulary, options.columns)]
        is_missing = COLUMN not in says_whose if fields.get(COLUMN) else COLUMN in fields and not says_whose
        is_headed = is_missing and has_headings(table)
        if is_headed:
            table = under_headings(table)
        columns = placed(table, fields, vocabulary, options.columns)
        yield File(table, columns, reading_of(table, columns.at, options), is_headed)
