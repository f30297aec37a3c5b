"""Messages from Kafka to one of a group that share the partitions; how far each was read is the caller's to keep.

Partitions come and go when others join the group or leave it. With each such change `generation` rises, and nothing
that was read before it is of use any more: the caller seeks to where every partition stands, and reads on from there.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError
from anyio.from_thread import BlockingPortal, start_blocking_portal

from infra.kafka.message import BrokerAway, Place, Record

# One that was killed is missed after so long, the least that brokers allow by default.
SESSION_MS, HEARTBEAT_MS = 6_000, 2_000
# How soon a topic that was made anew is noticed.
METADATA_MS = 5_000
# While one fetch waits for a message in the partitions it asks for, those just read are not asked for.
FETCH_WAIT_MS = 50
FETCH_BYTES = 2 * 1024 * 1024
REQUEST_SECONDS, JOIN_SECONDS, STOP_SECONDS = 10.0, 60.0, 2.0
# The client reads on by itself when a broker is back; somebody should know that it is away.
LOOK_SECONDS, ANSWER_SECONDS = 2.0, 3.0


class Polled(NamedTuple):
    generation: int
    records: Mapping[Place, Sequence[Record]]


class Consumer:
    """Joins the group when it is first used, and anew after it has failed. For one thread at a time, and closed after
    `with`. Everything raises `BrokerAway`.
    """

    def __init__(self, servers: Sequence[str], group: str, topics: Sequence[str]):
        self._servers, self._group, self._topics = list(servers), group, list(topics)
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._committing: Future[None] | None = None
        self._turns = _Turns()
        self._looked_at = 0.0
        # How many messages there have ever been in each partition, of whoever's, when it was last looked.
        self.ends: Mapping[Place, int] = {}

    @property
    def generation(self) -> int:
        return self._turns.count

    def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer and self._portal:
            with suppress(Exception):
                self._portal.call(_stop, consumer)
        self._portal = None
        self._stack.close()

    def poll(self, most: int, seconds: float) -> Polled:
        """Up to so many messages; none where none has come in that time."""
        with self._connected() as portal:
            return portal.call(self._poll, most, seconds)

    def assigned(self) -> set[Place]:
        with self._connected() as portal:
            return portal.call(self._assigned)

    def seek(self, offsets: Mapping[Place, int]) -> None:
        with self._connected() as portal:
            portal.call(self._seek, offsets)

    def commit(self, offsets: Mapping[Place, int]) -> None:
        """For tools that show how far a group is; nothing rests on it, and nothing waits for it."""
        if self._consumer and self._portal and (self._committing is None or self._committing.done()):
            self._committing = self._portal.start_task_soon(self._commit, self._consumer, offsets)

    async def _poll(self, most: int, seconds: float) -> Polled:
        consumer = await self._started()
        generation = self.generation
        polled = await consumer.getmany(timeout_ms=int(seconds * 1000), max_records=most)
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            await self._look(consumer)
        records = {Place(*place): [_record(place, each) for each in found] for place, found in polled.items()}
        return Polled(generation, records)

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        places = [
            TopicPartition(topic, number)
            for topic in self._topics
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        ends = await asyncio.wait_for(consumer.end_offsets(places), ANSWER_SECONDS) if places else {}
        self.ends = {Place(*place): end for place, end in ends.items()}
        self._looked_at = time.monotonic()

    async def _assigned(self) -> set[Place]:
        consumer = await self._started()
        return {Place(*place) for place in consumer.assignment()}

    async def _seek(self, offsets: Mapping[Place, int]) -> None:
        consumer = await self._started()
        assigned = consumer.assignment()
        for place, offset in offsets.items():
            # What has just gone to another is nobody's concern here.
            if TopicPartition(*place) in assigned:
                consumer.seek(TopicPartition(*place), offset)

    async def _commit(self, consumer: AIOKafkaConsumer, offsets: Mapping[Place, int]) -> None:
        assigned = consumer.assignment()
        ours = {TopicPartition(*place): offset for place, offset in offsets.items() if place in assigned}
        with suppress(Exception):
            await asyncio.wait_for(consumer.commit(ours), REQUEST_SECONDS)

    async def _started(self) -> AIOKafkaConsumer:
        if self._consumer:
            return self._consumer
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            client_id="receivables-reporter",
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            metadata_max_age_ms=METADATA_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=FETCH_BYTES,
            request_timeout_ms=int(REQUEST_SECONDS * 1000),
        )
        try:
            consumer.subscribe(topics=self._topics, listener=self._turns)
            await asyncio.wait_for(consumer.start(), JOIN_SECONDS)
        except BaseException:
            await _stop(consumer)
            raise
        self._consumer = consumer
        return consumer

    @contextmanager
    def _connected(self) -> Iterator[BlockingPortal]:
        if not self._portal:
            self._portal = self._stack.enter_context(start_blocking_portal())
        try:
            yield self._portal
        except UnknownTopicOrPartitionError as error:
            self.close()
            raise BrokerAway("a topic of facts is missing: `receivables feed topics --create` makes it") from error
        except (KafkaError, OSError, TimeoutError) as error:
            self.close()
            raise BrokerAway(f"{type(error).__name__}: {error}".splitlines()[0][:300]) from error
        except BaseException:
            self.close()
            raise


class _Turns(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.count = 0

    def on_partitions_revoked(self, revoked: object) -> None:
        self.count += 1

    def on_partitions_assigned(self, assigned: object) -> None:
        self.count += 1


def _record(place: TopicPartition, each: Any) -> Record:
    return Record(place.topic, place.partition, each.offset, each.key, each.value, each.headers)


async def _stop(consumer: AIOKafkaConsumer) -> None:
    with suppress(Exception):
        await asyncio.wait_for(consumer.stop(), STOP_SECONDS)
    with suppress(Exception):
        await consumer._client.close()
