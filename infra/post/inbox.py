"""A folder into which mail is dropped for the ledger to read: files, or a Maildir."""

import os
import stat
from pathlib import Path

from infra.files.wholefile import make_folder, sync_folder
from infra.post.bounces import MOST_BYTES
from infra.unavailable import Unavailable

DONE, UNREADABLE = "done", "unreadable"
# A Maildir keeps what has come in `new`, and what somebody has looked at in `cur`.
_PLACES = (".", "new", "cur")


class Inbox:
    """Nothing is removed: what was read goes to `done`, what could not be read to `unreadable`."""

    def __init__(self, folder: Path):
        self.folder = folder

    def waiting(self, limit: int) -> list[Path]:
        """Files that have been dropped, by name; none whose name begins with a dot, as drafts do."""
        found: list[Path] = []
        for place in _PLACES:
            found += _files(self.folder / place)
        return sorted(found)[:limit]

    def read(self, path: Path) -> bytes:
        """No more than one byte over what may be read, so that it is seen to be too much."""
        # A link could lead anywhere, and a pipe would never end.
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(file, "rb") as opened:
            return opened.read(MOST_BYTES + 1)

    def put_aside(self, path: Path, folder: str) -> None:
        """Into `done` or `unreadable`, under its name, or that and a number where there is one of that name.

        Raises `Unavailable` where that cannot be.
        """
        try:
            make_folder(self.folder / folder)
            path.rename(_free(self.folder / folder / path.name))
            sync_folder(self.folder / folder)
        except FileNotFoundError:
            return
        except OSError as error:
            # Not with the name of the file, which may hold an address.
            raise Unavailable(f"Mail in {self.folder} cannot be put aside: {error.strerror}.") from None


def _free(target: Path) -> Path:
    number, free = 1, target
    while free.exists():
        number += 1
        free = target.with_name(f"{target.name}.{number}")
    return free


def _files(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if not entry.name.startswith(".") and _is_plain(entry)]
    except FileNotFoundError:
        return []


def _is_plain(entry: "os.DirEntry[str]") -> bool:
    try:
        return stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False
