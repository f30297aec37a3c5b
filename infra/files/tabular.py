"""Files of rows as people have them: delimited text, or a sheet of a workbook."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.files.delimited import DELIMITERS, LONGEST_LINE, delimited_table
from infra.files.table import Names, Row, Table
from infra.files.textfile import Unreadable
from infra.files.workbook import is_workbook, workbook_table

__all__ = ["DELIMITERS", "LONGEST_LINE", "Row", "Table", "Unreadable", "open_table"]


@contextmanager
def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    names: Names = None,
) -> Iterator[Table]:
    """A table with a head line: the first line, unless `names` knows a later one better; raises `Unreadable`.

    Of a workbook the sheet that is named, else the first that holds anything. `encoding` and `delimiter` are of text,
    and are recognised where none is named.
    """
    if is_workbook(path):
        yield workbook_table(path, sheet=sheet, names=names)
        return
    try:
        yield delimited_table(path, encoding=encoding, delimiter=delimiter, names=names)
    except UnicodeError:
        raise Unreadable(f"{path} changed while it was read: import it again") from None
