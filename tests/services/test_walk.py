"""The way of one amount, from the command line to the log, is the one that ARCHITECTURE.md shows."""

import re
import sys
from pathlib import Path

from tests.services.terminal import HOUSE

STATION = re.compile(r"^\| \d \| `([\w/]+\.py)` \| `([\w.]+)` \|", re.MULTILINE)


def test_a_write_off_passes_the_stations_of_the_document_in_their_order(terminal):
    terminal.run("invoice", "issue", "R-1", "--customer", "acme", "--amount", "500.00", "--currency", "EUR")
    stations = STATION.findall((HOUSE / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    called: list[tuple[str, str]] = []

    def note(frame, event, _):
        file = Path(frame.f_code.co_filename)
        if event == "call" and file.is_relative_to(HOUSE):
            called.append((file.relative_to(HOUSE).as_posix(), frame.f_code.co_qualname.rpartition("<locals>.")[2]))

    sys.setprofile(note)
    try:
        terminal.run("invoice", "write-off", "R-1", "--amount", "12.50", "--reason", "small")
    finally:
        sys.setprofile(None)

    assert 0 < len(stations) <= 8
    rest = iter(called)
    assert [station for station in stations if station not in rest] == []
    assert terminal.json("invoice", "show", "R-1")["open"] == "487.50"
