"""The home: its owner's alone, since keys, the embedded database and what was sent to people lie in it."""

import os
import pwd
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISLNK, S_ISVTX

from infra.unavailable import Unavailable

MODE = 0o700
# What tells a home of ours from a folder that serves others as well.
_MARKS = ("checkpoints.jsonl", "master.key", "postgres", "archive", "outbox")


def claim(home: Path) -> str | None:
    """Closes a home that exists to everybody but its owner; returns what was done, if anything.

    Raises `Unavailable` where it is another user's, or is found by a link of theirs: what we write there could be led
    anywhere. Root's is nobody's trap.
    """
    me = os.geteuid()
    for link, owner in _links(home.absolute(), set()):
        if owner not in (me, 0):
            raise Unavailable(
                f"The home {home} is found by the link {link}, which belongs to {_name(owner)}, and this is "
                f"{_name(me)}: set RECEIVABLES_HOME to a folder of your own."
            )
    try:
        found = home.stat()
    except OSError:
        return None
    if found.st_uid not in (me, 0):
        raise Unavailable(
            f"The home {home} belongs to {_name(found.st_uid)}, and this is {_name(me)}: work as that user, "
            "or set RECEIVABLES_HOME to a folder of your own."
        )
    mode = S_IMODE(found.st_mode)
    if found.st_uid != me or not mode & 0o077 or mode & S_ISVTX or not _is_ours(home):
        return None
    with suppress(OSError):
        home.chmod(mode & MODE)
        return f"the home {home} could be read by others (mode {mode:04o}) and is now its owner's alone ({MODE:04o})"
    return None


def _links(path: Path, seen: set[Path]) -> Iterator[tuple[Path, int]]:
    """Those that the path leads over, and whose they are; a link may lead to another one."""
    for each in (path, *path.parents):
        if each in seen:
            continue
        seen.add(each)
        with suppress(OSError):
            found = each.lstat()
            if S_ISLNK(found.st_mode):
                yield each, found.st_uid
                yield from _links(each.parent / each.readlink(), seen)


def _is_ours(home: Path) -> bool:
    with suppress(OSError):
        names = set(os.listdir(home))
        return not names or not names.isdisjoint(_MARKS)
    return False


def _name(uid: int) -> str:
    try:
        return f"user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"user {uid}"
