"""B1 to B4: commands, against plain inserts of the very rows they leave in the log."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from statistics import mean, median
from typing import Any

from psycopg import Connection

from bench.measure import (
    Figure,
    Goal,
    at_least,
    attempted,
    each_timed,
    in_turns,
    milliseconds,
    percentile,
    ratios,
    require,
    shown,
    spread,
    together,
)
from bench.place import Place
from bench.probe import CLIENTS, WARM_UP, Probe, Row
from bench.sizes import Size
from domain.entry import Cause, customer_stream, invoice_stream, receipt_stream
from domain.invoice.facts import Issued
from domain.receipt import Remittance
from domain.terms import Instalment
from infra.log.ledger import Batch
from services.assembly import App
from services.catalogue.invoices import DELIVER, ISSUE
from services.catalogue.receipts import RECORD

IDS = ("B1", "B2", "B3", "B4")
DEBTORS = 100
DAY = date(2026, 1, 5)
DUE = DAY + timedelta(days=30)


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    url = place.new_database()
    with place.app(url) as app, place.plain(url) as plain, Probe(url) as probe:
        plain.execute("create table plain.log (like ledger.log including all)")
        desk = Desk(app, plain, probe, url, size.commands)
        for id_, measured in (("B1", one_client), ("B2", payments), ("B3", eight_clients), ("B4", one_invoice)):
            if id_ in wanted:
                place.say(f"{id_}: {measured.__doc__}")
                yield attempted(id_, partial(measured, desk, place))
    place.drop(url)


class Desk:
    """Issues invoices; every round other ones."""

    def __init__(self, app: App, plain: Connection[Any], probe: Probe, url: str, size: int):
        self.app, self.plain, self.probe, self.url, self.size = app, plain, probe, url, size
        self._issued = 0
        self.rows: list[Row] = []
        self.latencies: list[float] = []
        self.issue_all(self.numbers(DEBTORS))

    def numbers(self, many: int) -> list[int]:
        first, self._issued = self._issued, self._issued + many
        return [*range(first, first + many)]

    def issue(self, number: int) -> None:
        request = ISSUE(customer=f"C{number % DEBTORS}", amount_minor=amount(number), currency="EUR", due_on=DUE)
        self.app.commands.give(stream(number), request, on=DAY, cause=self.cause())

    def issue_all(self, numbers: Sequence[int]) -> list[float]:
        """Seconds of each; they are looked at afterwards."""
        before = self.position()
        seconds = each_timed(self.issue, numbers)
        self.check(numbers, before)
        return seconds

    def check(self, numbers: Sequence[int], before: int) -> None:
        self.rows = self.log(before)
        require(self.owed(numbers), sum(map(amount, numbers)), "what the invoices issued come to")

    def owed(self, numbers: Sequence[int]) -> int:
        """As a reader finds it who remembers nothing."""
        sums = self.plain.execute(
            "select convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'total_minor' from ledger.log"
            " where originator_id = any (%s) and originator_version = 1",
            ([stream(number) for number in numbers],),
        ).fetchall()
        return sum(int(minor) for (minor,) in sums)

    def cause(self) -> Cause:
        return Cause("bench", self.app.new_id())

    def position(self) -> int:
        return self.app.ledger.head().position

    def log(self, after: int) -> list[Row]:
        query = "select * from ledger.log where notification_id > %s order by notification_id"
        return self.plain.execute(query, (after,)).fetchall()


def amount(number: int) -> int:
    return 10_000 + number % 977


def stream(number: int) -> str:
    return invoice_stream(f"N{number:07d}", "main")


def one_client(desk: Desk, place: Place) -> Figure:
    """issue an invoice, one client"""
    latencies: list[float] = []

    def work(_: int) -> float:
        seconds = desk.issue_all(desk.numbers(desk.size))[WARM_UP:]
        latencies.extend(seconds)
        return mean(seconds)

    works, limits = in_turns(work, lambda _: desk.probe.one_client([[row] for row in desk.rows]))
    seconds = latencies[desk.size - WARM_UP :]
    found, tail = ratios(limits, works), percentile(seconds, 99) / median(seconds)
    return Figure(
        "B1",
        "issue one invoice, one client, with idempotency and invariants",
        f"{spread(seconds)}",
        f"BEGIN, INSERT, COMMIT of the same row: {milliseconds(median(limits))}",
        shown(found),
        [at_least(0.6, found, "of its speed"), Goal(f"p99 <= 5 x p50 ({tail:.1f} x)", tail <= 5)],
    )


def payments(desk: Desk, place: Place) -> Figure:
    """record and allocate a payment"""

    def paid(app: App, numbers: Sequence[int]) -> float:
        before = desk.position()
        taken = each_timed(lambda number: pay(app, desk, number), numbers)
        desk.rows = desk.log(before)
        states = desk.app.ledger.states([*map(stream, numbers), *map(receipt, numbers)]).values()
        left = {getattr(state, "open_minor", 0) + getattr(state, "unallocated_minor", 0) for state in states}
        require((left, len(desk.rows)), ({0}, 3 * len(numbers)), "what is left of invoices and payments")
        return mean(taken[WARM_UP:])

    def cold(_: int) -> float:
        numbers = desk.numbers(desk.size)
        desk.app.ledger.record_many(issued(desk, number) for number in numbers)
        # Memory is a process's own: this one has never seen the invoices.
        with place.app(desk.url) as app:
            app.ledger.states([customer_stream(f"C{n}") for n in range(DEBTORS)])
            return paid(app, numbers)

    def warm(_: int) -> float:
        numbers = desk.numbers(desk.size)
        desk.issue_all(numbers)
        return paid(desk.app, numbers)

    limit = lambda _: desk.probe.one_client([*zip(*[iter(desk.rows)] * 3, strict=True)])  # noqa: E731
    colds, limits, warms = in_turns(cold, limit, warm)
    found = ratios(limits, colds)
    return Figure(
        "B2",
        "record and allocate a payment: load, decide, append to two streams",
        milliseconds(median(colds)),
        f"BEGIN, 3 x INSERT, COMMIT of the same rows: {milliseconds(median(limits))}",
        shown(found),
        [at_least(0.5, found, "of its speed")],
        [f"of an invoice that the process still remembers: {shown(ratios(limits, warms))}"],
    )


def pay(app: App, desk: Desk, number: int) -> None:
    request = RECORD(
        amount_minor=amount(number),
        currency="EUR",
        customer=f"C{number % DEBTORS}",
        invoices=[Remittance(f"N{number:07d}")],
    )
    app.commands.give(receipt(number), request, on=DUE, cause=desk.cause())


def receipt(number: int) -> str:
    return receipt_stream(f"R{number:07d}")


def issued(desk: Desk, number: int) -> Batch:
    minor, due = amount(number), Instalment(DUE, amount(number))
    fact = Issued(f"N{number:07d}", "main", f"C{number % DEBTORS}", "EUR", minor, 0, DAY, (due,))
    return Batch(stream(number), 0, [(fact, DAY)], desk.cause())


def eight_clients(desk: Desk, place: Place) -> Figure:
    """the same with eight clients"""

    def work(_: int) -> float:
        numbers, before = desk.numbers(desk.size * CLIENTS), desk.position()
        shares = [numbers[client::CLIENTS] for client in range(CLIENTS)]
        together(CLIENTS, lambda client: each_timed(desk.issue, shares[client][:WARM_UP]))
        seconds = together(CLIENTS, lambda client: each_timed(desk.issue, shares[client][WARM_UP:]))
        desk.check(numbers, before)
        return seconds / (len(numbers) - WARM_UP * CLIENTS)

    works, limits = in_turns(work, lambda _: desk.probe.eight_clients(desk.rows))
    found = ratios(limits, works)
    return Figure(
        "B3",
        f"issue with {CLIENTS} concurrent clients",
        f"{1 / median(works):,.0f}/s",
        f"{CLIENTS} clients of plain INSERT: {1 / median(limits):,.0f}/s",
        shown(found),
        [at_least(0.35, found, "of its speed")],
    )


def one_invoice(desk: Desk, place: Place) -> Figure:
    """eight writers on one invoice"""

    def written(apps: Sequence[App]) -> float:
        [number] = desk.numbers(1)
        desk.issue(number)
        each = desk.size // CLIENTS * 2

        def write(client: int) -> None:
            for n in range(each):
                note(apps[client % len(apps)], desk, number, n)

        seconds = together(CLIENTS, write)
        versions = [entry.version for entry in desk.app.ledger.facts(stream(number))]
        require(versions, [*range(1, CLIENTS * each + 2)], "the versions of the one invoice")
        return seconds / (CLIENTS * each)

    def alone(_: int) -> float:
        return mean(desk.issue_all(desk.numbers(desk.size))[WARM_UP:])

    with ExitStack() as stack:
        others = [stack.enter_context(place.app(desk.url)) for _ in range(2)]
        works, limits, apart = in_turns(lambda _: written([desk.app]), alone, lambda _: written(others))
    found = ratios(limits, works)
    return Figure(
        "B4",
        f"{CLIENTS} writers on one invoice, conflicts retried, none lost",
        f"{1 / median(works):,.0f}/s",
        f"B1: {1 / median(limits):,.0f}/s",
        shown(found),
        [at_least(0.7, found, "of B1")],
        [
            "the writers spread over two ledgers, as in two processes, where they do not queue for each other: "
            f"{shown(ratios(limits, apart))}"
        ],
    )


def note(app: App, desk: Desk, number: int, n: int) -> None:
    document = f"sha256:{n:064d}"
    app.commands.give(stream(number), DELIVER(channel="email", document=document), on=DUE, cause=desk.cause())
