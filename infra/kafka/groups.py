"""Who reads our topics: the consumer groups, and how far each is behind."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kafka import TopicPartition
from kafka.admin import OffsetSpec

from infra.kafka.provisioning import administration
from infra.kafka.topics import PREFIX

EMPTY = "Empty"
# Of what other kinds of groups have read, no offset says.
_WITH_OFFSETS = ("", "classic", "consumer")


class Group(NamedTuple):
    """`behind` has messages by topic; a partition of which nothing was read yet counts with all it has."""

    name: str
    state: str
    behind: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        """Nobody reads for it now."""
        return self.state == EMPTY


def select_groups(servers: Sequence[str]) -> list[Group]:
    """Every group that has read any of our topics, by name. Raises `BrokerAway`."""
    with administration(servers) as admin:
        states = {
            each["group_id"]: each.get("group_state") or "unknown"
            for each in admin.list_groups()
            if (each.get("group_type") or "").lower() in _WITH_OFFSETS
        }
        if not states:
            return []
        read = {name: _ours(offsets) for name, offsets in admin.list_group_offsets([*states]).items()}
        names = sorted({place.topic for offsets in read.values() for place in offsets})
        begins, ends = _spans(admin, names)
    return [
        Group(name, states[name], _behind(offsets, begins, ends)) for name, offsets in sorted(read.items()) if offsets
    ]


def _ours(offsets: Mapping[Any, Any]) -> dict[Any, int]:
    return {place: found.offset for place, found in offsets.items() if place.topic.startswith(PREFIX)}


def _spans(admin: Any, names: Sequence[str]) -> tuple[dict[Any, int], dict[Any, int]]:
    """Of topics that are still there."""
    there = set(admin.list_topics())
    described = admin.describe_topics([name for name in names if name in there]) if there.intersection(names) else []
    places = [
        TopicPartition(topic["name"], each["partition_index"]) for topic in described for each in topic["partitions"]
    ]
    if not places:
        return {}, {}
    begins = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
    ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    return {place: each.offset for place, each in begins.items()}, {place: each.offset for place, each in ends.items()}


def _behind(offsets: Mapping[Any, int], begins: Mapping[Any, int], ends: Mapping[Any, int]) -> dict[str, int]:
    behind = dict.fromkeys(sorted({place.topic for place in offsets}), 0)
    for place, end in ends.items():
        if place.topic in behind:
            behind[place.topic] += max(0, end - max(begins[place], offsets.get(place, -1)))
    return behind
