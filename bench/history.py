"""The ledgers that B9 to B13 and B16 read: one of open items only, and one with many closed ones behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

from bench.data import PLAIN, Plan, fill
from bench.place import Place, SetClock
from bench.sizes import Size
from projections.open_items.view import COLUMNS, INDEXES
from services.assembly import App

FIRST = date(2024, 1, 1)
DAYS = 730
TODAY = FIRST + timedelta(days=DAYS + 5)
PAST = tuple(FIRST + timedelta(days=days) for days in (300, 500, 700))
CLOSED_FIRST, CLOSED_DAYS = date(2014, 1, 1), 3287
_DROPPED = "select indexname from pg_indexes where schemaname = 'view_open_items' and indexname not like '%_pkey'"
_COPIED = ("closed_periods", "superseded_periods")

# What is open as anybody would keep it who needs nothing but that.
_OPEN = """
create table plain.open as
    select number, customer, currency, issued_on, due_on, (minor - coalesce(paid, 0))::bigint as minor
    from plain.items left join (
        select item, sum(minor) as paid from plain.allocations group by item
    ) a on item = id
    where minor > coalesce(paid, 0);
create index on plain.open (customer);
create index on plain.allocations (item);
create table plain.total as select 1 as id, sum(minor)::bigint as minor from plain.open;
alter table plain.total add primary key (id);
"""


@dataclass(frozen=True, slots=True)
class History:
    """`app` has open items only, `behind` the same with closed ones behind; `plain` are the same items as tables."""

    app: App
    behind: App
    plain: Connection[Any]
    url: str
    csv: Path
    closed: int


def known_at(day: date) -> datetime:
    """An instant at which some payments of that day and before were still to be recorded."""
    return datetime.combine(day + timedelta(days=2), time(20), UTC)


@contextmanager
def history(place: Place, size: Size, *, with_closed: bool) -> Iterator[History]:
    url, clock = place.new_database(), SetClock()
    plan = _open_items(size)
    with place.app(url, clock) as app, place.plain(url) as plain:
        place.say(f"{plan.items:,} open items of {plan.customers:,} customers, {plan.paid:,} allocations, as facts")
        plain.execute(PLAIN)
        fill(app, clock, plan, plain)
        place.say(f"the views from {app.ledger.head().position:,} facts, and the same items as plain tables")
        app.projector.rebuild()
        plain.execute(_OPEN)
        plain.execute("vacuum analyze")
        clock.at = datetime.combine(TODAY, time(12), UTC)
        csv = _written(plain, place.home / "open.csv")
        if not with_closed:
            yield History(app, app, plain, url, csv, 0)
            return
        beside = place.new_database()
        with place.app(beside, clock) as behind:
            closed = _with_closed(place, behind, clock, size)
            yield History(app, behind, plain, url, csv, closed)
        place.drop(beside)
    place.drop(url)


def _open_items(size: Size) -> Plan:
    return Plan(
        prefix="N",
        items=size.items,
        paid=size.allocations,
        customers=size.customers,
        first_on=FIRST,
        days=DAYS,
        in_part=True,
    )


def _written(plain: Connection[Any], path: Path) -> Path:
    with path.open("wb") as file, plain.cursor() as cursor:
        query = "copy (select customer, currency, due_on, minor from plain.open) to stdout (format csv, header)"
        with cursor.copy(query) as copy:
            for data in copy:
                file.write(data)
    return path


def _with_closed(place: Place, app: App, clock: SetClock, size: Size) -> int:
    """First the closed items, then the open ones, as facts; then the closed items' rows again under other numbers."""
    closed = Plan(
        prefix="P",
        items=size.closed_by_facts,
        paid=size.closed_by_facts,
        customers=size.customers,
        first_on=CLOSED_FIRST,
        days=CLOSED_DAYS,
        seed=13,
    )
    place.say(f"{closed.items:,} closed items as facts, and the same open ones")
    fill(app, clock, closed)
    fill(app, clock, _open_items(size))
    clock.at = datetime.combine(TODAY, time(12), UTC)
    place.say(f"the views from {app.ledger.head().position:,} facts")
    app.projector.rebuild()
    times = size.closed // closed.items
    place.say(f"the rows of the closed items {times} times over")
    with place.plain(app.database_url) as conn:
        _multiply(conn, times)
    return closed.items * times


def _multiply(conn: Connection[Any], times: int) -> None:
    """The rows that the projector made of closed items, again under other numbers; with the product's own indexes."""
    conn.execute("set search_path = view_open_items")
    conn.execute("set maintenance_work_mem = '512MB'")
    with conn.transaction():
        conn.execute("set local synchronous_commit = off")
        for (index,) in conn.execute(
            "select indexname from pg_indexes where schemaname = 'view_open_items'"
        ).fetchall():
            if not index.endswith("_pkey"):
                conn.execute(SQL("drop index {}").format(Identifier(index)))
        for table in _COPIED:
            conn.execute(_again(table, times))
        conn.execute(INDEXES.encode())
    conn.execute("vacuum analyze")


def _again(table: str, times: int) -> Any:
    others = SQL(", ").join(Identifier(column) for column in COLUMNS if column != "stream")
    return SQL(
        "insert into {table} (stream, {others})"
        " select stream || '/' || n, {others} from {table}, generate_series(2, {times}) n"
        " where stream ~ '^(invoice:main:P|receipt:R-P)'"
    ).format(table=Identifier(table), others=others, times=Literal(times))
