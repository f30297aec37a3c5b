"""The topics as they must be: made where they are missing, and held against the settings we rely on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from infra.kafka.message import BrokerAway
from infra.kafka.topics import Topic
from infra.reasons import reason_of

TIMEOUT_MS = 10_000


class Found(NamedTuple):
    """A topic as it is: no partitions where there is none; `wrong` says what differs from what it must be."""

    name: str
    partitions: int
    replicas: int
    wrong: Sequence[str]


@contextmanager
def administration(servers: Sequence[str], *, timeout_ms: int = TIMEOUT_MS) -> Iterator[Any]:
    """The admin client of kafka-python. Raises `BrokerAway`, also where it fails within."""
    try:
        # That it was constructed says nothing; that it answers does.
        admin = KafkaAdminClient(
            bootstrap_servers=list(servers),
            client_id="receivables",
            bootstrap_timeout_ms=timeout_ms,
            request_timeout_ms=timeout_ms,
        )
        try:
            yield admin
        finally:
            admin.close()
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerAway(reason_of(error)) from error


def ensure(servers: Sequence[str], topics: Sequence[Topic], partitions: int) -> None:
    """Makes the topics that are missing. Raises `BrokerAway`."""
    with administration(servers) as admin:
        there = set(admin.list_topics())
        for topic in topics:
            if topic.name not in there:
                _make(admin, topic, partitions)
        if not there.issuperset(topic.name for topic in topics):
            admin.wait_for_topics([topic.name for topic in topics], timeout_ms=TIMEOUT_MS)


def inspect(
    servers: Sequence[str], topics: Sequence[Topic], partitions: int, *, timeout_ms: int = TIMEOUT_MS
) -> list[Found]:
    """Each topic as it is. A number of partitions above 0 must be that of all. Raises `BrokerAway`."""
    with administration(servers, timeout_ms=timeout_ms) as admin:
        there = set(admin.list_topics())
        names = [topic.name for topic in topics if topic.name in there]
        described = {each["name"]: each["partitions"] for each in admin.describe_topics(names)} if names else {}
        settings = _settings(admin, names)
    return [_found(topic, described.get(topic.name), settings.get(topic.name, {}), partitions) for topic in topics]


def _make(admin: Any, topic: Topic, partitions: int) -> None:
    try:
        admin.create_topics([NewTopic(topic.name, partitions, -1, topic_configs=dict(topic.settings))])
    except TopicAlreadyExistsError:
        # By another who found it missing as well.
        return


def _settings(admin: Any, names: Sequence[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    answer = admin.describe_configs(resources, config_filter="all")
    return {name: {key: str(value["value"]) for key, value in each.items()} for name, each in answer["topic"].items()}


def _found(topic: Topic, described: Sequence[Any] | None, settings: dict[str, str], partitions: int) -> Found:
    if described is None:
        return Found(topic.name, 0, 0, ["it is missing"])
    wrong = [
        f"{key} is {settings.get(key)}, not {value}"
        for key, value in topic.settings.items()
        if settings.get(key) != value
    ]
    if partitions and len(described) != partitions:
        wrong.insert(0, f"it has {len(described)} partitions, not {partitions}")
    return Found(topic.name, len(described), min(len(each["replica_nodes"]) for each in described), wrong)
