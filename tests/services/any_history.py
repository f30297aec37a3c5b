"""Any true history: what could have happened, out of a row of small numbers, with the mistakes made when recording it.

Of what touches one invoice, or one receipt, no two things happen on the same day: their order is then that in which
they are recorded, and no rule says more.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from tests.services.truth import Event, Truth

BEGIN = date(2026, 1, 1)
CUSTOMERS = ("ann", "bob")
MOST_INVOICES, DAYS_TO_PAY = 7, 14

KINDS = (
    "nothing", "issue", "pay", "pay", "pay", "unidentified", "identify", "allocate", "allocate", "charge_back",
    "charge_back", "refund", "credit", "credit", "credit_alone", "write_off", "write_off", "void", "pay", "issue",
)  # fmt: skip


class Step(NamedTuple):
    """`turn` is when it is recorded among the others, `slip` which mistake is made with it; most make none."""

    kind: int
    which: int
    other: int
    amount: int
    days: int
    turn: int
    slip: int


def small(last: int) -> st.SearchStrategy[int]:
    return st.integers(0, last)


STEPS = st.tuples(
    small(len(KINDS) - 1),
    small(11),
    small(11),
    small(11),
    small(4),
    small(255),
    st.sampled_from((*(0,) * 6, *range(12))),
)


def histories(steps: int) -> st.SearchStrategy[list[Step]]:
    return st.lists(STEPS.map(Step._make), min_size=steps, max_size=steps)


class Told(NamedTuple):
    event: Event
    step: Step


class History:
    """`told` is what happened, in the order of its days; `truth` what it comes to."""

    def __init__(self, steps: Iterable[Step]):
        self.truth, self.told = Truth(), list[Told]()
        self._day = BEGIN
        self._touched: defaultdict[str, date] = defaultdict(lambda: date.min)
        self._pending: list[str] = []
        for step in steps:
            self._day += timedelta(step.days)
            if step.kind:
                self._happen(step)

    def is_free(self, invoice: str, day: date) -> bool:
        """Nothing happened to the invoice on the day."""
        return not any(
            told.event.day == day and invoice in (told.event.about, *(each for each, _ in told.event.named))
            for told in self.told
        )

    @property
    def last_day(self) -> date:
        return self._day

    def _happen(self, step: Step) -> None:
        kind = KINDS[step.kind]
        event: Event | None = getattr(self, f"_{kind}")(step)
        if event is None:
            event = self._issue(step) if len(self.truth.issued) < MOST_INVOICES else None
        if event is None:
            return
        touched = {event.about, *(invoice for invoice, _ in event.named)} if event.kind != "issue" else set()
        if event.kind == "charge_back":
            # Also what it named: before all is recorded, it may pay that.
            touched |= {flow.invoice for flow in self.truth.flows[event.about]}
            touched |= {invoice for invoice, _ in self.truth.came[event.about].named}
        if any(self._touched[each] >= self._day for each in touched):
            self._day += timedelta(1)
            event = event._replace(day=self._day)
        if event.kind not in ("receive", "credit") or event.named:
            self._touched |= dict.fromkeys(touched, self._day)
        self.truth.tell(event)
        self.told.append(Told(event, step))

    # What may happen; None where it cannot

    def _issue(self, step: Step) -> Event | None:
        if len(self.truth.issued) >= MOST_INVOICES:
            return None
        parts, part = 1 + step.other % 3, 60 * (1 + step.amount % 3)
        due = tuple((self._day + timedelta(DAYS_TO_PAY * n), part) for n in range(1, parts + 1))
        number = f"R-{len(self.truth.issued) + 1}"
        return Event("issue", self._day, number, parts * part, CUSTOMERS[step.which % 2], due=due)

    def _pay(self, step: Step) -> Event | None:
        invoice = self._invoice(step, lambda number: True)
        if not invoice:
            return None
        customer = self.truth.issued[invoice].customer
        other = self._invoice(step._replace(which=step.other), lambda number: self._is_of(number, customer))
        named = [(invoice, self._amount(step, self.truth.owed(invoice) or self.truth.lost[invoice] or 60))]
        if step.other % 3 == 2 and other and other != invoice:
            named.append((other, self._amount(step, self.truth.owed(other) or 60)))
        more = 40 * (step.other % 4 == 1)
        minor = sum(asked for _, asked in named) + more
        return Event("receive", self._day, self._name("P"), minor, customer, tuple(named))

    def _unidentified(self, step: Step) -> Event:
        return Event("receive", self._day, self._name("P"), 30 * (1 + step.amount % 6))

    def _identify(self, step: Step) -> Event | None:
        money = self._money(step, lambda name: not self.truth.whose[name] and not self.truth.flows[name])
        return Event("identify", self._day, money, customer=CUSTOMERS[step.other % 2]) if money else None

    def _allocate(self, step: Step) -> Event | None:
        money = self._money(step, lambda name: bool(self.truth.left[name]))
        if not money:
            return None
        is_note = self.truth.came[money].kind == "credit"

        def may_take(number: str) -> bool:
            is_theirs = not self.truth.whose[money] or self._is_of(number, self.truth.whose[money])
            return is_theirs and bool(self.truth.owed(number) or (self.truth.lost[number] and not is_note))

        invoice = self._invoice(step._replace(which=step.other), may_take)
        if not invoice:
            return None
        most = min(self.truth.left[money], self.truth.owed(invoice) or self.truth.lost[invoice])
        minor = most if step.amount % 2 else max(1, most // 2)
        return Event("allocate", self._day, money, named=((invoice, minor),))

    def _charge_back(self, step: Step) -> Event | None:
        def is_there(name: str) -> bool:
            return self.truth.came[name].kind == "receive" and bool(self.truth.left[name] or self.truth.flows[name])

        money = self._money(step, is_there)
        if not money:
            return None
        flows = self.truth.flows[money]
        is_clear = len({flow.day for flow in flows}) == len(flows)
        left = self.truth.left[money] + sum(flow.minor for flow in flows)
        part = max(1, left // 3) if step.amount % 3 == 0 and is_clear else left
        return Event("charge_back", self._day, money, part)

    def _refund(self, step: Step) -> Event | None:
        money = self._money(step, lambda name: bool(self.truth.left[name]))
        if not money:
            return None
        left = self.truth.left[money]
        return Event("refund", self._day, money, left if step.amount % 2 else max(1, left // 2))

    def _credit(self, step: Step) -> Event | None:
        invoice = self._invoice(step, lambda number: bool(self.truth.owed(number) or not self.truth.given_up[number]))
        if not invoice:
            return None
        minor = self._amount(step, self.truth.owed(invoice) or 60)
        customer = self.truth.issued[invoice].customer
        return Event("credit", self._day, self._name("C"), minor, customer, ((invoice, minor),))

    def _credit_alone(self, step: Step) -> Event:
        return Event("credit", self._day, self._name("C"), 30 * (1 + step.amount % 4), CUSTOMERS[step.which % 2])

    def _write_off(self, step: Step) -> Event | None:
        invoice = self._invoice(step, lambda number: bool(self.truth.owed(number)))
        if not invoice:
            return None
        minor = None if step.amount % 3 else max(1, self.truth.owed(invoice) // 2)
        return Event("write_off", self._day, invoice, minor)

    def _void(self, step: Step) -> Event | None:
        named = {invoice for told in self.told for invoice, _ in told.event.named}
        others = {told.event.about for told in self.told if told.event.kind == "write_off"}
        invoice = self._invoice(step, lambda number: number not in named | others)
        return Event("void", self._day, invoice) if invoice else None

    # Which, and how much

    def _invoice(self, step: Step, fit: object) -> str:
        """One that was not voided; the empty text where there is none."""
        found = [each for each in self.truth.issued if each not in self.truth.voided and fit(each)]  # type: ignore[operator]
        return found[step.which % len(found)] if found else ""

    def _money(self, step: Step, fit: object) -> str:
        found = [each for each in self.truth.came if fit(each)]  # type: ignore[operator]
        return found[-1 - step.which % len(found)] if found else ""

    def _amount(self, step: Step, owed: int) -> int:
        return max(1, (owed, owed, owed // 2, owed // 3, owed + 30, 20)[step.amount % 6])

    def _is_of(self, invoice: str, customer: str) -> bool:
        return self.truth.issued[invoice].customer == customer

    def _name(self, prefix: str) -> str:
        return f"{prefix}-{len(self.truth.came) + 1}"
