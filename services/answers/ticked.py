"""What a tick of the ladder came to."""

from typing import TypedDict

from services.escalation.ticking import Tick
from services.messages.messenger import Outcome


class Ticked(TypedDict):
    today: str
    considered: int
    decided: int
    contacts: int
    sent: int
    withheld: int
    failed: int
    unknown: int
    waiting: dict[str, int]


def ticked(tick: Tick, sent: Outcome | None) -> Ticked:
    """`sent` is what the messenger did after it, if it was run."""
    return {
        "today": tick.today.isoformat(),
        "considered": tick.considered,
        "decided": tick.decided,
        "contacts": tick.contacts,
        "sent": sent.sent if sent else 0,
        "withheld": sent.withheld if sent else 0,
        "failed": sent.failed if sent else 0,
        "unknown": sent.unknown if sent else 0,
        "waiting": dict(sorted(tick.waiting.items())),
    }
