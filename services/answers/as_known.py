"""What every report begins with: which day it is about, when that was known, and up to which position of the log."""

from datetime import date
from typing import TypedDict

from services.snapshots import AsOfPosition

# `from` is no name in Python, so these two are written as tables.
From = TypedDict("From", {"from": str})
FromTo = TypedDict("FromTo", {"from": str, "to": str})


class KnownTo(TypedDict):
    known_at: str
    position: int


class AsKnown(KnownTo):
    as_of: str


def known_to(snapshot: AsOfPosition) -> KnownTo:
    return {"known_at": snapshot.at_text, "position": snapshot.position}


def as_known(as_of: date, snapshot: AsOfPosition) -> AsKnown:
    return {"as_of": as_of.isoformat(), "known_at": snapshot.at_text, "position": snapshot.position}
