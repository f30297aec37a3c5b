"""What a ladder did in a period, or would have done: its steps, and the contacts that served them."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.escalation.subjects import Owner


class StepTaken(NamedTuple):
    invoice: str
    step: str
    channel: str | None
    on: date
    policy: str
    version: int


class ContactMade(NamedTuple):
    """`kind` is message, call, visit, promise or decision; the last is among ourselves."""

    owner: Owner
    kind: str
    channel: str | None
    on: date
    policy: str
    version: int


@dataclass(slots=True)
class Doings:
    steps: list[StepTaken] = field(default_factory=list)
    contacts: list[ContactMade] = field(default_factory=list)
