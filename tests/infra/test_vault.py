import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from domain.refusal import Refused
from infra.clock import entropy
from infra.database import Pool
from infra.keyfile import read_or_make
from infra.vault import Vault
from tests.infra.conftest import Ticking

CONTACT = {"name": "Ann Müller", "email": "ann@example.org", "phones": ["+49 30 1234"]}


@pytest.fixture
def master_key(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


@pytest.fixture
def vault(pool: Pool, master_key: Path, clock: Ticking) -> Vault:
    return Vault(pool, master_key, clock=clock, entropy=entropy)


def test_what_is_sealed_is_opened_for_its_customer_and_for_nobody_else(vault: Vault):
    sealed = vault.seal("ann", CONTACT)
    vault.seal("bob", CONTACT)
    assert vault.open("ann", sealed) == CONTACT
    assert vault.open("bob", sealed) is None
    assert vault.open("nobody", sealed) is None


def test_many_are_opened_in_their_order_and_what_cannot_be_is_none(vault: Vault):
    ann, bob = vault.seal("ann", CONTACT), vault.seal("bob", {"name": "Bob"})
    vault.destroy("bob")
    texts = [("bob", bob), ("ann", ann), ("ann", bob), ("nobody", ann), ("ann", ann)]
    assert vault.open_many(texts) == [None, CONTACT, None, None, CONTACT]
    assert vault.open_many([]) == []


def test_nothing_of_a_contact_can_be_read_from_its_seal(vault: Vault):
    sealed = vault.seal("ann", CONTACT)
    assert not any(word in sealed for word in ("Ann", "ann@", "1234"))


def test_the_same_contact_seals_to_the_same_text_so_that_a_repeat_is_recognised(vault: Vault):
    turned = dict(reversed(CONTACT.items()))
    assert vault.seal("ann", CONTACT) == vault.seal("ann", turned)
    assert vault.seal("ann", CONTACT) != vault.seal("bob", CONTACT)
    assert vault.seal("ann", CONTACT) != vault.seal("ann", {**CONTACT, "name": "Ann Meier"})


def test_many_are_sealed_at_once_in_their_order(vault: Vault):
    alone = vault.seal("c7", {"name": "7"})
    sealed = vault.seal_many((f"c{number % 50}", {"name": str(number)}) for number in range(100))
    assert [vault.open(f"c{number % 50}", sealed[number]) for number in (0, 7, 99)] == [
        {"name": "0"},
        {"name": "7"},
        {"name": "99"},
    ]
    assert sealed[7] == alone


@pytest.mark.parametrize("text", ["", "not sealed", "AAAA", "ünder"])
def test_a_text_that_was_never_sealed_opens_to_nothing(vault: Vault, text: str):
    vault.seal("ann", CONTACT)
    assert vault.open("ann", text) is None


def test_a_changed_seal_opens_to_nothing(vault: Vault):
    sealed = vault.seal("ann", CONTACT)
    assert vault.open("ann", sealed[:-6] + "AAAAAA") is None


def test_after_the_key_is_destroyed_nothing_opens_and_nothing_more_is_sealed(vault: Vault, pool: Pool):
    sealed = vault.seal("ann", CONTACT)
    other = vault.seal("bob", CONTACT)
    vault.destroy("ann")
    vault.destroy("ann")
    assert vault.open("ann", sealed) is None
    with pytest.raises(Refused) as refusal:
        vault.seal_many([("bob", CONTACT), ("ann", CONTACT)])
    assert refusal.value.code == "data_erased"
    assert vault.open("bob", other) == CONTACT
    with pool.connection() as conn:
        assert conn.execute("select wrapped from ledger.personal_keys where customer = 'ann'").fetchone() == (None,)


def test_a_customer_whose_data_was_never_kept_can_be_erased_beforehand(vault: Vault):
    vault.destroy("ann")
    with pytest.raises(Refused):
        vault.seal("ann", CONTACT)


def test_the_key_in_the_database_is_of_no_use_without_the_master_key(
    vault: Vault, pool: Pool, tmp_path: Path, clock: Ticking
):
    sealed = vault.seal("ann", CONTACT)
    stranger = Vault(pool, tmp_path / "other.key", clock=clock, entropy=entropy)
    with pytest.raises(ValueError, match="another master key"):
        stranger.open("ann", sealed)


def test_one_customers_key_put_in_anothers_place_opens_nothing(vault: Vault, pool: Pool):
    sealed = vault.seal("ann", CONTACT)
    vault.seal("bob", CONTACT)
    with pool.connection() as conn:
        conn.execute(
            "update ledger.personal_keys b set wrapped = a.wrapped from ledger.personal_keys a"
            " where a.customer = 'ann' and b.customer = 'bob'"
        )
    with pytest.raises(ValueError, match="another master key"):
        vault.open("bob", sealed)


def test_the_master_key_is_made_once_and_only_its_owner_may_read_it(
    vault: Vault, pool: Pool, master_key: Path, clock: Ticking
):
    assert stat.S_IMODE(master_key.stat().st_mode) == 0o600
    sealed = vault.seal("ann", CONTACT)
    assert Vault(pool, master_key, clock=clock, entropy=entropy).open("ann", sealed) == CONTACT
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
        Vault(pool, master_key, clock=clock, entropy=entropy)
