"""Who else was at work: while others take the cores both sides of a ratio wait for them, and it looks better."""

import os
import time
from pathlib import Path

A_LITTLE = 0.1

_PROC = Path("/proc")


class Others:
    """What processes that are neither this run's nor PostgreSQL's took of the cores since this was made."""

    def __init__(self) -> None:
        self._began, self._idle, self._ours = time.monotonic(), _idle_ticks(), _our_ticks()

    def share(self) -> float:
        """0 to 1 of all cores, time that the host kept from the machine included; 0 where Linux does not tell."""
        available = (time.monotonic() - self._began) * (os.cpu_count() or 1) * os.sysconf("SC_CLK_TCK")
        if self._idle is None or (idle := _idle_ticks()) is None:
            return 0.0
        ours = sum(max(0, ticks - self._ours.get(process, 0)) for process, ticks in _our_ticks().items())
        return max(0.0, 1 - (idle - self._idle + ours) / available)


def _idle_ticks() -> int | None:
    try:
        cores = (_PROC / "stat").read_text().split(maxsplit=6)
    except OSError:
        return None
    return int(cores[4]) + int(cores[5])


def _our_ticks() -> dict[str, int]:
    """Of each process: its own, and those of its children that have ended."""
    found: dict[str, int] = {}
    for stat in _PROC.glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:  # it has just ended
            continue
        fields = rest.split()
        if name == "postgres" or int(fields[2]) == os.getpgrp():
            found[stat.parent.name] = sum(map(int, fields[11:15]))
    return found
