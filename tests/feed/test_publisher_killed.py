"""The publisher killed at any moment, and the broker: whoever reads the topics by ids comes to what is in the log."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from domain.entry import Cause
from services.assembly import App
from services.feed.publisher import PAGE
from tests.feed.topic import held_against_the_log
from tests.infra.following import becomes
from tests.kafka import OwnBroker
from tests.services.desk import JAN_5, JAN_20, issue_invoice, record_receipt
from tests.services.terminal import Terminal

A_FEW_KILLS, MANY_KILLS = 6, 200
A_FEW_OUTAGES, MANY_OUTAGES = 2, 50
# A restarted broker answers after some seconds, and the publisher looks again after five at most.
BACK_SECONDS = 60.0


def issue(app: App, number: str, customer: str) -> None:
    asked: dict[str, Any] = {"customer": customer, "amount_minor": 100_00, "currency": "EUR", "due_on": JAN_20}
    issue_invoice(app, number, issued_on=JAN_5, cause=Cause("desk", app.new_id()), **asked)


@contextmanager
def business(app: App, seed: int) -> Iterator[None]:
    """Invoices are issued and paid without a pause, by somebody who knows nothing of Kafka."""
    stop = Event()
    failed: list[BaseException] = []

    def work() -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                name = f"R{seed}-{number}"
                issue(app, name, f"C{number % 40}")
                if number % 3 == 0:
                    pay = {"amount_minor": 100_00, "currency": "EUR", "invoices": [name]}
                    record_receipt(app, f"P{name}", value_on=JAN_20, cause=Cause("desk", app.new_id()), **pay)
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        assert not failed, failed


def published(app: App) -> int:
    return app.publisher.position()


def kill_publishers(app: App, terminal: Terminal, kills: int, seed: int) -> int:
    """Kills one after another somewhere in its work; returns how often one had published something before."""
    chance, worked = random.Random(seed), 0
    with business(app, seed):
        for _ in range(kills):
            before = published(app)
            process = terminal.start("work", "publisher")
            try:
                assert becomes(lambda: published(app) > before)  # noqa: B023 - asked at once
                time.sleep(chance.uniform(0, 0.3))
                worked += 1
            finally:
                process.kill()
                process.communicate()
    return worked


def kill_brokers(app: App, terminal: Terminal, own_broker: OwnBroker, outages: int, seed: int) -> None:
    chance, broker = random.Random(seed), own_broker()
    terminal.environment["RECEIVABLES_KAFKA"] = broker.address
    process = terminal.start("work", "publisher")
    try:
        assert becomes(lambda: published(app) > 0 or process.poll() is not None)
        for number in range(outages):
            before = published(app)
            with business(app, number):
                time.sleep(chance.uniform(0.05, 0.5))
                broker.kill()
                time.sleep(chance.uniform(0, 0.5))
            broker.start()
            head = app.ledger.head().position
            assert head > before
            assert becomes(lambda: published(app) >= head, BACK_SECONDS), process.poll()  # noqa: B023 - asked at once
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
    held_against_the_log(app, broker.address)


@pytest.fixture
def terminal(terminal: Terminal, kafka: str) -> Terminal:
    terminal.environment["RECEIVABLES_KAFKA"] = kafka
    return terminal


@pytest.fixture
def app(app: App, kafka: str) -> App:
    app.settings = app.settings.model_copy(update={"kafka": (kafka,)})
    issue(app, "R-1", "C1")
    return app


def and_the_rest_is_published(app: App, kafka: str, kills: int) -> None:
    with app.publisher as publisher:
        publisher.publish_all()
    topic = held_against_the_log(app, kafka)
    assert topic.facts == app.ledger.head().position
    # A killed one has sent a page at most of which it had not yet moved its position.
    assert topic.resent <= kills * PAGE


def test_a_publisher_killed_at_any_moment_loses_nothing_and_sends_again_under_the_same_ids(app, terminal, kafka):
    assert kill_publishers(app, terminal, A_FEW_KILLS, seed=1) == A_FEW_KILLS
    and_the_rest_is_published(app, kafka, A_FEW_KILLS)


def test_a_broker_killed_while_it_is_sent_to_has_everything_in_order_afterwards(app, terminal, own_broker):
    kill_brokers(app, terminal, own_broker, A_FEW_OUTAGES, seed=2)


@pytest.mark.deep
def test_a_publisher_killed_two_hundred_times(app, terminal, kafka):
    assert kill_publishers(app, terminal, MANY_KILLS, seed=3) == MANY_KILLS
    and_the_rest_is_published(app, kafka, MANY_KILLS)


@pytest.mark.deep
def test_a_broker_killed_fifty_times(app, terminal, own_broker):
    kill_brokers(app, terminal, own_broker, MANY_OUTAGES, seed=4)
