"""What the feed has done, and what is on its topics, as plain data."""

from collections.abc import Sequence
from typing import TypedDict

from infra.kafka.provisioning import Found
from services.feed.publisher import Sent

# `from` is no name that Python has for a field.
PublishedAnswer = TypedDict(
    "PublishedAnswer", {"published": int, "from": int | None, "to": int | None, "position": int}
)


class RestoredAnswer(TypedDict):
    """`first` is the position from which on ids bear the name; None where nothing differed."""

    first: int | None
    name: str


class TopicAnswer(TypedDict):
    name: str
    partitions: int
    replicas: int
    wrong: list[str]


class TopicsAnswer(TypedDict):
    topics: list[TopicAnswer]


def published_answer(sent: Sent) -> PublishedAnswer:
    """`from` and `to` are positions of the log, None where nothing was published."""
    return {"published": sent.published, "from": sent.first, "to": sent.last, "position": sent.position}


def restored_answer(first: int | None, name: str) -> RestoredAnswer:
    return {"first": first, "name": name}


def topics_answer(found: Sequence[Found]) -> TopicsAnswer:
    return {"topics": [{**each._asdict(), "wrong": [*each.wrong]} for each in found]}  # type: ignore[typeddict-item]
