"""A secret in a file that only its owner may read; who makes one uses `infra.files.wholefile`."""

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
