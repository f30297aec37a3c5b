"""Many messages to Kafka at once, in order in each partition, and every one of them confirmed.

The client of FastStream sends message by message, each with a future of its own to wait for. What follows the log has
many at once and waits for all, so it packs them itself: a batch for a partition is one future.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError
from anyio.from_thread import BlockingPortal, start_blocking_portal

from infra.kafka.message import BrokerAway, Message
from infra.reasons import reason_of

BATCH_BYTES = 256 * 1024
# After so long a broker that does not confirm is told to be away; the messages are sent again later.
TIMEOUT_SECONDS = 10
STOP_SECONDS = 1

_Place = tuple[str, int]


class TooLarge(BrokerAway):
    """The broker is there, and does not take a message of that size: it does once its topic is as it must be."""


class Producer:
    """Connects when it first sends, and anew after it has failed. For one thread at a time, and closed after `with`.

    Kafka's idempotence holds within a connection: what was sent and not confirmed may be there twice afterwards.
    """

    def __init__(self, servers: Sequence[str]):
        self._servers = list(servers)
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None
        self._producer: AIOKafkaProducer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer and self._portal:
            with suppress(Exception):
                self._portal.call(_stop, producer)
        # With its loop ends whatever the client still had to do.
        self._portal = None
        self._stack.close()

    def connect(self) -> None:
        """Raises `BrokerAway` where none answers."""
        self.send(())

    def send(self, messages: Iterable[Message]) -> None:
        """Returns when all replicas in sync have all of them; raises `BrokerAway` when that is not to be had.

        Each message must name its partition.
        """
        by_place: dict[_Place, list[Message]] = {}
        for message in messages:
            assert message.partition is not None, "whoever sends many chooses the partitions"
            by_place.setdefault((message.topic, message.partition), []).append(message)
        if not self._portal:
            self._portal = self._stack.enter_context(start_blocking_portal())
        try:
            self._portal.call(self._send, by_place)
        except BrokerAway:
            self.close()
            raise
        except (KafkaError, OSError, TimeoutError) as error:
            # What it has not sent yet must not come after what is sent next.
            self.close()
            raise BrokerAway(reason_of(error)) from error
        except BaseException:
            self.close()
            raise

    async def _send(self, by_place: dict[_Place, list[Message]]) -> None:
        producer = self._producer or await self._started()
        sending = [asyncio.ensure_future(_send_to(producer, place, each)) for place, each in by_place.items()]
        try:
            await asyncio.gather(*sending)
        finally:
            for task in sending:
                task.cancel()

    async def _started(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            client_id="receivables-publisher",
            acks="all",
            enable_idempotence=True,
            max_batch_size=BATCH_BYTES,
            request_timeout_ms=TIMEOUT_SECONDS * 1000,
        )
        try:
            await asyncio.wait_for(producer.start(), TIMEOUT_SECONDS)
        except BaseException:
            with suppress(Exception):
                await producer.stop()
            raise
        self._producer = producer
        return producer


async def _send_to(producer: AIOKafkaProducer, place: _Place, messages: Sequence[Message]) -> None:
    """Each batch is confirmed before the next is given away: what follows one that is not taken is not sent."""
    topic, partition = place
    for batch in _batches(producer, messages):
        confirmed = await producer.send_batch(batch, topic, partition=partition)
        try:
            await asyncio.wait_for(confirmed, 2 * TIMEOUT_SECONDS)
        except (MessageSizeTooLargeError, RecordListTooLargeError):
            largest = max(len(message.value or b"") for message in messages)
            raise TooLarge(
                f"the topic {topic} does not take a message of {largest:,} bytes: `receivables feed topics` says what "
                "max.message.bytes must be"
            ) from None


def _batches(producer: AIOKafkaProducer, messages: Sequence[Message]) -> Iterable[Any]:
    batch = producer.create_batch()
    for message in messages:
        if not _has_taken(batch, message):
            batch.close()
            yield batch
            batch = producer.create_batch()
            assert _has_taken(batch, message), "an empty batch takes a message of any size"
    batch.close()
    yield batch


def _has_taken(batch: Any, message: Message) -> bool:
    added = batch.append(timestamp=None, key=message.key, value=message.value, headers=message.headers)
    return added is not None


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        await asyncio.wait_for(producer.stop(), STOP_SECONDS)
    finally:
        await producer.client.close()
