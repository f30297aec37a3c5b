"""B5 and B6: a file of invoices, from its first byte until the views show it, and the same file once more.

B5X is the same rows in a workbook.
"""

import csv
import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from xlsxwriter import Workbook

from bench import memory, plain
from bench.data import CURRENCIES, NET_DAYS, customer
from bench.measure import Figure, Goal, at_least, at_most, attempted, in_turns, ratios, require, shown, timed
from bench.place import Place
from bench.sizes import Size
from domain.money import major, minor_units
from services.assembly import App
from services.importing import Options

IDS = ("B5", "B6", "B5X")
MOST_MEGABYTES, MOST_OF_A_WORKBOOK = 200, 250
PER_CUSTOMER = 20
DAY = date(2026, 1, 5)
HEAD = ("customer", "customer_name", "number", "issued_on", "due_on", "amount", "currency", "reference")
TABLE = """
create table plain.invoices (
    customer text, customer_name text, number text primary key, issued_on date, due_on date, minor bigint,
    currency text, reference text
)
"""

Totals = dict[str, tuple[str, int]]


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    place.say(f"B5, B6: import of {size.imported:,} invoices")
    path = place.home / "invoices.csv"
    run = Run(place, path, write(path, size.imported), size.imported)
    # Neither can be had without the other.
    if {"B5", "B6"} & {*wanted}:
        yield attempted("B5", partial(_first, place, path, run))
        if run.seconds:
            yield _again(run)
    if "B5X" in wanted:
        yield attempted("B5X", partial(_workbook, place, path, run))
    run.close()


def _first(place: Place, path: Path, run: "Run") -> Figure:
    run.seconds = in_turns(run.first, run.limit, run.again, run.bare)
    works, limits, _, bare = run.seconds
    place.say("B5: its memory")
    url = place.new_database()
    peak = memory.apart("import", url, place.home, path)["peak"]
    place.drop(url)
    found = ratios(limits, works)
    return Figure(
        "B5",
        f"import a CSV of {run.rows:,} invoices end to end, views current at the end",
        f"{median(works):.2f} s",
        f"Python csv, and COPY of the rows that the import leaves: {median(limits):.2f} s",
        shown(found),
        [
            at_least(0.25, found, "of its speed"),
            Goal(f"peak memory <= {MOST_MEGABYTES} MB ({peak:.0f} MB)", peak <= MOST_MEGABYTES),
        ],
        [
            f"{run.rows / median(works):,.0f} invoices/s; into a ledger that holds as many: {run.more()}",
            f"csv and COPY of nothing but the file's own rows into one table: {median(bare):.2f} s, "
            f"of whose speed it has {shown(ratios(bare, works))}",
        ],
    )


def _again(run: "Run") -> Figure:
    works, _, again, _ = run.seconds
    repeated = ratios(again, works)
    return Figure(
        "B6",
        "the same file again, no new fact",
        f"{median(again):.2f} s",
        f"B5: {median(works):.2f} s",
        shown(repeated),
        [at_most(0.5, repeated, "of its time")],
    )


def _workbook(place: Place, path: Path, run: "Run") -> Figure:
    book = place.home / "invoices.xlsx"
    write_workbook(path, book)
    works, texts = in_turns(lambda _: run.first_of(book), lambda _: run.first_of(path))
    place.say("B5X: its memory")
    url = place.new_database()
    peak = memory.apart("import", url, place.home, book)["peak"]
    place.drop(url)
    found = ratios(works, texts)
    return Figure(
        "B5X",
        f"import the same {run.rows:,} invoices from a workbook",
        f"{median(works):.2f} s",
        f"B5: {median(texts):.2f} s",
        shown(found),
        [
            at_most(2.5, found, "of its time"),
            Goal(f"peak memory < {MOST_OF_A_WORKBOOK} MB ({peak:.0f} MB)", peak < MOST_OF_A_WORKBOOK),
        ],
    )


class Run:
    def __init__(self, place: Place, path: Path, expected: Totals, rows: int):
        self._place, self._path, self._expected, self.rows = place, path, expected, rows
        self._url = place.new_database()
        self.seconds: list[list[float]] = []

    def close(self) -> None:
        self._place.drop(self._url)

    def first(self, _: int) -> float:
        return self.first_of(self._path)

    def first_of(self, path: Path) -> float:
        self.close()
        self._url = self._place.new_database()
        return self._imported(path, self.rows)

    def again(self, _: int) -> float:
        return self._imported(self._path, 0)

    def limit(self, _: int) -> float:
        """The file is read and checked, and the very rows are copied that the import left behind."""
        with self._place.plain(self._url) as conn:
            written = {table: plain.rows(conn, table) for table in plain.tables(conn)}
            plain.make_like(conn, written)

            def copied() -> None:
                self._require_totals(read(self._path))
                with conn.transaction():
                    for table, rows in written.items():
                        plain.copy(conn, plain.twin(table), rows)

            return timed(copied)

    def bare(self, _: int) -> float:
        """The rows of the file go to one table."""
        with self._place.plain(self._url) as conn:
            conn.execute(TABLE)
            with conn.transaction():
                return timed(lambda: plain.copy(conn, "invoices", read(self._path)))

    def _require_totals(self, rows: Iterable[tuple[Any, ...]]) -> None:
        sums = dict.fromkeys(self._expected, (0, 0))
        for _, _, _, _, _, minor, currency, _ in rows:
            sums[currency] = sums[currency][0] + minor, sums[currency][1] + 1
        require(shown_totals(sums), self._expected, "totals of the rows of the file")

    def more(self) -> str:
        path = self._path.with_name("more.csv")
        added = write(path, self.rows, prefix="M")
        items = {currency: (added[currency][1] + self._expected[currency][1]) for currency in added}
        with self._place.app(self._url) as app:
            seconds = timed(lambda: app.imports.invoices(path, Options(actor="bench")))
            require({each: found[1] for each, found in totals(app).items()}, items, "items after more")
        return f"{seconds:.2f} s"

    def _imported(self, path: Path, new: int) -> float:
        with self._place.app(self._url) as app:
            before = app.ledger.head().position
            start = timed(lambda: None)
            summary: list[Any] = []
            seconds = timed(lambda: summary.append(app.imports.invoices(path, Options(actor="bench")))) - start
            require((summary[0].read, summary[0].imported, summary[0].rejected), (self.rows, new, 0), "rows")
            require(totals(app), self._expected, "totals after the import")
            require(bool(new), app.ledger.head().position > before, "whether there are new facts")
        return seconds


def totals(app: App) -> Totals:
    """Per currency what is open, and how many items."""
    found = app.reports.aging(DAY, by="currency")["totals"]
    return {each["currency"]: (each["open"], each["items"]) for each in found}


def write(path: Path, rows: int, prefix: str = "N") -> Totals:
    rng, sums = random.Random(11), dict.fromkeys(sorted(set(CURRENCIES)), (0, 0))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for n in range(rows):
            whose, minor = rng.randrange(max(1, rows // PER_CUSTOMER)), rng.randint(1_000, 900_000)
            currency, issued_on = CURRENCIES[whose % len(CURRENCIES)], DAY - timedelta(days=rng.randrange(300))
            due_on = issued_on + timedelta(days=rng.choice(NET_DAYS))
            number, amount = f"{prefix}{n:07d}", major(minor, currency)
            writer.writerow(
                (customer(whose), f"Customer {whose} & Sons", number, issued_on, due_on, amount, currency, f"PO-{n}")
            )
            sums[currency] = sums[currency][0] + minor, sums[currency][1] + 1
    return shown_totals(sums)


def write_workbook(source: Path, target: Path) -> None:
    """Its rows with days and amounts as cells of their own kind."""
    with source.open(encoding="utf-8", newline="") as file, Workbook(target, {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        head, *rows = csv.reader(file)
        sheet.write_row(0, 0, head)
        for line, (whose, name, number, issued_on, due_on, amount, *more) in enumerate(rows, 1):
            sheet.write_row(line, 0, [whose, name, number])
            for at, text in ((3, issued_on), (4, due_on)):
                sheet.write_datetime(line, at, datetime.fromisoformat(text), day)
            sheet.write_number(line, 5, float(amount))
            sheet.write_row(line, 6, more)


def shown_totals(sums: Mapping[str, tuple[int, int]]) -> Totals:
    return {currency: (major(minor, currency), items) for currency, (minor, items) in sums.items()}


def read(path: Path) -> Iterator[tuple[Any, ...]]:
    day = date.fromisoformat
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for whose, name, number, issued_on, due_on, amount, currency, reference in rows:
            minor = minor_units(amount, currency)
            yield whose, name, number, day(issued_on), day(due_on), minor, currency, reference
