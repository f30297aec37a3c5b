"""What was sent is kept byte for byte, and goes with the customer's key."""

import errno
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from infra.clock import entropy
from infra.database import Pool
from infra.encryption import CannotDecrypt, Encryption
from infra.files import wholefile
from infra.files.textfile import Unreadable
from infra.post.archive import Archive
from infra.unavailable import Unavailable
from tests.infra.conftest import Ticking

LETTER = b"%PDF-1.7 Dear Ann Example \x00\xff" * 100


@pytest.fixture
def encryption(pool: Pool, tmp_path: Path, clock: Ticking) -> Encryption:
    return Encryption(pool, tmp_path / "master.key", clock=clock, entropy=entropy)


@pytest.fixture
def archive(tmp_path: Path, encryption: Encryption) -> Archive:
    return Archive(tmp_path / "archive", encryption)


def put(archive: Archive, customer: str, data: bytes) -> str:
    [content_hash] = archive.put([(customer, data)])
    assert content_hash
    return content_hash


def kept(archive: Archive) -> list[Path]:
    return [path for path in archive.folder.rglob("*") if path.is_file()]


def test_the_exact_bytes_come_back_by_the_hash_of_their_content(archive: Archive):
    content_hash = put(archive, "ann", LETTER)
    assert content_hash == sha256(LETTER).hexdigest()
    assert archive.get("ann", content_hash) == LETTER
    [file] = kept(archive)
    assert file.parent.name == content_hash[:2] and file.name.startswith(content_hash[2:])
    assert b"Ann Example" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_same_twice_is_kept_once(archive: Archive):
    assert put(archive, "ann", LETTER) == put(archive, "ann", LETTER)
    assert len(kept(archive)) == 1


def test_two_customers_who_were_sent_the_same_keep_it_apart(archive: Archive, encryption: Encryption):
    content_hash = put(archive, "ann", LETTER)
    put(archive, "bob", LETTER)
    encryption.destroy("ann")
    assert archive.get("ann", content_hash) is None
    assert archive.get("bob", content_hash) == LETTER


def test_after_erasure_nothing_that_was_sent_can_be_read_and_nothing_more_is_kept(
    archive: Archive, encryption: Encryption
):
    content_hash = put(archive, "ann", LETTER)
    encryption.destroy("ann")
    assert archive.get("ann", content_hash) is None
    found = archive.put([("ann", b"more"), ("bob", b"more")])
    assert found == [None, sha256(b"more").hexdigest()]
    assert len(kept(archive)) == 2


def test_many_are_kept_at_once_in_their_order(archive: Archive):
    sent = [(f"c{number % 7}", b"%d" % number) for number in range(100)]
    hashes = archive.put(sent)
    assert [archive.get(customer, str(found)) for (customer, _), found in zip(sent, hashes, strict=True)] == [
        data for _, data in sent
    ]
    assert archive.put([]) == []


def test_a_disk_that_is_full_is_said_without_whom_it_was_about(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    # As after the first letter, when the keys are there.
    archive._encryption.encrypt_bytes([("ann", LETTER)])

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(archive.folder / "ann"))

    monkeypatch.setattr(wholefile.os, "write", full)
    with pytest.raises(Unavailable, match="takes nothing more: No space left") as refusal:
        archive.put([("ann", LETTER)])
    assert "ann" not in refusal.value.message and kept(archive) == []


def test_what_was_never_kept_or_was_changed_is_none(archive: Archive):
    assert archive.get("ann", "00" * 32) is None
    content_hash = put(archive, "ann", LETTER)
    [file] = kept(archive)
    encrypted = file.read_bytes()
    for changed in (b"", b"short", encrypted[:-1], bytes([encrypted[0] ^ 1]) + encrypted[1:]):
        file.write_bytes(changed)
        assert archive.get("ann", content_hash) is None


def test_one_file_in_the_place_of_another_is_not_taken_for_it(archive: Archive):
    first, second = put(archive, "ann", b"first"), put(archive, "ann", b"second")
    [one] = archive.folder.glob(f"{first[:2]}/{first[2:]}*")
    [other] = archive.folder.glob(f"{second[:2]}/{second[2:]}*")
    one.write_bytes(other.read_bytes())
    assert archive.get("ann", first) is None


def test_bytes_are_no_contact_and_a_contact_is_no_bytes(encryption: Encryption):
    [encrypted] = encryption.encrypt_bytes([("ann", b'{"name": "Ann"}')])
    assert encrypted
    assert encryption.decrypt_bytes("ann", encrypted) == b'{"name": "Ann"}'
    for asked in (
        lambda: encryption.decrypt_bytes("bob", encrypted),
        lambda: encryption.decrypt("ann", urlsafe_b64encode(encrypted).decode()),
    ):
        with pytest.raises(CannotDecrypt):
            asked()
    contact = encryption.encrypt("ann", {"name": "Ann"})
    assert encryption.decrypt_bytes("ann", urlsafe_b64decode(contact)) is None


def test_files_are_put_there_by_the_hash_they_were_read_under(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("infra.post.archive.PORTION_BYTES", 1)
    files = [tmp_path / f"{n}.xml" for n in range(3)]
    for n, file in enumerate(files):
        file.write_bytes(b"<Invoice/>" * n)
    hashes = [sha256(file.read_bytes()).hexdigest() for file in files]
    archive.put_files(zip(["ann", "bob", "ann"], files, hashes, strict=True))
    assert [archive.get(who, each) for who, each in zip(["ann", "bob", "ann"], hashes, strict=True)] == [
        file.read_bytes() for file in files
    ]


def test_a_file_that_changed_or_went_since_it_was_read_is_not_put_there(archive: Archive, tmp_path: Path):
    file, hashed = tmp_path / "a.xml", sha256(b"<Invoice/>").hexdigest()
    with pytest.raises(Unreadable, match="cannot be read any more"):
        archive.put_files([("ann", file, hashed)])
    file.write_bytes(b"<Other/>")
    with pytest.raises(Unreadable, match="changed while it was read"):
        archive.put_files([("ann", file, hashed)])
    assert kept(archive) == []
