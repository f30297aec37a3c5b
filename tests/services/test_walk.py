"""The walk of one amount from a door to the log, as ARCHITECTURE.md has it, is the one it really takes."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from domain.invoice import charging
from domain.money import minor_units
from infra.log.recorder import LogRecorder
from tests.services.terminal import HOUSE

MOST_STATIONS = 8
DOOR = "services/cli/catalogued.py"
ROOMS = ("domain", "projections", "infra", "services")


def listed() -> list[str]:
    """The files of the block in the section on a fact's way: the first word of each line."""
    text = (HOUSE / "ARCHITECTURE.md").read_text(encoding="utf-8")
    [section] = re.findall(r"^## A fact's way$(.*?)^## ", text, re.DOTALL | re.MULTILINE)
    [block] = re.findall(r"^```\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return [line.split()[0] for line in block.splitlines()]


class Walk:
    """Each file of ours that was on the way from the door to a call, in the order in which they came."""

    def __init__(self) -> None:
        self.stations: list[str] = []
        self.seen: list[str] = []

    def note(self, what: str, frame: FrameType | None) -> None:
        files = []
        while frame:
            files.append(frame.f_code.co_filename)
            frame = frame.f_back
        way = [str(Path(file).relative_to(HOUSE)) for file in reversed(files) if _is_ours(file)]
        self.seen.append(what)
        self.stations += [file for file in dict.fromkeys(way[way.index(DOOR) :]) if file not in self.stations]


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(HOUSE) and Path(file).relative_to(HOUSE).parts[0] in ROOMS


@contextmanager
def followed() -> Iterator[Walk]:
    """Notes who reads the amount, who decides about it, and who has it written."""
    walk = Walk()

    def follow(frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        if frame.f_code is minor_units.__code__:
            # What turns text into an amount is called from everywhere; the station is who has it read.
            walk.note("read", frame.f_back)
        elif frame.f_code is charging.charge_fee.__code__:
            walk.note("decided", frame)
        elif frame.f_code is LogRecorder.append.__code__:
            walk.note("recorded", frame)

    with profiled(follow):
        yield walk


@contextmanager
def profiled(follow: Callable[[FrameType, str, object], None]) -> Iterator[None]:
    before = sys.getprofile()
    sys.setprofile(follow)
    try:
        yield
    finally:
        sys.setprofile(before)


def test_an_amount_comes_from_the_door_into_the_log_by_the_stations_that_are_listed(terminal):
    issue = "invoice issue R-1 --customer acme --amount 100 --currency EUR --issued-on 2026-01-05"
    fee = "invoice fee R-1 --amount 12.50 --basis agreed"
    terminal.run(*issue.split())

    with followed() as walk:
        terminal.run(*fee.split())

    assert list(dict.fromkeys(walk.seen)) == ["read", "decided", "recorded"]
    assert walk.stations == listed()


def test_the_stations_are_few_and_each_is_a_file_of_ours():
    stations = listed()
    assert stations[0] == DOOR
    assert len(stations) <= MOST_STATIONS
    assert [file for file in stations if not (HOUSE / file).is_file()] == []
