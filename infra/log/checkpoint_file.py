"""The file of checkpoints: a line is written whole or not at all, and one that is torn is told from a forged one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.files.wholefile import make_folder, sync_folder, write_all, write_whole
from infra.log.chain import Checkpoint

# The last line, however long a name in it is.
TAIL_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a line says beside the checkpoint where a new key begins; all in hexadecimal."""

    public_key: str
    replaces: str | None
    before: str


class Line:
    """A line as it is found; `content` is None where it is torn, `checkpoint` where it says something else."""

    def __init__(self, number: int, start: int, data: bytes):
        self.number, self.start = number, start
        self.content: Any = None
        self.checkpoint: Checkpoint | None = None
        self.new_key: NewKey | None = None
        self._signature = b""
        with suppress(orjson.JSONDecodeError):
            self.content = orjson.loads(data)
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            self._read({**self.content})

    def is_signed_by(self, public_key: str) -> bool:
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
            key.verify(self._signature, self._message)
        except (ValueError, TypeError, AttributeError, InvalidSignature):
            return False
        return True

    def _read(self, content: dict[str, Any]) -> None:
        self._signature = bytes.fromhex(content.pop("signature"))
        self._message = _signed(content)
        new_key = {name: content.pop(name) for name in ("public_key", "replaces", "before") if name in content}
        self.checkpoint = Checkpoint(**content)
        self.new_key = NewKey(**new_key) if new_key else None


class CheckpointFile:
    """`file` is what `locked` gives to one who writes."""

    def __init__(self, path: Path):
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[int]:
        """For one who writes: others wait, so that two lines never mix."""
        make_folder(self.path.parent)
        is_new = not self.path.exists()
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if is_new:
                sync_folder(self.path.parent)
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def append(
        self, file: int, key: Ed25519PrivateKey, checkpoint: Checkpoint, new_key: NewKey | None = None
    ) -> Checkpoint:
        """On disk when it returns, or not there at all."""
        content = {**asdict(checkpoint), **(asdict(new_key) if new_key else {})}
        line = orjson.dumps({**content, "signature": key.sign(_signed(content)).hex()}) + b"\n"
        size = os.fstat(file).st_size
        try:
            write_all(file, line)
            os.fsync(file)
        except BaseException:
            # What a full disk took of the line is no line.
            with suppress(OSError):
                os.ftruncate(file, size)
            raise
        return checkpoint

    def mend(self, file: int) -> None:
        """A last line without an end: what is whole gets one, and what is torn is set aside in a file of its own."""
        size = os.fstat(file).st_size
        if not size or os.pread(file, 1, size - 1) == b"\n":
            return
        whole, newline, last = self.data().rpartition(b"\n")
        if Line(0, 0, last).content is not None:
            write_all(file, b"\n")
        else:
            start = len(whole) + len(newline)
            write_whole(self.path.with_name(f"{self.path.name}.torn-{start}-{sha256(last).hexdigest()[:8]}"), last)
            os.ftruncate(file, start)
        os.fsync(file)

    def data(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def lines(self) -> list[Line]:
        return _lines(self.data())

    def last_lines(self) -> list[Line]:
        """Those that are not torn, the last of them last: enough to know who signed, at once however long the file."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, self.path.stat().st_size - TAIL_BYTES))
                return [each for each in _lines(file.read()) if each.content is not None]
        except FileNotFoundError:
            return []

    def is_empty(self) -> bool:
        return not self.path.exists() or not self.path.stat().st_size


def public_half(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _lines(data: bytes) -> list[Line]:
    """An empty last one is none."""
    found, start = [], 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if line:
            found.append(Line(number, start, line))
        start += len(line) + 1
    return found


def _signed(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
