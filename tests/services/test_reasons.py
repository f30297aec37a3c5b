"""Why: asked for at every door where a command needs it, and shown wherever the facts it recorded are shown."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any, NamedTuple

import orjson
import pytest

from domain.entry import Cause, stream_name
from domain.kinds import KINDS
from infra.log.decision import Done
from infra.settings import Settings
from services.assembly import App, assemble
from services.catalogue import CATALOGUE
from services.catalogue.command import Request
from services.catalogue.parameters import parameters
from services.demo import PlayedClock, play
from tests.infra.test_golden import LINES
from tests.services.conftest import SetClock
from tests.services.examples import example, shortest
from tests.services.terminal import Terminal

NEEDS_ONE = [name for name, command in CATALOGUE.items() if command.needs_reason]


def test_what_takes_something_from_us_or_from_a_customer_needs_a_reason():
    assert {*NEEDS_ONE} == {
        "invoice.credit", "invoice.void", "invoice.fail_delivery", "invoice.waive", "invoice.reassign",
        "invoice.recall", "invoice.write_off", "invoice.block", "invoice.unblock",
        "customer.limit", "customer.hold", "customer.release", "customer.prepayment", "customer.review",
        "customer.block", "customer.unblock", "customer.withdraw", "customer.erase",
        "receipt.unallocate", "receipt.reverse", "receipt.move", "contact.skip",
        "invoice.undo_credit", "invoice.undo_void", "invoice.undo_write_off",
        "credit_note.issue", "credit_note.unallocate", "credit_note.undo",
    }  # fmt: skip


MONEY: dict[str, object] = {"currency": "EUR", "value_on": "2026-01-20"}
INVOICE: dict[str, object] = {"customer": "acme", "currency": "EUR", "issued_on": "2026-01-05"}
STORY: list[tuple[str, dict[str, object]]] = [
    ("invoice.issue", INVOICE | {"number": "R-1", "amount": "100.00"}),
    ("invoice.issue", INVOICE | {"number": "R-2", "amount": "60.00"}),
    ("invoice.issue", INVOICE | {"number": "R-3", "amount": "40.00"}),
    ("receipt.record", MONEY | {"receipt": "B-1", "amount": "160.00", "invoices": ["R-1", "R-2"], "payer": "Ann"}),
    ("receipt.record", MONEY | {"receipt": "B-2", "amount": "10.00", "invoices": ["R-3"]}),
    ("customer.register", {"customer": "gone"}),
    ("customer.contact", {"customer": "gone", "name": "Eve"}),
    ("receipt.reverse", {"receipt": "B-1"}),
    ("receipt.unallocate", {"receipt": "B-2", "allocation": 1}),
    ("receipt.allocate", {"receipt": "B-2"}),
    ("receipt.unallocate", {"receipt": "B-2", "allocation": 2}),
    ("receipt.refund", {"receipt": "B-2", "amount": "10.00", "reference": "out 1"}),
    ("invoice.fee", {"number": "R-1", "amount": "5.00", "basis": "reminder"}),
    ("invoice.waive", {"number": "R-1", "item": 2}),
    ("invoice.credit", {"number": "R-1", "credit_note": "C-1", "amount": "5.00"}),
    ("invoice.write_off", {"number": "R-1", "amount": "12.50"}),
    ("customer.limit", {"customer": "acme", "amount": "500.00", "currency": "EUR"}),
    ("customer.hold", {"customer": "acme", "scope": "orders"}),
    ("customer.release", {"customer": "acme", "scope": "orders"}),
    ("customer.block", {"customer": "acme", "until": "2026-03-01"}),
    ("customer.unblock", {"customer": "acme"}),
    ("invoice.void", {"number": "R-2"}),
    ("customer.erase", {"customer": "gone"}),
]
STREAMS = (
    "R-1", "R-2", "R-3", "--receipt B-1", "--receipt B-2", "--credit-note C-1", "--customer acme", "--customer gone",
)  # fmt: skip


def reason_of(command_id: str) -> str:
    return f"because-of-{command_id}"


class Told(NamedTuple):
    app: App
    terminal: Terminal
    done: dict[str, Done]


@pytest.fixture(scope="module")
def told(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A story of which every command has a reason of its own, whether it needs one or not."""
    home, done = tmp_path_factory.mktemp("home"), {}
    with assemble(Settings(home=home), database_url=shared_database_url, clock=SetClock()) as app:
        for number, (name, arguments) in enumerate(STORY, 1):
            app.bring_views_up_to_date()
            command_id = f"{number}-{name}"
            done[command_id] = app.commands.run(name, arguments, Cause("ann", command_id, reason_of(command_id)))
        app.bring_views_up_to_date()
        yield Told(app, Terminal(shared_database_url, home), done)


# Where it is asked for


@pytest.mark.parametrize("reason", [None, "", "  \t"])
@pytest.mark.parametrize("name", NEEDS_ONE)
def test_without_a_reason_it_is_refused_by_name_and_by_value(told, refused, name, reason):
    command, commands = CATALOGUE[name], told.app.commands
    asked = example(command) | {"reason": reason, "entity": "main", "credit_note": "C-1"}
    asked = {given: value for given, value in asked.items() if given in {each.name for each in parameters(command)}}

    with refused("reason_missing"):
        commands.run(name, asked, Cause("ann", "c"))
    with refused("reason_missing"):
        commands.run(name, asked, Cause("ann", "c", reason))
    with refused("reason_missing"):
        stream = stream_name(command.kind, *["x"] * len(KINDS[command.kind].key))
        commands.give(stream, Request(command, {}), cause=Cause("ann", "c", reason))
    assert told.app.ledger.answer("c") is None


def test_the_reason_may_come_with_the_cause(desk):
    desk.issue("R-1", 100_00)

    done = desk.app.commands.run("invoice.void", {"number": "R-1"}, Cause("ann", "v", "typing error"))

    assert [each.cause.reason for each in desk.app.ledger.entries(done.position - 1)] == ["typing error"]


@pytest.mark.parametrize("name", NEEDS_ONE)
def test_without_a_reason_it_is_refused_as_it_is_typed(terminal, name):
    """Left out it is a missing option, as any other; an empty one is refused as at every door."""
    command = CATALOGUE[name]
    kind, _, verb = name.partition(".")
    group = "task" if kind == "contact" else kind.replace("_", "-")
    typed = [group, verb.replace("_", "-"), "R-1"]
    for option, value in shortest(command).items():
        if option not in ("number", "receipt", "contact", "reason", kind):
            typed += [f"--{option.replace('_', '-')}", str(value)]

    code, message = terminal.refused(*typed, exits=2)
    assert (code, "--reason" in message) == ("wrong_use", True)


def test_an_empty_reason_is_none_at_the_command_line(terminal):
    assert terminal.refused("customer", "hold", "acme", "--scope", "orders", "--reason", " ", exits=2) == (
        "reason_missing",
        "customer.hold needs a reason",
    )


# Where it is shown


def test_the_story_has_commands_on_one_two_and_three_streams(told):
    streams = {len({fact.stream for fact in done.facts}) for done in told.done.values()}
    assert streams == {1, 2, 3}
    assert all(done.facts for done in told.done.values())
    assert {name for name, _ in STORY} & {*NEEDS_ONE} == {name for name, _ in STORY if CATALOGUE[name].needs_reason}


def is_told_on_every_fact(facts: Any, told: Told) -> bool:
    """Of all its commands, on all their streams."""
    reasons = {int(fact["position"]): fact["reason"] for fact in facts}
    return reasons == {
        fact.position: reason_of(command_id) for command_id, done in told.done.items() for fact in done.facts
    }


def test_a_search_shows_it_on_every_fact(told):
    assert is_told_on_every_fact(told.terminal.json("audit", "search", "--limit", 500)["facts"], told)


def test_the_trails_of_all_streams_show_it_on_every_fact(told):
    trails = [told.terminal.json("audit", "show", *stream.split())["facts"] for stream in STREAMS]
    assert is_told_on_every_fact([fact for facts in trails for fact in facts], told)


def test_exports_show_it_on_every_fact(told):
    rows = csv.DictReader(StringIO(told.terminal.run("audit", "export").stdout))
    assert is_told_on_every_fact(rows, told)
    lines = told.terminal.run("audit", "export", "--format", "jsonl").stdout.splitlines()
    assert is_told_on_every_fact(map(orjson.loads, lines), told)


def test_evidence_shows_it_on_every_fact_of_the_invoice(told):
    facts = told.terminal.json("audit", "evidence", "R-1")["facts"]
    assert len(facts) > 5
    assert {fact["reason"] for fact in facts} == {reason_of(fact["command_id"]) for fact in facts}


@pytest.mark.parametrize("typed", ["audit search --limit 500", *(f"audit show {stream}" for stream in STREAMS)])
def test_tables_show_it_in_every_line(told, typed):
    _, *lines = told.terminal.run(*typed.split()).stdout.splitlines()
    facts = told.terminal.json(*typed.split())["facts"]
    assert len(lines) == len(facts)
    for line, fact in zip(lines, facts, strict=True):
        assert f"({fact['reason']})" in line


def test_no_fact_says_it_a_second_time(told):
    facts = told.terminal.json("audit", "search", "--limit", 500)["facts"]
    assert [fact["name"] for fact in facts if fact["reason"] in str(fact["data"])] == []
    assert [fact["name"] for fact in facts if {"reason", "why"} & keys_in(fact["data"])] == []


def test_no_fact_that_was_ever_written_has_a_reason_in_its_data():
    assert [line["name"] for line in LINES if {"reason", "why"} & keys_in(orjson.loads(line["stored"])["data"])] == []


def test_no_fact_of_the_demonstration_has_a_reason_in_its_data(database_url, tmp_path):
    clock = PlayedClock(date(2026, 6, 30))
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock) as app:
        play(app, clock, seed=7, customers=6, months=6, until=date(2026, 6, 30), progress=lambda *_: None)
        stored = [(row.name, orjson.loads(row.state)) for row in app.ledger.rows(0, 100_000)]
    assert len(stored) > 100
    assert [name for name, fact in stored if {"reason", "why"} & keys_in(fact["data"])] == []
    # And what needs one has one.
    assert all(fact["reason"] for name, fact in stored if name in ("invoice.written_off", "customer.credit_limit_set"))


def keys_in(data: object) -> set[str]:
    """At any depth."""
    if isinstance(data, dict):
        return {*data} | {key for each in data.values() for key in keys_in(each)}
    return {key for each in data for key in keys_in(each)} if isinstance(data, list) else set()
