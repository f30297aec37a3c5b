"""Personal data under a key per customer: destroy the key, and what was encrypted with it is gone for good."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Literal

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from domain.refusal import Refused
from infra.clock import Clock, Entropy
from infra.database import Pool, translated
from infra.log.arrays import Blobs, Texts
from infra.logs import logger
from infra.master_key import KEY_BYTES, MasterKeys, unwrap, wrap
from infra.unavailable import Unavailable

# Or bytes could be taken for a contact, and a contact for bytes.
_BYTES = b"bytes"
TRIES = 3


class CannotDecrypt(Unavailable):
    """The key of a customer who is not erased is missing, another's, or not the one the data is encrypted under."""

    code = "cannot_decrypt"

    def __init__(self, owner: str):
        super().__init__(
            f"the personal data of {owner} cannot be decrypted: their key in ledger.personal_keys is missing, damaged "
            "or another one. Put that table back from a backup, or set the contact again; `receivables doctor --deep` "
            "says of whom else."
        )


class Lost(Enum):
    """In place of a key, or of what it should open: it should be there, and cannot be had."""

    LOST = "lost"


LOST = Lost.LOST
# None for a key that was destroyed, and for what was encrypted under it.
Key = AESSIV | None | Literal[Lost.LOST]
Opened = dict[str, str] | None | Literal[Lost.LOST]


class Encryption:
    """AES-SIV: the same contact of the same customer encrypts to the same text, so that a repeat is recognised.

    The keys are in the database, themselves encrypted under a master key in a file outside it. That is read when it is
    first needed: all that encrypts or decrypts raises `MasterKeyMissing` or `MasterKeyWrong` where it cannot be had.
    """

    def __init__(self, pool: Pool, master_key: Path, *, clock: Clock, entropy: Entropy):
        self._pool = pool
        self._clock = clock
        self._entropy = entropy
        self.master = MasterKeys(pool, master_key, clock=clock, entropy=entropy)

    def encrypt(self, customer: str, contact: Mapping[str, str]) -> str:
        """Refuses `data_erased` for a customer whose key was destroyed."""
        [encrypted] = self.encrypt_many([(customer, contact)])
        if encrypted is None:
            raise Refused("data_erased", f"the personal data of customer {customer} was erased; none can be added")
        return encrypted

    def encrypt_many(self, contacts: Iterable[tuple[str, Mapping[str, str]]]) -> list[str | None]:
        """For each pair in their order, with two statements for all; None for a customer whose key was destroyed."""
        pairs = list(contacts)
        keys = self._keys_made({customer for customer, _ in pairs})
        return [_encrypted(keys[customer], customer, contact) for customer, contact in pairs]

    def decrypt(self, customer: str, encrypted: str) -> dict[str, str] | None:
        """The contact, None when the customer's key was destroyed. Raises `CannotDecrypt`."""
        [found] = self.open_many([(customer, encrypted)])
        if found is LOST:
            raise CannotDecrypt(customer)
        return found

    def decrypt_many(self, texts: Iterable[tuple[str, str]]) -> list[dict[str, str] | None]:
        """For each pair in their order, with one query for all of them.

        None where the key was destroyed; with a warning where it is lost as well, so that one does not stop the others.
        """
        found = self.open_many(texts)
        if lost := found.count(LOST):
            logger().warning("cannot decrypt", texts=lost, look="receivables doctor --deep")
        return [None if each is LOST else each for each in found]

    def open_many(self, texts: Iterable[tuple[str, str]]) -> list[Opened]:
        """As `decrypt_many`, and `LOST` where the key, or the text under it, should be there and is not."""
        pairs = list(texts)
        keys = self._keys({customer for customer, _ in pairs})
        return [_decrypted(keys.get(customer, LOST), customer, encrypted) for customer, encrypted in pairs]

    def encrypt_bytes(self, blobs: Iterable[tuple[str, bytes]]) -> list[bytes | None]:
        """What was sent to customers, say: as `encrypt_many`, for bytes."""
        pairs = list(blobs)
        keys = self._keys_made({customer for customer, _ in pairs})
        return [
            key.encrypt(data, [customer.encode(), _BYTES]) if (key := keys[customer]) else None
            for customer, data in pairs
        ]

    def decrypt_bytes(self, customer: str, encrypted: bytes) -> bytes | None:
        """None when the customer's key was destroyed or the bytes are none of theirs. Raises `CannotDecrypt`."""
        key = self._keys({customer}).get(customer, LOST)
        if key is LOST:
            raise CannotDecrypt(customer)
        data = _decrypted_bytes(key, customer, encrypted)
        return None if data is LOST else data

    def open_bytes(self, blobs: Iterable[tuple[str, bytes]]) -> list[bytes | Literal[Lost.LOST] | None]:
        """As `open_many`, for bytes."""
        pairs = list(blobs)
        keys = self._keys({customer for customer, _ in pairs})
        return [_decrypted_bytes(keys.get(customer, LOST), customer, encrypted) for customer, encrypted in pairs]

    def contacts(self, encrypted: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """By customer, of those whose data was not erased. Raises `CannotDecrypt`: where to write is not guessed."""
        found = dict(zip(encrypted, self.open_many(encrypted.items()), strict=True))
        for customer, contact in found.items():
            if contact is LOST:
                raise CannotDecrypt(customer)
        return {customer: contact for customer, contact in found.items() if isinstance(contact, dict)}

    def readable_contacts(self, encrypted: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """As `contacts`, for a list to look at: of those that cannot be decrypted a warning is logged."""
        found = zip(encrypted, self.decrypt_many(encrypted.items()), strict=True)
        return {customer: contact for customer, contact in found if contact}

    def fingerprint(self, text: str) -> str:
        """The same for equal personal data, a keyed hash: without the master key nothing can be learnt from it."""
        return hmac.digest(self.master.made().fingerprint_key, text.encode(), "sha256").hex()

    def destroy(self, customer: str) -> None:
        """Doing it again changes nothing. Backups of the database keep the key for as long as they are kept."""
        at = self._clock()
        with translated(), self._pool.connection() as conn:
            conn.execute(
                "insert into ledger.personal_keys (customer, wrapped, created_at, destroyed_at)"
                " values (%s, null, %s, %s) on conflict (customer) do update"
                " set wrapped = null, destroyed_at = coalesce(personal_keys.destroyed_at, excluded.destroyed_at)",
                (customer, at, at),
            )
            # The row as it was is still in the file until it is vacuumed away.
            conn.execute("vacuum (skip_locked) ledger.personal_keys")

    def is_destroyed(self, customer: str) -> bool:
        """Needs no master key."""
        return customer in self.destroyed({customer})

    def destroyed(self, customers: set[str]) -> set[str]:
        """Those whose key was destroyed, with one query for all of them. Needs no master key."""
        return {customer for customer, wrapped in self._wrapped(customers).items() if wrapped is None}

    def _keys_made(self, customers: set[str]) -> dict[str, AESSIV | None]:
        keys = self._keys(customers)
        for _ in range(TRIES):
            missing = sorted(customers - keys.keys())
            if not missing:
                break
            master = self.master.made()
            made = [wrap(master.cipher, each, self._entropy(KEY_BYTES)) for each in missing]
            with translated(), self._pool.connection() as conn:
                conn.execute(_INSERT, (master.known, self._clock(), Texts(missing), Blobs(made)))
            # Read again: of two who make the same customer's key at once, one is kept.
            keys |= self._keys({*missing})
            if missing[0] not in keys:
                self.master.was_rotated()
        return {customer: _at_hand(customer, keys.get(customer, LOST)) for customer in customers}

    def _keys(self, customers: set[str]) -> dict[str, Key]:
        """The keys there are; None for one that was destroyed, `LOST` for one that the master key does not open."""
        keys = self._unwrapped(self._wrapped(customers))
        if LOST in keys.values() and self.master.was_rotated():
            keys = self._unwrapped(self._wrapped(customers))
        return keys

    def _wrapped(self, customers: set[str]) -> dict[str, bytes | None]:
        if not customers:
            return {}
        with translated(), self._pool.connection() as conn:
            rows = conn.execute(_SELECT, (Texts(customers),), binary=True).fetchall()
        return dict(rows)

    def _unwrapped(self, wrapped: Mapping[str, bytes | None]) -> dict[str, Key]:
        keys: dict[str, Key] = dict.fromkeys(wrapped)
        for customer, each in wrapped.items():
            if each is not None:
                key = unwrap(self.master.opened().cipher, customer, each)
                keys[customer] = AESSIV(key) if key else LOST
        return keys


def _at_hand(owner: str, key: Key) -> AESSIV | None:
    if key is LOST:
        raise CannotDecrypt(owner)
    return key


def _decrypted(key: Key, customer: str, encrypted: str) -> Opened:
    if key is None or key is LOST:
        return key
    try:
        contact: dict[str, str] = orjson.loads(key.decrypt(urlsafe_b64decode(encrypted), [customer.encode()]))
    except (InvalidTag, ValueError):
        return LOST
    return contact


def _decrypted_bytes(key: Key, customer: str, encrypted: bytes) -> bytes | Literal[Lost.LOST] | None:
    if key is None or key is LOST:
        return key
    try:
        return key.decrypt(encrypted, [customer.encode(), _BYTES])
    except (InvalidTag, ValueError):
        return LOST


def _encrypted(key: AESSIV | None, customer: str, contact: Mapping[str, str]) -> str | None:
    if key is None:
        return None
    plain = orjson.dumps(contact, option=orjson.OPT_SORT_KEYS)
    return urlsafe_b64encode(key.encrypt(plain, [customer.encode()])).decode()


_SELECT = "select customer, wrapped from ledger.personal_keys where customer = any (%b)"
# Only while the master key they are wrapped under is the ledger's: a rotation waits for this, and this for a rotation.
_INSERT = """
with master as (select from ledger.shared_keys where name = 'fingerprint' and wrapped = %b for share)
insert into ledger.personal_keys (customer, wrapped, created_at)
select made.customer, made.wrapped, %b from master, unnest(%b, %b) as made (customer, wrapped)
on conflict do nothing
"""
