"""What is in a home: files and folders of ours, what each is for, and what is none of ours."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from stat import S_ISDIR, S_ISLNK
from typing import NamedTuple

# One of these tells a home from a folder in which somebody keeps an archive, or a PostgreSQL, of their own.
_MARKS = ("master.key", "checkpoints.jsonl", "run/users")
_LAST = ("master.key", "checkpoints.jsonl", "postgres", "run")
# In the order in which they are shown.
_OURS = {
    "postgres": "the embedded database",
    "postgres.new": "an embedded database that was being made",
    "master.key*": "the key of personal data",
    "checkpoints.jsonl*": "signed checkpoints, and their key",
    "archive": "what was sent, and e-invoices, encrypted",
    "outbox": "messages as files",
    "inbox": "reports of mail that came back",
    "texts": "texts that were edited",
    "profiles": "how files are read",
    "*.toml": "settings",
    "kafka": "the broker to try out",
    "postgres.log*": "the database's log",
    "run": "who uses the database",
    ".draft-*": "half-written files",
}
_SETTINGS = ("receivables.toml", "creditors.toml", "services.toml", "provisions.toml")
# What a ledger needs that is kept elsewhere.
OF_THE_LEDGER = ("master.key*", "checkpoints.jsonl*", "archive")


class Held(NamedTuple):
    """A file or folder; a link is what it is, never what it leads to."""

    name: str
    what: str
    files: int
    size: int


class Contents(NamedTuple):
    """`strangers` are the names of what is none of ours; `is_home` of what a ledger has worked in."""

    held: Sequence[Held]
    strangers: Sequence[str]
    is_home: bool


def contents(home: Path) -> Contents:
    """Of a folder, or of one that is not there."""
    try:
        names = sorted(os.listdir(home))
    except FileNotFoundError:
        names = []
    held = [Held(name, what, *_counted(home / name)) for name in names if (what := _what(name))]
    order = [*_OURS.values()]
    held.sort(key=lambda each: order.index(each.what))
    is_home = any((home / mark).is_file() for mark in _MARKS)
    return Contents(held, [name for name in names if not _what(name)], is_home)


def matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def remove(home: Path, names: Iterable[str]) -> None:
    """What lies in the home under these names, for good, and the home when nothing is left in it.

    A link is removed, and what it leads to stays. What tells that it is a home goes last, so that one that was
    interrupted can be done again.
    """
    for name in sorted(names, key=lambda name: name in _LAST):
        path = home / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if not os.listdir(home):
        home.rmdir()


def _what(name: str) -> str:
    if name.endswith(".toml"):
        return _OURS["*.toml"] if name in _SETTINGS else ""
    return next((what for pattern, what in _OURS.items() if fnmatch(name, pattern)), "")


def _counted(path: Path) -> tuple[int, int]:
    """Files and bytes; no link is followed."""
    sizes = [*_sizes(path)]
    return len(sizes), sum(sizes)


def _sizes(path: Path) -> Iterator[int]:
    try:
        found = path.lstat()
        if S_ISDIR(found.st_mode):
            for each in os.listdir(path):
                yield from _sizes(path / each)
        else:
            yield 0 if S_ISLNK(found.st_mode) else found.st_size
    except OSError:
        # A database at work makes files and removes them.
        return
