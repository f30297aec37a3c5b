"""What was sent is kept byte for byte, and goes with the customer's key."""

import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from domain.refusal import Refused
from infra.clock import entropy
from infra.database import Pool
from infra.encryption import Encryption
from infra.post.archive import Archive
from tests.infra.conftest import Ticking

LETTER = b"%PDF-1.7 Dear Ann Example \x00\xff" * 100


@pytest.fixture
def encryption(pool: Pool, tmp_path: Path, clock: Ticking) -> Encryption:
    return Encryption(pool, tmp_path / "master.key", clock=clock, entropy=entropy)


@pytest.fixture
def archive(tmp_path: Path, encryption: Encryption) -> Archive:
    return Archive(tmp_path / "archive", encryption)


def kept(archive: Archive) -> list[Path]:
    return [path for path in archive.folder.rglob("*") if path.is_file()]


def test_the_exact_bytes_come_back_by_the_hash_of_their_content(archive: Archive):
    content_hash = archive.put("ann", LETTER)
    assert content_hash == sha256(LETTER).hexdigest()
    assert archive.get("ann", content_hash) == LETTER
    [file] = kept(archive)
    assert file.parent.name == content_hash[:2] and file.name.startswith(content_hash[2:])
    assert b"Ann Example" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_same_twice_is_kept_once(archive: Archive):
    assert archive.put("ann", LETTER) == archive.put("ann", LETTER)
    assert len(kept(archive)) == 1


def test_two_customers_who_were_sent_the_same_keep_it_apart(archive: Archive, encryption: Encryption):
    content_hash = archive.put("ann", LETTER)
    archive.put("bob", LETTER)
    encryption.destroy("ann")
    assert archive.get("ann", content_hash) is None
    assert archive.get("bob", content_hash) == LETTER


def test_after_erasure_nothing_that_was_sent_can_be_read_and_nothing_more_is_kept(
    archive: Archive, encryption: Encryption
):
    content_hash = archive.put("ann", LETTER)
    encryption.destroy("ann")
    assert archive.get("ann", content_hash) is None
    with pytest.raises(Refused) as refusal:
        archive.put("ann", b"more")
    assert refusal.value.code == "data_erased"
    assert len(kept(archive)) == 1


def test_what_was_never_kept_or_was_changed_is_none(archive: Archive):
    assert archive.get("ann", "00" * 32) is None
    content_hash = archive.put("ann", LETTER)
    [file] = kept(archive)
    encrypted = file.read_bytes()
    for changed in (b"", b"short", encrypted[:-1], bytes([encrypted[0] ^ 1]) + encrypted[1:]):
        file.write_bytes(changed)
        assert archive.get("ann", content_hash) is None


def test_one_file_in_the_place_of_another_is_not_taken_for_it(archive: Archive):
    first, second = archive.put("ann", b"first"), archive.put("ann", b"second")
    [one] = archive.folder.glob(f"{first[:2]}/{first[2:]}*")
    [other] = archive.folder.glob(f"{second[:2]}/{second[2:]}*")
    one.write_bytes(other.read_bytes())
    assert archive.get("ann", first) is None


def test_bytes_are_no_contact_and_a_contact_is_no_bytes(encryption: Encryption):
    encrypted = encryption.encrypt_bytes("ann", b'{"name": "Ann"}')
    assert encryption.decrypt_bytes("ann", encrypted) == b'{"name": "Ann"}'
    assert encryption.decrypt_bytes("bob", encrypted) is None

    assert encryption.decrypt("ann", urlsafe_b64encode(encrypted).decode()) is None
    contact = encryption.encrypt("ann", {"name": "Ann"})
    assert encryption.decrypt_bytes("ann", urlsafe_b64decode(contact)) is None
