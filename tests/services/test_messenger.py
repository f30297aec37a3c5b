"""The messenger: what leaves, what is withheld and why, and that nothing leaves twice by itself."""

from datetime import timedelta
from threading import Thread

import pytest

from domain import customer as customers
from domain import invoice as invoices
from domain.contact import retry
from domain.contact.facts import Withheld
from domain.entry import Cause
from infra.log.listener import listener
from infra.log.workers import leads
from infra.post.message import Deferred, Refused, Taken, Unknown
from infra.settings import Settings
from services.assembly import assemble
from services.messages.checking import read_again
from services.messages.messenger import NAME, Messenger, Outcome
from tests.services.conftest import keep_views
from tests.services.desk import Desk, ask_customer, set_contact_of
from tests.services.post import DUE, TODAY, PlainWriter, Tray, facts_of, plan, posting, state_of

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def writer():
    return PlainWriter()


@pytest.fixture
def app(database_url, tmp_path, clock, tray, writer):
    with posting(database_url, tmp_path, clock, tray, writer) as app:
        keep_views(app)
        yield app


@pytest.fixture
def debtor(app, desk):
    """acme, with an address, owes R-1 (50.00) and R-2 (20.00)."""
    for number, minor in (("R-1", 50_00), ("R-2", 20_00)):
        desk.issue(number, minor, due_on=DUE)
    set_contact_of(app, "acme", {"name": "Ann", "email": "ann@example.org"}, on=DUE, cause=desk.cause())
    return "acme"


@pytest.fixture
def run(app):
    return lambda on=TODAY, **how: app.messenger.run_once(on, **how)


def retried(app, stream, command="again"):
    app.ledger.change(
        [stream], lambda contact: {stream: retry(contact)}, on=TODAY, cause=Cause("ann", command), content=None
    )


# What leaves


def test_a_planned_message_leaves_once_and_says_so(app, debtor, run, tray):
    stream = plan(app, "R-1", "R-2")
    assert run() == Outcome(sent=1)
    [message] = tray.taken
    contact = state_of(app, stream)
    handed = contact.handed_over
    assert (contact.state, contact.attempt) == ("sent", 1)
    assert facts_of(app, stream) == ["Planned", "HandedOver", "Sent"]
    assert handed.invoices == ("invoice:main:R-1", "invoice:main:R-2")
    assert handed.message_id == message.message_id and message.message_id.encode() in message.data
    assert app.archive.get("acme", handed.sha256) == message.data
    assert (message.recipient, message.sender) == ("ann@example.org", "us@firm.example")
    assert run() == run(TOMORROW) == Outcome()
    assert len(tray.taken) == 1


def test_what_was_recorded_names_the_plan_that_led_to_it_and_the_day(app, debtor, run):
    stream = plan(app, "R-1")
    run(TOMORROW)
    planned, *rest = app.ledger.facts(stream)
    assert {(entry.cause.actor, entry.cause.causation_id, entry.effective_on) for entry in rest} == {
        (NAME, planned.event_id, TOMORROW)
    }


def test_message_ids_are_of_one_ledger_contact_and_attempt(app, debtor, run, tray):
    first, second = plan(app, "R-1"), plan(app, "R-2", nth=2)
    tray.answers = [Refused("550 5.1.1")]
    run()
    retried(app, first)
    run()
    named = [state_of(app, stream).handed_over.message_id for stream in (first, second)]
    assert len({*named}) == 2 and named[0].endswith(".2@receivables.invalid>")
    assert not any("acme" in each for each in named)


def test_the_oldest_leave_first_and_no_more_than_asked_for(app, debtor, run, tray):
    late, early = plan(app, "R-1", on=TODAY), plan(app, "R-2", on=TODAY - timedelta(days=2))
    assert run(limit=1) == Outcome(sent=1)
    assert [message.contact for message in tray.taken] == [early]
    run(TODAY + timedelta(days=2))
    assert [message.contact for message in tray.taken] == [early, late]


def test_what_is_planned_for_a_later_day_waits_for_it(app, debtor, run):
    plan(app, "R-1", on=TOMORROW)
    assert run() == Outcome()
    assert run(TOMORROW) == Outcome(sent=1)


def test_messages_that_had_to_wait_leave_as_far_apart_as_they_were_planned_and_not_in_one_morning(
    app, debtor, run, tray
):
    first, second, third = (plan(app, "R-1", on=TODAY + timedelta(days=days)) for days in (0, 5, 40))
    back = TODAY + timedelta(days=40)
    assert run(back) == Outcome(sent=1)
    assert (state_of(app, first).state, state_of(app, second).state) == ("sent", "planned")
    assert run(back + timedelta(days=4)) == Outcome()
    assert run(back + timedelta(days=5)) == Outcome(sent=1)
    # Never longer than a week.
    assert run(back + timedelta(days=11)) == Outcome()
    assert run(back + timedelta(days=12)) == Outcome(sent=1)
    assert [message.contact for message in tray.taken] == [first, second, third]


def test_what_failed_or_was_withheld_keeps_no_other_message_waiting(app, debtor, run, tray):
    tray.answers = [Refused("550")]
    plan(app, "R-1")
    assert run() == Outcome(failed=1)
    plan(app, "R-1", on=TOMORROW)
    assert run(TOMORROW) == Outcome(sent=1)


def test_what_a_person_does_is_not_the_messengers(app, debtor, run):
    stream = plan(app, "R-1", kind="call", channel="phone")
    assert run() == Outcome()
    assert state_of(app, stream).state == "planned"


def test_without_a_mail_server_a_mail_is_a_file_and_a_letter_too(database_url, tmp_path, clock, writer):
    with assemble(Settings(home=tmp_path), database_url=database_url, clock=clock, writer=writer) as app:
        keep_views(app)
        writer.app, desk = app, Desk(app)
        desk.issue("R-1", 50_00, due_on=DUE)
        set_contact_of(app, "acme", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
        mail, letter = plan(app, "R-1"), plan(app, "R-1", channel="letter")
        assert app.messenger.run_once(TODAY) == Outcome(sent=2)
        [file] = (tmp_path / "outbox" / "mail" / "new").iterdir()
        assert file.name == state_of(app, mail).handed_over.message_id.strip("<>")
        assert [each.name for each in (tmp_path / "outbox" / "letters").iterdir()] == [
            "main+2026-01-20+letter+1+acme.pdf"
        ]
        assert state_of(app, letter).state == "sent"


# What is withheld


def test_an_invoice_that_was_paid_meanwhile_drops_out(app, desk, debtor, run, tray):
    stream = plan(app, "R-1", "R-2")
    desk.receive("B-1", 50_00, customer="acme", invoices=["R-1"])
    assert run() == Outcome(sent=1)
    assert b"R-1" not in tray.taken[0].data
    assert state_of(app, stream).handed_over.invoices == ("invoice:main:R-2",)


def test_part_of_the_money_changes_what_the_message_says(app, desk, debtor, run, tray):
    plan(app, "R-1")
    desk.receive("B-1", 30_00, customer="acme", invoices=["R-1"])
    run()
    assert tray.taken[0].data.endswith(b"invoice:main:R-1 2000")


def test_what_a_payment_left_below_the_least_amount_of_the_policy_is_not_demanded(app, desk, debtor, run):
    app.policies.ensure_published()
    stream = plan(app, "R-1")
    desk.receive("B-1", 49_99, customer="acme", invoices=["R-1"])
    assert run() == Outcome(withheld=1)
    assert state_of(app, stream).code == "minimum"


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (lambda desk: desk.receive("B-1", 50_00, customer="acme", invoices=["R-1"]), "paid"),
        (lambda desk: desk.ask(invoices.write_off, "R-1", on=TODAY, amount_minor=50_00, reason="small"), "written_off"),
        (lambda desk: desk.ask(invoices.void, "R-1", on=TODAY, reason="error"), "voided"),
        (lambda desk: desk.ask(invoices.dispute, "R-1", on=TODAY, reason_code="quality"), "disputed"),
        (lambda desk: desk.ask(invoices.promise, "R-1", on=TODAY, amount_minor=50_00, pay_on=TODAY), "promised"),
        (lambda desk: desk.ask(invoices.block, "R-1", on=TODAY, until=TODAY, reason="asked"), "blocked"),
        (lambda desk: desk.ask(invoices.place, "R-1", on=TODAY, agency="Fine", commission_basis_points=2500), "placed"),
        (lambda desk: desk.ask(invoices.start_legal_action, "R-1", on=TODAY, kind="lawyer", reference="1"), "legal"),
    ],
)
def test_a_message_of_which_nothing_is_left_is_withheld_and_says_why(app, desk, debtor, run, tray, happens, code):
    stream = plan(app, "R-1")
    happens(desk)
    assert run() == Outcome(withheld=1)
    assert [entry.fact for entry in app.ledger.facts(stream)][1:] == [Withheld(code, (f"invoice:main:R-1 {code}",))]
    assert tray.taken == [] and run() == Outcome()


def test_a_promise_or_block_of_yesterday_stands_in_no_ones_way(app, desk, debtor, run):
    desk.ask(invoices.block, "R-1", on=TODAY, until=TODAY, reason="asked")
    plan(app, "R-1")
    assert run(TOMORROW) == Outcome(sent=1)


def test_a_customer_who_is_blocked_is_written_to_about_nothing(app, desk, debtor, run):
    stream = plan(app, "R-1", "R-2")
    ask_customer(app, customers.block, "acme", on=TODAY, until=TODAY, cause=desk.cause(reason="asked"))
    assert run() == Outcome(withheld=1)
    assert state_of(app, stream).code == "blocked"


@pytest.mark.parametrize("code", ["text_unfit", "text_not_approved", "no_address"])
def test_what_cannot_be_written_is_withheld_and_holds_up_no_other(app, desk, debtor, run, writer, code):
    stream, other = plan(app, "R-1"), plan(app, "R-2", customer="bob", nth=2)
    desk_contact = {"email": "bob@example.org"}
    app.commands.run("customer.register", {"customer": "bob"}, desk.cause())
    set_contact_of(app, "bob", desk_contact, on=DUE, cause=desk.cause())
    writer.codes["acme"] = code
    assert run() == Outcome(sent=1, withheld=1)
    assert (state_of(app, stream).code, state_of(app, other).state) == (code, "sent")


def test_who_was_erased_is_not_written_to(app, desk, debtor, run, tray):
    stream = plan(app, "R-1")
    app.encryption.destroy("acme")
    assert run() == Outcome(withheld=1)
    assert state_of(app, stream).code == "no_address" and tray.taken == []


def test_a_key_that_is_destroyed_while_a_message_is_written_keeps_it_from_leaving(app, debtor, run, tray, writer):
    stream = plan(app, "R-1")
    write = writer.write

    def write_and_lose_the_key(drafts):
        written = write(drafts)
        app.encryption.destroy("acme")
        return written

    writer.write = write_and_lose_the_key
    assert run() == Outcome(withheld=1)
    assert state_of(app, stream).code == "no_address" and tray.taken == []


def test_after_erasure_what_was_sent_cannot_be_read(app, debtor, run, tray):
    stream = plan(app, "R-1")
    run()
    app.encryption.destroy("acme")
    assert app.archive.get("acme", state_of(app, stream).handed_over.sha256) is None


def test_a_message_that_was_withheld_twice_is_withheld_twice_on_record(app, desk, debtor, run):
    stream = plan(app, "R-1")
    desk.ask(invoices.block, "R-1", on=TODAY, until=TOMORROW, reason="asked")
    run()
    retried(app, stream)
    assert run() == Outcome(withheld=1)
    retried(app, stream, "once more")
    assert run(TOMORROW + timedelta(days=1)) == Outcome(sent=1)
    assert facts_of(app, stream) == ["Planned", "Withheld", "Retried", "Withheld", "Retried", "HandedOver", "Sent"]


# What changes while a message is on its way


def meanwhile(writer, act):
    """Does it once a message has been written, before it is handed over."""
    write = writer.write

    def written(drafts):
        found = write(drafts)
        writer.write = write
        act()
        return found

    writer.write = written


def test_a_payment_between_writing_and_handing_over_withholds_it(app, desk, debtor, run, tray, writer):
    stream = plan(app, "R-1")
    meanwhile(writer, lambda: desk.receive("B-1", 50_00, customer="acme", invoices=["R-1"]))
    assert run() == Outcome(withheld=1)
    assert (state_of(app, stream).code, tray.taken) == ("paid", [])


def test_a_part_payment_in_between_has_it_written_anew(app, desk, debtor, run, tray, writer):
    plan(app, "R-1", "R-2")
    meanwhile(writer, lambda: desk.receive("B-1", 30_00, customer="acme", invoices=["R-1"]))
    assert run() == Outcome(sent=1)
    assert b"invoice:main:R-1 2000" in tray.taken[0].data


def test_a_new_address_in_between_is_the_one_it_goes_to(app, desk, debtor, run, tray, writer):
    plan(app, "R-1")
    new = {"email": "new@example.org"}
    meanwhile(writer, lambda: set_contact_of(app, "acme", new, on=DUE, cause=desk.cause()))
    assert run() == Outcome(sent=1)
    assert tray.taken[0].recipient == "new@example.org"


def test_a_contact_that_somebody_else_has_taken_up_is_left(app, debtor, run, tray, writer):
    stream = plan(app, "R-1")
    other = app.messenger._dispatch

    def take():
        [checked] = read_again(app.ledger, [stream], TODAY)
        other.take(checked, other.prepare([checked], TODAY)[stream], TODAY, "another")

    meanwhile(writer, take)
    assert run() == Outcome()
    assert len(tray.taken) == 1 and state_of(app, stream).state == "sent"


# What servers answer


def test_each_answer_is_recorded_as_what_it_is(app, desk, debtor, run, tray):
    streams = [plan(app, "R-1", nth=nth) for nth in (1, 2, 3, 4)]
    tray.answers = [Refused("550 5.1.1"), Deferred("451 4.7.1"), Unknown("timed_out")]
    assert run() == Outcome(sent=1, failed=1, deferred=1, unknown=1)
    assert [(state_of(app, each).state, state_of(app, each).code) for each in streams] == [
        ("failed", "550 5.1.1"), ("deferred", "451 4.7.1"), ("unknown", "timed_out"), ("sent", ""),
    ]  # fmt: skip
    assert run().sent == 1, "only the deferred one, which greylisting wants again"
    assert run(TOMORROW) == Outcome()


def test_what_is_turned_away_is_asked_again_the_same_day_then_daily_and_given_up_after_five_times(
    app, debtor, run, tray
):
    stream = plan(app, "R-1")
    tray.answers = [Deferred("451 4.7.1") for _ in range(9)]
    outcomes = [run(TODAY + timedelta(days=days)) for days in (0, 0, 0, 1, 1, 2, 2, 3, 3, 4)]
    assert [each.deferred for each in outcomes] == [1, 1, 0, 1, 0, 1, 0, 0, 0, 0]
    assert [each.failed for each in outcomes] == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert (state_of(app, stream).state, state_of(app, stream).code) == ("failed", "gave_up")
    assert len({each.fact.message_id for each in app.ledger.facts(stream) if hasattr(each.fact, "message_id")}) == 5


def test_a_server_that_fails_three_times_in_a_row_is_left_alone_and_the_rest_waits(app, debtor, run, tray):
    streams = [plan(app, "R-1", nth=nth) for nth in range(1, 8)]
    tray.answers = [Unknown("timed_out"), Deferred("no_connection", is_server=True), Deferred("tls", is_server=True)]
    assert run() == Outcome(unknown=1, deferred=2, stopped_by="tls")
    assert [state_of(app, stream).state for stream in streams[3:]] == ["planned"] * 4
    assert run().sent == 6


def test_a_message_that_is_turned_down_is_no_sign_that_the_server_fails(app, debtor, run, tray):
    for nth in range(1, 8):
        plan(app, "R-1", nth=nth)
    tray.answers = [Refused("550")] * 5
    assert run() == Outcome(failed=5, sent=2)


def test_a_server_that_works_in_between_is_gone_on_with(app, debtor, run, tray):
    for nth in range(1, 8):
        plan(app, "R-1", nth=nth)
    away = Deferred("no_connection", is_server=True)
    tray.answers = [away, away, Taken(), away, away, Taken()]
    assert run() == Outcome(deferred=4, sent=3)


def test_letters_go_on_where_the_mail_server_fails(app, debtor, run, tray):
    for nth in range(1, 5):
        plan(app, "R-1", nth=nth)
        plan(app, "R-1", channel="letter", nth=nth)
    tray.answers = [Deferred("no_connection", is_server=True)] * 9
    assert run() == Outcome(sent=4, deferred=3, stopped_by="no_connection")


def test_the_connection_ends_with_the_run(app, debtor, run, tray):
    run()
    assert tray.closed == 1


# What ends a messenger half way


class Killed(BaseException):
    pass


def test_who_ends_while_handing_over_leaves_a_message_for_a_person_and_never_sends_it_again(app, debtor, run, tray):
    stream, other = plan(app, "R-1"), plan(app, "R-2", nth=2)

    def die(message):
        tray.taken.append(message)
        raise Killed

    tray.hand_over, hand_over = die, tray.hand_over
    with pytest.raises(Killed):
        run()
    tray.hand_over = hand_over
    assert state_of(app, stream).state == "handed_over"
    assert run() == Outcome(unknown=1, sent=1)
    assert (state_of(app, stream).state, state_of(app, stream).code) == ("unknown", "interrupted")
    assert run(TOMORROW) == Outcome()
    assert [message.contact for message in tray.taken] == [stream, other]


def test_who_ends_before_it_is_recorded_that_it_hands_over_has_handed_over_nothing(app, debtor, run, tray, monkeypatch):
    stream = plan(app, "R-1")
    change = app.ledger.change
    monkeypatch.setattr(app.ledger, "change", lambda *_, **__: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        run()
    monkeypatch.setattr(app.ledger, "change", change)
    assert (state_of(app, stream).state, tray.taken) == ("planned", [])
    assert run() == Outcome(sent=1)


def test_what_became_of_a_message_is_recorded_once_the_log_is_back(app, debtor, run, tray, monkeypatch):
    stream = plan(app, "R-1")
    change, calls = app.ledger.change, []

    def away_after_the_intent(*args, **how):
        calls.append(how)
        if len(calls) > 1:
            raise ConnectionError
        return change(*args, **how)

    monkeypatch.setattr(app.ledger, "change", away_after_the_intent)
    with pytest.raises(ConnectionError):
        run()
    with pytest.raises(ConnectionError):
        run()
    monkeypatch.setattr(app.ledger, "change", change)
    assert run() == Outcome(sent=1)
    assert (state_of(app, stream).state, len(tray.taken)) == ("sent", 1)


def test_a_second_messenger_does_nothing_and_says_so(app, debtor, run, tray):
    plan(app, "R-1")
    with listener(app.pool) as other:
        assert leads(other.conn, NAME)
        assert run() == Outcome(is_elsewhere=True)
        assert tray.taken == []
    assert run() == Outcome(sent=1)


def test_four_messengers_at_once_hand_everything_over_once(app, debtor, tray):
    streams = [plan(app, "R-1", nth=nth) for nth in range(1, 31)]
    app.bring_views_up_to_date()
    apart = [
        Messenger(
            app.ledger, app.pool, app._contact_list, app.messenger._dispatch, app.messenger._returned,
            refresh=lambda: None,
            clock=app.clock, new_id=app.new_id,
        )
        for _ in range(4)
    ]  # fmt: skip
    outcomes = []
    threads = [Thread(target=lambda each=each: outcomes.append(each.run_once(TODAY))) for each in apart]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(each.sent for each in outcomes) == 30
    assert sorted(message.contact for message in tray.taken) == sorted(streams)


def test_of_two_who_both_believe_to_lead_only_one_hands_a_message_over(app, debtor, tray):
    """As when one was frozen, lost the lead, and went on."""
    streams = [plan(app, "R-1", nth=nth) for nth in range(1, 41)]
    app.bring_views_up_to_date()
    outcomes = []
    threads = [
        Thread(target=lambda: outcomes.append(app.messenger._run(TODAY, streams, lambda: False))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 3
    assert sorted(message.contact for message in tray.taken) == sorted(streams)
    assert {state_of(app, stream).state for stream in streams} == {"sent"}


# A process that comes back a moment later


def test_a_worker_asks_a_server_that_turned_it_away_only_after_a_while(app, debtor, tray, clock):
    def step():
        return app.messenger.step(TODAY, 1, lambda: False)

    first, second = plan(app, "R-1"), plan(app, "R-2", nth=2)
    tray.answers = [Deferred("451 4.7.1")]
    assert [step().deferred, step().sent, step().handled] == [1, 1, 0]
    assert [message.contact for message in tray.taken] == [second]
    clock.pass_by(minutes=16)
    assert step() == Outcome(sent=1)
    assert tray.taken[-1].contact == first


def test_a_worker_rests_when_the_server_fails(app, debtor, tray, clock):
    for nth in range(1, 8):
        plan(app, "R-1", nth=nth)
    tray.answers = [Deferred("no_connection", is_server=True)] * 3
    step = lambda: app.messenger.step(TODAY, 100, lambda: False)  # noqa: E731
    assert step().stopped_by == "no_connection"
    assert step() == Outcome()
    clock.pass_by(minutes=6)
    assert step().sent == 4


def test_a_worker_that_is_told_to_stop_stops_before_the_next_message(app, debtor, tray):
    for nth in range(1, 8):
        plan(app, "R-1", nth=nth)
    assert app.messenger.step(TODAY, 100, lambda: len(tray.taken) >= 2).sent == 2


# Reading the log again sends nothing


def test_views_made_anew_send_nothing(app, debtor, run, tray):
    for nth in range(1, 4):
        plan(app, "R-1", nth=nth)
    tray.answers = [Unknown("timed_out"), Refused("550")]
    run()
    app.projector.rebuild("escalation")
    assert run() == Outcome()
    assert len(tray.taken) == 1
