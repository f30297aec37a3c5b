"""The topics as they must be: made where they are missing."""

from collections.abc import Sequence

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from infra.kafka.message import BrokerAway
from infra.kafka.topics import Topic

TIMEOUT_MS = 10_000


def ensure(servers: Sequence[str], topics: Sequence[Topic], partitions: int) -> None:
    """Makes the topics that are missing. Raises `BrokerAway`."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=list(servers), request_timeout_ms=TIMEOUT_MS)
    except (KafkaError, OSError) as error:
        raise BrokerAway(f"{type(error).__name__}: {error}") from error
    try:
        # That it was constructed says nothing; that it answers does.
        missing = {topic.name: topic for topic in topics if topic.name not in set(admin.list_topics())}
        for topic in missing.values():
            _make(admin, topic, partitions)
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerAway(f"{type(error).__name__}: {error}") from error
    finally:
        admin.close()


def _make(admin: KafkaAdminClient, topic: Topic, partitions: int) -> None:
    try:
        admin.create_topics([NewTopic(topic.name, partitions, -1, topic_configs=dict(topic.settings))])
    except TopicAlreadyExistsError:
        # By another who found it missing as well.
        return
