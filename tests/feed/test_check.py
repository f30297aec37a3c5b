"""The check of the feed: a clean one is clean, and each planted fault is found for what it is."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import orjson
import psycopg
import pytest
from kafka import TopicPartition
from psycopg import sql

from domain.entry import Cause
from infra.kafka import provisioning, reader, topics
from infra.kafka.message import Message
from infra.kafka.partitions import partition_of
from services.cli.ending import DONE, ENVIRONMENT, REFUSED
from services.feed import checking
from services.feed.comparison import FAULTS
from services.feed.publisher import NAME
from tests.feed.planting import (
    FACTS,
    OUTGOING,
    PARTITIONS,
    by_position,
    empty,
    everything,
    headers_of,
    message_of,
    position_of,
    rewrite,
    with_header,
    write,
    write_unreadable,
)
from tests.services.terminal import Terminal

CHECK = ("feed", "check")


def checked(feeding: Terminal, **expected: int) -> dict[str, Any]:
    """Just the faults that are named, and an exit code that goes with them."""
    exits = REFUSED if any(expected.get(fault) for fault in FAULTS) else DONE
    answer: dict[str, Any] = feeding.json(*CHECK, exits=exits)
    assert answer["is_clean"] == (exits == DONE)
    assert {fault: answer[fault] for fault in FAULTS} == {fault: expected.get(fault, 0) for fault in FAULTS}
    for name in expected.keys() - set(FAULTS):
        assert answer[name] == expected[name], name
    return answer


def moved(database_url: str, position: int) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("update ledger.positions set position = %s where name = %s", (position, NAME))


# What is no fault


def test_a_clean_feed_is_clean(published, feeding):
    answer = checked(feeding, resent=0, waiting=0, withdrawn=0)
    assert answer["log"] == answer["topic"] == published
    assert answer["findings"] == []
    assert "Log and topics agree." in feeding.run(*CHECK).stdout


def test_nothing_published_of_nothing_is_clean(app, feeding):
    assert checked(feeding)["log"] == 0


def test_what_was_sent_again_under_the_same_id_is_no_fault(published, feeding):
    feeding.run("feed", "replay", "--from", "2")
    assert checked(feeding, resent=published - 1)["topic"] == published


def test_names_in_another_order_are_the_same_value(published, feeding, kafka):
    def turn(message: Message) -> Message:
        value = orjson.loads(message.value or b"")
        return message._replace(value=orjson.dumps(dict(reversed(value.items()))))

    rewrite(kafka, lambda messages: [turn(each) for each in messages])
    checked(feeding)


def test_headers_that_others_add_on_the_way_are_none_of_ours(published, feeding, kafka):
    rewrite(kafka, lambda messages: [with_header(each, "traceparent", b"00-1-2-00") for each in messages])
    checked(feeding)


def test_facts_that_only_wait_are_missing_and_said_to_wait(published, desk, feeding):
    desk.issue("R-9", 10_00)
    answer = checked(feeding, missing=1, waiting=1)
    assert answer["log"] == published + 1 and answer["topic"] == published
    said = feeding.run(*CHECK, exits=REFUSED).stdout
    assert "1 only wait to be published" in said and "receivables feed publish --once" in said


def test_a_publisher_at_work_is_waited_for(published, app, desk, feeding, monkeypatch):
    looks: list[float] = []

    def publish_meanwhile(seconds: float) -> None:
        looks.append(seconds)
        feeding.run("feed", "publish", "--once")

    desk.issue("R-9", 10_00)
    with psycopg.connect(feeding.environment["RECEIVABLES_DATABASE_URL"], autocommit=True) as conn:
        conn.execute(
            "insert into ledger.workers (instance, name, host, pid, started_at, beat_at, state, message, position)"
            " values (gen_random_uuid()::text, 'publisher', 'here', 1, now(), now(), 'following', '', 0)"
        )
    monkeypatch.setattr(checking.time, "sleep", publish_meanwhile)
    checked(feeding, waiting=0)
    assert looks


def test_a_publisher_that_does_not_get_there_is_not_waited_for_long(published, desk, feeding, monkeypatch):
    desk.issue("R-9", 10_00)
    with psycopg.connect(feeding.environment["RECEIVABLES_DATABASE_URL"], autocommit=True) as conn:
        conn.execute(
            "insert into ledger.workers (instance, name, host, pid, started_at, beat_at, state, message, position)"
            " values (gen_random_uuid()::text, 'publisher', 'here', 1, now(), now(), 'following', '', 0)"
        )
    monkeypatch.setattr(checking, "WAIT_SECONDS", 0.3)
    checked(feeding, missing=1, waiting=1)


def in_its_first_version(message: Message) -> Message:
    return with_header(message, "ce_type", headers_of(message)["ce_type"].replace(b".v2", b".v1"))


def test_what_an_earlier_release_published_in_an_earlier_version_is_no_fault(published, feeding, kafka):
    types = [headers_of(each)["ce_type"] for each in by_position(kafka)]
    assert b"receivables.receipt.allocated.v2" in types
    rewrite(kafka, lambda messages: [in_its_first_version(each) for each in messages])
    checked(feeding, resent=0)
    feeding.run("feed", "replay", "--from", "1")
    checked(feeding, resent=published)


def test_an_earlier_version_is_right_only_if_it_says_all_there_is_to_say(published, app, feeding, kafka):
    credit = {"number": "R-2", "credit_note": "CN-1", "amount": "10.00"}
    app.commands.run("invoice.credit", credit, Cause("ann", "credit", "goods came back"))
    feeding.run("feed", "publish", "--once")
    applied = b"receivables.invoice.credit_note_applied.v2"
    [credited] = [each for each in by_position(kafka) if headers_of(each)["ce_type"] == applied]
    whole = orjson.loads(credited.value or b"")
    assert whole["data"].pop("allocation") == 1

    def shorten(message: Message) -> Message:
        found = position_of(message) == position_of(credited)
        return in_its_first_version(message)._replace(value=orjson.dumps(whole)) if found else message

    rewrite(kafka, lambda messages: [shorten(each) for each in messages])
    [found] = checked(feeding, different=1)["findings"]
    assert (found["position"], found["names"]) == (position_of(credited), ["value"])


@pytest.mark.parametrize("name", [b"receivables.receipt.allocated.v3", b"receivables.receipt.unallocated.v1"])
def test_a_version_nobody_knows_and_an_earlier_one_of_another_type_are_different(published, feeding, kafka, name):
    def rename(message: Message) -> Message:
        is_one = headers_of(message)["ce_type"] == b"receivables.receipt.allocated.v2"
        return with_header(message, "ce_type", name) if is_one else message

    rewrite(kafka, lambda messages: [rename(each) for each in messages])
    assert checked(feeding, different=1)["findings"][0]["names"] == ["ce_type"]


# Faults


def test_a_fact_that_was_passed_over_is_missing(published, desk, feeding, database_url):
    desk.issue("R-9", 10_00)
    moved(database_url, published + 1)
    feeding.run("feed", "publish", "--once")
    desk.issue("R-10", 10_00)
    feeding.run("feed", "publish", "--once")
    [found] = checked(feeding, missing=1, waiting=0)["findings"]
    assert found["position"] == published + 1 and found["stream"]


def test_a_fact_that_is_gone_from_the_topics_is_missing(published, feeding, kafka):
    rewrite(kafka, lambda messages: [each for each in messages if position_of(each) != 3])
    assert checked(feeding, missing=1)["findings"][0]["position"] == 3


@pytest.mark.parametrize("id_", [b"another-ledger:3", b"nonsense", b"{name}:03"])
def test_a_fact_under_another_id_as_well_is_doubled(published, feeding, kafka, id_):
    third = by_position(kafka)[2]
    name = headers_of(third)["ce_id"].rpartition(b":")[0]
    write(kafka, with_header(third, "ce_id", id_.replace(b"{name}", name)))
    answer = checked(feeding, doubled=1)
    assert answer["topic"] == published + 1
    assert answer["findings"][0]["position"] == 3


def test_facts_of_a_stream_in_another_order_are_disordered(published, feeding, kafka):
    def swap(messages: list[Message]) -> list[Message]:
        mine = [n for n, each in enumerate(messages) if each.key == b"invoice:main:R-1"]
        messages[mine[0]], messages[mine[1]] = messages[mine[1]], messages[mine[0]]
        return messages

    rewrite(kafka, swap)
    [found] = checked(feeding, disordered=1)["findings"]
    assert found["stream"] == "invoice:main:R-1"
    assert found["place"].startswith("receivables.invoices/")


def test_a_stream_in_two_partitions_is_disordered(published, feeding, kafka):
    def part(messages: list[Message]) -> list[Message]:
        last = max(n for n, each in enumerate(messages) if each.key == b"invoice:main:R-1")
        messages[last] = messages[last]._replace(partition=((messages[last].partition or 0) + 1) % PARTITIONS)
        return messages

    rewrite(kafka, part)
    assert checked(feeding, disordered=1)["findings"][0]["stream"] == "invoice:main:R-1"


@pytest.mark.parametrize("step", [1, 5])
def test_a_copy_in_another_partition_is_disordered_though_its_id_is_known(published, feeding, kafka, step):
    [fact, *_] = [each for each in by_position(kafka) if each.key == b"invoice:main:R-1"]
    write(kafka, fact._replace(partition=((fact.partition or 0) + step) % PARTITIONS))
    found = feeding.json(*CHECK, exits=REFUSED)
    assert found["disordered"] and not found["resent"]
    assert {each["stream"] for each in found["findings"]} == {"invoice:main:R-1"}


def with_third(kafka: str, change: Any) -> None:
    rewrite(kafka, lambda messages: [change(each) if position_of(each) == 3 else each for each in messages])


def test_an_altered_value_is_different(published, feeding, kafka):
    with_third(kafka, lambda message: message._replace(value=(message.value or b"")[:-1] + b',"more":1}'))
    [found] = checked(feeding, different=1)["findings"]
    assert (found["position"], found["names"]) == (3, ["value"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_type", b"receivables.invoice.paid.v1"),
        ("ce_sequence", b"7"),
        ("ce_loghash", b"0000000000000000"),
        ("ce_source", b"urn:receivables:another"),
        ("ce_time", b"2020-01-01T00:00:00.000000Z"),
        ("ce_subject", b"invoice:main:R-7"),
    ],
)
def test_an_altered_header_is_different(published, feeding, kafka, name, value):
    with_third(kafka, lambda message: with_header(message, name, value))
    [found] = checked(feeding, different=1)["findings"]
    assert (found["position"], found["names"]) == (3, [name])
    assert name in feeding.run(*CHECK, exits=REFUSED).stdout


def test_another_key_or_topic_is_different(published, feeding, kafka):
    with_third(kafka, lambda message: message._replace(key=b"invoice:main:R-7", topic=topics.FACTS["text"]))
    assert checked(feeding, different=1)["findings"][0]["names"] == ["topic", "key"]


def test_the_same_id_with_another_content_is_different(published, feeding, kafka):
    third = by_position(kafka)[2]
    write(kafka, third._replace(value=b"{}"), third)
    checked(feeding, different=1, resent=1)


@pytest.mark.parametrize(
    "message",
    [
        Message(FACTS[0], b"invoice:main:X", b"{}", [], 0),
        Message(FACTS[0], None, None, [("ce_id", b"\xff")], 0),
        Message(FACTS[0], b"invoice:main:X", b"{}", [("ce_id", b"other:99"), ("ce_sequence", b"1")], 0),
        Message(FACTS[0], b"invoice:main:X", b"{}", [("ce_id", b"x:" + b"9" * 5000), ("ce_sequence", b"9" * 5000)], 0),
    ],
)
def test_a_message_that_is_no_fact_of_the_log_is_different(published, feeding, kafka, message):
    write(kafka, message)
    answer = checked(feeding, different=1)
    assert answer["topic"] == published + 1
    assert answer["findings"][0]["position"] is None
    assert "no fact of this log" in feeding.run(*CHECK, exits=REFUSED).stdout


def test_a_message_beyond_the_end_of_the_log_is_different(published, feeding, kafka):
    last = by_position(kafka)[-1]
    name = headers_of(last)["ce_id"].rpartition(b":")[0]
    write(kafka, with_header(last, "ce_id", name + b":%d" % (published + 5)))
    checked(feeding, different=1)


def test_messages_that_the_client_cannot_read_are_different_and_hide_none_beside_them(published, feeding, kafka):
    write_unreadable(kafka, FACTS[0], [*range(PARTITIONS), 0])
    feeding.run("feed", "replay", "--from", "1")
    write_unreadable(kafka, FACTS[1], range(PARTITIONS))
    checked(feeding, different=2 * PARTITIONS + 1, resent=published)


def test_of_many_faults_the_first_are_named(published, feeding, kafka):
    write(kafka, *(Message(FACTS[0], b"invoice:main:X", b"{}", [], 0) for _ in range(12)))
    assert len(checked(feeding, different=12)["findings"]) == 5


# States


def states(kafka: str) -> list[Message]:
    return [message_of(record) for record in everything(kafka, [topics.INVOICE_STATE])]


def test_a_state_that_says_something_else_is_found(published, feeding, kafka):
    [state] = [each for each in states(kafka) if each.key == b"invoice:main:R-2"]
    write(kafka, state._replace(value=(state.value or b"").replace(b'"open":"50.00"', b'"open":"51.00"')))
    assert checked(feeding, different_states=1)["findings"][0]["stream"] == "invoice:main:R-2"


@pytest.mark.parametrize("step", [1, 5])
def test_a_state_in_another_partition_is_found_wherever_that_is_read(published, feeding, kafka, step):
    [state] = [each for each in states(kafka) if each.key == b"invoice:main:R-2"]
    write(kafka, state._replace(partition=((state.partition or 0) + step) % PARTITIONS))
    assert checked(feeding, different_states=1)["findings"][0]["stream"] == "invoice:main:R-2"


def test_a_state_that_is_old_or_gone_or_of_no_invoice_is_stale(published, feeding, kafka):
    both = {each.key: each for each in states(kafka)}
    old = with_header(both[b"invoice:main:R-1"], "ce_sequence", b"1")
    gone = both[b"invoice:main:R-2"]._replace(value=None)
    write(kafka, old, gone, old._replace(key=b"invoice:main:X"))
    found = checked(feeding, stale_states=3)["findings"]
    assert {each["stream"] for each in found} == {"invoice:main:R-1", "invoice:main:R-2", "invoice:main:X"}


# Topics that were lost


def refilled(published: int, feeding: Terminal) -> None:
    checked(feeding, missing=published, stale_states=2)
    assert feeding.json("feed", "replay", "--from", "1")["published"] == published
    checked(feeding, resent=0)


def test_topics_made_anew_and_filled_again_are_clean(published, feeding, kafka):
    empty(kafka)
    refilled(published, feeding)


def test_topics_that_were_emptied_and_filled_again_are_clean(published, feeding, kafka):
    ends = {TopicPartition(each.topic, each.partition): each.offset + 1 for each in everything(kafka, FACTS)}
    with provisioning.administration([kafka]) as admin:
        admin.delete_records(ends)
    checked(feeding, missing=published)
    feeding.run("feed", "replay", "--from", "1")
    checked(feeding)


def test_a_publisher_that_finds_the_topics_empty_begins_anew(published, desk, feeding, kafka):
    empty(kafka)
    desk.issue("R-9", 10_00)
    assert feeding.json("feed", "publish", "--once")["from"] == 1
    checked(feeding, resent=0)


# A database that was restored


@pytest.fixture
def backup(database_url: str, server_url: str) -> Iterator[Any]:
    """Copies of the database as it is, each under a name of its own; the session starts anew from there."""
    names: list[str] = []

    def copy(url: str) -> str:
        source = urlsplit(url).path[1:]
        names.append(f"{source}_copy_{len(names)}"[-60:])
        _copy(server_url, source, names[-1])
        return urlsplit(url)._replace(path=f"/{names[-1]}").geturl()

    yield copy
    with psycopg.connect(server_url, autocommit=True) as admin:
        for name in names:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _copy(server_url: str, source: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()",
            (source,),
        )
        made = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(source))
        admin.execute(made)


def ledger_of(feeding: Terminal, url: str) -> Terminal:
    """The command line on another database, with the same broker and home."""
    other = Terminal(url, feeding.home)
    other.environment["RECEIVABLES_KAFKA"] = feeding.environment["RECEIVABLES_KAFKA"]
    return other


def issue(feeding: Terminal, number: str, customer: str = "acme") -> None:
    asked = ("--customer", customer, "--amount", "100", "--currency", "EUR", "--issued-on", "2026-01-05")
    feeding.run("invoice", "issue", number, *asked)


def publish(feeding: Terminal) -> dict[str, Any]:
    answer: dict[str, Any] = feeding.json("feed", "publish", "--once")
    return answer


def test_after_a_restore_nothing_is_published_until_it_is_accepted_and_then_all_is_clean(
    published, feeding, database_url, backup
):
    restored = ledger_of(feeding, backup(database_url))
    issue(feeding, "R-9")
    feeding.run("invoice", "dispute", "R-2", "--reason-code", "price", "--amount", "5")
    lost = publish(feeding)["published"]
    issue(restored, "R-10")

    code, message = restored.refused("feed", "publish", "--once", exits=ENVIRONMENT)
    assert code == "unavailable" and "receivables feed accept-restore" in message
    assert not restored.json(*CHECK, exits=REFUSED)["is_clean"]

    accepted = restored.json("feed", "accept-restore")
    assert accepted["first"] == published + 1
    assert publish(restored)["from"] == published + 1
    # R-9 was never issued and R-2 is not in dispute: their states are those again.
    answer = checked(restored, withdrawn=lost)
    assert answer["log"] == answer["topic"] - lost
    assert restored.json("feed", "accept-restore") == {"first": None, "name": accepted["name"]}


def test_a_message_of_somebody_else_at_the_end_hides_no_restored_database(
    published, feeding, database_url, backup, kafka
):
    restored = backup(database_url)
    issue(feeding, "R-9")
    publish(feeding)
    other = ledger_of(feeding, restored)
    issue(other, "R-8")
    for number in range(PARTITIONS):
        write(kafka, Message(topics.FACTS["invoice"], b"theirs", b"{}", [("ce_id", b"x")], number))
    assert "feed accept-restore" in other.refused("feed", "publish", "--once", exits=3)[1]


def test_the_same_backup_restored_a_second_time_is_accepted_a_second_time(published, feeding, database_url, backup):
    first, second = (ledger_of(feeding, backup(database_url)) for _ in "ab")
    names = set()
    issue(feeding, "R-9")
    publish(feeding)
    for number, restored in enumerate((first, second)):
        issue(restored, f"S-{number}")
        restored.refused("feed", "publish", "--once", exits=ENVIRONMENT)
        names.add(restored.json("feed", "accept-restore")["name"])
        publish(restored)
    assert len(names) == 2
    assert checked(second)["withdrawn"] > 0


def test_a_backup_from_after_an_accepted_restore_goes_on_from_where_it_differs(
    published, feeding, database_url, backup
):
    restored = ledger_of(feeding, backup(database_url))
    issue(feeding, "R-9")
    publish(feeding)
    restored.run("feed", "accept-restore")
    issue(restored, "R-10")
    head = publish(restored)["to"]
    later = ledger_of(feeding, backup(restored.environment["RECEIVABLES_DATABASE_URL"]))
    issue(restored, "R-11")
    publish(restored)
    issue(later, "R-12")
    later.refused("feed", "publish", "--once", exits=ENVIRONMENT)
    assert later.json("feed", "accept-restore")["first"] == head + 1
    publish(later)
    checked(later)


def test_the_ledger_that_the_topics_belong_to_is_told_from_another(published, feeding, kafka, backup, databases):
    other = ledger_of(feeding, databases())
    with psycopg.connect(other.environment["RECEIVABLES_DATABASE_URL"], autocommit=True) as conn:
        # Databases of tests are copies of one.
        conn.execute("update ledger.head set ledger_id = gen_random_uuid()")
    issue(other, "R-1")
    other.refused("feed", "publish", "--once", exits=ENVIRONMENT)
    answer = other.json(*CHECK, exits=REFUSED)
    assert answer["missing"] == answer["log"] and answer["different"] + answer["doubled"] == published
    assert other.json("feed", "accept-restore")["first"] == 1
    publish(other)
    checked(other, withdrawn=published)


def test_another_number_of_partitions_is_refused(published, desk, feeding):
    desk.issue("R-9", 10_00)
    feeding.environment["RECEIVABLES_KAFKA_PARTITIONS"] = "7"
    _, message = feeding.refused("feed", "publish", "--once", exits=ENVIRONMENT)
    assert "has 6 partitions" in message and "RECEIVABLES_KAFKA_PARTITIONS" in message
    assert feeding.json("feed", "topics", exits=REFUSED)["topics"][0]["wrong"] == ["it has 6 partitions, not 7"]


def test_without_a_broker_the_check_ends_with_3(app, feeding, monkeypatch):
    monkeypatch.setitem(vars(reader.reading)["__wrapped__"].__kwdefaults__, "timeout_ms", 200)
    feeding.environment["RECEIVABLES_KAFKA"] = "127.0.0.1:1"
    assert "no Kafka broker answers" in feeding.refused(*CHECK, exits=ENVIRONMENT)[1]


def test_partitions_are_those_that_other_clients_choose(published, kafka):
    for message in by_position(kafka):
        if message.key == b"invoice:main:R-1":
            assert message.partition == partition_of("acme", PARTITIONS)
    assert {each.topic for each in everything(kafka)} <= set(OUTGOING)
