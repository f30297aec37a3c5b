"""A new master key: what was encrypted stays readable, whatever happens, and whenever the process is killed."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from infra import key_rotation
from infra.clock import entropy
from infra.database import Pool
from infra.encryption import CannotDecrypt, Encryption
from infra.key_rotation import rotate
from infra.master_key import MasterKeyWrong, old_files
from tests.infra.conftest import Ticking
from tests.infra.test_chain import AT

CONTACT = {"name": "Ann Müller"}
HOUSE = Path(__file__).parents[2]
NAMES = [f"c{number}" for number in range(30)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "master.key"


@pytest.fixture
def encryption(pool: Pool, path: Path, clock: Ticking) -> Encryption:
    return Encryption(pool, path, clock=clock, entropy=entropy)


def turn(encryption: Encryption, pool: Pool, clock: Ticking) -> Path:
    return rotate(pool, encryption.master, clock=clock, entropy=entropy).old_file


def test_after_a_rotation_all_that_was_encrypted_is_readable_and_the_old_key_opens_nothing(
    encryption: Encryption, pool: Pool, path: Path, clock: Ticking, tmp_path: Path
):
    encrypted = encryption.encrypt_many((name, CONTACT) for name in NAMES)
    encryption.destroy("c3")
    found, before = encryption.fingerprint("Ann"), path.read_bytes()
    rotated = rotate(pool, encryption.master, clock=clock, entropy=entropy)
    assert rotated.keys == 29
    assert path.read_bytes() != before == rotated.old_file.read_bytes()
    late = Encryption(pool, path, clock=clock, entropy=entropy)
    for each in (encryption, late):
        assert each.decrypt("c1", encrypted[1] or "") == CONTACT
        assert each.encrypt("c1", CONTACT) == encrypted[1]
        assert each.is_destroyed("c3")
        assert each.fingerprint("Ann") == found
    with pytest.raises(MasterKeyWrong):
        Encryption(pool, rotated.old_file, clock=clock, entropy=entropy).decrypt("c1", encrypted[1] or "")
    assert {each.name for each in tmp_path.iterdir()} == {"master.key", rotated.old_file.name}


def test_a_process_that_still_remembers_the_old_key_goes_on_under_the_new_one(
    encryption: Encryption, pool: Pool, path: Path, clock: Ticking
):
    worker = Encryption(pool, path, clock=clock, entropy=entropy)
    encrypted = worker.encrypt("ann", CONTACT)
    turn(encryption, pool, clock)
    assert worker.encrypt("bob", CONTACT)
    turn(encryption, pool, clock)
    assert worker.decrypt("ann", encrypted) == CONTACT
    assert encryption.decrypt("bob", worker.encrypt("bob", CONTACT)) == CONTACT
    assert len(old_files(path)) == 2


def test_rotations_within_one_second_keep_each_old_key(encryption: Encryption, pool: Pool, path: Path):
    encrypted, before, kept = encryption.encrypt("ann", CONTACT), set[bytes](), set[Path]()
    for _ in range(3):
        before.add(path.read_bytes())
        kept.add(rotate(pool, encryption.master, clock=lambda: AT, entropy=entropy).old_file)
    assert {old.read_bytes() for old in kept} == before and len(before) == 3
    assert {*path.parent.iterdir()} == {path, *kept} == {path, *old_files(path)}
    assert Encryption(pool, path, clock=lambda: AT, entropy=entropy).decrypt("ann", encrypted) == CONTACT


def test_a_key_that_is_destroyed_while_a_rotation_runs_stays_destroyed(
    encryption: Encryption, pool: Pool, clock: Ticking, monkeypatch: pytest.MonkeyPatch
):
    encryption.encrypt_many((name, CONTACT) for name in NAMES)
    real = key_rotation.wrap

    def wrap(cipher: AESSIV, customer: str, key: bytes) -> bytes:
        if customer == "c3":
            encryption.destroy("c3")
        return real(cipher, customer, key)

    monkeypatch.setattr(key_rotation, "wrap", wrap)
    turn(encryption, pool, clock)
    assert encryption.is_destroyed("c3")
    assert encryption.encrypt_many([("c3", CONTACT), ("c4", CONTACT)])[0] is None


def test_a_customers_key_that_the_master_key_does_not_open_stops_the_rotation_before_anything_changed(
    encryption: Encryption, pool: Pool, path: Path, clock: Ticking
):
    encrypted = encryption.encrypt("ann", CONTACT)
    encryption.encrypt("bob", CONTACT)
    with pool.connection() as conn:
        conn.execute("update ledger.personal_keys set wrapped = sha512(wrapped) where customer = 'bob'")
    before = path.read_bytes()
    with pytest.raises(CannotDecrypt, match="of bob"):
        turn(encryption, pool, clock)
    assert path.read_bytes() == before
    assert Encryption(pool, path, clock=clock, entropy=entropy).decrypt("ann", encrypted) == CONTACT


def test_a_database_from_before_the_rotation_is_told_by_the_old_key_that_fits_it(
    encryption: Encryption, pool: Pool, path: Path, clock: Ticking
):
    encryption.encrypt("ann", CONTACT)
    with pool.connection() as conn:
        conn.execute("create temp table shared as table ledger.shared_keys")
        conn.execute("create temp table personal as table ledger.personal_keys")
        old = turn(encryption, pool, clock)
        conn.execute("update ledger.shared_keys k set wrapped = s.wrapped from shared s")
        conn.execute("update ledger.personal_keys k set wrapped = p.wrapped from personal p")
    with pytest.raises(MasterKeyWrong, match=f"{old.name}, of before a rotation, fits"):
        Encryption(pool, path, clock=clock, entropy=entropy).encrypt("ann", CONTACT)


KILLED = """
import os, signal, sys
from pathlib import Path
from infra import key_rotation, master_key
from infra.clock import entropy, now
from infra.database import open_pool
from infra.encryption import Encryption

url, path, place, name, when = sys.argv[1:]
owner = {"rotation": key_rotation, "master": master_key.MasterKeys}[place]
step = getattr(owner, name)

def killed(*given):
    if when == "after":
        step(*given)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, killed)
with open_pool(url) as pool:
    encryption = Encryption(pool, Path(path), clock=now, entropy=entropy)
    key_rotation.rotate(pool, encryption.master, clock=now, entropy=entropy)
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("rotation", "_old_file"),
        ("rotation", "write_whole"),
        ("rotation", "_lay_beside"),
        ("rotation", "_keep"),
        ("rotation", "_wrap_anew"),
        ("master", "take_over"),
    ],
)
def test_a_rotation_that_is_killed_at_any_step_loses_nothing_and_can_be_done_again(
    encryption: Encryption, pool: Pool, ledger_url: str, path: Path, clock: Ticking, place: str, name: str, when: str
):
    encrypted = encryption.encrypt_many((each, CONTACT) for each in NAMES)
    found = encryption.fingerprint("Ann")
    code, arguments = textwrap.dedent(KILLED), [ledger_url, str(path), place, name, when]
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=HOUSE, env={**os.environ, "PYTHONPATH": str(HOUSE)}, timeout=60
    )
    assert ended.returncode == -signal.SIGKILL
    for each in (encryption, Encryption(pool, path, clock=clock, entropy=entropy)):
        assert each.decrypt_many(zip(NAMES, [text or "" for text in encrypted], strict=True)) == [CONTACT] * 30
        assert each.fingerprint("Ann") == found
    turn(encryption, pool, clock)
    late = Encryption(pool, path, clock=clock, entropy=entropy)
    assert late.decrypt("c7", encrypted[7] or "") == CONTACT
    assert not path.with_name("master.key.new").exists()
    assert path.read_bytes() not in [old.read_bytes() for old in old_files(path)]
