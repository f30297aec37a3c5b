"""Which partition a key falls into, as Kafka's own clients have it."""

from functools import lru_cache

from aiokafka.partitioner import murmur2


# The same customers come again and again, and the hash is worked out in Python.
@lru_cache(maxsize=100_000)
def partition_of(key: str, partitions: int) -> int:
    """Of a topic with that many partitions: the one that every client of Kafka chooses for this key by default."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % partitions)
