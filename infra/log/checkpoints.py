"""Checkpoints: a signed file outside the database that says what the end of the log was, and when."""

import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.clock import Entropy
from infra.keyfile import read_or_make
from infra.log.chain import Checkpoint, Head

KEY_BYTES = 32


class ForgedCheckpoint(Exception):
    """A line of the checkpoint file was not signed by the key beside it."""


class Checkpoints:
    """JSON lines of position, hash, at and ledger_id, signed with Ed25519 by the key in `<path>.key`."""

    def __init__(self, path: Path, entropy: Entropy):
        self.path = path
        self._key = Ed25519PrivateKey.from_private_bytes(
            read_or_make(path.with_name(path.name + ".key"), KEY_BYTES, entropy)
        )

    def write(self, head: Head, ledger_id: UUID, at: datetime) -> Checkpoint:
        """Witnesses the end of the log; on disk when it returns."""
        checkpoint = Checkpoint(head.position, head.hash.hex(), at.isoformat(), str(ledger_id))
        signature = self._key.sign(_signed(checkpoint)).hex()
        line = orjson.dumps({**asdict(checkpoint), "signature": signature}) + b"\n"
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)
        return checkpoint

    def read(self) -> list[Checkpoint]:
        """All of them, oldest first; none if there is no file. Raises `ForgedCheckpoint`."""
        if not self.path.exists():
            return []
        return [self._checked(number, line) for number, line in enumerate(self.path.read_bytes().splitlines(), 1)]

    def _checked(self, number: int, line: bytes) -> Checkpoint:
        try:
            content = orjson.loads(line)
            signature = bytes.fromhex(content.pop("signature"))
            checkpoint = Checkpoint(**content)
            self._key.public_key().verify(signature, _signed(checkpoint))
        except (ValueError, TypeError, KeyError, AttributeError, InvalidSignature):
            raise ForgedCheckpoint(f"line {number} of {self.path.name} was not signed by its key") from None
        return checkpoint


def _signed(checkpoint: Checkpoint) -> bytes:
    return orjson.dumps(asdict(checkpoint), option=orjson.OPT_SORT_KEYS)
