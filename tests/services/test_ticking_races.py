"""Payments and disputes race the ladder, and escalators race each other while they are killed."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from threading import Event
from typing import Any

import psycopg
import pytest

from domain import customer as customers
from domain import invoice as invoices
from domain.case.facts import StepDecided
from domain.contact.facts import Planned
from domain.customer.facts import ContactSet, Registered
from domain.entry import Cause, customer_stream, invoice_stream
from domain.invoice.facts import Disputed, Paid, Reminded
from domain.terms import Instalment
from infra.clock import pause
from infra.log.appends import Contended
from infra.log.ledger import Batch
from infra.settings import Settings
from infra.views.answers import Views
from services.assembly import assemble
from services.escalation import ticking
from services.escalation.subjects import Subjects
from tests.domain.ladders import GENERAL, altered
from tests.services.desk import ask_customer, set_contact_of
from tests.services.escalating import Fixed, escalator_of, facts_of

DUE, FRIENDLY = date(2026, 3, 3), date(2026, 3, 6)
CAUSE = Cause("tester", "given")


def issue(ledger, numbers, per_customer=1):
    """Invoices that are due, so many of each customer."""
    issued_on = DUE - timedelta(days=30)
    asked: dict[str, Any] = {"currency": "EUR", "total_minor": 1000_00, "issued_on": issued_on}
    batches = []
    for at, number in enumerate(numbers):
        given = asked | {"customer": f"c{number.partition('-')[0]}-{at // per_customer}"}
        [fact] = invoices.issue(None, number=number, entity="main", **given, instalments=[Instalment(DUE, 1000_00)])
        batches.append(Batch(invoice_stream(number, "main"), 0, [(fact, issued_on)], CAUSE))
    ledger.record_many(batches)


def register(app, customers):
    """Each of them can be written to."""
    encrypted = app.encryption.encrypt_many([(name, {"email": "x@example.org"}) for name in customers])
    app.ledger.record_many(
        Batch(customer_stream(name), 0, [(Registered(name), DUE), (ContactSet(text), DUE)], CAUSE)
        for name, text in zip(customers, encrypted, strict=True)
        if text
    )


# Payments and disputes


class Hesitant:
    """Lets others in between reading and recording, for a moment. `reading` says that it has begun to read."""

    def __init__(self, subjects, dice):
        self._subjects, self._dice = subjects, dice
        self.reading = Event()

    def load(self, streams, today):
        loaded = self._subjects.load(streams, today)
        self.reading.set()
        time.sleep(self._dice.choice((0, 0.0005, 0.002, 0.005)))
        return loaded


def settle(app, numbers, dice, name, begin):
    """Each of them is paid or wholly disputed, now and then after a moment; not before the ladder is read."""
    begin.wait(5)
    for number in dice.sample(numbers, len(numbers)):
        stream = invoice_stream(number, "main")
        decide = _paying(stream) if dice.random() < 0.5 else _disputing(stream)
        cause = Cause("clerk", f"{name} {number}")
        app.ledger.change([stream], decide, on=FRIENDLY, cause=cause, content=[number])
        time.sleep(dice.choice((0, 0.005, 0.02, 0.05)))


def _paying(stream):
    given: dict[str, Any] = {"receipt": f"B-{stream}", "allocation": 1, "amount_minor": 1000_00, "currency": "EUR"}
    return lambda invoice: {stream: invoices.pay(invoice, on=FRIENDLY, **given)}


def _disputing(stream):
    return lambda invoice: {stream: invoices.dispute(invoice, reason_code="price")}


def raced(app, monkeypatch, rounds, invoices_a_round, seed=7):
    """Returns how many of all were reminded before they were settled."""
    monkeypatch.setattr(ticking, "CHUNK", 5)
    monkeypatch.setattr(ticking, "TRIES", 40)
    dice = Random(seed)
    escalator: Any = escalator_of(app, pause=pause)
    escalator._subjects = hesitant = Hesitant(Subjects(app.ledger, Fixed(GENERAL)), dice)
    with ThreadPoolExecutor(2) as pool:
        for n in range(rounds):
            numbers = [f"{n}-{at}" for at in range(invoices_a_round)]
            issue(app.ledger, numbers)
            register(app, [f"c{n}-{at}" for at in range(invoices_a_round)])
            hesitant.reading.clear()
            tick = pool.submit(escalator.run, FRIENDLY)
            settling = pool.submit(settle, app, numbers, Random(100 * seed + n), f"round {n}", hesitant.reading)
            settling.result()
            with suppress(Contended):
                tick.result()
    return require_nothing_after_the_money(app)


def require_nothing_after_the_money(app):
    settled, reminded = {}, 0
    position = 0
    while page := app.ledger.entries(position):
        for entry in page:
            position = entry.position
            match entry.fact:
                case Paid() | Disputed():
                    settled[entry.stream] = position
                case StepDecided():
                    assert f"invoice:{entry.stream.partition(':')[2]}" not in settled, "decided after it was settled"
                case Reminded():
                    reminded += 1
                    assert entry.stream not in settled, "reminded after it was settled"
                case Planned(about=about):
                    assert not settled.keys() & {each.invoice for each in about}, "planned after it was settled"
    return reminded


def test_no_contact_is_decided_after_the_money_or_the_dispute_in_the_order_of_the_log(app, monkeypatch):
    assert 0 < raced(app, monkeypatch, 4, 25) < 100, "both were faster now and then"


@pytest.mark.deep
def test_no_contact_is_decided_after_the_money_or_the_dispute_in_ten_thousand_schedules(
    databases, tmp_path, monkeypatch
):
    """In ten ledgers, since what is disputed is looked at again in every tick."""
    reminded = 0
    for n in range(10):
        with assemble(Settings(home=tmp_path / str(n)), database_url=databases()) as app:
            reminded += raced(app, monkeypatch, 20, 50, seed=n)
    assert 100 < reminded < 9_900, "both were faster now and then"


# Two escalators


class Interrupted(Fixed):
    """Somebody else acts between the look at the views and the first decision."""

    def __init__(self, policy, act):
        super().__init__(policy)
        self._act = act

    def earliest_days(self):
        act, self._act = self._act, lambda: None
        act()
        return super().earliest_days()


def test_what_another_escalator_planned_a_moment_ago_keeps_the_customer_quiet(app, desk, clock):
    clock.at = clock.at.replace(month=3, day=6)
    issue(app.ledger, ["0-1", "0-2"], per_customer=2)
    ask_customer(app, customers.register, "c0-0", on=DUE, cause=desk.cause())
    set_contact_of(app, "c0-0", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
    stream = invoice_stream("0-2", "main")
    dispute = app.ledger.change([stream], _disputing(stream), on=FRIENDLY, cause=CAUSE, content=[])
    assert dispute.facts

    def write_and_settle():
        assert escalator_of(app).run(FRIENDLY).decided == 1
        set_contact_of(app, "c0-0", {"phone": "+49 40 1"}, on=FRIENDLY, cause=desk.cause())
        app.ledger.change(
            [stream],
            lambda invoice: {stream: invoices.resolve(invoice, dispute=1, outcome="rejected")},
            on=FRIENDLY,
            cause=Cause("clerk", "resolved"),
            content=[],
        )

    escalator: Any = escalator_of(app)
    escalator._policies = Interrupted(GENERAL, write_and_settle)
    # As they were when they were last brought up to date: no projector works.
    escalator._views = Views(app.pool)
    assert escalator.run(FRIENDLY).waiting["quiet"] == 1
    assert len([entry for entry in facts_of(app, "contact") if isinstance(entry.fact, Planned)]) == 1


# Escalators that die


# More contacts than the bound of the general ladder lets go in a day.
BOUNDLESS = altered(most_contacts_a_day=10_000)


def escalate(url, home):
    with assemble(Settings(home=home), database_url=url) as app:
        escalator_of(app, BOUNDLESS, pause=pause).run(FRIENDLY)


def decided(url):
    """On a connection of its own, which no process that is forked takes along."""
    with psycopg.connect(url) as conn:
        [[steps]] = conn.execute("select count(*) from ledger.log where topic = 'case.step_decided'").fetchall()
    return steps


def killed_until_done(url, home, steps, processes, patience):
    """So many escalators at once, each begun anew when it ends; one is killed each second. Returns how many were."""
    begin = multiprocessing.get_context("fork").Process
    running: list[Any] = []
    killed, dice = 0, Random(3)
    deadline, next_kill = time.monotonic() + patience, time.monotonic() + 1
    try:
        while decided(url) < steps and time.monotonic() < deadline:
            running = [each for each in running if each.is_alive()]
            while len(running) < processes:
                running.append(begin(target=escalate, args=(url, home), daemon=True))
                running[-1].start()
            if time.monotonic() > next_kill:
                os.kill(dice.choice(running).pid, signal.SIGKILL)
                killed, next_kill = killed + 1, time.monotonic() + 1
            time.sleep(0.05)
    finally:
        for each in running:
            each.kill()
            each.join()
    return killed


@pytest.mark.deep
def test_of_eight_escalators_that_are_killed_none_takes_a_step_twice(database_url, tmp_path):
    with assemble(Settings(home=tmp_path), database_url=database_url) as app:
        issue(app.ledger, [f"R-{n}" for n in range(10_000)], per_customer=4)
        app.bring_views_up_to_date()
    killed = killed_until_done(database_url, tmp_path, 10_000, 8, 600)
    with assemble(Settings(home=tmp_path), database_url=database_url) as app:
        app.bring_views_up_to_date()
        escalator_of(app, BOUNDLESS).run(FRIENDLY)
        steps = Counter(entry.stream for entry in facts_of(app, "case"))
        contacts = [entry.fact for entry in facts_of(app, "contact")]
        assert (len(steps), set(steps.values())) == (10_000, {1})
        assert len(contacts) == len({contact.customer for contact in contacts}) == 2_500
        assert all(len(contact.about) == 4 for contact in contacts)
        assert app.ledger.verify().broken_at is None
    assert killed
