"""Another service as it talks to the inbox: it asks on its topic, and reads the answers with another client."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from infra.kafka import topics
from infra.kafka.conversation import GROUP
from infra.kafka.message import Record
from infra.kafka.provisioning import ensure
from services.assembly import App
from services.processes import inbox
from tests.infra.following import Running, becomes

PARTITIONS = 3
SERVICES = ("default", "shop", "till")
Header = tuple[str, bytes]

_numbers = itertools.count(1)


def request_headers(request_id: str, command: str, *more: Header, version: str = "v1") -> list[Header]:
    return [("ce_id", request_id.encode()), ("ce_type", f"receivables.request.{command}.{version}".encode()), *more]


class NoText(str):
    """The name of a header as clients in other languages may write it."""

    def encode(self, *_: Any) -> bytes:
        return b"\xff\xfe"


class Correspondent:
    def __init__(self, address: str, producer: Any, heard: list[Record]):
        self._address, self._producer, self._heard = address, producer, heard

    def send(self, value: bytes | None, headers: Sequence[Header]) -> Any:
        """Where the message stands now."""
        return self._sent(value, headers).get(30)

    def ask(
        self, command: str, arguments: Mapping[str, object], *more: Header, request_id: str = "", **how: Any
    ) -> str:
        asked = request_id or f"q-{next(_numbers)}"
        self._sent(json.dumps(arguments).encode(), request_headers(asked, command, *more), **how)
        return asked

    def issue(self, number: str, *more: Header, **how: Any) -> str:
        asked = {"number": number, "customer": "acme", "amount": "100.00", "currency": "EUR"}
        return self.ask("invoice.issue", asked, *more, **how)

    def replies(self, request_id: str, number: int = 1) -> list[Record]:
        """The first so many replies to a request."""

        def found() -> list[Record]:
            mine = [each for each in self._heard if each.topic == topics.REPLIES]
            return [each for each in mine if each.key == request_id.encode()]

        assert becomes(lambda: len(found()) >= number), f"{len(found())} replies to {request_id}"
        return found()

    def answer(self, request_id: str) -> Any:
        return json.loads(self.replies(request_id)[-1].value or b"")

    def dead_letter(self, sent: Any) -> Record:
        """The one that says it comes from there."""
        origin = json.dumps({"topic": sent.topic, "partition": sent.partition, "offset": sent.offset})

        def found() -> list[Record]:
            dead = [each for each in self._heard if each.topic == topics.DEAD_LETTERS]
            return [each for each in dead if json.loads(dict(each.headers)["origin"] or b"") == json.loads(origin)]

        assert becomes(lambda: bool(found())), f"no dead letter from {origin}"
        return found()[0]

    def _sent(
        self, value: bytes | None, headers: Sequence[Header], *, service: str = "default", key: bytes | None = b"key"
    ) -> Any:
        topic = topics.request_topic(service)
        return self._producer.send(topic, value=value, key=key, headers=[*headers])

    def committed(self, sent: Any) -> int:
        admin = KafkaAdminClient(bootstrap_servers=self._address)
        try:
            offsets = admin.list_group_offsets([GROUP])[GROUP]
        finally:
            admin.close()
        return int(offsets[TopicPartition(sent.topic, sent.partition)].offset)


@contextmanager
def correspondent(address: str) -> Iterator[Correspondent]:
    ensure([address], topics.conversation(SERVICES), PARTITIONS)
    heard: list[Record] = []
    over = Event()
    # Soon there again when the broker is.
    how: dict[str, Any] = {"bootstrap_servers": address, "reconnect_backoff_max_ms": 200}
    consumer = KafkaConsumer(**how, group_id=None, auto_offset_reset="earliest")
    consumer.assign(
        [TopicPartition(name, each) for name in (topics.REPLIES, topics.DEAD_LETTERS) for each in range(PARTITIONS)]
    )

    def listen() -> None:
        while not over.is_set():
            for place, records in consumer.poll(timeout_ms=20).items():
                heard.extend(
                    Record(place.topic, place.partition, each.offset, each.key, each.value, tuple(each.headers))
                    for each in records
                )
        consumer.close()

    listening = Thread(target=listen, daemon=True)
    listening.start()
    producer = KafkaProducer(**how, acks="all", linger_ms=0, max_request_size=3_000_000)
    try:
        yield Correspondent(address, producer, heard)
    finally:
        over.set()
        listening.join(10)
        producer.close(5)


class States:
    """What a worker reports."""

    def __init__(self) -> None:
        self._lock, self._said = Lock(), list[tuple[str, str]]()

    def __call__(self, state: str, message: str) -> None:
        with self._lock:
            self._said.append((state, message))

    @property
    def said(self) -> list[str]:
        with self._lock:
            return [state for state, _ in self._said]


@contextmanager
def inbox_at_work(app: App, report: Callable[[str, str], None] = lambda state, message: None) -> Iterator[Running]:
    """In a thread of this process; an error in it fails the test."""
    running = Running(lambda stop: inbox.run(app, stop, report))
    try:
        yield running
    finally:
        running.end()
        assert running.error is None, running.error
