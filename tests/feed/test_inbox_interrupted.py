"""What is killed while requests flow: the broker, and the inbox. No request is lost, none is done twice."""

import random
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from infra.kafka.dev_broker import DevBroker
from infra.settings import Settings
from services.assembly import App, assemble
from tests.feed.correspondence import PARTITIONS, Correspondent, States, correspondent, inbox_at_work
from tests.infra.following import becomes
from tests.services.terminal import Terminal

REQUESTS = 40


@pytest.fixture
def listening(database_url: str, tmp_path, own_broker) -> Iterator[tuple[App, DevBroker]]:
    broker = own_broker()
    settings = Settings(home=tmp_path, kafka=(broker.address,), kafka_partitions=PARTITIONS)
    with assemble(settings, database_url=database_url) as app:
        yield app, broker


def started(terminal: Terminal) -> Any:
    process = terminal.start("work", "inbox")
    assert process.stdout and process.stdout.readline().startswith("inbox works")
    return process


def ask_for_many(service: Correspondent, name: str) -> list[str]:
    """Four of five are done, the others refused."""
    asked = [service.issue(f"{name}-{n}", key=b"%d" % n) for n in range(REQUESTS)]
    refused = [
        service.ask("invoice.credit", {"number": f"{name}-none-{n}"}, key=b"%d" % n) for n in range(REQUESTS // 4)
    ]
    return asked + refused


def all_is_answered_once(app: App, service: Correspondent, asked: list[str]) -> None:
    for each in asked:
        replies = service.replies(each)
        assert len({(reply.value, tuple(reply.headers)) for reply in replies}) == 1
    outcomes = [service.answer(each)["outcome"] for each in asked]
    expected = len(asked) * 4 // 5
    assert (outcomes.count("done"), outcomes.count("refused")) == (expected, len(asked) - expected)
    facts = [f"{entry.stream}@{entry.version}" for entry in app.ledger.entries(0)]
    told = [event for each in asked for event in service.answer(each)["events"]]
    assert sorted(told) == sorted(facts)


def test_a_broker_that_is_away_is_waited_for_at_the_start_and_in_between(listening):
    app, broker = listening
    states = States()
    broker.kill()
    with inbox_at_work(app, states):
        assert becomes(lambda: states.said == ["away"])
        broker.start()
        assert becomes(lambda: states.said == ["away", "following"])
        with correspondent(broker.address) as service:
            asked = ask_for_many(service, "before")
            broker.kill()
            assert becomes(lambda: states.said[-1] == "away")
            broker.start()
            assert becomes(lambda: states.said[-1] == "following")
            asked += ask_for_many(service, "after")
            all_is_answered_once(app, service, asked)


def test_an_inbox_that_is_killed_at_any_moment_loses_nothing_and_does_nothing_twice(listening):
    app, broker = listening
    terminal = Terminal(app.database_url, app.settings.home)
    terminal.environment |= {"RECEIVABLES_KAFKA": broker.address, "RECEIVABLES_KAFKA_PARTITIONS": str(PARTITIONS)}
    chance = random.Random(3)
    with correspondent(broker.address) as service:
        asked = []
        for kill in range(3):
            process = started(terminal)
            new = ask_for_many(service, f"k{kill}")
            service.replies(chance.choice(new))
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
            process.communicate()
            asked += new
        last = started(terminal)
        all_is_answered_once(app, service, asked)
        last.send_signal(signal.SIGTERM)
        assert last.wait(20) == 0
        last.communicate()
