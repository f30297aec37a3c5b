"""What was sent, and invoices as they came, byte for byte, by the hash of their content; encrypted under the key of the
customer they are about.

Destroying that key destroys them with it.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import islice
from pathlib import Path

from infra.encryption import LOST, Encryption
from infra.files.textfile import Unreadable
from infra.files.wholefile import write_whole
from infra.unavailable import Unavailable

# A disk makes many files durable in the time of a few.
WRITERS = 8
# Bytes that are held at a time of files to be put there.
PORTION_BYTES = 2**25
# Letters that are opened at a time, to see whether they can be.
PORTION = 100


class Archive:
    def __init__(self, folder: Path, encryption: Encryption):
        self.folder = folder
        self._encryption = encryption

    def put(self, sent: Iterable[tuple[str, bytes]]) -> list[str | None]:
        """For each customer and message the SHA-256 under which it is found again; the same twice is kept once.

        None for a customer whose key was destroyed. Raises `Unavailable` when the disk takes no more.
        """
        pairs = list(sent)
        hashes = [sha256(data).hexdigest() for _, data in pairs]
        encrypted = self._encryption.encrypt_bytes(pairs)
        paths = [self._path(customer, found) for (customer, _), found in zip(pairs, hashes, strict=True)]
        kept = [(path, each) for path, each in zip(paths, encrypted, strict=True) if each is not None]
        try:
            with ThreadPoolExecutor(WRITERS) as writers:
                list(writers.map(lambda pair: write_whole(*pair), kept))
        except OSError as error:
            raise Unavailable(f"The archive {self.folder} takes nothing more: {error.strerror}.") from None
        return [found if each is not None else None for found, each in zip(hashes, encrypted, strict=True)]

    def put_files(self, files: Iterable[tuple[str, Path, str]]) -> None:
        """For each customer a file, by the hash it had when it was read; a portion of them at a time.

        Raises as `put`, and `Unreadable` for a file that has changed since.
        """
        portion, size = list[tuple[str, bytes]](), 0
        for customer, path, content_hash in files:
            data = _unchanged(path, content_hash)
            portion.append((customer, data))
            size += len(data)
            if size > PORTION_BYTES:
                self.put(portion)
                portion, size = [], 0
        self.put(portion)

    def get(self, customer: str, content_hash: str) -> bytes | None:
        """None when it was never put there, was changed, or the customer's key was destroyed."""
        try:
            encrypted = self._path(customer, content_hash).read_bytes()
        except FileNotFoundError:
            return None
        data = self._encryption.decrypt_bytes(customer, encrypted)
        return data if data is not None and sha256(data).hexdigest() == content_hash else None

    def unreadable(self, sent: Iterable[tuple[str, str]]) -> list[str]:
        """Whose messages cannot be read, of these customers and hashes: once for each. Not those that are elsewhere."""
        pairs, lost = iter(sent), list[str]()
        while portion := [*islice(pairs, PORTION)]:
            here = [(whose, hashed, path) for whose, hashed in portion if (path := self._path(whose, hashed)).exists()]
            opened = self._encryption.open_bytes((whose, path.read_bytes()) for whose, _, path in here)
            for (whose, hashed, _), data in zip(here, opened, strict=True):
                if data is LOST or (data is not None and sha256(data).hexdigest() != hashed):
                    lost.append(whose)
        return lost

    def _path(self, customer: str, content_hash: str) -> Path:
        # Two customers may have been sent the same bytes, each under a key of their own.
        whose = sha256(customer.encode()).hexdigest()[:8]
        return self.folder / content_hash[:2] / f"{content_hash[2:]}.{whose}"


def _unchanged(path: Path, content_hash: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read any more: {error.strerror}") from None
    if sha256(data).hexdigest() != content_hash:
        raise Unreadable(f"{path} changed while it was read: import it again")
    return data
