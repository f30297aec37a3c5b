"""A fact that cannot be published is parked: its stream waits, all else goes on, and once mended all is published."""

from typing import Any

import orjson
import psycopg
import pytest

from infra.kafka import topics
from infra.views import applying
from services.cli.ending import REFUSED
from services.feed.parking import code_of
from services.feed.publisher import NAME, Publisher
from tests.feed.planting import PARTITIONS, by_position, everything, position_of, spoilt
from tests.feed.test_check import checked
from tests.feed.topic import held_against_the_log

# The second fact of the invoice R-1, after it was issued.
UNKNOWN = {"topic": "invoice.sung_about"}
DAMAGED = {"state": b'{"on":"2026-01-1'}
NEWER = {"state": b'{"on":"2026-01-12","actor":"ann","command":"c-1","v":99,"data":{}}'}
UNFIT = {"state": b'{"on":"2026-01-12","actor":"ann","command":"c-1","v":1,"data":{"amount_minor":"secret"}}'}
SPOILT = [(UNKNOWN, "unknown_fact"), (DAMAGED, "damaged_fact"), (NEWER, "unknown_fact"), (UNFIT, "damaged_fact")]


def made(app, kafka: str, **how: Any) -> Publisher:
    return Publisher(app.ledger, app.pool, [kafka], PARTITIONS, new_id=app.new_id, **how)


def reasons(database_url: str) -> dict[int, str]:
    with psycopg.connect(database_url) as conn:
        return {each.position: code_of(each.reason) for each in applying.select_parked(conn, NAME)}


@pytest.fixture
def traded(app, desk, feeding) -> dict[str, list[int]]:
    """Some business that nobody has published yet; the positions of each stream."""
    desk.issue("R-1", 100_00)
    desk.issue("R-2", 50_00, debtor="other")
    desk.receive("B-1", 60_00, invoices=["R-1"])
    desk.receive("B-2", 10_00, invoices=["R-1"])
    desk.receive("B-3", 10_00, invoices=["R-2"])
    streams: dict[str, list[int]] = {}
    for row in app.ledger.rows(0):
        streams.setdefault(row.stream, []).append(row.position)
    return streams


def published_positions(kafka: str) -> list[int]:
    return [position_of(each) for each in by_position(kafka)]


@pytest.mark.parametrize(("columns", "code"), SPOILT)
def test_a_fact_that_cannot_be_published_holds_up_its_stream_alone_until_it_is_mended(
    app, traded, feeding, kafka, database_url, columns, code
):
    _, poison, *waiting = traded["invoice:main:R-1"]
    head = app.ledger.head().position
    with spoilt(database_url, poison, **columns):
        sent = feeding.json("feed", "publish", "--once")
        others = [each for each in range(1, head + 1) if each not in (poison, *waiting)]
        assert (sent["published"], sent["position"]) == (len(others), head)
        assert published_positions(kafka) == others
        assert reasons(database_url) == {poison: code} | dict.fromkeys(waiting, "waits_for_earlier")

        answer = checked(feeding, missing=1 + len(waiting), parked=1 + len(waiting), waiting=0)
        assert answer["log"] == head
        assert (answer["findings"][0]["position"], answer["findings"][0]["reason_code"]) == (poison, code)
        said = feeding.run("feed", "check", exits=REFUSED).stdout
        assert code.replace("_", " ") in said and "secret" not in said

    feeding.run("feed", "replay", "--from", poison)
    assert reasons(database_url) == {}
    assert held_against_the_log(app, kafka).facts == head
    checked(feeding, parked=0)


def test_a_stream_whose_first_fact_is_parked_waits_as_a_whole(app, traded, feeding, kafka, database_url):
    streams = traded["invoice:main:R-1"]
    with spoilt(database_url, streams[0], **UNKNOWN):
        feeding.run("feed", "publish", "--once")
        assert [*reasons(database_url)] == streams
        checked(feeding, missing=len(streams), parked=len(streams))
    feeding.run("feed", "replay", "--from", streams[0])
    checked(feeding, parked=0)


def test_a_stream_still_waits_on_later_pages_and_after_a_restart(app, traded, kafka, feeding, database_url, desk):
    _, poison, *waiting = traded["invoice:main:R-1"]
    with spoilt(database_url, poison, **UNKNOWN):
        with made(app, kafka, size=1) as publisher:
            publisher.publish_all()
        desk.receive("B-9", 5_00, invoices=["R-1"])
        later = [row.position for row in app.ledger.rows(max(traded["invoice:main:R-1"])) if "R-1" in row.stream]
        with made(app, kafka, size=1) as publisher:
            publisher.publish_all()
        assert [*reasons(database_url)] == [poison, *waiting, *later]


def test_a_publisher_at_work_hears_of_a_replay(app, traded, kafka, database_url):
    _, poison, *_ = traded["invoice:main:R-1"]
    head = app.ledger.head().position
    with made(app, kafka, size=2) as working:
        with spoilt(database_url, poison, **UNKNOWN):
            working.publish_all()
        with made(app, kafka) as other:
            other.hand_over(poison)
        assert reasons(database_url) == {}
        while working.advance():
            pass
    assert reasons(database_url) == {}
    assert held_against_the_log(app, kafka).facts == head


def test_a_replay_from_a_later_position_leaves_what_was_parked_before_it(traded, feeding, database_url):
    _, poison, *waiting = traded["invoice:main:R-1"]
    with spoilt(database_url, poison, **UNKNOWN):
        feeding.run("feed", "publish", "--once")
        feeding.run("feed", "replay", "--from", poison + 1)
    assert [*reasons(database_url)] == [poison, *waiting]


def test_that_facts_are_parked_is_said_once_a_page_by_position_alone(app, traded, kafka, database_url, capsys):
    _, poison, *waiting = traded["invoice:main:R-1"]
    with spoilt(database_url, poison, **UNFIT), made(app, kafka) as publisher:
        publisher.publish_all()
    lines = [line for line in capsys.readouterr().err.splitlines() if '"parked"' in line]
    [line] = map(orjson.loads, lines)
    assert line["positions"] == [poison, *waiting]
    assert "secret" not in lines[0] and "R-1" not in lines[0]


def test_a_fact_that_was_damaged_after_it_was_published_is_held_against_what_is_known_of_it(
    published, feeding, database_url
):
    with spoilt(database_url, 3, **DAMAGED):
        assert checked(feeding)["log"] == published
    with spoilt(database_url, 3, **(DAMAGED | {"hash": b"another"})):
        [found] = checked(feeding, different=1)["findings"]
        assert (found["position"], found["names"]) == (3, ["ce_loghash"])


def test_states_of_other_invoices_are_told(traded, feeding, kafka, database_url):
    with spoilt(database_url, traded["invoice:main:R-1"][1], **UNKNOWN):
        feeding.run("feed", "publish", "--once")
        assert {each.key for each in everything(kafka, [topics.INVOICE_STATE])} == {b"invoice:main:R-2"}
