"""Stops an embedded server some time after its last user has left.

A script of its own, with the standard library alone: `keeper.py DATA RUN SECONDS`. Every process that uses the server
holds a shared lock on the file `users` in the folder RUN for as long as it lives, so one that is killed counts as gone.
"""

import contextlib
import fcntl
import os
import signal
import sys
import time

_STOPPING = 60.0


def main(data: str, run: str, seconds: float) -> None:
    users, keeper = (os.open(os.path.join(run, name), os.O_RDONLY) for name in ("users", "keeper"))
    if not _lock(keeper):
        return
    if os.fork():
        os._exit(0)
    os.chdir(data)
    _detach()
    _watch(users, seconds)
    # The first of the two to go: whoever gets at `users` next must see that no keeper is left.
    os.close(keeper)


def _watch(users: int, seconds: float) -> None:
    seen = time.time()
    while True:
        time.sleep(min(1.0, seconds / 4))
        if not _lock(users):
            seen = time.time()
            continue
        used = max(seen, os.fstat(users).st_mtime)
        if _server() is None or time.time() - used >= seconds:
            return _stop()
        fcntl.flock(users, fcntl.LOCK_UN)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _detach() -> None:
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    # No root is needed to stop a server, and the data is not root's to trust.
    if os.geteuid() == 0:
        owner = os.stat(".")
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def _server() -> int | None:
    try:
        with open("postmaster.pid") as file:
            return int(file.readline())
    except (OSError, ValueError):
        return None


def _stop() -> None:
    deadline = time.monotonic() + _STOPPING
    if not (server := _server()):
        return
    # Of one that is killed while it stops, the note stays: whoever comes next would wait for nothing.
    with contextlib.suppress(OSError):
        os.kill(server, signal.SIGINT)
        while _server() == server and time.monotonic() < deadline:
            time.sleep(0.02)
            os.kill(server, 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
