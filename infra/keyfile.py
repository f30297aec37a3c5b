"""A secret in a file that only its owner may read; who makes one uses `infra.files.wholefile`."""

from itertools import count
from pathlib import Path


class HalfKey(Exception):
    """The file is there and holds no key."""


def read_key(path: Path, size: int) -> bytes | None:
    """The secret of `size` bytes, None where there is no file. Raises `HalfKey` and `OSError`."""
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(secret) != size:
        raise HalfKey(f"{path} is not a key of {size} bytes")
    return secret


def free_name(path: Path) -> Path:
    """Where an old key is kept: there, or beside the one that is there already."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())
