"""A secret in a file that only its owner may read, made on first use."""

import os
import threading
from pathlib import Path

from infra.clock import Entropy
from infra.files.wholefile import make_folder


def read_or_make(path: Path, size: int, entropy: Entropy) -> bytes:
    """The secret, of `size` bytes; of several processes that make it at once, all get the same."""
    if not path.exists():
        _make(path, entropy(size))
    secret = path.read_bytes()
    if len(secret) != size:
        raise ValueError(f"{path} is not a key of {size} bytes")
    return secret


def _make(path: Path, secret: bytes) -> None:
    make_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, secret)
        os.fsync(file)
    finally:
        os.close(file)
    try:
        # Linked rather than renamed: the first of several makers wins and nobody reads half a key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
