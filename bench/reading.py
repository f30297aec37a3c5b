"""B9 to B13, B16 and B17: aging and the list of invoices, as of today and of any day, as known now and then."""

import io
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import partial
from statistics import median
from typing import IO, Any, cast

from bench import limits, memory
from bench.data import customer
from bench.history import PAST, TODAY, History, history, known_at
from bench.limits import Line
from bench.measure import (
    PAIRS,
    Figure,
    Goal,
    at_least,
    at_most,
    attempted,
    each_timed,
    in_turns,
    milliseconds,
    percentile,
    ratios,
    require,
    shown,
    spread,
    timed,
)
from bench.place import Place
from bench.sizes import Size
from domain.money import minor_units
from projections.open_items import aging
from projections.open_items.aging import Aging
from projections.open_items.asking import Question
from projections.projection import Query
from services.assembly import App
from services.cli.screen.listings import write_csv, write_json
from services.list_sheets import INVOICES, columns_of

IDS = ("B9", "B10", "B11", "B12", "B13", "B16", "B17")
MOST_MEGABYTES = {"idle": 90, "after B10": 150, "after B12": 200}
MOST_TO_FIRST_ROW = 0.2
LOOKS = 100
CUSTOMERS = 50

Asked = Callable[[App], object]


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    with history(place, size, with_closed="B13" in wanted) as ledger:
        for id_, measured in (
            ("B9", totals),
            ("B10", all_customers),
            ("B11", one_customer),
            ("B12", past_days),
            ("B13", closed_behind),
            ("B17", open_invoices),
        ):
            if id_ in wanted:
                place.say(f"{id_}: {measured.__doc__}")
                yield attempted(id_, partial(measured, ledger, size))
        if "B16" in wanted:
            place.say("B16: memory of a process that answers")
            yield attempted("B16", partial(memory_of_answers, place, ledger))


def totals(ledger: History, size: Size) -> Figure:
    """totals of today"""
    expected = by_sql(ledger, limits.TOTALS, TODAY)
    seconds: list[float] = []

    def work(_: int) -> float:
        require(lines(ledger.app, aging.totals(Aging(as_of=TODAY))), expected, "totals of today")
        seconds.extend(each_timed(lambda _: ledger.app.reports.aging(TODAY, by="currency"), range(LOOKS)))
        return sum(seconds[-LOOKS:])

    def limit(_: int) -> float:
        query = "select minor from plain.total where id = %s"
        return sum(each_timed(lambda _: ledger.plain.execute(query, (1,)).fetchall(), range(LOOKS)))

    works, rows = in_turns(work, limit, pairs=2 * PAIRS)
    tail = percentile(seconds, 99)
    return Figure(
        "B9",
        f"aging now, {size.items:,} open items of {size.customers:,} customers: totals",
        spread(seconds),
        f"read of one row: {milliseconds(median(rows) / LOOKS)}",
        shown(ratios(rows, works)),
        [Goal("p99 <= 20 ms", tail <= 0.02)],
    )


def all_customers(ledger: History, size: Size) -> Figure:
    """every customer today"""
    question = aging.by_customer(Aging(as_of=TODAY))
    expected = limits.by_polars(ledger.csv, TODAY).rows()
    require(lines(ledger.app, question), expected, "aging of today by customer")
    dressed = ledger.app.reports.aging(TODAY)["rows"]
    require([minor_units(row["open"], row["currency"]) for row in dressed], [row[2] for row in expected], "the report")
    works, polars, reports = in_turns(
        lambda _: timed(lambda: answer(ledger.app, question)),
        lambda _: timed(lambda: limits.by_polars(ledger.csv, TODAY)),
        lambda _: timed(lambda: ledger.app.reports.aging(TODAY)),
        pairs=2 * PAIRS,
    )
    found = ratios(polars, works)
    return Figure(
        "B10",
        f"the same, every customer: {len(expected):,} lines",
        f"p50 {milliseconds(median(works))}",
        f"polars from a CSV of the open items: {milliseconds(median(polars))}",
        shown(found),
        [
            at_least(1.0, found, "of its speed"),
            Goal("p50 <= 150 ms", median(works) <= 0.15),
        ],
        [f"as the report dresses it for JSON: p50 {milliseconds(median(reports))}, {shown(ratios(polars, reports))}"],
    )


def one_customer(ledger: History, size: Size) -> Figure:
    """one customer with its items"""
    names = [customer(n * size.customers // CUSTOMERS) for n in range(CUSTOMERS)]
    query = "select number, currency, minor from plain.open where customer = %s order by due_on, number"
    seconds: list[float] = []

    def work(_: int) -> float:
        taken = each_timed(lambda name: ledger.app.reports.items(TODAY, customer=name), names)
        seconds.extend(taken)
        return sum(taken)

    for name in names:
        items = ledger.app.reports.items(TODAY, customer=name)["items"]
        found = [(each["number"], each["currency"], minor_units(each["open"], each["currency"])) for each in items]
        rows = ledger.plain.execute(query, (name,)).fetchall()
        require(sorted(found), sorted(rows), f"items of {name}")

    def limit(_: int) -> float:
        return sum(each_timed(lambda name: ledger.plain.execute(query, (name,)).fetchall(), names))

    works, plain = in_turns(work, limit, pairs=2 * PAIRS)
    return Figure(
        "B11",
        "the same, one customer with its items",
        spread(seconds),
        f"one indexed query: {milliseconds(median(plain) / len(names))}",
        shown(ratios(plain, works)),
        [Goal("p50 <= 1 ms", median(seconds) <= 0.001)],
    )


def past_days(ledger: History, size: Size) -> Figure:
    """past days, as known now and then"""
    asked = (
        ("totals", aging.totals, limits.TOTALS, PAST),
        ("by customer", aging.by_customer, limits.BY_CUSTOMER, PAST[1:2]),
    )
    works: list[float] = []
    limit: list[float] = []
    goals: list[Goal] = []
    notes: list[str] = []
    for name, ask, sql, days in asked:
        found: list[float] = []
        for is_known_then in (False, True):
            taken, plain = _past_days(ledger, ask, sql, days, is_known_then)
            works, limit, found = works + taken, limit + plain, found + ratios(taken, plain)
            then = "then" if is_known_then else "now"
            notes.append(f"{name}, as known {then}: {milliseconds(median(taken))}, {shown(ratios(taken, plain))}")
        goals.append(at_most(0.5, found, f"of its time, {name} ({median(found):.2f})"))
    return Figure(
        "B12",
        f"aging as of past days, as known now and then, {size.items:,} items, {size.allocations:,} allocations",
        f"p50 {milliseconds(median(works))}",
        f"plain SQL over items and allocations: {milliseconds(median(limit))}",
        shown(ratios(works, limit)),
        goals,
        notes,
    )


def _past_days(
    ledger: History, ask: Callable[[Aging], Question[Any]], sql: str, days: Sequence[date], is_known_then: bool
) -> list[list[float]]:
    seconds: list[list[float]] = [[], []]
    for day in days:
        position = ledger.app.ledger.position_at(known_at(day)) if is_known_then else None
        question = ask(Aging(as_of=day, known_at=position))
        expected = by_sql(ledger, sql, day, position)
        require(lines(ledger.app, question), expected, f"aging of {day} as known at {position or 'the end'}")
        works, plain = in_turns(
            partial(_timed_answer, ledger.app, question),
            partial(_timed_sql, ledger, sql, day, position),
        )
        seconds = [seconds[0] + works, seconds[1] + plain]
    return seconds


def _timed_answer(app: App, question: Question[Any], _: int) -> float:
    return timed(lambda: answer(app, question))


def _timed_sql(ledger: History, sql: str, day: date, position: int | None, _: int) -> float:
    return timed(lambda: by_sql(ledger, sql, day, position))


def closed_behind(ledger: History, size: Size) -> Figure:
    """the same with closed items behind"""
    worst, notes = [], []
    for name, ask, times in _QUESTIONS:
        require(plainly(ask(ledger.behind)), plainly(ask(ledger.app)), f"{name} with closed items behind")

        def asked(app: App, ask: Asked = ask, times: int = times) -> float:
            return timed(lambda: [ask(app) for _ in range(times)])

        behind, alone = in_turns(lambda _: asked(ledger.behind), lambda _: asked(ledger.app), pairs=2 * PAIRS)
        found = ratios(behind, alone)
        worst.append(found)
        notes.append(f"{name}: {milliseconds(median(behind) / times)}, {shown(found)}")
    slowest = max(worst, key=median)
    return Figure(
        "B13",
        f"B9 to B12 with {ledger.closed:,} closed items behind",
        "see below",
        "the same without them",
        shown(slowest),
        [at_most(1.2, slowest, "of its time, the slowest of all")],
        notes,
    )


def open_invoices(ledger: History, size: Size) -> Figure:
    """every open invoice, one by one"""
    query = "select customer, number, currency, issued_on, due_on, minor from plain.open order by customer, due_on"
    expected = dict(ledger.plain.execute("select currency, sum(minor)::bigint from plain.open group by 1").fetchall())
    firsts: list[float] = []

    def work(number: int) -> float:
        stream = Noted()
        listing = ledger.app.lists.invoices(TODAY)
        if number % 2:
            write_json(listing, cast(IO[bytes], stream))
        else:
            write_csv(listing, columns_of(INVOICES, False), io.TextIOWrapper(cast(Any, stream), "utf-8", newline=""))
        totals = {str(each["currency"]): str(each["open"]) for each in listing.totals.answer()}
        sums = {currency: minor_units(amount, currency) for currency, amount in totals.items()}
        require(sums, expected, "what is open on the list")
        firsts.append(stream.first)
        return stream.taken

    works, plain = in_turns(work, lambda _: timed(lambda: ledger.plain.execute(query).fetchall()))
    found = ratios(works, plain)
    return Figure(
        "B17",
        f"the list of {size.items:,} open invoices as JSON and CSV in turns: the first row, and all",
        f"first row {milliseconds(median(firsts[1:]))}, all {median(works):.1f} s",
        f"the same from one plain table, sorted: {median(plain):.1f} s",
        shown(found),
        [Goal("the slowest first row <= 200 ms", max(firsts[1:]) <= MOST_TO_FIRST_ROW)],
    )


class Noted(io.BufferedIOBase):
    """Takes what is written, and notes when the first part of it was through."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.first = 0.0

    @property
    def taken(self) -> float:
        return time.perf_counter() - self._began

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(memoryview(data))

    def flush(self) -> None:
        self.first = self.first or self.taken


def memory_of_answers(place: Place, ledger: History) -> Figure:
    url, day = ledger.url, PAST[1]
    peaks = memory.apart("serve", url, place.home, TODAY, day, known_at(day).isoformat())
    return Figure(
        "B16",
        "memory of a process that answers: idle / after B10 / after B12",
        " / ".join(f"{peak:.0f}" for peak in peaks.values()) + " MB",
        goals=[Goal(f"{name} <= {most} MB", peaks[name] <= most) for name, most in MOST_MEGABYTES.items()],
    )


def plainly(found: Any) -> Any:
    """Without what two ledgers cannot have in common: positions."""
    return {key: each for key, each in found.items() if key != "position"} if isinstance(found, dict) else [*found]


def of_past(app: App, *, by: str, then: bool) -> Any:
    day = PAST[1]
    return app.reports.aging(day, known_at(day) if then else None, by=by)


# What is asked, and how often in a round.
_QUESTIONS: list[tuple[str, Asked, int]] = [
    ("B9, totals", lambda app: app.reports.aging(TODAY, by="currency"), 20),
    ("B10, every customer", lambda app: answer(app, aging.by_customer(Aging(as_of=TODAY))), 2),
    ("B11, one customer", lambda app: app.reports.items(TODAY, customer=customer(17)), 50),
    ("B12, a past day", lambda app: of_past(app, by="currency", then=False), 1),
    ("B12, as known then", lambda app: of_past(app, by="currency", then=True), 1),
]


def answer(app: App, question: Question[Any]) -> Any:
    return question.read(app.views.ask(Query(question.sql, question.values)))


def lines(app: App, question: Question[Any]) -> list[Line]:
    return limits.lines(answer(app, question))


def by_sql(ledger: History, sql: str, day: date, position: int | None = None) -> list[Any]:
    known = ledger.app.ledger.head().position if position is None else position
    return ledger.plain.execute(sql, {"as_of": day, "known": known}).fetchall()
