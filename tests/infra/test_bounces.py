"""Delivery reports, out of mail that anybody may have written."""

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.post.bounces import MOST_BYTES, NoReport, Report, parse
from infra.post.inbox import DONE, Inbox

TOKEN = "0123456789abcdef" * 2
ID = f"<{TOKEN}.1@firm.example>"
FAILED = """From: MAILER-DAEMON@mail.example
To: billing@firm.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <20260105.4711@mail.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="frontier"

--frontier
Content-Type: text/plain

<ann@example.org>: host mx.example.org said: 550 5.1.1 unknown
--frontier
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
{envelope}
Final-Recipient: rfc822; ann@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>: unknown

--frontier
Content-Type: {returned}

From: billing@firm.example
To: ann@example.org
Subject: Reminder
{headers}
{body}
--frontier--
"""


def mail(
    action="failed",
    status="5.1.1",
    returned="message/rfc822",
    headers=f"Message-ID: {ID}\n",
    envelope="",
    body="Dear Ann",
):
    text = FAILED.format(
        action=action,
        status=status,
        returned=returned,
        headers=headers,
        envelope=envelope and envelope + "\n",
        body=body,
    )
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("action", ["failed", "delayed", "delivered"])
def test_a_report_says_what_became_of_which_message(returned, action):
    assert parse(mail(action, returned=returned)) == Report(action, "5.1.1", (ID,))


def test_line_ends_of_unix_make_no_difference():
    assert parse(mail().replace(b"\r\n", b"\n")) == Report("failed", "5.1.1", (ID,))


def test_a_report_that_returns_nothing_names_the_message_by_its_envelope():
    data = mail(returned="text/plain", headers="", envelope=f"Original-Envelope-Id: {ID.strip('<>')}")
    assert parse(data) == Report("failed", "5.1.1", (ID,))


def test_a_message_without_its_id_is_known_by_our_own_header():
    assert parse(mail(headers=f"X-Contact: {ID}\n")).message_ids == (ID,)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("5.1.1 (unknown ann@example.org)", "5.1.1"),
        ("4.4.7", "4.4.7"),
        ("ann@example.org", ""),
        ("", ""),
        ("9.1.1", ""),
    ],
)
def test_nothing_but_digits_is_taken_of_a_status(status, code):
    assert parse(mail(status=status)).status == code


def test_where_there_are_several_receivers_one_it_failed_for_counts():
    data = mail("delivered").replace(
        b"Diagnostic-Code",
        b"\r\nFinal-Recipient: rfc822; b@example.org\r\nAction: FAILED\r\nStatus: 5.2.2\r\nDiagnostic-Code",
    )
    assert parse(data) == Report("failed", "5.2.2", (ID,))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no_delivery_status"),
        (b"From: ann@example.org\r\nSubject: out of office\r\n\r\nback on Monday", "no_delivery_status"),
        (mail(action="exploded"), "no_delivery_status"),
        (mail(headers="Message-ID: <other@firm.example>\n"), "not_about_ours"),
        (mail(headers="").replace(b"<20260105.4711@mail.example>", ID.encode()), "not_about_ours"),
        (mail(headers="\n", body=f"it was {ID}"), "not_about_ours"),
        (mail(headers=f"Message-ID: {ID.replace('.1@', '.0@')}\n"), "not_about_ours"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (
            b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(9_000)),
            "too_many_parts",
        ),
        (b"Content-Type: message/rfc822\r\n\r\n" * 20_000, "too_many_parts"),
        (bytes(range(256)) * 100, "no_delivery_status"),
    ],
)
def test_what_is_no_report_about_a_message_of_ours_says_why_and_soon(data, reason):
    began = time.monotonic()
    with pytest.raises(NoReport) as none:
        parse(data)
    assert none.value.reason == reason
    assert time.monotonic() - began < 2


def test_the_worst_mail_that_is_parsed_at_all_is_parsed_soon():
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(28))
    began = time.monotonic()
    with pytest.raises(NoReport):
        parse(nested + b"-\n" * 490_000)
    assert time.monotonic() - began < 10


@given(st.binary(max_size=300))
def test_whatever_is_put_into_a_report_it_is_a_report_or_none(noise):
    whole = mail()
    for at in (0, len(whole) // 3, len(whole) // 2, len(whole) - 80):
        try:
            report = parse(whole[:at] + noise + whole[at:])
        except NoReport:
            continue
        assert report.message_ids[0].startswith("<") and report.action in ("failed", "delayed", "delivered")


# The folder


@pytest.fixture
def inbox(tmp_path):
    return Inbox(tmp_path / "inbox")


def drop(inbox, name, data=b"x"):
    path = inbox.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_files_and_a_maildir_are_read_alike_and_drafts_are_left(inbox):
    assert inbox.waiting(10) == []
    dropped = [drop(inbox, name) for name in ("a.eml", "new/1.host", "cur/2.host:2,S")]
    for name in (".draft", "tmp/3.host", "done/4", "unreadable/5", "other/6"):
        drop(inbox, name)
    assert inbox.waiting(10) == sorted(dropped)
    assert len(inbox.waiting(2)) == 2


def test_neither_links_nor_pipes_nor_folders_are_read(inbox, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    drop(inbox, "plain")
    (inbox.folder / "link").symlink_to(secret)
    os.mkfifo(inbox.folder / "pipe")
    (inbox.folder / "folder").mkdir()
    assert [path.name for path in inbox.waiting(10)] == ["plain"]
    with pytest.raises(OSError):
        inbox.read(inbox.folder / "link")


def test_no_more_is_read_than_may_be(inbox):
    assert len(inbox.read(drop(inbox, "huge", b"x" * (MOST_BYTES + 5_000)))) == MOST_BYTES + 1


def test_what_is_put_aside_covers_nothing_of_the_same_name(inbox):
    for data in (b"1", b"2", b"3"):
        inbox.put_aside(drop(inbox, "new/a", data), DONE)
    assert {path.name: path.read_bytes() for path in (inbox.folder / "done").iterdir()} == {
        "a": b"1", "a.2": b"2", "a.3": b"3",
    }  # fmt: skip
    assert inbox.waiting(10) == []
