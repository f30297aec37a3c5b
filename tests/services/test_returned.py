"""What comes back: a delivery report dropped into the inbox is told of the message it is about, and of no other."""

import json

import pytest

from domain.contact.facts import Delivered, DeliveryFailed
from infra import logs
from infra.post.message import Unknown
from infra.views.answers import Behind
from services.messages.message_ids import attempt_of, message_id
from services.messages.messenger import Outcome
from tests.infra.test_bounces import mail as report
from tests.services.desk import set_contact_of
from tests.services.post import DUE, TODAY, Tray, facts_of, plan, posting, state_of


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def app(database_url, tmp_path, clock, tray):
    with posting(database_url, tmp_path, clock, tray) as app:
        yield app


@pytest.fixture
def inbox(app):
    return app.settings.home / "inbox"


@pytest.fixture
def sent(app, desk):
    """A message that was sent."""
    desk.issue("R-1", 50_00, due_on=DUE)
    set_contact_of(app, "acme", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
    stream = plan(app, "R-1")
    app.messenger.run_once(TODAY)
    return stream


def drop(inbox, data, name="bounce.eml"):
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def about(app, stream, action="failed", **how):
    named = state_of(app, stream).handed_over.message_id
    return report(action, headers=f"Message-ID: {named}\n", **how)


def files(inbox):
    return sorted(str(path.relative_to(inbox)) for path in inbox.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["bounce.eml", "new/1.host", "cur/1.host:2,S"])
def test_a_message_that_came_back_has_failed_with_the_servers_status(app, sent, inbox, name):
    drop(inbox, about(app, sent), name)
    assert app.messenger.run_once(TODAY) == Outcome(bounced=1)
    assert app.ledger.facts(sent)[-1].fact == DeliveryFailed(1, "5.1.1")
    assert files(inbox) == [f"done/{name.rpartition('/')[2]}"]


def test_the_same_report_twice_is_told_once(app, sent, inbox):
    for name in ("a", "b"):
        drop(inbox, about(app, sent), name)
    assert app.messenger.run_once(TODAY).bounced == 1
    drop(inbox, about(app, sent, status="5.2.2"), "c")
    assert app.messenger.run_once(TODAY) == Outcome()
    assert facts_of(app, sent).count("DeliveryFailed") == 1
    assert files(inbox) == ["done/a", "done/b", "done/c"]


def test_a_message_that_is_late_is_nothing_yet(app, sent, inbox):
    drop(inbox, about(app, sent, "delayed", status="4.4.7"))
    assert app.messenger.run_once(TODAY) == Outcome()
    assert state_of(app, sent).state == "sent" and files(inbox) == ["done/bounce.eml"]


def test_a_message_that_arrived_is_delivered_and_no_later_report_undoes_it(app, sent, inbox):
    drop(inbox, about(app, sent, "delivered", status="2.0.0"))
    app.messenger.run_once(TODAY)
    assert app.ledger.facts(sent)[-1].fact == Delivered(1)
    drop(inbox, about(app, sent), "late")
    assert app.messenger.run_once(TODAY).bounced == 0
    assert state_of(app, sent).state == "delivered"


@pytest.mark.parametrize(("action", "state"), [("failed", "failed"), ("delivered", "delivered")])
def test_a_report_settles_what_nobody_knew(app, desk, sent, inbox, tray, action, state):
    stream = plan(app, "R-1", nth=2)
    tray.answers = [Unknown("timed_out")]
    app.messenger.run_once(TODAY)
    assert state_of(app, stream).state == "unknown"
    drop(inbox, about(app, stream, action))
    app.messenger.run_once(TODAY)
    assert state_of(app, stream).state == state


def test_a_report_of_an_attempt_that_was_not_made_is_not_believed(app, sent, inbox):
    named = state_of(app, sent).handed_over.message_id
    drop(inbox, report(headers=f"Message-ID: {named.replace('.1@', '.2@')}\n"))
    assert app.messenger.run_once(TODAY) == Outcome()
    assert state_of(app, sent).state == "sent" and files(inbox) == ["unreadable/bounce.eml"]


def test_what_is_not_about_ours_is_put_aside_and_said_without_a_word_of_it(app, sent, inbox, capsys):
    logs.configure("info")
    drop(
        inbox,
        report(headers=f"Message-ID: {message_id(app.ledger.ledger_id, 'contact:x', 1, 'a.b')}\n"),
        "ann@example.org",
    )
    drop(inbox, b"Subject: I am on holiday\r\n\r\nAnn", "ann2@example.org")
    assert app.messenger.run_once(TODAY) == Outcome()
    assert files(inbox) == ["unreadable/ann2@example.org", "unreadable/ann@example.org"]
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert sorted(line["reason"] for line in said) == ["no_delivery_status", "not_about_ours"]
    assert "ann" not in json.dumps(said).lower()


def test_a_report_that_was_recorded_but_not_put_aside_is_read_again_and_changes_nothing(app, sent, inbox):
    data = about(app, sent)
    drop(inbox, data)
    app.messenger.run_once(TODAY)
    (inbox / "done" / "bounce.eml").rename(inbox / "bounce.eml")
    assert app.messenger.run_once(TODAY) == Outcome()
    assert facts_of(app, sent).count("DeliveryFailed") == 1 and files(inbox) == ["done/bounce.eml"]


def test_a_view_that_is_mistaken_about_a_message_id_is_not_believed(app, desk, sent, inbox, monkeypatch):
    other = plan(app, "R-1", nth=2)
    app.messenger.run_once(TODAY)
    drop(inbox, about(app, sent))
    named = state_of(app, sent).handed_over.message_id
    monkeypatch.setattr(app._contact_list, "by_message_id", lambda message_ids: {named: other})
    assert app.messenger.run_once(TODAY) == Outcome()
    assert (state_of(app, other).state, files(inbox)) == ("sent", ["unreadable/bounce.eml"])


def test_while_the_view_is_behind_a_report_waits(app, sent, inbox, monkeypatch):
    def behind(message_ids):
        raise Behind("a fact behind")

    drop(inbox, about(app, sent))
    with monkeypatch.context() as patch:
        patch.setattr(app._contact_list, "by_message_id", behind)
        assert app.messenger.run_once(TODAY) == Outcome()
    assert files(inbox) == ["bounce.eml"]
    assert app.messenger.run_once(TODAY) == Outcome(bounced=1)


def test_a_message_that_came_back_before_anybody_knew_it_had_left_is_not_unknown(app, desk, sent, inbox, tray):
    """The messenger ended while the server had it already."""
    stream = plan(app, "R-1", nth=2)
    monkey = tray.hand_over

    def die(message):
        raise KeyboardInterrupt

    tray.hand_over = die
    with pytest.raises(KeyboardInterrupt):
        app.messenger.run_once(TODAY)
    tray.hand_over = monkey
    drop(inbox, about(app, stream))
    assert app.messenger.run_once(TODAY) == Outcome(bounced=1)
    assert state_of(app, stream).state == "failed"


def test_a_message_id_names_one_attempt_of_one_contact_of_one_ledger(app):
    ledger, stream = app.ledger.ledger_id, "contact:main:2026-01-20:email:1:acme"
    named = message_id(ledger, stream, 3, "firm.example")
    assert attempt_of(named, ledger, stream) == 3
    assert attempt_of(named, ledger, stream + "2") is None
    assert attempt_of(named, type(ledger)(int=7), stream) is None
    assert attempt_of("<>", ledger, stream) is None
    assert "acme" not in named
