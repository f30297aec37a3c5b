import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from domain.refusal import Refused
from infra.clock import entropy
from infra.database import Pool
from infra.encryption import Encryption
from infra.keyfile import read_or_make
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
    assert encryption.decrypt("bob", encrypted) is None
    assert encryption.decrypt("nobody", encrypted) is None


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
def test_a_text_that_was_never_sealed_opens_to_nothing(encryption: Encryption, text: str):
    encryption.encrypt("ann", CONTACT)
    assert encryption.decrypt("ann", text) is None


def test_a_changed_seal_opens_to_nothing(encryption: Encryption):
    encrypted = encryption.encrypt("ann", CONTACT)
    assert encryption.decrypt("ann", encrypted[:-6] + "AAAAAA") is None


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


def test_the_key_in_the_database_is_of_no_use_without_the_master_key(
    encryption: Encryption, pool: Pool, tmp_path: Path, clock: Ticking
):
    encrypted = encryption.encrypt("ann", CONTACT)
    stranger = Encryption(pool, tmp_path / "other.key", clock=clock, entropy=entropy)
    with pytest.raises(ValueError, match="another master key"):
        stranger.decrypt("ann", encrypted)


def test_one_customers_key_put_in_anothers_place_opens_nothing(encryption: Encryption, pool: Pool):
    encrypted = encryption.encrypt("ann", CONTACT)
    encryption.encrypt("bob", CONTACT)
    with pool.connection() as conn:
        conn.execute(
            "update ledger.personal_keys b set wrapped = a.wrapped from ledger.personal_keys a"
            " where a.customer = 'ann' and b.customer = 'bob'"
        )
    with pytest.raises(ValueError, match="another master key"):
        encryption.decrypt("bob", encrypted)


def test_the_master_key_is_made_once_and_only_its_owner_may_read_it(
    encryption: Encryption, pool: Pool, master_key: Path, clock: Ticking
):
    assert stat.S_IMODE(master_key.stat().st_mode) == 0o600
    encrypted = encryption.encrypt("ann", CONTACT)
    assert Encryption(pool, master_key, clock=clock, entropy=entropy).decrypt("ann", encrypted) == CONTACT
    assert [path.name for path in master_key.parent.iterdir()] == ["master.key"]


def test_of_several_who_make_the_master_key_at_once_all_get_the_same(tmp_path: Path):
    path = tmp_path / "master.key"
    start = Barrier(8)

    def make(_: int) -> bytes:
        start.wait()
        return read_or_make(path, 64, entropy)

    with ThreadPoolExecutor(8) as makers:
        assert len(set(makers.map(make, range(8)))) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_half_a_master_key_is_refused(pool: Pool, master_key: Path, clock: Ticking):
    master_key.parent.mkdir()
    master_key.write_bytes(b"half")
    with pytest.raises(ValueError, match="is not a key of 64 bytes"):
        Encryption(pool, master_key, clock=clock, entropy=entropy)
