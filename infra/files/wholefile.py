"""Files that are there whole or not at all: on the disk before anybody sees them, and for their owner alone."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER_MODE = 0o700


def write_whole(path: Path, data: bytes, *, drafts: Path | None = None) -> bool:
    """False where there is one of that name, which stays as it is. The draft is made in `drafts`, by default beside it.

    Raises `OSError` when the disk is full or the like.
    """
    make_folder(path.parent)
    if path.exists():
        return False
    file, draft = tempfile.mkstemp(prefix=".draft-", dir=drafts or path.parent)
    try:
        try:
            write_all(file, data)
            os.fsync(file)
        finally:
            os.close(file)
        # Linked rather than renamed: of several who write it at once the first one's stays.
        with suppress(FileExistsError):
            os.link(draft, path)
            sync_folder(path.parent)
            return True
        return False
    finally:
        os.unlink(draft)


def replace_whole(path: Path, data: bytes) -> None:
    """In place of one of that name. It is not waited for until it is on the disk: it can be made again."""
    file, draft = tempfile.mkstemp(prefix=".draft-", dir=path.parent)
    try:
        try:
            write_all(file, data)
        finally:
            os.close(file)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def make_folder(path: Path) -> None:
    """With those above it that are missing."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with suppress(FileExistsError):
        path.mkdir(FOLDER_MODE)
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """What was made, named or moved in the folder is on the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_all(file: int, data: bytes) -> None:
    # A write may take less than it is given.
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]
