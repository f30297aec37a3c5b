"""Requests are read, answered, and counted as read only when the broker has confirmed every answer.

FastStream reads them, a batch from each service's topic at a time. Within a partition one is answered after the other,
in threads, since a decision waits for the database; partitions do not wait for each other.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import CommitFailedError, KafkaError, MessageSizeTooLargeError, RecordListTooLargeError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.message import StreamMessage

from infra.kafka.condition import Condition
from infra.kafka.message import BrokerAway, Message, Record
from infra.kafka.unreadable import UndauntedConsumer
from infra.log.follower import Stopped, retry_seconds

GROUP = "receivables-inbox"
# Each takes two connections of the database's pool of eleven, where the ledger itself and the heartbeat have one each.
THREADS = 4
# A batch is filled from one partition after the other: a small one would seldom be of several.
MOST_IN_A_BATCH = 500
# Between two looks at a topic where there was nothing.
IDLE_MS = 10
# While one fetch waits for a message in the partitions it asks for, those just read are not asked for.
FETCH_WAIT_MS = 25
SESSION_MS, HEARTBEAT_MS, REQUEST_MS = 6_000, 1_000, 10_000
LARGEST_MESSAGE = 2 * 1024 * 1024
LOOK_SECONDS, GRACE_SECONDS, CLOSE_SECONDS = 1.0, 5.0, 10.0

BROKER = "broker"

Answer = Callable[[Record], Message]
Records = tuple[ConsumerRecord[Any, Any], ...]
Handler = Callable[[Records], Any]


def subscribed(servers: Sequence[str], topics: Sequence[str], handle: Handler, log: Any = None) -> KafkaBroker:
    """A subscriber for each topic, all of one group; what the handler raises leaves the offset where it was."""
    # It only reads: answers need bytes and headers exactly as they are given.
    broker = KafkaBroker(
        list(servers),
        consumer_only=True,
        allow_auto_create_topics=False,
        request_timeout_ms=REQUEST_MS,
        graceful_timeout=GRACE_SECONDS,
        apply_types=False,
        logger=log,
    )
    for topic in topics:
        subscriber = broker.subscriber(
            topic,
            batch=True,
            batch_timeout_ms=IDLE_MS,
            max_records=MOST_IN_A_BATCH,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            group_id=GROUP,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            # What was asked before the inbox first ran is answered, too.
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            parser=_unread,
            decoder=_records,
            no_reply=True,
        )
        subscriber(handle)
    return broker


class Conversation:
    """Runs until `stop` is set; a broker that is away is waited for. `prepare` is called before topics are read."""

    def __init__(
        self,
        servers: Sequence[str],
        topics: Sequence[str],
        answer: Answer,
        condition: Condition,
        *,
        prepare: Callable[[], object] = lambda: None,
    ):
        self.servers, self.topics, self.answer = servers, topics, answer
        self.condition, self.prepare = condition, prepare

    def run(self, stop: Event) -> None:
        failures = 0
        with ThreadPoolExecutor(THREADS, "inbox") as threads:
            while not stop.is_set():
                session = _Session(self, threads, stop)
                try:
                    asyncio.run(session.run())
                except (BrokerAway, KafkaError, OSError) as error:
                    self.condition.away(BROKER, error)
                    failures = 1 if session.has_begun else failures + 1
                    stop.wait(retry_seconds(failures))


class _Session:
    """From the first connection until the work is to end, or a reader cannot go on without a new one."""

    def __init__(self, conversation: Conversation, threads: ThreadPoolExecutor, stop: Event):
        self._of, self._threads, self._stop = conversation, threads, stop
        self._producer: AIOKafkaProducer
        self._trouble: asyncio.Future[None]
        self.has_begun = False

    async def run(self) -> None:
        self._trouble = asyncio.get_running_loop().create_future()
        work = asyncio.create_task(self._work())
        while not work.done() and not self._stop.is_set():
            await asyncio.wait({work}, timeout=0.1)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    async def _work(self) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=list(self._of.servers),
            acks="all",
            linger_ms=0,
            max_request_size=LARGEST_MESSAGE,
            request_timeout_ms=REQUEST_MS,
        )
        broker = subscribed(self._of.servers, self._of.topics, self._handle, _Ear(self._hear))
        try:
            await self._producer.start()
            await asyncio.get_running_loop().run_in_executor(self._threads, self._of.prepare)
            await broker.connect()
            made = broker.config.broker_config
            made.builder = partial(UndauntedConsumer, **made.builder.keywords)  # type: ignore[attr-defined]
            # At once, so that the group is divided once.
            await asyncio.gather(*(each.start() for each in broker.subscribers))
            self.has_begun = True
            await self._watch()
        finally:
            await _closed(*(each.stop() for each in broker.subscribers))
            await _closed(self._producer.stop())

    async def _watch(self) -> None:
        """The readers find a broker that is back by themselves; somebody should know that it is away."""
        while not self._trouble.done():
            if await self._is_there():
                self._of.condition.back(BROKER)
            else:
                self._of.condition.away(BROKER, BrokerAway(f"none answers at {', '.join(self._of.servers)}"))
            await asyncio.wait({self._trouble}, timeout=LOOK_SECONDS)
        self._trouble.result()

    async def _is_there(self) -> bool:
        try:
            async with asyncio.timeout(REQUEST_MS / 1000):
                return bool(await self._producer.client.force_metadata_update())
        except TimeoutError:
            return False

    def _hear(self, error: BaseException) -> None:
        """What a reader could not do: to count as read what has meanwhile become another's is none of its business."""
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if not isinstance(error, Stopped | CommitFailedError | asyncio.CancelledError) and not self._trouble.done():
            self._trouble.set_exception(error)

    async def _handle(self, records: Records) -> None:
        partitions: dict[int, list[Record]] = {}
        for each in records:
            found = Record(each.topic, each.partition, each.offset, each.key, each.value, tuple(each.headers))
            partitions.setdefault(each.partition, []).append(found)
        async with asyncio.TaskGroup() as group:
            for found_there in partitions.values():
                group.create_task(self._in_order(found_there, group))

    async def _in_order(self, records: Sequence[Record], group: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        for record in records:
            if self._stop.is_set():
                raise Stopped
            message = await loop.run_in_executor(self._threads, self._of.answer, record)
            group.create_task(self._send(message))

    async def _send(self, message: Message) -> None:
        """Until the broker has confirmed it."""
        failures = 0
        while True:
            # The client takes nothing that has neither.
            key = b"" if message.key is None and message.value is None else message.key
            try:
                confirmed = await self._producer.send(
                    message.topic, message.value, key, message.partition, headers=message.headers
                )
                await confirmed
                return
            except (MessageSizeTooLargeError, RecordListTooLargeError):
                if message.value is None:
                    raise
                # Its origin says where it can still be found.
                message = message._replace(value=None)
            except KafkaError as error:
                self._of.condition.away(BROKER, error)
                failures += 1
                await asyncio.sleep(retry_seconds(failures))
            if self._stop.is_set():
                raise Stopped


class _Ear:
    """What FastStream takes for a logger: its words are about single messages, its errors are ours to know."""

    def __init__(self, hear: Callable[[BaseException], None]):
        self._hear = hear

    def log(self, level: int, message: Any, *, exc_info: Any = None, extra: Any = None) -> None:
        if isinstance(exc_info, BaseException) and level >= logging.ERROR:
            self._hear(exc_info)


async def _unread(records: Records, original: Callable[[Records], Any]) -> StreamMessage[Any]:
    """Headers may be anything, and FastStream takes them for text."""
    message: StreamMessage[Any] = await original(tuple(replace(each, headers=()) for each in records))
    message.raw_message = records
    return message


async def _records(message: StreamMessage[Any]) -> Records:
    records: Records = message.raw_message
    return records


async def _closed(*closing: Coroutine[Any, Any, Any]) -> None:
    """A broker that is away cannot be parted from properly."""

    async def close(each: Coroutine[Any, Any, Any]) -> None:
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await each

    await asyncio.gather(*map(close, closing))
