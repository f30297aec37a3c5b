"""An entry: one fact in the log, with the envelope that says whose, when and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Cause:
    """Who asks, why, under which command, and what led to it.

    One `command_id` has one effect: asked again with the same content it gives the first answer.
    """

    actor: str
    command_id: str
    reason: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as the log holds it.

    `effective_on` is the business day it counts for, `recorded_at` the instant (UTC) it was learnt.
    Positions rise in commit order over the whole log, versions run 1..n within a stream; both are 0 or None
    until the log has given them.
    """

    stream: str
    version: int
    fact: Any
    effective_on: date
    cause: Cause
    position: int = 0
    recorded_at: datetime | None = None

    @property
    def originator_id(self) -> str:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version

    @property
    def event_id(self) -> str:
        return f"{self.stream}@{self.version}"


def invoice_stream(number: str, entity: str) -> str:
    return f"invoice:{entity}:{number}"


def customer_stream(customer: str) -> str:
    return f"customer:{customer}"


def receipt_stream(receipt: str) -> str:
    return f"receipt:{receipt}"
