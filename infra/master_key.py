"""The master key: in a file outside the database, it wraps the keys of all customers.

The database keeps a ciphertext that only the right key opens, so that a lost key is never replaced in silence, and
another ledger's is noticed. What it hides is the key of fingerprints, which thus outlives a rotation.
"""

import hmac
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from psycopg import Connection

from infra.clock import Clock, Entropy
from infra.database import Pool, translated
from infra.files.wholefile import sync_folder, write_whole
from infra.keyfile import HalfKey, read_key
from infra.unavailable import Unavailable

KEY_BYTES = 64
# Neither can be taken for the name of a customer, under which customers' keys are wrapped.
_CONTEXT = [b"ledger", b"fingerprint"]


class MasterKeyMissing(Unavailable):
    """There is no file, though keys or data are encrypted under what was in it."""

    code = "master_key_missing"


class MasterKeyWrong(Unavailable):
    """The file holds another key than the one the ledger's keys are encrypted under, or none."""

    code = "master_key_wrong"


class MasterKey(NamedTuple):
    """`known` is the ciphertext that the database keeps, None of a ledger that keeps none yet."""

    cipher: AESSIV
    fingerprint_key: bytes
    known: bytes | None


class MasterKeys:
    """The master key of a ledger, read when it is first needed and remembered."""

    def __init__(self, pool: Pool, path: Path, *, clock: Clock, entropy: Entropy):
        self.path, self.new_path = path, path.with_name(path.name + ".new")
        self._pool, self._clock, self._entropy = pool, clock, entropy
        self._opened: MasterKey | None = None

    def opened(self, *, is_look: bool = False) -> MasterKey:
        """Raises `MasterKeyMissing`, of a ledger that needs none yet as well, and `MasterKeyWrong`.

        Whoever only looks leaves the files as a killed rotation has left them.
        """
        if self._opened is None:
            with translated(), self._pool.connection() as conn:
                self._opened = self._read(*_kept(conn), is_look=is_look)
        return self._opened

    def made(self) -> MasterKey:
        """As `opened`, and the database keeps the known ciphertext; where nothing is encrypted yet, a key is made."""
        if self._opened is None or self._opened.known is None:
            with translated(), self._pool.connection() as conn, conn.transaction():
                # Or two would make one each, perhaps on two machines.
                conn.execute(_LOCK)
                known, sample = _kept(conn)
                if not known and not sample and not self.path.exists():
                    write_whole(self.path, self._entropy(KEY_BYTES))
                key = self._read(known, sample)
                if key.known is None:
                    key = key._replace(known=wrapped_fingerprint_key(key.cipher, key.fingerprint_key))
                    conn.execute(_KEEP, (key.known, self._clock()))
            self._opened = key
        return self._opened

    def forget(self) -> None:
        """It is read again when it is next needed."""
        self._opened = None

    def was_rotated(self) -> bool:
        """Whether it is another key by now than the one remembered; reads it again."""
        before = self._opened
        self.forget()
        return before is None or self.opened().known != before.known

    def is_needed(self) -> bool:
        """Whether anything is encrypted under it."""
        with translated(), self._pool.connection() as conn:
            return any(_kept(conn))

    def _read(self, known: bytes | None, sample: tuple[str, bytes] | None, *, is_look: bool = False) -> MasterKey:
        trouble: Unavailable = MasterKeyMissing(self._missing(bool(known or sample)))
        try:
            if secret := read_key(self.path, KEY_BYTES):
                if key := _fitting(secret, known, sample):
                    return key
                trouble = MasterKeyWrong(self._wrong("is not the master key of this ledger", known, sample))
        except HalfKey:
            trouble = MasterKeyWrong(self._wrong(f"is not a key of {KEY_BYTES} bytes"))
        except OSError as error:
            trouble = MasterKeyWrong(self._wrong(f"cannot be read ({error.strerror})"))
        if known and (key := self._left_by_a_rotation(known, is_look)):
            return key
        raise trouble

    def _left_by_a_rotation(self, known: bytes, is_look: bool) -> MasterKey | None:
        """Of one that was killed after its commit, and before the new file was put in the old one's place."""
        with suppress(HalfKey, OSError):
            secret = read_key(self.new_path, KEY_BYTES)
            key = _fitting(secret, known, None) if secret else None
            if key and not is_look:
                with translated(), self._pool.connection() as conn, conn.transaction():
                    # Not while a rotation is at work, which sees to it itself.
                    if conn.execute(_TRY_LOCK).fetchone() == (True,):
                        self.settle(conn)
            return key
        return None

    def settle(self, conn: Connection[Any]) -> None:
        """Ends what a killed rotation has left to do; whoever calls it holds the lock."""
        known, _ = _kept(conn)
        here, beside = read_key(self.path, KEY_BYTES), read_key(self.new_path, KEY_BYTES)
        if known and beside and _fitting(beside, known, None) and not (here and _fitting(here, known, None)):
            self.take_over()

    def take_over(self) -> None:
        """The new file in the place of the old one; whoever calls it holds the lock."""
        self.new_path.replace(self.path)
        sync_folder(self.path.parent)

    def _missing(self, is_needed: bool) -> str:
        if not is_needed:
            return f"{self.path} does not exist yet: it is made with the first personal data."
        return (
            f"{self.path} is missing, and personal data is encrypted under it: put the file back from where it is kept "
            "(RECEIVABLES_MASTER_KEY_FILE names another place). Nothing is encrypted or decrypted without it."
        )

    def _wrong(self, what: str, known: bytes | None = None, sample: tuple[str, bytes] | None = None) -> str:
        fits = next((path for path in old_files(self.path) if _is_fitting(path, known, sample)), None)
        old = f" {fits.name}, of before a rotation, fits: the database is from before, too." if fits else ""
        return (
            f"{self.path} {what}: put the right file back from where it is kept "
            f"(RECEIVABLES_MASTER_KEY_FILE names another place).{old} Nothing is encrypted or decrypted under this one."
        )


def old_files(path: Path) -> list[Path]:
    """Where the master keys of before rotations are, oldest first."""
    return sorted(path.parent.glob(f"{path.name}.old-*"))


def derived_fingerprint_key(secret: bytes) -> bytes:
    """Of the first master key of a ledger; later ones leave it as it is."""
    return hmac.digest(secret, b"fingerprint", "sha256")


def wrapped_fingerprint_key(cipher: AESSIV, fingerprint_key: bytes) -> bytes:
    return cipher.encrypt(fingerprint_key, _CONTEXT)


def wrap(cipher: AESSIV, customer: str, key: bytes) -> bytes:
    return cipher.encrypt(key, [customer.encode()])


def unwrap(cipher: AESSIV, customer: str, wrapped: bytes) -> bytes | None:
    """None when it is another customer's, under another master key, or damaged."""
    try:
        return cipher.decrypt(wrapped, [customer.encode()])
    except (InvalidTag, ValueError):
        return None


def _fitting(secret: bytes, known: bytes | None, sample: tuple[str, bytes] | None) -> MasterKey | None:
    cipher = AESSIV(secret)
    if known:
        try:
            return MasterKey(cipher, cipher.decrypt(known, _CONTEXT), known)
        except (InvalidTag, ValueError):
            return None
    if sample and unwrap(cipher, *sample) is None:
        return None
    return MasterKey(cipher, derived_fingerprint_key(secret), None)


def _is_fitting(path: Path, known: bytes | None, sample: tuple[str, bytes] | None) -> bool:
    with suppress(HalfKey, OSError):
        secret = read_key(path, KEY_BYTES)
        return bool((known or sample) and secret and _fitting(secret, known, sample))
    return False


def _kept(conn: Connection[Any]) -> tuple[bytes | None, tuple[str, bytes] | None]:
    """The known ciphertext; of a ledger from before there was one, the wrapped key of some customer."""
    known = conn.execute("select wrapped from ledger.shared_keys where name = 'fingerprint'").fetchone()
    if known:
        return bytes(known[0]), None
    sample = conn.execute("select customer, wrapped from ledger.personal_keys where wrapped <> '' limit 1").fetchone()
    return None, (sample[0], bytes(sample[1])) if sample else None


LOCK = "receivables.master key"
_LOCK = f"select pg_advisory_xact_lock(hashtext('{LOCK}'))"
_TRY_LOCK = f"select pg_try_advisory_xact_lock(hashtext('{LOCK}'))"
_KEEP = "insert into ledger.shared_keys (name, wrapped, wrapped_at) values ('fingerprint', %s, %s)"
