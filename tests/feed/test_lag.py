"""Who is how far: the publisher behind the log, and those who read behind the publisher."""

import asyncio
import socket
import time

import orjson
import pytest
from aiokafka import AIOKafkaConsumer

from infra.kafka import provisioning, topics
from infra.settings import Settings
from services import assembly
from services.cli.ending import ENVIRONMENT
from services.doctor import BEHIND, FAILED, OK, examine
from services.feed import diagnosis
from tests.feed.planting import FACTS, everything, spoilt

LAG = ("feed", "lag")
NOWHERE = "127.0.0.1:1"


def read(kafka: str, group: str, most: int) -> None:
    """Somebody reads as many messages of the topic of invoices, and goes."""

    async def run() -> None:
        consumer = AIOKafkaConsumer(
            topics.FACTS["invoice"], bootstrap_servers=kafka, group_id=group, auto_offset_reset="earliest",
            enable_auto_commit=False, max_poll_records=1,
        )  # fmt: skip
        await consumer.start()
        for _ in range(most):
            await consumer.getone()
        await consumer.commit()
        await consumer.stop()

    asyncio.run(run())


def test_a_publisher_that_has_published_all_is_not_behind(published, feeding):
    publisher = feeding.json(*LAG)["publisher"]
    assert publisher == {
        "position": published, "head": published, "behind": 0, "waits_since": None, "state": "not running",
        "parked": 0, "parked_from": None,
    }  # fmt: skip
    assert "as far as the log" in feeding.run(*LAG).stdout


def test_how_many_facts_wait_and_since_when(published, desk, feeding):
    desk.issue("R-9", 10_00)
    publisher = feeding.json(*LAG)["publisher"]
    assert (publisher["behind"], publisher["position"]) == (1, published)
    assert publisher["waits_since"].startswith("2026-01-05T09:00")
    assert "1 facts behind, the first of 2026-01-05 09:00:00" in feeding.run(*LAG).stdout


def test_how_many_facts_are_parked_and_how_they_are_published_after_all(published, feeding, database_url, kafka):
    with spoilt(database_url, 3):
        feeding.run("feed", "replay", "--from", "1")
        publisher = feeding.json(*LAG)["publisher"]
        assert (publisher["behind"], publisher["parked_from"]) == (0, 3)
        assert publisher["parked"] >= 1
        assert "receivables feed replay --from 3" in feeding.run(*LAG).stdout
        assert "receivables feed lag" in found(database_url, feeding.home, kafka=(kafka,))["feed"][1]
    feeding.run("feed", "replay", "--from", "3")
    assert feeding.json(*LAG)["publisher"]["parked"] == 0


def test_every_group_of_our_topics_is_named_with_what_it_has_not_read(published, feeding, kafka):
    read(kafka, "receivables.crm", 1)
    [group] = feeding.json(*LAG)["groups"]
    assert (group["group"], group["is_empty"]) == ("receivables.crm", True)
    invoices = sum((message.key or b"").startswith(b"invoice:") for message in everything(kafka, FACTS))
    assert group["topics"] == [{"topic": "receivables.invoices", "behind": invoices - 1}]
    assert group["behind"] == invoices - 1
    said = feeding.run(*LAG).stdout
    assert "receivables.crm" in said and "Nobody reads for receivables.crm now" in said


def test_without_groups_it_says_so(published, feeding):
    assert feeding.json(*LAG)["groups"] == []
    assert "no consumer group" in feeding.run(*LAG).stdout


def test_a_group_whose_topic_is_gone_is_still_named(published, feeding, kafka):
    read(kafka, "receivables.crm", 1)
    with provisioning.administration([kafka]) as admin:
        admin.delete_topics(["receivables.invoices"])
    assert feeding.run(*LAG)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(provisioning.administration)["__wrapped__"].__kwdefaults__, "timeout_ms", 300)
    monkeypatch.setattr(assembly, "NAMED_WAIT", 0.05)


def test_while_the_broker_is_away_the_publisher_is_told_all_the_same(published, feeding, impatient):
    feeding.environment["RECEIVABLES_KAFKA"] = NOWHERE
    result = feeding.run(*LAG, "--format", "json", exits=ENVIRONMENT)
    answer = orjson.loads(result.stdout)
    assert answer["publisher"]["position"] == published and answer["groups"] is None
    assert "No Kafka broker answers" in orjson.loads(result.stderr)["message"]


def test_while_the_database_is_away_the_groups_are_told_all_the_same(published, feeding, kafka, impatient):
    read(kafka, "receivables.crm", 1)
    feeding.environment["RECEIVABLES_DATABASE_URL"] = "postgresql://ann:secret@127.0.0.1:1/books"
    result = feeding.run(*LAG, "--format", "json", exits=ENVIRONMENT)
    answer = orjson.loads(result.stdout)
    assert answer["publisher"] is None and answer["groups"][0]["group"] == "receivables.crm"
    assert "does not let us in" in result.stderr and "secret" not in result.stderr


def test_without_a_setting_the_next_step_is_said(feeding):
    del feeding.environment["RECEIVABLES_KAFKA"]
    assert "RECEIVABLES_KAFKA=host:port" in feeding.refused(*LAG, exits=ENVIRONMENT)[1]


# The doctor


def found(database_url: str, home, **settings) -> dict[str, tuple[str, str]]:
    examined = examine(Settings(home=home, **settings), database_url=database_url)
    return {check.name: (check.state, check.message) for check in examined.checks}


def test_the_doctor_is_content_without_a_broker_where_none_is_set(app, database_url, tmp_path):
    assert found(database_url, tmp_path)["kafka"] == (OK, "not set: facts are not published")


def test_the_doctor_finds_a_feed_well(published, database_url, tmp_path, kafka):
    checks = found(database_url, tmp_path, kafka=(kafka,))
    assert {checks[name][0] for name in ("kafka", "topics", "feed")} == {OK}


def test_the_doctor_says_how_far_the_publisher_is_behind(published, desk, database_url, tmp_path, kafka):
    desk.issue("R-9", 10_00)
    state, message = found(database_url, tmp_path, kafka=(kafka,))["feed"]
    assert state == BEHIND and "1 facts are not published" in message and "receivables work publisher" in message


def test_the_doctor_finds_topics_that_are_missing_or_wrong(published, database_url, tmp_path, kafka):
    state, message = found(database_url, tmp_path, kafka=(kafka,), kafka_partitions=7)["topics"]
    assert state == FAILED and "it has 6 partitions, not 7" in message
    with provisioning.administration([kafka]) as admin:
        admin.delete_topics(["receivables.invoices"])
    state, message = found(database_url, tmp_path, kafka=(kafka,))["topics"]
    assert state == BEHIND and "feed topics --create" in message


def test_the_doctor_does_not_wait_for_a_broker_that_is_away(app, database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(diagnosis, "WAIT_MS", 300)
    assert found(database_url, tmp_path, kafka=(NOWHERE,))["kafka"][0] == FAILED


def test_the_doctor_does_not_wait_for_a_broker_that_hangs(app, database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(diagnosis, "WAIT_MS", 500)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        state, _ = found(database_url, tmp_path, kafka=(f"127.0.0.1:{silent.getsockname()[1]}",))["kafka"]
    assert state == FAILED
    assert time.monotonic() - began < 20
