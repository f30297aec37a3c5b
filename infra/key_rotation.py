"""A new master key: the keys of all customers are wrapped anew in one transaction. It can be killed at any moment.

The new key lies beside the old one before anything is wrapped under it. Until the commit the old file fits; after it
the new one does, and should this process be killed then, whoever next needs the key puts it in the old one's place.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from psycopg import Connection

from infra.clock import Clock, Entropy
from infra.database import Pool, translated
from infra.encryption import CannotDecrypt
from infra.files.wholefile import sync_folder, write_whole
from infra.keyfile import free_name
from infra.log.arrays import Blobs, Texts
from infra.master_key import KEY_BYTES, LOCK, MasterKey, MasterKeys, old_files, unwrap, wrap, wrapped_fingerprint_key

PORTION = 5_000


class Rotated(NamedTuple):
    """How many customers' keys were wrapped anew, and the file that still has the key of before."""

    keys: int
    old_file: Path


def rotate(pool: Pool, master: MasterKeys, *, clock: Clock, entropy: Entropy) -> Rotated:
    """Raises as `MasterKeys.made`, and `CannotDecrypt` where the old master key does not open a customer's key."""
    master.made()
    with translated(), pool.connection() as conn, _alone(conn):
        # Another rotation may have ended, or been killed, while we waited.
        master.settle(conn)
        master.forget()
        old, secret = master.opened(), entropy(KEY_BYTES)
        new = AESSIV(secret)
        old_file = _old_file(master.path, f"{clock():%Y%m%dT%H%M%SZ}")
        _lay_beside(master, secret, old_file)
        with conn.transaction():
            _keep(conn, wrapped_fingerprint_key(new, old.fingerprint_key), clock)
            keys = _wrap_anew(conn, old, new)
        master.take_over()
        master.forget()
        # The keys as they were wrapped before are still in the file until they are vacuumed away.
        conn.execute("vacuum (skip_locked) ledger.personal_keys, ledger.shared_keys")
        return Rotated(keys, old_file)


@contextmanager
def _alone(conn: Connection[Any]) -> Iterator[None]:
    conn.execute("select pg_advisory_lock(hashtext(%s))", (LOCK,))
    try:
        yield
    finally:
        if not conn.closed:
            conn.execute("select pg_advisory_unlock(hashtext(%s))", (LOCK,))


def _old_file(path: Path, at: str) -> Path:
    # What a rotation that was killed before its commit has left is the key that still fits.
    for left in old_files(path):
        if left.samefile(path):
            left.unlink()
    return free_name(path.with_name(f"{path.name}.old-{at}"))


def _lay_beside(master: MasterKeys, secret: bytes, old_file: Path) -> None:
    master.new_path.unlink(missing_ok=True)
    write_whole(master.new_path, secret)
    os.link(master.path, old_file)
    sync_folder(master.path.parent)


def _keep(conn: Connection[Any], known: bytes, clock: Clock) -> None:
    """First of all: from now on nobody adds a key that is wrapped under the old one."""
    conn.execute(
        "update ledger.shared_keys set wrapped = %s, wrapped_at = %s where name = 'fingerprint'", (known, clock())
    )


def _wrap_anew(conn: Connection[Any], old: MasterKey, new: AESSIV) -> int:
    count, last = 0, ""
    while rows := conn.execute(_NEXT, (last, PORTION), binary=True).fetchall():
        anew = [wrap(new, customer, _unwrapped(old, customer, wrapped)) for customer, wrapped in rows]
        customers = [customer for customer, _ in rows]
        conn.execute(_UPDATE, (Texts(customers), Blobs(wrapped for _, wrapped in rows), Blobs(anew)))
        count, last = count + len(rows), customers[-1]
    return count


def _unwrapped(old: MasterKey, customer: str, wrapped: bytes) -> bytes:
    key = unwrap(old.cipher, customer, wrapped)
    if key is None:
        raise CannotDecrypt(customer)
    return key


_NEXT = """
select customer, wrapped from ledger.personal_keys where customer > %b and wrapped is not null
order by customer limit %b
"""
# One that was destroyed meanwhile stays so.
_UPDATE = """
update ledger.personal_keys k set wrapped = anew.after
from unnest(%b, %b, %b) as anew (customer, before, after) where k.customer = anew.customer and k.wrapped = anew.before
"""
