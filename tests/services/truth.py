"""What truly happened, told in the order of its days, and what it comes to: plain arithmetic, without `domain`."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

PAYMENT, CREDIT, WRITE_OFF, VOID = "payment", "credit", "write_off", "void"


class Event(NamedTuple):
    """`about` is an invoice, money that came or a credit note; `named` are the invoices it goes to, with amounts.

    A write-off without an amount is of all that is open.
    """

    kind: str
    day: date
    about: str
    minor: int | None = None
    customer: str = ""
    named: tuple[tuple[str, int], ...] = ()
    due: tuple[tuple[date, int], ...] = ()


class Flow(NamedTuple):
    """What money, or a credit note, pays on an invoice; a recovery has no parts."""

    invoice: str
    minor: int
    parts: tuple[tuple[int, int], ...]
    day: date


@dataclass
class Day:
    """How it stands at the end of a day, by invoice or money; `flows` by both."""

    open: dict[str, tuple[int, ...]]
    settled: dict[tuple[str, int], tuple[date, str]]
    left: dict[str, int]
    whose: dict[str, str]
    flows: Counter[tuple[str, str]]
    given_up: Counter[str]
    voided: frozenset[str]


@dataclass
class Truth:
    open: dict[str, list[int]] = field(default_factory=dict)
    issued: dict[str, Event] = field(default_factory=dict)
    settled: dict[tuple[str, int], tuple[date, str]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)
    voided: set[str] = field(default_factory=set)
    left: dict[str, int] = field(default_factory=dict)
    came: dict[str, Event] = field(default_factory=dict)
    whose: dict[str, str] = field(default_factory=dict)
    flows: dict[str, list[Flow]] = field(default_factory=dict)
    days: dict[date, Day] = field(default_factory=dict)
    _told_on: list[date] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        """No day is earlier than that of the event before."""
        before = self.at(event.day - timedelta(1))
        getattr(self, f"_{event.kind}")(event)
        for item in self.settled.keys() & before.settled.keys():
            # It was settled at the end of the day before, and is at the end of this one.
            self.settled[item] = before.settled[item]
        if event.day not in self.days:
            self._told_on.append(event.day)
        flows = Counter[tuple[str, str]]()
        for money, made in self.flows.items():
            for flow in made:
                flows[money, flow.invoice] += flow.minor
        self.days[event.day] = Day(
            {invoice: tuple(minors) for invoice, minors in self.open.items()},
            dict(self.settled),
            dict(self.left),
            dict(self.whose),
            flows,
            Counter(self.given_up),
            frozenset(self.voided),
        )

    def at(self, day: date) -> Day:
        nth = bisect_right(self._told_on, day)
        return self.days[self._told_on[nth - 1]] if nth else Day({}, {}, {}, {}, Counter(), Counter(), frozenset())

    def owed(self, invoice: str) -> int:
        return sum(self.open[invoice])

    # What each event does

    def _issue(self, event: Event) -> None:
        self.issued[event.about] = event
        self.open[event.about] = [minor for _, minor in event.due]

    def _receive(self, event: Event) -> None:
        self.came[event.about] = event
        self.left[event.about], self.whose[event.about] = event.minor or 0, event.customer
        self.flows[event.about] = []
        for invoice, minor in event.named:
            self._go(event.about, invoice, minor, event.day)

    _credit = _receive

    def _identify(self, event: Event) -> None:
        self.whose[event.about] = event.customer

    def _allocate(self, event: Event) -> None:
        for invoice, minor in event.named:
            self._go(event.about, invoice, minor, event.day)

    def _charge_back(self, event: Event) -> None:
        """What is on account goes first, then what was allocated last; what is not needed of that stays as it is."""
        money, flows = event.about, self.flows[event.about]
        minor = event.minor or 0
        while self.left[money] < minor:
            last = flows.pop()
            self._back(last)
            self.left[money] += last.minor
            if self.left[money] > minor:
                self._stay(money, last, min(last.minor, self.left[money] - minor), event.day)
        self.left[money] -= minor

    def _refund(self, event: Event) -> None:
        self.left[event.about] -= event.minor or 0

    def _write_off(self, event: Event) -> None:
        invoice = event.about
        minor = self.owed(invoice) if event.minor is None else event.minor
        self._less(invoice, self._oldest_first(invoice, minor), event.day, WRITE_OFF)
        self.lost[invoice] += minor
        self.given_up[invoice] += minor

    def _void(self, event: Event) -> None:
        invoice = event.about
        self._less(invoice, self._oldest_first(invoice, self.owed(invoice)), event.day, VOID)
        self.voided.add(invoice)

    # What they have in common

    def _go(self, money: str, invoice: str, minor: int, day: date) -> None:
        """As much as is left and open; to what was given up, money is a recovery."""
        is_note = self.came[money].kind == CREDIT
        minor = min(minor, self.left[money], self.owed(invoice) or (0 if is_note else self.lost[invoice]))
        if not minor or invoice in self.voided:
            return
        self.left[money] -= minor
        parts: list[tuple[int, int]] = []
        if self.owed(invoice):
            first = self._last_first if is_note else self._oldest_first
            parts = first(invoice, minor)
            self._less(invoice, parts, day, CREDIT if is_note else PAYMENT)
        else:
            self.lost[invoice] -= minor
        self.flows[money].append(Flow(invoice, minor, tuple(parts), day))

    def _stay(self, money: str, flow: Flow, minor: int, day: date) -> None:
        """So much of it still pays the same items, or is still a recovery."""
        self.left[money] -= minor
        parts, wanted = [], minor
        for item, taken in flow.parts:
            if part := min(taken, wanted):
                parts.append((item, part))
                wanted -= part
        self._less(flow.invoice, parts, day, PAYMENT)
        if not flow.parts:
            self.lost[flow.invoice] -= minor
        self.flows[money].append(Flow(flow.invoice, minor, tuple(parts), day))

    def _back(self, flow: Flow) -> None:
        for item, minor in flow.parts:
            self.open[flow.invoice][item] += minor
            self.settled.pop((flow.invoice, item), None)
        if not flow.parts:
            self.lost[flow.invoice] += flow.minor

    def _less(self, invoice: str, parts: list[tuple[int, int]], day: date, by: str) -> None:
        for item, minor in parts:
            self.open[invoice][item] -= minor
            if not self.open[invoice][item]:
                self.settled[invoice, item] = day, by

    def _oldest_first(self, invoice: str, minor: int) -> list[tuple[int, int]]:
        return self._parts(invoice, minor, range(len(self.open[invoice])))

    def _last_first(self, invoice: str, minor: int) -> list[tuple[int, int]]:
        return self._parts(invoice, minor, reversed(range(len(self.open[invoice]))))

    def _parts(self, invoice: str, minor: int, items: object) -> list[tuple[int, int]]:
        found = []
        for item in items:  # type: ignore[attr-defined]
            part = min(minor, self.open[invoice][item])
            if part:
                found.append((item, part))
                minor -= part
        return found
