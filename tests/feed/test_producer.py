"""Many messages at once: all of them confirmed, in order in each partition, or a broker that is said to be away."""

import pytest

from infra.kafka import provisioning, topics
from infra.kafka.message import BrokerAway, Message
from infra.kafka.producer import BATCH_BYTES, Producer
from infra.kafka.reader import reading

TOPIC = topics.FACTS["contact"]


@pytest.fixture
def producer(kafka):
    provisioning.ensure([kafka], topics.outgoing(), 3)
    with Producer([kafka]) as producer:
        yield producer


def message(value, partition=0, key=b"contact:1"):
    return Message(TOPIC, key, value, [("ce_id", b"1")], partition)


def values(kafka):
    with reading([kafka]) as reader:
        return [record.value for record in reader.all([TOPIC])]


def test_a_message_much_larger_than_a_batch_arrives_between_its_neighbours(producer, kafka):
    large = b"x" * (12 * BATCH_BYTES)
    producer.send([message(b"before"), message(large), message(b"after")])
    assert values(kafka) == [b"before", large, b"after"]


def test_ten_thousand_messages_are_in_order_in_each_partition(producer, kafka):
    producer.send(message(str(number).encode(), number % 3) for number in range(10_000))
    with reading([kafka]) as reader:
        found: dict[int, list[int]] = {number: [] for number in range(3)}
        for record in reader.all([TOPIC]):
            found[record.partition].append(int(record.value or b""))
    assert found == {number: [*range(number, 10_000, 3)] for number in range(3)}


def test_a_topic_that_is_not_there_is_a_broker_that_cannot_take_it_and_the_next_send_works(
    producer, kafka, monkeypatch
):
    monkeypatch.setattr("infra.kafka.producer.TIMEOUT_SECONDS", 1)
    with pytest.raises(BrokerAway):
        producer.send([Message("receivables.nothing", b"k", b"v", [], 0)])
    producer.send([message(b"still works")])
    assert values(kafka) == [b"still works"]


def test_nobody_who_answers_is_a_broker_that_is_away():
    with Producer(["127.0.0.1:1"]) as producer, pytest.raises(BrokerAway, match="Unable to bootstrap"):
        producer.connect()
