"""Believable business in bulk, from a seed: invoices, receipts that pay them, promises, limits."""

from datetime import date, timedelta
from random import Random
from typing import Any

from domain.customer.facts import CreditLimitSet, Registered
from domain.entry import Cause, customer_stream, invoice_stream, receipt_stream
from domain.invoice.facts import Disputed, Issued, Part, PartiallyPaid, PromiseBroken, PromiseMade
from domain.receipt import Allocated, Identified, Received
from domain.terms import Instalment
from infra.log.ledger import Batch, Ledger

FIRST = date(2026, 1, 5)
CUSTOMERS = 40
_CAUSE = Cause("tester", "trade", "as agreed by phone")


class Trade:
    """`facts` counts what was recorded."""

    def __init__(self, ledger: Ledger, seed: int = 1, prefix: str = "T"):
        self.ledger, self.dice, self.prefix = ledger, Random(seed), prefix
        self.versions: dict[str, int] = {}
        self.invoices: list[tuple[str, str, str, int]] = []
        self.facts = 0
        self._batches: list[Batch] = []
        for number in range(CUSTOMERS):
            name = self._customer(number)
            self._add(customer_stream(name), (Registered(name, "DE"), FIRST))
        self._record()

    def go_on(self, happenings: int) -> int:
        """Returns the position reached."""
        for _ in range(happenings):
            act = self.dice.choices(
                (self._issue, self._pay, self._unknown, self._promise, self._limit), (5, 5, 1, 1, 1)
            )
            act[0]()
        self._record()
        return self.ledger.head().position

    def _issue(self) -> None:
        number, dice = f"{self.prefix}-{len(self.invoices)}", self.dice
        who, on = self._customer(dice.randrange(CUSTOMERS)), self._day()
        currency = "USD" if dice.random() < 0.2 else "EUR"
        parts = tuple(Instalment(on + timedelta(dice.choice((14, 30, 60))), dice.randrange(1_00, 900_00)) for _ in "ab")
        total = sum(part.minor for part in parts)
        self._add(invoice_stream(number, "main"), (Issued(number, "main", who, currency, total, 0, on, parts), on))
        self.invoices.append((invoice_stream(number, "main"), who, currency, parts[0].minor))

    def _pay(self) -> None:
        if not self.invoices:
            return self._issue()
        stream, who, currency, minor = self.dice.choice(self.invoices)
        part, on = max(1, minor // self.dice.choice((2, 5, 50))), self._day() + timedelta(self.dice.randrange(90))
        receipt = f"{self.prefix}R-{self.facts}-{len(self._batches)}"
        received = Received(receipt, "main", currency, part + 5_00, on, who, ())
        self._add(receipt_stream(receipt), (received, on), (Allocated(1, stream, part), on))
        self._add(stream, (PartiallyPaid(receipt, 1, part, (Part(1, part),)), on))
        return None

    def _unknown(self) -> None:
        receipt, on = f"{self.prefix}U-{self.facts}-{len(self._batches)}", self._day()
        self._add(receipt_stream(receipt), (Received(receipt, "main", "EUR", 77_00, on, None, ()), on))
        self._add(receipt_stream(receipt), (Identified(self._customer(self.dice.randrange(CUSTOMERS))), on))

    def _promise(self) -> None:
        if not self.invoices:
            return
        (stream, *_), on = self.dice.choice(self.invoices), self._day()
        number = self.versions[stream]
        self._add(stream, (PromiseMade(number, 10_00, on + timedelta(7)), on))
        if self.dice.random() < 0.5:
            self._add(stream, (PromiseBroken(number), on + timedelta(8)))
        else:
            self._add(stream, (Disputed(number, "price", 1_00, (Part(1, 1_00),)), on))

    def _limit(self) -> None:
        who = self._customer(self.dice.randrange(CUSTOMERS))
        self._add(customer_stream(who), (CreditLimitSet(self.dice.randrange(10) * 1_000_00, "EUR"), self._day()))

    def _add(self, stream: str, *facts: tuple[Any, date]) -> None:
        version = self.versions.get(stream, 0)
        self._batches.append(Batch(stream, version, [*facts], _CAUSE))
        self.versions[stream] = version + len(facts)
        self.facts += len(facts)

    def _record(self) -> None:
        # A stream may come once in what is recorded together.
        while self._batches:
            seen: dict[str, Batch] = {}
            later = []
            for batch in self._batches:
                if batch.stream in seen:
                    later.append(batch)
                else:
                    seen[batch.stream] = batch
            self.ledger.record_many([*seen.values()])
            self._batches = later

    def _customer(self, number: int) -> str:
        return f"{self.prefix}C-{number}"

    def _day(self) -> date:
        return FIRST + timedelta(self.dice.randrange(120))
