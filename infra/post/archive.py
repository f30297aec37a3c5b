"""What was sent, byte for byte, by the hash of its content; encrypted under the key of the customer it went to.

Destroying that key destroys what was sent with it.
"""

from hashlib import sha256
from pathlib import Path

from infra.encryption import Encryption
from infra.files.wholefile import write_whole
from infra.unavailable import Unavailable


class Archive:
    def __init__(self, folder: Path, encryption: Encryption):
        self.folder = folder
        self._encryption = encryption

    def put(self, customer: str, data: bytes) -> str:
        """The SHA-256 under which it is found again; the same twice is kept once.

        Refuses `data_erased`; raises `Unavailable` when the disk takes no more.
        """
        content_hash = sha256(data).hexdigest()
        encrypted = self._encryption.encrypt_bytes(customer, data)
        try:
            write_whole(self._path(customer, content_hash), encrypted)
        except OSError as error:
            raise Unavailable(f"The archive {self.folder} takes nothing more: {error.strerror}.") from None
        return content_hash

    def get(self, customer: str, content_hash: str) -> bytes | None:
        """None when it was never put there, was changed, or the customer's key was destroyed."""
        try:
            encrypted = self._path(customer, content_hash).read_bytes()
        except FileNotFoundError:
            return None
        data = self._encryption.decrypt_bytes(customer, encrypted)
        return data if data is not None and sha256(data).hexdigest() == content_hash else None

    def _path(self, customer: str, content_hash: str) -> Path:
        # Two customers may have been sent the same bytes, each under a key of their own.
        whose = sha256(customer.encode()).hexdigest()[:8]
        return self.folder / content_hash[:2] / f"{content_hash[2:]}.{whose}"
