"""The inbox on a real broker and a real database: whatever comes is answered or set aside, and the next is handled."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from domain.entry import invoice_stream
from infra.kafka.conversation import subscribed
from infra.settings import Settings
from services.assembly import App, assemble
from services.feed.requests import MOST_BYTES
from tests.feed.correspondence import PARTITIONS, Correspondent, NoText, correspondent, inbox_at_work, request_headers
from tests.infra.following import becomes
from tests.services.conftest import SetClock

SERVICES = """
[shop]
commands = ["invoice.issue", "receipt.record"]
entities = ["main"]
[till]
commands = ["receipt.record"]
"""
TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Office(NamedTuple):
    app: App
    service: Correspondent

    def position(self) -> int:
        return self.app.ledger.head().position


@pytest.fixture(scope="module")
def office(
    broker: str, databases: Any, tmp_path_factory: pytest.TempPathFactory, module_patch: pytest.MonkeyPatch
) -> Iterator[Office]:
    from tests.kafka import fresh

    fresh(broker)
    home = tmp_path_factory.mktemp("home")
    (home / "services.toml").write_text(SERVICES)
    settings = Settings(home=home, kafka=(broker,), kafka_partitions=PARTITIONS)
    with assemble(settings, database_url=databases(), clock=SetClock()) as app, correspondent(broker) as service:
        run = app.commands.run

        def failing(name: str, arguments: Any, cause: Any) -> Any:
            if cause.command_id.startswith("fails"):
                raise KeyError("Annabel")
            return run(name, arguments, cause)

        module_patch.setattr(app.commands, "run", failing)
        with inbox_at_work(app):
            yield Office(app, service)


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture
def next_is_handled(office: Office) -> Iterator[None]:
    """Nothing was recorded, and what is asked after is done."""
    before = office.position()
    yield
    assert office.position() == before
    # To every partition, that of the message among them.
    after = [
        office.service.ask("customer.register", {"customer": f"after {before} {n}"}, key=b"%d" % n) for n in range(6)
    ]
    assert {office.service.answer(each)["outcome"] for each in after} == {"done"}


def read_to(office: Office, sent: Any) -> bool:
    return becomes(lambda: office.service.committed(sent) > sent.offset)


# What is done


def test_a_request_is_done_for_its_service_and_answered_with_its_facts(office):
    asked = office.service.issue("R-1", ("ce_correlationid", b"talk"), ("traceparent", TRACE), request_id="ask-1")
    [reply] = office.service.replies(asked)
    assert json.loads(reply.value) == {
        "request": "ask-1",
        "outcome": "done",
        "code": None,
        "message": None,
        "events": ["customer:acme@1", "invoice:main:R-1@1"],
    }
    headers = dict(reply.headers)
    assert headers.pop("ce_source").startswith(b"urn:receivables:") and len(headers.pop("ce_id")) == 32
    assert headers == {
        "content-type": b"application/json",
        "ce_specversion": b"1.0",
        "ce_type": b"receivables.reply.v1",
        "ce_subject": b"ask-1",
        "ce_causationid": b"ask-1",
        "ce_correlationid": b"talk",
        "traceparent": TRACE,
    }
    cause = office.app.ledger.causes([invoice_stream("R-1", "main")])[invoice_stream("R-1", "main")]
    assert cause == ("service:default", "ask-1", None, "talk", None, TRACE.decode())


def test_what_was_there_already_is_done_without_facts(office):
    office.service.answer(office.service.issue("R-2"))
    assert office.service.answer(office.service.issue("R-2"))["events"] == []


def test_each_service_writes_to_a_topic_of_its_own(office):
    asked = office.service.issue("R-3", service="shop")
    assert office.service.answer(asked)["outcome"] == "done"
    stream = invoice_stream("R-3", "main")
    assert office.app.ledger.causes([stream])[stream].actor == "service:shop"


def test_a_key_is_not_needed(office):
    assert office.service.answer(office.service.issue("R-4", key=None))["outcome"] == "done"


def test_requests_with_one_key_are_done_in_their_order(office):
    asked = [office.service.issue(f"O-{n}", key=b"one") for n in range(30)]
    done = [office.service.answer(each)["events"][-1] for each in asked]
    entries = [f"{each.stream}@{each.version}" for each in office.app.ledger.entries(0)]
    assert sorted(done, key=entries.index) == done


# Asked again


def same(office: Office, request_id: str) -> None:
    first, second = office.service.replies(request_id, 2)[:2]
    assert (first.key, first.value, first.headers) == (second.key, second.value, second.headers)


def test_the_same_request_again_has_one_effect_and_the_same_answer_to_the_last_byte(office):
    asked = office.service.issue("R-5")
    office.service.answer(asked)
    before = office.position()
    office.service.issue("R-5", request_id=asked)
    same(office, asked)
    assert office.position() == before


def test_what_was_refused_is_refused_again_though_it_would_be_done_by_now(office):
    given = {"number": "R-6", "reason_code": "quality"}
    asked = office.service.ask("invoice.dispute", given)
    assert office.service.answer(asked)["code"] == "not_issued"
    office.service.answer(office.service.issue("R-6"))
    before = office.position()
    office.service.ask("invoice.dispute", given, request_id=asked)
    same(office, asked)
    assert office.position() == before
    assert office.service.answer(office.service.ask("invoice.dispute", given))["outcome"] == "done"


@pytest.mark.usefixtures("next_is_handled")
def test_an_id_that_is_used_for_something_else_is_refused_and_keeps_its_first_answer(office):
    done, refused = office.service.issue("R-1"), office.service.ask("invoice.credit", {"number": "none"})
    for asked in (done, refused):
        first = office.service.replies(asked)[0]
        office.service.issue("R-other", request_id=asked)
        office.service.ask("invoice.credit", {"nothing": "that it knows"}, request_id=asked, service="till")
        reused, reused_again = office.service.replies(asked, 3)[1:3]
        assert json.loads(reused.value)["code"] == json.loads(reused_again.value)["code"] == "command_reused"
        assert dict(reused.headers)["ce_id"] != dict(first.headers)["ce_id"]
    office.service.issue("R-1", request_id=done)
    assert office.service.replies(done, 4)[3].value == office.service.replies(done)[0].value
    office.service.ask("invoice.credit", {"number": "none"}, request_id=refused)
    assert office.service.replies(refused, 4)[3].value == office.service.replies(refused)[0].value


# What is wrong

ISSUE = request_headers("bad", "invoice.issue")


@pytest.mark.usefixtures("next_is_handled")
@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        (b"not JSON", ISSUE, "not_json"),
        (b"\xff\xfe", ISSUE, "not_json"),
        (None, ISSUE, "not_json"),
        (b"[1, 2]", ISSUE, "not_an_object"),
        (b"[" * 200_000, ISSUE, "not_json"),
        (b"{}", request_headers("bad", "invoice.vanish"), "unknown_type"),
        (b"{}", request_headers("bad", "invoice.issue", version="v9"), "unknown_version"),
        (b" " * 1_000_000, ISSUE, "too_large"),
        (b" " * (MOST_BYTES + 1), ISSUE, "too_large"),
        (b"{}", ISSUE[1:], "no_id"),
        (b"{}", ISSUE[:1], "no_type"),
        (b"{}", [], "no_id"),
        (b"{}", request_headers("bad\r\nce_type: x", "invoice.issue"), "bad_id"),
        (b"{}", request_headers("b" * 300, "invoice.issue"), "bad_id"),
        (b"{}", [*ISSUE, ("ce_id", b"other")], "doubled_header"),
        (b"{}", [*ISSUE, ("ce_source", b"\xff\xfe")], "bad_header"),
    ],
)
def test_what_cannot_be_read_is_set_aside_as_it_came(office, value, headers, reason):
    sent = office.service.send(value, headers)
    dead = office.service.dead_letter(sent)
    assert dict(dead.headers)["reason"] == reason.encode()
    assert (dead.key, dead.value) == (b"key", value)
    assert all(each is not None and each.decode().isprintable() for _, each in dead.headers)
    assert read_to(office, sent)


def test_a_header_whose_name_no_client_can_read_holds_nothing_up_and_loses_nothing(office):
    asked, sent = [], []
    for n in range(60):
        asked.append(office.service.issue(f"N-{n}", key=b"%d" % n))
        if n % 20 == 10:
            sent.append(office.service.send(b"{}", [*ISSUE, (NoText("x"), b"")]))
    assert {office.service.answer(each)["outcome"] for each in asked} == {"done"}
    for each in sent:
        dead = office.service.dead_letter(each)
        assert (dict(dead.headers)["reason"], dead.value) == (b"bad_header", None)
        assert read_to(office, each)


@pytest.mark.usefixtures("next_is_handled")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"currency": "EURO"}, "unknown_currency"),
        ({"currency": None}, "argument_missing"),
        ({"amount": 100}, "argument_wrong"),
        ({"amount": "100.001"}, "too_many_decimals"),
        ({"amount": "1e3"}, "not_an_amount"),
        ({"colour": "red"}, "argument_unknown"),
        ({"number": [{"a": []}]}, "argument_wrong"),
        ({"number": "a\0b"}, "argument_wrong"),
        ({"issued_on": "2031-01-01"}, "day_is_ahead"),
        ({"due_on": "tomorrow"}, "argument_wrong"),
    ],
)
def test_what_is_wrong_in_it_is_refused(office, changed, code):
    given = {"number": "W-1", "customer": "acme", "amount": "100.00", "currency": "EUR"} | changed
    answer = office.service.answer(office.service.ask("invoice.issue", given))
    assert (answer["outcome"], answer["code"], answer["events"]) == ("refused", code, [])


@pytest.mark.usefixtures("next_is_handled")
@pytest.mark.parametrize(
    ("service", "command", "arguments"),
    [
        ("default", "invoice.write_off", {"number": "R-1", "reason": "gone"}),
        ("till", "invoice.issue", {}),
        ("shop", "customer.limit", {}),
        ("shop", "invoice.issue", {"number": "E-1", "entity": "other", "amount": "1.00", "currency": "EUR"}),
    ],
)
def test_what_a_service_may_not_is_refused(office, service, command, arguments):
    assert office.service.answer(office.service.ask(command, arguments, service=service))["code"] == "not_permitted"


def test_a_receipt_of_another_entity_is_not_touched_though_the_request_names_none(office):
    receipt = {"receipt": "B-1", "amount": "1.00", "currency": "EUR"}
    others = office.service.ask("receipt.record", {**receipt, "entity": "other"})
    assert office.service.answer(others)["outcome"] == "done"
    asked = office.service.ask("receipt.record", receipt, service="shop")
    assert office.service.answer(asked)["code"] == "not_permitted"


@pytest.mark.usefixtures("next_is_handled")
def test_one_that_keeps_failing_is_set_aside_and_may_be_asked_again(office, capsys):
    sent = office.service.send(b'{"customer": "failing"}', request_headers("fails-1", "customer.register"))
    dead = office.service.dead_letter(sent)
    assert dict(dead.headers)["reason"] == b"failed" and dict(dead.headers)["ce_id"] == b"fails-1"
    assert read_to(office, sent)
    assert "Annabel" not in "".join(capsys.readouterr())


# How it reads


def unstated(broker: KafkaBroker) -> list[str]:
    """Topics of subscribers that would lose a message which they do not get to handle."""
    losing: list[Any] = [each for each in broker.subscribers if each.ack_policy is not AckPolicy.NACK_ON_ERROR]
    return [name for each in losing for name in each.topic_names]


async def _nothing(records: Any) -> None:
    return None


def test_every_reader_leaves_a_message_that_it_could_not_handle_where_it_was():
    broker = subscribed(["127.0.0.1:1"], ["receivables.requests", "receivables.requests.shop"], _nothing)
    assert len(broker.subscribers) == 2 and unstated(broker) == []
    broker.subscriber("planted")(_nothing)
    broker.subscriber("planted too", ack_policy=AckPolicy.ACK, group_id="g")(_nothing)
    assert sorted(unstated(broker)) == ["planted", "planted too"]
