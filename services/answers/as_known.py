"""What every report begins with: which day it is about, when that was known, and up to which position of the log."""

from datetime import date, datetime
from typing import TypedDict

from services.snapshots import AsOfPosition, instant_text

# `from` is no name in Python, so these two are written as tables.
From = TypedDict("From", {"from": str})
FromTo = TypedDict("FromTo", {"from": str, "to": str})


class Assumed(TypedDict, total=False):
    """Said only of a day to come."""

    assumes: str


class KnownTo(TypedDict):
    known_at: str
    position: int


class AsKnown(KnownTo, Assumed):
    as_of: str


def known_to(snapshot: AsOfPosition) -> KnownTo:
    return {"known_at": snapshot.at_text, "position": snapshot.position}


def as_known(as_of: date, snapshot: AsOfPosition) -> AsKnown:
    return {"as_of": as_of.isoformat(), **known_to(snapshot), **assumed(as_of, snapshot)}


def assumed(as_of: date, snapshot: AsOfPosition) -> Assumed:
    """Of a day to come nobody knows yet what is paid by then: it is as if nothing were."""
    return {"assumes": f"no payments after {snapshot.today}"} if as_of > snapshot.today else {}


class AsOf(TypedDict, total=False):
    """What one invoice, customer or receipt says of the day it is shown of, where one was named."""

    as_of: str | None
    known_at: str | None


def as_of_and_known_at(as_of: date | None, known_at: datetime | None) -> AsOf:
    if as_of is None and known_at is None:
        return {}
    return {
        "as_of": as_of.isoformat() if as_of else None,
        "known_at": instant_text(known_at) if known_at else None,
    }
