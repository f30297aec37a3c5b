"""Requests as they are read, who may ask for what, and what is said of a refusal: without a broker or a database."""

import json
import random
from types import SimpleNamespace
from typing import Any

import pytest

from domain.refusal import Refused
from infra.kafka.message import NO_TEXT, Record
from infra.unavailable import Unavailable
from services.catalogue import CATALOGUE
from services.catalogue.parameters import OF_A_CURRENCY, Form, parameters
from services.catalogue.roles import SERVICE
from services.feed import permissions, requests
from services.feed.masking import masked
from services.feed.permissions import Service
from services.feed.replies import dead_letter
from services.feed.requests import MOST_BYTES, MOST_HEADERS, Unreadable, read, request_type

ISSUE = "receivables.request.invoice.issue.v1"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ASKED = {"number": "R-1", "customer": "acme", "amount": "100.00", "currency": "EUR"}


def record(value: Any = ASKED, /, *more: tuple[str, bytes | None], **headers: Any) -> Record:
    given = {"ce_id": b"q-1", "ce_type": ISSUE.encode()} | headers
    kept = tuple((name, each) for name, each in given.items() if each != "")
    body = value if isinstance(value, bytes) or value is None else json.dumps(value).encode()
    return Record("receivables.requests", 2, 17, b"key", body, (*kept, *more))


def reason(found: Record) -> str:
    with pytest.raises(Unreadable) as unreadable:
        read(found)
    return unreadable.value.reason


# Reading


def test_a_request_is_a_command_with_its_arguments_and_what_led_to_it():
    request = read(record(ASKED, ce_correlationid=b"talk", ce_causationid=b"order 7", traceparent=TRACE.encode()))
    assert (request.id, request.command.name, request.arguments) == ("q-1", "invoice.issue", ASKED)
    assert request.cause("service:shop") == ("service:shop", "q-1", None, "talk", "order 7", TRACE)


def test_every_command_has_a_type_of_its_own():
    for command in CATALOGUE.values():
        assert read(record({}, ce_type=request_type(command).encode())).command is command


def test_a_request_of_an_earlier_version_is_read_like_one_of_the_current(monkeypatch):
    monkeypatch.setattr(requests, "VERSIONS", {"invoice.issue": 2})
    assert request_type(CATALOGUE["invoice.issue"]) == ISSUE.replace("v1", "v2")
    assert read(record(ce_type=ISSUE.encode())) == read(record(ce_type=ISSUE.replace("v1", "v2").encode()))
    assert reason(record(ce_type=ISSUE.replace("v1", "v3").encode())) == "unknown_version"


def test_the_content_is_the_same_however_it_was_written():
    turned = json.dumps(dict(reversed(ASKED.items())), indent=2).encode()
    assert read(record(turned)).content == read(record()).content
    assert read(record({**ASKED, "amount": "100.01"})).content != read(record()).content


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"not JSON", "not_json"),
        (b"", "not_json"),
        (None, "not_json"),
        (b"\xff\xfe{}", "not_json"),
        ("{}".encode("utf-16"), "not_json"),
        (b'{"number": NaN}', "not_json"),
        (b'{"number": "R-1", "number": "R-2"}', "not_json"),
        (b'{"number": "\\ud800"}', "not_json"),
        (b'{"number": ' + b"9" * 5_000 + b"}", "not_json"),
        (b"[" * 100_000 + b"]" * 100_000, "not_json"),
        (b'{"a":' * 40_000 + b"1" + b"}" * 40_000, "not_json"),
        (b"[]", "not_an_object"),
        (b'"invoice"', "not_an_object"),
        (b"null", "not_an_object"),
        (b" " * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_a_body_that_is_no_object_in_json_is_set_aside(value, expected):
    assert reason(record(value)) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"ce_id": ""}, "no_id"),
        ({"ce_id": b""}, "bad_id"),
        ({"ce_id": None}, "bad_id"),
        ({"ce_id": b"q\r\nce_type: x"}, "bad_id"),
        ({"ce_id": b"q\0"}, "bad_id"),
        ({"ce_id": b"\xff"}, "bad_id"),
        ({"ce_id": "q\u202e".encode()}, "bad_id"),
        ({"ce_id": b"q" * 201}, "bad_id"),
        ({"ce_type": ""}, "no_type"),
        ({"ce_type": b"invoice.issue"}, "unknown_type"),
        ({"ce_type": b"receivables.request.invoice.forget.v1"}, "unknown_type"),
        ({"ce_type": ISSUE.encode() + b"\n"}, "bad_header"),
        ({"ce_type": b"receivables.request.invoice.issue.v9"}, "unknown_version"),
        ({"ce_type": b"receivables.request.invoice.issue.v01"}, "unknown_version"),
        ({"ce_correlationid": b"\x1b[31m"}, "bad_header"),
        ({"ce_anything": b"\xff"}, "bad_header"),
        ({"ce_any thing": b"x"}, "bad_header"),
        ({"x\n": b"x"}, "bad_header"),
        ({NO_TEXT: b""}, "bad_header"),
    ],
)
def test_a_header_that_is_not_what_it_must_be_sets_the_message_aside(headers, expected):
    assert reason(record(ASKED, **headers)) == expected


def test_a_header_that_comes_twice_sets_the_message_aside():
    assert reason(record(ASKED, ("ce_id", b"q-2"))) == "doubled_header"
    assert reason(record(ASKED, *[("x", b"1")] * MOST_HEADERS)) == "too_many_headers"


@pytest.mark.parametrize(
    "trace",
    [
        b"",
        b"\xff",
        b"none",
        TRACE.upper().encode(),
        TRACE.encode() + b"\n",
        TRACE.encode() + b"-more",
        b"ff" + TRACE[2:].encode(),
        b"00-" + b"0" * 32 + TRACE[35:].encode(),
    ],
)
def test_a_trace_that_nobody_can_follow_is_passed_over(trace):
    assert read(record(ASKED, ("traceparent", trace))).trace is None
    assert read(record(ASKED, ("traceparent", TRACE.encode()), ("traceparent", TRACE.encode()))).trace is None


def test_headers_of_others_are_theirs():
    assert read(record(ASKED, ("x-anything", b"\xff\0"), ("x-anything", None))).id == "q-1"


def test_nothing_that_may_come_is_more_than_set_aside():
    chance = random.Random(7)
    for _ in range(2_000):
        value = chance.randbytes(chance.randrange(60))
        headers = {"ce_id": chance.randbytes(chance.randrange(8)), "ce_type": chance.choice([ISSUE.encode(), value])}
        try:
            read(record(value, **headers))
        except Unreadable:
            dead_letter(record(value, **headers), "any")


def test_a_dead_letter_is_the_message_as_it_came_with_reason_and_origin():
    found = record(b"\xff", ("ce_subject", b"\xff"), ("ce_source", b"a\nb"), ("x", b"y"))
    message = dead_letter(found, "not_json")
    assert (message.topic, message.key, message.value) == ("receivables.dead-letters", b"key", b"\xff")
    assert message.headers == [
        ("reason", b"not_json"),
        ("origin", b'{"topic":"receivables.requests","partition":2,"offset":17}'),
        ("ce_id", b"q-1"),
        ("ce_type", ISSUE.encode()),
    ]


# Who may ask for what


def test_without_a_file_there_is_one_service_with_what_the_role_may(tmp_path):
    assert permissions.load(tmp_path) == {"default": Service("default", SERVICE, None)}
    assert CATALOGUE.keys() >= SERVICE


def test_the_file_says_what_each_service_may(tmp_path):
    (tmp_path / "services.toml").write_text(
        '[default]\ncommands = []\n[shop]\nentities = ["main"]\n[till]\ncommands = ["receipt.record"]\n'
    )
    assert permissions.load(tmp_path) == {
        "default": Service("default", frozenset(), None),
        "shop": Service("shop", SERVICE, frozenset({"main"})),
        "till": Service("till", frozenset({"receipt.record"}), None),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[Shop]", "'Shop'"),
        ('["a.b"]', "'a.b'"),
        ("shop = 1", "which is no table"),
        ("[shop]\ncommand = []", "did you mean commands?"),
        ('[shop]\ncommands = ["invoice.isue"]', "did you mean invoice.issue?"),
        ("[shop]\ncommands = 1", "no list of texts"),
        ("[shop]\nentities = [1]", "no list of texts"),
        ("[shop", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_told_at_the_start(tmp_path, text, said):
    (tmp_path / "services.toml").write_text(text)
    with pytest.raises(Unavailable) as unavailable:
        permissions.load(tmp_path)
    assert said in unavailable.value.message and "services.toml" in unavailable.value.message


# It came to main.
OTHERS_RECEIPT = {"receipt:B-1": SimpleNamespace(received=SimpleNamespace(entity="main"), entity="other")}


def may(service: Service, command: str, entity: str = "main", **arguments: object) -> bool:
    try:
        service.require(CATALOGUE[command], arguments, entity=entity, state=OTHERS_RECEIPT.get)
    except Refused as refusal:
        assert refusal.code == "not_permitted"
        return False
    return True


@pytest.mark.parametrize(
    ("expected", "command", "arguments"),
    [
        (True, "invoice.issue", {}),
        (True, "invoice.issue", {"entity": "main"}),
        (False, "invoice.issue", {"entity": "other"}),
        (False, "invoice.issue", {"entity": "main "}),
        (False, "invoice.issue", {"entity": ["other"]}),
        (True, "customer.limit", {"customer": "acme"}),
        (True, "receipt.record", {"receipt": "B-2"}),
        (False, "receipt.record", {"receipt": "B-1"}),
        (False, "receipt.record", {"receipt": "B-2", "entity": "other"}),
        (False, "receipt.reverse", {"receipt": "B-1"}),
        (True, "receipt.move", {"receipt": "B-2", "to_entity": "main"}),
        (False, "receipt.move", {"receipt": "B-2", "to_entity": "other"}),
        (False, "receipt.move", {"receipt": "B-2", "to_entity": ["main"]}),
        (False, "receipt.move", {"receipt": "B-1", "to_entity": "main"}),
        (True, "credit_note.issue", {"credit_note": "CN-1"}),
        (False, "credit_note.issue", {"credit_note": "CN-1", "entity": "other"}),
        (False, "credit_note.undo", {"credit_note": "CN-1", "entity": "other"}),
        (False, "invoice.undo_void", {"number": "R-1", "entity": "other"}),
        (False, "customer.report", {"customer": "acme", "entity": "other"}),
        (False, "contact.done", {"contact": "contact:other:2026-01-05:mail:1:acme"}),
        (True, "contact.done", {"contact": "main:2026-01-05:mail:1:acme"}),
    ],
)
def test_a_service_of_one_entity_may_not_name_another_nor_touch_what_is_anothers(expected, command, arguments):
    service = Service("shop", frozenset(CATALOGUE), frozenset({"main"}))
    assert may(service, command, **arguments) is expected
    assert may(Service("shop", frozenset(CATALOGUE)), command, **arguments)


def test_the_entity_that_goes_without_saying_counts_as_named():
    assert not may(Service("shop", entities=frozenset({"main"})), "invoice.issue", entity="other")


def test_a_service_of_one_entity_asks_for_the_one_that_goes_without_saying():
    record, shop = CATALOGUE["receipt.record"], Service("shop", entities=frozenset({"main"}))
    assert shop.complete(record, {"receipt": "B-2"}, entity="main") == {"receipt": "B-2", "entity": "main"}
    assert shop.complete(record, {"entity": "other"}, entity="main") == {"entity": "other"}
    assert shop.complete(CATALOGUE["customer.limit"], {"customer": "acme"}, entity="main") == {"customer": "acme"}
    assert Service("shop").complete(record, {"receipt": "B-2"}, entity="main") == {"receipt": "B-2"}


@pytest.mark.parametrize(
    "command",
    ["invoice.write_off", "credit_note.undo", "invoice.undo_credit", "invoice.undo_void", "receipt.move"],
)
def test_a_command_that_is_not_a_services_own_is_not_permitted(command: str):
    assert not may(Service("shop"), command)


def test_a_service_may_issue_credit_notes():
    assert may(Service("shop"), "credit_note.issue", credit_note="CN-1")


# What is said of a refusal


PERSON = "Annabel Lee-O'Neill"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"{PERSON[:9]!r} is not an amount such as 120.50", "… is not an amount such as 120.50"),
        ("there is no invoice Annabel of main", "there is no invoice … of main"),
        ("the customer's invoice: ANNABEL, lee and O'Neill", "the customer's invoice: …, … and …'…"),
        ("only 70.00 EUR is open", "only 70.00 EUR is open"),
        ("Anna, who was cut short", "…, who was cut short"),
        ("say\nmore\0", "say more "),
    ],
)
def test_nothing_that_the_asker_wrote_is_repeated(message, expected):
    assert masked(message, CATALOGUE["invoice.issue"], {"number": PERSON, "amount": "70.00"}) == expected


def test_names_that_are_no_parameters_are_the_askers_words_too():
    said = masked("invoice.issue has no Annabel", CATALOGUE["invoice.issue"], {"Annabel": 1, "number": "R-1"})
    assert said == "invoice.issue has no …"
    nested = {"instalments": [{"Annabel": [{"due_on": "Annabel"}]}]}
    assert "Annabel" not in masked("instalments.0.Annabel: no", CATALOGUE["invoice.issue"], nested)


def test_a_figure_is_repeated_only_where_figures_belong():
    command = CATALOGUE["invoice.dispute"]
    assert masked("0171 is open", command, {"comment": "0171 5550100"}) == "… is open"
    assert masked("12.50 is open", command, {"amount": "12.50"}) == "12.50 is open"
    assert {Form.AMOUNT} & OF_A_CURRENCY and "comment" in {each.name for each in parameters(command)}
