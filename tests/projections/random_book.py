"""Books nobody planned: invoices of several customers and currencies, and what became of them, by a seed."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from domain import customer
from domain import invoice as invoices
from domain.entry import Cause, customer_stream, invoice_stream
from domain.terms import Instalment
from infra.log.ledger import Batch, Ledger

BEGIN = date(2025, 1, 1)
CUSTOMERS = ("ann", "bob", "cy", "dee")
CURRENCIES = ("EUR", "JPY")
CAUSE = Cause("tester", "random book")

Dated = tuple[Any, date]


def play(ledger: Ledger, seed: int, invoices: int = 40) -> None:
    """Records the stories of all invoices, told across each other, each in the order it was learnt."""
    dice = Random(seed)
    stories = [list(_story(dice, number)) for number in range(invoices)]
    stories += [list(_standing(dice, name)) for name in CUSTOMERS]
    versions: dict[str, int] = {}
    batches = []
    while stories := [story for story in stories if story]:
        stream, facts = dice.choice(stories).pop(0)
        batches.append(Batch(stream, versions.get(stream, 0), facts, CAUSE))
        versions[stream] = versions.get(stream, 0) + len(facts)
    for start in range(0, len(batches), 25):
        ledger.record_many(batches[start : start + 25])


def _story(dice: Random, number: int) -> Iterator[tuple[str, list[Dated]]]:
    name, owner, currency = f"R-{number}", dice.choice(CUSTOMERS), dice.choice(CURRENCIES)
    stream = invoice_stream(name, "main")
    issued_on = BEGIN + timedelta(dice.randrange(500))
    total = dice.randrange(1, 100_000)
    first = total // 3 if total > 3 and dice.random() < 0.3 else 0
    terms = [Instalment(issued_on + timedelta(14), first)] if first else []
    terms.append(Instalment(issued_on + timedelta(dice.choice((0, 30, 60))), total - first))
    invoice: Any = None

    def asked(decision: Any, effective_on: date, /, **given: Any) -> tuple[str, list[Dated]]:
        nonlocal invoice
        facts = decision(invoice, **given)
        for fact in facts:
            invoice = invoices.evolve(invoice, fact)
        return stream, [(fact, effective_on) for fact in facts]

    def paid(minor: int, on: date, receipt: str) -> tuple[str, list[Dated]]:
        money = {"receipt": receipt, "allocation": 1, "amount_minor": minor, "currency": currency}
        return asked(invoices.pay, on, on=on, **money)

    yield asked(
        invoices.issue,
        issued_on,
        number=name,
        entity="main",
        customer=owner,
        currency=currency,
        total_minor=total,
        issued_on=issued_on,
        instalments=terms,
    )
    day = issued_on + timedelta(dice.randrange(120))
    if dice.random() < 0.3:
        yield asked(invoices.dispute, day, reason_code="price", amount_minor=dice.randrange(1, total + 1))
    if dice.random() < 0.3:
        yield asked(invoices.promise, day, pay_on=day + timedelta(5), on=day)
    if dice.random() < 0.3:
        yield asked(invoices.charge_fee, day, amount_minor=dice.randrange(1, 500), basis="reminder", on=day)
    ending = dice.choice(
        ("paid", "paid", "paid", "late", "parts", "bounced", "written off", "credited", "void", "open")
    )
    later = day + timedelta(dice.randrange(1, 90))
    left = invoice.open_minor
    if ending in ("paid", "late"):
        yield paid(left, later if ending == "late" else day, "P")
    elif ending == "parts" and left > 1:
        # The second payment is booked first: what counts for an earlier day is learnt later.
        yield paid(left // 2, later, "P1")
        yield paid(invoice.open_minor, day, "P2")
    elif ending == "bounced":
        yield paid(left, day, "P")
        yield asked(invoices.reverse_payment, later, receipt="P", allocation=1)
        if dice.random() < 0.5:
            yield paid(invoice.open_minor, later + timedelta(dice.randrange(40)), "again")
    elif ending == "written off":
        yield asked(invoices.write_off, later)
    elif ending == "credited":
        note = {"credit_note": "C", "amount_minor": left}
        yield asked(invoices.credit, later, **note)
    elif ending == "void":
        yield asked(invoices.void, day)
    if invoice.promise and not invoice.is_voided:
        judged_on = invoice.promise.pay_on + timedelta(1)
        yield asked(invoices.review_promise, judged_on, on=judged_on)


def _standing(dice: Random, name: str) -> Iterator[tuple[str, list[Dated]]]:
    stream = customer_stream(name)
    account: Any = None

    def asked(decision: Any, effective_on: date, /, **given: Any) -> tuple[str, list[Dated]]:
        nonlocal account
        facts = decision(account, **given)
        for fact in facts:
            account = customer.evolve(account, fact)
        return stream, [(fact, effective_on) for fact in facts]

    yield asked(customer.register, BEGIN, number=name, country=dice.choice(("DE", "NO")))
    for _ in range(dice.randrange(8)):
        day = BEGIN + timedelta(dice.randrange(600))
        match dice.choice(("limit", "hold", "review", "collector")):
            case "limit":
                until = dice.choice((None, day + timedelta(100)))
                limit = {"amount_minor": dice.randrange(50_000), "currency": dice.choice(CURRENCIES)}
                yield asked(customer.set_limit, day, **limit, until=until)
            case "hold":
                decision = customer.release if account.holds else customer.hold
                yield asked(decision, day, scope="orders")
            case "review":
                until = dice.choice((None, day + timedelta(60)))
                yield asked(customer.review_risk, day, risk_class=dice.choice("ABCDE"), next_review_on=until)
            case "collector":
                yield asked(customer.assign_collector, day, collector=dice.choice(("kim", "lee")))
