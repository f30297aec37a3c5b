"""B15: publishing the log to Kafka, against the client's own producer that has the same messages ready."""

import asyncio
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import partial
from statistics import median

from aiokafka import AIOKafkaProducer

from bench import following
from bench.data import PLAIN, Plan, fill
from bench.measure import Figure, Goal, at_least, attempted, in_turns, percentile, ratios, require, shown, spread, timed
from bench.place import Place, SetClock
from bench.sizes import Size
from infra.kafka import provisioning, topics
from infra.kafka.dev_broker import DevBroker
from infra.kafka.message import Message
from infra.kafka.reader import reading, size_of
from infra.log.garbage import searched_seldom
from services.assembly import App
from services.feed.messages import Messages
from services.feed.publisher import Publisher

IDS = ("B15",)
PARTITIONS = 6
PAGE = 2_000
MOST_SECONDS = 0.05
_FACTS = [*topics.FACTS.values()]


def figures(place: Place, size: Size, wanted: Collection[str]) -> Iterator[Figure]:
    with DevBroker(place.home / "kafka") as broker:
        yield attempted("B15", partial(_publish, place, size, broker.address))
        yield attempted("B15", partial(_follow, place, size, broker.address))


def _publish(place: Place, size: Size, server: str) -> Figure:
    place.say(f"B15: {size.published:,} facts to Kafka")
    url, clock = place.new_database(), SetClock()
    with place.app(url, clock) as app, place.plain(url) as conn:
        conn.execute(PLAIN)
        fill(app, clock, _plan(size), conn)
        facts, ready = app.ledger.head().position, _messages(app)
        place.say(f"B15: {facts:,} facts, in turns with a bare producer that has their messages ready")
        works, limits = in_turns(lambda _: _ours(app, server, facts), lambda _: _bare(server, ready))
    place.drop(url)
    found = ratios(limits, works)
    return Figure(
        "B15",
        f"publish {facts:,} facts, keyed, acks=all",
        f"{facts / median(works):,.0f} facts/s",
        f"a bare aiokafka producer, the same facts, idempotent: {facts / median(limits):,.0f}/s",
        shown(found),
        [at_least(0.7, found, "of its speed")],
    )


def _follow(place: Place, size: Size, server: str) -> Figure:
    place.say(f"B15: {following.PER_SECOND} commands a second for {size.followed_seconds} s, published as they come")
    _empty(server)
    url = place.new_database()
    with place.app(url) as app:
        followed = following.follow(app, url, place.home, size.followed_seconds, kafka=server)
        facts = app.ledger.head().position
    with reading([server]) as reader:
        require(size_of(reader.spans(_FACTS)), facts, "facts on the topics")
    place.drop(url)
    tail = percentile(followed.seconds, 99)
    return Figure(
        "B15",
        f"commit to on Kafka and in the views under {following.PER_SECOND} commands/s",
        spread(followed.seconds),
        goals=[Goal(f"p99 <= {MOST_SECONDS * 1000:.0f} ms", tail <= MOST_SECONDS)],
    )


def _plan(size: Size) -> Plan:
    """Of ten facts four issue an invoice; every other invoice is paid, which makes three."""
    items = size.published * 2 // 5
    return Plan(
        prefix="P",
        items=items,
        paid=items // 2,
        customers=max(1, items // 20),
        first_on=date(2024, 1, 1),
        days=730,
    )


def _messages(app: App) -> list[Message]:
    with _publisher(app, "") as publisher:
        made = Messages(app.ledger, publisher.incarnations(), PARTITIONS)
    found: list[Message] = []
    reached = 0
    while rows := app.ledger.rows(reached, PAGE):
        found += made.of(rows)
        reached = rows[-1].position
    return found


def _publisher(app: App, server: str) -> Publisher:
    return Publisher(app.ledger, app.pool, [server], PARTITIONS, new_id=app.new_id)


def _ours(app: App, server: str, facts: int) -> float:
    _empty(server)
    with _publisher(app, server) as publisher:
        publisher.begin()
        publisher.return_to(0)
        seconds = timed(lambda: _until(publisher, facts))
    with reading([server]) as reader:
        require(size_of(reader.spans(_FACTS)), facts, "facts on the topics")
    return seconds


def _until(publisher: Publisher, position: int) -> None:
    while publisher.position() < position:
        publisher.advance()


def _bare(server: str, ready: Sequence[Message]) -> float:
    _empty(server)
    provisioning.ensure([server], topics.outgoing(), PARTITIONS)
    with searched_seldom():
        return asyncio.run(_sent(server, ready))


async def _sent(server: str, ready: Sequence[Message]) -> float:
    producer = AIOKafkaProducer(bootstrap_servers=server, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        began = time.perf_counter()
        confirmed = [await producer.send(each.topic, each.value, each.key, headers=each.headers) for each in ready]
        await asyncio.gather(*confirmed)
        return time.perf_counter() - began
    finally:
        await producer.stop()


def _empty(server: str) -> None:
    with provisioning.administration([server]) as admin:
        if there := [name for name in admin.list_topics() if name.startswith(topics.PREFIX)]:
            admin.delete_topics(there)
    # Deleted is deleted, but listed for a moment longer.
    time.sleep(1)
