"""The messenger and a real mail server that dies at every point: nothing is sent twice by itself."""

from collections import Counter
from datetime import timedelta

import pytest

from infra.post.server import MailServer
from infra.post.smtp import Smtp
from infra.settings import Settings
from services.assembly import assemble
from services.messages.messenger import Outcome
from tests.infra.smtp_sink import POINTS, sink
from tests.services.conftest import keep_views
from tests.services.desk import Desk, set_contact_of
from tests.services.post import DUE, TODAY, PlainWriter, plan, state_of


@pytest.fixture
def messages(database_url, tmp_path, clock):
    """As many messages to one customer as asked for, and the app that sends them to the server given."""
    opened = []

    def ready(server, count=1, seconds=0.3):
        writer = PlainWriter()
        mail = Smtp(
            MailServer("localhost", server.port, "none"), command_seconds=seconds, answer_seconds=seconds,
            connect_seconds=1.0,
        )  # fmt: skip
        app = assemble(Settings(home=tmp_path), database_url=database_url, clock=clock, transport=mail, writer=writer)
        opened.append(app)
        keep_views(app)
        writer.app, desk = app, Desk(app)
        desk.issue("R-1", 50_00, due_on=DUE)
        set_contact_of(app, "acme", {"email": "ann@example.org"}, on=DUE, cause=desk.cause())
        return app, [plan(app, "R-1", nth=nth) for nth in range(1, count + 1)]

    yield ready
    for app in opened:
        app.close()


def message_ids(server):
    return Counter(each.data.split(b"\r\n")[0].decode() for each in server.kept)


@pytest.mark.parametrize("trouble", ["dies_at", "hangs_at"])
@pytest.mark.parametrize("point", POINTS)
def test_whatever_point_a_server_fails_at_no_message_arrives_twice(messages, point, trouble):
    with sink(**{trouble: point}) as server:
        app, streams = messages(server, 3)
        first = app.messenger.run_once(TODAY)
        assert first.unknown + first.deferred == 3 and first.stopped_by
        # It is mended, and the messenger comes back again and again.
        setattr(server, trouble, None)
        for days in range(7):
            app.messenger.run_once(TODAY + timedelta(days=days))
        states = [state_of(app, stream).state for stream in streams]
        assert states == ["unknown"] * first.unknown + ["sent"] * first.deferred
        assert set(message_ids(server).values()) <= {1}
        # What was deferred has arrived once; of what is unknown nobody may say that it has not.
        assert len(server.kept) == first.deferred + (first.unknown if point == "reply" else 0)


def test_each_address_has_the_fate_its_server_gives_it(messages):
    with sink(answers={"ann@example.org": "550 5.1.1 <ann@example.org> no such user"}) as server:
        app, [stream] = messages(server)
        assert app.messenger.run_once(TODAY) == Outcome(failed=1)
        assert state_of(app, stream).code == "550 5.1.1"
        assert app.messenger.run_once(TODAY + timedelta(days=9)) == Outcome()


def test_who_is_greylisted_gets_the_message_the_second_time(messages):
    with sink(greylists=True) as server:
        app, [stream] = messages(server)
        assert app.messenger.run_once(TODAY) == Outcome(deferred=1)
        assert app.messenger.run_once(TODAY) == Outcome(sent=1)
        assert (state_of(app, stream).attempt, len(server.kept)) == (2, 1)


def test_two_hundred_mails_go_over_one_connection(messages):
    with sink() as server:
        app, _ = messages(server, 200, seconds=5.0)
        assert app.messenger.run_once(TODAY) == Outcome(sent=200)
        assert (server.connections, len(message_ids(server))) == (1, 200)
        app.projector.rebuild("escalation")
        assert app.messenger.run_once(TODAY) == Outcome()
        assert len(server.kept) == 200
