"""Messages as somebody sees them who looks at the topics."""

import os
import signal
import time
from typing import Any

import orjson
import pytest

from infra.kafka import topics
from infra.kafka.message import Message
from services.cli.ending import ENVIRONMENT, WRONG_USE
from tests.feed.planting import write, write_unreadable

TAIL = ("feed", "tail")


def shown(feeding: Any, *typed: object) -> list[dict[str, Any]]:
    """As JSON; without a database, which it needs none of."""
    url = feeding.environment.pop("RECEIVABLES_DATABASE_URL")
    feeding.environment["RECEIVABLES_DATABASE_URL"] = "postgresql://127.0.0.1:1/nowhere"
    try:
        return [orjson.loads(line) for line in feeding.run(*TAIL, *typed, "--format", "json").stdout.splitlines()]
    finally:
        feeding.environment["RECEIVABLES_DATABASE_URL"] = url


def positions(messages: list[dict[str, Any]]) -> list[int]:
    return [each["position"] for each in messages]


def test_the_last_facts_of_all_topics_in_their_order(published, feeding):
    assert positions(shown(feeding)) == [*range(1, published + 1)]
    assert positions(shown(feeding, "--limit", 3)) == [published - 2, published - 1, published]


def test_a_message_is_an_object_with_headers_and_value(published, feeding):
    [first] = shown(feeding, "--from", "beginning", "--limit", 1)
    assert first["topic"] == "receivables.customers" and first["key"] == "customer:acme"
    assert first["headers"]["ce_type"] == "receivables.customer.registered.v1"
    assert first["value"]["customer"] == "acme"
    assert first.keys() == {"topic", "partition", "offset", "position", "key", "headers", "value"}


def test_from_a_position_on(published, feeding):
    assert positions(shown(feeding, "--from", 4, "--limit", 2)) == [4, 5]
    assert sorted(positions(shown(feeding, "--from", 4))) == [*range(4, published + 1)]
    assert sorted(positions(shown(feeding, "--from", "beginning"))) == [*range(1, published + 1)]


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        (("--topic", "receipts"), lambda each: each["topic"] == "receivables.receipts"),
        (("--topic", "receivables.receipts", "--topic", "customers"), lambda each: "invoice" not in each["topic"]),
        (("--type", "invoice.issued"), lambda each: each["headers"]["ce_type"] == "receivables.invoice.issued.v1"),
        (("--type", "receivables.invoice.issued.v1"), lambda each: ".issued." in each["headers"]["ce_type"]),
        (("--stream", "invoice:main:R-1"), lambda each: each["key"] == "invoice:main:R-1"),
        (("--customer", "other"), lambda each: each["value"]["customer"] == "other"),
    ],
)
def test_only_what_is_wanted(published, feeding, typed, fits):
    everything = shown(feeding)
    found = shown(feeding, *typed)
    assert found == [each for each in everything if fits(each)]
    assert 0 < len(found) < published


def test_all_that_is_wanted_must_fit(published, feeding):
    assert shown(feeding, "--type", "invoice.issued", "--customer", "other", "--stream", "invoice:main:R-1") == []


def test_states_and_what_is_no_json_are_shown_as_they_are(published, feeding, kafka):
    write(kafka, Message(topics.INVOICE_STATE, b"invoice:main:R-2", None, [], 0))
    write(kafka, Message(topics.INVOICE_STATE, b"\xff", b"\xffno json", [("x", b"\xff")], 0))
    *_, removed, strange = shown(feeding, "--topic", "invoice-state")
    assert removed["value"] is None and removed["position"] is None
    assert strange["value"].endswith("no json")
    said = feeding.run(*TAIL, "--topic", "invoice-state").stdout
    assert "(removed)" in said and "status=open" in said


def test_a_line_for_people_says_when_where_what_and_of_which_stream(published, feeding):
    lines = feeding.run(*TAIL, "--type", "invoice.issued").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].split()[:5] == ["2026-01-05", "09:00:00", "2", "invoice.issued", "invoice:main:R-1"]
    assert "customer=acme" in lines[0] and "total=100.00" in lines[0]


def test_what_cannot_be_read_is_shown_as_such_and_hides_nothing(published, feeding, kafka):
    write_unreadable(kafka, topics.FACTS["invoice"], [0, 1, 1])
    found = shown(feeding, "--from", "beginning")
    assert sorted(filter(None, positions(found))) == [*range(1, published + 1)]
    assert len(found) == published + 3
    assert feeding.run(*TAIL).stdout.count("(cannot be read)") == 3


def test_what_a_message_says_is_shown_and_never_obeyed(published, feeding, kafka):
    write(kafka, Message(topics.FACTS["invoice"], b"\x1b[2J[bold]", b'{"data":{"step":"\x1b[2J"}}', [], 0))
    assert "\x1b" not in feeding.run(*TAIL).stdout


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--topic", "invoises"), "there is no topic invoises, but invoices"),
        (("--from", "yesterday"), "beginning, end or a position"),
        (("--from", "0"), "beginning, end or a position"),
        (("--from", "end"), "--follow"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_what_is_typed_wrong_ends_with_2(feeding, typed, said):
    assert said in feeding.run(*TAIL, *typed, exits=WRONG_USE).stderr


def test_without_topics_it_says_how_to_make_them(feeding):
    assert "feed topics --create" in feeding.refused(*TAIL, exits=ENVIRONMENT)[1]


# For good


def lines(process, count: int) -> list[dict[str, Any]]:
    return [orjson.loads(process.stdout.readline()) for _ in range(count)]


def test_it_goes_on_with_what_comes_until_ctrl_c(published, desk, feeding):
    process = feeding.start(*TAIL, "--follow", "--format", "json")
    assert positions(lines(process, published)) == [*range(1, published + 1)]
    desk.issue("R-9", 10_00)
    feeding.run("feed", "publish", "--once")
    assert positions(lines(process, 1)) == [published + 1]
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate(timeout=30)
    assert (process.returncode, printed, said) == (0, "", "")


def test_a_limit_ends_it_by_itself(published, desk, feeding):
    process = feeding.start(*TAIL, "--from", "end", "--follow", "--limit", 1, "--type", "invoice.issued")
    time.sleep(3)
    desk.issue("R-9", 10_00)
    feeding.run("feed", "publish", "--once")
    printed, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")
    assert "invoice:main:R-9" in printed


@pytest.mark.parametrize("typed", [(), ("--follow",), ("--format", "json"), ("--from", "end", "--follow")])
def test_whoever_stops_reading_ends_it_in_peace(published, feeding, typed):
    reader, writer = os.pipe()
    os.close(reader)
    process = feeding.start(*TAIL, *typed, stdout=writer)
    os.close(writer)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
