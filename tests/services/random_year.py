"""What debtors, clerks and collectors do, day by day and by a seed: payments, disputes, promises, plans, blocks."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from domain import contact as contacts
from domain import customer as customers
from domain import invoice as invoices
from domain.case.facts import TaskFinished
from domain.customer.facts import RiskReviewed, TermsAgreed
from domain.entry import Cause, customer_stream, invoice_stream
from domain.invoice.dating import effective_from
from domain.money import split
from domain.refusal import Refused
from domain.terms import Instalment, Share
from infra.log.ledger import Batch, Ledger

CAUSE = Cause("tester", "random year")
DEBTORS = ("ann", "bob", "cy", "dee", "eve")


class Year:
    """Everything is recorded at once, effective on its day, or a few days before or after it."""

    def __init__(self, ledger: Ledger, seed: int, begin: date, *, invoices: int):
        self.ledger, self.dice, self.begin = ledger, Random(seed), begin
        self.streams: list[str] = []
        for name in DEBTORS:
            self._record(customer_stream(name), customers.register(None, name, country="DE"), begin)
        for _ in range(invoices):
            self._issue(begin + timedelta(self.dice.randrange(-30, 40)))

    def live(self, today: date, acts: int, days: Sequence[int] = (0, 0, 0, 0, -1, -4, 3)) -> None:
        """Something happens to some invoices and customers on that day, effective so many `days` after it."""
        for _ in range(acts):
            stream = self.dice.choice(self.streams)
            on = today + timedelta(self.dice.choice(days))
            act = self.dice.choice(_ACTS)
            self._ask(stream, act, on)
        if self.dice.random() < 0.1:
            self._change_customer(today)

    def finish_tasks(self, tasks: Sequence[str], today: date, share: float) -> None:
        """A share of the open calls and decisions is done: the contacts, and the ladders that they held."""
        for stream in tasks:
            contact = self.ledger.state(stream)
            if self.dice.random() > share:
                continue
            self._record(stream, contacts.finish(contact, outcome="done", reached=self.dice.random() < 0.5), today)
            for about in contact.planned.about:
                case = f"case:{about.invoice.partition(':')[2]}"
                self._record(case, [TaskFinished(stream, "done")], today)

    def _issue(self, issued_on: date) -> None:
        dice, number = self.dice, f"R-{len(self.streams)}"
        total = dice.choice((3_00, 900_00, 2_000_00, 9_000_00))
        shares = [share for share in split(total, [1] * dice.choice((1, 1, 2, 3))) if share]
        first = dice.choice((0, 5, 14, 30))
        terms = [Instalment(issued_on + timedelta(first + 20 * n), share) for n, share in enumerate(shares)]
        asked: dict[str, Any] = {
            "customer": dice.choice(DEBTORS),
            "currency": "EUR",
            "total_minor": total,
            "issued_on": issued_on,
        }
        facts = invoices.issue(None, number=number, entity="main", **asked, instalments=terms)
        self.streams.append(invoice_stream(number, "main"))
        self._record(self.streams[-1], facts, issued_on)

    def _change_customer(self, today: date) -> None:
        name = self.dice.choice(DEBTORS)
        terms = TermsAgreed((Share(0, 10000),), is_consumer=self.dice.random() < 0.5)
        review = RiskReviewed(self.dice.choice("ABCDE"))
        self._record(customer_stream(name), [self.dice.choice((terms, review))], today)

    def _ask(self, stream: str, act: Callable[[Random, Any, date], Sequence[Any]], on: date) -> None:
        invoice = self.ledger.state(stream)
        on = max(on, invoice.issued.issued_on)
        try:
            facts = act(self.dice, invoice, on)
            on = effective_from(invoice, facts, on)
        except (Refused, KeyError):
            return
        self._record(stream, facts, on)

    def _record(self, stream: str, facts: Sequence[Any], on: date) -> None:
        if facts:
            version = self.ledger.read([stream])[stream].version
            self.ledger.record_many([Batch(stream, version, [(fact, on) for fact in facts], CAUSE)])


def _pay(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    amount = max(1, invoice.open_minor // dice.choice((1, 2, 3)))
    name = f"B-{dice.random()}"
    return invoices.pay(invoice, receipt=name, allocation=1, amount_minor=amount, currency="EUR", on=on)


def _take_back(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    if not invoice.payments:
        return []
    payment = dice.choice(invoice.payments)
    return invoices.reverse_payment(invoice, receipt=payment.receipt, allocation=payment.allocation)


def _dispute(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    amount = dice.choice((None, invoice.open_minor // 2, invoice.items[0].open_minor))
    return invoices.dispute(invoice, reason_code=dice.choice(("price", "goods")), amount_minor=amount)


def _resolve(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    return invoices.resolve(invoice, outcome="rejected", dispute=min(d.number for d in invoice.disputes or [_NONE]))


def _promise(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    return invoices.promise(invoice, on=on, pay_on=on + timedelta(dice.randrange(12)))


def _plan(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    shares = [share for share in split(invoice.open_minor, [1, 1, 1]) if share]
    parts = [Instalment(on + timedelta(9 + 15 * n), share) for n, share in enumerate(shares)]
    return invoices.agree_plan(invoice, on=on, instalments=parts) if parts else []


def _fee(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    return invoices.charge_fee(invoice, on=on, amount_minor=dice.choice((40_00, 2500_00)), basis="reminder")


def _block(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    return invoices.block(invoice, on=on, until=on + timedelta(dice.randrange(9)))


def _factor(dice: Random, invoice: Any, on: date) -> Sequence[Any]:
    terms: dict[str, Any] = {
        "advance_basis_points": 8000,
        "fee_basis_points": 200,
        "with_recourse": dice.random() < 0.7,
    }
    until = on + timedelta(200)
    return invoices.factor(invoice, factor="F", **terms, recourse_on=until if terms["with_recourse"] else None)


class _None:
    number = 0


_NONE = _None()
_ACTS: Sequence[Callable[[Random, Any, date], Sequence[Any]]] = (
    _pay,
    _pay,
    _pay,
    _take_back,
    _dispute,
    _dispute,
    _resolve,
    _resolve,
    _promise,
    _plan,
    _fee,
    _block,
    _factor,
    lambda dice, invoice, on: invoices.reassign(invoice, on=on),
    lambda dice, invoice, on: invoices.place(invoice, agency="A", commission_basis_points=100),
    lambda dice, invoice, on: invoices.recall(invoice),
    lambda dice, invoice, on: invoices.credit(invoice, credit_note=f"C-{dice.random()}", amount_minor=20_00),
)
