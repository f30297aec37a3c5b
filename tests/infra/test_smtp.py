"""Hand-over by SMTP to a real server that fails at every point: each failure is its own outcome."""

import time
from typing import Any

import pytest

from infra.post.message import Deferred, Message, Refused, Taken, Unknown
from infra.post.server import MailServer, mail_server
from infra.post.smtp import Smtp
from tests.infra.smtp_sink import POINTS, certificate, sink

DATA = b"Subject: Reminder\r\n\r\nDear Ann,\r\n.\r\n..two dots\r\nplease pay\r\n"
SOON: dict[str, Any] = {"connect_seconds": 1.0, "command_seconds": 0.3, "answer_seconds": 0.3}


def smtp(server, **how):
    return Smtp(MailServer("localhost", server.port, "none"), **(SOON | how))


def message(recipient="ann@example.org", data=DATA, attempt=1):
    return Message(
        "contact:main:2026-01-05:email:1:acme", attempt, "<a1.1@firm.example>", data, "us@firm.example", recipient
    )


def test_a_message_arrives_as_it_was_written_also_with_lines_that_begin_with_a_dot():
    with sink() as server:
        assert smtp(server).hand_over(message()) == Taken()
    [kept] = server.kept
    assert (kept.sender, kept.recipient, kept.data) == ("us@firm.example", "ann@example.org", DATA)


@pytest.mark.parametrize("data", [b"a\n.\nb", b"a\r.\rb\r", b"a\n.\r\nRCPT TO:<eve@example.org>\r\nb", b".", b""])
def test_nothing_in_a_message_ends_it_early(data):
    with sink() as server:
        assert smtp(server).hand_over(message(data=data)) == Taken()
        assert [each.recipient for each in server.kept] == ["ann@example.org"]
    assert (
        server.kept[0].data.replace(b"\r\n", b"\n").rstrip()
        == data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip()
    )


def test_one_connection_serves_a_batch_and_ends_with_it():
    with sink() as server:
        mail = smtp(server)
        assert {type(mail.hand_over(message(f"{n}@example.org"))) for n in range(5)} == {Taken}
        mail.close()
        mail.close()
        assert (server.connections, len(server.kept), server.commands[-1]) == (1, 5, "quit")
        assert mail.hand_over(message()) == Taken()
        assert server.connections == 2


def test_a_server_that_has_enough_of_a_connection_is_asked_on_another_one():
    with sink(most_per_connection=2) as server:
        mail = smtp(server)
        assert [mail.hand_over(message(f"{n}@example.org")) for n in range(5)] == [Taken()] * 5
        assert (server.connections, len(server.kept)) == (3, 5)


def test_a_connection_that_was_cut_while_it_lay_idle_is_made_anew():
    with sink() as server:
        mail = smtp(server)
        mail.hand_over(message())
        for each in server.open:
            each.shutdown(2)
        assert mail.hand_over(message("bob@example.org")) == Taken()
        assert [each.recipient for each in server.kept] == ["ann@example.org", "bob@example.org"]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"ann@example.org": "550 5.1.1 <ann@example.org> is unknown"}, Refused("550 5.1.1")),
        ({"ann@example.org": "553 ann@example.org no"}, Refused("553")),
        ({"ann@example.org": "452 4.2.2 mailbox of ann full"}, Deferred("452 4.2.2")),
        ({"MAIL": "550 5.7.1 us@firm.example may not"}, Refused("550 5.7.1")),
        ({"MAIL": "451 4.3.0 later"}, Deferred("451 4.3.0")),
        ({"DATA": "554 5.5.1 no"}, Refused("554 5.5.1")),
        ({"DATA": "450 later"}, Deferred("450")),
        ({"end": "554 5.6.0 spam of ann@example.org"}, Refused("554 5.6.0")),
        ({"end": "451 4.7.1 greylisted"}, Deferred("451 4.7.1")),
        ({"MAIL": "421 4.3.2 going down"}, Deferred("421 4.3.2", is_server=True)),
        ({"greeting": "554 5.7.1 your address is blocked"}, Deferred("554 5.7.1", is_server=True)),
        ({"greeting": "421 too busy"}, Deferred("421", is_server=True)),
        ({"end": "999 9.9.9 who knows"}, Unknown("no_answer")),
        ({"end": "nonsense"}, Unknown("no_answer")),
    ],
)
def test_an_answer_is_kept_as_its_digits_alone(answers, outcome):
    with sink(answers=answers) as server:
        assert smtp(server).hand_over(message()) == outcome
    assert server.kept == []


def test_a_message_that_is_turned_down_holds_up_no_other_on_the_same_connection():
    with sink(answers={"ann@example.org": "550 5.1.1 no", "bob@example.org": "450 4.2.0 no"}) as server:
        mail = smtp(server)
        outcomes = [mail.hand_over(message(f"{name}@example.org")) for name in ("ann", "bob", "cleo")]
        assert outcomes == [Refused("550 5.1.1"), Deferred("450 4.2.0"), Taken()]
        assert (server.connections, [each.recipient for each in server.kept]) == (1, ["cleo@example.org"])


def test_who_is_greylisted_is_taken_the_second_time():
    with sink(greylists=True) as server:
        mail = smtp(server)
        assert [mail.hand_over(message()) for _ in range(2)] == [Deferred("451 4.7.1"), Taken()]


# Before the end of the message was sent it has not left; after it, nobody knows.
BEFORE = ("greeting", "MAIL", "RCPT", "DATA")


@pytest.mark.parametrize("point", POINTS)
def test_a_server_that_dies_leaves_no_doubt_that_is_not_there(point):
    with sink(dies_at=point) as server:
        outcome = smtp(server).hand_over(message())
        assert len(server.kept) == (point == "reply")
    if point in BEFORE:
        assert outcome == Deferred("connection_lost", is_server=True)
    elif point == "within":
        # Whether the end still found its way depends on what the network held back.
        assert outcome in (Deferred("connection_lost", is_server=True), Unknown("connection_lost"))
    else:
        assert outcome == Unknown("connection_lost")


@pytest.mark.parametrize("point", POINTS)
def test_a_server_that_hangs_is_not_waited_for_for_ever(point):
    began = time.monotonic()
    with sink(hangs_at=point) as server:
        outcome = smtp(server).hand_over(message())
    assert time.monotonic() - began < 5
    assert outcome == (Deferred("timed_out", is_server=True) if point in BEFORE else Unknown("timed_out"))


def test_the_answer_to_a_message_is_waited_for_longer_than_others():
    with sink(seconds_at={"reply": 0.6}) as server:
        mail = smtp(server, answer_seconds=5.0)
        assert mail.hand_over(message()) == Taken()
        server.seconds_at = {"MAIL": 0.6}
        assert mail.hand_over(message()) == Deferred("timed_out", is_server=True)


def test_where_no_server_listens_nothing_has_left():
    with sink() as server:
        pass
    assert smtp(server).hand_over(message()) == Deferred("no_connection", is_server=True)


@pytest.mark.parametrize("host", ["nowhere.invalid", "x" * 300])
def test_a_host_nobody_knows_is_no_connection(host):
    assert Smtp(MailServer(host, 25, "none"), **SOON).hand_over(message()) == Deferred("no_connection", is_server=True)


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "a@b@c",
        "ann@example.org\r\nDATA",
        "ann@example.org>\nRSET",
        "a b@c",
        "<a@b>",
        f"a@{'ä' * 70}.b",
    ],
)
def test_what_is_no_address_is_said_to_no_server(recipient):
    with sink() as server:
        assert smtp(server).hand_over(message(recipient)) == Refused("5.1.3")
        assert server.commands == []


def test_a_host_with_an_umlaut_goes_by_the_name_the_network_knows():
    with sink() as server:
        assert smtp(server).hand_over(message("ann@müller.example")) == Taken()
        assert server.kept[0].recipient == "ann@xn--mller-kva.example"


def test_an_address_with_an_umlaut_goes_to_servers_that_can_write_it():
    with sink() as server:
        assert smtp(server).hand_over(message("jürgen@example.org")) == Refused("5.6.7")
    with sink(extensions=("SMTPUTF8", "8BITMIME")) as server:
        mail = smtp(server)
        assert mail.hand_over(message("jürgen@example.org")) == Taken()
        assert mail.hand_over(message("ann@example.org")) == Taken()
        assert [each.recipient for each in server.kept] == ["jürgen@example.org", "ann@example.org"]


def test_a_server_that_reports_is_told_the_message_id():
    with sink(extensions=("DSN",)) as server:
        smtp(server).hand_over(message())
        assert "mail FROM:<us@firm.example> RET=HDRS ENVID=a1.1@firm.example" in server.commands
        assert "rcpt TO:<ann@example.org> NOTIFY=FAILURE,DELAY" in server.commands


# Encryption


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_over_tls_a_server_is_believed_whose_certificate_is(tls, tmp_path):
    shown, believed = certificate(tmp_path)
    with sink(tls=shown, tls_first=tls == "tls", login=("ann", "pass:word")) as server:
        where = MailServer("localhost", server.port, tls, "ann", "pass:word")
        assert Smtp(where, tls=believed, **(SOON | {"command_seconds": 2.0})).hand_over(message()) == Taken()
        assert len(server.kept) == 1


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("case", ["unknown", "of another host"])
def test_a_certificate_that_is_not_to_be_believed_ends_it_before_anything_is_said(tls, case, tmp_path):
    shown, believed = certificate(tmp_path, "localhost" if case == "unknown" else "other.example")
    with sink(tls=shown, tls_first=tls == "tls", login=("ann", "secret")) as server:
        mail = Smtp(
            MailServer("localhost", server.port, tls, "ann", "secret"),
            tls=None if case == "unknown" else believed,
            **SOON,
        )
        assert mail.hand_over(message()) == Deferred("certificate", is_server=True)
        assert not [command for command in server.commands if command.startswith(("AUTH", "mail"))]


def test_a_server_that_offers_no_encryption_is_given_nothing():
    with sink() as server:
        mail = Smtp(MailServer("localhost", server.port, "starttls", "ann", "secret"), **SOON)
        assert mail.hand_over(message()) == Deferred("not_supported", is_server=True)
        assert [command.split()[0] for command in server.commands] == ["ehlo"]


def test_a_login_that_is_refused_is_the_servers_trouble_and_no_messages(tmp_path):
    shown, believed = certificate(tmp_path)
    with sink(tls=shown, login=("ann", "right")) as server:
        mail = Smtp(MailServer("localhost", server.port, "starttls", "ann", "wrong"), tls=believed, **SOON)
        assert mail.hand_over(message()) == Deferred("535 5.7.8", is_server=True)


# Where the server is


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, "starttls")),
        ("smtp://mail.example?tls=tls", MailServer("mail.example", 465, "tls")),
        ("smtp://mail.example/?tls=none", MailServer("mail.example", 25, "none")),
        ("smtp://a%40b:p%3Aw%2F@h:2525?tls=starttls", MailServer("h", 2525, "starttls", "a@b", "p:w/")),
        ("smtp://ann:x@localhost:25?tls=none", MailServer("localhost", 25, "none", "ann", "x")),
        ("smtp://[::1]:26?tls=none", MailServer("::1", 26, "none")),
    ],
)
def test_a_url_says_where_and_how(url, server):
    assert mail_server(url) == server
    assert "p:w/" not in repr(server)


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("mail.example", "is no address of a mail server"),
        ("http://mail.example", "is no address of a mail server"),
        ("smtp://", "is no address of a mail server"),
        ("smtp://mail.example/box", "is no address of a mail server"),
        ("smtp://mail.example?tsl=none", "is no address of a mail server"),
        ("smtp://mail.example:99999", "has no port"),
        ("smtp://mail.example?tls=maybe", "asks for another tls than starttls, tls, none"),
        ("smtp://ann:secret@mail.example?tls=none", "would send the password in the clear"),
    ],
)
def test_a_url_that_is_none_says_what_is_wrong_and_no_password(url, wrong):
    with pytest.raises(ValueError, match=wrong) as error:
        mail_server(url)
    assert "secret" not in str(error.value)
