"""The programs of docs/feed.md, run as they stand: what comes again they pass over, what is missing they notice."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from domain.invoice import promise
from infra.kafka import topics
from infra.settings import Settings
from services.assembly import App, assemble
from tests.infra.following import becomes
from tests.services.conftest import SetClock
from tests.services.desk import JAN_20, Desk

DOCUMENT = Path(__file__).parents[2] / "docs" / "feed.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
MANY = 40


class Subscriber:
    """What a program has printed so far, a line for each thing it noticed."""

    def __init__(self, process: "subprocess.Popen[bytes]", printed: Path):
        self._process, self._printed = process, printed

    def lines(self, word: str) -> list[str]:
        assert self._process.poll() is None, self._printed.read_text()
        return [line for line in self._printed.read_text().splitlines() if line.split(" ")[0] == word]


@contextmanager
def subscribed(program: str, folder: Path, broker: str) -> Iterator[Subscriber]:
    (folder / "program.py").write_text(program)
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "program.py"],
            cwd=folder,
            env={**os.environ, "KAFKA": broker},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Subscriber(process, folder / "printed")
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def app(database_url: str, kafka: str, tmp_path: Path) -> Iterator[App]:
    settings = Settings(home=tmp_path, kafka=(kafka,), kafka_partitions=3)
    with assemble(settings, database_url=database_url, clock=SetClock()) as app, app.publisher:
        yield app


def test_there_are_two_programs_of_some_twenty_lines():
    assert [each.count("from faststream") > 0 for each in PROGRAMS] == [True, False]
    assert all(len([line for line in each.splitlines() if line.strip()]) <= 22 for each in PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS, ids=["faststream", "kafka-python"])
def test_a_subscriber_takes_each_fact_once_and_notices_a_gap(program: str, app: App, kafka: str, tmp_path: Path):
    desk = Desk(app)
    for number in range(MANY):
        desk.issue(f"R-{number}", 100_00, debtor=f"C-{number % 7}")
    app.publisher.publish_all()
    with subscribed(program, tmp_path, kafka) as subscriber:
        assert becomes(lambda: len(subscriber.lines("took")) >= MANY)
        desk.ask(promise, "R-0", amount_minor=50_00, pay_on=JAN_20)
        app.publisher.return_to(0)
        app.publisher.publish_all()
        assert becomes(lambda: len(subscriber.lines("again")) >= MANY)
        assert becomes(lambda: len(subscriber.lines("took")) >= MANY + 1)
        assert subscriber.lines("gap") == []

        later(kafka, "invoice:main:R-1", 5)
        assert becomes(lambda: bool(subscriber.lines("gap")))
        assert subscriber.lines("gap") == ["gap invoice:main:R-1 2 4"]
        taken = [line.split(" ")[1] for line in subscriber.lines("took")]
        assert len(taken) == len({*taken}) == MANY + 2
        assert len(subscriber.lines("again")) == MANY


def later(broker: str, stream: str, sequence: int) -> None:
    """A fact of the stream is there, and those between are not."""
    sent: dict[str, Any] = {
        "ce_id": "0b0a:999",
        "ce_type": "receivables.invoice.voided.v1",
        "ce_subject": stream,
        "ce_sequence": str(sequence),
        "content-type": "application/json",
    }
    producer = KafkaProducer(bootstrap_servers=broker)
    producer.send(
        topics.FACTS["invoice"],
        key=stream.encode(),
        value=b'{"data": {}}',
        headers=[(name, text.encode()) for name, text in sent.items()],
    )
    producer.flush()
    producer.close()
