"""A consumer that is not stopped by a message which the client cannot read.

Names of headers are text to clients, and bytes to the broker. Over one that is no text aiokafka raises each time it
comes to it, and loses what it has read beside it. Here the message is passed over, and a record without content stands
in its place, so that it can be set aside like others.
"""

from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from infra.kafka.message import NO_TEXT

# After a message that could not be read: until then what comes is taken one by one, so that nothing is lost beside it.
CAREFUL_CALLS = 500

Found = dict[TopicPartition, list[ConsumerRecord[Any, Any]]]


class UndauntedConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """For one who counts as read, before each call, all that the calls before have given."""

    def __init__(self, *topics: str, **settings: Any):
        super().__init__(*topics, **settings)
        self._careful, self._turns = 0, 0
        self._given: dict[TopicPartition, int] = {}

    async def getmany(self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None) -> Found:
        if not self._careful:
            try:
                found: Found = await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)
                return found
            except UnicodeDecodeError:
                await self._return_to_committed()
                self._careful = CAREFUL_CALLS
        self._careful -= 1
        return await self._next(timeout_ms)

    async def _return_to_committed(self) -> None:
        for place in self.assignment():
            committed = await self.committed(place)
            if committed is None:
                await self.seek_to_beginning(place)
            else:
                self.seek(place, committed)

    async def _next(self, timeout_ms: int) -> Found:
        # Those that were given something last come last, or one partition would keep the others waiting.
        for place in sorted(self.assignment(), key=lambda each: self._given.get(each, 0)):
            try:
                found: Found = await super().getmany(place, timeout_ms=timeout_ms, max_records=1)
            except UnicodeDecodeError:
                found = {place: [await self._passed_over(place)]}
                self._careful = CAREFUL_CALLS
            if found:
                self._turns += 1
                self._given[place] = self._turns
                return found
        return {}

    async def _passed_over(self, place: TopicPartition) -> ConsumerRecord[Any, Any]:
        offset = await self.position(place)
        self.seek(place, offset + 1)
        return ConsumerRecord(
            place.topic, place.partition, offset, -1, 0, None, None, None, -1, -1, headers=((NO_TEXT, b""),)
        )
