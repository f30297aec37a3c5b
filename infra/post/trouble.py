"""What a disk that takes no more means for a message that is handed over as a file."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.post.message import Deferred, Delivery, Unknown


@dataclass(slots=True)
class Trouble:
    delivery: Delivery | None = None


@contextmanager
def on_disk(path: Path) -> Iterator[Trouble]:
    """An error while the file is written: it is not there, or nobody knows whether it will be after a crash."""
    trouble = Trouble()
    try:
        yield trouble
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "disk")
        trouble.delivery = Unknown(code) if path.exists() else Deferred(code, is_server=True)
