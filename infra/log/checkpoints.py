"""Checkpoints: a signed file outside the database that says what the end of the log was, and when.

Each line is signed with Ed25519 by the key in `<path>.key`, whose public half is in `<path>.pub`, so that others can
verify without being able to sign. A line that begins a new key names it, the one it replaces, and the hash of all
before it in the file: what was signed before is verified with the old public key where it is known, else by that hash.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.clock import Entropy
from infra.files.wholefile import sync_folder, write_whole
from infra.keyfile import HalfKey, free_name, read_key
from infra.log.chain import Checkpoint, Head
from infra.log.checkpoint_file import CheckpointFile, Line, NewKey, public_half
from infra.unavailable import Unavailable

KEY_BYTES = 32


class ForgedCheckpoint(Exception):
    """A line of the checkpoint file was not signed by the key beside it."""


class CheckpointKeyMissing(Unavailable):
    """Something was signed, and the key it was signed with is not there: nothing more can be."""

    code = "checkpoint_key_missing"


class CheckpointKeyWrong(Unavailable):
    """The key that is there is not the one that signed what is signed."""

    code = "checkpoint_key_wrong"


class CheckpointsGone(Unavailable):
    """A key is there that has signed, and not one checkpoint: whoever changed the log may have taken them away."""

    code = "checkpoints_gone"


@dataclass(frozen=True, slots=True)
class Signed:
    """What the file says. `torn` are the numbers of lines that say nothing: a write that was cut short left them.

    `is_checked` is False where nobody can say who signed, since no key is left that did; `checkpoints` is empty then.
    """

    checkpoints: tuple[Checkpoint, ...] = ()
    torn: tuple[int, ...] = ()
    is_checked: bool = True


class Checkpoints:
    """JSON lines of position, hash, at and ledger_id, with their signature."""

    def __init__(self, path: Path, entropy: Entropy):
        self.path, self._file = path, CheckpointFile(path)
        self.key_path, self.public_path = path.with_name(path.name + ".key"), path.with_name(path.name + ".pub")
        self._new_key_path = path.with_name(path.name + ".key.new")
        self._entropy = entropy

    def write(self, head: Head, ledger_id: UUID, at: datetime, *, is_begun_anew: bool = False) -> Checkpoint:
        """Witnesses the end of the log; on disk when it returns.

        A key is made where nothing was signed yet. Raises `CheckpointKeyMissing`, `CheckpointKeyWrong`, `OSError`, and
        `CheckpointsGone` unless the file is to be begun anew.
        """
        with self._file.locked() as file:
            self._settle()
            if not is_begun_anew:
                self.require_there()
            key = self._key_to_sign_with()
            self._file.mend(file)
            return self._file.append(file, key, _checkpoint(head, ledger_id, at))

    def begin_new_key(self, head: Head, ledger_id: UUID, at: datetime) -> Checkpoint:
        """As `write`, under a key that is made now; the one before, if it is there, is kept under another name."""
        with self._file.locked() as file:
            self._settle()
            self._new_key_path.unlink(missing_ok=True)
            write_whole(self._new_key_path, self._entropy(KEY_BYTES))
            key = Ed25519PrivateKey.from_private_bytes(self._new_key_path.read_bytes())
            self._file.mend(file)
            old = self.public_key()
            replaces = old.hex() if old and self._signed_last(old) else None
            new_key = NewKey(public_half(key).hex(), replaces, sha256(self._file.data()).hexdigest())
            checkpoint = self._file.append(file, key, _checkpoint(head, ledger_id, at), new_key)
            self._take_over(f"{at:%Y%m%dT%H%M%SZ}")
            return checkpoint

    def read(self) -> list[Checkpoint]:
        """All of them, oldest first; none if there is no file. Raises `ForgedCheckpoint`."""
        return [*self.signed().checkpoints]

    def signed(self) -> Signed:
        """As `read`, and which lines are torn: these keep nobody from reading the others."""
        data = self._file.data()
        lines = self._file.lines()
        torn = tuple(each.number for each in lines if each.content is None)
        whole = [each for each in lines if each.content is not None]
        trusted = self.public_key()
        if not whole or trusted is None:
            return Signed((), torn, is_checked=not whole)
        return Signed(tuple(self._checked(data, whole, trusted.hex())), torn)

    def last_position(self) -> int:
        """As the last whole line says, whoever signed it; 0 where there is none."""
        return max((each.checkpoint.position for each in self._file.last_lines()[-1:] if each.checkpoint), default=0)

    def public_key(self) -> bytes | None:
        """What the file is verified with; None where no key is left that has signed in it."""
        if begun := self._begun_key():
            return public_half(begun)
        with suppress(HalfKey):
            if public := read_key(self.public_path, KEY_BYTES):
                return public
        with suppress(HalfKey):
            if private := read_key(self.key_path, KEY_BYTES):
                public = public_half(Ed25519PrivateKey.from_private_bytes(private))
                return public if self._has_signed(public) else None
        return None

    def has_key(self) -> bool:
        """Whether there is one to sign with; False where nothing was signed yet. Raises as `write`, writes nothing."""
        return self._own_key() is not None

    def require_there(self) -> None:
        """Raises `CheckpointsGone` where something was signed and no checkpoint is left."""
        if self.public_path.exists() and not self._file.last_lines():
            raise CheckpointsGone(
                f"{self.path} has no checkpoint any more, though the key beside it has signed some: put the file back "
                "from where it is kept, or sign the log as it is now with `receivables audit checkpoint`. Nothing is "
                "signed meanwhile."
            )

    def _checked(self, data: bytes, lines: list[Line], trusted: str) -> Iterator[Checkpoint]:
        begun = [each for each in lines if each.new_key]
        new_keys = [each.new_key for each in begun if each.new_key]
        if new_keys and new_keys[-1].public_key != trusted:
            raise ForgedCheckpoint(f"the key beside {self.path.name} is not that of line {begun[-1].number}")
        # None where the old key is lost with its public half: the hash says what the new key found.
        key = new_keys[0].replaces if new_keys else trusted
        hashed, hashed_to = sha256(), 0
        for each in lines:
            if each.new_key:
                hashed.update(data[hashed_to : each.start])
                hashed_to, key = each.start, each.new_key.public_key
                if hashed.hexdigest() != each.new_key.before:
                    raise ForgedCheckpoint(f"what stands before line {each.number} of {self.path.name} was changed")
            if each.checkpoint is None or (key is not None and not each.is_signed_by(key)):
                raise ForgedCheckpoint(f"line {each.number} of {self.path.name} was not signed by its key")
            yield each.checkpoint

    def _own_key(self) -> Ed25519PrivateKey | None:
        """None where there is none, and nothing was signed."""
        if begun := self._begun_key():
            return begun
        try:
            secret = read_key(self.key_path, KEY_BYTES)
        except HalfKey as half:
            raise CheckpointKeyWrong(f"{half}: {self._put_back()}") from None
        if secret is None:
            if not self._file.is_empty() or self.public_path.exists():
                missing = f"{self.key_path} is missing, and what is in {self.path.name} was signed with it"
                raise CheckpointKeyMissing(f"{missing}: {self._put_back()}")
            return None
        key = Ed25519PrivateKey.from_private_bytes(secret)
        if not self._is_ours(public_half(key)):
            raise CheckpointKeyWrong(f"{self.key_path} is not the key that signed {self.path.name}: {self._put_back()}")
        return key

    def _is_ours(self, public: bytes) -> bool:
        with suppress(HalfKey):
            if known := read_key(self.public_path, KEY_BYTES):
                return known == public
        return self._has_signed(public)

    def _has_signed(self, public: bytes) -> bool:
        """Any line since the last key began: that another is not its own makes this one forged, and no other's key."""
        lines = self._file.last_lines()
        begun = max((number for number, each in enumerate(lines) if each.new_key), default=0)
        return not lines or any(each.is_signed_by(public.hex()) for each in lines[begun:])

    def _signed_last(self, public: bytes) -> bool:
        last = self._file.last_lines()[-1:]
        return all(each.is_signed_by(public.hex()) for each in last)

    def _put_back(self) -> str:
        return (
            "put the file back from where it is kept, or go on under a new key with "
            "`receivables audit checkpoint --new-key`. Nothing is signed meanwhile."
        )

    def _key_to_sign_with(self) -> Ed25519PrivateKey:
        key = self._own_key()
        if key is None:
            write_whole(self.key_path, self._entropy(KEY_BYTES))
            key = Ed25519PrivateKey.from_private_bytes(self.key_path.read_bytes())
        write_whole(self.public_path, public_half(key))
        return key

    def _begun_key(self) -> Ed25519PrivateKey | None:
        """The key that counts where a process was killed between a new key's first line and its file."""
        # Whoever may not read secrets verifies with the public half.
        with suppress(HalfKey, PermissionError):
            if secret := read_key(self._new_key_path, KEY_BYTES):
                key = Ed25519PrivateKey.from_private_bytes(secret)
                begun = [each.new_key for each in self._file.lines() if each.new_key]
                return key if begun and begun[-1].public_key == public_half(key).hex() else None
        return None

    def _settle(self) -> None:
        """Ends what was begun where a process was killed; whoever calls it holds the file locked."""
        if self._begun_key():
            self._take_over("killed")

    def _take_over(self, at: str) -> None:
        """The new key in the place of the old one, which is kept by another name; the file is locked."""
        with suppress(FileNotFoundError):
            key = Ed25519PrivateKey.from_private_bytes(self._new_key_path.read_bytes())
            public = self.public_path.with_name(self.public_path.name + ".new")
            public.unlink(missing_ok=True)
            write_whole(public, public_half(key))
            public.replace(self.public_path)
            self._keep_old_key(at)
            self._new_key_path.replace(self.key_path)
            sync_folder(self.path.parent)

    def _keep_old_key(self, at: str) -> None:
        with suppress(FileNotFoundError):
            # One that was killed after this has kept it already.
            if not any(each.samefile(self.key_path) for each in self.path.parent.glob(f"{self.key_path.name}.old-*")):
                os.link(self.key_path, free_name(self.key_path.with_name(f"{self.key_path.name}.old-{at}")))


def _checkpoint(head: Head, ledger_id: UUID, at: datetime) -> Checkpoint:
    return Checkpoint(head.position, head.hash.hex(), at.isoformat(), str(ledger_id))
