"""How the inbox decides, on a real database without a broker: once, patiently, without repeating what was typed."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from typing import Any

import psycopg
import pytest

from domain.refusal import Refused
from infra.kafka.message import Record
from infra.log.appends import Contended
from infra.log.follower import Stopped
from infra.settings import Settings
from services.assembly import App, assemble
from services.catalogue import CATALOGUE
from services.catalogue.parameters import Form, Parameter, parameters
from services.catalogue.roles import SERVICE
from services.feed.inbox import Inbox
from services.feed.permissions import Service
from services.feed.requests import request_type
from services.processes import inbox as process
from tests.services.terminal import HOUSE

TOPIC = "receivables.requests"
PERSON = "Annabel Featherstonehaugh-O'Neill"
PIECES = ("annabel", "feather", "stone", "neill")


def inbox_of(app: App) -> Inbox:
    return Inbox(
        app.ledger,
        app.pool,
        app.commands,
        lambda: app.encryption,
        {TOPIC: Service("default")},
        entity="main",
        catch_up=app.bring_views_up_to_date,
    )


def request(request_id: str, command: str, arguments: Any) -> Record:
    headers = (("ce_id", request_id.encode()), ("ce_type", request_type(CATALOGUE[command]).encode()))
    return Record(TOPIC, 0, 0, None, json.dumps(arguments).encode(), headers)


def register(request_id: str) -> Record:
    return request(request_id, "customer.register", {"customer": request_id})


@pytest.fixture
def inbox(app: App) -> Inbox:
    return inbox_of(app)


@pytest.fixture
def failing(app: App, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the next commands raise, one after the other, before they are run."""
    errors: list[Exception] = []
    run = app.commands.run

    def raising(*asked: Any) -> Any:
        if errors:
            raise errors.pop(0)
        return run(*asked)

    monkeypatch.setattr(app.commands, "run", raising)
    return errors


def outcome(message: Any) -> Any:
    return json.loads(message.value)["outcome"] if message.topic == "receivables.replies" else message.topic


# What is away


@pytest.mark.parametrize("error", [Contended("others"), psycopg.OperationalError("gone"), psycopg.InterfaceError()])
def test_what_is_away_is_waited_for_and_never_refused(inbox, failing, error):
    failing += [error, error, error, error]
    heard: list[Exception | None] = []
    assert outcome(inbox.answer(register("q"), Event(), heard.append)) == "done"
    assert len([each for each in heard if each is not None]) == 4 and heard[-1] is None


def test_who_is_told_to_stop_while_something_is_away_leaves_the_request_for_later(app, inbox, failing):
    failing += [psycopg.OperationalError("gone")] * 3
    stop = Event()
    with pytest.raises(Stopped):
        inbox.answer(register("q"), stop, lambda error: stop.set())
    failing.clear()
    assert app.ledger.head().position == 0
    assert outcome(inbox.answer(register("q"), Event())) == "done"


def test_an_error_nobody_foresaw_may_pass_and_is_set_aside_when_it_does_not(inbox, failing):
    failing += [KeyError("x"), KeyError("x")]
    assert outcome(inbox.answer(register("q-1"), Event())) == "done"
    failing += [KeyError("x")] * 3
    assert outcome(inbox.answer(register("q-2"), Event())) == "receivables.dead-letters"
    assert outcome(inbox.answer(register("q-2"), Event())) == "done"


def test_a_payment_needs_the_views_and_brings_them_up_where_nobody_keeps_them(database_url, tmp_path, app):
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=app.clock) as own:
        own.views.wait_seconds = 0.05
        inbox = inbox_of(own)
        invoice = {"number": "R-1", "customer": "acme", "amount": "5.00", "currency": "EUR"}
        inbox.answer(request("q-1", "invoice.issue", invoice), Event())
        receipt = {"receipt": "B-1", "customer": "acme", "amount": "5.00", "currency": "EUR"}
        value = inbox.answer(request("q-2", "receipt.record", receipt), Event()).value
        assert "invoice:main:R-1@2" in json.loads(value or b"")["events"]


def test_money_for_an_invoice_nobody_knows_is_recorded_and_waits_for_no_view(database_url, tmp_path, app):
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=app.clock) as own:
        own.views.wait_seconds = 0.05
        receipt = {"receipt": "B-1", "entity": "main", "amount": "5.00", "currency": "EUR", "invoices": ["R-1"]}
        heard: list[Exception | None] = []
        assert outcome(inbox_of(own).answer(request("q", "receipt.record", receipt), Event(), heard.append)) == "done"
        assert heard == [None]


# Once


def test_two_who_handle_a_request_at_once_do_not_decide_differently(database_url, tmp_path, app, inbox, monkeypatch):
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=app.clock) as other, ExitStack() as left:
        second, has_begun, may_go_on = inbox_of(other), Event(), Event()
        run = app.commands.run

        def slow(*asked: Any) -> Any:
            has_begun.set()
            assert may_go_on.wait(20)
            return run(*asked)

        def refusing(*asked: Any) -> Any:
            if not other.ledger.answer("q"):
                raise Refused("no", "not any more")
            return other_run(*asked)

        other_run = other.commands.run
        monkeypatch.setattr(app.commands, "run", slow)
        monkeypatch.setattr(other.commands, "run", refusing)
        threads = left.enter_context(ThreadPoolExecutor(2))
        first = threads.submit(inbox.answer, register("q"), Event())
        assert has_begun.wait(20)
        later = threads.submit(second.answer, register("q"), Event())
        with pytest.raises(TimeoutError):
            later.result(0.3)
        may_go_on.set()
        assert first.result(20) == later.result(20) and outcome(first.result()) == "done"


def test_many_at_once_are_each_done_once(app, inbox):
    with ThreadPoolExecutor(4) as threads:
        found = [*threads.map(lambda n: inbox.answer(register(f"q-{n % 20}"), Event()), range(80))]
    assert len({each.value for each in found}) == 20 and app.ledger.head().position == 20


def test_what_was_done_stays_done_for_a_service_that_may_no_more(app, inbox):
    first = inbox.answer(register("q"), Event())
    inbox._services = {TOPIC: Service("default", frozenset())}
    assert inbox.answer(register("q"), Event()) == first
    assert json.loads(inbox.answer(register("q-2"), Event()).value or b"")["code"] == "not_permitted"


@pytest.mark.parametrize(("entities", "paid"), [(None, "invoice:branch:R-1"), (frozenset({"main"}), None)])
def test_money_of_no_entity_reaches_the_one_owed_only_for_a_service_of_all(app, inbox, desk, entities, paid):
    desk.issue("R-1", 5_00, entity="branch")
    app.bring_views_up_to_date()
    inbox._services = {TOPIC: Service("default", entities=entities)}
    money = {"receipt": "B-1", "customer": "acme", "amount": "5.00", "currency": "EUR"}

    first = inbox.answer(request("q", "receipt.record", money), Event())

    assert outcome(first) == "done"
    receipt = app.ledger.state("receipt:B-1")
    assert receipt.entity == ("branch" if paid else "main")
    assert [each.invoice for each in receipt.allocations] == ([paid] if paid else [])
    for now in (None, frozenset({"main"})):
        inbox._services = {TOPIC: Service("default", entities=now)}
        assert inbox.answer(request("q", "receipt.record", money), Event()) == first


def test_an_id_that_another_door_used_is_refused_and_nothing_is_kept_of_that(app, inbox, desk):
    done = desk.issue("R-1", 5_00)
    assert json.loads(inbox.answer(register(done.command_id), Event()).value or b"")["code"] == "command_reused"
    with app.pool.connection() as conn:
        assert conn.execute("select count(*) from ledger.refused_requests").fetchone() == (0,)


# Who asks for nothing is told nothing

ORDINARY: dict[Form, object] = {
    Form.AMOUNT: "5.00",
    Form.PERCENT: "2",
    Form.DAY: "2026-01-06",
    Form.NUMBER: 1,
    Form.FLAG: True,
    Form.TEXT: "acme",
    Form.TEXTS: ["acme"],
    Form.INSTALMENTS: [{"due_on": "2026-02-01", "amount": "5.00"}],
    Form.SCHEDULE: [{"days": 30, "percent": "100"}],
    Form.DISCOUNTS: [{"days": 10, "percent": "2"}],
    Form.REMITTANCES: ["acme"],
}
SPECIAL = {"currency": "EUR", "country": "DE", "jurisdiction": "DE", "entity": "main", "language": "en"}


def ordinary(parameter: Parameter) -> object:
    if parameter.choices:
        return parameter.choices[0]
    return SPECIAL.get(parameter.name) or ORDINARY[parameter.form]


def planted(form: Form) -> list[object]:
    """The name in place of a value, and within one where it has parts."""
    return [
        PERSON,
        PERSON * 60,
        [PERSON],
        {PERSON: PERSON},
        *([[{**part, key: PERSON} for key in part] for part in ORDINARY[form]] if form in PARTED else []),  # type: ignore[attr-defined]
        *([[{**part, PERSON: "1"} for part in ORDINARY[form]]] if form in PARTED else []),  # type: ignore[attr-defined]
    ]


PARTED = (Form.INSTALMENTS, Form.SCHEDULE, Form.DISCOUNTS)


def requests_with_a_name() -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    for command in map(CATALOGUE.__getitem__, sorted(SERVICE)):
        required = {each.name: ordinary(each) for each in parameters(command) if each.is_required}
        for each in parameters(command):
            found += [(command.name, required | {each.name: value}) for value in planted(each.form)]
        texts = {each.name: PERSON for each in parameters(command) if each.form == Form.TEXT and not each.choices}
        found += [(command.name, required | texts), (command.name, required | {PERSON: 1}), (command.name, {PERSON: 1})]
    return found


def test_no_refusal_repeats_a_name_that_was_written_anywhere(app, inbox, desk):
    desk.issue("acme", 5_00)
    refusals = 0
    for n, (command, arguments) in enumerate(requests_with_a_name()):
        message = inbox.answer(request(f"q-{n}", command, arguments), Event())
        answer = json.loads(message.value or b"")
        if answer["outcome"] == "refused":
            refusals += 1
            said = answer["message"].casefold()
            assert not [each for each in PIECES if each in said], (command, arguments, said)
    assert refusals > 200


def test_what_is_kept_of_a_refusal_does_not_hold_what_was_asked(app, inbox):
    inbox.answer(request("q", "receipt.record", {"payer": PERSON}), Event())
    with app.pool.connection() as conn:
        [row] = conn.execute("select * from ledger.refused_requests").fetchall()
    assert not [each for each in PIECES if each in repr(row).casefold()]


# As a process


def test_without_a_broker_in_the_settings_it_says_what_to_do(terminal):
    assert "RECEIVABLES_KAFKA" in terminal.run("work", "inbox", exits=3).output


def test_a_mistake_in_the_file_of_services_ends_it_at_the_start(terminal):
    terminal.environment["RECEIVABLES_KAFKA"] = "127.0.0.1:1"
    (terminal.home / "services.toml").write_text("[shop]\ncommands = ['invoice.isue']\n")
    said = terminal.run("work", "inbox", exits=3).output
    assert "services.toml" in said and "invoice.issue" in said


def test_the_command_line_does_not_load_what_only_the_inbox_needs():
    program = "import sys, services.cli; sys.exit(bool({'faststream', 'aiokafka', 'kafka'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], cwd=HOUSE).returncode == 0


def test_a_refusal_is_known_for_thirty_days_and_its_id_is_a_new_one_then(database_url, tmp_path):
    settings = Settings(home=tmp_path, kafka=("127.0.0.1:1",))
    with assemble(settings, database_url=database_url) as app:
        inbox, stop = inbox_of(app), Event()
        for asked, days in (("old", 31), ("young", 29)):
            assert outcome(inbox.answer(dispute(asked), Event())) == "refused"
            with app.pool.connection() as conn:
                aged = "update ledger.refused_requests set refused_at = now() - make_interval(days => %s) where id = %s"
                conn.execute(aged, (days, asked))
        issued = {"number": "R-1", "customer": "acme", "amount": "100.00", "currency": "EUR"}
        assert outcome(inbox.answer(request("issue", "invoice.issue", issued), Event())) == "done"
        stop.set()
        process.run(app, stop, lambda state, message: None)
        assert [outcome(inbox.answer(dispute(asked), Event())) for asked in ("old", "young")] == ["done", "refused"]


def dispute(request_id: str) -> Record:
    return request(request_id, "invoice.dispute", {"number": "R-1", "reason_code": "quality"})
