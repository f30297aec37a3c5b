"""B7 and B8: the projector, making all views from a long log, and keeping up with a busy one."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any

import orjson
from psycopg import Connection

from bench import following, memory, plain
from bench.data import PLAIN, Plan, fill
from bench.measure import Figure, Goal, at_least, attempted, in_turns, percentile, ratios, require, shown, spread, timed
from bench.place import Place, SetClock
from bench.sizes import Size
from domain.money import minor_units
from services.assembly import App

IDS = ("B7", "B8")
MOST_MEGABYTES = 250
MOST_SECONDS = 0.05
PAGE = 5_000
_LOG = "select notification_id, originator_id, topic, state from ledger.log order by notification_id"

Sums = dict[str, int]


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    if "B7" in wanted:
        yield attempted("B7", partial(_rebuild, place, size))
    if "B8" in wanted:
        yield attempted("B8", partial(_follow, place, size))


def _rebuild(place: Place, size: Size) -> Figure:
    place.say(f"B7: {size.rebuilt:,} facts")
    url, clock = place.new_database(), SetClock()
    with place.app(url, clock) as app, place.plain(url) as conn:
        conn.execute(PLAIN)
        plan = _plan(size)
        fill(app, clock, plan, conn)
        facts, expected = app.ledger.head().position, _owed(conn)
        place.say(f"B7: rebuild of {facts:,} facts, in turns with reading, folding and copying them")

        def work(_: int) -> float:
            seconds = timed(app.projector.rebuild)
            require(_open(app, plan.last_on), expected, "what is open after a rebuild")
            return seconds

        works, limits = in_turns(work, lambda _: _straight(conn, expected))
    place.say("B7: its memory")
    used = memory.apart("rebuild", url, place.home)["peak"]
    place.drop(url)
    found = ratios(limits, works)
    return Figure(
        "B7",
        f"rebuild all views from {facts:,} facts",
        f"{facts / median(works):,.0f} facts/s",
        f"cursor, orjson, fold and COPY of as many rows: {facts / median(limits):,.0f} facts/s",
        shown(found),
        [
            at_least(0.6, found, "of its speed"),
            Goal(f"peak memory <= {MOST_MEGABYTES} MB ({used:.0f} MB)", used <= MOST_MEGABYTES),
        ],
    )


def _follow(place: Place, size: Size) -> Figure:
    place.say(f"B8: {following.PER_SECOND} commands a second for {size.followed_seconds} s")
    url = place.new_database()
    with place.app(url) as app:
        followed = following.follow(app, url, place.home, size.followed_seconds)
    place.drop(url)
    tail = percentile(followed.seconds, 99)
    rate = followed.commands / followed.took
    return Figure(
        "B8",
        f"commit to visible in the views under {following.PER_SECOND} commands/s",
        spread(followed.seconds),
        goals=[Goal(f"p99 <= {MOST_SECONDS * 1000:.0f} ms at {rate:,.0f}/s", _is_kept(tail, rate))],
    )


def _is_kept(tail: float, rate: float) -> bool:
    return tail <= MOST_SECONDS and rate >= 0.98 * following.PER_SECOND


def _plan(size: Size) -> Plan:
    """Of ten facts four issue an invoice; every other invoice is paid, which makes three."""
    items = size.rebuilt * 2 // 5
    return Plan(
        prefix="N",
        items=items,
        paid=items // 2,
        customers=max(1, items // 20),
        first_on=date(2024, 1, 1),
        days=730,
    )


def _owed(conn: Connection[Any]) -> Sums:
    """By the tables beside the ledger."""
    found = conn.execute(
        "select currency, sum(minor)::bigint from plain.items i"
        " where not exists (select from plain.allocations a where a.item = i.id) group by 1 order by 1"
    ).fetchall()
    return dict(found)


def _open(app: App, last_on: date) -> Sums:
    found = app.reports.aging(last_on + timedelta(days=1), by="currency")["totals"]
    return {each["currency"]: minor_units(each["open"], each["currency"]) for each in found}


def _straight(conn: Connection[Any], expected: Sums) -> float:
    """What anybody would write who had nothing but this one log to read, and never to read it again.

    It copies as many rows as the views have, of the same columns, without a key or an index.
    """
    written = {table: plain.rows(conn, table) for table in plain.tables(conn) if table[0] != "ledger"}
    plain.make_like(conn, written)

    def run() -> None:
        with conn.transaction():
            require(_folded(conn), expected, "what is open after a fold")
            for table, rows in written.items():
                plain.copy(conn, plain.twin(table), rows)

    return timed(run)


def _folded(conn: Connection[Any]) -> Sums:
    invoices: dict[str, list[Any]] = {}
    with conn.cursor("log", binary=True) as cursor:
        cursor.itersize = PAGE
        for _, stream, name, state in cursor.execute(_LOG):
            data = orjson.loads(state)["data"]
            if name == "invoice.issued":
                invoices[stream] = [data["currency"], data["total_minor"]]
            elif name in ("invoice.paid", "invoice.partially_paid"):
                invoices[stream][1] -= data["amount_minor"]
    sums: Sums = {}
    for currency, minor in invoices.values():
        sums[currency] = sums.get(currency, 0) + minor
    return dict(sorted(sums.items()))
