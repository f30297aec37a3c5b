"""What a doctor asks of the feed: does a broker answer, are the topics as they must be, does the publisher keep up."""

from typing import Literal, NamedTuple

from infra.kafka import provisioning, topics
from infra.kafka.message import BrokerAway
from infra.settings import Settings
from services.feed.lag import NOT_RUNNING, PublisherLag

# Nobody waits longer for a broker that does not answer.
WAIT_MS = 3_000


class Sign(NamedTuple):
    name: str
    state: Literal["ok", "behind", "failed"]
    message: str


def signs(settings: Settings, lag: PublisherLag | None) -> list[Sign]:
    """`lag` is None while no database answers. Raises `Unavailable` where no broker is set."""
    servers = ", ".join(settings.brokers)
    published = [_publisher(lag)] if lag else []
    try:
        found = provisioning.inspect(settings.brokers, topics.outgoing(), settings.kafka_partitions, timeout_ms=WAIT_MS)
    except BrokerAway as away:
        return [Sign("kafka", "failed", f"{servers} does not answer: {away}"), *published]
    return [Sign("kafka", "ok", f"{servers} answers"), _topics(found), *published]


def _topics(found: list[provisioning.Found]) -> Sign:
    missing = [each.name for each in found if not each.partitions]
    wrong = [f"{each.name}: {', '.join(each.wrong)}" for each in found if each.partitions and each.wrong]
    if wrong:
        return Sign("topics", "failed", f"{'; '.join(wrong)}: receivables feed topics")
    if missing:
        return Sign("topics", "behind", f"{len(missing)} are missing: receivables feed topics --create")
    return Sign("topics", "ok", f"{len(found)} are as they must be")


def _publisher(lag: PublisherLag) -> Sign:
    if lag.parked:
        first = f"the first at position {lag.parked_from:,}"
        return Sign("feed", "failed", f"{lag.parked:,} facts could not be published, {first}: receivables feed lag")
    if not lag.behind:
        return Sign("feed", "ok", f"published as far as the log, position {lag.position:,}")
    start = ": receivables work publisher" if lag.state == NOT_RUNNING else ""
    return Sign("feed", "behind", f"{lag.behind:,} facts are not published, the first of {lag.waits_since}{start}")
