"""Faults on the topics: everything is read, changed, and written anew."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from kafka import KafkaProducer
from psycopg import sql

from infra.kafka import provisioning, topics
from infra.kafka.message import Message, Record
from infra.kafka.producer import Producer
from infra.kafka.reader import reading
from tests.tampering import unguarded

PARTITIONS = 6
FACTS = [*topics.FACTS.values()]
OUTGOING = [topic.name for topic in topics.outgoing()]


def everything(kafka: str, names: Sequence[str] = OUTGOING) -> list[Record]:
    with reading([kafka]) as reader:
        return [*reader.all(names)]


def by_position(kafka: str) -> list[Message]:
    """All facts, as they were sent."""
    return [message_of(record) for record in sorted(everything(kafka, FACTS), key=position_of)]


def position_of(message: Message | Record) -> int:
    return int(headers_of(message)["ce_id"].rpartition(b":")[2])


def headers_of(message: Message | Record) -> dict[str, bytes]:
    return {name: value or b"" for name, value in message.headers}


def message_of(record: Record) -> Message:
    headers = [(name, value or b"") for name, value in record.headers]
    return Message(record.topic, record.key, record.value, headers, record.partition)


def with_header(message: Message, name: str, value: bytes) -> Message:
    return message._replace(headers=[*((n, v) for n, v in message.headers if n != name), (name, value)])


@contextmanager
def spoilt(database_url: str, position: int, **columns: str | bytes) -> Iterator[None]:
    """While it lasts a row of the log is under a name that nobody knows, or as the columns say."""
    changed: dict[str, str | bytes] = columns or {"topic": "newer.than_we_know"}
    names = sql.SQL(", ").join(map(sql.Identifier, changed))
    update = sql.SQL("update ledger.log set ({}) = row (%s{}) where notification_id = %s").format(
        names, sql.SQL(", %s" * (len(changed) - 1))
    )
    select = sql.SQL("select {} from ledger.log where notification_id = %s").format(names)
    with psycopg.connect(database_url, autocommit=True) as conn:
        before = conn.execute(select, (position,)).fetchone()
        assert before
        with unguarded(conn):
            conn.execute(update, (*changed.values(), position))
        try:
            yield
        finally:
            with unguarded(conn):
                conn.execute(update, (*before, position))


def write(kafka: str, *messages: Message) -> None:
    with Producer([kafka]) as producer:
        producer.send(messages)


class NoText(str):
    """The name of a header as clients in other languages may write it."""

    def encode(self, *_: Any) -> bytes:
        return b"\xff\xfe"


def write_unreadable(kafka: str, topic: str, partitions: Sequence[int]) -> None:
    """A message in each of them over which clients in Python stumble."""
    producer = KafkaProducer(bootstrap_servers=kafka)
    for partition in partitions:
        producer.send(topic, b"{}", headers=[(NoText("x"), b"")], partition=partition).get(30)
    producer.close()


def empty(kafka: str, names: Sequence[str] = OUTGOING) -> None:
    """Makes the topics anew."""
    with provisioning.administration([kafka]) as admin:
        admin.delete_topics([*names])
    provisioning.ensure([kafka], [topic for topic in topics.outgoing() if topic.name in names], PARTITIONS)


def rewrite(kafka: str, change: Callable[[list[Message]], list[Message]]) -> None:
    """The topics of facts, by what comes of all facts in order of position."""
    before = by_position(kafka)
    empty(kafka, FACTS)
    write(kafka, *change(before))
