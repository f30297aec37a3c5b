"""What is on the fact topics, held against the log by plain words: nothing missing, nothing else, in order."""

from collections import Counter
from typing import NamedTuple

from infra.kafka import topics
from infra.kafka.reader import reading
from services.assembly import App
from services.feed.origin import origin_of

FACTS = [*topics.FACTS.values()]


class Topic(NamedTuple):
    """`resent` counts messages that had been there before, under the same id."""

    facts: int
    resent: int


def held_against_the_log(app: App, server: str) -> Topic:
    """Fails where a subscriber who knows ids and sequences would not have come to what is in the log."""
    seen: dict[str, bytes | None] = {}
    last: Counter[str] = Counter()
    places: dict[str, tuple[str, int]] = {}
    positions: set[int] = set()
    resent = 0
    with reading([server]) as reader:
        for record in reader.all(FACTS):
            found = origin_of(record)
            assert found, f"no fact of ours: {record}"
            assert places.setdefault(found.stream, (record.topic, record.partition)) == (record.topic, record.partition)
            id_ = f"{found.incarnation}:{found.position}"
            if id_ in seen:
                assert seen[id_] == record.value, f"{id_} says something else the second time"
                resent += 1
                continue
            assert found.position not in positions, f"position {found.position} has a second id, {id_}"
            assert found.version == last[found.stream] + 1, (
                f"{found.stream}: {found.version} after {last[found.stream]}"
            )
            seen[id_], last[found.stream] = record.value, found.version
            positions.add(found.position)
    head = app.ledger.head().position
    assert positions == set(range(1, head + 1)), f"missing: {sorted(set(range(1, head + 1)) - positions)[:10]}"
    return Topic(len(positions), resent)
