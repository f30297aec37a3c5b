"""What the feed has done, and what is on its topics, as plain data."""

from collections.abc import Sequence
from typing import Any, TypedDict

from infra.kafka.groups import Group
from infra.kafka.provisioning import Found
from services.feed.checking import Checked
from services.feed.comparison import (
    DIFFERENT,
    DIFFERENT_STATES,
    DISORDERED,
    DOUBLED,
    MISSING,
    RESENT,
    STALE_STATES,
    WITHDRAWN,
    Finding,
)
from services.feed.lag import PublisherLag
from services.feed.publisher import Sent
from services.feed.tailing import Seen

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


class FindingAnswer(TypedDict):
    """`place` is topic, partition and offset of the message; `names` says in what it differs, `reason_code` why a
    fact cannot be published."""

    fault: str
    position: int | None
    stream: str
    place: str | None
    names: list[str]
    reason_code: str | None


class CheckAnswer(TypedDict):
    """`log` counts facts, `topic` ids on the topics of facts, of whatever; up to `different_states` each is a fault.

    Of the missing, `waiting` were only not published yet, and `parked` could not be. `resent` is harmless, `withdrawn`
    is what a restore took.
    """

    log: int
    topic: int
    missing: int
    doubled: int
    disordered: int
    different: int
    stale_states: int
    different_states: int
    waiting: int
    parked: int
    resent: int
    withdrawn: int
    is_clean: bool
    findings: list[FindingAnswer]


class PublisherLagAnswer(TypedDict):
    """`waits_since` is when the first fact was recorded that is not published.

    `parked` counts facts before it that could not be published; the first of them is at `parked_from`.
    """

    position: int
    head: int
    behind: int
    waits_since: str | None
    state: str
    parked: int
    parked_from: int | None


class TopicLag(TypedDict):
    topic: str
    behind: int


class GroupAnswer(TypedDict):
    """`is_empty` when nobody reads for it now; `behind` counts messages."""

    group: str
    state: str
    is_empty: bool
    behind: int
    topics: list[TopicLag]


class LagAnswer(TypedDict):
    """None is what could not be asked."""

    publisher: PublisherLagAnswer | None
    groups: list[GroupAnswer] | None


class MessageAnswer(TypedDict):
    """`position` is None where it is no fact of the log; `value` is text where it is no JSON."""

    topic: str
    partition: int
    offset: int
    position: int | None
    key: str
    headers: dict[str, str]
    value: Any


def published_answer(sent: Sent) -> PublishedAnswer:
    """`from` and `to` are positions of the log, None where nothing was published."""
    return {"published": sent.published, "from": sent.first, "to": sent.last, "position": sent.position}


def restored_answer(first: int | None, name: str) -> RestoredAnswer:
    return {"first": first, "name": name}


def topics_answer(found: Sequence[Found]) -> TopicsAnswer:
    return {"topics": [{**each._asdict(), "wrong": [*each.wrong]} for each in found]}  # type: ignore[typeddict-item]


def check_answer(checked: Checked) -> CheckAnswer:
    counts = checked.counts
    return {
        "log": checked.log,
        "topic": checked.topic,
        "missing": counts[MISSING],
        "doubled": counts[DOUBLED],
        "disordered": counts[DISORDERED],
        "different": counts[DIFFERENT],
        "stale_states": counts[STALE_STATES],
        "different_states": counts[DIFFERENT_STATES],
        "waiting": checked.waiting,
        "parked": checked.parked,
        "resent": counts[RESENT],
        "withdrawn": counts[WITHDRAWN],
        "is_clean": checked.is_clean,
        "findings": [finding_answer(each) for each in checked.findings],
    }


def finding_answer(found: Finding) -> FindingAnswer:
    at = found.record
    return {
        "fault": found.fault,
        "position": found.position,
        "stream": found.stream,
        "place": f"{at.topic}/{at.partition}/{at.offset}" if at else None,
        "names": [*found.names],
        "reason_code": found.reason_code,
    }


def publisher_answer(lag: PublisherLag) -> PublisherLagAnswer:
    waits_since = lag.waits_since.isoformat() if lag.waits_since else None
    return {
        "position": lag.position,
        "head": lag.head,
        "behind": lag.behind,
        "waits_since": waits_since,
        "state": lag.state,
        "parked": lag.parked,
        "parked_from": lag.parked_from,
    }


def lag_answer(publisher: PublisherLag | None, groups: Sequence[Group] | None) -> LagAnswer:
    return {
        "publisher": publisher_answer(publisher) if publisher else None,
        "groups": None if groups is None else [group_answer(each) for each in groups],
    }


def group_answer(group: Group) -> GroupAnswer:
    return {
        "group": group.name,
        "state": group.state,
        "is_empty": group.is_empty,
        "behind": sum(group.behind.values()),
        "topics": [{"topic": topic, "behind": behind} for topic, behind in group.behind.items()],
    }


def message_answer(seen: Seen) -> MessageAnswer:
    at = seen.record
    return {
        "topic": at.topic,
        "partition": at.partition,
        "offset": at.offset,
        "position": seen.position,
        "key": seen.stream,
        "headers": seen.headers,
        "value": seen.value,
    }
