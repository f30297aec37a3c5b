"""Believable business from a seed: invoices, and payments of all or part of some, in the order they were learnt."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Any, NamedTuple

from psycopg import Connection

from bench.place import SetClock
from bench.plain import copy
from domain.customer.facts import Registered
from domain.entry import Cause, customer_stream, invoice_stream, receipt_stream
from domain.invoice.facts import Issued, Paid, Part, PartiallyPaid
from domain.receipt import Allocated, Received
from domain.terms import Instalment
from infra.log.ledger import Batch
from services.assembly import App

CHUNK = 5_000  # facts of one commit, and with them whole days
NET_DAYS = (14, 30, 30, 30, 45, 60)
LATE_DAYS = 200
CURRENCIES = ("EUR",) * 7 + ("USD",) * 2 + ("GBP",)
ENTITY = "main"

PLAIN = """
create table plain.items (
    id integer primary key, number text, customer text, currency text, issued_on date, due_on date,
    minor bigint, known bigint
);
create table plain.allocations (item integer, paid_on date, minor bigint, known bigint);
"""


class Item(NamedTuple):
    id: int
    number: str
    customer: str
    currency: str
    issued_on: date
    due_on: date
    minor: int


class Payment(NamedTuple):
    recorded_on: date
    item: Item
    paid_on: date
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """So many items over so many days, `paid` of them wholly or in part; a tenth of payments is recorded late."""

    prefix: str
    items: int
    paid: int
    customers: int
    first_on: date
    days: int
    in_part: bool = False
    seed: int = 7

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(days=self.days)


def customer(number: int) -> str:
    return f"C{number:06d}"


def happenings(plan: Plan) -> Iterator[Item | Payment]:
    """In the order in which they were recorded."""
    rng = random.Random(plan.seed)
    waiting: list[tuple[date, int, Payment]] = []
    for id_ in range(plan.items):
        item = _item(plan, rng, id_)
        while waiting and waiting[0][0] < item.issued_on:
            yield heappop(waiting)[2]
        yield item
        if id_ * plan.paid // plan.items != (id_ + 1) * plan.paid // plan.items:
            payment = _payment(plan, rng, item)
            heappush(waiting, (payment.recorded_on, id_, payment))
    while waiting:
        yield heappop(waiting)[2]


def learnt_on(each: Item | Payment) -> date:
    return each.issued_on if isinstance(each, Item) else each.recorded_on


def fill(app: App, clock: SetClock, plan: Plan, plain: Connection[Any] | None = None) -> None:
    """Records it all as facts, and in `plain` tables beside them, if asked."""
    chunk = _Chunk(app.ledger.head().position)
    if not chunk.position:
        chunk.register(plan)
    for each in happenings(plan):
        if chunk.facts >= CHUNK and learnt_on(each) > chunk.day:
            chunk.record(app, clock, plain)
        chunk.add(each)
    chunk.record(app, clock, plain)


@dataclass(slots=True)
class _Chunk:
    position: int
    facts: int = 0
    day: date = date(2000, 1, 1)
    batches: list[Batch] = field(default_factory=list)
    items: list[tuple[Any, ...]] = field(default_factory=list)
    allocations: list[tuple[Any, ...]] = field(default_factory=list)

    def register(self, plan: Plan) -> None:
        for number in range(plan.customers):
            name = customer(number)
            self._add(customer_stream(name), 0, [(Registered(name), plan.first_on)], f"register {name}")

    def add(self, each: Item | Payment) -> None:
        self.day = learnt_on(each)
        if isinstance(each, Item):
            stream = invoice_stream(each.number, ENTITY)
            self._add(stream, 0, [(_issued(each), each.issued_on)], f"issue {each.number}")
            self.items.append((*each, self.position))
        else:
            self._pay(each)
            self.allocations.append((each.item.id, each.paid_on, each.minor, self.position))

    def record(self, app: App, clock: SetClock, plain: Connection[Any] | None) -> None:
        clock.at = datetime.combine(self.day, time(18), UTC)
        app.ledger.record_many(self.batches)
        if plain:
            copy(plain, "items", self.items)
            copy(plain, "allocations", self.allocations)
        self.batches, self.items, self.allocations, self.facts = [], [], [], 0

    def _pay(self, payment: Payment) -> None:
        _, item, day, minor = payment
        number, stream = f"R-{item.number}", invoice_stream(item.number, ENTITY)
        received = Received(number, ENTITY, item.currency, minor, day, item.customer, (item.number,))
        paid = (Paid if minor == item.minor else PartiallyPaid)(number, 1, minor, (Part(1, minor),))
        command = f"receive {number}"
        self._add(receipt_stream(number), 0, [(received, day), (Allocated(1, stream, minor), day)], command)
        self._add(stream, 1, [(paid, day)], command)

    def _add(self, stream: str, expected: int, facts: list[tuple[Any, date]], command: str) -> None:
        self.batches.append(Batch(stream, expected, facts, Cause("bench", command)))
        self.facts += len(facts)
        self.position += len(facts)


def _item(plan: Plan, rng: random.Random, id_: int) -> Item:
    whose = rng.randrange(plan.customers)
    issued_on = plan.first_on + timedelta(days=id_ * plan.days // plan.items)
    due_on = issued_on + timedelta(days=rng.choice(NET_DAYS))
    currency = CURRENCIES[whose % len(CURRENCIES)]
    return Item(
        id_, f"{plan.prefix}{id_:07d}", customer(whose), currency, issued_on, due_on, rng.randint(1_000, 900_000)
    )


def _payment(plan: Plan, rng: random.Random, item: Item) -> Payment:
    longest = LATE_DAYS if rng.random() < 0.1 else 60
    recorded_on = item.issued_on + timedelta(
        days=rng.randint(1, max(1, min(longest, (plan.last_on - item.issued_on).days)))
    )
    paid_on = recorded_on - timedelta(days=rng.randint(1, 5)) if rng.random() < 0.1 else recorded_on
    minor = item.minor * rng.randint(10, 90) // 100 if plan.in_part else item.minor
    return Payment(recorded_on, item, max(paid_on, item.issued_on), minor)


def _issued(item: Item) -> Issued:
    _, number, whose, currency, issued_on, due_on, minor = item
    return Issued(number, ENTITY, whose, currency, minor, 0, issued_on, (Instalment(due_on, minor),))
