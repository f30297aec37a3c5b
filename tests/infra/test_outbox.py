"""Messages that leave as files: whole or not at all, one for each, for their owner alone."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from infra.files import wholefile
from infra.files.wholefile import write_whole
from infra.post.letters import PrintFolder, file_name
from infra.post.maildir import Maildir
from infra.post.message import Deferred, Message, Taken, Unknown

DATA = b"Subject: Reminder\r\n\r\nplease pay\r\n"
CONTACT = "contact:main:2026-01-05:letter:1:acme"


def message(number=1, data=DATA, attempt=1, contact=CONTACT):
    return Message(contact, attempt, f"<{number:032x}.{attempt}@firm.example>", data)


@pytest.fixture
def mail(tmp_path):
    return Maildir(tmp_path / "home" / "outbox" / "mail")


@pytest.fixture
def letters(tmp_path):
    return PrintFolder(tmp_path / "home" / "outbox" / "letters")


def files(folder: Path):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_one_mail_is_one_file_of_a_maildir(mail):
    assert [mail.hand_over(message(n)) for n in (1, 2)] == [Taken()] * 2
    assert files(mail.folder) == [f"new/{n:032x}.1@firm.example" for n in (1, 2)]
    assert {path.name for path in mail.folder.iterdir()} == {"tmp", "new", "cur"}
    assert (mail.folder / "new" / f"{1:032x}.1@firm.example").read_bytes() == DATA


def test_the_same_message_twice_is_one_file_with_what_it_was_at_first(mail):
    mail.hand_over(message())
    assert mail.hand_over(message(data=b"other")) == Taken()
    [name] = files(mail.folder)
    assert (mail.folder / name).read_bytes() == DATA


def test_only_the_owner_may_read_what_leaves_whatever_the_umask(mail, letters):
    before = os.umask(0)
    try:
        mail.hand_over(message())
        letters.hand_over(message())
    finally:
        os.umask(before)
    for folder in (mail.folder, letters.folder):
        for path in (folder.parent, folder, *folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_four_who_write_the_same_hundred_mails_leave_a_hundred_files(mail):
    start = Barrier(4)

    def write(_):
        start.wait()
        return {type(mail.hand_over(message(number))) for number in range(100)}

    with ThreadPoolExecutor(4) as writers:
        assert set().union(*writers.map(write, range(4))) == {Taken}
    assert len(files(mail.folder)) == 100
    assert {(mail.folder / name).read_bytes() for name in files(mail.folder)} == {DATA}


@pytest.mark.parametrize(
    "named", ["<../../etc/passwd>", "<.hidden@x>", "<a/b:2,S@x>", "<>", "<ä\n@x>", f"<{'x' * 500}>"]
)
def test_no_message_id_leads_out_of_the_folder(mail, named):
    assert mail.hand_over(Message(CONTACT, 1, named, DATA)) == Taken()
    [name] = files(mail.folder)
    assert name.startswith("new/") and name.count("/") == 1 and ":" not in name and not name.startswith("new/.")


def test_a_letter_is_a_pdf_named_after_its_contact_and_one_sent_once_more_is_another(letters):
    for attempt in (1, 2):
        assert letters.hand_over(message(attempt=attempt)) == Taken()
    assert files(letters.folder) == ["main+2026-01-05+letter+1+acme+2.pdf", "main+2026-01-05+letter+1+acme.pdf"]


@pytest.mark.parametrize(
    "customer", ["../../x", "a:b", "a+b", "Müller & Søn", "株式会社", "x" * 200, "株" * 200, "a.pdf"]
)
def test_whatever_a_customers_number_is_made_of_its_letter_stays_in_the_folder(letters, customer):
    stream = f"contact:main:2026-01-05:letter:1:{customer}"
    assert letters.hand_over(message(contact=stream)) == Taken()
    [name] = files(letters.folder)
    assert "/" not in name and name.endswith(".pdf") and len(name) < 255


def test_two_contacts_never_share_a_file():
    customers = [
        "a",
        "A",
        "a+2",
        "a b",
        "a_b",
        "a%20b",
        "a/b",
        "a:b",
        "x" * 200,
        "x" * 199,
        "株" * 200,
        "株" * 199 + "式",
    ]
    streams = [f"contact:main:2026-01-05:letter:1:{customer}" for customer in customers]
    named = {file_name(stream, attempt) for stream in streams for attempt in (1, 2, 3)}
    assert len(named) == 3 * len(customers)


# What a disk does


@pytest.mark.parametrize("way", ["mail", "letters"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_takes_no_more_defers_the_message_and_leaves_nothing(way, code, request, monkeypatch):
    def full(file, data):
        raise OSError(code, "no")

    transport = request.getfixturevalue(way)
    monkeypatch.setattr(wholefile.os, "write", full)
    assert transport.hand_over(message()) == Deferred(errno.errorcode[code], is_server=True)
    assert files(transport.folder) == []
    monkeypatch.undo()
    assert transport.hand_over(message()) == Taken()


def test_a_file_that_may_be_gone_after_a_crash_is_unknown(mail, monkeypatch):
    mail.hand_over(message(1))

    def fail(path):
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(wholefile, "sync_folder", fail)
    assert mail.hand_over(message(2)) == Unknown("EIO")


def test_a_write_that_takes_less_than_it_is_given_goes_on(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(wholefile.os, "write", lambda file, data: write(file, bytes(data[:7])))
    assert write_whole(tmp_path / "file", DATA * 10)
    assert (tmp_path / "file").read_bytes() == DATA * 10


def test_nobody_sees_half_a_file(tmp_path, monkeypatch):
    seen = []
    write = os.write

    def slowly(file, data):
        seen.append((tmp_path / "folder" / "file").exists())
        return write(file, bytes(data[:50]))

    monkeypatch.setattr(wholefile.os, "write", slowly)
    assert write_whole(tmp_path / "folder" / "file", DATA * 10)
    assert len(seen) > 3 and not any(seen)
    assert files(tmp_path) == ["folder/file"]


def test_an_error_half_way_leaves_no_draft(tmp_path, monkeypatch):
    def full(file, data):
        raise OSError(errno.ENOSPC, "no")

    monkeypatch.setattr(wholefile.os, "write", full)
    with pytest.raises(OSError, match="no"):
        write_whole(tmp_path / "file", DATA)
    assert files(tmp_path) == []
