"""The publisher: every fact once by its id, in order, with the state of each invoice; again after whatever happens."""

from collections import Counter, defaultdict
from typing import Any

import orjson
import pytest

from domain import invoice as invoices
from domain.entry import Cause, invoice_stream
from domain.invoice.facts import Part, PartiallyPaid
from infra.kafka import provisioning, topics
from infra.kafka.message import BrokerAway, Message
from infra.kafka.partitions import partition_of
from infra.log import positions
from infra.log.follower import Follower
from infra.log.ledger import Batch
from infra.log.workers import leading
from services.cli.ending import ENVIRONMENT
from services.feed.checking import FeedCheck
from services.feed.messages import type_of
from services.feed.publisher import NAME, Publisher
from services.feed.states import States
from tests.feed.planting import FACTS, PARTITIONS, everything, headers_of, position_of, write, write_unreadable
from tests.feed.topic import held_against_the_log
from tests.infra.following import Running, becomes
from tests.kafka import OwnBroker
from tests.services.desk import JAN_12

BACK_SECONDS = 60.0


def made(app, kafka: str, **how: Any) -> Publisher:
    return Publisher(app.ledger, app.pool, [kafka], PARTITIONS, new_id=app.new_id, **how)


def ids(kafka: str) -> list[bytes]:
    return [headers_of(each)["ce_id"] for each in everything(kafka, FACTS)]


# What is published


def test_every_fact_is_published_once_in_the_order_of_its_stream(app, published, kafka):
    assert held_against_the_log(app, kafka) == (published, 0)


def test_it_says_what_it_has_published(published, desk, feeding):
    assert feeding.json("feed", "publish", "--once") == {
        "published": 0, "from": None, "to": None, "position": published,
    }  # fmt: skip
    desk.issue("R-9", 10_00)
    assert feeding.json("feed", "publish", "--once") == {
        "published": 1, "from": published + 1, "to": published + 1, "position": published + 1,
    }  # fmt: skip
    assert "nothing to publish" in feeding.run("feed", "publish", "--once").stdout


def test_headers_are_text_and_say_what_a_cloudevent_must(app, published, kafka):
    rows = {row.position: row for row in app.ledger.rows(0)}
    for record in everything(kafka, FACTS):
        headers = {name: value.decode("ascii") for name, value in headers_of(record).items()}
        row = rows[position_of(record)]
        assert headers["ce_specversion"] == "1.0" and headers["content-type"] == "application/json"
        assert headers["ce_id"] == f"{app.ledger.ledger_id}:{row.position}"
        assert headers["ce_source"] == f"urn:receivables:{app.ledger.ledger_id}"
        assert headers["ce_subject"] == row.stream == (record.key or b"").decode()
        assert headers["ce_sequence"] == str(row.version)
        assert headers["ce_type"] == type_of(row.name)
        assert headers["ce_time"] == "2026-01-05T09:00:00.000000Z"
        assert headers["ce_loghash"] == row.hash.hex()[:16]


def test_what_a_customer_has_is_in_the_partition_of_the_customer(published, kafka):
    places = defaultdict(set)
    for record in everything(kafka):
        places[orjson.loads(record.value or b"").get("customer")].add(record.partition)
    assert places["acme"] == {partition_of("acme", PARTITIONS)}
    assert places["other"] == {partition_of("other", PARTITIONS)}


def test_the_state_of_an_invoice_is_on_a_compacted_topic(published, feeding, kafka):
    found = {each.key: each for each in everything(kafka, [topics.INVOICE_STATE])}
    state = orjson.loads(found[b"invoice:main:R-1"].value or b"")
    assert (state["open"], state["total"], state["disputed"]) == ("40.00", "100.00", "10.00")
    assert headers_of(found[b"invoice:main:R-1"])["ce_sequence"] == b"3"
    with provisioning.administration([kafka]) as admin:
        described = provisioning._settings(admin, [topics.INVOICE_STATE, FACTS[0]])
    assert described[topics.INVOICE_STATE]["cleanup.policy"] == "compact"
    assert (described[FACTS[0]]["cleanup.policy"], described[FACTS[0]]["retention.ms"]) == ("delete", "-1")


# Again


def test_ids_are_the_same_after_a_restart(app, published, feeding, kafka):
    before = Counter(ids(kafka))
    feeding.run("feed", "replay", "--from", "1")
    assert Counter(ids(kafka)) == {each: 2 * count for each, count in before.items()}


def test_a_crash_before_the_position_moves_sends_a_page_again_at_most(app, desk, kafka, monkeypatch):
    for number in range(7):
        desk.issue(f"R-{number}", 10_00)
    head = app.ledger.head().position
    moves = []
    move = positions.move

    def crash(conn, names, old, new):
        moves.append(new)
        if len(moves) == 2:
            raise KeyboardInterrupt
        move(conn, names, old, new)

    monkeypatch.setattr(positions, "move", crash)
    with pytest.raises(KeyboardInterrupt), made(app, kafka, size=3) as publisher:
        publisher.publish_all()
    with made(app, kafka, size=3) as publisher:
        assert publisher.publish_all().published == head - 3
    assert held_against_the_log(app, kafka) == (head, 3)


def test_two_publishers_at_once_send_nothing_under_another_id(app, desk, kafka):
    for number in range(5):
        desk.issue(f"R-{number}", 10_00)
    with made(app, kafka, size=2) as one, made(app, kafka, size=2) as other:
        one.begin()
        other.begin()
        assert one.advance()
        # The first has moved on meanwhile, as a replay may.
        other.return_to(0)
        assert one.publish_all().position == other.publish_all().position
    assert held_against_the_log(app, kafka).facts == app.ledger.head().position


def test_a_replay_asked_for_while_it_publishes_is_done(app, desk, kafka):
    for number in range(5):
        desk.issue(f"R-{number}", 10_00)
    asked: list[int] = []

    def ask(facts: int, states: int, seconds: float) -> None:
        if not asked:
            asked.append(facts)
            publisher.return_to(0)

    with made(app, kafka, size=2, sent=ask) as publisher:
        sent = publisher.publish_all()
    head = app.ledger.head().position
    assert (sent.first, sent.last, sent.position) == (1, head, head)
    assert held_against_the_log(app, kafka).facts == head


def test_who_finds_a_publisher_at_work_leaves_it_to_that(app, published, feeding, kafka):
    with leading(app.pool, NAME) as leads:
        assert leads
        feeding.refused("feed", "publish", "--once", exits=ENVIRONMENT)
        assert feeding.json("feed", "replay", "--from", "3") == {
            "published": 0, "from": None, "to": None, "position": 2,
        }  # fmt: skip
    assert feeding.json("feed", "lag")["publisher"]["position"] == 2


def test_a_replay_that_cannot_be_done_moves_nothing(published, feeding):
    feeding.environment["RECEIVABLES_KAFKA_PARTITIONS"] = "7"
    feeding.refused("feed", "replay", "--from", "1", exits=ENVIRONMENT)
    del feeding.environment["RECEIVABLES_KAFKA_PARTITIONS"]
    assert feeding.json("feed", "lag")["publisher"]["position"] == published
    assert "nothing beyond position" in feeding.refused("feed", "replay", "--from", published + 2, exits=2)[1]


# While the broker is away


def test_a_broker_that_is_away_is_waited_for_and_then_has_everything_in_order(app, desk, own_broker: OwnBroker):
    broker, said = own_broker(), []
    with made(app, broker.address) as publisher:
        follower = Follower(
            NAME, app.pool, publisher.advance, begin=publisher.begin, away=(BrokerAway,),
            report=lambda state, message: said.append((state, message)),
        )  # fmt: skip
        desk.issue("R-1", 10_00)
        running = Running(follower.run)
        assert becomes(lambda: bool(said) and publisher.position() == app.ledger.head().position)
        broker.kill()
        # Commands do not wait for Kafka.
        desk.issue("R-2", 10_00)
        desk.ask(invoices.dispute, "R-1", reason_code="price", amount_minor=1_00)
        assert becomes(lambda: said[-1][0] == "away"), said
        broker.start()
        assert becomes(lambda: publisher.position() == app.ledger.head().position, BACK_SECONDS), said
        running.end()
        assert running.error is None
    assert held_against_the_log(app, broker.address).facts == app.ledger.head().position
    assert [state for state, _ in said] == ["following", "away", "following"]


def test_without_a_broker_publishing_ends_with_3(app, desk, feeding, monkeypatch):
    desk.issue("R-1", 10_00)
    monkeypatch.setitem(vars(provisioning.administration)["__wrapped__"].__kwdefaults__, "timeout_ms", 300)
    feeding.environment["RECEIVABLES_KAFKA"] = "127.0.0.1:1"
    assert "no Kafka broker answers" in feeding.refused("feed", "publish", "--once", exits=ENVIRONMENT)[1]


def test_a_message_of_somebody_else_does_not_stop_it(app, published, desk, feeding, kafka):
    huge = [("ce_id", b"x:" + b"9" * 5000), ("ce_sequence", b"9" * 5000)]
    write(kafka, *(Message(FACTS[0], b"k", b"v", huge, n) for n in range(PARTITIONS)))
    write_unreadable(kafka, FACTS[1], range(PARTITIONS))
    desk.issue("R-9", 10_00)
    assert feeding.json("feed", "publish", "--once")["published"] == 1


def test_an_invoice_whose_facts_cannot_be_added_up_has_no_state_and_holds_nobody_up(app, published, desk, kafka):
    wrong = PartiallyPaid("P-9", 1, 5_00, (Part(9, 5_00),))
    stream = invoice_stream("R-1", "main")
    version = app.ledger.facts(stream)[-1].version
    app.ledger.record_many([Batch(stream, version, [(wrong, JAN_12)], Cause("ann", "wrong"))])
    desk.issue("R-9", 10_00)
    with made(app, kafka) as publisher:
        sent = publisher.publish_all()
    assert sent.published == 2
    states = {each.key: headers_of(each)["ce_sequence"] for each in everything(kafka, [topics.INVOICE_STATE])}
    assert states[b"invoice:main:R-1"] == str(version).encode()
    assert states[b"invoice:main:R-9"] == b"1"
    assert FeedCheck(app.ledger, app.pool, [kafka], PARTITIONS).run().is_clean
    told = States(app.ledger, publisher.incarnations(), PARTITIONS).now({stream: 0, "invoice:main:X": 1}, "other")
    assert [(each.key, each.value) for each in told] == [(b"invoice:main:X", None)]


def test_a_topic_that_was_lost_alone_is_filled_again_from_its_first_fact(app, published, desk, feeding, kafka):
    with provisioning.administration([kafka]) as admin:
        admin.delete_topics([topics.FACTS["invoice"]])
    desk.issue("R-9", 10_00)
    assert becomes(lambda: not everything(kafka, [topics.FACTS["invoice"]]))
    feeding.run("feed", "publish", "--once")
    assert held_against_the_log(app, kafka).facts == app.ledger.head().position


def test_states_that_were_lost_alone_are_published_again(published, feeding, kafka):
    before = {each.key: each.value for each in everything(kafka, [topics.INVOICE_STATE])}
    with provisioning.administration([kafka]) as admin:
        admin.delete_topics([topics.INVOICE_STATE])
    assert becomes(lambda: not everything(kafka, [topics.INVOICE_STATE]))
    feeding.run("feed", "publish", "--once")
    assert {each.key: each.value for each in everything(kafka, [topics.INVOICE_STATE])} == before


def test_a_publisher_that_was_overtaken_leaves_no_older_state_behind(app, published, desk, kafka, monkeypatch):
    desk.issue("R-9", 10_00)
    with made(app, kafka) as slow, made(app, kafka) as fast:
        slow.begin()
        send = slow._producer.send

        def overtaken(messages):
            monkeypatch.setattr(slow._producer, "send", send)
            lost = {"number": "R-9", "amount": "4.00"}
            app.commands.run("invoice.write_off", lost, Cause("ann", "write off", "insolvent"))
            fast.publish_all()
            send(messages)

        while slow._pages.advance():
            pass
        monkeypatch.setattr(slow._producer, "send", overtaken)
        slow.publish_all()
    [last] = [each for each in everything(kafka, [topics.INVOICE_STATE]) if each.key == b"invoice:main:R-9"][-1:]
    assert orjson.loads(last.value or b"")["open"] == "6.00"
