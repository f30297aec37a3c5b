"""Lists in the form that was asked for: JSON and CSV row by row as they are read, the others as a whole."""

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar

import orjson
from rich.console import Console

from infra.files.sheets import Column, write_csv_head, write_csv_rows
from services.answers.lists import Listing
from services.assembly import App
from services.cli.files import say_written, writing
from services.cli.options import SheetForm
from services.cli.screen.tables import give
from services.cli.session import plain_bytes
from services.list_sheets import cells, list_sheet

Row = TypeVar("Row", bound=Mapping[str, object])

# The first rows are shown at once, the others many at a time.
FIRST, PORTION = 50, 1_000


def give_listing(
    listing: Listing[Any],
    title: str,
    columns: Mapping[str, Column],
    form: SheetForm,
    target: Path | None,
    console: Console,
    app: App | None = None,
    entity: str | None = None,
) -> None:
    """As `give`; of JSON and CSV nothing is kept that was written. Refuses `too_many_rows` for the other forms."""
    match form:
        case SheetForm.json if target is None:
            write_json(listing, sys.stdout.buffer)
        case SheetForm.json:
            with writing(target, binary=True) as file:
                write_json(listing, file)
            say_written(target, console)
        case SheetForm.csv:
            with writing(target) as stream:
                write_csv(listing, columns, stream)
            say_written(target, console)
        case _:
            give(listing.whole(), lambda whole: list_sheet(title, whole, columns), form, target, console, app, entity)


def write_json(listing: Listing[Any], stream: IO[bytes]) -> None:
    """A row a line, so that a program may begin before the end."""
    head = orjson.dumps(listing.head, option=orjson.OPT_INDENT_2).removesuffix(b"\n}")
    stream.write(plain_bytes(head) + b',\n  "rows": [')
    separator = b"\n    "
    for portion in _portions(listing.rows):
        stream.write(separator + plain_bytes(b",\n    ".join(map(orjson.dumps, portion))))
        stream.flush()
        separator = b",\n    "
    totals = b",".join(b"\n    " + orjson.dumps(each) for each in listing.totals.answer())
    stream.write(b'\n  ],\n  "totals": [' + totals + b"\n  ]\n}\n")
    stream.flush()


def write_csv(listing: Listing[Any], columns: Mapping[str, Column], stream: IO[str]) -> None:
    shown = [*columns.values()]
    write_csv_head(shown, stream)
    for portion in _portions(listing.rows):
        write_csv_rows(shown, (cells(columns, row) for row in portion), stream)
        stream.flush()


def _portions(rows: Iterator[Row]) -> Iterator[list[Row]]:
    many = FIRST
    while portion := [*islice(rows, many)]:
        yield portion
        many = PORTION
