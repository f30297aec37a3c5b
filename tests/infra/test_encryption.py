import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from domain.refusal import Refused
from infra.clock import entropy
from infra.database import Pool
from infra.encryption import CannotDecrypt, Encryption
from infra.master_key import KEY_BYTES, MasterKeyMissing, MasterKeyWrong
from tests.infra.conftest import Ticking

CONTACT = {"name": "Ann Müller", "email": "ann@example.org", "phone": "+49 30 1234"}


@pytest.fixture
def master_key(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


@pytest.fixture
def encryption(pool: Pool, master_key: Path, clock: Ticking) -> Encryption:
    return Encryption(pool, master_key, clock=clock, entropy=entropy)


def test_what_is_sealed_is_opened_for_its_customer_and_for_nobody_else(encryption: Encryption):
    encrypted = encryption.encrypt("ann", CONTACT)
    encryption.encrypt("bob", CONTACT)
    assert encryption.decrypt("ann", encrypted) == CONTACT
    for stranger in ("bob", "nobody"):
        with pytest.raises(CannotDecrypt, match=f"the personal data of {stranger} cannot be decrypted"):
            encryption.decrypt(stranger, encrypted)


def test_many_are_opened_in_their_order_and_what_cannot_be_is_none(encryption: Encryption):
    ann, bob = encryption.encrypt("ann", CONTACT), encryption.encrypt("bob", {"name": "Bob"})
    encryption.destroy("bob")
    texts = [("bob", bob), ("ann", ann), ("ann", bob), ("nobody", ann), ("ann", ann)]
    assert encryption.decrypt_many(texts) == [None, CONTACT, None, None, CONTACT]
    assert encryption.decrypt_many([]) == []


def test_nothing_of_a_contact_can_be_read_from_its_seal(encryption: Encryption):
    encrypted = encryption.encrypt("ann", CONTACT)
    assert not any(word in encrypted for word in ("Ann", "ann@", "1234"))


def test_the_same_contact_seals_to_the_same_text_so_that_a_repeat_is_recognised(encryption: Encryption):
    turned = dict(reversed(CONTACT.items()))
    assert encryption.encrypt("ann", CONTACT) == encryption.encrypt("ann", turned)
    assert encryption.encrypt("ann", CONTACT) != encryption.encrypt("bob", CONTACT)
    assert encryption.encrypt("ann", CONTACT) != encryption.encrypt("ann", {**CONTACT, "name": "Ann Meier"})


def test_many_are_sealed_at_once_in_their_order(encryption: Encryption):
    alone = encryption.encrypt("c7", {"name": "7"})
    encrypted = encryption.encrypt_many((f"c{number % 50}", {"name": str(number)}) for number in range(100))
    assert [encryption.decrypt(f"c{number % 50}", encrypted[number] or "") for number in (0, 7, 99)] == [
        {"name": "0"},
        {"name": "7"},
        {"name": "99"},
    ]
    assert encrypted[7] == alone


@pytest.mark.parametrize("text", ["", "not sealed", "AAAA", "ünder"])
def test_a_text_that_was_never_sealed_is_not_taken_for_erased(encryption: Encryption, text: str):
    encryption.encrypt("ann", CONTACT)
    with pytest.raises(CannotDecrypt):
        encryption.decrypt("ann", text)


def test_a_changed_seal_is_not_taken_for_erased(encryption: Encryption):
    encrypted = encryption.encrypt("ann", CONTACT)
    with pytest.raises(CannotDecrypt):
        encryption.decrypt("ann", encrypted[:-6] + "AAAAAA")


def test_after_the_key_is_destroyed_nothing_opens_and_nothing_more_is_sealed(encryption: Encryption, pool: Pool):
    encrypted = encryption.encrypt("ann", CONTACT)
    other = encryption.encrypt("bob", CONTACT)
    encryption.destroy("ann")
    encryption.destroy("ann")
    assert encryption.decrypt("ann", encrypted) is None
    assert encryption.encrypt_many([("bob", CONTACT), ("ann", CONTACT)]) == [other, None]
    with pytest.raises(Refused) as refusal:
        encryption.encrypt("ann", CONTACT)
    assert refusal.value.code == "data_erased"
    assert encryption.decrypt("bob", other) == CONTACT
    with pool.connection() as conn:
        assert conn.execute("select wrapped from ledger.personal_keys where customer = 'ann'").fetchone() == (None,)


def test_a_customer_whose_data_was_never_kept_can_be_erased_beforehand(encryption: Encryption):
    encryption.destroy("ann")
    with pytest.raises(Refused):
        encryption.encrypt("ann", CONTACT)


def rows(pool: Pool, sql: str) -> list[tuple[Any, ...]]:
    with pool.connection() as conn:
        return conn.execute(sql.encode()).fetchall()


def run(pool: Pool, sql: str) -> None:
    with pool.connection() as conn:
        assert conn.execute(sql.encode()).rowcount


def test_the_key_in_the_database_is_of_no_use_without_the_master_key(
    encryption: Encryption, pool: Pool, tmp_path: Path, clock: Ticking
):
    encrypted = encryption.encrypt("ann", CONTACT)
    other = tmp_path / "other.key"
    other.write_bytes(entropy(KEY_BYTES))
    stranger = Encryption(pool, other, clock=clock, entropy=entropy)
    for asked in (lambda: stranger.decrypt("ann", encrypted), lambda: stranger.encrypt("bob", CONTACT)):
        with pytest.raises(MasterKeyWrong, match="is not the master key of this ledger: put the right file back"):
            asked()
    assert rows(pool, "select customer from ledger.personal_keys") == [("ann",)]


SWAP = (
    "update ledger.personal_keys a set wrapped = b.wrapped from ledger.personal_keys b"
    " where (a.customer, b.customer) in (('ann', 'bob'), ('bob', 'ann'))"
)


@pytest.mark.parametrize("done", [SWAP, "delete from ledger.personal_keys where customer <> 'cat'"])
def test_keys_that_were_exchanged_or_taken_away_are_missed_and_those_of_others_go_on(
    encryption: Encryption, pool: Pool, done: str
):
    encrypted = {name: encryption.encrypt(name, CONTACT) for name in ("ann", "bob", "cat")}
    run(pool, done)
    for name in ("ann", "bob"):
        with pytest.raises(CannotDecrypt):
            encryption.decrypt(name, encrypted[name])
    with pytest.raises(CannotDecrypt):
        encryption.contacts(encrypted)
    assert encryption.readable_contacts(encrypted) == {"cat": CONTACT}
    assert encryption.decrypt("cat", encrypted["cat"]) == CONTACT


def test_nothing_is_sealed_under_the_key_of_another_customer(encryption: Encryption, pool: Pool):
    for name in ("ann", "bob"):
        encryption.encrypt(name, CONTACT)
    run(pool, SWAP)
    with pytest.raises(CannotDecrypt):
        encryption.encrypt("ann", CONTACT)


def test_of_a_bulk_each_customer_has_a_key_of_their_own(encryption: Encryption):
    """One key for all would open everything again for as long as one of them is not erased."""
    names = [f"c{number}" for number in range(20)]
    encrypted = dict(zip(names, encryption.encrypt_many((name, CONTACT) for name in names), strict=True))
    opened = {name: encryption._keys({name})[name] for name in names}
    keys = [key for key in opened.values() if isinstance(key, AESSIV)]
    probe = [key.encrypt(b"the same", [b"for all"]) for key in keys]
    assert len(keys) == len(set(probe)) == 20
    encryption.destroy("c3")
    assert encryption.decrypt("c3", encrypted["c3"] or "") is None
    assert encryption.decrypt("c4", encrypted["c4"] or "") == CONTACT


# The master key


def test_the_master_key_is_made_once_and_only_its_owner_may_read_it(
    encryption: Encryption, pool: Pool, master_key: Path, clock: Ticking
):
    encrypted = encryption.encrypt("ann", CONTACT)
    assert stat.S_IMODE(master_key.stat().st_mode) == 0o600
    assert Encryption(pool, master_key, clock=clock, entropy=entropy).decrypt("ann", encrypted) == CONTACT
    assert [path.name for path in master_key.parent.iterdir()] == ["master.key"]


def test_no_key_is_made_by_who_only_reads(encryption: Encryption, master_key: Path):
    assert encryption.decrypt_many([]) == []
    assert encryption.encrypt_many([]) == []
    assert not encryption.is_destroyed("ann")
    with pytest.raises(MasterKeyMissing, match="is made with the first personal data"):
        encryption.master.opened()
    assert not master_key.exists()


def test_of_several_who_make_the_master_key_at_once_all_get_the_same(pool: Pool, tmp_path: Path, clock: Ticking):
    path = tmp_path / "master.key"
    start = Barrier(5)

    def make(_: int) -> str:
        start.wait()
        return Encryption(pool, path, clock=clock, entropy=entropy).fingerprint("Ann")

    with ThreadPoolExecutor(5) as makers:
        assert len(set(makers.map(make, range(5)))) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_second_machine_makes_no_master_key_of_its_own(pool: Pool, tmp_path: Path, clock: Ticking):
    there, here = tmp_path / "there" / "master.key", tmp_path / "here" / "master.key"
    Encryption(pool, there, clock=clock, entropy=entropy).fingerprint("Ann")
    with pytest.raises(MasterKeyMissing, match="put the file back"):
        Encryption(pool, here, clock=clock, entropy=entropy).fingerprint("Ann")
    assert not here.exists()


def test_a_lost_master_key_is_asked_for_and_not_replaced(
    encryption: Encryption, pool: Pool, master_key: Path, clock: Ticking
):
    encrypted, found = encryption.encrypt("ann", CONTACT), encryption.fingerprint("Ann")
    kept = master_key.rename(master_key.with_name("safe"))
    late = Encryption(pool, master_key, clock=clock, entropy=entropy)
    for asked in (
        lambda: late.decrypt("ann", encrypted),
        lambda: late.encrypt("ann", CONTACT),
        lambda: late.encrypt("bob", CONTACT),
        lambda: late.fingerprint("Ann"),
    ):
        with pytest.raises(MasterKeyMissing, match="master.key is missing, and personal data is encrypted under it"):
            asked()
    assert not master_key.exists()
    late.destroy("ann")
    assert late.is_destroyed("ann")
    kept.rename(master_key)
    assert late.fingerprint("Ann") == found


def test_a_ledger_from_before_there_was_a_known_ciphertext_goes_by_the_keys_of_its_customers(
    encryption: Encryption, pool: Pool, master_key: Path, clock: Ticking, tmp_path: Path
):
    encrypted, found = encryption.encrypt("ann", CONTACT), encryption.fingerprint("Ann")
    run(pool, "delete from ledger.shared_keys")
    other = tmp_path / "other.key"
    with pytest.raises(MasterKeyMissing):
        Encryption(pool, other, clock=clock, entropy=entropy).encrypt("bob", CONTACT)
    other.write_bytes(entropy(KEY_BYTES))
    with pytest.raises(MasterKeyWrong):
        Encryption(pool, other, clock=clock, entropy=entropy).encrypt("bob", CONTACT)
    again = Encryption(pool, master_key, clock=clock, entropy=entropy)
    assert again.decrypt("ann", encrypted) == CONTACT
    assert rows(pool, "select name from ledger.shared_keys") == []
    assert again.fingerprint("Ann") == found
    assert rows(pool, "select name from ledger.shared_keys") == [("fingerprint",)]


def test_half_a_master_key_is_refused(pool: Pool, master_key: Path, clock: Ticking):
    master_key.parent.mkdir()
    master_key.write_bytes(b"half")
    with pytest.raises(MasterKeyWrong, match="is not a key of 64 bytes"):
        Encryption(pool, master_key, clock=clock, entropy=entropy).encrypt("ann", CONTACT)


# What is left of a key that was destroyed


def test_a_destroyed_key_is_not_left_in_the_file_of_its_table(encryption: Encryption, pool: Pool):
    encryption.encrypt_many((f"c{number}", CONTACT) for number in range(5))
    [(wrapped,)] = rows(pool, "select wrapped from ledger.personal_keys where customer = 'c2'")
    assert bytes(wrapped) in on_disk(pool)
    encryption.destroy("c2")
    assert rows(pool, "select count(*) from ledger.personal_keys") == [(5,)]
    left = on_disk(pool)
    assert not [start for start in range(len(wrapped) - 16) if bytes(wrapped)[start : start + 16] in left]


def on_disk(pool: Pool) -> bytes:
    with pool.connection() as conn:
        conn.execute("checkpoint")
    [(data,)] = rows(pool, "select pg_read_binary_file(pg_relation_filepath('ledger.personal_keys'))")
    return bytes(data)
