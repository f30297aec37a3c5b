"""Personal data under a key per customer: destroy the key, and what was encrypted with it is gone for good."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from domain.refusal import Refused
from infra.clock import Clock, Entropy
from infra.database import Pool, translated
from infra.keyfile import read_or_make
from infra.log.arrays import Blobs, Texts

KEY_BYTES = 64
# Or bytes could be taken for a contact, and a contact for bytes.
_BYTES = b"bytes"


class Encryption:
    """AES-SIV: the same contact of the same customer encrypts to the same text, so that a repeat is recognised.

    The keys are in the database, themselves encrypted under a master key in a file outside it.
    """

    def __init__(self, pool: Pool, master_key: Path, *, clock: Clock, entropy: Entropy):
        self._pool = pool
        self._clock = clock
        self._entropy = entropy
        secret = read_or_make(master_key, KEY_BYTES, entropy)
        self._master = AESSIV(secret)
        self._fingerprint_key = hmac.digest(secret, b"fingerprint", "sha256")

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
        """The contact, None when the customer's key was destroyed or the text is not one of theirs."""
        return self.decrypt_many([(customer, encrypted)])[0]

    def decrypt_many(self, texts: Iterable[tuple[str, str]]) -> list[dict[str, str] | None]:
        """As `decrypt` for each pair, in their order, with one query for all of them."""
        pairs = list(texts)
        keys = self._keys({customer for customer, _ in pairs}) if pairs else {}
        return [_decrypted(keys.get(customer), customer, encrypted) for customer, encrypted in pairs]

    def encrypt_bytes(self, blobs: Iterable[tuple[str, bytes]]) -> list[bytes | None]:
        """What was sent to customers, say: as `encrypt_many`, for bytes."""
        pairs = list(blobs)
        keys = self._keys_made({customer for customer, _ in pairs})
        return [
            key.encrypt(data, [customer.encode(), _BYTES]) if (key := keys[customer]) else None
            for customer, data in pairs
        ]

    def decrypt_bytes(self, customer: str, encrypted: bytes) -> bytes | None:
        """None when the customer's key was destroyed or the bytes are none of theirs."""
        key = self._keys([customer]).get(customer)
        try:
            return key.decrypt(encrypted, [customer.encode(), _BYTES]) if key else None
        except (InvalidTag, ValueError):
            return None

    def contacts(self, encrypted: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """As `decrypt_many`, by customer: of those whose contact can be read."""
        found = zip(encrypted, self.decrypt_many(encrypted.items()), strict=True)
        return {customer: contact for customer, contact in found if contact}

    def fingerprint(self, text: str) -> str:
        """The same for equal personal data, a keyed hash: without the master key nothing can be learnt from it."""
        return hmac.digest(self._fingerprint_key, text.encode(), "sha256").hex()

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
        return self._keys([customer]) == {customer: None}

    def _keys_made(self, customers: set[str]) -> dict[str, AESSIV | None]:
        keys = self._keys(customers)
        missing = sorted(customers - keys.keys())
        if missing:
            wrapped = [self._master.encrypt(self._entropy(KEY_BYTES), [each.encode()]) for each in missing]
            with translated(), self._pool.connection() as conn:
                conn.execute(
                    "insert into ledger.personal_keys (customer, wrapped, created_at)"
                    " select customer, wrapped, %s from unnest(%b, %b) as made (customer, wrapped)"
                    " on conflict do nothing",
                    (self._clock(), Texts(missing), Blobs(wrapped)),
                )
            # Read again: of two who make the same customer's key at once, one is kept.
            keys |= self._keys(missing)
        return keys

    def _keys(self, customers: Iterable[str]) -> dict[str, AESSIV | None]:
        """The keys there are; None for one that was destroyed."""
        with translated(), self._pool.connection() as conn:
            rows = conn.execute(
                "select customer, wrapped from ledger.personal_keys where customer = any (%b)",
                (Texts(customers),),
                binary=True,
            ).fetchall()
        return {customer: self._unwrapped(customer, wrapped) for customer, wrapped in rows}

    def _unwrapped(self, customer: str, wrapped: bytes | None) -> AESSIV | None:
        if wrapped is None:
            return None
        try:
            return AESSIV(self._master.decrypt(wrapped, [customer.encode()]))
        except InvalidTag:
            raise ValueError(f"the key of customer {customer} was encrypted under another master key") from None


def _decrypted(key: AESSIV | None, customer: str, encrypted: str) -> dict[str, str] | None:
    if key is None:
        return None
    try:
        contact: dict[str, str] = orjson.loads(key.decrypt(urlsafe_b64decode(encrypted), [customer.encode()]))
    except (InvalidTag, ValueError):
        return None
    return contact


def _encrypted(key: AESSIV | None, customer: str, contact: Mapping[str, str]) -> str | None:
    if key is None:
        return None
    plain = orjson.dumps(contact, option=orjson.OPT_SORT_KEYS)
    return urlsafe_b64encode(key.encrypt(plain, [customer.encode()])).decode()
