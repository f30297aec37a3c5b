"""The topics of this ledger: those the publisher writes, and those on which other services talk to it."""

from infra.kafka import provisioning, topics
from infra.kafka.provisioning import Found
from infra.kafka.topics import Topic
from infra.settings import Settings
from services.feed import permissions


def wanted(settings: Settings) -> list[Topic]:
    """Raises `Unavailable` where the file of the services says something wrong."""
    return [*topics.outgoing(), *topics.conversation(tuple(permissions.load(settings.home)))]


def found(settings: Settings, *, create: bool) -> list[Found]:
    """Each topic as it is, after those that are missing were made if wanted. Raises `Unavailable`, `BrokerAway`."""
    if create:
        provisioning.ensure(settings.brokers, wanted(settings), settings.kafka_partitions)
    return provisioning.inspect(settings.brokers, wanted(settings), settings.kafka_partitions)
